"""The rows under the header, in blocks, each row as wide as the header or an error."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.importers.table import blocks, label, letters
from qualcode.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.importers.header import Header
    from qualcode.importers.table import Table


class Body:
    """The rows of answers of one table; `skipped` counts the empty rows of the last pass."""

    def __init__(self, table: Table, header: Header) -> None:
        self.table = table
        self.header = header
        self.skipped = 0
        self._width = len(header.names)
        named = [index for index, name in enumerate(header.names) if name]
        self._named_width = named[-1] + 1

    def blocks(self) -> Iterator[tuple[Sequence[int], list[list[str]]]]:
        """Numbers of rows with the rows; empty rows are left out.

        Raises InputError for a row with more or fewer cells than the header, and for one with
        something in a column that has no name.
        """
        self.skipped = 0
        width, unnamed = self._width, self.header.unnamed
        start = self.header.last_row
        for first, block in blocks(islice(self.table.rows(), start, None), start + 1):
            numbers: Sequence[int] = range(first, first + len(block))
            if set(map(len, block)) != {width} or not all(map(any, block)):
                numbers, block = self._tidy(first, block)  # noqa: PLW2901 - the same rows
            for index in unnamed:
                self._refuse_nameless(numbers, block, index)
            yield numbers, block

    def sample(self, size: int) -> list[list[str]]:
        """The first `size` rows."""
        rows: list[list[str]] = []
        for _, block in self.blocks():
            rows += block
            if len(rows) >= size:
                break
        return rows[:size]

    def _tidy(self, first: int, block: list[list[str]]) -> tuple[list[int], list[list[str]]]:
        numbers, rows = [], []
        for number, row in enumerate(block, first):
            if not row or (self._width > 1 and not any(row)):
                self.skipped += 1
                continue
            numbers.append(number)
            rows.append(row if len(row) == self._width else self._fitted(number, row))
        return numbers, rows

    def _fitted(self, number: int, row: list[str]) -> list[str]:
        """`row` as wide as the header, where only nameless columns at its end differ."""
        width, named = self._width, self._named_width
        if named < width and len(row) >= named and not any(row[width:]):
            return (row + [""] * width)[:width]
        at = min(len(row), width)
        raise InputError(
            f"the row has {counted(len(row), 'cell')}, the header has {width}",
            source=self.table.path,
            row=number,
            column=label(self.header.names, at),
            hint="is a delimiter or a quote missing? a cell with a delimiter stands in quotes",
        )

    def _refuse_nameless(self, numbers: Sequence[int], block: list[list[str]], index: int) -> None:
        for number, row in zip(numbers, block, strict=True):
            if row[index].strip():
                raise InputError(
                    "the column has no name in the header",
                    source=self.table.path,
                    row=number,
                    column=letters(index),
                    hint="give it a name; if the header is another row, say --header-row N",
                )
