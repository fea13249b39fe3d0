"""The process that suggests while a coder codes: it only reads the study, and never codes.

It learns from what this coder has coded and from nobody else, so that one coder's judgement
cannot reach another's. Requests come as lines on stdin, what it has to say goes to stdout; it
ends with its parent, whose end closes stdin.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.model import Hint, Suggested
from qualcode.store import learning, queues
from qualcode.study import Study
from qualcode.study.suggestions import configured
from qualcode.study.suggestions import learning as lessons
from qualcode.study.suggestions.drawing import Guide, draw
from qualcode.study.suggestions.messages import (
    Draw,
    Draws,
    Hinted,
    Learn,
    Learned,
    Refused,
    Score,
    packed,
    unpacked,
)
from qualcode.suggest import explain, ranked

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.model import Coder, Question
    from qualcode.store.learning import Text
    from qualcode.study.suggestions.learning import Labels, Learnable
    from qualcode.study.suggestions.messages import Message

SEED = 0
SHOWN = 9
EXPLAINED = 4
_REST = 3.0
"""After learning, so many times as long as it took is left to others."""
_LONGEST_REST = 10.0


@dataclass(frozen=True, slots=True)
class _Over:
    """The parent has gone."""


@dataclass(frozen=True, slots=True)
class _Failed:
    reason: str


_Event = Score | Learn | Draw | Guide | _Over | _Failed


@dataclass
class Companion:
    """What there is to do; two threads put events into it, the main one takes them out."""

    path: Path
    question: str
    coder: str
    say: Callable[[Message], None]
    events: SimpleQueue[_Event] = field(default_factory=SimpleQueue)
    has_coded: threading.Event = field(default_factory=threading.Event)
    guide: Guide | None = None
    wanted: list[int] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)

    def work(self) -> None:
        """Answer requests until there are no more."""
        with Study.open(self.path, readonly=True) as study:
            while True:
                event = self.events.get()
                match event:
                    case _Over():
                        return
                    case _Failed(reason):
                        self.say(Refused(reason))
                        return
                    case Score(ids):
                        self.wanted = list(ids)
                    case Learn():
                        self.has_coded.set()
                    case Draw():
                        self.draws.append(event)
                    case Guide():
                        self.guide = event
                        self.say(Learned(event.model.scorer_.labels))
                if self.guide and self.events.empty():
                    self._serve(study, self.guide)

    def _serve(self, study: Study, guide: Guide) -> None:
        while self.wanted and self.events.empty():
            one = self.wanted.pop(0)
            # An answer that comes a second time has a negative id.
            if -one in guide.learned:
                continue
            found = learning.texts(study.database, [abs(one)], _context(guide.known))
            for answer in found:
                self.say(Hinted(hint(guide, replace(answer, id=one))))
        while self.draws and self.events.empty():
            self._draw(study, guide, self.draws.pop())
            self.draws.clear()

    def _draw(self, study: Study, guide: Guide, wanted: Draw) -> None:
        coder, question = study.coder(self.coder), study.question(self.question)
        queue = queues.in_use(study.database, coder.id, question.id)
        if queue and queue.id == wanted.queue_id:
            drawn = draw(study.database, coder, question, queue, wanted.most, guide)
            self.say(Draws(queue.id, drawn))


def hint(guide: Guide, answer: Text) -> Hint:
    """What a model suggests for an answer, and why."""
    scorer = guide.model.scorer_
    contexts = [answer.context] if answer.context else ()
    p = scorer.predict_proba([answer.text], contexts)[0]
    found = ranked(
        p, scorer.classes, scorer.thresholds, is_calibrated=scorer.is_calibrated, most=SHOWN
    )
    ids = guide.known.id_of
    suggested = []
    for rank, one in enumerate(found):
        words: tuple[tuple[int, int], ...] = ()
        example = ""
        if rank < EXPLAINED:
            why = explain(guide.model, answer.text, one.code, answer.context)
            words = tuple((word.start, word.end) for word in why.words)
            example = why.example.text if why.example else ""
        suggested.append(
            Suggested(
                ids[one.code],
                one.probability,
                one.wording,
                one.is_above,
                one.is_family,
                words,
                example,
            )
        )
    return Hint(answer.id, scorer.labels, scorer.is_calibrated, tuple(suggested))


def _context(known: Learnable) -> tuple[str, ...]:
    return known.configured.context_of(known.question.key)


def _listen(events: SimpleQueue[_Event]) -> None:
    for line in sys.stdin.buffer:
        message = unpacked(line)
        if isinstance(message, Score | Learn | Draw):
            events.put(message)
    events.put(_Over())


@dataclass
class Learner:
    """Keeps a model up to date with what the coder has coded; a thread with a file of its own."""

    companion: Companion

    def learn(self) -> None:
        """Learn anew whenever the coder has coded, until the process ends."""
        try:
            with Study.open(self.companion.path, readonly=True) as study:
                self._follow(study)
        except QualcodeError as error:
            self.companion.events.put(_Failed(error.message))

    def _follow(self, study: Study) -> None:
        coder, question = study.coder(self.companion.coder), study.question(self.companion.question)
        lesson = _Lesson(study, coder, question)
        while True:
            begun = time.monotonic()
            guide = lesson.next()
            if guide:
                self.companion.events.put(guide)
            took = time.monotonic() - begun
            self.companion.has_coded.wait()
            time.sleep(min(_REST * took, _LONGEST_REST))
            self.companion.has_coded.clear()


class _Lesson:
    """What was read and learned so far; read anew when the codebook has changed."""

    def __init__(self, study: Study, coder: Coder, question: Question) -> None:
        self._study, self._coder, self._question = study, coder, question
        self._known: Learnable | None = None
        self._labels: Labels | None = None

    def next(self) -> Guide | None:
        """A model that knows what is coded now; None if the last one does."""
        database = self._study.database
        stated = configured.read(database)
        is_new = self._known is None or not lessons.is_current(database, self._known, stated)
        if is_new:
            self._known = lessons.learnable(database, self._question, stated, seed=SEED)
            self._model = lessons.prepared(self._known, seed=SEED, vectors=None)
        assert self._known is not None  # noqa: S101
        given = lessons.labels(database, self._known, coder_id=self._coder.id)
        if not is_new and given == self._labels:
            return None
        self._labels = given
        learned = frozenset(answer.id for answer in given.answers)
        return Guide(lessons.taught(self._model, given), self._known, learned)


def main(path: str, question: str, coder: str) -> None:
    """Suggest for a coder until stdin is closed."""
    with suppress(OSError, AttributeError):
        os.nice(10)
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # Nothing that a library prints may come among the messages.

    def say(message: Message) -> None:
        output.write(packed(message))
        output.flush()

    companion = Companion(Path(path), question, coder, say)
    threading.Thread(target=_listen, args=(companion.events,), daemon=True).start()
    threading.Thread(target=Learner(companion).learn, daemon=True).start()
    with suppress(BrokenPipeError):
        companion.work()
    os._exit(0)  # A thread may be learning; nothing here is left to write.


if __name__ == "__main__":
    main(*sys.argv[1:])
