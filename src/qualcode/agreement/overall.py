"""Agreement on a whole codebook: label sets, and summaries over its codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.alpha import alpha, alpha_deviations
from qualcode.agreement.binary import APPLIED, code_tables
from qualcode.agreement.bootstrap import MANY_LINES, draw
from qualcode.agreement.cells import unit_sums
from qualcode.agreement.coefficients import expected
from qualcode.agreement.intervals import (
    INTERVALS,
    NOT_TWO_CODERS,
    ONE_UNIT,
    Column,
    known,
    line_reasons,
    percentiles,
)
from qualcode.agreement.linearised import standard_error
from qualcode.agreement.matching import exact_match, match_deviations, match_features
from qualcode.agreement.measures import alpha_column, values
from qualcode.agreement.patterns import patterns
from qualcode.agreement.resampling import resample_overall
from qualcode.agreement.sets import Sets, distinct_sets
from qualcode.agreement.table import from_codes
from qualcode.agreement.tally import tally

if TYPE_CHECKING:
    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray, IntArray
    from qualcode.agreement.sets import Bits, SetDistance
    from qualcode.model import Estimate


@dataclass(frozen=True, slots=True)
class Overall:
    """Agreement on the sets of codes, and on all codes taken together.

    `alpha_masi` and `alpha_jaccard` compare whole sets (Passonneau 2006). `exact_match` is the
    share of shared units with the very same set, a mean over coder pairs. `mean_alpha` is the
    mean over the codes whose alpha is defined. `pooled_kappa` is that of De Vries et al. (2008),
    for two coders.
    """

    alpha_masi: Estimate
    alpha_jaccard: Estimate
    exact_match: Estimate
    mean_alpha: Estimate
    pooled_kappa: Estimate


def assess_overall(
    codings: Codings, ci: str = "analytic", resamples: int = 2000, seed: int = 0
) -> Overall:
    """The agreement of all coders on all codes; `ci` as for the codes one by one."""
    known("interval", ci, INTERVALS)
    reason = reason_of(codings)
    rows, bits = set_rows(codings)
    masi = set_alpha(rows, bits, "masi", ci, resamples, seed)
    jaccard = set_alpha(rows, bits, "jaccard", ci, resamples, seed)
    found = {
        "exact_match": _exact_match(rows, reason),
        "mean_alpha": mean_alpha(codings, reason),
        "pooled_kappa": pooled_kappa(codings, reason),
    }
    if ci == "analytic":
        return Overall(masi, jaccard, **{name: c.estimates()[0] for name, c in found.items()})
    drawn = resample_overall(codings, rows, resamples, seed)
    return Overall(
        masi,
        jaccard,
        **{
            name: percentiles(float(column.value[0]), drawn[name], column.reasons[0])
            for name, column in found.items()
        },
    )


def reason_of(codings: Codings) -> str:
    """Why nothing can be said about a question, or ``one_unit``; else empty."""
    active = np.array([len(codings.active)])
    pairable = np.array([codings.pairable.sum()], dtype=np.float64)
    return line_reasons(active, pairable, len(codings.coders))[0]


def set_rows(codings: Codings) -> tuple[IntArray, Bits]:
    """The set of each unit and coder as an index (n × r), and the distinct sets as bits.

    Units that fewer than two coders saw hold -1 only: they say nothing about sets.
    """
    shared = codings.saw & codings.pairable[:, None]
    bits = codings.bits()
    cells = np.flatnonzero(shared)
    found, index = distinct_sets(bits.reshape(shared.size, bits.shape[2])[cells])
    rows = np.full(shared.size, -1, dtype=np.intp)
    rows[cells] = index
    return rows.reshape(shared.shape), found


def set_alpha(
    rows: IntArray,
    bits: Bits,
    kind: SetDistance,
    ci: str = "analytic",
    resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Krippendorff's alpha over sets, given as indices (n × r) of distinct sets."""
    distance = Sets(bits, kind)
    if ci == "analytic":
        table, weights = patterns(rows, distance), np.ones((1, rows.shape[0]))
    else:
        counted = from_codes(rows, range(distance.size))
        table, weights = patterns(counted.rows, distance), counted.weights
    sums = tally(table, weights)
    reasons = line_reasons(sums.active, sums.pairable, rows.shape[1])
    column = alpha_column(table, weights, sums, reasons)
    if ci == "analytic":
        return column.estimates()[0]
    drawn = draw(
        weights[0].astype(np.int64),
        resamples,
        seed,
        lambda w: values(table, w, ["alpha"]),
        MANY_LINES,
    )
    return percentiles(float(column.value[0]), drawn["alpha"], reasons[0])


