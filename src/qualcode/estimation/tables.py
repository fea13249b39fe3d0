"""A table of themes: for each code the shares of a base, in all and by group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.cells import Cells
from qualcode.estimation.distributions import t_quantile
from qualcode.estimation.independence import association
from qualcode.estimation.proportions import share
from qualcode.estimation.raoscott import rao_scott_of_cells
from qualcode.estimation.reasons import EMPTY_BASE, NO_DEGREES_OF_FREEDOM
from qualcode.estimation.weighted import weighted_proportion
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.estimation.arrays import BoolArray, IntArray
    from qualcode.estimation.cells import CellTotals
    from qualcode.estimation.design import Design
    from qualcode.estimation.independence import Association
    from qualcode.estimation.weighted import Weighted


@dataclass(frozen=True, slots=True)
class Share:
    """One cell: `k` of the `n` respondents of a base or group have the code.

    `unweighted` is k / n with Wilson's interval. `weighted` and `total`, the estimated number in
    the population, are None for a simple random sample without weights.
    """

    k: int
    n: int
    unweighted: Estimate
    weighted: Weighted | None = None
    total: Estimate | None = None


@dataclass(frozen=True, slots=True)
class CodeByGroup:
    """One code in every group, and the test of whether the groups differ."""

    shares: tuple[Share, ...]
    test: Association


def frequencies(
    indicators: Iterable[BoolArray], base: BoolArray, design: Design
) -> tuple[Share, ...]:
    """The share of the `base` (n) that has each code; `indicators` are n each, one per code."""
    cells = Cells(design, np.where(base, 0, -1), 1)
    return tuple(_shares(cells.totals(present), design)[0] for present in indicators)


def crosstab(
    indicators: Iterable[BoolArray], base: BoolArray, design: Design, group: IntArray, groups: int
) -> tuple[CodeByGroup, ...]:
    """The shares of each code by group, with a test of each code.

    `group` (n) numbers the groups from 0, -1 for respondents without one. A group is a domain:
    nobody leaves the design. A simple random sample is tested by Fisher or Pearson, any other by
    Rao and Scott.
    """
    inside = np.where(base, group, -1)
    cells = Cells(design, inside, groups)
    return tuple(_by_group(cells.totals(present), design) for present in indicators)


def _by_group(found: CellTotals, design: Design) -> CodeByGroup:
    if design.is_simple:
        test = association(np.stack([found.k, found.n - found.k]))
    else:
        test = rao_scott_of_cells(found, design.df)
    return CodeByGroup(_shares(found, design), test)


def _shares(found: CellTotals, design: Design) -> tuple[Share, ...]:
    return tuple(_share(found, g, design) for g in range(found.n.size))


def _share(found: CellTotals, g: int, design: Design) -> Share:
    k, n = int(found.k[g]), int(found.n[g])
    if design.is_simple:
        return Share(k, n, share(k, n))
    groups = found.n.size
    with_code, everybody = float(found.totals[g]), float(found.totals[groups + g])
    both = found.covariance[np.ix_([g, groups + g], [g, groups + g])]
    p, variance = 0.0, 0.0
    if everybody:
        p = with_code / everybody
        slope = np.array([1.0, -p]) / everybody
        variance = float(slope @ both @ slope)
    weighted = weighted_proportion(p, variance, k, n, float(found.kish[g]), design)
    return Share(k, n, share(k, n), weighted, _total(with_code, float(both[0, 0]), n, design))


def _total(value: float, variance: float, n: int, design: Design) -> Estimate:
    """Give the estimated total with its t interval, which does not begin below 0."""
    if n == 0:
        return Estimate(reason=EMPTY_BASE)
    se = math.sqrt(max(variance, 0.0))
    if design.df < 1:
        return Estimate(value, se, reason=NO_DEGREES_OF_FREEDOM)
    half = t_quantile(0.975, design.df) * se
    return Estimate(value, se, max(0.0, value - half), value + half)
