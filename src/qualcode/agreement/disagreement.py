"""How far two categories are apart: what the coefficients count as disagreement.

Every coefficient of this package is ``1 - observed / expected`` disagreement. Agreement weights
w (Gwet 2014, ch. 3) and Krippendorff's squared differences (Krippendorff 2019, ch. 12) are both
given as disagreement v, with v = 1 - w for weights. v is symmetric and 0 on the diagonal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.integer]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


class Disagreement(Protocol):
    """The disagreement v between any two of `size` categories."""

    @property
    def size(self) -> int:
        """How many categories there are, used or not."""
        ...

    @property
    def total(self) -> float:
        """The sum of v over all ordered pairs of categories."""
        ...

    def between(self, first: IntArray, second: IntArray) -> FloatArray:
        """The v of the categories `first` and `second`, element by element."""
        ...

    def mix(self, shares: FloatArray) -> FloatArray:
        """For every category k the sum over l of v_kl times `shares` (…, l)."""
        ...


@dataclass(frozen=True, slots=True)
class Nominal:
    """Two categories are the same or not: v is 0 or 1."""

    size: int

    @property
    def total(self) -> float:
        """All pairs but those on the diagonal."""
        return float(self.size * (self.size - 1))

    def between(self, first: IntArray, second: IntArray) -> FloatArray:
        """1 where the categories differ."""
        apart: FloatArray = (first != second).astype(np.float64)
        return apart

    def mix(self, shares: FloatArray) -> FloatArray:
        """What the other categories have."""
        others: FloatArray = shares.sum(axis=-1, keepdims=True) - shares
        return others


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Disagreement from a table: `matrix` is size × size, symmetric, 0 on the diagonal."""

    matrix: FloatArray

    @property
    def size(self) -> int:
        """The length of the table's side."""
        return int(self.matrix.shape[0])

    @property
    def total(self) -> float:
        """The sum of the table."""
        return float(self.matrix.sum())

    def between(self, first: IntArray, second: IntArray) -> FloatArray:
        """The cells of the table."""
        return self.matrix[first, second]

    def mix(self, shares: FloatArray) -> FloatArray:
        """The product with the table."""
        mixed: FloatArray = shares @ self.matrix
        return mixed


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """The squared difference of the categories' `values`, which need not be whole numbers.

    It is the interval metric of alpha (Krippendorff 2019, ch. 12); over the squared range, the
    quadratic weights of Fleiss & Cohen (1973). No table is made, so that thousands of values
    do no harm; the values are moved to their middle first, which keeps the digits.
    """

    values: FloatArray

    @property
    def size(self) -> int:
        """How many values there are."""
        return int(self.values.size)

    @property
    def total(self) -> float:
        """Twice the size times the sum of squares around the mean."""
        return float(2 * self.size * ((self.values - self.values.mean()) ** 2).sum())

    def between(self, first: IntArray, second: IntArray) -> FloatArray:
        """The squared differences."""
        return (self.values[first] - self.values[second]) ** 2

    def mix(self, shares: FloatArray) -> FloatArray:
        """The squared differences, from the first two moments of the shares."""
        mass = shares.sum(axis=-1, keepdims=True)
        first = (shares @ self.values)[..., None]
        second = (shares @ self.values**2)[..., None]
        mixed: FloatArray = self.values**2 * mass - 2 * self.values * first + second
        return mixed


def _middle(values: Sequence[float]) -> FloatArray:
    v = np.asarray(values, dtype=np.float64)
    return v - v[v.size // 2] if v.size else v


def interval(values: Sequence[float]) -> Squares:
    """(k - l)²: the interval metric of alpha (Krippendorff 2019, ch. 12)."""
    return Squares(_middle(values))


def quadratic(values: Sequence[float]) -> Squares:
    """(k - l)² over the squared range: quadratic weights (Fleiss & Cohen 1973)."""
    v = _middle(values)
    return Squares(v / (float(np.ptp(v)) or 1.0))


def linear(values: Sequence[float]) -> Weighted:
    """|k - l| over the range of `values`: linear weights (Cicchetti & Allison 1971)."""
    v = np.asarray(values, dtype=np.float64)
    return Weighted(np.abs(v[:, None] - v) / (float(np.ptp(v)) or 1.0))


def ordinal(size: int) -> Weighted:
    """Pairs of ranks from k to l over those from first to last: ordinal weights (Gwet 2014)."""
    rank = np.arange(size, dtype=np.float64)
    apart = np.abs(rank[:, None] - rank)
    return Weighted(apart * (apart + 1) / max(1.0, size * (size - 1.0)))


def ratio(values: Sequence[float]) -> Weighted:
    """((k - l)/(k + l))², 0 for two zeros: the ratio metric of alpha (Krippendorff 2019)."""
    v = np.asarray(values, dtype=np.float64)
    both = v[:, None] + v
    apart = np.divide(v[:, None] - v, both, out=np.zeros_like(both), where=both != 0)
    return Weighted(apart**2)


def ratio_weights(values: Sequence[float]) -> Weighted:
    """The ratio metric over its largest value, between the extremes (Gwet 2014)."""
    matrix = ratio(values).matrix
    return Weighted(matrix / (matrix.max() or 1.0))
