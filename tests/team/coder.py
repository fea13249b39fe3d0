"""A coder at work: `python -m team.coder STUDY CODER MOST`.

Codes what a split left open, then so many open answers of their own queue, and says the name of
each respondent as soon as that answer is decided.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qualcode import Study
from qualcode.model import Filter
from team import world

if TYPE_CHECKING:
    from qualcode.study import CodingSession


def code(session: CodingSession, response_id: int) -> None:
    """Put on an answer what its coder takes it to be about, and decide it."""
    answer = session.answer(response_id)
    by_path = {one.path: one.id for one in session.codes if not one.is_retired}
    wanted = world.found(session.coder.name, world.number_of(answer.response.respondent))
    if world.COST in by_path:
        wanted = world.before_the_split(wanted)
    for path in sorted(wanted):
        # A process that was killed may have left an answer half coded.
        if by_path[path] not in session.answer(response_id).state.whole:
            session.toggle(response_id, by_path[path])
    session.decide(response_id)
    sys.stdout.write(f"{answer.response.respondent}\n")
    sys.stdout.flush()


def main() -> None:
    """Work."""
    path, name, most = sys.argv[1:]
    with Study.open(path) as study:
        session, _ = study.session(name, "why")
        for response_id in session.queue(Filter("split")):
            code(session, response_id)
        mine = session.queue(Filter("assigned"))
        left = [one for one in mine if not session.answer(one).state.is_decided]
        for response_id in left[: int(most)]:
            code(session, response_id)


if __name__ == "__main__":
    main()
