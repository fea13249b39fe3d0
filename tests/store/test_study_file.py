"""What the file itself guarantees, whoever opens it with whatever program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import InputError
from studies import make, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {
    *("act", "attribute", "code", "codebook", "codebook_version", "coder", "coding", "mark"),
    *("place", "question", "respondent", "response", "setting", "step", "study"),
}
VIEWS = {
    *("v_code", "v_coded", "v_coding", "v_journal", "v_mark", "v_progress", "v_respondent"),
    "v_response",
}


def test_every_table_is_strict(small: Path) -> None:
    with closing(sqlite3.connect(small)) as plain:
        tables = plain.execute("PRAGMA table_list").fetchall()
    ours = {name: strict for _, name, kind, _, _, strict in tables if kind == "table"}
    assert ours.keys() >= TABLES
    foreign = ("sqlite_", "_sqlite")
    assert not [
        name for name, strict in ours.items() if not strict and not name.startswith(foreign)
    ]


def test_the_views_can_be_read_with_any_sqlite(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,0,3", "r2,why,ana,,,")
    with closing(sqlite3.connect(small)) as plain:
        views = {
            name for (name,) in plain.execute("SELECT name FROM sqlite_schema WHERE type='view'")
        }
        assert views >= VIEWS
        counts = {
            view: plain.execute(f"SELECT count(*) FROM {view}").fetchone()[0] for view in VIEWS
        }
        assert counts == {
            "v_code": 6,
            "v_coded": 2,
            "v_coding": 1,
            "v_journal": 5,
            "v_mark": 1,
            "v_progress": 1,
            "v_respondent": 6,
            "v_response": 12,
        }
        columns = [row[1] for row in plain.execute("PRAGMA table_info(v_respondent)")]
        assert columns == ["respondent", "region", "asked", "weight"]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM step", "append-only"),
        ("UPDATE step SET at = ''", "append-only"),
        ("DELETE FROM act", "append-only"),
        ("UPDATE act SET act = 'x'", "append-only"),
        ("DELETE FROM response", "never deleted"),
        ("UPDATE response SET text = 'x'", "never overwritten"),
        ("UPDATE response SET version = 7", "never overwritten"),
    ],
)
def test_the_journal_and_the_answers_only_grow(small: Path, sql: str, words: str) -> None:
    take_in_codings(small, "r1,why,ana,cost,,")
    with closing(sqlite3.connect(small)) as plain, pytest.raises(sqlite3.IntegrityError) as caught:
        plain.execute(sql)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE response SET status = 'maybe'",
        "UPDATE coding SET span_start = 3",
        "UPDATE coding SET span_start = 3, span_end = 3",
        "UPDATE coding SET code_id = 999",
        "UPDATE mark SET is_flagged = 2",
        "INSERT INTO coding SELECT 9, 1, response_id, code_id, NULL, NULL, '', 1 FROM coding",
        "INSERT INTO respondent (name, attributes) SELECT name, '{}' FROM respondent",
        "UPDATE respondent SET name = x'00' WHERE id = 1",
    ],
)
def test_what_cannot_be_is_refused_by_the_file(small: Path, sql: str) -> None:
    take_in_codings(small, "r1,why,ana,cost,,", "r2,why,ana,,,")
    with Study.open(small) as study, pytest.raises(sqlite3.IntegrityError):
        study.database.run(sql)


def test_half_a_character_is_no_text(small: Path) -> None:
    with Study.open(small) as study:
        session, _ = study.session("ana", "why")
        with pytest.raises(InputError, match="half of a character"):
            session.write_memo(session.queue()[0], "\udc80")
        assert session.write_memo(session.queue()[0], "whole")


@pytest.mark.parametrize("name", ["a'b", "select", "a b", "x]y", "a`b", "$", "a\\b", "Ä"])
def test_any_attribute_has_its_column_in_the_view(tmp_path: Path, name: str) -> None:
    study = make(tmp_path, f"why,how,{name}\nbecause,x,value\n")
    with Study.open(study, readonly=True) as opened:
        assert opened.database.row("SELECT * FROM v_respondent") == ("1", "value")


def test_attributes_that_differ_only_in_case_do_not_break_the_view(tmp_path: Path) -> None:
    study = make(tmp_path, "id,why,how,Unit,unit,Respondent\n1,y,x,a,b,c\n", id_column="id")
    with Study.open(study, readonly=True) as opened:
        assert opened.database.row("SELECT * FROM v_respondent") == ("1", "a")
        assert len(opened.database.rows("SELECT name FROM attribute")) == 3
