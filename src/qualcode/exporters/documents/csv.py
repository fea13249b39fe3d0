"""The tables of a document, one after the other, as comma-separated text.

Each stands under its heading, which is alone in its row, and an empty line parts them. Read with
``csv.reader``, every cell is what it was: nothing is escaped or made visible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.exporters.csv import lines
from qualcode.exporters.table import Table

if TYPE_CHECKING:
    from qualcode.exporters.documents import Document, Grid


def render(document: Document) -> str:
    """The tables with their headings; paragraphs and notes are left out."""
    return "\n".join(
        _table(section.heading, section.grid) for section in document.sections if section.grid
    )


def _table(heading: str, grid: Grid) -> str:
    above = lines(Table("", (heading,), ()))
    return "".join([*above, *lines(Table("", grid.columns, grid.rows))])
