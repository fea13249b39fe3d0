"""A coder's queue without the screen: choose it, draw for it, list it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.store import queues
from qualcode.study.suggestions import configured, learning
from qualcode.study.suggestions.drawing import Guide, draw

if TYPE_CHECKING:
    from qualcode.store.queues import Listed, Queue
    from qualcode.study import CodingSession, Study


def extend(study: Study, session: CodingSession, most: int) -> int:
    """Draw so many more answers for the queue in use; how many there were.

    Raises `InputError` where a model has to steer it and there is no code to suggest.
    """
    queue = session.drawn_queue
    if queue is None or most < 1:
        return 0
    guide = None if queue.kind == "random" else _guide(study, session)
    drawn = draw(study.database, session.coder, session.question, queue, most, guide)
    return session.add_draws(queue.id, drawn)


def _guide(study: Study, session: CodingSession) -> Guide:
    stated = configured.read(study.database)
    known = learning.learnable(study.database, session.question, stated, seed=0)
    model = learning.prepared(known, seed=0, vectors=None)
    given = learning.labels(study.database, known, coder_id=session.coder.id)
    return Guide(learning.taught(model, given), known)


def listed(study: Study, session: CodingSession) -> tuple[Queue | None, list[Listed]]:
    """The queue in use and what was drawn for it, in order."""
    queue = session.drawn_queue
    return queue, queues.listed(study.database, queue, session.coder.id) if queue else []
