"""Totals of the cells code × group with their covariance, fast enough for a million respondents.

A code is present or absent and a group is one of few, so nothing but sums over the respondents
with the code is needed: of w by PSU and group, or, where every respondent is a PSU, of w and w²
by stratum and group. Proportions, differences and tests all follow from these totals and their
covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.products import BySelf, InPsus, sum_by

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.design import Design


@dataclass(frozen=True, slots=True, eq=False)
class CellTotals:
    """One code in G groups: `k` (G) respondents of `n` (G) have it.

    `totals` (2G) are the weighted totals with the code, then those of all; `covariance` is
    2G × 2G. `kish` (G) is the effective size of each group, (sum w)² / sum w².
    """

    k: IntArray
    n: IntArray
    totals: FloatArray
    covariance: FloatArray
    kish: FloatArray


class Cells:
    """The groups of one base under one design, ready for any number of codes.

    `group` (n) numbers the groups from 0; respondents with -1 are outside the base or in no
    group: they stay in the design and count in nothing.
    """

    def __init__(self, design: Design, group: IntArray, groups: int) -> None:
        self._weights, self._groups, self._group = design.weights, groups, group
        self._inside = group >= 0
        rows = np.flatnonzero(self._inside)
        place, weights = group[rows], design.weights[rows]
        self._n = np.bincount(place, minlength=groups)
        self._total = sum_by(place, weights, (groups,))
        squares = sum_by(place, weights * weights, (groups,))
        self._kish = self._total**2 / np.where(squares > 0, squares, 1.0)
        kind = BySelf if design.psu is None else InPsus
        self._products: BySelf | InPsus = kind(design, group, groups, rows)

    def totals(self, present: BoolArray) -> CellTotals:
        """The cells of one code, `present` (n) where it applies."""
        rows = np.flatnonzero(present & self._inside)
        place = self._group[rows]
        with_code = sum_by(place, self._weights[rows], (self._groups,))
        own, mixed = self._products.of(rows)
        return CellTotals(
            np.bincount(place, minlength=self._groups),
            self._n,
            np.concatenate([with_code, self._total]),
            np.block([[own, mixed], [mixed.T, self._products.of_all]]),
            self._kish,
        )
