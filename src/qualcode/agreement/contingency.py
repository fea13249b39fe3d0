"""Two coders as a contingency table: rows the first coder's categories, columns the second's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from qualcode.agreement.disagreement import linear, quadratic
from qualcode.agreement.intervals import (
    NO_PAIRABLE_UNITS,
    NO_VARIATION,
    ONE_UNIT,
)
from qualcode.agreement.student import t_quantile
from qualcode.errors import InputError
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from qualcode.agreement.disagreement import FloatArray, IntArray

Weights: TypeAlias = "Literal['linear', 'quadratic'] | npt.ArrayLike | None"


def kappa(table: Sequence[Sequence[float]] | npt.ArrayLike, weights: Weights = None) -> Estimate:
    """Cohen's (weighted) kappa of a square contingency table with its 95 % interval.

    Cohen (1960; 1968). `weights` are None (a category is right or wrong), ``linear``,
    ``quadratic`` or a table of agreement weights, 1 on the diagonal. The standard error is that
    of Fleiss, Cohen & Everitt (1969), with 1 / n, for an interval around kappa – not the one
    under kappa = 0; the interval is t with n - 1 degrees of freedom, cut at 1. Raises InputError
    for a table that is not square, has negative or broken counts, or weights that do not fit.
    """
    counts = _square(table)
    apart = _apart(weights, counts.shape[0])
    n = float(counts.sum())
    if n == 0:
        return Estimate(reason=NO_PAIRABLE_UNITS)
    chance = _chance(counts, apart)
    if chance == 0 or (counts.sum(axis=0) + counts.sum(axis=1) > 0).sum() < 2:  # noqa: PLR2004
        return Estimate(reason=NO_VARIATION)
    value = float(1 - n * (counts * apart).sum() / chance)
    if n == 1:
        return Estimate(value, reason=ONE_UNIT)
    error = kappa_error(counts / n, apart, n)
    margin = t_quantile(0.975, round(n) - 1) * error
    return Estimate(value, error, value - margin, min(1.0, value + margin))


def kappa_error(shares: FloatArray, apart: FloatArray, n: float) -> float:
    """The standard error of kappa (Fleiss, Cohen & Everitt 1969, eq. 13) for n units.

    `shares` is the table over n, `apart` holds 1 - w. With d and e the observed and the expected
    disagreement it is the root of the mean square of what a unit in each cell adds, over n.
    """
    rows, cols = shares.sum(axis=1), shares.sum(axis=0)
    seen, chance = float((shares * apart).sum()), float(rows @ apart @ cols)
    ratio = seen / chance
    own = (apart @ cols)[:, None] + rows @ apart
    added = ratio * own - apart - ratio * chance
    return math.sqrt(max(0.0, float((shares * added**2).sum())) / n) / chance


def kappa_null_error(table: npt.ArrayLike, weights: Weights = None) -> float | None:
    """The standard error of kappa if there were no agreement beyond chance; None if undefined.

    Fleiss, Cohen & Everitt (1969, eq. 14): for a test of kappa = 0, never for an interval.
    """
    counts = _square(table)
    apart = _apart(weights, counts.shape[0])
    n = float(counts.sum())
    rows, cols = counts.sum(axis=1) / max(n, 1), counts.sum(axis=0) / max(n, 1)
    chance = float(rows @ apart @ cols)
    if chance == 0:
        return None
    own = (1 - apart @ cols)[:, None] + (1 - rows @ apart) - (1 - apart)
    variance = float((np.outer(rows, cols) * own**2).sum()) - (1 - chance) ** 2
    return math.sqrt(max(0.0, variance) / n) / chance


def kappa_max(table: npt.ArrayLike) -> float | None:
    """The largest kappa that the margins allow (Cohen 1960); None without variation."""
    counts = _square(table)
    n = float(counts.sum())
    rows, cols = counts.sum(axis=1), counts.sum(axis=0)
    expected = float((rows * cols).sum())
    if n * n == expected:
        return None
    return float(n * np.minimum(rows, cols).sum() - expected) / (n * n - expected)


def prevalence_and_bias(table: npt.ArrayLike) -> tuple[float, float] | None:
    """The prevalence index (a - d) / n and the bias index (b - c) / n of a 2 × 2 table.

    Byrt, Bishop & Carlin (1993). None for an empty table.
    """
    counts = _square(table)
    n = float(counts.sum())
    if counts.shape[0] != 2:  # noqa: PLR2004
        raise InputError("the indices are for two categories", hint="give a 2 × 2 table")
    if n == 0:
        return None
    (a, b), (c, d) = counts.tolist()
    return (a - d) / n, (b - c) / n


def table_ratings(table: npt.ArrayLike) -> tuple[IntArray, FloatArray]:
    """A contingency table as rating patterns (P × 2, indices) and how often each occurs (P)."""
    counts = _square(table)
    rows = np.argwhere(counts > 0)
    return rows, counts[tuple(rows.T)]


def _chance(counts: FloatArray, apart: FloatArray) -> float:
    return float(counts.sum(axis=1) @ apart @ counts.sum(axis=0))


def _square(table: Any) -> FloatArray:
    try:
        counts = np.asarray(table, dtype=np.float64)
    except (TypeError, ValueError):
        counts = np.zeros(0)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:  # noqa: PLR2004
        raise InputError(
            "a contingency table is square",
            hint="give one row and one column for every category, used or not",
        )
    if not (np.isfinite(counts).all() and (counts >= 0).all()):
        raise InputError("a contingency table holds counts", hint="give numbers from 0 up")
    return counts


def _apart(weights: Any, size: int) -> FloatArray:
    if weights is None:
        return 1 - np.eye(size)
    if isinstance(weights, str):
        if weights not in ("linear", "quadratic"):
            raise InputError(
                f"there are no weights “{weights}”", hint="take linear, quadratic or a table"
            )
        metric = linear(range(size)) if weights == "linear" else quadratic(range(size))
        index = np.arange(size)
        return metric.between(index[:, None], index)
    apart = 1 - np.asarray(weights, dtype=np.float64)
    if apart.shape != (size, size) or np.diagonal(apart).any():
        raise InputError(
            "the weights do not fit the table",
            hint=f"give {size} × {size} agreement weights, 1 on the diagonal",
        )
    return apart
