"""A corpus scored on this machine: the same rows however it is cut, and all of them or none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from conftest import ROOT
from corpus.made import contents, corpus, left_in, respondents, rows, table, write
from qualcode.corpus import pieces
from qualcode.corpus.repeats import Ledger, in_buckets
from qualcode.corpus.scoring import Sums
from studies import content, read_csv
from topics import answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]


def test_the_studys_own_answers_get_what_suggest_gives_them(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    texts = [text for text, _ in answers(150)]
    own = write(tmp_path / "own.parquet", texts, respondent=[f"r{i}" for i in range(150)])
    before = content(study)

    done = qualcode("suggest", study, "--input", own, "--output", tmp_path / "out")

    assert (done.code, content(study)) == (0, before), "the study is only read"
    assert qualcode("suggest", study).code == 0
    qualcode("export", study, "suggestions", tmp_path / "s.csv")
    _, *expected = read_csv(tmp_path / "s.csv")
    found = [
        [who, key, code, str(p), str(is_calibrated).lower(), source]
        for who, key, code, p, is_calibrated, source in rows(tmp_path / "out")
    ]
    assert found == [row[:6] for row in expected]


def test_one_file_or_many_or_row_groups_give_the_same_rows(
    study: Path, tmp_path: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text for text, _ in answers(400, 5)]
    many = corpus(tmp_path / "many", 400, 8)
    one = tmp_path / "all.parquet"
    parquet.write_table(table(texts), one, row_group_size=90)
    qualcode("suggest", study, "--input", many, "--output", tmp_path / "a")
    qualcode("suggest", study, "--input", one, "--output", tmp_path / "b")
    monkeypatch.setattr(pieces, "MOST_ROWS", 100)
    qualcode("suggest", study, "--input", one, "--output", tmp_path / "c")

    found = [rows(tmp_path / name) for name in "abc"]
    assert found[0] == found[1] == found[2]
    assert respondents(found[0]) == [f"c{i}" for i in range(400)]
    assert [len(list((tmp_path / name).glob("part-*"))) for name in "abc"] == [8, 1, 5]
    sums = [json.loads((tmp_path / n / "_qualcode.json").read_text())["questions"] for n in "abc"]
    assert sums[0] == sums[1] == sums[2]


def test_columns_of_other_kinds_that_mean_the_same_are_read(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    texts = [text for text, _ in answers(30, 5)]
    plain = table(texts, respondent=[str(i) for i in range(30)])
    other = table(texts, respondent=list(range(30)))
    for place in (1, 2):
        encoded = other.column(place).dictionary_encode()
        other = other.set_column(place, other.field(place).name, encoded)
    other = other.append_column("weight", pa.array([1.5] * 30))
    for name, found in (("plain", plain), ("other", other)):
        parquet.write_table(found, tmp_path / f"{name}.parquet")
        asked = ("--input", tmp_path / f"{name}.parquet", "--output", tmp_path / name)
        assert qualcode("suggest", study, *asked).code == 0
    assert rows(tmp_path / "plain") == rows(tmp_path / "other")


def test_a_file_without_rows_does_not_say_what_its_columns_hold(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    write(tmp_path / "in" / "a.parquet", pa.nulls(0), respondent=pa.nulls(0), question=pa.nulls(0))
    write(tmp_path / "in" / "b.parquet", ["cold food"])
    pattern = tmp_path / "in" / "*.parquet"
    assert qualcode("suggest", study, "--input", pattern, "--output", tmp_path / "out").code == 0
    assert respondents(rows(tmp_path / "out")) == ["c0"]


def test_a_file_whose_name_reads_like_a_pattern_is_meant_by_it(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    path = write(tmp_path / "in" / "wave [1].parquet", ["cold food"])
    write(tmp_path / "in" / "wave 1.parquet", ["kind staff"] * 2)
    done = qualcode("suggest", study, "--input", path, "--dry-run", "--json")
    assert (done.code, done.json["questions"][0]["answers"]) == (0, 1)


def test_blank_answers_get_nothing_and_are_counted(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    path = write(tmp_path / "a.parquet", ["the staff was kind", None, " ", "n/a", "cold food"])
    done = qualcode("suggest", study, "--input", path, "--output", tmp_path / "out", "--json")
    (found,) = done.json["questions"]
    assert (found["answers"], found["blank"]) == (2, 3)
    assert respondents(rows(tmp_path / "out")) == ["c0", "c4"]
    empty = write(tmp_path / "b.parquet", pa.nulls(3))
    assert qualcode("suggest", study, "--input", empty, "--output", tmp_path / "none").code == 0
    assert rows(tmp_path / "none") == []


def test_hostile_words_are_scored_as_they_are(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    names = ["\x1b[31mred", "a\nb", "=1+1", "[/foo]", "\u202eright"]
    path = write(tmp_path / "a.parquet", ["staff \x1b[2J \x00 [/b]"] * 5, respondent=names)
    done = qualcode("suggest", study, "--input", path, "--output", tmp_path / "out")
    assert (done.code, "\x1b" in done.out + done.err) == (0, False)
    assert respondents(rows(tmp_path / "out")) == names


def test_attributes_that_the_model_reads_are_read(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    assert qualcode("design", study, "--context", "why=region").code == 0
    texts = ["visit today"] * 2
    asked = ("suggest", study, "--output", tmp_path / "out", "--input")
    done = qualcode(*asked, write(tmp_path / "without.parquet", texts))
    assert (done.code, "region" in done.err, left_in(tmp_path, "study.db", "without.parquet")) == (
        2,
        True,
        [],
    )
    assert qualcode(*asked, write(tmp_path / "a.parquet", texts, region=["north", None])).code == 0
    north, nowhere = (
        [row[2:4] for row in rows(tmp_path / "out") if row[0] == who] for who in ("c0", "c1")
    )
    assert north != nowhere


def test_rows_of_other_questions_are_passed_over_when_one_is_named(
    small: Path, tmp_path: Path, qualcode: Command
) -> None:
    path = write(tmp_path / "a.parquet", ["ads", "cheap", "x"], question=["why", "how", "Q9"])
    asked = ("suggest", small, "--input", path, "--output")
    assert qualcode(*asked, tmp_path / "all").code == 2
    done = qualcode(*asked, tmp_path / "one", "--question", "why", "--json")
    assert done.json["notes"] == ["2 rows of other questions are passed over"]
    assert {row[1] for row in rows(tmp_path / "one")} == {"why"}
    one = write(tmp_path / "b.parquet", ["ads", "x"], question=["why", "Q9"])
    said = qualcode(
        "suggest", small, "--input", one, "--question", "why", "--output", tmp_path / "b"
    )
    assert "note: 1 row of other questions is passed over\n" in said.err
    assert f"in 1 part in {tmp_path / 'b'}" in said.err


def test_without_a_label_the_codebook_scores_and_nothing_is_called_calibrated(
    small: Path, tmp_path: Path, qualcode: Command
) -> None:
    path = write(tmp_path / "a.parquet", ["costs are low", "a wide reach"])
    assert qualcode("suggest", small, "--input", path, "--output", tmp_path / "out").code == 0
    found = rows(tmp_path / "out")
    assert {row[4:] for row in found} == {(False, "hybrid, 0 labels")}
    assert found[0][2].startswith("cost")


def test_a_dry_run_checks_everything_and_writes_nothing(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    pattern = corpus(tmp_path / "in", 40, 2)
    asked = ("suggest", study, "--input", pattern, "--output", tmp_path / "out", "--dry-run")
    found = qualcode(*asked, "--json").json
    assert (found["questions"], found["output"]) == (
        [{"question": "why", "answers": 40, "blank": 0}],
        None,
    )
    assert left_in(tmp_path, "study.db") == ["in"]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_leaves_nothing(study: Path, tmp_path: Path) -> None:
    pattern = corpus(tmp_path / "in", 20_000, 1)
    words = ("suggest", str(study), "--input", pattern, "--output", str(tmp_path / "out"))
    process = subprocess.Popen(
        [sys.executable, "-m", "qualcode", *words],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        until = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < until:
            if any(tmp_path.glob(".out-*/.part-*.tmp")):
                process.send_signal(signal.SIGINT)
                break
            time.sleep(0.005)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "stopped; nothing was written\n")
    assert left_in(tmp_path, "study.db") == ["in"]


def test_a_sensitive_study_makes_files_for_its_owner_alone_and_quotes_nobody(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    assert qualcode("design", study, "--sensitive").code == 0
    path = write(tmp_path / "a.parquet", ["the staff"] * 2)
    assert qualcode("suggest", study, "--input", path, "--output", tmp_path / "out").code == 0
    assert {each.stat().st_mode & 0o077 for each in (tmp_path / "out").iterdir()} == {0}
    twice = write(tmp_path / "b.parquet", ["the staff"] * 2, respondent=["ada", "ada"])
    done = qualcode("suggest", study, "--input", twice, "--output", tmp_path / "no")
    assert (done.code, "ada" in done.err, "row 2" in done.err) == (2, False, True)


def test_the_same_corpus_gives_the_same_bytes(
    study: Path, tmp_path: Path, qualcode: Command
) -> None:
    pattern = corpus(tmp_path / "in", 60, 3)
    for name in "ab":
        assert qualcode("suggest", study, "--input", pattern, "--output", tmp_path / name).code == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_marks_that_come_again_are_found_whatever_piece_they_are_in() -> None:
    def marks(*numbers: int) -> list[bytes]:
        return [(number * 0x9E3779B97F4A7C15 % 2**64).to_bytes(8, "big") for number in numbers]

    with Ledger() as ledger:
        ledger.add(in_buckets(marks(*range(1_000))))
        ledger.add(in_buckets([]))
        ledger.add(in_buckets(marks(*range(1_000, 2_000), 7)))
        ledger.add(in_buckets(marks(5_000, 5_000)))
        assert ledger.repeated() == set(marks(7, 5_000))


def test_sums_do_not_hang_on_the_order_of_adding() -> None:
    one, other = Sums(2, {"a": 3}, {"a": 9}), Sums(1, {"b": 4}, {"b": 16})
    forth, back = Sums(), Sums()
    for each in (one, other):
        forth.add(each)
    for each in (other, one):
        back.add(each)
    assert forth == back == Sums(3, {"a": 3, "b": 4}, {"a": 9, "b": 16})
