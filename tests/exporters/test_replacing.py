"""A file is replaced whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qualcode.errors import Conflict, InputError, NotFound, QualcodeError
from qualcode.exporters import Table, write_table, write_text
from qualcode.exporters.atomic import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDINGS = [".csv", ".tsv", ".jsonl", ".xlsx"]


def broken_rows() -> Iterator[tuple[str]]:
    yield ("one",)
    raise RuntimeError("the source broke")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_failure_half_way_leaves_the_old_file(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t{ending}"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="the source broke"):
        write_table(path, Table("t", ("a",), broken_rows()))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_old_file_is_replaced_and_nothing_is_left_behind(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t{ending}"
    path.write_bytes(b"old")
    write_table(path, Table("t", ("a",), [("x",)]))
    assert path.read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replacing(path):
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_is_one_error_that_names_the_file(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qualcode.exporters.atomic.os.fsync", full)
    path = tmp_path / f"t{ending}"
    with pytest.raises(QualcodeError, match="No space left") as error:
        write_table(path, Table("t", ("a",), [("x",)]))
    assert str(path) in error.value.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_xlsxwriters_own_errors_become_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qualcode.exporters.xlsx.TemporaryDirectory", _NoFolder)
    with pytest.raises(QualcodeError, match="cannot be written"):
        write_table(tmp_path / "t.xlsx", Table("t", ("a",), [("x",)]))
    assert list(tmp_path.iterdir()) == []


class _NoFolder:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __enter__(self) -> str:
        return "/nowhere"

    def __exit__(self, *_: object) -> None:
        return


def test_a_missing_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="folder"):
        write_text(tmp_path / "no" / "t.yaml", "x")


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "t.csv"
    folder.mkdir()
    with pytest.raises(Conflict, match="folder"):
        write_table(folder, Table("t", ("a",), []))


def test_a_study_is_not_replaced_by_a_table(tmp_path: Path) -> None:
    path = tmp_path / "study.csv"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    before = path.read_bytes()
    with pytest.raises(Conflict, match="study"):
        write_table(path, Table("t", ("a",), []))
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="needs a device")
def test_a_device_is_not_replaced() -> None:
    with pytest.raises(Conflict):
        write_text(Path("/dev/null"), "x")
    assert not Path("/dev/null").is_file()


@pytest.mark.skipif(os.name != "posix", reason="needs modes")
def test_the_mode_of_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_table(path, Table("t", ("a",), []))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="needs modes")
def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    write_text(tmp_path / "t", "x")
    assert (tmp_path / "t").stat().st_mode == usual.stat().st_mode


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs modes that hold")
def test_a_read_only_file_or_folder_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.touch()
    path.chmod(0o444)
    with pytest.raises(QualcodeError, match="read-only"):
        write_text(path, "x")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(QualcodeError, match="cannot be written"):
            write_text(tmp_path / "new", "x")
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "link.csv", tmp_path / "target.csv"
    target.touch()
    link.symlink_to(target)
    write_text(link, "x")
    assert link.is_symlink()
    assert target.read_text() == "x"


@pytest.mark.parametrize("text", ["", "a\r\nb\rc\n", "\ufeffa", "no newline", "\0\u2028"])
def test_text_is_written_byte_for_byte(text: str, tmp_path: Path) -> None:
    write_text(tmp_path / "t", text)
    assert (tmp_path / "t").read_bytes() == text.encode()


def test_text_with_a_surrogate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="surrogate"):
        write_text(tmp_path / "t", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_xlsxwriter_is_imported_only_for_xlsx(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from qualcode.exporters import Table, extensions, write_table
for ending in (".csv", ".tsv", ".jsonl"):
    write_table(Path({str(tmp_path)!r}) / f"t{{ending}}", Table("t", ("a",), [("x",)]))
print(*(name for name in ("xlsxwriter", "qualcode.exporters.xlsx") if name in sys.modules))
extensions()
print(*(name for name in ("xlsxwriter",) if name in sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n\n"
