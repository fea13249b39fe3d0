"""Agreement on each code of a codebook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.bands import band
from qualcode.agreement.binary import ABSENT, APPLIED, CodeTables, code_tables
from qualcode.agreement.bootstrap import draw
from qualcode.agreement.intervals import INTERVALS, known, percentiles
from qualcode.agreement.measures import columns, values
from qualcode.agreement.specific import specific_agreement, specific_values
from qualcode.agreement.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray
    from qualcode.agreement.intervals import Column
    from qualcode.agreement.patterns import Patterns
    from qualcode.model import Estimate

FEW = 15
"""Below so many expected positives no interval holds its level (see bench/coverage.py)."""

_UNDEFINED = 0.01


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """Agreement of the coders on one code, over the units that two or more have seen.

    `n` is the number of these units, `positives` how many of them each coder gave the code,
    `prevalence` the share of ratings that apply it (None without any). `prevalence_index` and
    `bias_index` are those of Byrt, Bishop & Carlin (1993), for two coders only: (a - d) / n and
    (b - c) / n, b being what the first coder alone applied. `flags` warn, `band` says what the
    lower end of alpha's interval is called, and by whom.
    """

    code: str
    n: int
    positives: dict[str, int]
    prevalence: float | None
    percent_agreement: Estimate
    positive_agreement: Estimate
    negative_agreement: Estimate
    cohen_kappa: Estimate
    scott_pi: Estimate
    fleiss_kappa: Estimate
    conger_kappa: Estimate
    alpha: Estimate
    gwet_ac1: Estimate
    brennan_prediger: Estimate
    prevalence_index: float | None = None
    bias_index: float | None = None
    flags: tuple[str, ...] = ()
    band: str = ""


def assess_codes(
    codings: Codings, ci: str = "analytic", resamples: int = 2000, seed: int = 0
) -> tuple[CodeAgreement, ...]:
    """Every coefficient of every code, in the order of the codes.

    `ci` is ``analytic`` (Gwet 2014; for specific agreement Cochran 1977) or ``bootstrap``:
    percentiles of `resamples` draws of units, the same for the same `seed`. Raises InputError
    for another `ci`.
    """
    known("interval", ci, INTERVALS)
    tables = code_tables(codings)
    estimates = _analytic(tables) if ci == "analytic" else _resampled(tables, resamples, seed)
    beside = _beside_exclusive(codings)
    return tuple(
        _code(codings, k, {name: line[k] for name, line in estimates.items()}, counted, beside[k])
        for k, counted in enumerate(_counts(tables))
    )


def _analytic(tables: CodeTables) -> dict[str, list[Estimate]]:
    return {name: column.estimates() for name, column in _columns(tables).items()}


def _columns(tables: CodeTables) -> dict[str, Column]:
    found = columns(tables.table, tables.weights)
    reasons = found["alpha"].reasons
    for name, category in (("positive_agreement", APPLIED), ("negative_agreement", ABSENT)):
        found[name] = specific_agreement(tables.table, tables.weights, category, reasons)
    return found


def _resampled(tables: CodeTables, resamples: int, seed: int) -> dict[str, list[Estimate]]:
    found = _columns(tables)
    names = tuple(found)
    lines: dict[str, list[Estimate]] = {name: [] for name in names}
    for k, weights in enumerate(tables.weights):
        used = weights > 0
        statistic = partial(code_values, tables.table.only(used), names=names)
        drawn = draw(weights[used].astype(np.int64), resamples, seed + k, statistic)
        for name in names:
            value, reason = float(found[name].value[k]), found[name].reasons[k]
            lines[name].append(percentiles(value, drawn[name], reason))
    return lines


def code_values(
    table: Patterns, weights: FloatArray, names: Sequence[str]
) -> dict[str, FloatArray]:
    """The coefficients `names` of binary patterns for every line of `weights` (B × P)."""
    found = values(table, weights, names)
    if "positive_agreement" in names:
        found["positive_agreement"] = specific_values(table, weights, APPLIED)
    if "negative_agreement" in names:
        found["negative_agreement"] = specific_values(table, weights, ABSENT)
    return found


@dataclass(frozen=True, slots=True)
class _Counts:
    """Whole numbers of one code over the pairable units: n, and each coder's two counts."""

    units: int
    positives: list[int]
    rated: list[int]

    @property
    def tilt(self) -> tuple[float | None, float | None]:
        """The prevalence and the bias index of two coders."""
        both = [k for k, rated in zip(self.positives, self.rated, strict=True) if rated]
        if len(both) != 2 or not self.units:  # noqa: PLR2004
            return None, None
        first, second = both
        return (first + second - self.units) / self.units, (first - second) / self.units


def _counts(tables: CodeTables) -> list[_Counts]:
    sums = tally(tables.table, tables.weights * tables.table.pairable)
    units = sums.pairable.astype(np.int64).tolist()
    positives = sums.margins[:, :, APPLIED].astype(np.int64).tolist()
    rated = sums.rated.astype(np.int64).tolist()
    return [_Counts(*line) for line in zip(units, positives, rated, strict=True)]


def _code(
    codings: Codings, k: int, estimates: dict[str, Estimate], counted: _Counts, beside: int
) -> CodeAgreement:
    ratings = sum(counted.rated)
    prevalence_index, bias_index = counted.tilt
    return CodeAgreement(
        code=codings.codes[k],
        n=counted.units,
        positives=dict(zip(codings.coders, counted.positives, strict=True)),
        prevalence=sum(counted.positives) / ratings if ratings else None,
        prevalence_index=prevalence_index,
        bias_index=bias_index,
        flags=tuple(_flags(codings.coders, counted, estimates["alpha"], beside)),
        band=band(estimates["alpha"]),
        **estimates,
    )


def _flags(coders: Sequence[str], counted: _Counts, alpha: Estimate, beside: int) -> Iterator[str]:
    ratings, applied = sum(counted.rated), sum(counted.positives)
    if ratings and not applied:
        yield "never used"
    elif applied * counted.units < FEW * ratings:
        yield f"rare: fewer than {FEW}"
    elif ratings and applied == ratings:
        yield "used on every answer"
    if 0 < applied < ratings:
        for coder, k, rated in zip(coders, counted.positives, counted.rated, strict=True):
            if rated and k == 0:
                yield f"never used by {coder}"
            elif rated and k == rated:
                yield f"used on every answer by {coder}"
    if alpha.undefined > _UNDEFINED * alpha.resamples:
        yield f"undefined in {alpha.undefined} of {alpha.resamples} resamples"
    if beside:
        yield f"exclusive, but beside other codes {beside} times"


def _beside_exclusive(codings: Codings) -> list[int]:
    """Count how often each code that must stand alone does not."""
    times = [0] * len(codings.codes)
    if not codings.exclusive:
        return times
    for code, unit in codings.marks:
        crowded = np.bincount(unit, minlength=codings.units)[unit] > 1
        found = np.bincount(code[crowded], minlength=len(codings.codes)).tolist()
        for k in codings.exclusive:
            times[k] += found[k]
    return times
