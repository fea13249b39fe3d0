"""Intervals of a weighted proportion, and which one to print.

Logit: Student's t on the log odds (Lumley 2010, ch. 2; R's ``svyciprop(method = "logit")``).
Beta: Clopper and Pearson's interval for the effective sample size, corrected for the degrees of
freedom (Korn & Graubard 1998; R's ``svyciprop(method = "beta")``); it is the one for rare and
for almost universal codes, where the logit interval covers too little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.estimation.distributions import t_quantile
from qualcode.estimation.proportions import clopper_pearson
from qualcode.estimation.reasons import EMPTY_BASE, NO_DEGREES_OF_FREEDOM, NO_VARIATION
from qualcode.model import Estimate

if TYPE_CHECKING:
    from qualcode.estimation.design import Design

Interval: TypeAlias = Literal["logit", "beta"]

_RARE = 5
_NEAR = 0.02
_UPPER = 0.975
_NO_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted proportion, the kind of its interval, and its degrees of freedom.

    `design_effect` is its variance over p (1 - p) / n. Where p is 0 or 1 no standard error
    exists: the interval is Clopper and Pearson's for Kish's effective sample size, and
    `is_by_kish`. `interval` is None where there is none.
    """

    estimate: Estimate
    interval: Interval | None
    df: int
    design_effect: float | None = None
    is_by_kish: bool = False


def weighted_proportion(
    p: float, variance: float, k: int, n: int, kish: float, design: Design
) -> Weighted:
    """The proportion p of a base or domain of n respondents, k of them with the code.

    `variance` is its Taylor-linearised variance, `kish` the effective size (sum w)² / sum w².
    The interval is beta where k < 5 or p is within 0.02 of 0 or 1, else logit.
    """
    df = design.df
    if n == 0:
        return Weighted(Estimate(reason=EMPTY_BASE), None, df)
    if k in (0, n):
        low, high = clopper_pearson(kish if k else 0.0, kish)
        return Weighted(Estimate(float(k == n), None, low, high), "beta", df, is_by_kish=True)
    effect = variance * n / (p * (1 - p))
    if effect < _NO_VARIANCE:
        certain = p if design.is_census else None
        reason = None if design.is_census else NO_VARIATION
        return Weighted(Estimate(p, 0.0, certain, certain, reason), None, df, 0.0)
    se = math.sqrt(variance)
    if df < 1:
        return Weighted(Estimate(p, se, reason=NO_DEGREES_OF_FREEDOM), None, df, effect)
    if k < _RARE or not _NEAR < p < 1 - _NEAR:
        ends = beta_interval(p, variance, design.n, df)
        return Weighted(Estimate(p, se, *ends), "beta", df, effect)
    return Weighted(Estimate(p, se, *logit_interval(p, se, df)), "logit", df, effect)


def logit_interval(p: float, se: float, df: int) -> tuple[float, float]:
    """The 95 % interval that is t(df) on the log odds of p, 0 < p < 1."""
    middle, half = math.log(p / (1 - p)), t_quantile(_UPPER, df) * se / (p * (1 - p))
    return _expit(middle - half), _expit(middle + half)


def beta_interval(p: float, variance: float, n: int, df: int) -> tuple[float, float]:
    """Korn and Graubard's 95 % interval of p, 0 < p < 1; n is the size of the whole sample."""
    ratio = t_quantile(_UPPER, n - 1) / t_quantile(_UPPER, df)
    effective = p * (1 - p) / variance * ratio**2
    return clopper_pearson(effective * p, effective)


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))
