"""What an exporter is given and what it says afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Table:
    """A table on its way out; `rows` is read once, row by row, and may be a generator."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many `rows`, the header not counted, and how many cells were cut."""

    rows: int
    cut_cells: int = 0


def as_text(cell: Cell) -> str:
    """Return `cell` as text: numbers at full precision, nothing for None and what is no number."""
    if isinstance(cell, str):
        return cell
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return repr(cell)
