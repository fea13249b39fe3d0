"""Equal rows counted once: the form in which all ratings are computed.

A rating pattern is one row of a units × coders table. With few categories and coders there are
few distinct patterns, however many the units; every coefficient, every standard error and every
resample is a sum over patterns with a weight each. The weights come in a table of their own,
``batch × patterns``: a line is one code of a codebook, one resample, one batch of answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qualcode.agreement.disagreement import BoolArray, Disagreement, FloatArray, IntArray

MISSING = -1
"""The index of a rating that was never given."""

_DENSE = 8_000_000
_SPAN = 2**62
_FEW = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """P distinct rating patterns of r coders, and what of them no weight changes.

    `rows` (P × r) holds category indices or `MISSING`; `present` (P) is the number of ratings of
    each; `apart` (P) the disagreement summed over the ordered pairs of its coders; `features`
    (P × …) the columns of `tally`'s sums, None where they would be too large.
    """

    rows: IntArray
    disagreement: Disagreement
    present: FloatArray
    apart: FloatArray
    features: FloatArray | None

    @property
    def pairable(self) -> BoolArray:
        """Which patterns have two ratings or more."""
        return self.present >= 2  # noqa: PLR2004 – a pair

    @property
    def per_pair(self) -> FloatArray:
        """Mean disagreement of a pattern's coder pairs, 0 without a pair."""
        return self.apart / np.maximum(self.present * (self.present - 1), 1)

    def only(self, wanted: BoolArray) -> Patterns:
        """The `wanted` patterns (P)."""
        features = None if self.features is None else self.features[wanted]
        rows, present, apart = self.rows[wanted], self.present[wanted], self.apart[wanted]
        return Patterns(rows, self.disagreement, present, apart, features)

    def gather(self, per_category: FloatArray) -> FloatArray:
        """Sum a table (batch × categories) over the ratings of each pattern: batch × P."""
        padded = np.concatenate([per_category, np.zeros((per_category.shape[0], 1))], axis=1)
        total = np.zeros((per_category.shape[0], self.rows.shape[0]))
        for column in self.rows.T:
            total += padded[:, column]
        return total


def patterns(rows: IntArray, disagreement: Disagreement) -> Patterns:
    """The patterns `rows` (P × r) under a disagreement."""
    present, apart = np.zeros(rows.shape[0]), np.zeros(rows.shape[0])
    for column in rows.T:
        present += column >= 0
    for g in range(rows.shape[1]):
        for h in range(g):
            first, second = rows[:, g], rows[:, h]
            both: IntArray | slice = slice(None)
            if first.min(initial=0) < 0 or second.min(initial=0) < 0:
                both = np.flatnonzero((first >= 0) & (second >= 0))
            apart[both] += 2 * disagreement.between(first[both], second[both])
    width = 4 + (rows.shape[1] + 2) * disagreement.size
    features = None
    if rows.shape[0] * width <= _DENSE:
        features = _features(rows, present, apart, disagreement.size)
    return Patterns(rows, disagreement, present, apart, features)


def _features(rows: IntArray, present: FloatArray, apart: FloatArray, size: int) -> FloatArray:
    pair = present >= 2  # noqa: PLR2004
    given = np.maximum(present, 1)
    others = np.maximum(present - 1, 1)
    put = rows[:, :, None] == np.arange(size)
    counts = put.sum(axis=1, dtype=np.float64)
    return np.column_stack(
        [
            present >= 1,
            pair,
            apart / (given * others),
            apart / others,
            counts / given[:, None],
            counts * pair[:, None],
            put.reshape(rows.shape[0], rows.shape[1] * size),
        ]
    ).astype(np.float64)


def distinct(codes: IntArray, base: int) -> tuple[IntArray, IntArray]:
    """The distinct rows of `codes` (n × r) and how often each occurs.

    `codes` are category indices, with `MISSING` for none and all below `base` - 1. A row is a
    number with one digit to the `base` per coder; where there are few numbers they are counted,
    else sorted.
    """
    n, coders = codes.shape
    space = base**coders
    if space > 4 * n + _FEW:
        ids = _row_numbers(codes, base)
        _, first, counts = np.unique(ids, return_index=True, return_counts=True)
        return codes[first].astype(np.intp), counts
    ids = np.zeros(n, dtype=np.min_scalar_type(space))
    for column in codes.T:
        ids *= ids.dtype.type(base)
        ids += column.astype(ids.dtype)  # -1 is the largest number here, one more is 0
        ids += ids.dtype.type(1)
    counts = np.bincount(ids, minlength=space)
    used = np.flatnonzero(counts)
    powers = base ** np.arange(coders - 1, -1, -1)
    rows: IntArray = used[:, None] // powers % base - 1
    return rows, counts[used]


def _row_numbers(codes: IntArray, base: int) -> IntArray:
    """Give one number for each row, equal where the rows are.

    Numbers that would grow too large for an integer are replaced by their ranks on the way, so
    any number of coders will do.
    """
    ids = np.zeros(codes.shape[0], dtype=np.int64)
    space = 1
    for column in codes.T:
        if space > _SPAN // base:
            found, ids = np.unique(ids, return_inverse=True)
            space = int(found.size)
        ids = ids * base + (column.astype(np.int64) + 1)
        space *= base
    return ids
