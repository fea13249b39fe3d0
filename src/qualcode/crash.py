"""A bug in one line, without any of the data that it happened to.

A traceback quotes the values that an error was made with, and the terminal application's shows
local variables. After work on a sensitive study neither is printed: what is told is the kind of
the error and its place in the program, and an id of both to report it by.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode import privacy

if TYPE_CHECKING:
    from types import TracebackType

_OWN = Path(__file__).parent
_DIGITS = 8


def in_one_line(error: BaseException) -> str:
    """What may be said of a bug: its kind and its place, never its message."""
    told = kind_and_place(error)
    number = hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]
    return f"Error: a bug in qualcode, id {number}: {told}; the study keeps all that was saved"


def kind_and_place(error: BaseException) -> str:
    """What went wrong and where, without any value that it happened to."""
    return f"{type(error).__name__} in {_place(error)}"


def _place(error: BaseException) -> str:
    """The last place of our own on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_OWN)]
    if not own:
        return "another library"
    name = Path(own[-1].filename).relative_to(_OWN).as_posix()
    return f"{name}:{own[-1].lineno}"


class _Before:
    """The hooks that were there, which tell whatever is not sensitive."""

    process = staticmethod(sys.__excepthook__)
    thread = staticmethod(threading.__excepthook__)


def install() -> None:
    """Have crashes of this process told in one line once it has worked on a sensitive study."""
    if sys.excepthook is not _hook:
        _Before.process = sys.excepthook  # type: ignore[assignment]
        sys.excepthook = _hook
    if threading.excepthook is not _thread_hook:
        _Before.thread = threading.excepthook  # type: ignore[assignment]
        threading.excepthook = _thread_hook


def _tell(error: BaseException) -> None:
    sys.stderr.write(f"{in_one_line(error)}\n")


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if privacy.has_been_private():
        _tell(error)
    else:
        _Before.process(kind, error, trace)


def _thread_hook(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and privacy.has_been_private():
        _tell(args.exc_value)
    else:
        _Before.thread(args)
