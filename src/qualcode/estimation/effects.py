"""Sizes of effects in a 2 × 2 table, and differences of estimates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError
from qualcode.estimation.distributions import (
    NORMAL_95,
    normal_two_sided,
    t_quantile,
    t_two_sided,
)
from qualcode.estimation.reasons import EMPTY_CELLS, NO_DEGREES_OF_FREEDOM, NO_VARIATION
from qualcode.model import Estimate

if TYPE_CHECKING:
    from qualcode.estimation.cells import CellTotals


NEGLIGIBLE = 1e-8
"""A standard error of a share below this is none: what is left of it is rounding."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect with its interval and the p-value of there being none.

    For an odds ratio the standard error is that of its logarithm.
    """

    estimate: Estimate
    p: float | None = None


def odds_ratio(a: int, b: int, c: int, d: int) -> Effect:
    """The odds ratio of the table [[a, b], [c, d]] with Woolf's (1955) 95 % interval.

    Without a value where a cell is 0: the ratio or its error is not defined.
    """
    if min(a, b, c, d) < 0:
        raise InputError("a table of counts is needed", hint="give numbers from 0 up")
    if min(a, b, c, d) == 0:
        return Effect(Estimate(reason=EMPTY_CELLS))
    value, se = math.log(a * d / (b * c)), math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    half = NORMAL_95 * se
    found = Estimate(math.exp(value), se, math.exp(value - half), math.exp(value + half))
    return Effect(found, normal_two_sided(value / se))


def difference(found: CellTotals, first: int, second: int, df: int) -> Effect:
    """The share of a code in the group `first` less that in `second`, t(df) on the difference.

    Both are domains of one design, so what they have in common is taken into account (Lumley
    2010, ch. 2).
    """
    groups = found.n.size
    below = found.totals[groups:][[first, second]]
    if (below == 0).any():
        return Effect(Estimate(reason=EMPTY_CELLS))
    p = found.totals[[first, second]] / below
    slopes = np.zeros(2 * groups)
    slopes[[first, second]] = np.array([1, -1]) / below
    slopes[[groups + first, groups + second]] = np.array([-1, 1]) * p / below
    value = float(p[0] - p[1])
    se = math.sqrt(max(float(slopes @ found.covariance @ slopes), 0.0))
    if df < 1 or se < NEGLIGIBLE:
        reason = NO_DEGREES_OF_FREEDOM if df < 1 else NO_VARIATION
        return Effect(Estimate(value, se if df < 1 else 0.0, reason=reason))
    half = t_quantile(0.975, df) * se
    ends = max(-1.0, value - half), min(1.0, value + half)
    return Effect(Estimate(value, se, *ends), t_two_sided(value / se, df))
