"""How the odds of a code change with attributes: crude and adjusted, under the design."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.distributions import f_tail, t_quantile, t_two_sided
from qualcode.estimation.effects import Effect
from qualcode.estimation.logistic import fit
from qualcode.estimation.model_matrix import INTERCEPT, columns_of, known_rows
from qualcode.estimation.reasons import SEPARATION
from qualcode.estimation.refusals import WARNED_BELOW, refusal
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.design import Design
    from qualcode.estimation.linearised import Estimated
    from qualcode.estimation.model_matrix import Attribute, Column


@dataclass(frozen=True, slots=True)
class Term:
    """The effect of an attribute that is a number, or of one category against the `reference`.

    `coefficient` is the logarithm of the adjusted odds ratio, whose standard error is in the
    estimate. `crude` is the effect in a regression on this attribute alone, over the same
    respondents; None for the intercept, and where that regression has no maximum.
    """

    attribute: str
    level: str
    reference: str
    coefficient: float
    adjusted: Effect
    crude: Effect | None


@dataclass(frozen=True, slots=True)
class JointTest:
    """Wald's test that no category of an attribute has an effect, F with `ndf` and `ddf`."""

    attribute: str
    statistic: float
    ndf: int
    ddf: int
    p: float


@dataclass(frozen=True, slots=True)
class Regression:
    """A regression of a code on attributes, over `n` respondents of whom `k` have the code.

    `left_out` of the domain are respondents with an unknown attribute. `is_low`: fewer than 10
    events for a coefficient. Where it was refused `terms` is empty, `reason` is one word and
    `detail` says what stands in the way.
    """

    n: int
    k: int
    left_out: int
    df: int
    terms: tuple[Term, ...] = ()
    tests: tuple[JointTest, ...] = ()
    is_low: bool = False
    reason: str | None = None
    detail: str = ""


def regress(
    design: Design, present: BoolArray, attributes: Sequence[Attribute], domain: BoolArray
) -> Regression:
    """Survey-weighted logistic regression of a code, `present` (n), within the `domain` (n).

    Odds ratios have t intervals with the design's degrees of freedom + 1 - number of columns.
    It is refused where an attribute, or a mix of them, has the code always or never, where fewer
    than 5 respondents for each column have the code or are without it, and where some attributes
    say the same.
    """
    rows = known_rows(attributes, domain)
    y = present[rows].astype(np.float64)
    columns = [column for attribute in attributes for column in columns_of(attribute, rows)]
    k, df = int(y.sum()), design.df - len(columns)
    left_out = int(np.count_nonzero(domain)) - rows.size
    refused = refusal(y, columns, [attribute.name for attribute in attributes], df)
    found = None if refused else fit(design, _table(columns, y.size), y, rows)
    if found is None:
        reason, detail = refused or (SEPARATION, "a mix of the attributes tells who has the code")
        return Regression(y.size, k, left_out, df, reason=reason, detail=detail)
    return Regression(
        y.size,
        k,
        left_out,
        df,
        (
            Term(INTERCEPT, "", "", float(found.values[0]), _odds(found, 0), None),
            *_terms(found, columns, _crude(design, columns, rows, y)),
        ),
        tuple(_joint_tests(found, columns)),
        min(k, y.size - k) < WARNED_BELOW * len(columns),
    )


def _table(columns: Sequence[Column], n: int) -> FloatArray:
    return np.column_stack([np.ones(n), *(column.values for column in columns)])


def _terms(
    found: Estimated, columns: Sequence[Column], crude: dict[tuple[str, str], Effect]
) -> Iterator[Term]:
    for place, column in enumerate(columns, start=1):
        value = float(found.values[place])
        alone = crude.get((column.attribute, column.level))
        odds = _odds(found, place)
        yield Term(column.attribute, column.level, column.reference, value, odds, alone)


def _crude(
    design: Design, columns: Sequence[Column], rows: IntArray, y: FloatArray
) -> dict[tuple[str, str], Effect]:
    effects: dict[tuple[str, str], Effect] = {}
    for name in dict.fromkeys(column.attribute for column in columns):
        own = [column for column in columns if column.attribute == name]
        found = fit(design, _table(own, y.size), y, rows)
        if found is not None:
            effects |= {(c.attribute, c.level): _odds(found, i + 1) for i, c in enumerate(own)}
    return effects


def _odds(found: Estimated, place: int) -> Effect:
    """Give the odds ratio of a column with its t interval and p-value."""
    value, se = float(found.values[place]), float(found.errors[place])
    half = t_quantile(0.975, found.df) * se
    ends = math.exp(value - half), math.exp(value + half)
    return Effect(Estimate(math.exp(value), se, *ends), t_two_sided(value / se, found.df))


def _joint_tests(found: Estimated, columns: Sequence[Column]) -> Iterator[JointTest]:
    for name in dict.fromkeys(column.attribute for column in columns):
        places = [i for i, c in enumerate(columns, start=1) if c.attribute == name]
        beta, v = found.values[places], found.covariance[np.ix_(places, places)]
        statistic = float(beta @ np.linalg.pinv(v) @ beta) / len(places)
        p = f_tail(statistic, len(places), found.df)
        yield JointTest(name, statistic, len(places), found.df, p)
