"""Drawing the next answers of a coder's queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.errors import NotFound
from qualcode.model import Drawn
from qualcode.store import learning, queues
from qualcode.study.suggestions.learning import columns
from qualcode.suggest import half_and_half, more_of, order_of_chance, shuffled, uncertain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Coder, Question
    from qualcode.store.connection import Database
    from qualcode.store.queues import Queue
    from qualcode.study.suggestions.learning import Learnable
    from qualcode.suggest import Draw, Suggester

LOOKED_AT = 2_000
"""Open answers among which a model looks for the next; of more, those that chance takes first."""


@dataclass(frozen=True, slots=True)
class Guide:
    """The model that steers a queue, what it was made from, and the answers it learned from."""

    model: Suggester
    known: Learnable
    learned: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Pool:
    """All answers of a question in the order of the file, the order of chance, the open ones."""

    ids: Sequence[int]
    order: Any
    still_open: Sequence[int]


def draw(
    database: Database,
    coder: Coder,
    question: Question,
    queue: Queue,
    most: int,
    guide: Guide | None = None,
) -> list[Drawn]:
    """The next answers of a queue, at most so many; nothing is written.

    Every queue but a random one needs a guide. Raises `NotFound` where the code that is sought
    is none that the guide knows.
    """
    pool = _pool(database, coder, question, queue)
    if queue.kind == "random" or guide is None:
        chosen = shuffled(pool.still_open, pool.order, most)
    elif queue.kind == "half":
        random = shuffled(pool.still_open, pool.order, (most + 1) // 2)
        taken = {one.answer for one in random}
        rest = [one for one in pool.still_open if one not in taken]
        chosen = half_and_half(random, _steered(database, pool, rest, queue, most // 2, guide))
    else:
        chosen = _steered(database, pool, pool.still_open, queue, most, guide)
    return [_drawn(one, pool.ids, is_half=queue.kind == "half") for one in chosen]


def _pool(database: Database, coder: Coder, question: Question, queue: Queue) -> _Pool:
    ids, names = queues.population(database, question.id)
    order = order_of_chance((f"{question.key}\0{name}" for name in names), queue.seed)
    number = {response_id: place for place, response_id in enumerate(ids)}
    waiting = queues.to_draw(database, queue, coder.id, question.id)
    return _Pool(ids, order, [number[one] for one in waiting])


def _steered(
    database: Database,
    pool: _Pool,
    among: Sequence[int],
    queue: Queue,
    most: int,
    guide: Guide,
) -> list[Draw]:
    candidates = [one.answer for one in shuffled(among, pool.order, LOOKED_AT)]
    context = guide.known.configured.context_of(guide.known.question.key)
    answers = learning.texts(database, [pool.ids[one] for one in candidates], context)
    texts, contexts = columns(answers)
    p = guide.model.predict_proba(texts, contexts)
    if queue.kind == "code":
        return more_of(candidates, pool.order, p[:, _column(queue, guide)], most)
    rows = guide.model.scorer_.features.transform(texts, contexts)
    return uncertain(candidates, pool.order, p, rows, most)


def _column(queue: Queue, guide: Guide) -> int:
    paths = guide.model.classes_.tolist()
    path = guide.known.path_of.get(queue.code_id, "")
    if path not in paths:
        raise NotFound("the code that the queue looks for is retired or gone")
    return int(paths.index(path))


def _drawn(one: Draw, ids: Sequence[int], *, is_half: bool) -> Drawn:
    is_blind = is_half and one.how == "random"
    return Drawn(ids[one.answer], one.how, one.place, len(ids), one.probability, is_blind)
