"""Whether alpha differs between two batches of answers, or before and after a change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from qualcode.agreement.binary import code_tables
from qualcode.agreement.bootstrap import generator, resampled
from qualcode.agreement.cells import applied_counts
from qualcode.agreement.classes import Classes, code_classes, united
from qualcode.agreement.correction import benjamini_hochberg, holm
from qualcode.agreement.drift import permutation_p
from qualcode.agreement.intervals import percentiles
from qualcode.agreement.overall import reason_of
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray
    from qualcode.model import Estimate


@dataclass(frozen=True, slots=True)
class Difference:
    """Alpha of one code: `first`, `second`, and second less first with its interval.

    `p` is two-sided: a permutation of units between independent batches, or for paired ones the
    share of resamples on the other side of 0, doubled. `p_holm`, `p_bh`: over the codes.
    """

    code: str
    first: float | None
    second: float | None
    difference: Estimate
    p: float | None
    p_holm: float | None
    p_bh: float | None


def compare_batches(
    first: Codings, second: Codings, resamples: int = 2000, seed: int = 0, *, paired: bool = False
) -> tuple[Difference, ...]:
    """Alpha in `second` less alpha in `first`, code by code.

    Independent batches are resampled each on its own and tested by permuting units between
    them. `paired` are the same units in the same order coded twice: both alphas of a resample
    come from the same draw of units. Raises InputError where the codes differ, or paired
    batches have not the same number of units.
    """
    if first.codes != second.codes:
        raise InputError("the two batches have different codes", hint="give both the same codes")
    if paired and first.units != second.units:
        raise InputError(
            f"{first.units} units cannot be paired with {second.units}",
            hint="give the same units in the same order, or leave out paired",
        )
    found = list((_paired if paired else _independent)(first, second, resamples, seed))
    ps = [p for _, _, _, p in found]
    return tuple(
        Difference(code, *line, p_holm, p_bh)
        for code, line, p_holm, p_bh in zip(
            first.codes, found, holm(ps), benjamini_hochberg(ps), strict=True
        )
    )


_Line: TypeAlias = "tuple[float | None, float | None, Estimate, float | None]"


def _independent(first: Codings, second: Codings, resamples: int, seed: int) -> Iterator[_Line]:
    classes, ones, others = united(
        code_classes(code_tables(first)), code_classes(code_tables(second))
    )
    reason = reason_of(first) or reason_of(second)
    rng = generator(seed)
    for k, (one, other) in enumerate(zip(ones, others, strict=True)):
        a, b = classes.alpha(np.stack([one, other])).tolist()
        p, drawn = None, np.zeros(0)
        if not np.isnan(b - a):
            p = permutation_p(classes, one + other, one, resamples, rng)
            seeds = (2 * (seed + k), 2 * (seed + k) + 1)
            draws = [
                _drawn(classes, counts, resamples, s)
                for counts, s in zip((one, other), seeds, strict=True)
            ]
            drawn = draws[1] - draws[0]
        yield _known(a), _known(b), percentiles(b - a, drawn, reason), p


def _drawn(classes: Classes, counts: FloatArray, resamples: int, seed: int) -> FloatArray:
    blocks = resampled(counts.astype(np.int64), resamples, seed)
    return np.concatenate([classes.alpha(weights) for weights in blocks])


def _paired(first: Codings, second: Codings, resamples: int, seed: int) -> Iterator[_Line]:
    reason = reason_of(first) or reason_of(second)
    before, after = applied_counts(first), applied_counts(second)
    given = [(c.seen * c.pairable).astype(np.float64) for c in (first, second)]
    for k in range(len(first.codes)):
        own = (before[:, k] * first.pairable, after[:, k] * second.pairable)
        units = np.column_stack([given[0], own[0], given[1], own[1]])
        kinds, counts = np.unique(units, axis=0, return_counts=True)
        nothing = np.zeros((0, counts.size))
        one, other = (Classes(kinds[:, c + 1], kinds[:, c], nothing) for c in (0, 2))
        everything = counts[None].astype(np.float64)
        a, b = float(one.alpha(everything)[0]), float(other.alpha(everything)[0])
        p, drawn = None, np.zeros(0)
        if not np.isnan(b - a):
            blocks = resampled(counts, resamples, seed + k)
            drawn = np.concatenate([other.alpha(w) - one.alpha(w) for w in blocks])
            p = _beyond(drawn)
        yield _known(a), _known(b), percentiles(b - a, drawn, reason), p


def _beyond(drawn: FloatArray) -> float:
    """Give twice the share of resampled differences on the far side of 0 (Efron 1993, ch. 16)."""
    kept = drawn[~np.isnan(drawn)]
    below, above = 1 + (kept <= 0).sum(), 1 + (kept >= 0).sum()
    return min(1.0, float(2 * min(below, above) / (kept.size + 1)))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
