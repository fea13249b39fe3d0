"""`suggest` as people meet it: stopped, killed, beside a coder at work, without a network."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import ROOT
from frames import PATIENCE
from qualcode import Study
from qualcode.store import connection
from studies import errors
from topics import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Done

ANSWERS = 14_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return topics(tmp_path_factory.mktemp("topics"), ANSWERS, labels=40)


@pytest.fixture(scope="module")
def uninterrupted(built: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The suggestions of a run in one process that nothing stops."""
    study = tmp_path_factory.mktemp("whole") / "study.db"
    shutil.copyfile(built, study)
    with Running(study) as process:
        assert process.wait(2 * PATIENCE) == 0
    return written(study)


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(built, tmp_path / "study.db"))


class Running:
    """`suggest` in a session of its own, as in a terminal; nothing of it outlives the block."""

    def __init__(self, study: Path, *words: object) -> None:
        self.command = [sys.executable, "-m", "qualcode", "suggest", str(study), *map(str, words)]

    def __enter__(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self.process

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def ask(study: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(study, timeout=PATIENCE)) as plain:
        return plain.execute(sql).fetchall()


def written(study: Path) -> list[Any]:
    """What is shown, whatever run it comes from."""
    return ask(
        study,
        "SELECT respondent, question, code, probability, calibrated, is_above, source, evidence"
        " FROM v_suggestion ORDER BY 1, 2, 3",
    )


def wait_for_scores(study: Path, process: subprocess.Popen[str]) -> None:
    while ask(study, "SELECT ifnull(max(done), 0) FROM suggestion_run")[0][0] == 0:
        assert process.poll() is None
        time.sleep(0.005)


def assert_nobody_is_left(process: subprocess.Popen[str]) -> None:
    """No process of the session lives on; those that end by themselves are given a moment."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail("a process was left behind")


def done(study: Path) -> int:
    ((count,),) = ask(study, "SELECT done FROM suggestion_run WHERE finished IS NULL")
    return int(count)


def test_stopped_by_ctrl_c_it_goes_on_where_it_was(study: Path, uninterrupted: list[Any]) -> None:
    with Running(study, "--jobs", 2) as process:
        wait_for_scores(study, process)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert_nobody_is_left(process)
    assert (process.returncode, out) == (130, "")
    scored = done(study)
    assert 0 < scored < ANSWERS
    assert err == f"why: stopped at {scored:,} of 14,000; the same command goes on from there\n"
    assert written(study) == []

    with Running(study, "--jobs", 2) as process:
        out, err = process.communicate(timeout=2 * PATIENCE)
    assert process.returncode == 0
    assert err == f"why: goes on at {scored:,} of 14,000, as learned from 40 labels\n"
    assert written(study) == uninterrupted
    assert ask(study, "SELECT count(*) FROM v_journal WHERE act = 'suggest'") == [(1,)]


def test_killed_it_goes_on_where_it_was(study: Path, uninterrupted: list[Any]) -> None:
    with Running(study, "--jobs", 2) as process:
        wait_for_scores(study, process)
        process.kill()
        process.wait(PATIENCE)
        assert_nobody_is_left(process)
    at = done(study)
    assert 0 < at < ANSWERS
    assert errors(study) == []

    with Running(study) as process:
        _, err = process.communicate(timeout=2 * PATIENCE)
    assert process.returncode == 0
    assert f"goes on at {at:,} of 14,000" in err
    assert written(study) == uninterrupted


@pytest.mark.parametrize("pause", [0.0, 0.5, None])
def test_ctrl_c_at_any_moment_is_one_line(study: Path, pause: float | None) -> None:
    with Running(study, "--jobs", 2) as process:
        while not study.with_name("study.db-wal").exists():
            assert process.poll() is None
            time.sleep(0.001)
        if pause is None:
            wait_for_scores(study, process)
        else:
            time.sleep(pause)
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert_nobody_is_left(process)

    assert (process.returncode, out) == (130, "")
    assert err.count("\n") == 1
    assert "stopped" in err
    assert errors(study) == []


def is_free(study: Path) -> bool:
    """Whether nobody is writing to the study."""
    with closing(sqlite3.connect(study, timeout=0, isolation_level=None)) as plain:
        try:
            plain.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        plain.execute("ROLLBACK")
    return True


def test_a_run_that_another_process_took_over_gives_way(
    study: Path, uninterrupted: list[Any]
) -> None:
    with Running(study) as first:
        wait_for_scores(study, first)
        first.send_signal(signal.SIGSTOP)
        while not is_free(study):
            first.send_signal(signal.SIGCONT)
            time.sleep(0.003)
            first.send_signal(signal.SIGSTOP)
        with Running(study) as second:
            assert "goes on at" in second.communicate(timeout=2 * PATIENCE)[1]
        first.send_signal(signal.SIGCONT)
        _, said = first.communicate(timeout=2 * PATIENCE)

    assert (second.returncode, first.returncode) == (0, 4)
    assert said.startswith("Error: another process suggests for this question too")
    assert written(study) == uninterrupted
    assert errors(study) == []


def test_coders_write_while_it_runs(study: Path, uninterrupted: list[Any]) -> None:
    longest = 0.0
    decided = 0
    with Running(study, "--jobs", 2) as process, Study.open(study) as opened:
        session, _ = opened.session("cho")
        for answer in session.queue():
            begun = time.monotonic()
            session.toggle(answer, session.codes[0].id)
            session.decide(answer)
            longest = max(longest, time.monotonic() - begun)
            decided += 1
            if process.poll() is not None:
                break
            time.sleep(0.02)
        assert process.wait(PATIENCE) == 0

    assert longest < connection.PATIENCE / 2, "no coder is held up"
    assert decided > 20
    assert errors(study) == []
    assert ask(study, "SELECT count(*) FROM v_coding WHERE coder = 'cho'") == [(decided,)]
    assert len(written(study)) == len(uninterrupted)


NO_NETWORK = """\
import os, sys
def watch(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {arguments}\\n")
        raise OSError("no network here")
sys.addaudithook(watch)
"""


@pytest.fixture
def offline(tmp_path: Path) -> tuple[dict[str, str], Path]:
    """An environment whose processes have no network, and the file that tells who tried."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(NO_NETWORK)
    tried = tmp_path / "tried"
    paths = os.pathsep.join((str(folder), str(ROOT / "src")))
    return {"PYTHONPATH": paths, "WATCHED": str(tried)}, tried


def test_nothing_asks_the_network(
    tmp_path: Path, offline: tuple[dict[str, str], Path], process: Callable[..., Done]
) -> None:
    environment, tried = offline
    study = topics(tmp_path, 4_100, labels=30)
    for words in (("suggest", study, "--jobs", 2), ("evaluate", study, "--model", "hybrid")):
        assert process(*words, env=environment).code == 0
    assert not tried.exists()

    asking = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", asking],
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )
    assert b"no network here" in done.stderr
    assert tried.exists()


AS_NOBODY = textwrap.dedent(
    """
    import os, sys
    from qualcode.cli import main
    import qualcode.cli.suggest
    from qualcode.study.suggestions import as_document, as_json, evaluating, running
    from qualcode.exporters.documents import text
    from qualcode.suggest import suggester
    import sklearn.linear_model
    for name in ("hybrid", "logistic", "prior"):
        suggester(name)
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    main(sys.argv[1:])
    """
)


@pytest.fixture
def locked() -> Iterator[Path]:
    """A study in a folder that its user may not write, which every user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="qualcode-test-"))
    study = topics(folder, 150, labels=60)
    folder.chmod(0o555)
    study.chmod(0o444)
    yield study
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_what_cannot_be_written_can_be_evaluated_and_not_scored(locked: Path) -> None:
    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", AS_NOBODY, command, str(locked)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            check=False,
        )

    refused = run("suggest")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Error: {locked} cannot be written, nothing was changed\n")
    judged = run("evaluate")
    assert (judged.returncode, judged.stderr) == (0, "")
    assert "people, each other" in judged.stdout
