"""What holds for every format of survey file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode.errors import InputError, NotFound
from qualcode.importers import ReadOptions, extensions, read_survey

from .files import write

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "=1+1",
    "a\x00b",
    "\x1b[31mred\x1b[0m",
    "\u202eabc\u200b",
    "line\r\nbreak\rand\nmore",
    'she said "no", twice; then | left\t!',
    "\ufeffmark",
    "[/foo] [bold]",
    "👩‍👩‍👧 café \U0010ffff",
    "  spaces around  ",
    "' OR 1=1 --",
    "x" * 32_000,
)
SURVEY = (
    ("respondent_id", "region", "Why?"),
    *((f"R{n}", "north", text) for n, text in enumerate(HOSTILE)),
    ("R99", "south", " n/a "),
)
EVERY = pytest.mark.parametrize("ending", extensions())


@EVERY
def test_text_arrives_exactly_as_given(tmp_path: Path, ending: str) -> None:
    survey = read_survey(write(tmp_path / f"survey{ending}", SURVEY))
    rows = list(survey.rows())
    assert [row[2][0] for row in rows] == [*HOSTILE, " n/a "]
    assert [row[1] for row in rows] == [row[0] for row in SURVEY[1:]]
    assert {row[3] for row in rows} == {("north",), ("south",)}


@EVERY
def test_the_plan_says_what_was_found(tmp_path: Path, ending: str) -> None:
    plan = read_survey(write(tmp_path / f"survey{ending}", SURVEY)).plan
    assert (plan.layout, plan.id_column, plan.attributes) == ("wide", "respondent_id", ("region",))
    assert [(q.key, q.column, q.text) for q in plan.questions] == [("Q1", "Why?", "Why?")]
    assert plan.n_rows == len(SURVEY) - 1
    assert plan.blanks == {"Q1": 1}


@EVERY
def test_the_rows_can_be_read_again(tmp_path: Path, ending: str) -> None:
    survey = read_survey(write(tmp_path / f"survey{ending}", SURVEY))
    seen: list[int] = []
    assert list(survey.rows(seen.append)) == list(survey.rows())
    assert seen == [len(SURVEY) - 1]


@EVERY
def test_a_long_table_is_recognised(tmp_path: Path, ending: str) -> None:
    rows = (
        ("respondent", "question", "status", "text", "region"),
        ("1", "Why?", "substantive", "because", "north"),
        ("1", "how", "blank", "", "north"),
        ("2", "Why?", "not_asked", "", "south"),
    )
    survey = read_survey(write(tmp_path / f"survey{ending}", rows))
    assert survey.is_long
    assert [(q.key, q.text) for q in survey.plan.questions] == [("Q1", "Why?"), ("how", "how")]
    assert survey.plan.blanks == {"Q1": 1, "how": 1}
    assert survey.plan.attributes == ("region",)
    assert any("status" in note for note in survey.plan.notes)
    assert [row[1:] for row in survey.long_rows()] == [
        ("1", "Q1", "because", ("north",)),
        ("1", "how", "", ("north",)),
        ("2", "Q1", "", ("south",)),
    ]


@EVERY
def test_an_empty_file_is_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"survey{ending}"
    path.write_bytes(b"")
    with pytest.raises(InputError, match="survey"):
        read_survey(path)


@EVERY
def test_bytes_that_are_no_survey_are_refused(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"survey{ending}"
    for content in (bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" + bytes(500), bytes(5000)):
        path.write_bytes(content)
        with pytest.raises(InputError, match="survey"):
            read_survey(path)


@EVERY
def test_an_empty_id_names_row_and_column(tmp_path: Path, ending: str) -> None:
    rows = (("id", "why"), ("1", "because"), ("", "so"))
    with pytest.raises(InputError) as caught:
        read_survey(write(tmp_path / f"survey{ending}", rows))
    assert caught.value.row == (2 if ending == ".jsonl" else 3)
    assert caught.value.column == "id"


@EVERY
@pytest.mark.parametrize(
    "options",
    [
        ReadOptions(id_column="nobody"),
        ReadOptions(questions=(("A", "nobody"),)),
        ReadOptions(dropped=("nobody",)),
        ReadOptions(keep_as_attribute=("nobody",)),
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, ending: str, options: ReadOptions) -> None:
    with pytest.raises(InputError) as caught:
        read_survey(write(tmp_path / f"survey{ending}", SURVEY), options)
    assert caught.value.column == "nobody"


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
def test_a_repeated_header_names_both_columns(tmp_path: Path, ending: str) -> None:
    rows = (("id", "why", "age", "why"), ("1", "because", "5", "so"))
    with pytest.raises(InputError, match="columns B, D") as caught:
        read_survey(write(tmp_path / f"survey{ending}", rows))
    assert (caught.value.row, caught.value.column) == (1, "why")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
def test_answers_under_no_name_are_refused(tmp_path: Path, ending: str) -> None:
    rows = (("id", "why", "", "age"), ("1", "because", "", "5"), ("2", "so", "stray", "6"))
    with pytest.raises(InputError) as caught:
        read_survey(write(tmp_path / f"survey{ending}", rows))
    assert (caught.value.row, caught.value.column) == (3, "C")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
def test_titles_above_the_header_are_skipped_and_said(tmp_path: Path, ending: str) -> None:
    rows = (("My survey", "", ""), ("", "", ""), ("id", "age", "why"), ("a", "7", "because"))
    survey = read_survey(write(tmp_path / f"survey{ending}", rows))
    assert survey.plan.header_row == 3
    assert list(survey.rows()) == [(4, "a", ("because",), ("7",))]
    assert any("My survey" in note for note in survey.plan.notes)


@pytest.mark.parametrize("ending", [".ods", ".xls", ".sav", ""])
def test_another_ending_is_refused_with_those_that_are_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"survey{ending}"
    path.write_bytes(b"x")
    with pytest.raises(InputError) as caught:
        read_survey(path)
    assert ".xlsx" in caught.value.hint


def test_an_ending_may_be_in_capitals(tmp_path: Path) -> None:
    path = write(tmp_path / "survey.csv", SURVEY)
    assert read_survey(path.rename(tmp_path / "S.CSV")).plan.n_rows == len(SURVEY) - 1


def test_no_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_survey(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="folder"):
        read_survey(tmp_path)
