"""What the cells (code, unit) of a question add up to, unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray, IntArray

_BLOCK = 16_000_000


def unit_sums(codings: Codings, steps: Sequence[int], lookup: FloatArray) -> FloatArray:
    """For every unit the sum over codes of a value that hangs on the state of the cell (n).

    The state of a cell is the sum of `steps` over the coders who applied the code; `lookup`
    (codes × number of coders who saw the unit × states) holds the values.
    """
    seen = codings.seen
    total: FloatArray = lookup[:, :, 0].sum(axis=0)[seen]
    for start, states in _states(codings, steps):
        code, unit = np.divmod(np.flatnonzero(states), max(codings.units, 1))
        state, m = states[code, unit], seen[unit]
        code += start
        extra = lookup[code, m, state] - lookup[code, m, 0]
        total += np.bincount(unit, weights=extra, minlength=codings.units)
    return total


def applied_counts(codings: Codings) -> FloatArray:
    """How many coders applied each code to each unit (n × codes)."""
    counts = np.zeros((len(codings.codes), codings.units))
    for start, states in _states(codings, [1] * len(codings.coders)):
        counts[start : start + states.shape[0]] = states
    return counts.T


def _states(codings: Codings, steps: Sequence[int]) -> Iterator[tuple[int, IntArray]]:
    """Give blocks of codes: the first code and the state of every cell (codes × n)."""
    n, codes = codings.units, len(codings.codes)
    size = max(1, _BLOCK // max(n, 1))
    for start in range(0, codes, size):
        stop = min(start + size, codes)
        states: IntArray = np.zeros((stop - start) * n, dtype=np.min_scalar_type(sum(steps)))
        for (code, unit), step in zip(codings.marks, steps, strict=True):
            own = (code >= start) & (code < stop)
            states[(code[own] - start) * n + unit[own]] += states.dtype.type(step)
        yield start, states.reshape(stop - start, n)
