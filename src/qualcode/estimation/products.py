"""Scaled sums of products of PSU totals around their stratum means, group by group.

For respondents chosen by their row numbers, T being their weighted totals by PSU and group:
``sum_h s_h sum_j T_jg T_jg' - sum_h c_h T_hg T_hg'`` with the `scale` s and `centring` c of the
design, among themselves and with everybody in the base (G × G each).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from qualcode.estimation.arrays import FloatArray, IntArray
    from qualcode.estimation.design import Design

_DENSE = 8_000_000


def sum_by(cell: IntArray, weights: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Sum `weights` by the number of their `cell`, as a table of that shape."""
    sums = np.bincount(cell, weights, minlength=int(np.prod(shape)))
    return sums.astype(np.float64, copy=False).reshape(shape)


class BySelf:
    """Every respondent is a PSU, and in one group at most: products across groups are 0."""

    def __init__(self, design: Design, group: IntArray, groups: int, rows: IntArray) -> None:
        self._weights, self._shape = design.weights, (design.strata, groups)
        self._scale, self._centring = design.scale, design.centring[:, None]
        self._cell = design.stratum * groups + group
        squares, self._sums = self._tables(rows)
        self.of_all = self._product(squares, self._sums, self._sums)

    def of(self, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """The products of the rows with each other, and with everybody in the base."""
        squares, sums = self._tables(rows)
        return self._product(squares, sums, sums), self._product(squares, sums, self._sums)

    def _tables(self, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        cell, weights = self._cell[rows], self._weights[rows]
        return sum_by(cell, weights * weights, self._shape), sum_by(cell, weights, self._shape)

    def _product(self, squares: FloatArray, one: FloatArray, other: FloatArray) -> FloatArray:
        return np.asarray(np.diag(self._scale @ squares) - one.T @ (self._centring * other))


class InPsus:
    """PSUs hold several respondents, of any group: their totals are a table M × G."""

    def __init__(self, design: Design, group: IntArray, groups: int, rows: IntArray) -> None:
        self._weights, self._group, self._stratum = design.weights, group, design.stratum
        self._psu: IntArray = design.stratum if design.psu is None else design.psu
        self._shape = (design.stratum_of_psu.size, groups)
        self._strata = (design.strata, groups)
        self._scale = design.scale[design.stratum_of_psu][:, None]
        self._centring = design.centring[:, None]
        everybody, self._sums = self._tables(rows)
        self._scaled = self._times_scale(everybody)
        self.of_all = self._product(everybody, self._scaled, self._sums, self._sums)

    def of(self, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """The products of the rows with each other, and with everybody in the base."""
        table, sums = self._tables(rows)
        own = self._product(table, self._times_scale(table), sums, sums)
        return own, self._product(table, self._scaled, sums, self._sums)

    def _tables(self, rows: IntArray) -> tuple[Any, FloatArray]:
        psu, group, weights = self._psu[rows], self._group[rows], self._weights[rows]
        sums = sum_by(self._stratum[rows] * self._shape[1] + group, weights, self._strata)
        if self._shape[0] * self._shape[1] > _DENSE:
            return sparse.csr_array((weights, (psu, group)), shape=self._shape), sums
        return sum_by(psu * self._shape[1] + group, weights, self._shape), sums

    def _times_scale(self, table: Any) -> Any:
        if sparse.issparse(table):
            return table.multiply(self._scale).tocsr()
        return table * self._scale

    def _product(self, one: Any, scaled: Any, sums: FloatArray, others: FloatArray) -> FloatArray:
        found = one.T @ scaled
        square = found.toarray() if sparse.issparse(found) else found
        return np.asarray(square - sums.T @ (self._centring * others))
