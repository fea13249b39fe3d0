"""Which cells of a table of themes to hide.

Primary: a count under the threshold, or so near its base that those *without* the code are under
it; all of a column whose base is small. Complementary: whatever else has to be hidden so that no
hidden cell can be worked out from totals, nets and bases (Hundepool et al. 2012, ch. 4; statistical
offices use thresholds from 3 to 10). Zeros are printed: nobody is behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError
from qualcode.estimation.disclosure.layout import layout
from qualcode.estimation.disclosure.protection import Protection, protect_all
from qualcode.estimation.disclosure.published import published

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.disclosure.layout import Layout, ThemeTable

THRESHOLD = 5
LEAST_BASE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Suppression:
    """What must not be printed of C codes in L columns.

    `cells` (C × L) are hidden with all that goes with them: percentages, limits, weighted figures.
    `bases` (L) are columns whose n is hidden. `tests` (C × breakdowns) rest on a hidden cell.
    `responses`: percents of responses would give a hidden count away. `any_code`: so would the
    number of respondents with any theme. `added` is how many cells are hidden only to protect
    others. `unprotected` are (code, column) of hidden cells that can be worked out all the same,
    code -1 for a base; a table with such cells must not be printed.
    """

    cells: BoolArray
    bases: BoolArray
    tests: BoolArray
    responses: bool
    any_code: bool
    added: int
    unprotected: tuple[tuple[int, int], ...] = ()


def suppress(
    table: ThemeTable, threshold: int = THRESHOLD, least_base: int = LEAST_BASE
) -> Suppression:
    """What must not be printed of a table.

    Every hidden cell is left a range of whole numbers `threshold` wide or more, given everything
    that is printed: totals, groups that add up, nets over their parts, bases, the number with any
    theme. Raises InputError for counts that contradict each other and a threshold below 2.
    """
    if threshold < 2:  # noqa: PLR2004 – a single respondent is what it is about
        raise InputError(f"a threshold of {threshold} protects nobody", hint="take 5, or 10")
    cells = layout(table)
    least_base = max(least_base, threshold)
    if 0 < cells.n[0] < least_base:
        columns = np.ones(cells.n.size, dtype=np.bool_)
    else:
        columns = _hidden_columns(cells, threshold, least_base)
    primary = _primary(cells, threshold)
    primary[:, columns] = True
    protection = _protection(cells, primary, columns, threshold)
    failed: list[int] = []
    if not columns[0]:
        wanted = _by_size(cells, primary, columns)
        failed = protect_all(protection, wanted, _families(cells, columns))
    return _result(table, cells, protection.hidden, primary, failed)


def _primary(cells: Layout, threshold: int) -> BoolArray:
    """Tell which counts are small themselves, or leave few without the code (C × L)."""
    few = (cells.k > 0) & (cells.k < threshold)
    return np.asarray(few | ((cells.k > 0) & (cells.n - cells.k < threshold)))


def _hidden_columns(cells: Layout, threshold: int, least_base: int) -> BoolArray:
    """Tell which columns (L) have a small base, or one that would give a small one away."""
    small = (cells.n > 0) & (cells.n < least_base)
    small[cells.printed :] = False
    cost = cells.n.astype(np.float64) + 1
    cost[0] = cost[cells.n == 0] = np.inf  # nobody hides behind an empty group
    unseen = np.arange(cells.n.size) >= cells.printed
    known = published(cells.n.tolist(), list(cells.sums_of(-1)))
    bases = Protection(known, small | unseen, cost, np.full(cells.n.size, threshold))
    protect_all(bases, np.flatnonzero(small).tolist())
    return bases.hidden & ~unseen


def _protection(
    cells: Layout, primary: BoolArray, columns: BoolArray, threshold: int
) -> Protection:
    """Give the whole table; what no column prints is hidden from the start."""
    unseen = np.arange(cells.n.size) >= cells.printed
    values = cells.values
    hidden = np.zeros(len(values), dtype=np.bool_)
    hidden[cells.row(-1)] = columns | unseen
    cost: FloatArray = np.array(values, dtype=np.float64) + 1
    cost[cells.row(-1)] = np.inf
    for code, line in enumerate(primary):
        hidden[cells.row(code)] = line | unseen
    cost[cells.any_code_cell :] += len(values)
    width = np.full(len(values), threshold)
    for column in range(cells.printed, cells.n.size):
        # Nobody is given away whose count may be anything from none to all.
        width[[cells.cell(code, column) for code in range(len(cells.tree))]] = min(
            threshold, int(cells.n[column])
        )
    return Protection(published(values, cells.facts()), hidden, cost, width)


def _by_size(cells: Layout, primary: BoolArray, columns: BoolArray) -> list[int]:
    """Give the cells to protect, the largest first: what is hidden for them serves the others."""
    places = [cells.cell(-1, int(column)) for column in np.flatnonzero(columns)]
    places += [cells.cell(int(code), int(column)) for code, column in np.argwhere(primary)]
    values = cells.values
    return sorted(places, key=lambda place: -values[place])


def _families(cells: Layout, columns: BoolArray) -> list[IntArray]:
    """Give the cells of codes that are related: all that can move for one of them.

    Bases that are hidden and the number with any theme move along with every family.
    """
    parents = cells.tree.parents
    top = np.arange(len(cells.tree))
    while (parents[top] >= 0).any():
        top = np.where(parents[top] >= 0, parents[top], top)
    unseen = np.arange(cells.n.size) >= cells.printed
    shared = np.flatnonzero(columns | unseen)
    if cells.any_code is not None:
        shared = np.append(shared, cells.any_code_cell)
    families = [np.flatnonzero(top == one).tolist() for one in np.unique(top)]
    return [np.unique(np.concatenate([shared, *map(cells.row, one)])) for one in families]


def _result(
    table: ThemeTable, cells: Layout, hidden: BoolArray, primary: BoolArray, failed: list[int]
) -> Suppression:
    columns = cells.n.size
    bases = hidden[cells.row(-1)][: cells.printed]
    counts = hidden[columns : columns * (len(cells.tree) + 1)].reshape(-1, columns)
    counts = counts[:, : cells.printed] | bases
    tests = np.zeros((len(counts), len(table.breakdowns)), dtype=np.bool_)
    for place, breakdown in enumerate(table.breakdowns):
        tests[:, place] = counts[:, list(breakdown.parts)].any(axis=1)
    return Suppression(
        cells=counts,
        bases=bases,
        tests=tests,
        responses=bool(counts[cells.tree.are_leaves, 0].any()),
        any_code=bool(hidden[cells.any_code_cell :].any()),
        added=int((counts & ~primary[:, : cells.printed]).sum()),
        unprotected=tuple((place // columns - 1, place % columns) for place in failed),
    )
