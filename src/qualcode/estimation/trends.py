"""Whether the share of a code rises or falls along an ordered attribute, such as the wave.

Two trends, both from the totals of the cells and their covariance: of the share, the slope of the
weighted least-squares line through all respondents, and of the log odds, by weighted logistic
regression on the score (as R's ``svyglm`` with one covariate; Binder 1983; Lumley 2010, ch. 5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError
from qualcode.estimation.distributions import t_quantile, t_two_sided
from qualcode.estimation.effects import NEGLIGIBLE, Effect
from qualcode.estimation.logistic import expit, maximum
from qualcode.estimation.reasons import (
    NO_DEGREES_OF_FREEDOM,
    NO_VARIATION,
    ONE_GROUP,
    SEPARATION,
)
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation.arrays import FloatArray
    from qualcode.estimation.cells import CellTotals


@dataclass(frozen=True, slots=True)
class Trend:
    """The change of a share, and its odds ratio, for one more unit of the score.

    Both have t intervals and p-values with `df` degrees of freedom, those of the design less 1;
    the standard error of the odds ratio is that of its logarithm.
    """

    slope: Effect
    odds_ratio: Effect
    df: int


def trend(found: CellTotals, scores: Sequence[float], df: int) -> Trend:
    """The trend of one code over groups with `scores` (G), such as 1, 2, 3 or the years.

    `df` are the design's degrees of freedom. Raises InputError unless there is a number for each
    group.
    """
    score = np.asarray(scores, dtype=np.float64)
    if score.shape != found.n.shape or not np.isfinite(score).all():
        raise InputError(f"{score.size} scores for {found.n.size} groups", hint="give one for each")
    groups = found.n.size
    with_code, everybody = found.totals[:groups], found.totals[groups:]
    used = found.n > 0
    reason = _undefined(found, score[used], df - 1)
    if reason:
        nothing = Effect(Estimate(reason=reason))
        return Trend(nothing, nothing, df - 1)
    centred = score - float(score @ everybody) / float(everybody.sum())
    unit = math.sqrt(float(everybody @ centred**2) / float(everybody.sum()))
    slope = _effect(*_line(with_code, everybody, centred, found.covariance), unit, df - 1)
    odds = _odds(with_code, everybody, centred, found.covariance)
    if odds is None:
        return Trend(slope, Effect(Estimate(reason=SEPARATION)), df - 1)
    return Trend(slope, _exponential(_effect(*odds, unit, df - 1)), df - 1)


def _undefined(found: CellTotals, scores: FloatArray, df: int) -> str:
    if np.unique(scores).size < 2:  # noqa: PLR2004 – a direction
        return ONE_GROUP
    if int(found.k.sum()) in (0, int(found.n.sum())):
        return NO_VARIATION
    return NO_DEGREES_OF_FREEDOM if df < 1 else ""


def _line(
    with_code: FloatArray, everybody: FloatArray, centred: FloatArray, covariance: FloatArray
) -> tuple[float, float]:
    """Give the slope of the line and its variance."""
    spread = float(everybody @ centred**2)
    slope = float(with_code @ centred) / spread
    fitted = with_code.sum() / everybody.sum() + slope * centred
    scores = np.concatenate([centred, -centred * fitted]) / spread
    return slope, float(scores @ covariance @ scores)


def _odds(
    with_code: FloatArray, everybody: FloatArray, centred: FloatArray, covariance: FloatArray
) -> tuple[float, float] | None:
    """Give the slope of the log odds and its variance; None where there is no maximum."""
    x = np.column_stack([np.ones(centred.size), centred])
    cells = np.concatenate([with_code, np.maximum(everybody - with_code, 0.0)])
    y = np.repeat([1.0, 0.0], centred.size)
    beta = maximum(np.vstack([x, x]), y, cells / cells.mean())
    if beta is None:
        return None
    mu = expit(x @ beta)
    information = (x * (everybody * mu * (1 - mu))[:, None]).T @ x
    scores = np.concatenate([x, -mu[:, None] * x])
    values = np.linalg.solve(information, scores.T)[1]
    return float(beta[1]), float(values @ covariance @ values)


def _effect(value: float, variance: float, unit: float, df: int) -> Effect:
    """Give a slope with its t interval; `unit` is a typical difference of scores."""
    se = math.sqrt(max(variance, 0.0))
    if se * unit < NEGLIGIBLE:
        return Effect(Estimate(value, 0.0, reason=NO_VARIATION))
    half = t_quantile(0.975, df) * se
    return Effect(Estimate(value, se, value - half, value + half), t_two_sided(value / se, df))


def _exponential(effect: Effect) -> Effect:
    given = effect.estimate
    ends = [None if end is None else math.exp(end) for end in (given.value, given.low, given.high)]
    return Effect(Estimate(ends[0], given.se, ends[1], ends[2], given.reason), effect.p)