def _exact_match(rows: IntArray, reason: str) -> Column:
    same, both = match_features(rows)
    value = float(exact_match(same.sum(axis=0)[None], both.sum(axis=0)[None])[0])
    units = float(both.any(axis=1).sum())
    return replace(_single(value, match_deviations(same, both), units, reason), least=0.0)


def mean_alpha(codings: Codings, reason: str) -> Column:
    """The mean of the alphas that are defined, its error from the units' summed deviations.

    The linearised values of one unit are correlated between codes, so they are averaged over
    the codes before their variance is taken (Gwet 2016).
    """
    tables = code_tables(codings)
    sums = tally(tables.table, tables.weights)
    mixed = tables.table.disagreement.mix(sums.values)
    found = alpha(sums, mixed)
    kept = ~np.isnan(found)
    deviation, n = alpha_deviations(tables.table, sums, mixed)
    r = len(codings.coders)
    applied = (tables.table.rows == APPLIED).sum(axis=1)
    lookup = np.zeros((len(codings.codes), r + 1, r + 1))
    lookup[:, tables.table.present.astype(np.intp), applied] = np.where(
        kept[:, None], deviation, 0.0
    )
    total = unit_sums(codings, [1] * r, lookup) / max(1, int(kept.sum()))
    value = found[kept].mean() if kept.any() else np.nan
    return _single(value, total, float(n[0]) if n.size else 0.0, reason)


def pooled_kappa(codings: Codings, reason: str) -> Column:
    """Cohen's kappa with observed and expected agreement averaged over codes first.

    De Vries, Elliott, Kanouse & Teleki (2008); for two coders. Its error is that of the same
    function of the units' averages (the linearisation of Gwet 2014, ch. 5).
    """
    pair = codings.active
    if len(pair) > 2:  # noqa: PLR2004
        return _single(np.nan, np.zeros(0), 0.0, NOT_TWO_CODERS)
    if reason not in ("", ONE_UNIT):
        return _single(np.nan, np.zeros(0), 0.0, reason)
    two = codings.among(pair)
    tables = code_tables(two)
    shared = tables.weights * tables.table.pairable
    sums = tally(tables.table, shared)
    n = float(sums.units[0]) if sums.units.size else 0.0
    chance = float(expected("conger_kappa", sums, tables.table.disagreement).sum())
    if chance == 0:
        return _single(np.nan, np.zeros(0), n, reason)
    ratio = float(sums.apart.sum()) / n / chance
    share = sums.margins[:, :, APPLIED] / n
    first, second = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    own = np.abs(second - share[:, :1]) + np.abs(first - share[:, 1:])
    lookup = np.zeros((len(codings.codes), 3, 4))
    lookup[:, 2] = ratio * own - (first != second)
    total = unit_sums(two, [1, 2], lookup) - ratio * chance
    return _single(1 - ratio, np.where(two.pairable, total / chance, 0.0), n, reason)


def _single(value: float, deviation: FloatArray, n: float, reason: str) -> Column:
    line = np.ones((1, deviation.size))
    units = np.array([n])
    error = standard_error(line, deviation[None, :], units)
    return Column(np.array([value], dtype=np.float64), error, units, [reason])
