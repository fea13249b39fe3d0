"""A document as Markdown (CommonMark with tables)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.exporters.documents.parts import described, plain, tabled, together
from qualcode.text import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.exporters.documents import Document, Grid, Quote, Section

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$^@])")
_ADDRESS = re.compile(r"\b(https?|ftp)(?=:)|\b(www)(?=\.)", re.IGNORECASE)
_OPENING = frozenset("-+=:%")
_NUMBERED = re.compile(r"(\d+|[a-z]|[ivxlcdm]+)(?=[.)])", re.IGNORECASE)


def render(document: Document) -> str:
    """The document; headings, paragraphs and tables that GitHub, Quarto and Pandoc read alike."""
    parts = [f"# {escaped(document.title)}"]
    for section in document.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.heading)}"
    yield from (_line(plain(paragraph)) for paragraph in section.paragraphs)
    if section.grid:
        yield _table(section.grid)
    if section.figure:
        yield _aside(f"Figure: {described(section.figure)}")
        if data := tabled(section):
            yield _table(data)
    for under, quotes in together(section):
        yield from _quotes(under, quotes)
    yield from map(_aside, section.notes)


def _quotes(under: str, quotes: Sequence[Quote]) -> Iterator[str]:
    if under:
        yield f"### {escaped(under)}"
    # Quotes that follow each other would be read as one.
    yield "\n\n<!-- -->\n\n".join(map(_quote, quotes))


def _quote(quote: Quote) -> str:
    lines = [line for each in visible(quote.text).split("\n") if (line := _line(each))]
    spoken = "\\\n> ".join(lines)
    return f"> {spoken}\n>\n> — {escaped(quote.by).strip()}" if quote.by else f"> {spoken}"


def _table(grid: Grid) -> str:
    rule = ("---:" if grid.is_numeric(place) else "---" for place in range(len(grid.columns)))
    lines = [grid.columns, tuple(rule)]
    body = [_row(escaped(cell) for cell in row) for row in grid.rows]
    return "\n".join([_row(escaped(cell) for cell in lines[0]), _row(iter(lines[1])), *body])


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _aside(text: str) -> str:
    """A paragraph in italics."""
    shown = escaped(text).strip()
    return f"*{shown}*" if shown else ""


def _line(text: str) -> str:
    """A text that begins a line, and makes no list and no rule there."""
    shown = escaped(text).strip()
    if number := _NUMBERED.match(shown):
        return f"{number[0]}\\{shown[number.end() :]}"
    return f"\\{shown}" if shown[:1] in _OPENING else shown


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, and makes no link of."""
    return _ADDRESS.sub(r"\g<0>\\", _SPECIAL.sub(r"\\\1", one_line(text)))
