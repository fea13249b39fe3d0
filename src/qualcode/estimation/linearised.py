"""Taylor-linearised variances of totals, means and ratios under a design.

The variance of a total is the sum over strata of ``(1 - f) n / (n - 1)`` times the squared
deviations of its PSU totals from their mean; every smooth function of totals has the variance of
the total of its linearised values (Woodruff 1971; Särndal, Swensson & Wretman 1992, ch. 5; Lumley
2010, app. C). Part of the sample is a *domain*: the linearised values are 0 outside it and no row
is dropped, so strata and PSUs keep their sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.design import Design

_ROWS = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """K numbers estimated together: `values` (K), `covariance` (K × K), degrees of freedom."""

    values: FloatArray
    covariance: FloatArray
    df: int

    @property
    def errors(self) -> FloatArray:
        """Their standard errors (K)."""
        return np.sqrt(np.maximum(np.diagonal(self.covariance), 0.0))

    def combined(self, matrix: FloatArray) -> Estimated:
        """Linear combinations of them, `matrix` (J × K): a difference is a row of 1 and -1."""
        return Estimated(matrix @ self.values, matrix @ self.covariance @ matrix.T, self.df)


def covariance(design: Design, scores: FloatArray) -> FloatArray:
    """The covariance (K × K) of the column totals of `scores` (n × K), which hold the weights."""
    scores = scores.reshape(design.n, -1)
    psu = design.stratum if design.psu is None else design.psu
    columns = scores.shape[1]
    sums = np.empty((design.strata, columns))
    for k in range(columns):
        sums[:, k] = np.bincount(design.stratum, scores[:, k], minlength=design.strata)
    means = np.where(design.centring[:, None] > 0, sums / np.maximum(design.psus, 1)[:, None], 0.0)
    roots = np.sqrt(design.scale)
    found = np.zeros((columns, columns))
    for totals, stratum in _psu_totals(design, scores) if psu.size else ():
        apart = (totals - means[stratum]) * roots[stratum][:, None]
        found += apart.T @ apart
    return found


def totals(design: Design, y: FloatArray, domain: BoolArray | None = None) -> Estimated:
    """Weighted totals of the columns of `y` (n or n × K) over the `domain` (n)."""
    scores = _weighted(design, y, domain)
    return Estimated(scores.sum(axis=0), covariance(design, scores), design.df)


def means(design: Design, y: FloatArray, domain: BoolArray | None = None) -> Estimated:
    """Weighted means of the columns of `y` (n or n × K) over the `domain` (n).

    Raises InputError where the domain is empty.
    """
    ones = np.ones((design.n, 1))
    return ratios(design, y, np.broadcast_to(ones, _columns(design, y).shape), domain)


def ratios(
    design: Design,
    numerators: FloatArray,
    denominators: FloatArray,
    domain: BoolArray | None = None,
) -> Estimated:
    """Ratios of weighted totals, column by column (n or n × K each), over the `domain` (n).

    Raises InputError where a denominator is 0.
    """
    above = _weighted(design, numerators, domain)
    below = _weighted(design, denominators, domain)
    total = below.sum(axis=0)
    if (total == 0).any():
        raise InputError("a mean over nobody, or a ratio to nothing, is not defined")
    values = above.sum(axis=0) / total
    scores = (above - values * below) / total
    return Estimated(values, covariance(design, scores), design.df)


def _columns(design: Design, y: FloatArray) -> FloatArray:
    return np.asarray(y, dtype=np.float64).reshape(design.n, -1)


def _weighted(design: Design, y: FloatArray, domain: BoolArray | None) -> FloatArray:
    weights = design.weights if domain is None else np.where(domain, design.weights, 0.0)
    given = _columns(design, y)
    if domain is not None:
        given = np.where(domain[:, None], given, 0.0)
    return given * weights[:, None]


def _psu_totals(design: Design, scores: FloatArray) -> Iterator[tuple[FloatArray, IntArray]]:
    """PSU totals and the strata that they are in, in blocks where every respondent is a PSU."""
    if design.psu is not None:
        size = design.stratum_of_psu.size
        columns = [np.bincount(design.psu, column, minlength=size) for column in scores.T]
        yield np.column_stack(columns), design.stratum_of_psu
        return
    for start in range(0, design.n, _ROWS):
        block = slice(start, start + _ROWS)
        yield scores[block], design.stratum[block]
