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
    from collections.abc import Iterable

    from qualcode.agreement.disagreement import BoolArray, Disagreement, FloatArray, IntArray

MISSING = -1
"""The index of a rating that was never given."""

_DENSE = 8_000_000
_SPAN = 2**62


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
    present = (rows >= 0).sum(axis=1).astype(np.float64)
    apart = np.zeros(rows.shape[0])
    for g in range(rows.shape[1]):
        for h in range(g):
            both = np.flatnonzero((rows[:, g] >= 0) & (rows[:, h] >= 0))
            apart[both] += 2 * disagreement.between(rows[both, g], rows[both, h])
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


def distinct(columns: Iterable[IntArray], base: int) -> tuple[IntArray, IntArray]:
    """The first unit of every distinct row, and how many units are like it.

    `columns` are the coders' category indices, each n long, with `MISSING` for none and all
    below `base` - 1; the rows come in the order of their numbers in that base.
    """
    ids, space = row_numbers(columns, base)
    if space <= 4 * ids.size + 4096:
        counts = np.bincount(ids, minlength=space)
        used = np.flatnonzero(counts)
        first = np.empty(space, dtype=np.intp)
        first[ids[::-1]] = np.arange(ids.size - 1, -1, -1)
        return first[used], counts[used]
    _, first, counts = np.unique(ids, return_index=True, return_counts=True)
    return first, counts


def row_numbers(columns: Iterable[IntArray], base: int) -> tuple[IntArray, int]:
    """One number for each row, equal where the rows are, and a bound above all numbers.

    The columns are digits to the `base` from `MISSING` on; numbers that would grow too large
    for an integer are replaced by their ranks on the way, so any number of coders will do.
    """
    ids: IntArray | None = None
    space = 1
    for column in columns:
        digits = column.astype(np.int64) + 1
        if ids is None:
            ids, space = digits, base
            continue
        if space > _SPAN // base:
            found, ids = np.unique(ids, return_inverse=True)
            space = int(found.size)
        ids = ids * base + digits
        space *= base
    if ids is None:
        return np.zeros(0, dtype=np.int64), 1
    return ids, space
