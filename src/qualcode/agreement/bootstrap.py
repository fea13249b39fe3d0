"""The unit bootstrap: units are drawn with replacement, each with all of its ratings.

To draw n units is to draw how often each rating pattern occurs, from a multinomial distribution
(Efron & Tibshirani 1993, ch. 6; for agreement Zapf et al. 2016). Draws come in blocks, so memory
stays bounded however many patterns there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qualcode.agreement.disagreement import FloatArray, IntArray

_BLOCK, _LINES = 16_384, 16
MANY_LINES = 256
"""Lines of a block where each block costs a pass over the distances of all label sets."""


def resampled(
    counts: IntArray, resamples: int, seed: int, *, size: int | None = None, lines: int = _LINES
) -> Iterator[FloatArray]:
    """Blocks of weights (… × P), `resamples` lines in all, drawn from patterns `counts` (P).

    Each line sums to `size`, by default the number of units there are; a block has `lines` or
    more. The same `seed` gives the same lines. Raises InputError where `resamples` is below 2.
    """
    check(resamples)
    rng = generator(seed)
    n = int(counts.sum())
    chances = counts / max(n, 1)
    block = max(lines, _BLOCK // max(counts.size, 1))  # stays in a processor's cache
    for start in range(0, resamples, block):
        wanted = min(block, resamples - start)
        if n:
            yield rng.multinomial(size or n, chances, size=wanted).astype(np.float64)
        else:
            yield np.zeros((wanted, counts.size))


def generator(seed: int) -> np.random.Generator:
    """The random numbers of a `seed`; InputError where it is below 0."""
    if seed < 0:
        raise InputError(f"the seed {seed} is below 0", hint="take a whole number from 0 up")
    return np.random.default_rng(seed)


def check(resamples: int) -> None:
    """Raise InputError where no interval can come of so few `resamples`."""
    if resamples < 2:  # noqa: PLR2004
        raise InputError(
            f"{resamples} resamples give no interval", hint="take 2,000 or more resamples"
        )


def draw(
    counts: IntArray,
    resamples: int,
    seed: int,
    statistic: Callable[[FloatArray], dict[str, FloatArray]],
    lines: int = _LINES,
) -> dict[str, FloatArray]:
    """The values of a `statistic` of weights (B × P → B values by name) in every resample.

    Patterns that do not occur must not be among the `counts`.
    """
    parts = [statistic(weights) for weights in resampled(counts, resamples, seed, lines=lines)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
