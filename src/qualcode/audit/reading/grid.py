"""Cells that span rows or columns, laid out as a rectangle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode.audit.manuscript import Cell, Place, Table
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_TABLE = 200_000
"""Cells that a table may have."""
WIDEST_SPAN = 1_000


@dataclass(frozen=True, slots=True)
class Spanning:
    """A cell as the format has it: its text, and how many columns and rows it takes."""

    text: str
    columns: int = 1
    rows: int = 1


def laid_out(
    rows: Sequence[Sequence[Spanning]], place: Place, source: str, headers: int, caption: str = ""
) -> Table:
    """The table at `place`; cells count from 1 as a person counts them, spans as one.

    Raises InputError for a table that is too large.
    """
    grid: list[list[Cell | None]] = [[] for _ in rows]
    total = 0
    for r, row in enumerate(rows):
        column = 0
        for number, cell in enumerate(row, 1):
            while column < len(grid[r]) and grid[r][column] is not None:
                column += 1
            total += _put(grid, r, column, cell, replace(place, row=r + 1, cell=number))
            if total > LARGEST_TABLE:
                raise InputError(
                    f"a table of more than {LARGEST_TABLE:,} cells",
                    source=source,
                    hint=f"it is {place}",
                )
    width = max(map(len, grid), default=0)
    if width * len(grid) > 2 * LARGEST_TABLE:
        raise InputError(f"a table of {len(grid)} rows and {width} columns", source=source)
    return Table(
        tuple(_filled(row, width, replace(place, row=r)) for r, row in enumerate(grid, 1)),
        place,
        headers,
        caption,
    )


def _put(grid: list[list[Cell | None]], r: int, column: int, cell: Spanning, place: Place) -> int:
    """Put the cell at row `r` and `column`, where it is free; give how many places it took."""
    columns = max(1, min(cell.columns, WIDEST_SPAN))
    depth = max(1, min(cell.rows, WIDEST_SPAN, len(grid) - r))
    for below in range(depth):
        target = grid[r + below]
        target += [None] * (column + columns - len(target))
        for c in range(column, column + columns):
            if target[c] is None:
                target[c] = Cell(cell.text, place, is_repeated=below > 0 or c > column)
    return columns * depth


def _filled(row: list[Cell | None], width: int, place: Place) -> tuple[Cell, ...]:
    found = [cell or Cell("", place) for cell in row]
    return (*found, *(Cell("", place) for _ in range(width - len(row))))
