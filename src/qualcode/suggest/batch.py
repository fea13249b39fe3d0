"""Scoring any number of answers in memory that does not grow with them.

Answers come and go in chunks; at most two chunks for each process are under way. What was scored
a while ago is remembered, so each distinct text is scored once as long as it keeps coming.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.errors import QualcodeError
from qualcode.suggest.ranking import selected
from qualcode.suggest.state import from_arrays, to_arrays
from qualcode.text import bare

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.scoring import Scorer

CHUNK = 2_000
_CHUNK_CHARACTERS = 1_000_000
_REMEMBERED = 50_000
_LONGEST_REMEMBERED = 200

Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be scored; `id` is whatever the caller knows it by."""

    id: Hashable
    text: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """The suggestions of one chunk: every code above its threshold and at least the first few.

    `ids` are the chunk's answers in the order they came. `row` (into `ids`), `code` (into the
    classes), `probability` and `is_above` are of one length, by answer and from the best down.
    """

    ids: list[Hashable]
    row: NDArray[np.intp]
    code: NDArray[np.intp]
    probability: NDArray[np.float64]
    is_above: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Chunk:
    ids: list[Hashable]
    keys: list[Key]
    new: list[Key]
    future: Future[NDArray[np.float32]]
    known: dict[Key, NDArray[np.float32]]


def score_all(
    scorer: Scorer, answers: Iterable[Answer], *, top: int = 5, jobs: int = 1, chunk: int = CHUNK
) -> Iterator[Scored]:
    """Score answers in the order they come, with so many processes (1: in this one).

    A caller that writes down how many chunks it has taken can go on from there. Raises
    `QualcodeError` where a scoring process dies.
    """
    remembered: dict[Key, NDArray[np.float32]] = {}
    waiting: deque[_Chunk] = deque()
    with _workers(scorer, jobs) as score:
        try:
            for part in _chunks(answers, chunk):
                waiting.append(_sent(part, score, remembered))
                if len(waiting) > (2 * jobs if jobs > 1 else 0):
                    yield _finished(waiting.popleft(), scorer, top, remembered)
            while waiting:
                yield _finished(waiting.popleft(), scorer, top, remembered)
        except BrokenProcessPool as error:
            raise QualcodeError(
                "a process that scores answers died", hint="try fewer --jobs"
            ) from error


def _chunks(answers: Iterable[Answer], size: int) -> Iterator[list[Answer]]:
    part: list[Answer] = []
    characters = 0
    for answer in answers:
        part.append(answer)
        characters += len(answer.text)
        if len(part) >= size or characters >= _CHUNK_CHARACTERS:
            yield part
            part, characters = [], 0
    if part:
        yield part


def _sent(part: list[Answer], score: Any, remembered: dict[Key, NDArray[np.float32]]) -> _Chunk:
    keys = [(bare(answer.text), answer.context) for answer in part]
    distinct = dict.fromkeys(keys)
    known = {key: remembered[key] for key in distinct if key in remembered}
    new = [key for key in distinct if key not in known]
    return _Chunk([answer.id for answer in part], keys, new, score(new), known)


def _finished(
    part: _Chunk, scorer: Scorer, top: int, remembered: dict[Key, NDArray[np.float32]]
) -> Scored:
    scores = part.future.result()
    if len(remembered) + len(part.new) > _REMEMBERED:
        remembered.clear()
    found = dict(part.known)
    for key, line in zip(part.new, scores, strict=True):
        found[key] = line
        if len(key[0]) <= _LONGEST_REMEMBERED:
            remembered[key] = line.copy()
    p = np.array([found[key] for key in part.keys], dtype=np.float64)
    return Scored(part.ids, *selected(p, scorer.classes, scorer.thresholds, top))


def _score(scorer: Scorer, keys: Sequence[Key]) -> NDArray[np.float32]:
    contexts = [context for _, context in keys] if keys and keys[0][1] else ()
    return scorer.predict_proba([text for text, _ in keys], contexts).astype(np.float32)


_here: list[Scorer] = []
"""The scorer of a worker process."""


def _begin(arrays: dict[str, NDArray[Any]]) -> None:
    _here.append(from_arrays(arrays))


def _score_here(keys: Sequence[Key]) -> NDArray[np.float32]:
    return _score(_here[-1], keys)


@contextmanager
def _workers(scorer: Scorer, jobs: int) -> Iterator[Any]:
    """A function that scores keys, here or in processes of their own, and gives a Future."""
    if jobs <= 1:

        def at_once(keys: list[Key]) -> Future[NDArray[np.float32]]:
            done: Future[NDArray[np.float32]] = Future()
            done.set_result(_score(scorer, keys))
            return done

        yield at_once
        return
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, spawn, initializer=_begin, initargs=(to_arrays(scorer),))
    try:
        yield lambda keys: pool.submit(_score_here, keys)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
