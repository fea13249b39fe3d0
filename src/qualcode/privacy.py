"""Whether this process works on a sensitive study, and what follows from that.

While it does, every file that it makes is for its owner alone, from the first byte on, and no
message quotes a cell of a file or of the study.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHERS = 0o077
"""The rights of everybody but the owner."""


class _Process:
    """How many sensitive studies are open, and the umask that this process had before."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open = 0
        self.umask = 0
        self.has_been_private = False


_process = _Process()


def begin() -> None:
    """Keep what is written private, until `end` was called as often."""
    with _process.lock:
        if not _process.open:
            _process.umask = os.umask(OTHERS)
        _process.open += 1
        _process.has_been_private = True


def end() -> None:
    """Take one `begin` back."""
    with _process.lock:
        _process.open -= 1
        if not _process.open:
            os.umask(_process.umask)


@contextmanager
def kept(*, is_wanted: bool = True) -> Iterator[None]:
    """Keep what is written in here private, if that `is_wanted`."""
    if not is_wanted:
        yield
        return
    begin()
    try:
        yield
    finally:
        end()


def is_private() -> bool:
    """Whether a sensitive study is open."""
    return _process.open > 0


def has_been_private() -> bool:
    """Whether this process has ever worked on a sensitive study."""
    return _process.has_been_private


def mode_of_new_files() -> int:
    """The rights that a new file gets where nothing is sensitive."""
    with _process.lock:
        if _process.open:
            return 0o666 & ~_process.umask
        umask = os.umask(OTHERS)
        os.umask(umask)
        return 0o666 & ~umask


def shown(cell: str) -> str:
    """A cell as a message may hold it: not at all while a sensitive study is open."""
    return "…" if is_private() else cell


def quoted(cell: str) -> str:
    """The same between quotation marks."""
    return f"“{shown(cell)}”"
