"""Gathers the blocks of a manuscript in order and numbers them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.audit.manuscript import Manuscript, Paragraph, Place, Table
from qualcode.errors import InputError

if TYPE_CHECKING:
    from qualcode.audit.manuscript import Kind

MOST_BLOCKS = 200_000
"""Paragraphs and tables that a manuscript may have."""


class Collector:
    """The blocks found so far; `has_lines` says whether places are lines or paragraphs."""

    def __init__(self, source: str, *, has_lines: bool) -> None:
        self.source = source
        self.notes: list[str] = []
        self.part = ""
        self._has_lines = has_lines
        self._blocks: list[Paragraph | Table] = []
        self._paragraphs = self._tables = 0

    def paragraph(self, text: str, line: int = 0, kind: Kind = "text", level: int = 0) -> None:
        """Add a paragraph unless it is blank; `line` is that of its first character."""
        if not text.strip():
            return
        self._paragraphs += 1
        number = 0 if self._has_lines else self._paragraphs
        self._add(Paragraph(text, Place(line, number, part=self.part), kind, level))

    def next_table(self, line: int = 0) -> Place:
        """The place of the table that is being read; it is then numbered."""
        self._tables += 1
        return Place(line, table=self._tables, part=self.part)

    def table(self, table: Table) -> None:
        """Add a table that has rows."""
        if table.rows:
            self._add(table)

    def embedded(self, table: Table, line: int) -> None:
        """Add a table that another reader found in a piece which begins at `line`."""
        number = self.next_table(line).table
        rows = tuple(
            tuple(replace(cell, place=replace(cell.place, line=line, table=number)) for cell in row)
            for row in table.rows
        )
        self.table(replace(table, rows=rows, place=Place(line, table=number)))

    def ends_with_table(self) -> bool:
        """Whether a table, or a note below one, came last."""
        if not self._blocks:
            return False
        last = self._blocks[-1]
        return isinstance(last, Table) or last.kind == "note"

    def restart(self, part: str) -> None:
        """Go on with what stands outside the text, such as the footnotes."""
        self.part = part
        self._paragraphs = 0

    def manuscript(self) -> Manuscript:
        """What was gathered; raises InputError where that is nothing."""
        if not self._blocks:
            raise InputError("the manuscript holds no text", source=self.source)
        return Manuscript(self.source, tuple(self._blocks), tuple(self.notes))

    def _add(self, block: Paragraph | Table) -> None:
        self._blocks.append(block)
        if len(self._blocks) > MOST_BLOCKS:
            raise InputError(f"more than {MOST_BLOCKS:,} paragraphs", source=self.source)
