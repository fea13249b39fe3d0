"""Which column becomes what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode.errors import InputError
from qualcode.importers import ReadOptions, read_survey
from qualcode.importers.keys import make_keys

from .files import write_delimited

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qualcode.importers import Survey

ANSWERS = (
    "More training for all of us", "It takes far too long", "Funding", "Nothing really, it works",
    "People who listen", "Less paper and fewer forms", "I do not know what would help here",
)  # fmt: skip


def read(path: Path, rows: Sequence[Sequence[str]], options: ReadOptions | None = None) -> Survey:
    return read_survey(write_delimited(path / "s.csv", rows), options or ReadOptions())


def many(n: int = 70) -> list[tuple[str, ...]]:
    options = ("Strongly agree with this", "Neither agree nor disagree", "Disagree")
    return [
        (
            f"P{i:03}", f"2024-01-{i % 28 + 1:02} 10:00", f"10.0.0.{i}", f"a{i}@example.org",
            str(i % 60 + 18), options[i % 3], ("yes", "no")[i % 2],
            ANSWERS[i % 7] + f" {i}", ANSWERS[i % 7] if i % 3 else "-",
        )
        for i in range(n)
    ]  # fmt: skip


def test_open_questions_are_told_from_everything_else(tmp_path: Path) -> None:
    header = (
        "case_id", "When", "Where from", "Reach", "How old are you?", "Is it good?",
        "Are you a member?", "What would help most?", "Any other comments?",
    )  # fmt: skip
    rows = [(*row[:-1], row[-1] + f" {n}") for n, row in enumerate(many())]
    plan = read(tmp_path, [header, *rows]).plan
    assert [q.column for q in plan.questions] == ["What would help most?", "Any other comments?"]
    assert plan.id_column == "case_id"
    assert plan.attributes == header[1:7]


def test_given_questions_turn_detection_off(tmp_path: Path) -> None:
    rows = [("id", "why", "how"), ("1", "it is good for us", "by going on and on")]
    plan = read(tmp_path, rows, ReadOptions(questions=(("way", "how"),), dropped=("id",))).plan
    assert [(q.key, q.column) for q in plan.questions] == [("way", "how")]
    assert (plan.attributes, plan.dropped, plan.id_column) == (("why",), ("id",), "")


def test_a_weight_is_never_a_question(tmp_path: Path) -> None:
    rows = [("id", "why", "reason"), ("1", "it is good for us", "one two three four five")]
    plan = read(tmp_path, rows, ReadOptions(keep_as_attribute=("reason",))).plan
    assert [q.column for q in plan.questions] == ["why"]
    assert plan.attributes == ("reason",)


def test_no_open_question_hints_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, [("id", "age"), ("1", "5")])
    assert "--question" in caught.value.hint


def test_a_repeated_id_still_is_the_id(tmp_path: Path) -> None:
    rows = [("id", "why"), ("1", "it is good for us"), ("1", "by going on and on")]
    assert read(tmp_path, rows).plan.id_column == "id"


def test_a_unique_id_is_preferred_to_a_repeated_one(tmp_path: Path) -> None:
    rows = [("case", "patient_id", "why"), ("1", "a", "good for us"), ("1", "b", "going on")]
    assert read(tmp_path, rows).plan.id_column == "patient_id"


def test_qualtrics_headers_of_three_rows(tmp_path: Path) -> None:
    rows = [
        ("StartDate", "ResponseId", "Q1", "Q2"),
        ("Start Date", "Response ID", "What, in your words,\nis good?", "Age"),
        *[tuple(f'{{"ImportId":"{name}"}}' for name in ("s", "_r", "QID1_TEXT", "QID2"))],
        ("2024-01-01 10:00:00", "R_1", "Because it is very good", "23"),
    ]
    survey = read(tmp_path, rows)
    assert [(q.key, q.text) for q in survey.plan.questions] == [("Q1", rows[1][2])]
    assert survey.plan.id_column == "ResponseId"
    assert list(survey.rows()) == [(4, "R_1", (rows[3][2],), (rows[3][0], "23"))]
    assert any("Qualtrics" in note for note in survey.plan.notes)


def test_surveymonkey_headers_of_two_rows(tmp_path: Path) -> None:
    rows = [
        ("Respondent ID", "What would help?", "Which apply?", "", "Comments"),
        ("", "Open-Ended Response", "Training", "Other (please specify)", "Open-Ended Response"),
        ("11", "More training for all", "Training", "", "none"),
        ("12", "Less of it", "", "something else again", "-"),
    ]
    plan = read(tmp_path, rows).plan
    assert [(q.key, q.text) for q in plan.questions] == [
        ("Q1", "What would help?"),
        ("Q2", "Which apply? – Other (please specify)"),
        ("Comments", "Comments"),
    ]
    assert plan.attributes == ("Which apply? – Training",)
    assert (plan.id_column, plan.n_rows, plan.blanks["Q2"]) == ("Respondent ID", 2, 1)


def test_a_header_row_can_be_said(tmp_path: Path) -> None:
    rows = [("a note", "x", "y"), ("id", "age", "why"), ("1", "5", "because")]
    assert read(tmp_path, rows, ReadOptions(header_row=2)).plan.header_row == 2
    with pytest.raises(InputError) as caught:
        read(tmp_path, rows, ReadOptions(header_row=9))
    assert caught.value.row == 9


def test_keys_are_headers_or_numbers_in_file_order() -> None:
    names = ["why", "What now?", "Q2", "And then?", "x" * 33, "été"]
    assert make_keys(names) == ["why", "Q3", "Q2", "Q4", "Q5", "Q6"]
    assert make_keys(["How?"], taken=["Q1"]) == ["Q2"]


@pytest.mark.parametrize("key", ["", "a b", "a/b", "x" * 33, "a\n"])
def test_an_impossible_key_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(InputError, match="key"):
        read(tmp_path, [("id", "why"), ("1", "a")], ReadOptions(questions=((key, "why"),)))


@pytest.mark.parametrize(
    "options",
    [
        ReadOptions(questions=(("A", "why"), ("A", "how"))),
        ReadOptions(questions=(("A", "why"), ("B", "why"))),
        ReadOptions(questions=(("A", "why"),), dropped=("why",)),
        ReadOptions(questions=(("A", "id"),), id_column="id"),
        ReadOptions(dropped=("how",), keep_as_attribute=("how",)),
    ],
)
def test_options_that_contradict_are_refused(tmp_path: Path, options: ReadOptions) -> None:
    with pytest.raises(InputError):
        read(tmp_path, [("id", "why", "how"), ("1", "a", "b")], options)


LONG = [("id", "question_id", "answer"), ("1", "Why?", "it is"), ("2", "How?", "it goes")]


def test_questions_of_a_long_table_keep_their_keys(tmp_path: Path) -> None:
    options = ReadOptions(layout="long", known_questions=(("Q1", "How?"), ("Q7", "Gone?")))
    survey = read(tmp_path, LONG, options)
    assert [(q.key, q.column) for q in survey.plan.questions] == [("Q2", "Why?"), ("Q1", "How?")]
    assert [row[2] for row in survey.long_rows()] == ["Q2", "Q1"]


def test_keys_can_be_given_to_the_questions_of_a_long_table(tmp_path: Path) -> None:
    survey = read(tmp_path, LONG, ReadOptions(questions=(("way", "How?"),)))
    assert [q.key for q in survey.plan.questions] == ["Q1", "way"]
    with pytest.raises(InputError, match="When"):
        read(tmp_path, LONG, ReadOptions(layout="long", questions=(("way", "When?"),)))


def test_a_layout_can_be_said(tmp_path: Path) -> None:
    assert read(tmp_path, LONG, ReadOptions(layout="wide")).plan.layout == "wide"
    with pytest.raises(InputError) as caught:
        read(tmp_path, [("id", "why"), ("1", "a")], ReadOptions(layout="long"))
    assert caught.value.column == "question"


def test_too_many_questions_are_no_questions(tmp_path: Path) -> None:
    rows = [LONG[0], *(("1", f"question {n}", "x") for n in range(600))]
    with pytest.raises(InputError, match="500") as caught:
        read(tmp_path, rows)
    assert caught.value.column == "question_id"


def test_the_list_of_blanks_can_be_changed(tmp_path: Path) -> None:
    rows = [("id", "why"), ("1", "No Answer"), ("2", "\u200b "), ("3", "n/a"), ("4", "-  . ")]
    options = ReadOptions(questions=(("why", "why"),), blanks=frozenset({"", "no answer"}))
    assert read(tmp_path, rows, options).plan.blanks == {"why": 2}
