"""The tables of a document, one after the other, as comma-separated text.

Each stands under its heading, which is alone in its row, and an empty line parts them. Read with
``csv.reader``, every cell is what it was: nothing is escaped or made visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.exporters.csv import lines
from qualcode.exporters.documents.parts import quoted, tabled
from qualcode.exporters.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.documents import Document, Grid, Section


def render(document: Document) -> str:
    """The tables with their headings, what figures show and quotes among them.

    Paragraphs and notes are left out.
    """
    return "\n".join(table for section in document.sections for table in _tables(section))


def _tables(section: Section) -> Iterator[str]:
    if section.grid:
        yield _table(section.heading, section.grid)
    if section.figure and (data := tabled(section)):
        yield _table(section.figure.title, data)
    if section.quotes:
        yield _table(section.heading, quoted(section))


def _table(heading: str, grid: Grid) -> str:
    above = lines(Table("", (heading,), ()))
    return "".join([*above, *lines(Table("", grid.columns, grid.rows))])
