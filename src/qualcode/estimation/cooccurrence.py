"""Which codes go together, and which combinations of codes answers have.

An answer may have several codes, so the percentages of codes, and of categories made of them, do
not add to 100 %; those of the combinations do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray

_ROWS = 65_536
_MOST_CODES = 62


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """How often C codes come together in a base of `n` respondents.

    `k` (C × C) counts the respondents with both codes, on the diagonal those with the one;
    `weighted` (C × C) is the same in weights. `codes_held` are the respondents with none of the
    codes, with one, two and so on.
    """

    n: int
    k: IntArray
    weighted: FloatArray
    codes_held: tuple[int, ...]

    @property
    def adds_up(self) -> bool:
        """Whether every respondent has exactly one of the codes: else shares do not add to 1."""
        return self.n == (self.codes_held[1] if len(self.codes_held) > 1 else 0)

    def given(self, code: int) -> list[float | None]:
        """Of those with the code the share that has each other code; None where nobody has it."""
        return _shares(self.k[code], np.full(len(self.k), self.k[code, code]))

    def jaccard(self, code: int) -> list[float | None]:
        """Those with both over those with either (Jaccard 1912); None where nobody has either."""
        own = np.diagonal(self.k)
        return _shares(self.k[code], own[code] + own - self.k[code])


@dataclass(frozen=True, slots=True)
class Combination:
    """`k` respondents, `weighted` in all, have exactly the `codes` (indices) and no other."""

    codes: tuple[int, ...]
    k: int
    weighted: float


def overlap(indicators: Sequence[BoolArray], base: BoolArray, weights: FloatArray) -> Overlap:
    """How often codes come together; `indicators` are n each, as are `base` and `weights`."""
    rows = np.flatnonzero(base)
    size = len(indicators)
    both, weighted = np.zeros((size, size)), np.zeros((size, size))
    held = np.zeros(size + 1, dtype=np.int64)
    for start in range(0, rows.size, _ROWS):
        block = rows[start : start + _ROWS]
        table = np.array([line[block] for line in indicators], dtype=np.float64)
        table = table.reshape(size, block.size)
        both += table @ table.T
        weighted += (table * weights[block]) @ table.T
        held += np.bincount(table.sum(axis=0).astype(np.int64), minlength=size + 1)
    last = int(np.flatnonzero(held).max(initial=0))
    counts = np.rint(both).astype(np.int64)
    return Overlap(rows.size, counts, weighted, tuple(held[: last + 1].tolist()))


def combinations(
    indicators: Sequence[BoolArray], base: BoolArray, weights: FloatArray
) -> tuple[Combination, ...]:
    """Every combination of the codes that occurs in the base, the most frequent first.

    Raises InputError for more than 62 codes.
    """
    if len(indicators) > _MOST_CODES:
        raise InputError(f"{len(indicators)} codes are too many for a table of combinations")
    rows = np.flatnonzero(base)
    pattern = np.zeros(rows.size, dtype=np.int64)
    for place, line in enumerate(indicators):
        pattern |= line[rows].astype(np.int64) << place
    found, number, counts = np.unique(pattern, return_inverse=True, return_counts=True)
    weighted = np.bincount(number.ravel(), weights[rows], minlength=found.size)
    every = [
        Combination(tuple(c for c in range(len(indicators)) if p >> c & 1), k, w)
        for p, k, w in zip(found.tolist(), counts.tolist(), weighted.tolist(), strict=True)
    ]
    return tuple(sorted(every, key=lambda one: (-one.k, one.codes)))


def _shares(counts: IntArray, totals: IntArray) -> list[float | None]:
    pairs = zip(counts.tolist(), totals.tolist(), strict=True)
    return [count / total if total else None for count, total in pairs]
