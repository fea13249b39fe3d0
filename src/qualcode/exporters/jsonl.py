"""One JSON object a line, the columns as its keys."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from qualcode.exporters.atomic import write_lines
from qualcode.exporters.table import Cell, Table, Written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXTENSIONS = (".jsonl",)


def write(path: Path, table: Table) -> Written:
    """Write `table`; a column whose name was there before gets ``_2``, ``_3`` and so on."""
    return Written(write_lines(path, _lines(table)))


def _lines(table: Table) -> Iterator[str]:
    names = _unique(table.columns)
    for row in table.rows:
        cells = map(_finite, row)
        line = json.dumps(dict(zip(names, cells, strict=True)), ensure_ascii=False, allow_nan=False)
        yield f"{line}\n"


def _finite(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _unique(columns: tuple[str, ...]) -> list[str]:
    names: dict[str, None] = {}
    for column in columns:
        name, number = column, 1
        while name in names or (number > 1 and name in columns):
            number += 1
            name = f"{column}_{number}"
        names[name] = None
    return list(names)
