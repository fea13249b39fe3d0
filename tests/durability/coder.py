"""A tireless coder: random acts on random answers, each told as soon as its verb returns."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.model import Change
    from qualcode.study import CodingSession


def acts(session: CodingSession, seed: int) -> Iterator[Change]:
    """What was done, step by step, for ever; `Change` is what the coder was told."""
    draw = random.Random(seed)
    ids = session.queue()
    codes = list(session.code_by_id)
    while True:
        where = draw.choice(ids)
        match draw.randrange(9):
            case 0:
                change = session.undo()
            case 1:
                change = session.redo()
            case 2:
                change = session.flag(where)
            case 3:
                change = session.write_memo(where, f"memo {draw.random()}")
            case 4:
                change = session.decide(where, then=draw.choice(ids))
            case 5:
                change = session.repeat_last(where)
            case 6:
                change = session.toggle(where, draw.choice(codes), (0, draw.randint(1, 80)))
            case _:
                change = session.toggle(where, draw.choice(codes))
        if change:
            yield change
