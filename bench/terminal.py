"""A program in a real pseudo-terminal: what it draws, what it is sent, what it uses."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil
import pyte

from harness import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS, LINES = 120, 36
PATIENCE = 60.0
"""Seconds after which a program that draws nothing is given up."""


class Terminal:
    """A program that runs in a pseudo-terminal; a context manager that ends it."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.received = bytearray()
        self.screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self.screen)
        self._fed = 0
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), {**environment(), "TERM": "xterm-256color"})
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    def write(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def read(self, patience: float) -> bool:
        """Take in what has been drawn by now; False if nothing was within `patience` seconds."""
        if not select.select([self._master], [], [], patience)[0]:
            return False
        try:
            self.received += os.read(self._master, 1 << 16)
        except OSError:
            sys.exit(f"{' '.join(self.command)} has ended:\n{self.text()}")
        return True

    def wait_for(self, words: str) -> None:
        """Read until `words` have been drawn in one piece, since the program began."""
        wanted = words.encode()
        deadline = time.monotonic() + PATIENCE
        while wanted not in self.received:
            if not self.read(0.5) and time.monotonic() > deadline:
                sys.exit(f"“{words}” was not drawn within {PATIENCE:.0f} s:\n{self.text()}")

    def settle(self, quiet: float) -> float:
        """Read until nothing has come for `quiet` seconds; when the last byte came."""
        last = time.perf_counter()
        while self.read(quiet):
            last = time.perf_counter()
        return last

    def text(self) -> str:
        """What a person sees, line by line."""
        self._stream.feed(bytes(self.received[self._fed :]))
        self._fed = len(self.received)
        return "\n".join(line.rstrip() for line in self.screen.display)

    def cpu(self) -> float:
        """Seconds of CPU, user and system, that the program has used so far."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def memory(self) -> tuple[int, int]:
        """Bytes of memory: the peak of RSS and the present PSS, or the present RSS twice."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text("ascii", "replace")
            rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text("ascii", "replace")
        except OSError:
            return (psutil.Process(self.pid).memory_info().rss,) * 2
        return _kilobytes(status, "VmHWM:") * 1024, _kilobytes(rollup, "Pss:") * 1024


def _kilobytes(table: str, name: str) -> int:
    line = next(line for line in table.splitlines() if line.startswith(name))
    return int(line.split()[1])
