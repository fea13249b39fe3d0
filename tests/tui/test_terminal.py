"""`qualcode code` in a real terminal: keys in, a picture out, and a whole file after any end."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import psutil
import pytest

from frames import PATIENCE, Frames
from studies import errors, make
from tui.driving import decided, put, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

SRC = Path(__file__).parents[2] / "src"
COLUMNS, LINES = 120, 36


class Terminal:
    """A person's terminal with the coding screen in it."""

    def __init__(self, study: Path, *more_path: Path, suggests: bool) -> None:
        settings = Path(os.environ["QUALCODE_SETTINGS"])
        if not settings.exists():
            # The process that suggests would take the time of tests on something else.
            settings.write_text(json.dumps({"suggestions_shown": suggests}))
        self._frames = Frames(COLUMNS, LINES, self._answer)
        self.received = b""
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "qualcode", "code", str(study), "--coder", "ana"],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(str(path) for path in (SRC, *more_path)),
                "TERM": "xterm-256color",
            },
            dimensions=(LINES, COLUMNS),
            timeout=PATIENCE,
        )

    def _answer(self, words: bytes) -> None:
        self.child.send(words)

    def take_in(self, seconds: float) -> None:
        try:
            part = self.child.read_nonblocking(1 << 16, seconds)
        except pexpect.TIMEOUT:
            return
        self.received += part
        self._frames.take_in(part)

    @property
    def text(self) -> str:
        return self._frames.text

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + PATIENCE
        while words not in self.text:
            assert time.monotonic() < until, f"{words!r} is not shown:\n{self.text}"
            self.take_in(0.1)

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def end(self) -> int:
        """Read to the end; the exit code, or the negative signal."""
        try:
            while True:
                self.take_in(0.5)
        except pexpect.EOF:
            self.child.close()
        return (
            self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus
        )


@contextmanager
def terminal(study: Path, *more_path: Path, suggests: bool = False) -> Iterator[Terminal]:
    opened = Terminal(study, *more_path, suggests=suggests)
    try:
        yield opened
    finally:
        opened.child.close(force=True)


def is_one_whole_file(study: Path) -> bool:
    assert errors(study) == []
    beside = {path.name for path in study.parent.glob(f"{study.name}*")}
    return beside == {study.name}


def test_a_coder_codes_in_a_real_terminal_and_leaves_it_as_it_was(study: Path) -> None:
    with terminal(study) as seen:
        seen.wait_for("Ads are cheap, and nobody is watching them")
        seen.wait_for("Wider reach")
        seen.press("r")
        seen.wait_for("● r Wider reach")
        assert put(study) == ["p01 reach"], "in the file as soon as it is shown"
        seen.press("]c\r")
        seen.wait_for("2 of 8")
        seen.press("/wid\r")
        seen.wait_for("● r Wider reach")
        seen.press("\x1a\x19")
        seen.wait_for("redo: code")
        seen.press(" \x7f")
        seen.wait_for("2 of 8")
        seen.press("\x11")
        assert seen.end() == 0
        assert put(study) == ["p01 cost 0-13", "p01 reach", "p02 reach"]
        assert decided(study) == ["p01"]
        assert_restored(seen)
    assert is_one_whole_file(study)


def assert_restored(seen: Terminal) -> None:
    """The normal screen, a cursor, and no mouse reports."""
    for on, off in ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?1003h", b"\x1b[?1003l")):
        assert on in seen.received
        assert seen.received.rindex(off) > seen.received.rindex(on)
    assert seen.received.rindex(b"\x1b[?25h") > seen.received.rindex(b"\x1b[?25l")
    assert b"Traceback" not in seen.received


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_closes_the_study_and_restores_the_terminal(
    study: Path, number: signal.Signals
) -> None:
    with terminal(study) as seen:
        seen.wait_for("Wider reach")
        seen.press("r;half a thought")
        seen.wait_for("half a thought")
        seen.child.kill(number)
        assert seen.end() == 128 + number
        assert_restored(seen)
    assert put(study) == ["p01 reach"]
    assert rows(study, "SELECT memo FROM v_mark") == [("half a thought",)]
    assert is_one_whole_file(study)


def test_a_terminal_that_is_closed_leaves_a_whole_study(study: Path) -> None:
    with terminal(study) as seen:
        seen.wait_for("Wider reach")
        seen.press("r")
        seen.wait_for("● r Wider reach")
        seen.child.ptyproc.fileobj.close()
        until = time.monotonic() + PATIENCE
        while seen.child.ptyproc.isalive():
            assert time.monotonic() < until, "it lives on without a terminal"
            time.sleep(0.05)
        seen.child.closed = seen.child.ptyproc.closed = True
    assert put(study) == ["p01 reach"]
    assert is_one_whole_file(study)


def suggesters() -> list[psutil.Process]:
    """The processes that suggest, of this test's own terminals."""
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if "qualcode.study.suggestions.companion" in " ".join(child.cmdline())
    ]


def test_suggestions_come_from_a_process_of_their_own_and_coding_outlives_it(study: Path) -> None:
    with terminal(study, suggests=True) as seen:
        seen.wait_for("1 ━")
        [suggester] = suggesters()
        seen.press("1")
        seen.wait_for("●")
        suggester.kill()
        seen.wait_for("no suggestions: their process ended; coding goes on")
        seen.press("n\r")
        seen.wait_for("2 of 8")
        seen.press("\x1b[17~\x1b[17~")
        seen.wait_for("suggestions are shown")
        seen.wait_for("1 ╸")
        seen.press("\x11")
        assert seen.end() == 0
    assert put(study) == ["p01 nothing"]
    assert is_one_whole_file(study)
    assert suggesters() == []


def test_the_process_that_suggests_ends_when_the_screen_is_killed(study: Path) -> None:
    with terminal(study, suggests=True) as seen:
        seen.wait_for("1 ━")
        [suggester] = suggesters()
        seen.child.kill(signal.SIGKILL)
        assert seen.end() == -signal.SIGKILL
    suggester.wait(PATIENCE)
    assert errors(study) == []


def test_a_fault_in_the_settings_is_one_line_and_no_traceback(study: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"keys": {"undo": "/"}}))
    with terminal(study) as seen:
        assert seen.end() == 2
        lines = [line for line in seen.received.decode().splitlines() if line.strip()]
        assert lines == [
            f"Error: {tmp_path / 'settings.json'}: the key / would do both find and undo",
            "Hint: give one of them another key",
        ]
    assert is_one_whole_file(study)


def test_a_bug_is_loud_and_the_study_is_whole(study: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import qualcode.tui.coding as c\n"
        "def _broken(self): raise ZeroDivisionError('a bug')\n"
        "c.CodingScreen._back = _broken\n"
    )
    with terminal(study, tmp_path) as seen:
        seen.wait_for("Wider reach")
        seen.press("r\x7f")
        assert seen.end() == 1
        assert b"ZeroDivisionError" in seen.received
    assert put(study) == ["p01 reach"]
    assert is_one_whole_file(study)


def test_survey_text_reaches_no_terminal_raw(tmp_path: Path) -> None:
    text = "before \x1b]0;owned\x07\x1b[2J\x9b2J after"
    study = make(tmp_path, f'id,why\nr1,"{text}"\n', questions=(("why", "why"),))
    with terminal(study) as seen:
        seen.wait_for("after")
        seen.press("\x11")
        assert seen.end() == 0
        assert b"owned\x07" not in seen.received
        assert b"\x1b]0;owned" not in seen.received
        assert "\x9b" not in seen.received.decode()
        assert "␛]0;owned␇␛[2J" in seen.received.decode()
