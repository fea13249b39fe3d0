"""A document as Markdown (CommonMark with tables)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.documents import Document, Grid, Section

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$^@])")


def render(document: Document) -> str:
    """The document; headings, paragraphs and tables that GitHub, Quarto and Pandoc read alike."""
    parts = [f"# {escaped(document.title)}"]
    for section in document.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.heading)}"
    yield from (escaped(paragraph) for paragraph in section.paragraphs)
    if section.grid:
        yield _table(section.grid)
    yield from (f"*{escaped(note)}*" for note in section.notes)


def _table(grid: Grid) -> str:
    rule = ("---:" if grid.is_numeric(place) else "---" for place in range(len(grid.columns)))
    lines = [grid.columns, tuple(rule)]
    body = [_row(escaped(cell) for cell in row) for row in grid.rows]
    return "\n".join([_row(escaped(cell) for cell in lines[0]), _row(iter(lines[1])), *body])


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """A text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
