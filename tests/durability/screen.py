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

import pyte

from durability.running import environment

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS, LINES = 120, 36
PATIENCE = 20.0
SETTINGS = Path(__file__).with_name("settings.json")
"""Suggestions are hidden: their process would take the time of the tests."""


ASKS_FOR_WHOLE_FRAMES, GIVES_WHOLE_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME, END_OF_FRAME = b"\x1b[?2026h", b"\x1b[?2026l"


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
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._unseen = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        """What has been seen so far, line by line."""
        return "\n".join(self._screen.display)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def see(self, patience: float = 0.0) -> bool:
        """Look at what has been drawn; False if nothing was within so many seconds."""
        if not select.select([self._master], [], [], patience)[0]:
            return False
        with contextlib.suppress(OSError):
            self._take_in(os.read(self._master, 1 << 16))
            return True
        return False

    def _take_in(self, part: bytes) -> None:
        """Show whole frames, as a terminal can: half of one may show parts of two answers."""
        if ASKS_FOR_WHOLE_FRAMES in part:
            os.write(self._master, GIVES_WHOLE_FRAMES)
        self._unseen += part
        begun = self._unseen.rfind(FRAME)
        if begun < 0 or self._unseen.rfind(END_OF_FRAME) > begun:
            begun = len(self._unseen)
        self._stream.feed(self._unseen[:begun])
        self._unseen = self._unseen[begun:]

    def wait_until(self, is_there: Callable[[str], bool]) -> None:
        """Look until the screen shows it."""
        deadline = time.monotonic() + PATIENCE
        while not is_there(self.text):
            self.see(0.2)
            assert time.monotonic() < deadline, self.text
            assert self.process.poll() is None, self.text
