"""The same rows from a cluster, also when a worker dies; and no answer in anybody's log."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from corpus.clusters import PATIENCE, Cluster
from corpus.made import contents, corpus, left_in, respondents, rows, write

pytest.importorskip("distributed")

from qualcode.corpus import cluster
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

ANSWERS, PARTITIONS = 8_000, 40


def started(study: Path, pattern: str, out: Path, address: str) -> subprocess.Popen[str]:
    asked = ("--input", pattern, "--output", str(out), "--engine", "dask", "--scheduler", address)
    return subprocess.Popen(
        [sys.executable, "-m", "qualcode", "suggest", str(study), *asked],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_parts(folder: Path, process: subprocess.Popen[str], count: int) -> None:
    """Until so many parts are written and none is shown."""
    until = time.monotonic() + PATIENCE
    while len(list(folder.glob(".out-*/part-*"))) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_worker_that_dies_midway_costs_and_repeats_nothing(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    pattern = corpus(tmp_path / "in", ANSWERS, PARTITIONS)
    out = tmp_path / "out"
    with Cluster(tmp_path / "cluster", workers=2) as running:
        process = started(study, pattern, out, running.address)
        try:
            wait_for_parts(tmp_path, process, 3)
            victim = running.workers[0]
            victim.send_signal(signal.SIGSTOP)  # What it has taken it does not finish.
            assert not out.exists(), "it was over before a worker could die"
            victim.kill()
            said = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 0, (said, running.log())
        assert running.workers[1].poll() is None
        log = running.log()

    assert qualcode("suggest", study, "--input", pattern, "--output", tmp_path / "here").code == 0
    found = rows(out)
    assert found == rows(tmp_path / "here")
    assert len({row[:3] for row in found}) == len(found)
    assert respondents(found) == [f"c{i}" for i in range(ANSWERS)]
    assert contents(out) == contents(tmp_path / "here")
    assert left_in(tmp_path, "study.db", "in", "cluster", "here") == ["out"]
    assert "nurses" not in log, "an answer"


def test_what_a_worker_cannot_read_and_a_scheduler_that_goes_away_are_one_line(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    write(tmp_path / "in" / "a.parquet", ["staff"] * 3)
    texts, questions = ["staff", "secret words", "food"], ["why", "x", "y"]
    write(tmp_path / "in" / "b.parquet", texts, question=questions)
    asked = ("--input", tmp_path / "in" / "*.parquet", "--output", tmp_path / "out")
    with Cluster(tmp_path / "cluster", workers=1) as running:
        asked = (*asked, "--engine", "dask", "--scheduler", running.address)
        done = qualcode("suggest", study, *asked)
        log = running.log()
        pattern = corpus(tmp_path / "more", ANSWERS, PARTITIONS)
        process = started(study, pattern, tmp_path / "out", running.address)
        try:
            wait_for_parts(tmp_path, process, 1)
            running.scheduler.kill()
            _, said = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
            process.wait()
    gone = f"Error: the scheduler at {running.address} has gone\n"
    assert (process.returncode, said) == (1, gone)
    first, *_ = done.err.splitlines()
    assert (done.code, done.out) == (2, "")
    assert first.endswith("b.parquet, row 2, column “question”: the study has no question “x”")
    assert "secret" not in done.err + log
    assert left_in(tmp_path, "study.db", "in", "more", "cluster") == []


def test_a_scheduler_that_is_not_there(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    path = write(tmp_path / "a.parquet", ["staff"])
    with socket.socket() as taken:  # Nobody else gets this port, and nobody listens.
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        asked = ("--input", path, "--output", tmp_path / "out", "--engine", "dask")
        done = qualcode("suggest", study, *asked, "--scheduler", address)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Error: no scheduler answers at {address}\nHint: ")
    assert len(done.err.splitlines()) == 2
    wrong = qualcode("suggest", study, *asked, "--scheduler", "smoke://signals")
    assert (wrong.code, wrong.err.count("\n")) == (2, 2)
    assert left_in(tmp_path, "study.db", "a.parquet") == []


def test_somebody_who_listens_and_is_no_scheduler(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    path = write(tmp_path / "a.parquet", ["staff"])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        asked = ("--input", path, "--dry-run", "--engine", "dask", "--scheduler", address)
        done = qualcode("suggest", study, *asked)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Error: no scheduler answers at {address}\nHint: ")


@pytest.mark.parametrize("address", ["", "tls://127.0.0.1:9"])
def test_what_is_no_address_is_said_at_once_and_in_one_line(
    study: Path, tmp_path: Path, address: str
) -> None:
    process = started(study, str(write(tmp_path / "a.parquet", ["x"])), tmp_path / "out", address)
    try:
        out, said = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out) == (2, "")
    error, hint = said.splitlines()
    assert error.startswith("Error: ")
    assert address in error
    assert hint.startswith("Hint: ")
    assert left_in(tmp_path, "study.db", "a.parquet") == []


def test_what_goes_wrong_in_a_task_comes_back_without_what_it_happened_to() -> None:
    def stumble(words: str) -> int:
        return int(words)

    def refuse(_: str) -> int:
        raise InputError("it is empty", source="a.parquet", row=3, hint="fill it in")

    bug = pickle.loads(pickle.dumps(cluster._contained(stumble, "what ada said")))
    assert "ada" not in repr(bug)
    assert "ValueError in corpus/cluster.py" in str(bug.error())
    error = pickle.loads(pickle.dumps(cluster._contained(refuse, "what ada said"))).error()
    assert (str(error), error.hint, error.exit_code) == (
        "a.parquet, row 3: it is empty",
        "fill it in",
        2,
    )
    assert cluster._contained(len, "abc") == 3
