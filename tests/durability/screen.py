"""The real coding screen in a pseudo-terminal, as the person in front of it sees it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from durability.running import environment
from frames import PATIENCE, Frames

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS, LINES = 120, 36
SETTINGS = Path(__file__).with_name("settings.json")
"""Suggestions are hidden: their process would take the time of the tests."""


class CodingScreen:
    """`qualcode code` on a study; a context manager that ends it by SIGKILL."""

    def __init__(self, study: Path, coder: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "qualcode", "code", str(study), "--coder", coder],
            env={**environment(), "TERM": "xterm-256color", "QUALCODE_SETTINGS": str(SETTINGS)},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._frames = Frames(COLUMNS, LINES, lambda words: os.write(self._master, words))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        """What has been seen so far, line by line."""
        return self._frames.text

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def see(self, patience: float = 0.0) -> bool:
        """Look at what has been drawn; False if nothing was within so many seconds."""
        if not select.select([self._master], [], [], patience)[0]:
            return False
        with contextlib.suppress(OSError):
            self._frames.take_in(os.read(self._master, 1 << 16))
            return True
        return False

    def wait_until(self, is_there: Callable[[str], bool]) -> None:
        """Look until the screen shows it."""
        deadline = time.monotonic() + PATIENCE
        while not is_there(self.text):
            self.see(0.2)
            assert time.monotonic() < deadline, self.text
            assert self.process.poll() is None, self.text
