"""Every code as a variable with two categories, applied or not, all codes at once.

The categories of a code are fixed: q = 2, whether or not both occur. A unit's pattern is a number
to the base 3 with one digit per coder: 0 did not see it, 1 saw it and did not apply the code, 2
applied it. The units are put in groups by who saw them, and each coder's use of each code is a
row of bits; how many units of a group have the code from all coders of a subset is a population
count, and from these counts follow, by inclusion and exclusion, those of the patterns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.disagreement import Nominal
from qualcode.agreement.patterns import Patterns, patterns
from qualcode.agreement.sets import WORD

if TYPE_CHECKING:
    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray, IntArray
    from qualcode.agreement.sets import Bits

ABSENT, APPLIED = 0, 1
BINARY = Nominal(2)

_ALL = 6
_BYTES = 8
_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class CodeTables:
    """The patterns of all codes: `weights` (codes × P) counts the units of each pattern."""

    table: Patterns
    weights: FloatArray


def code_tables(codings: Codings) -> CodeTables:
    """Count the patterns of every code over the units."""
    coders, codes = len(codings.coders), len(codings.codes)
    if coders > _ALL:
        rows, index = _found_patterns(codings)
        lines = [np.bincount(line, minlength=rows.shape[0]) for line in index]
        weights = np.array(lines, dtype=np.float64).reshape(codes, rows.shape[0])
        return CodeTables(patterns(rows, BINARY), weights)
    groups = _groups(codings)
    step = max(1, _BLOCK // max(groups.words, 1))
    blocks = [
        _expand(_subsets(codings, groups, start, min(start + step, codes)), groups, coders)
        for start in range(0, codes, step)
    ]
    weights = np.concatenate([np.zeros((0, 3**coders)), *blocks])
    used = np.asarray(weights.any(axis=0))
    return CodeTables(_all_patterns(coders).only(used), weights[:, used])


@lru_cache(maxsize=_ALL + 1)
def _all_patterns(coders: int) -> Patterns:
    ids = np.arange(3**coders)
    digits = [ids // 3**g % 3 for g in range(coders)]
    rows = np.array(digits, dtype=np.intp).reshape(coders, 3**coders).T - 1
    return patterns(rows, BINARY)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Units by who saw them: each unit's place in rows of bits whose groups fill whole words.

    `masks` has a bit for every coder who saw the group, `sizes` its units, `starts` its first word.
    `place` is None where there is one group: the units keep their order.
    """

    masks: list[int]
    sizes: IntArray
    starts: IntArray
    words: int
    place: IntArray | None


def _groups(codings: Codings) -> _Groups:
    mask = np.zeros(codings.units, dtype=np.uint8)
    for g, seen in enumerate(codings.saw.T):
        mask |= seen.view(np.uint8) << np.uint8(g)
    place: IntArray | None = None
    sizes = np.bincount(mask, minlength=1)
    used = np.flatnonzero(sizes)
    filled = -(-sizes[used] // WORD)
    starts = np.cumsum(filled) - filled
    if used.size > 1:
        order = np.argsort(mask, kind="stable")
        place = np.empty(codings.units, dtype=np.intp)
        ahead = np.repeat(starts * WORD - (np.cumsum(sizes[used]) - sizes[used]), sizes[used])
        place[order] = np.arange(codings.units) + ahead
    return _Groups(used.tolist(), sizes[used], starts, int(filled.sum()), place)


def _subsets(codings: Codings, groups: _Groups, start: int, stop: int) -> IntArray:
    """Count the units of each group that all coders of a subset gave the code.

    The result is codes × groups × 2**r, the bits of the last index being the coders.
    """
    codes, length = stop - start, groups.words * WORD
    bits = []
    flags = np.empty(codes * length, dtype=np.bool_)
    for code, unit in codings.marks:
        row, there = code, unit
        if codes < len(codings.codes):
            own = (code >= start) & (code < stop)
            row, there = code[own] - start, unit[own]
        if groups.place is not None:
            there = groups.place[there]
        flags.fill(False)
        flags[row * length + there] = True
        bits.append(np.packbits(flags, bitorder="little").view(np.uint64))
    counts = np.empty((2 ** len(bits), codes, len(groups.masks)), dtype=np.int64)
    counts[0] = groups.sizes
    every: list[Bits] = [np.zeros(0, dtype=np.uint64)] * counts.shape[0]
    for subset in range(1, counts.shape[0]):
        low = (subset & -subset).bit_length() - 1
        rest = subset & (subset - 1)
        every[subset] = bits[low] & every[rest] if rest else bits[low]
        ones = np.bitwise_count(every[subset]).reshape(codes, groups.words)
        counts[subset] = np.add.reduceat(ones, groups.starts, axis=1, dtype=np.int64)
    return counts


def _expand(counts: IntArray, groups: _Groups, coders: int) -> FloatArray:
    """Turn counts of "at least these coders" into counts of patterns (codes × 3**r)."""
    for g in range(coders):
        halves = counts.reshape(2 ** (coders - g - 1), 2, 2**g, *counts.shape[1:])
        halves[:, 0] -= halves[:, 1]
    weights = np.zeros((counts.shape[1], 3**coders))
    for place, mask in enumerate(groups.masks):
        seen = sum(3**g for g in range(coders) if mask >> g & 1)
        for subset in range(2**coders):
            if subset & mask == subset:
                applied = sum(3**g for g in range(coders) if subset >> g & 1)
                weights[:, seen + applied] = counts[subset, :, place]
    return weights


def _found_patterns(codings: Codings) -> tuple[IntArray, list[IntArray]]:
    """Give the patterns that occur (P × r) and, code by code, the pattern of each unit."""
    coders = len(codings.coders)
    width = max(coders, _BYTES)
    kind = np.dtype(np.uint64) if width == _BYTES else np.dtype(f"V{width}")
    saw = np.zeros((codings.units, width), dtype=np.int8)
    saw[:, :coders] = codings.saw
    known: dict[bytes, int] = {}
    index: list[IntArray] = []
    marks = [_by_code(code, unit, len(codings.codes)) for code, unit in codings.marks]
    for k in range(len(codings.codes)):
        rows = saw.copy()
        for g, units in enumerate(marks):
            rows[units[k], g] = 2
        found, back = np.unique(rows.view(kind).ravel(), return_inverse=True)
        place = [known.setdefault(row.tobytes(), len(known)) for row in found]
        index.append(np.array(place, dtype=np.intp)[back])
    digits = np.frombuffer(b"".join(known), dtype=np.int8).reshape(len(known), width)
    found_rows: IntArray = digits[:, :coders].astype(np.intp) - 1
    return found_rows, index


def _by_code(code: IntArray, unit: IntArray, codes: int) -> list[IntArray]:
    """Split the units of one coder by code."""
    order = np.argsort(code, kind="stable")
    return np.split(unit[order], np.searchsorted(code[order], np.arange(1, codes)))
