"""A document, or a table alone, in plain characters for a terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

from qualcode.exporters.documents.parts import described, plain, tabled, together
from qualcode.text import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.exporters.documents import Document, Grid, Quote, Section

_WIDTH = 88
_INDENT = "  "


def render(document: Document) -> str:
    """The document; lines of text are at most 88 columns wide, tables as wide as they are."""
    parts = [one_line(document.title), "═" * cells(one_line(document.title))]
    for section in document.sections:
        parts += ["", *_section(section)]
    return "\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    heading = one_line(section.heading)
    yield heading
    yield "─" * cells(heading)
    for paragraph in section.paragraphs:
        yield from _wrapped(plain(paragraph))
    if section.grid:
        yield from table(section.grid)
    if section.figure:
        yield from _wrapped(f"Figure: {described(section.figure)}")
        if data := tabled(section):
            yield from table(data)
    for under, quotes in together(section):
        yield from _quotes(under, quotes)
    for note in section.notes:
        yield from _wrapped(note, _INDENT)


def _quotes(under: str, quotes: Sequence[Quote]) -> Iterator[str]:
    yield from _wrapped(under)
    for quote in quotes:
        for line in f"“{visible(quote.text)}”".split("\n"):
            yield from _wrapped(line, _INDENT)
        if quote.by:
            yield from _wrapped(f"— {quote.by}", 2 * _INDENT)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        one_line(text),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def table(grid: Grid) -> Iterator[str]:
    """The lines of a table, numbers to the right."""
    lines = [[one_line(cell) for cell in line] for line in (grid.columns, *grid.rows)]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    rights = [grid.is_numeric(place) for place in range(len(grid.columns))]
    for number, line in enumerate(lines):
        padded = (
            " " * (width - cells(cell)) + cell if right else cell + " " * (width - cells(cell))
            for cell, width, right in zip(line, widths, rights, strict=True)
        )
        yield "  ".join(padded).rstrip()
        if number == 0:
            yield "  ".join("─" * width for width in widths)


def cells(text: str) -> int:
    """How many terminal cells a text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    flat = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - flat
