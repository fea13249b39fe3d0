"""Every code as a variable with two categories, applied or not, all codes at once.

The categories of a code are fixed: q = 2, whether or not both occur. A unit's pattern is a number
to the base 3 with one digit per coder: 0 did not see it, 1 saw it and did not apply the code, 2
applied it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.disagreement import Nominal
from qualcode.agreement.patterns import Patterns, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray, IntArray

ABSENT, APPLIED = 0, 1
BINARY = Nominal(2)

_ALL = 6
_WORD = 8
_BLOCK = 16_000_000


@dataclass(frozen=True, slots=True, eq=False)
class CodeTables:
    """The patterns of all codes: `weights` (codes × P) counts the units of each pattern."""

    table: Patterns
    weights: FloatArray


def code_tables(codings: Codings) -> CodeTables:
    """Count the patterns of every code over the units."""
    coders = len(codings.coders)
    if coders <= _ALL:
        counts = [np.bincount(ids, minlength=3**coders) for ids in _pattern_ids(codings)]
        weights = np.array(counts, dtype=np.float64).reshape(len(codings.codes), 3**coders)
        return CodeTables(_all_patterns(coders), weights)
    rows, index = _found_patterns(codings)
    lines = [np.bincount(line, minlength=rows.shape[0]) for line in index]
    weights = np.array(lines, dtype=np.float64).reshape(len(codings.codes), rows.shape[0])
    return CodeTables(patterns(rows, BINARY), weights)


@lru_cache(maxsize=_ALL + 1)
def _all_patterns(coders: int) -> Patterns:
    ids = np.arange(3**coders)
    digits = [ids // 3**g % 3 for g in range(coders)]
    rows = np.array(digits, dtype=np.intp).reshape(coders, 3**coders).T - 1
    return patterns(rows, BINARY)


def _pattern_ids(codings: Codings) -> Iterator[IntArray]:
    """Give the base-3 number of every unit, a code at a time."""
    coders, n = len(codings.coders), codings.units
    small = np.uint8 if 3**coders <= 256 else np.uint16  # noqa: PLR2004
    powers = 3 ** np.arange(coders)
    base = (codings.saw @ powers).astype(small)
    step = max(1, _BLOCK // max(n, 1))
    for start in range(0, len(codings.codes), step):
        stop = min(start + step, len(codings.codes))
        ids = np.tile(base, stop - start)
        for (code, unit), power in zip(codings.marks, powers.tolist(), strict=True):
            here, there = code, unit
            if stop - start < len(codings.codes):
                own = (code >= start) & (code < stop)
                here, there = code[own], unit[own]
            ids[(here - start) * n + there] += small(power)
        yield from ids.reshape(stop - start, n)


def _found_patterns(codings: Codings) -> tuple[IntArray, list[IntArray]]:
    """Give the patterns that occur (P × r) and, code by code, the pattern of each unit."""
    coders = len(codings.coders)
    width = max(coders, _WORD)
    kind = np.dtype(np.uint64) if width == _WORD else np.dtype(f"V{width}")
    saw = np.zeros((codings.units, width), dtype=np.int8)
    saw[:, :coders] = codings.saw
    known: dict[bytes, int] = {}
    index = []
    marks = [_by_code(code, unit, len(codings.codes)) for code, unit in codings.marks]
    for k in range(len(codings.codes)):
        rows = saw.copy()
        for g, units in enumerate(marks):
            rows[units[k], g] = 2
        found, back = np.unique(rows.view(kind).ravel(), return_inverse=True)
        place = [known.setdefault(row.tobytes(), len(known)) for row in found]
        index.append(np.array(place, dtype=np.intp)[back])
    digits = np.frombuffer(b"".join(known), dtype=np.int8).reshape(len(known), width)
    return digits[:, :coders].astype(np.intp) - 1, index


def _by_code(code: IntArray, unit: IntArray, codes: int) -> list[IntArray]:
    """Split the units of one coder by code."""
    order = np.argsort(code, kind="stable")
    return np.split(unit[order], np.searchsorted(code[order], np.arange(1, codes)))
