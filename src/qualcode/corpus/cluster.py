"""A running Dask cluster as an engine.

Tasks carry the path of a piece and never its answers; what comes back are counts and marks. A
worker that dies loses the task under way, which the scheduler gives to another. What goes wrong
in a task comes back as one line: Dask would log the values that it happened to.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import secrets
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, TypeVar

from qualcode import crash
from qualcode.errors import InputError, MissingExtra, QualcodeError

try:
    import dask
    from distributed import CancelledError, Client, Security
    from distributed.comm.core import connect
    from distributed.scheduler import KilledWorker
except ImportError as error:
    raise MissingExtra("scoring on a Dask cluster", "dask") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from qualcode.corpus.pieces import Piece

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds in which a scheduler has to answer, and has to have a worker."""
_LONGEST_WITHOUT_WORKERS = 60.0
_AT_ONCE = 256
"""Tasks that the scheduler knows of; more would fill its memory and help nobody."""
_LOOK = 0.5

_CONFIG = {
    "distributed.comm.timeouts.connect": f"{PATIENCE:.0f}s",
    # The model is an argument of a task, so that the scheduler can give it to any later worker.
    "distributed.admin.large-graph-warning-threshold": "4GiB",
}


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """The cluster of a scheduler for as long as the context lasts.

    Raises `InputError` for an address that is none, `QualcodeError` where no scheduler answers or
    where it has no worker.
    """
    _keep_quiet()
    with dask.config.set(_CONFIG):
        client = _connected(address)
        try:
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                raise QualcodeError(
                    f"the scheduler at {address} has no worker",
                    hint=f"start one: dask worker {address}",
                ) from None
            yield Cluster(client, address)
        finally:
            client.close(timeout=PATIENCE)


def _keep_quiet() -> None:
    """Let Dask say nothing by itself: what has to be said is raised."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _connected(address: str) -> Any:
    try:
        asyncio.run(_reach(address))
        return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError):
        raise QualcodeError(
            f"no scheduler answers at {address}",
            hint="`dask scheduler` starts one and prints its address",
        ) from None
    except (ValueError, TypeError, RuntimeError):
        if address.startswith("tls://"):
            raise InputError(
                f"no certificate is configured for {address}",
                hint="Dask's own configuration names it, under distributed.comm.tls",
            ) from None
        raise InputError(
            f"“{address}” is no address of a scheduler", hint="write it like tcp://HOST:8786"
        ) from None


async def _reach(address: str) -> None:
    """Greet whoever listens.

    A client would wait for ever for the greeting of what is no scheduler, and one that fails at an
    odd address cannot be closed any more.
    """
    known: Any = Security()  # type: ignore[no-untyped-call]
    meeting = connect(  # type: ignore[no-untyped-call]
        address, timeout=PATIENCE, **known.get_connection_args("client")
    )
    met = await asyncio.wait_for(meeting, PATIENCE)
    await met.close()


@dataclass(frozen=True, slots=True)
class _Failure:
    """What went wrong in a task, as an error that is raised where the person is."""

    message: str
    hint: str
    exit_code: int

    def error(self) -> QualcodeError:
        found = QualcodeError(self.message, hint=self.hint)
        found.exit_code = self.exit_code
        return found


class _Contained:
    """Keeps an error that is raised inside from being logged by Dask with what it happened to."""

    failure: _Failure | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, QualcodeError):
            self.failure = _Failure(error.message, error.hint, error.exit_code)
        elif isinstance(error, Exception):
            told = f"a worker met a bug in qualcode: {crash.kind_and_place(error)}"
            self.failure = _Failure(told, "", QualcodeError.exit_code)
        return self.failure is not None


def _contained(task: Callable[..., T], *arguments: Any) -> T | _Failure | None:
    with _Contained() as contained:
        return task(*arguments)
    return contained.failure


def _given(content: bytes) -> bytes:
    return content


class Cluster:
    """Runs tasks on whatever workers there are."""

    name = "dask"

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        self._run = secrets.token_hex(8)
        self._seen = time.monotonic()

    def shared(self, content: bytes) -> Any:
        """A result that workers hand to each other, and that is there again if all of them die."""
        key = f"qualcode-model-{self._run}"
        return self._client.submit(_given, content, key=key, pure=False)

    def each(
        self,
        task: Callable[..., T],
        pieces: Sequence[Piece],
        *arguments: Any,
        tell: Callable[[int], None],
    ) -> Iterator[T]:
        """The results as they come.

        Raises what a task raised, `QualcodeError` where the scheduler goes away, where there is no
        worker for a minute, or where a task ends several workers.
        """
        waiting = iter(pieces)
        running: dict[str, tuple[Any, Piece]] = {}
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()

        def submit(count: int) -> None:
            for piece in islice(waiting, count):
                key = f"qualcode-{task.__name__}-{self._run}-{piece.number}"
                future = self._client.submit(
                    _contained, task, piece, *arguments, key=key, pure=False
                )
                running[key] = future, piece
                future.add_done_callback(done.put)

        self._seen = time.monotonic()
        try:
            submit(_AT_ONCE)
            while running:
                future = self._next(done)
                _, piece = running.pop(future.key)
                result = self._result(future, piece)
                future.release()
                submit(1)
                tell(piece.rows)
                yield result
        except (OSError, CancelledError):
            raise self._gone() from None
        finally:
            with suppress(OSError, CancelledError):
                self._client.cancel([future for future, _ in running.values()])

    def _next(self, done: queue.SimpleQueue[Any]) -> Any:
        """The next task that is done."""
        while True:
            try:
                return done.get(timeout=_LOOK)
            except queue.Empty:
                self._look()

    def _result(self, future: Any, piece: Piece) -> Any:
        """What a task gave; it is run again where the worker that kept it has died meanwhile."""
        while True:
            if future.status == "error":
                raise _lost(future.exception(), piece)
            try:
                result = future.result(timeout=_LOOK)
            except TimeoutError:
                self._look()
                continue
            if isinstance(result, _Failure):
                raise result.error()
            return result

    def _look(self) -> None:
        """See whether anybody is left. Raises `QualcodeError` where nobody is."""
        if self._client.status != "running":
            raise self._gone()
        if self._client.nthreads():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > _LONGEST_WITHOUT_WORKERS:
            raise QualcodeError(f"no worker is left at {self._address}")

    def _gone(self) -> QualcodeError:
        return QualcodeError(f"the scheduler at {self._address} has gone")


def _lost(error: BaseException, piece: Piece) -> QualcodeError:
    """Why a task gave nothing back at all."""
    if isinstance(error, KilledWorker):
        return QualcodeError(
            f"{piece.path}: the workers that took this piece died, one after the other",
            hint="give them more memory, or the file smaller row groups",
        )
    return QualcodeError(
        f"a worker cannot run qualcode: {type(error).__name__}",
        hint="every worker needs the same qualcode[dask]",
    )
