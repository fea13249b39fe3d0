"""What a terminal shows: whole frames, as one that takes synchronized updates does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable

ASKS_FOR_WHOLE_FRAMES, GIVES_WHOLE_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
FRAME, END_OF_FRAME = b"\x1b[?2026h", b"\x1b[?2026l"
PATIENCE = 90.0
"""Seconds after which what was waited for will not come, also on a machine with much to do."""


class Frames:
    """A screen that takes in bytes as they come and shows them frame by frame.

    Half of a frame may show parts of two answers. `answer` sends bytes to the program.
    """

    def __init__(self, columns: int, lines: int, answer: Callable[[bytes], object]) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self._answer = answer
        self._unseen = b""
        self._is_asked = False

    @property
    def text(self) -> str:
        """What is shown, line by line."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def take_in(self, part: bytes) -> None:
        """Show what is whole of this and of what came before; keep the rest."""
        self._unseen += part
        if not self._is_asked and ASKS_FOR_WHOLE_FRAMES in self._unseen:
            self._is_asked = True
            self._answer(GIVES_WHOLE_FRAMES)
        begun = self._unseen.rfind(FRAME)
        if begun < 0 or self._unseen.rfind(END_OF_FRAME) > begun:
            begun = self._begun_sequence()
        self._stream.feed(self._unseen[:begun])
        self._unseen = self._unseen[begun:]

    def _begun_sequence(self) -> int:
        """Where a sequence begins that the end of a read has cut, which may begin a frame."""
        last = self._unseen.rfind(b"\x1b")
        tail = self._unseen[last:]
        markers = (FRAME, END_OF_FRAME, ASKS_FOR_WHOLE_FRAMES)
        if last >= 0 and any(marker != tail and marker.startswith(tail) for marker in markers):
            return last
        return len(self._unseen)
