"""Agreement on one table of ratings, from a notebook in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from qualcode.agreement import disagreement as apart
from qualcode.agreement.alpha import ordinal_alpha
from qualcode.agreement.bootstrap import MANY_LINES, draw
from qualcode.agreement.intervals import INTERVALS, Column, known, line_reasons, percentiles
from qualcode.agreement.measures import alpha_column, columns, values
from qualcode.agreement.patterns import patterns
from qualcode.agreement.sets import set_table
from qualcode.agreement.table import tabulate
from qualcode.agreement.tally import tally
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from qualcode.agreement.disagreement import Disagreement, FloatArray
    from qualcode.agreement.patterns import Patterns
    from qualcode.agreement.table import Ratings, Table
    from qualcode.model import Estimate

Metric: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio", "masi", "jaccard"]
Interval: TypeAlias = Literal["analytic", "bootstrap"]

Statistic: TypeAlias = "Callable[[FloatArray], dict[str, FloatArray]]"


def assess(
    ratings: Ratings,
    categories: Sequence[Hashable] | None = None,
    metric: Metric = "nominal",
    ci: Interval = "analytic",
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Every coefficient of a table of ratings with its 95 % interval.

    `ratings` are units × coders, lists or a numpy array; None (NaN, a mask) is a unit that the
    coder did not see. `categories` are all that could be chosen, in ascending order where the
    metric has one; by default those that occur, which makes AC1 and Brennan–Prediger depend on
    the data. Gives ``alpha``, ``gwet_ac1``, ``fleiss_kappa``, ``conger_kappa``,
    ``brennan_prediger``, ``cohen_kappa``, ``scott_pi``, ``percent_agreement``; under the metrics
    ``masi`` and ``jaccard``, where a rating is a set of codes (empty: saw it, applied none),
    only ``alpha``.

    Under ``ordinal``, ``interval`` and ``ratio`` alpha has Krippendorff's metric (2019, ch. 12)
    and the others have Gwet's weights of that kind (2014, ch. 3); ``gwet_ac1`` is AC2 then.
    ``analytic`` intervals are Gwet's, t with n - 1 degrees of freedom. There is none for alpha
    under ``ordinal``, whose metric changes with the data: it has the bootstrap's. ``bootstrap``
    intervals are percentiles of `resamples` draws of units; the same `seed` gives the same.

    Raises InputError for a table that is none, an unknown metric or interval, a value outside
    the categories, and values that the metric cannot compare.
    """
    known("metric", metric, get_args(Metric))
    known("interval", ci, INTERVALS)
    if metric in ("masi", "jaccard"):
        table, distance = set_table(ratings, metric)
        return _sets(table, distance, ci, resamples, seed)
    table = tabulate(ratings, categories, ordered=metric != "nominal")
    kappas, own = _patterns(metric, table)
    found = columns(kappas, table.weights)
    if metric == "ordinal":
        found["alpha"] = _ordinal(own, table, found["alpha"])
    elif own is not kappas:
        sums = tally(own, table.weights)
        found["alpha"] = alpha_column(own, table.weights, sums, found["alpha"].reasons)
    estimates = {name: column.estimates()[0] for name, column in found.items()}
    drawn = tuple(found) if ci == "bootstrap" else ("alpha",) if metric == "ordinal" else ()
    statistic = _statistic(kappas, own, drawn, ordinal=metric == "ordinal")
    return estimates | _bootstrapped(table, found, drawn, statistic, resamples, seed)


def _patterns(metric: str, table: Table) -> tuple[Patterns, Patterns]:
    """Give the table's patterns with the disagreement of the kappas, and with that of alpha."""
    kappas, own = _kinds(metric, table)
    first = patterns(table.rows, kappas)
    return first, first if own is kappas else patterns(table.rows, own)


def _kinds(metric: str, table: Table) -> tuple[Disagreement, Disagreement]:
    """Give the disagreement of the kappas and that of alpha."""
    if metric == "nominal":
        nominal = apart.Nominal(len(table.categories))
        return nominal, nominal
    if metric == "ordinal":
        ranks = apart.ordinal(len(table.categories))
        return ranks, ranks
    numbers = _numbers(table.categories, metric)
    if metric == "ratio":
        return apart.ratio_weights(numbers), apart.ratio(numbers)
    return apart.quadratic(numbers), apart.interval(numbers)


def _numbers(categories: Sequence[object], metric: str) -> list[float]:
    numbers = [float(c) for c in categories if isinstance(c, int | float | np.number)]
    if len(numbers) < len(categories) or not np.isfinite(numbers).all():
        raise InputError(
            f"the metric “{metric}” needs numbers", hint="take “nominal” or “ordinal” for words"
        )
    if metric == "ratio" and min(numbers, default=0.0) < 0:
        raise InputError(
            "the metric “ratio” needs numbers from 0 up", hint="take “interval” for these"
        )
    return numbers


def _ordinal(own: Patterns, table: Table, weighted: Column) -> Column:
    value = ordinal_alpha(own, table.weights, tally(own, table.weights))
    return Column(value, np.full(1, np.nan), weighted.units, weighted.reasons)


def _statistic(
    kappas: Patterns, own: Patterns, names: Sequence[str], *, ordinal: bool
) -> Statistic:
    wanted = [name for name in names if name != "alpha"]

    def statistic(weights: FloatArray) -> dict[str, FloatArray]:
        found = values(kappas, weights, wanted) if wanted else {}
        if ordinal:
            return found | {"alpha": ordinal_alpha(own, weights, tally(own, weights))}
        return found | values(own, weights, ["alpha"])

    return statistic


def _bootstrapped(
    table: Table,
    found: dict[str, Column],
    names: Sequence[str],
    statistic: Statistic,
    resamples: int,
    seed: int,
) -> dict[str, Estimate]:
    drawn = draw(table.counts, resamples, seed, statistic) if names else {}
    return {
        name: percentiles(float(found[name].value[0]), drawn[name], found[name].reasons[0])
        for name in names
    }


def _sets(
    table: Table, distance: Disagreement, ci: str, resamples: int, seed: int
) -> dict[str, Estimate]:
    own = patterns(table.rows, distance)
    sums = tally(own, table.weights)
    reasons = line_reasons(sums.active, sums.pairable, own.rows.shape[1])
    column = alpha_column(own, table.weights, sums, reasons)
    if ci == "analytic":
        return {"alpha": column.estimates()[0]}
    statistic = _statistic(own, own, ("alpha",), ordinal=False)
    drawn = draw(table.counts, resamples, seed, statistic, MANY_LINES)
    return {"alpha": percentiles(float(column.value[0]), drawn["alpha"], reasons[0])}
