"""The command line as a process, as a shell or a script meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from conftest import ROOT
from studies import SURVEY, errors, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done


def test_demo_builds_and_a_second_time_opens_what_is_there(
    tmp_path: Path, process: Callable[..., Done]
) -> None:
    done = process("demo", "--no-open", cwd=tmp_path)
    assert done.code == 0
    assert "synthetic" in done.err
    assert done.err.count("$ qualcode ") == 7
    study = tmp_path / "qualcode-demo" / "study.db"
    assert errors(study) == []
    info = process("info", study, "--json").json
    assert info["respondents"] == 144
    assert [q["asked"] for q in info["questions"]] == [45] * 4 + [144] * 3
    assert set(info["questions"][0]["coders"]) == {"coder-a", "coder-b", "coder-c"}
    assert process("undo", study, "--coder", "coder-a").code == 0
    again = process("demo", "--no-open", cwd=tmp_path)
    assert again.code == 0
    assert "$ qualcode" not in again.err
    assert process("info", study, "--json").json["questions"][0]["coders"]["coder-a"] == 0
    assert again.out.startswith("To code it:  qualcode code qualcode-demo/study.db --coder ")


def test_demo_never_overwrites_a_file_of_yours(
    tmp_path: Path, qualcode: Callable[..., Done]
) -> None:
    mine = tmp_path / "codings.csv"
    mine.write_text("mine")
    done = qualcode("demo", tmp_path, "--no-open")
    assert done.code == 4
    assert mine.read_text() == "mine"
    assert not (tmp_path / "study.db").exists()


def test_an_error_in_a_process_is_one_line_and_no_traceback(
    small: Path, process: Callable[..., Done]
) -> None:
    done = process("undo", small, "--coder", "nobody")
    assert done == type(done)(3, "", "Error: there is no coder “nobody”\n")
    survey = small.with_name("s.csv")
    survey.write_text(SURVEY + "r1,a,b,1,c,d\n")
    done = process("new", small.with_name("x.db"), survey)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.endswith("row 8, column “id”: the id “r1” stands a second time\n")


def test_a_reader_who_leaves_early_is_no_error(sample: Path) -> None:
    for words in (("log", sample), ("log", sample, "--json"), ("codebook", "show", sample)):
        with subprocess.Popen(
            [sys.executable, "-m", "qualcode", *map(str, words)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running:
            assert running.stdout
            assert running.stderr
            assert running.stdout.read(1)
            running.stdout.close()
            assert running.stderr.read() == b""
            assert running.wait(90) in {0, 1}


def test_a_full_stdout_is_one_plain_error(sample_built: Path) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "qualcode", "log", str(sample_built)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=90,
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"Error: ")


def test_processes_that_write_at_once_lose_nothing(small: Path) -> None:
    take_in_codings(
        small, *(f"r{n},how,{who},reach,," for n in (1, 2, 3) for who in ("ana", "ben"))
    )
    command = [sys.executable, "-m", "qualcode"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    for verb in ("undo", "redo"):
        running = [
            subprocess.Popen(
                [*command, verb, str(small), "--coder", who, "--json"],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for who in ("ana", "ben", "ana", "ben")
        ]
        for each in running:
            assert (each.communicate(timeout=90)[1], each.returncode) == (b"", 0)
    assert errors(small) == []
    assert [path.name for path in small.parent.glob("study*")] == ["study.db"]
