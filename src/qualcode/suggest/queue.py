"""Which answer next: orders of the open answers, each with how it was drawn and how probably.

Every random draw goes down one order of *all* answers of the question that depends on the seed
and on whose answers they are, on nothing else: permanent random numbers (Ohlsson 1995). Whatever
the model does meanwhile, the first d answers of it are a simple random sample, each drawn with
probability d / N; an answer of that part that the uncertain half came to first belongs to the
sample all the same. So a model can steer half of the work and the other half still carries
frequencies, answers that arrive later find their place, and two coders draw the same sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.rows import Rows

How = Literal["random", "uncertain", "code"]

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


def order_of_chance(names: Iterable[str], seed: int) -> NDArray[np.intp]:
    """The numbers of all answers in the order in which chance takes them.

    `names` say whose they are; each name and the seed give a number, and the least comes first.
    """
    key = seed.to_bytes(8, "little")
    digests = b"".join(
        blake2b(name.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
        for name in names
    )
    return np.argsort(np.frombuffer(digests, "<u8"), kind="stable")


def shuffled(still_open: Collection[int], order: NDArray[np.intp], most: int) -> list[Draw]:
    """At most so many open answers, as chance takes them."""
    wanted = np.zeros(len(order), dtype=np.bool_)
    wanted[list(still_open)] = True
    places = np.flatnonzero(wanted[order])[:most]
    reached = float(places[-1] + 1) / len(order) if len(places) else 0.0
    return [Draw(int(order[place]), "random", int(place), reached) for place in places]


def _placed(answers: Sequence[int], order: NDArray[np.intp]) -> list[tuple[int, int]]:
    places = np.argsort(order)
    return [(one, int(places[one])) for one in answers]


def _steered(answer: int, how: How, place: int) -> Draw:
    return Draw(answer, how, place, None)


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
    candidates: Sequence[int],
    order: NDArray[np.intp],
    p: NDArray[np.float64],
    rows: Rows,
    most: int,
) -> list[Draw]:
    """Those of the candidates that the model is unsure of, unlike each other.

    `p` (candidates × codes) and `rows` belong to `candidates`, in that order.
    """
    found = [candidates[i] for i in spread_out(uncertainty(p), rows, most)]
    return [_steered(one, "uncertain", place) for one, place in _placed(found, order)]


def more_of(
    candidates: Sequence[int], order: NDArray[np.intp], p: NDArray[np.float64], most: int
) -> list[Draw]:
    """Those of the candidates in which one code is likeliest; `p` is its probability in each."""
    found = [candidates[i] for i in np.argsort(-p, kind="stable")[:most]]
    return [_steered(one, "code", place) for one, place in _placed(found, order)]


def half_and_half(random: Sequence[Draw], steered: Sequence[Draw]) -> list[Draw]:
    """By turns an answer that chance takes and one that the model is unsure of.

    An answer in both is drawn by chance. The next queue of the same seed goes on down the same
    order; a steered answer joins the random sample, with the probability of that sample, once a
    later queue's depth d passes its `place`.
    """
    taken = {draw.answer for draw in random}
    rest = [draw for draw in steered if draw.answer not in taken]
    mixed: list[Draw] = []
    for turn in range(max(len(random), len(rest))):
        mixed += [*random[turn : turn + 1], *rest[turn : turn + 1]]
    return mixed
