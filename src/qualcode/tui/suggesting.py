"""The process that suggests, as the screen knows it: what it said is there at once or not at all.

No key waits for it. It is told what is shown and what comes next; what it answers is kept for
the moment when the answer is shown, and does not change under the coder's eyes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qualcode.model import Hint
    from qualcode.study.suggestions.messages import Message

_KEPT = 200
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Suggesting:
    """A process for one coder and one question, and the hints that it gave.

    `told` is called for whatever it says, through `later`, which a thread may call.
    """

    def __init__(
        self, told: Callable[[Message], object], later: Callable[..., object] | None = None
    ) -> None:
        self._told, self._later = told, later
        self._process: subprocess.Popen[bytes] | None = None
        self._hints: dict[int, Hint] = {}
        self._ahead: tuple[int, ...] = ()
        self._known: set[int] = set()
        self._drawing: Draw | None = None
        self._exhausted = 0
        self._shown: tuple[int, Hint | None] = (0, None)

    # -- the process

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def start(self, study: Path, question: str, coder: str) -> None:
        """Start the process on a study, named in full, and tell it what was asked by now."""
        module = "qualcode.study.suggestions.companion"
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", module, str(study), question, coder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **dict.fromkeys(_ONE_THREAD, "1")},
                start_new_session=True,
            )
        except OSError as error:
            self.hear(Refused(f"their process could not be started: {error.strerror}"))
            return
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        self._ask_anew()
        if self._drawing:
            self._tell(self._drawing)

    def stop(self) -> None:
        """End the process now, and wait until it has let go of the study; it writes nothing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """In a thread: pass on what the process says, and that it ended."""
        assert process.stdout is not None  # noqa: S101
        last = Refused("their process ended")
        with suppress(ValueError):
            for line in process.stdout:
                message = unpacked(line)
                if isinstance(message, Refused):
                    last = message
                else:
                    self._pass_on(process, message)
        self._pass_on(process, last)

    def _pass_on(self, process: subprocess.Popen[bytes], message: Message) -> None:
        if self._later and process is self._process:
            self._later(self.hear, message)

    def hear(self, message: Message) -> None:
        """Take in what the process says, and have it shown."""
        match message:
            case Hinted(hint):
                self._keep(hint)
            case Learned():
                self._ask_anew()
            case Draws():
                self._drawing = None
            case Refused():
                self.stop()
        self._told(message)

    def _tell(self, message: Message) -> None:
        stdin = self._process.stdin if self._process else None
        if stdin:
            with suppress(OSError):
                stdin.write(packed(message))
                stdin.flush()

    # -- what it suggests

    def _keep(self, hint: Hint) -> None:
        self._hints.pop(hint.response_id, None)
        self._hints[hint.response_id] = hint
        while len(self._hints) > _KEPT:
            self._hints.pop(next(iter(self._hints)))

    def hint(self, response_id: int) -> Hint | None:
        """What was suggested for an answer; the same as long as this one is shown."""
        shown, hint = self._shown
        if shown != response_id or hint is None:
            hint = self._hints.get(response_id)
            self._shown = response_id, hint
        return hint

    def ask(self, response_ids: Sequence[int]) -> None:
        """Say which answers are shown now and next."""
        self._ahead = tuple(response_ids)
        wanted = [one for one in self._ahead if one not in self._known]
        if wanted:
            self._known.update(wanted)
            self._tell(Score(wanted))

    def _ask_anew(self) -> None:
        """What is known comes from no model, or an older one."""
        self._known.clear()
        self.ask(self._ahead)

    def learn(self) -> None:
        """Say that the coder has coded."""
        self._tell(Learn())

    # -- what it draws

    def draw(self, queue_id: int, most: int) -> None:
        """Ask for more answers of a queue."""
        if self._drawing is None and self._exhausted != queue_id:
            self._drawing = Draw(queue_id, most)
            self._tell(self._drawing)

    def exhausted(self, queue_id: int) -> None:
        """Ask no more for answers of a queue that gives none."""
        self._exhausted = queue_id

    def forget_drawing(self) -> None:
        """Expect nothing any more of what was asked to be drawn, and ask anew where it ended."""
        self._drawing, self._exhausted = None, 0
