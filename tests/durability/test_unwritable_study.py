"""A study that cannot be written can be looked at; changing it is refused in one line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from durability.running import environment, run
from qualcode import Study

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "ana"
WORK_THEN_VANISH = """
import os, sys
from qualcode import Study
study = Study.open(sys.argv[1])
session, _ = study.session("ana")
for where in session.queue()[3:5]:
    session.decide(where)
os._exit(0)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="qualcode-test-"))
    path.chmod(0o755)
    yield path
    (path / "locked").chmod(0o755)
    shutil.rmtree(path)


@pytest.fixture(params=["the file", "the folder", "both"])
def locked(request: pytest.FixtureRequest, folder: Path, study: Path) -> Path:
    """A study with three coded answers that its user may not write."""
    inside = folder / "locked"
    inside.mkdir()
    path = shutil.copyfile(study, inside / "study.db")
    with Study.open(path) as opened:
        session, _ = opened.session(NAME)
        for where in session.queue()[:3]:
            session.decide(where)
    path.chmod(0o666 if request.param == "the folder" else 0o444)
    inside.chmod(0o777 if request.param == "the file" else 0o555)
    return path


def as_nobody(*commands: str) -> list[tuple[int, str, str]]:
    """Exit code, stdout and stderr of each."""
    return [(*done,) for done in run("unwritable", *commands)]


def count(info: str) -> int:
    """How many answers the coder has coded, in the words of `info --json`."""
    return int(json.loads(info)["questions"][0]["coders"][NAME])


def test_it_can_be_looked_at_and_exported_and_a_change_is_refused_in_one_line(
    locked: Path, folder: Path
) -> None:
    out = folder / "out"
    out.mkdir()
    out.chmod(0o777)
    info, export, *changes = as_nobody(
        f"info {locked} --json",
        f"export {locked} codings {out / 'codings.csv'}",
        f"undo {locked} --coder {NAME}",
        f"coder rename {locked} {NAME} bea",
    )
    for code, _, said in changes:
        assert code == 1, said
        assert said.count("Error: ") == 1
        assert "cannot be written" in said
        assert len(said.strip().splitlines()) <= 2
    assert [path.name for path in locked.parent.iterdir()] == ["study.db"]
    assert (info[0], export[0]) == (0, 0), info[2] + export[2]
    assert count(info[1]) == 3
    assert len((out / "codings.csv").read_text("utf-8").splitlines()) == 1 + 3


def test_work_that_only_the_log_holds_is_seen_too(locked: Path) -> None:
    mode, folder_mode = locked.stat().st_mode, locked.parent.stat().st_mode
    locked.parent.chmod(0o777)
    locked.chmod(0o666)
    subprocess.run([sys.executable, "-c", WORK_THEN_VANISH, locked], env=environment(), check=True)
    assert locked.with_name("study.db-wal").stat().st_size > 0
    locked.chmod(mode)
    locked.parent.chmod(folder_mode)
    ((code, info, said),) = as_nobody(f"info {locked} --json")
    assert code == 0, said
    assert count(info) == 5
