"""Who scores the chunks of a batch: this process, or processes of its own.

Chunks are dealt out by turns and come back in the order in which they were sent. A worker ends
as soon as nobody is left at the other end of its pipe, and never hears of Ctrl-C: what becomes
of a batch is decided in the process that asked for it.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.errors import QualcodeError
from qualcode.suggest.carrying import Carriers
from qualcode.suggest.ranking import selected
from qualcode.suggest.state import from_arrays, to_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from numpy.typing import NDArray

    from qualcode.suggest.scoring import Scorer

Key = tuple[str, tuple[str, ...]]
"""What a score depends on: a text, bare, and its context."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of some texts: `scores` (texts × codes), and the words that carry codes.

    A line of `words` is the number of a text, of a code above its threshold, a start and an end
    in the text; in that order.
    """

    scores: NDArray[np.float32]
    words: NDArray[np.int32]


class Here:
    """Scores in this process, each chunk when its result is asked for."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._carriers = Carriers(scorer)
        self._sent: deque[Sequence[Key]] = deque()

    def send(self, keys: Sequence[Key]) -> None:
        """Take a chunk."""
        self._sent.append(keys)

    def receive(self) -> Found:
        """The result of the first chunk whose result was not asked for yet."""
        return _score(self._scorer, self._carriers, self._sent.popleft())


@contextmanager
def workers(scorer: Scorer, jobs: int) -> Iterator[Here | Workers]:
    """So many processes (1: this one) for as long as the context lasts."""
    if jobs <= 1:
        yield Here(scorer)
        return
    crew = Workers()
    try:
        crew.start(scorer, jobs)
        yield crew
    finally:
        crew.stop()


class Workers:
    """Processes that score. Raises `QualcodeError` where one of them died."""

    def __init__(self) -> None:
        self._crew: list[tuple[BaseProcess, Connection, Connection]] = []
        self._turns: deque[Connection] = deque()
        self._sent = 0

    def start(self, scorer: Scorer, jobs: int) -> None:
        """Start so many processes."""
        spawn = multiprocessing.get_context("spawn")
        arrays = to_arrays(scorer)
        for _ in range(jobs):
            chunks, to_worker = spawn.Pipe(duplex=False)
            from_worker, results = spawn.Pipe(duplex=False)
            process = spawn.Process(target=_work, args=(chunks, results), daemon=True)
            self._crew.append((process, to_worker, from_worker))
            with _deaf():
                process.start()
            chunks.close()
            results.close()
        for _, to_worker, _ in self._crew:
            self._tell(to_worker, arrays)

    def send(self, keys: Sequence[Key]) -> None:
        """Give a chunk to the worker whose turn it is."""
        _, to_worker, from_worker = self._crew[self._sent % len(self._crew)]
        self._sent += 1
        self._turns.append(from_worker)
        self._tell(to_worker, keys)

    def receive(self) -> Found:
        """The result of the first chunk whose result was not asked for yet."""
        try:
            found = self._turns.popleft().recv()
        except (EOFError, OSError) as error:
            raise _died() from error
        assert isinstance(found, Found)  # noqa: S101 - pipes carry anything
        return found

    def stop(self) -> None:
        """End all processes at once, whatever they are doing."""
        for process, *pipes in self._crew:
            if process.pid is not None:
                process.terminate()
                process.join()
            for pipe in pipes:
                pipe.close()

    def _tell(self, to_worker: Connection, what: Any) -> None:
        try:
            to_worker.send(what)
        except OSError as error:
            raise _died() from error


def _died() -> QualcodeError:
    return QualcodeError("a process that scores answers died", hint="try fewer --jobs")


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C; this one hears it afterwards."""
    heard: list[int] = []
    before = None
    if threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        with _blocked():
            yield
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _blocked() -> Iterator[None]:
    """Processes inherit that Ctrl-C is blocked, before they could run a line that ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # To start it later would let the signal through again.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(chunks: Connection, results: Connection) -> None:
    """Score until there is nobody to score for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scorer = from_arrays(chunks.recv())
    carriers = Carriers(scorer)
    waiting: queue.SimpleQueue[Sequence[Key]] = queue.SimpleQueue()
    # Chunks are read by a thread, so that two full pipes cannot wait for each other.
    threading.Thread(target=_read, args=(chunks, waiting), daemon=True).start()
    while True:
        results.send(_score(scorer, carriers, waiting.get()))


def _read(chunks: Connection, waiting: queue.SimpleQueue[Sequence[Key]]) -> None:
    while True:
        try:
            waiting.put(chunks.recv())
        except (EOFError, OSError):
            os._exit(0)


def _score(scorer: Scorer, carriers: Carriers, keys: Sequence[Key]) -> Found:
    texts = [text for text, _ in keys]
    contexts = [context for _, context in keys] if keys and keys[0][1] else ()
    scores = scorer.predict_proba(texts, contexts).astype(np.float32)
    p = scores.astype(np.float64)
    rows, codes, _, is_above = selected(p, scorer.classes, scorer.thresholds, top=0)
    assert is_above.all()  # noqa: S101 - no other was asked for
    words = carriers.find(texts, rows, _speaking(p, rows, codes, scorer))
    pair = words[:, 0]
    return Found(scores, np.column_stack([rows[pair], codes[pair], words[:, 1:]]).astype(np.int32))


def _speaking(
    p: NDArray[np.float64], rows: NDArray[np.intp], codes: NDArray[np.intp], scorer: Scorer
) -> NDArray[np.intp]:
    """The codes whose words count: of a parent that stands for its family, its likeliest code."""
    speaking = codes.copy()
    for place in np.flatnonzero(p[rows, codes] < scorer.thresholds[codes]):
        members = np.flatnonzero(scorer.classes.family[codes[place]])
        speaking[place] = members[p[rows[place], members].argmax()]
    return speaking
