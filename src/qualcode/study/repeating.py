"""Which answers a coder codes a second time without being told, and where they come.

Chance draws them from the coder's own queue: the same order for every share, so that a larger one
keeps what was drawn before. A repeat comes some places behind the first time and behind all that
the coder has decided when it is drawn; the last answers of a queue, behind which there is not
enough room, are not drawn.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from qualcode.store.repeats import Repeat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.store.repeats import Assigned

DISTANCE = 20
"""Answers between the two times, at the least; half the queue where that is less."""


def draw(
    queue: Sequence[Assigned], coder: tuple[int, str], share: float, seed: int
) -> list[Repeat]:
    """What is to be coded again besides what is already, so that it is a share of the queue.

    `queue` is in order; the coder is given as id and name.
    """
    distance = max(1, min(DISTANCE, len(queue) // 2))
    eligible = queue[: len(queue) - distance]
    number, name = coder
    there = sum(one.is_repeated for one in queue)
    wanted = round(share * len(queue)) - there
    free = [one for one in eligible if not one.is_repeated]
    chosen = sorted(free, key=lambda one: _chance(one, name, seed))[: max(wanted, 0)]
    if not chosen:
        return []
    done = max((one.rank for one in queue if one.is_decided), default=0)
    probability = min((there + len(chosen)) / len(eligible), 1.0)
    return [
        Repeat(
            one.respondent_id,
            number,
            _place(one, distance, done, queue[-1].rank, len(chosen), name, seed) - one.rank,
            probability,
        )
        for one in chosen
    ]


def _place(
    one: Assigned, distance: int, done: int, last: int, several: int, name: str, seed: int
) -> int:
    """A place from the nearest that may be to the end, or among the others behind the end."""
    nearest = max(one.rank + distance, done + 1)
    room = max(last, nearest + several) - nearest + 1
    return nearest + _chance(one, f"{name} place", seed) % room


def _chance(one: Assigned, name: str, seed: int) -> int:
    """A number that depends on the seed, the coder and whose answer it is."""
    text = f"{name}\0{one.respondent}".encode("utf-8", "surrogatepass")
    key = seed.to_bytes(8, "little")
    return int.from_bytes(blake2b(text, key=key, digest_size=8, person=b"again").digest())
