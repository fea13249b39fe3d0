"""A full disk costs one act and one line of words; the study keeps its last good state."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from durability.checking import is_whole
from durability.running import environment, qualcode, run
from durability.survey import write_survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DISK = 2 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(folder: Path) -> None:
    with suppress(OSError), (folder / "filler").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def _survives(study: Path, out: Path, how: str) -> None:
    told = run("filling", study, out, how)
    assert told["coded"] > 1
    assert "last good state" in told["words"]
    assert told["failed again"] >= 1
    assert told["info"] == told["exported"] == told["coded"]
    assert told["coded after"] == told["coded"] + 3
    is_whole(study)


def test_files_that_cannot_grow(study: Path, tmp_path: Path) -> None:
    _survives(study, tmp_path / "codings.csv", "limit")


def test_a_disk_that_is_full(study: Path, small_disk: Path, tmp_path: Path) -> None:
    moved = shutil.copyfile(study, small_disk / "study.db")
    _survives(moved, tmp_path / "codings.csv", "filler")


def test_a_study_on_a_disk_without_a_free_byte_can_be_looked_at(
    study: Path, small_disk: Path, tmp_path: Path
) -> None:
    full = shutil.copyfile(study, small_disk / "study.db")
    _fill(small_disk)
    assert qualcode("info", full, "--json").returncode == 0
    assert qualcode("export", full, "responses", tmp_path / "responses.csv").returncode == 0
    refused = qualcode("coder", "rename", full, "ana", "bea")
    assert refused.returncode in {1, 3}
    assert refused.stderr.count("Error: ") == 1
    assert "Traceback" not in refused.stderr
    (small_disk / "filler").unlink()
    is_whole(full)


def _told_one_error(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 1
    assert done.stderr.count("Error: ") == 1
    assert len(done.stderr.strip().splitlines()) <= 2
    assert "Traceback" not in done.stderr


def test_an_export_onto_a_full_disk_leaves_the_old_file(study: Path, small_disk: Path) -> None:
    out = small_disk / "responses.csv"
    out.write_text("the old file")
    _fill(small_disk)
    _told_one_error(qualcode("export", study, "responses", out))
    assert out.read_text() == "the old file"
    assert {path.name for path in small_disk.iterdir()} == {"filler", "responses.csv"}


def test_a_backup_onto_a_full_disk_leaves_nothing(study: Path, small_disk: Path) -> None:
    _fill(small_disk)
    _told_one_error(qualcode("backup", study, small_disk / "copy.db"))
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_a_new_study_on_a_full_disk_leaves_nothing(small_disk: Path, tmp_path: Path) -> None:
    survey = write_survey(tmp_path / "survey.csv", 20_000)
    _told_one_error(qualcode("new", small_disk / "study.db", survey))
    assert list(small_disk.iterdir()) == []


def test_a_new_study_without_a_free_byte_leaves_nothing(small_disk: Path, tmp_path: Path) -> None:
    survey = write_survey(tmp_path / "survey.csv", 10)
    _fill(small_disk)
    _told_one_error(qualcode("new", small_disk / "study.db", survey))
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


@pytest.mark.parametrize("blocks", [0, 1, 8, 64, 200])
def test_a_new_study_that_may_not_grow_leaves_nothing(tmp_path: Path, blocks: int) -> None:
    survey = write_survey(tmp_path / "survey.csv", 5_000)
    folder = tmp_path / "out"
    folder.mkdir()
    command = f'ulimit -f {blocks}; exec "$0" -m qualcode new "{folder}/study.db" "{survey}"'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    _told_one_error(done)
    assert list(folder.iterdir()) == []


def test_an_import_onto_a_full_disk_changes_nothing(
    study: Path, small_disk: Path, tmp_path: Path
) -> None:
    moved = shutil.copyfile(study, small_disk / "study.db")
    before = qualcode("info", moved, "--json").stdout
    survey = write_survey(tmp_path / "more.csv", 20_000)
    _told_one_error(qualcode("import", moved, survey))
    assert qualcode("info", moved, "--json").stdout == before
    is_whole(moved)
