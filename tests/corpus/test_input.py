"""What cannot be scored: one line, the right exit code, and no output that is half there."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from conftest import ROOT
from corpus.made import corpus, left_in, table, write
from qualcode.corpus import pieces, record
from studies import make
from topics import answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

TEXTS = [text for text, _ in answers(30, 5)]


def refused(
    qualcode: Command, study: Path, pattern: object, code: int, *words: str, **options: Any
) -> None:
    """Scoring ends with a code, one line that has the words, and no output."""
    out = options.get("out", study.parent / "out")
    before = left_in(out.parent)
    done = qualcode("suggest", study, "--input", pattern, "--output", out)
    first, *rest = done.err.splitlines()
    assert (done.code, done.out) == (code, "")
    assert first.startswith("Error: ")
    assert len(rest) <= 1
    assert all(line.startswith("Hint: ") for line in rest)
    for word in words:
        assert word in done.err
    assert left_in(out.parent) == before


@pytest.mark.parametrize("column", ["respondent", "question", "text"])
def test_a_missing_column(study: Path, tmp_path: Path, qualcode: Command, column: str) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(table(TEXTS).drop_columns([column]), path)
    refused(qualcode, study, path, 2, "a.parquet", f"“{column}”", "no such column")


def test_a_column_that_is_there_twice(study: Path, tmp_path: Path, qualcode: Command) -> None:
    path = tmp_path / "a.parquet"
    found = table(TEXTS)
    parquet.write_table(found.append_column("text", found.column("text")), path)
    refused(qualcode, study, path, 2, "“text”", "twice")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("text", pa.array([1.5] * 3)),
        ("text", pa.array([b"\xff"] * 3)),
        ("text", pa.array([["a"]] * 3)),
        ("respondent", pa.array([True] * 3)),
    ],
)
def test_a_column_of_another_kind(
    study: Path, tmp_path: Path, qualcode: Command, column: str, values: Any
) -> None:
    others = {column: values}
    path = write(tmp_path / "a.parquet", others.pop("text", TEXTS[:3]), **others)
    refused(qualcode, study, path, 2, f"“{column}”", "neither text nor whole numbers")


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"respondent": ["a", None, "b"]}, ("row 2", "“respondent”", "empty")),
        ({"respondent": ["a", "b", " "]}, ("row 3", "“respondent”", "empty")),
        ({"question": [None, "why", "why"]}, ("row 1", "“question”", "empty")),
        ({"question": pa.nulls(3)}, ("row 1", "“question”", "empty")),
        ({"question": ["why", "Q9", "why"]}, ("row 2", "no question “Q9”", "it has why")),
        ({"respondent": ["a", "b", "a"]}, ("row 3", "“a” answers why a second time", "row 1")),
    ],
)
def test_a_row_that_cannot_be(
    study: Path, tmp_path: Path, qualcode: Command, others: Any, words: tuple[str, ...]
) -> None:
    path = write(tmp_path / "a.parquet", TEXTS[:3], **others)
    refused(qualcode, study, path, 2, "a.parquet", *words)


def test_a_row_late_in_a_file_of_many_row_groups(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "MOST_ROWS", 8)
    path = tmp_path / "a.parquet"
    questions = ["why"] * 25 + ["x"] + ["why"] * 4
    parquet.write_table(table(TEXTS, question=questions), path, row_group_size=7)
    refused(qualcode, study, path, 2, "row 26")


def test_somebody_in_two_files(study: Path, tmp_path: Path, qualcode: Command) -> None:
    write(tmp_path / "in" / "a.parquet", TEXTS[:20])
    write(tmp_path / "in" / "b.parquet", TEXTS[20:], first=19)
    words = ("b.parquet, row 1", "“c19” answers why a second time", "a.parquet, row 20")
    refused(qualcode, study, tmp_path / "in" / "*.parquet", 2, *words)


@pytest.mark.parametrize("damage", ["cut", "middle", "text", "empty", "folder"])
def test_a_file_that_is_no_whole_parquet(
    study: Path, tmp_path: Path, qualcode: Command, damage: str
) -> None:
    corpus(tmp_path / "in", 200, 2)
    path = tmp_path / "in" / "001.parquet"
    content = path.read_bytes()
    if damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        found = {
            "cut": content[: len(content) // 2],
            "middle": content[:20] + bytes(400) + content[420:],
            "text": b"respondent,question,text\nc1,why,staff\n",
            "empty": b"",
        }
        path.write_bytes(found[damage])
    refused(qualcode, study, tmp_path / "in" / "*.parquet", 2, "001.parquet")


def test_text_that_is_no_utf8(study: Path, tmp_path: Path, qualcode: Command) -> None:
    wrong = pa.array([b"staff", b"\xff\xfe"]).view(pa.string())
    path = write(tmp_path / "a.parquet", wrong)
    refused(qualcode, study, path, 2, "a.parquet", "damaged")


def test_nothing_that_matches(study: Path, tmp_path: Path, qualcode: Command) -> None:
    refused(qualcode, study, tmp_path / "*.parquet", 3, "no file matches")
    refused(qualcode, study, "x" * 300, 3, "no file matches")


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_to_itself(study: Path, tmp_path: Path, qualcode: Command) -> None:
    (tmp_path / "a.parquet").symlink_to(tmp_path / "a.parquet")
    refused(qualcode, study, tmp_path / "*.parquet", 2, "a.parquet", "this is no file")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_nobody_may_read(study: Path, tmp_path: Path, qualcode: Command) -> None:
    path = write(tmp_path / "a.parquet", TEXTS)
    path.chmod(0)
    refused(qualcode, study, path, 2, "a.parquet", "cannot be read")


def test_a_study_without_codebook(tmp_path: Path, qualcode: Command) -> None:
    study = make(tmp_path, books=())
    path = write(tmp_path / "a.parquet", TEXTS)
    refused(qualcode, study, path, 2, "no code to suggest", "codebook apply")


def test_an_output_with_files_in_it(study: Path, tmp_path: Path, qualcode: Command) -> None:
    path = write(tmp_path / "a.parquet", TEXTS)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    refused(qualcode, study, path, 4, "has files in it")
    assert (tmp_path / "out" / "mine").read_text() == "mine"
    (tmp_path / "file").write_text("mine")
    refused(qualcode, study, path, 4, "is no folder", out=tmp_path / "file")


def test_an_empty_folder_is_taken(study: Path, tmp_path: Path, qualcode: Command) -> None:
    path = write(tmp_path / "a.parquet", TEXTS)
    (tmp_path / "out").mkdir()
    assert qualcode("suggest", study, "--input", path, "--output", tmp_path / "out").code == 0
    assert left_in(tmp_path, "study.db", "a.parquet") == ["out"]


def test_an_output_among_the_input(study: Path, tmp_path: Path, qualcode: Command) -> None:
    pattern = corpus(tmp_path / "in", 20, 1)
    refused(qualcode, study, pattern, 2, "in the folder of the input", out=tmp_path / "in" / "out")
    refused(qualcode, study, pattern, 4, "has files in it", out=tmp_path / "in")
    refused(qualcode, study, tmp_path / "**" / "*.parquet", 2, "in the folder", out=tmp_path / "b")


def test_an_output_that_cannot_be_written(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.parquet", TEXTS)
    done = qualcode("suggest", study, "--input", path, "--output", tmp_path / "no" / "out")
    assert (done.code, "there is no folder" in done.err) == (3, True)
    real = os.access
    monkeypatch.setattr(os, "access", lambda at, how: at != tmp_path and real(at, how))
    refused(qualcode, study, path, 1, "cannot be written")


def test_a_disk_that_is_full_while_a_part_is_written(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = corpus(tmp_path / "in", 20, 2)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused(qualcode, study, pattern, 1, "No space left on device")


def test_a_disk_that_is_full_at_the_end(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = corpus(tmp_path / "in", 20, 2)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dump", full)
    refused(qualcode, study, pattern, 1, "out", "cannot be written: No space left on device")


def test_something_that_comes_to_be_there_meanwhile(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = corpus(tmp_path / "in", 20, 2)
    kept = record.write

    def late(folder: Path, found: record.Record) -> None:
        kept(folder, found)
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine").write_text("mine")

    monkeypatch.setattr(record, "write", late)
    done = qualcode("suggest", study, "--input", pattern, "--output", tmp_path / "out")
    assert (done.code, "by now" in done.err) == (4, True)
    assert left_in(tmp_path, "study.db", "in") == ["out"]
    assert left_in(tmp_path / "out") == ["mine"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--output", "out"), "--output goes with --input"),
        (("--dry-run",), "--dry-run goes with --input"),
        (("--scheduler", "tcp://h:1"), "--scheduler goes with --input"),
        (("--input", "a.parquet"), "--input goes with --output"),
        (("--input", "a.parquet", "--output", "o", "--jobs", "2"), "--jobs does not go"),
        (("--input", "a.parquet", "--output", "o", "--engine", "dask"), "go together"),
        (("--input", "a.parquet", "--output", "o", "--scheduler", "h:1"), "go together"),
    ],
)
def test_options_that_do_not_go_together(
    study: Path, qualcode: Command, words: tuple[str, ...], said: str
) -> None:
    done = qualcode("suggest", study, *words)
    assert (done.code, said in done.err) == (2, True)


@pytest.mark.parametrize(
    ("package", "extra", "engine"),
    [
        ("pyarrow", "parquet", ()),
        ("distributed", "dask", ("--engine", "dask", "--scheduler", "h:1")),
    ],
)
def test_a_missing_extra_is_named(
    study: Path,
    tmp_path: Path,
    process: Command,
    package: str,
    extra: str,
    engine: tuple[str, ...],
) -> None:
    path = write(tmp_path / "a.parquet", TEXTS)
    (tmp_path / "absent" / package).mkdir(parents=True)
    (tmp_path / "absent" / package / "__init__.py").write_text("raise ImportError")
    python = os.pathsep.join([str(tmp_path / "absent"), str(ROOT / "src")])
    words = ("suggest", study, "--input", path, "--output", tmp_path / "out", *engine)
    done = process(*words, env={"PYTHONPATH": python})
    assert done.code == 5
    assert done.err.splitlines()[1] == f"Hint: pip install 'qualcode[{extra}]'"
    assert not (tmp_path / "out").exists()


def test_nothing_is_printed_but_json(study: Path, tmp_path: Path, qualcode: Command) -> None:
    path = write(tmp_path / "a.parquet", TEXTS)
    done = qualcode("suggest", study, "--input", path, "--output", tmp_path / "out", "--json")
    assert (done.err, done.json["parts"], done.json["rows"]) == ("", 1, 150)
    assert set(done.json) == {"study", "output", "parts", "rows", "questions", "notes"}
