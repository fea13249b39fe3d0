"""`disagreements`: who said what, in every form, and as a table that is exported."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from coded import TWO
from qualcode import Study
from studies import SURVEY, make, read_csv, read_jsonl, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

FORMS = ("table", "json", "csv", "markdown", "html")


@pytest.fixture
def two(small: Path) -> Path:
    """The small study, coded by ana and ben."""
    take_in_codings(small, *TWO)
    return small


def test_disagreements_say_who_said_what(two: Path, qualcode: Command) -> None:
    found = qualcode("disagreements", two, "--question", "why", "--json").json
    assert found == [
        {
            "respondent": "r2",
            "question": "why",
            "text": "same",
            "coders": {"ana": ["reach"], "ben": ["cost"]},
            "distance": 1.0,
        },
        {
            "respondent": "r1",
            "question": "why",
            "text": "Ads are cheap, and nobody is watching them",
            "coders": {"ana": ["reach", "cost/cheap"], "ben": ["reach"]},
            "distance": pytest.approx(2 / 3),
        },
    ]


def test_disagreements_of_all_questions_and_of_some_coders(two: Path, qualcode: Command) -> None:
    take_in_codings(two, "r1,how,ana,reach,,", "r1,how,cho,cost,,")
    found = qualcode("disagreements", two, "--json").json
    assert [(each["respondent"], each["question"]) for each in found] == [
        ("r2", "why"),
        ("r1", "why"),
        ("r1", "how"),
    ]
    only = qualcode("disagreements", two, "--coder", "ana", "--coder", "cho", "--json").json
    assert [each["question"] for each in only] == ["how"]
    assert "dee" in qualcode("disagreements", two, "--coder", "dee").err


@pytest.mark.parametrize("name", ["cost/cheap", "cheap", "Cheap"])
def test_disagreements_on_one_code(two: Path, name: str, qualcode: Command) -> None:
    found = qualcode("disagreements", two, "--code", name, "--json").json
    assert [each["respondent"] for each in found] == ["r1"]


def test_an_unknown_code_is_not_found(two: Path, qualcode: Command) -> None:
    done = qualcode("disagreements", two, "--code", "reech")
    assert (done.code, done.out) == (3, "")
    assert "did you mean “reach”?" in done.err


def test_disagreements_as_csv(two: Path, qualcode: Command) -> None:
    done = qualcode("disagreements", two, "--format", "csv")
    assert list(csv.reader(io.StringIO(done.out))) == [
        ["respondent", "question", "text", "distance", "ana", "ben"],
        ["r2", "why", "same", "1.0", "reach", "cost"],
        [
            *("r1", "why", "Ads are cheap, and nobody is watching them"),
            *(repr(2 / 3), "reach | cost/cheap", "reach"),
        ],
    ]


@pytest.mark.parametrize("form", FORMS)
def test_no_disagreement_is_an_answer_too(small: Path, form: str, qualcode: Command) -> None:
    for rows in ((), ("r1,why,ana,reach,,", "r1,why,ben,reach,,")):
        if rows:
            take_in_codings(small, *rows)
        done = qualcode("disagreements", small, "--format", form)
        assert (done.code, done.err) == (0, "")
    assert qualcode("disagreements", small, "--json").json == []


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".xlsx"])
def test_disagreements_are_exported(two: Path, ending: str, qualcode: Command) -> None:
    with Study.open(two) as opened:
        opened.session("text")
    take_in_codings(two, "r6,why,cho,,,")
    out = two.with_name(f"disagreements{ending}")
    done = qualcode("export", two, "disagreements", out)
    assert (done.code, done.err) == (0, f"3 rows in {out}\n")
    if ending == ".csv":
        head, first, *_, last = read_csv(out)
        assert head == [
            *("respondent", "question", "text", "distance", "ana", "ben", "text_2", "cho")
        ]
        assert first == ["r2", "why", "same", "1.0", "reach", "cost", "", ""]
        assert last[0] == "r6"
    if ending == ".jsonl":
        found = read_jsonl(out)
        assert [each["respondent"] for each in found] == ["r2", "r1", "r6"]
        assert found[2]["cho"] == "(no code)"
        assert found[0]["text"] == "same"


def test_nothing_to_export_is_a_head_alone(small: Path, qualcode: Command) -> None:
    out = small.with_name("out.csv")
    assert qualcode("export", small, "disagreements", out).code == 0
    assert read_csv(out) == [["respondent", "question", "text", "distance"]]


def test_survey_text_is_exact_in_an_export(tmp_path: Path, qualcode: Command) -> None:
    text = '=1+1, "quoted"\nand more | \u202e'
    quoted = text.replace('"', '""')
    study = make(tmp_path, SURVEY.replace(",same,same", f',"{quoted}",same', 1))
    take_in_codings(study, "r2,why,ana,reach,,", "r2,why,ben,cost,,")
    out = tmp_path / "out.csv"
    qualcode("export", study, "disagreements", out)
    assert read_csv(out)[1][2] == text
