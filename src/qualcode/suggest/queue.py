"""Which answer next: orders of the open answers, each with how it was drawn and how probably.

Every random draw goes down one permutation of *all* answers of the question that depends on the
seed alone. Whatever the model does meanwhile, the first d answers of it are a simple random
sample, each drawn with probability d / N; an answer of that part that the uncertain half came
to first belongs to the sample all the same. So a model can steer half of the work and the other
half still carries frequencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.rows import Rows

How = Literal["file", "random", "uncertain", "code"]

_UNCERTAIN_CODES = 3
_CANDIDATES = 10
_MOST_CANDIDATES = 600


@dataclass(frozen=True, slots=True)
class Draw:
    """An answer to be coded: its number among all answers and how it came to its place.

    `place` is its place in the permutation (from 0). `probability` is that with which the random
    draws of this queue reach it, d / N; None where chance did not choose it: such an answer is no
    part of a probability sample.
    """

    answer: int
    how: How
    place: int
    probability: float | None


def permutation(total: int, seed: int) -> NDArray[np.intp]:
    """The order in which chance takes all `total` answers."""
    return np.random.default_rng(seed).permutation(total)


def in_order(still_open: Sequence[int], total: int, seed: int = 0) -> list[Draw]:
    """The open answers in the order of the file."""
    places = np.argsort(permutation(total, seed))
    return [Draw(one, "file", int(places[one]), None) for one in sorted(still_open)]


def shuffled(still_open: Sequence[int], total: int, most: int, seed: int) -> list[Draw]:
    """At most so many open answers as chance takes them; `still_open` are numbers below `total`."""
    order = permutation(total, seed)
    wanted = set(still_open)
    taken = [(place, int(one)) for place, one in enumerate(order) if int(one) in wanted][:most]
    reached = (taken[-1][0] + 1) / total if taken else 0.0
    return [Draw(one, "random", place, reached) for place, one in taken]


def uncertainty(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """How little the model knows of each answer: mean entropy (bits) of its 3 least sure codes."""
    q = np.clip(p, 1e-9, 1 - 1e-9)
    entropy = -(q * np.log2(q) + (1 - q) * np.log2(1 - q))
    return np.asarray(np.sort(entropy, axis=1)[:, -_UNCERTAIN_CODES:].mean(axis=1))


def spread_out(worth: NDArray[np.float64], rows: Rows, most: int) -> list[int]:
    """The numbers of answers worth most that are unlike each other, the best first.

    Greedy: an answer's worth is reduced by its similarity to the nearest one chosen before it.
    """
    kept = min(len(worth), max(most, min(_MOST_CANDIDATES, _CANDIDATES * most)))
    candidates = np.argsort(-worth, kind="stable")[:kept]
    near = rows.take(candidates).gram(rows.take(candidates))
    lengths = np.sqrt(np.maximum(np.diag(near), 1e-12))
    near = near / lengths[:, None] / lengths
    closest = np.zeros(kept)
    left = np.ones(kept, dtype=np.bool_)
    chosen: list[int] = []
    for _ in range(min(most, kept)):
        value = np.where(left, worth[candidates] * (1 - np.clip(closest, 0, 1)), -np.inf)
        best = int(value.argmax())
        left[best] = False
        closest = np.maximum(closest, near[best])
        chosen.append(int(candidates[best]))
    return chosen


def uncertain(
    still_open: Sequence[int],
    total: int,
    p: NDArray[np.float64],
    rows: Rows,
    most: int,
    seed: int,
) -> list[Draw]:
    """Open answers that the model is unsure of, unlike each other.

    `p` (open × codes) and `rows` belong to `still_open`, in that order.
    """
    places = np.argsort(permutation(total, seed))
    found = [still_open[i] for i in spread_out(uncertainty(p), rows, most)]
    return [Draw(one, "uncertain", int(places[one]), None) for one in found]


def more_of(
    still_open: Sequence[int], total: int, p: NDArray[np.float64], most: int, seed: int
) -> list[Draw]:
    """Open answers in which one code is likely, the likeliest first; `p` is its probability."""
    places = np.argsort(permutation(total, seed))
    found = [still_open[i] for i in np.argsort(-p, kind="stable")[:most]]
    return [Draw(one, "code", int(places[one]), None) for one in found]


def half_and_half(
    still_open: Sequence[int],
    total: int,
    p: NDArray[np.float64],
    rows: Rows,
    most: int,
    seed: int,
) -> list[Draw]:
    """By turns an answer that chance takes and one that the model is unsure of.

    The next queue of the same seed goes on down the same permutation. An uncertain answer joins
    the random sample, with the probability of that sample, once a later queue's depth d passes
    its `place`.
    """
    random = shuffled(still_open, total, (most + 1) // 2, seed)
    taken = {draw.answer for draw in random}
    rest = [i for i, one in enumerate(still_open) if one not in taken]
    steered = uncertain(
        [still_open[i] for i in rest], total, p[rest], rows.take(rest), most // 2, seed
    )
    mixed: list[Draw] = []
    for turn in range(max(len(random), len(steered))):
        mixed += random[turn : turn + 1] + steered[turn : turn + 1]
    return mixed
