"""Somebody who reads a printed table and works out what it hides, by integer programming.

Written from what is printed, without the code that hides: every group adds up, a net is at least
each of its parts, nothing exceeds its base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

if TYPE_CHECKING:
    from qualcode.estimation.arrays import IntArray
    from qualcode.estimation.disclosure.layout import ThemeTable
    from qualcode.estimation.disclosure.themes import Suppression


class Attacker:
    """Variables are the bases and counts of all columns, and of those in no group."""

    def __init__(self, table: ThemeTable, hidden: Suppression) -> None:
        self.table, self.hidden = table, hidden
        self.codes, self.columns = table.k.shape
        self.rest = len(table.breakdowns)
        self.width = self.columns + self.rest
        size = self.width * (self.codes + 1)
        self.low, self.high = np.zeros(size), np.full(size, np.inf)
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self._read()
        self._reason()
        self.facts = self._facts()

    def cell(self, code: int, column: int) -> int:
        return (code + 1) * self.width + column

    def _read(self) -> None:
        for column in range(self.columns):
            if not self.hidden.bases[column]:
                self._is(-1, column, self.table.n[column])
            for code in range(self.codes):
                if not self.hidden.cells[code, column]:
                    self._is(code, column, self.table.k[code, column])

    def _is(self, code: int, column: int, value: int) -> None:
        self.low[self.cell(code, column)] = self.high[self.cell(code, column)] = value

    def _reason(self) -> None:
        for b, breakdown in enumerate(self.table.breakdowns):
            for code in range(-1, self.codes):
                parts = [*breakdown.parts, self.columns + b]
                whole = {self.cell(code, breakdown.whole): 1.0}
                self.rows.append((whole | {self.cell(code, part): -1.0 for part in parts}, 0, 0))
        parents = self.table.tree.parents
        for column in range(self.width):
            for code in range(self.codes):
                self._at_least(self.cell(-1, column), self.cell(code, column))
                if parents[code] >= 0:
                    self._at_least(self.cell(parents[code], column), self.cell(code, column))
        if self.table.any_code is not None and not self.hidden.any_code:
            tops = [self.cell(code, 0) for code in range(self.codes) if parents[code] < 0]
            self.rows.append((dict.fromkeys(tops, 1.0), self.table.any_code, np.inf))
            self.high[tops] = np.minimum(self.high[tops], self.table.any_code)

    def _facts(self) -> LinearConstraint:
        matrix = np.zeros((len(self.rows), self.low.size))
        for r, (factors, _, _) in enumerate(self.rows):
            matrix[r, list(factors)] = list(factors.values())
        limits = [low for _, low, _ in self.rows], [high for _, _, high in self.rows]
        return LinearConstraint(sparse.csr_array(matrix), *limits)

    def _at_least(self, larger: int, smaller: int) -> None:
        self.rows.append(({larger: 1.0, smaller: -1.0}, 0, np.inf))

    def range_of(self, code: int, column: int) -> tuple[int, int]:
        """The least and the most that a cell can be; code -1 for a base."""
        ends = []
        for sign in (1, -1):
            goal = np.zeros(self.low.size)
            goal[self.cell(code, column)] = sign
            found = milp(
                goal, constraints=self.facts, integrality=1, bounds=Bounds(self.low, self.high)
            )
            assert found.x is not None
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def widths(table: ThemeTable, hidden: Suppression) -> IntArray:
    """How wide the range of every hidden cell is, as the attacker finds it."""
    attacker = Attacker(table, hidden)
    places = [(int(t), int(c)) for t, c in np.argwhere(hidden.cells)]
    places += [(-1, int(c)) for c in np.flatnonzero(hidden.bases)]
    ends = [attacker.range_of(*place) for place in places]
    return np.array([high - low for low, high in ends], dtype=np.int64)
