"""Tests of an unweighted table, and what every test gives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qualcode.errors import InputError
from qualcode.estimation.distributions import chi_square_tail
from qualcode.estimation.exact import fisher_p
from qualcode.estimation.reasons import NO_VARIATION, ONE_GROUP

if TYPE_CHECKING:
    import numpy.typing as npt

    from qualcode.estimation.arrays import FloatArray, IntArray

LEAST_EXPECTED = 5
"""Where a cell is expected to hold fewer, Pearson's chi-square is not to be trusted."""


@dataclass(frozen=True, slots=True)
class Association:
    """A test of independence, or the reason why there is none.

    `statistic` is F for ``rao_scott``, X² for ``pearson``, None for ``fisher``; `ndf` and `ddf`
    are its degrees of freedom. `effect` is Cramér's V. `is_low`: a cell is expected to hold fewer
    than 5 respondents. `simulated` is how many tables a p-value was simulated from, 0 where it is
    exact or by formula.
    """

    name: Literal["rao_scott", "pearson", "fisher"]
    statistic: float | None = None
    ndf: float | None = None
    ddf: float | None = None
    p: float | None = None
    effect: float | None = None
    is_low: bool = False
    simulated: int = 0
    reason: str | None = None


def expected(counts: IntArray) -> FloatArray:
    """The counts of a table (r × c) that independence would give."""
    total = max(int(counts.sum()), 1)
    return np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total


def association(table: npt.ArrayLike, seed: int = 0) -> Association:
    """Fisher's test where a cell is expected to hold fewer than 5, else Pearson's."""
    counts = _table(table)
    is_low = expected(counts).min(initial=np.inf) < LEAST_EXPECTED
    return fisher(counts, seed) if is_low else pearson(counts)


def pearson(table: npt.ArrayLike) -> Association:
    """Pearson's (1900) chi-square test of a table of counts, without Yates's correction."""
    counts = _table(table)
    reason = _undefined(counts)
    if reason:
        return Association("pearson", reason=reason)
    usual = expected(counts)
    statistic = float(((counts - usual) ** 2 / usual).sum())
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return Association(
        "pearson",
        statistic,
        df,
        None,
        chi_square_tail(statistic, df),
        effect=cramers_v(statistic / counts.sum(), *counts.shape),
        is_low=bool(usual.min() < LEAST_EXPECTED),
    )


def fisher(table: npt.ArrayLike, seed: int = 0) -> Association:
    """Fisher's (1935) exact test of a table of counts of any size (Freeman & Halton 1951).

    Exact unless the tables to go through are too many: then a simulation with `seed`, which
    `simulated` tells.
    """
    counts = _table(table)
    reason = _undefined(counts)
    if reason:
        return Association("fisher", reason=reason)
    usual = expected(counts)
    square = float(((counts - usual) ** 2 / usual).sum()) / counts.sum()
    p, simulated = fisher_p(counts, seed)
    return Association(
        "fisher",
        p=p,
        effect=cramers_v(square, *counts.shape),
        is_low=bool(usual.min() < LEAST_EXPECTED),
        simulated=simulated,
    )


def cramers_v(square: float, rows: int, columns: int) -> float:
    """Cramér's (1946) V; `square` is X² over the sum of the table."""
    return min(1.0, math.sqrt(square / (min(rows, columns) - 1)))


def _table(given: npt.ArrayLike) -> IntArray:
    """Give the table without empty rows and columns."""
    counts = np.asarray(given)
    if counts.ndim != 2 or counts.dtype.kind not in "iub" or (counts.size and counts.min() < 0):  # noqa: PLR2004
        raise InputError("a table of counts is needed", hint="give rows of whole numbers from 0 up")
    counts = counts.astype(np.int64)
    return counts[np.ix_(counts.sum(axis=1) > 0, counts.sum(axis=0) > 0)]


def _undefined(counts: IntArray) -> str:
    if counts.shape[1] < 2:  # noqa: PLR2004
        return ONE_GROUP
    return NO_VARIATION if counts.shape[0] < 2 else ""  # noqa: PLR2004
