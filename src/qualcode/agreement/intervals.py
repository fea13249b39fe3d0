"""From columns of values and standard errors to estimates: reasons, limits, plain floats."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.student import t_quantile
from qualcode.errors import InputError
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.agreement.disagreement import FloatArray, IntArray

NO_PAIRABLE_UNITS = "no_pairable_units"
NO_VARIATION = "no_variation"
ONE_CODER = "one_coder"
NOT_TWO_CODERS = "not_two_coders"
ONE_UNIT = "one_unit"

INTERVALS = ("analytic", "bootstrap")

_UPPER = 0.975
_ROUNDING = 1e-12
"""What is below it is no error of a coefficient: of n answers, one alone makes one of 1 / n."""
_UNDEFINED = {
    reason: Estimate(reason=reason)
    for reason in (NO_PAIRABLE_UNITS, NO_VARIATION, ONE_CODER, NOT_TWO_CODERS)
}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One coefficient for B lines of weights.

    `value` and `se` (B) are NaN where undefined, `units` (B) is the number of units behind the
    standard error, `reasons` (B) the reason of the whole line, empty where all is well. No
    interval begins below `least`: a share has none under 0.
    """

    value: FloatArray
    se: FloatArray
    units: FloatArray
    reasons: Sequence[str]
    least: float = -math.inf

    def estimates(self) -> list[Estimate]:
        """One estimate per line: value ± t(n - 1) × se, cut at its bounds (Gwet 2014, ch. 5)."""
        units = self.units.tolist()
        se = np.where(self.se < _ROUNDING * np.maximum(1, np.abs(self.value)), 0.0, self.se)
        quantile = {n: t_quantile(_UPPER, max(1, int(n) - 1)) for n in set(units)}
        margin = se * np.array([quantile[n] for n in units])
        low = np.maximum(self.value - margin, self.least)
        lines = (self.value, se, low, np.minimum(self.value + margin, 1.0))
        # An error of 0 short of full agreement only says that a few answers cannot tell.
        is_full = np.abs(np.abs(self.value) - 1) < _ROUNDING
        whole = ~np.isnan(lines[2]) & ((se > 0) | is_full)
        numbers = zip(*(line.tolist() for line in lines), strict=True)
        return [
            Estimate(*line) if clean and not reason else _partial(line[0], reason)
            for line, clean, reason in zip(numbers, whole.tolist(), self.reasons, strict=True)
        ]


def _partial(value: float, reason: str) -> Estimate:
    """Give an estimate without an interval, or without a value."""
    if reason and reason != ONE_UNIT:
        return _UNDEFINED[reason]
    if math.isnan(value):
        return _UNDEFINED[NO_VARIATION]
    return Estimate(value, reason=reason or None)


def known(what: str, given: str, there_are: Sequence[str]) -> None:
    """Raise InputError where `given`, a `what`, is not one that there is."""
    if given not in there_are:
        raise InputError(
            f"there is no {what} “{given}”", hint=f"take one of {', '.join(there_are)}"
        )


def percentiles(value: float, drawn: FloatArray, reason: str) -> Estimate:
    """An estimate whose interval are the 2.5 and 97.5 percentiles of resampled values.

    NaN among the `drawn` are resamples in which the value is undefined: they are left out and
    counted (Efron & Tibshirani 1993, ch. 13; for agreement Zapf et al. 2016). Its standard error
    is the standard deviation of the rest.
    """
    if reason or math.isnan(value):
        return _partial(value, reason)
    kept = drawn[~np.isnan(drawn)]
    undefined = int(drawn.size - kept.size)
    if kept.size < 2:  # noqa: PLR2004 – no spread
        return Estimate(value, resamples=int(drawn.size), undefined=undefined)
    low, high = np.quantile(kept, (1 - _UPPER, _UPPER))
    spread = float(kept.std(ddof=1))
    return Estimate(value, spread, float(low), float(high), None, int(drawn.size), undefined)


def line_reasons(active: IntArray, pairable: FloatArray, coders: int) -> list[str]:
    """Why nothing can be said about a line, or ``one_unit``: no interval; else empty.

    `active` (B) is the number of coders who rated anything, `pairable` (B) of units with two
    ratings, `coders` the number of columns.
    """
    alone = active == 1
    if coders == 1:
        alone = np.ones_like(alone)
    return [_reason(*line) for line in zip(alone.tolist(), pairable.tolist(), strict=True)]


def _reason(alone: bool, pairable: float) -> str:  # noqa: FBT001
    if alone:
        return ONE_CODER
    if pairable == 0:
        return NO_PAIRABLE_UNITS
    return ONE_UNIT if pairable == 1 else ""
