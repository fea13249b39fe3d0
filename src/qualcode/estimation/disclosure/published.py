"""What a reader of a table can work out about the cells that it does not print.

A table is N counts and what everybody knows of them: sums that are printed, groups that add up, a
part that is no larger than the whole. All of it is linear, so the least and the largest value that
a hidden cell can have, given everything printed, is a linear programme (Willenborg & de Waal 2001,
ch. 4 and 6; Hundepool et al. 2012, ch. 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from qualcode.estimation.disclosure.whole import least_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray

Fact: TypeAlias = tuple[dict[int, int], float, float]
"""Cells with their factors, and between which two numbers their sum lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """N cells: their true `values` (N), counts from 0 up, and R facts about them.

    A fact is ``low <= matrix @ values <= high`` (matrix R × N, sparse by columns).
    """

    values: IntArray
    matrix: Any
    low: FloatArray
    high: FloatArray

    def among(self, cells: IntArray) -> Published:
        """What is known about some of the cells where all others are as they are."""
        part = self.matrix[:, cells]
        rows = np.unique(part.indices)
        part = part[rows]
        others = (self.matrix @ self.values)[rows] - part @ self.values[cells]
        return Published(
            self.values[cells], part, self.low[rows] - others, self.high[rows] - others
        )

    def table(self, goal: FloatArray) -> IntArray | None:
        """The possible table with the least ``goal @ values``; None if none is found."""
        nothing, most = np.zeros(self.values.size), np.full(self.values.size, np.inf)
        return least_whole(goal, (self.matrix, self.low, self.high), nothing, most)

    def extremes(self, cell: int) -> tuple[IntArray, IntArray]:
        """Two possible tables: with the least in a cell, and with the most.

        The most is bounded: every count has a base or a total that is printed.
        """
        goal = np.zeros(self.values.size)
        goal[cell] = 1
        low, high = self.table(goal), self.table(-goal)
        return (self.values if low is None else low), (self.values if high is None else high)

    def bounds(self, hidden: BoolArray) -> tuple[IntArray, IntArray]:
        """The least and the largest number that each cell (N) can hold, given all the others.

        Cells that are not `hidden` (N) are printed: both are their value.
        """
        low, high = self.values.copy(), self.values.copy()
        cells = np.flatnonzero(hidden)
        known = self.among(cells)
        for place, cell in enumerate(cells):
            least, most = known.extremes(place)
            low[cell], high[cell] = least[place], most[place]
        return low, high


def published(values: Sequence[int], facts: Sequence[Fact]) -> Published:
    """A table from its cells and what is known about them."""
    row = [r for r, (factors, _, _) in enumerate(facts) for _ in factors]
    column = [cell for factors, _, _ in facts for cell in factors]
    factor = [value for factors, _, _ in facts for value in factors.values()]
    shape = (len(facts), len(values))
    return Published(
        np.array(values, dtype=np.int64),
        sparse.csc_array((np.array(factor, dtype=float), (row, column)), shape=shape),
        np.array([low for _, low, _ in facts], dtype=float),
        np.array([high for _, _, high in facts], dtype=float),
    )
