"""Processes that score end with whoever asked them, at once and without a word."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from frames import PATIENCE
from qualcode.errors import QualcodeError
from qualcode.suggest.batch import Answer, score_all
from qualcode.suggest.hybrid import Suggester

from .made import made

if TYPE_CHECKING:
    from collections.abc import Iterator

SET = made(200)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def model() -> Suggester:
    return Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:80], SET.labels[:80])


def endless() -> Iterator[Answer]:
    return (Answer(i, f"{SET.texts[i % 150]} {i}") for i in itertools.count())


def crew() -> list[psutil.Process]:
    return [psutil.Process(process.pid) for process in multiprocessing.active_children()]


def test_closing_ends_the_processes_at_once(model: Suggester) -> None:
    parts = score_all(model.scorer_, endless(), jobs=2, chunk=20_000)
    next(parts)
    started = multiprocessing.active_children()
    parts.close()

    assert [process.exitcode for process in started] == 2 * [-signal.SIGTERM], "in their work"


def test_an_error_in_the_input_ends_the_processes(model: Suggester) -> None:
    def broken() -> Iterator[Answer]:
        yield from itertools.islice(endless(), 500)
        raise ValueError("the input broke")

    with pytest.raises(ValueError, match="the input broke"):
        list(score_all(model.scorer_, broken(), jobs=2, chunk=50))

    assert crew() == []


def test_a_process_that_dies_is_an_error_and_ends_the_others(model: Suggester) -> None:
    parts = score_all(model.scorer_, endless(), jobs=2, chunk=50)
    next(parts)
    crew()[0].kill()

    with pytest.raises(QualcodeError, match="died"):
        for _ in parts:
            pass

    assert crew() == []


PROGRAM = """
    import itertools, sys
    from qualcode.suggest import Suggester, score_all
    from qualcode.suggest.batch import Answer
    from tests.suggest.made import made

    def main():
        known = made(200)
        model = Suggester(known.codes).prepare(known.texts).fit(known.texts[:80], known.labels[:80])
        answers = (Answer(i, f"{known.texts[i % 150]} {i}") for i in itertools.count())
        try:
            for number, _ in enumerate(score_all(model.scorer_, answers, jobs=2, chunk=200)):
                if number == 3:
                    print("running", flush=True)
        except KeyboardInterrupt:
            print("interrupted", flush=True)
            sys.exit(130)

    if __name__ == "__main__":
        main()
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that scores without end, in a process group of its own as a terminal makes one."""
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    with subprocess.Popen(
        [sys.executable, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        if process.poll() is None:
            process.kill()


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Its scoring processes, once it is running; not the one in which Python counts semaphores."""
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    return [
        child
        for child in psutil.Process(process.pid).children()
        if any("spawn_main" in word for word in child.cmdline())
    ]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_ctrl_c_ends_everything_without_a_word_of_the_processes(
    program: subprocess.Popen[str],
) -> None:
    started = children(program)
    os.killpg(program.pid, signal.SIGINT)
    said, complained = program.communicate(timeout=PATIENCE)

    assert len(started) == 2
    assert (program.returncode, said, complained) == (130, "interrupted\n", "")
    assert not psutil.wait_procs(started, timeout=PATIENCE)[1]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_ctrl_c_while_the_processes_start(program: subprocess.Popen[str]) -> None:
    parent = psutil.Process(program.pid)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any("spawn_main" in " ".join(child.cmdline()) for child in parent.children()):
            break
        time.sleep(0.002)
    os.killpg(program.pid, signal.SIGINT)
    said, complained = program.communicate(timeout=PATIENCE)

    assert (program.returncode, said, complained) == (130, "interrupted\n", "")


def test_no_process_outlives_a_program_that_was_killed(program: subprocess.Popen[str]) -> None:
    started = children(program)
    program.kill()

    assert len(started) == 2
    assert not psutil.wait_procs(started, timeout=PATIENCE)[1]
