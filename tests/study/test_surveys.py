"""A survey file becomes a study, later files add to it, and an error leaves no trace."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError
from qualcode.importers import ReadOptions
from qualcode.study import surveys
from qualcode.study.design import Design
from studies import (
    QUESTIONS,
    SURVEY,
    answers,
    codings,
    content,
    errors,
    make,
    take_in,
    take_in_codings,
)

if TYPE_CHECKING:
    from pathlib import Path

LONG = """\
respondent,question,text,region
r1,Why so?,because,north
r1,how,by phone,north
r2,Why so?,no idea,south
"""
HEADER = "id,region,asked,weight,why,how\n"


def make_long(folder: Path, survey: str = LONG, **options: Any) -> Path:
    return make(folder, survey, questions=(), **options)


def info(study: Path) -> dict[str, Any]:
    with Study.open(study, readonly=True) as opened:
        return opened.info()


def journal(study: Path) -> list[Any]:
    with Study.open(study, readonly=True) as opened:
        return list(opened.journal())


def test_a_new_study_counts_its_answers(small: Path) -> None:
    found = info(small)
    assert found["respondents"] == 6
    counts = {
        q["key"]: (q["asked"], q["not_asked"], q["blank"], q["substantive"])
        for q in found["questions"]
    }
    assert counts == {"why": (6, 0, 2, 4), "how": (6, 0, 1, 5)}
    assert found["codebooks"] == [{"name": "Small", "version": 1, "codes": 6}]
    assert errors(small) == []


def test_not_asked_comes_from_the_rule_only_and_never_from_a_blank(tmp_path: Path) -> None:
    rules = {"why": 'asked == "yes"', "how": 'region == "north"'}
    study = make(tmp_path, design=Design(asked_if=rules))
    assert answers(study) == {
        "r1 why": "substantive",
        "r1 how": "substantive",
        "r2 why": "substantive",
        "r2 how": "substantive",
        "r3 why": "not_asked",
        "r3 how": "substantive",
        "r4 why": "blank",
        "r4 how": "not_asked",
        "r5 why": "substantive",
        "r5 how": "substantive",
        "r6 why": "substantive",
        "r6 how": "substantive",
    }


@pytest.mark.parametrize("layout", ["wide", "long"])
def test_an_answer_typed_where_the_rule_says_not_asked_is_kept_and_noted(
    tmp_path: Path, layout: str
) -> None:
    source = tmp_path / "in.csv"
    text, question = (SURVEY, QUESTIONS) if layout == "wide" else (LONG, ())
    source.write_text(text)
    made = surveys.new(
        tmp_path / "study.db",
        source,
        options=ReadOptions(questions=question),
        design=Design(asked_if={"how": 'region == "north"'}),
        by="tester",
    )
    assert made.intake
    noted = (made.intake.typed_unasked, made.intake.examples_unasked)
    assert noted == ((2, ["r2 how", "r6 how"]) if layout == "wide" else (0, []))
    later = (
        HEADER + "r7,south,yes,1,x,typed\nr3,north,no,2,,changed\nr2,south,yes,1,same,same\n"
        if layout == "wide"
        else "respondent,question,text,region\nr2,how,typed,south\nr1,how,changed,north\n"
    )
    done = take_in(tmp_path / "study.db", later)
    expected = ["r7 how"] if layout == "wide" else ["r2 how"]
    assert (done.intake.typed_unasked, done.intake.examples_unasked) == (1, expected)
    assert answers(tmp_path / "study.db")[expected[0]] == "substantive"


def test_the_same_file_again_changes_nothing_and_the_journal_does_not_grow(small: Path) -> None:
    before = content(small)
    done = take_in(small, SURVEY)
    assert done.intake.is_nothing
    assert content(small) == before


def test_the_same_long_file_again_changes_nothing(tmp_path: Path) -> None:
    study = make_long(tmp_path)
    assert [q["key"] for q in info(study)["questions"]] == ["Q1", "how"]
    before = content(study)
    assert take_in(study, LONG).intake.is_nothing
    assert content(study) == before


def test_questions_of_a_long_file_keep_their_keys_whatever_comes_later(tmp_path: Path) -> None:
    study = make_long(tmp_path)
    first = "respondent,question,text,region\nr3,Where then?,here,east\nr3,Why so?,why not,east\n"
    take_in(study, first)
    second = "respondent,question,text,region\nr4,And when?,now,east\nr4,Where then?,there,east\n"
    take_in(study, second)
    before = content(study)
    assert take_in(study, first).intake.is_nothing
    assert take_in(study, LONG.replace("Why so?", "Q1")).intake.is_nothing
    assert content(study) == before
    texts = {q["key"]: q["text"] for q in info(study)["questions"]}
    assert texts == {"Q1": "Why so?", "how": "how", "Q2": "Where then?", "Q3": "And when?"}
    assert sum(status == "substantive" for status in answers(study).values()) == 7
    assert len(answers(study)) == 16
    assert errors(study) == []


def test_a_changed_answer_is_a_new_version_beside_the_old_one(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r1,how,ana,reach,,")
    before = codings(small)
    done = take_in(small, HEADER + "r1,north,yes,1.5,now another,we call them\n")
    assert (done.intake.changed_answers, done.intake.new_answers) == (1, 0)
    assert codings(small) == before
    why, how = info(small)["questions"]
    assert (why["coders"], why["changed"]) == ({"ana": 0}, 1)
    assert (how["coders"], how["changed"]) == ({"ana": 1}, 0)
    with Study.open(small) as study:
        versions = study.database.rows(
            "SELECT version, is_current, text FROM v_response"
            " WHERE respondent = 'r1' AND question = 'why' ORDER BY version"
        )
    assert versions == [
        (1, 0, "Ads are cheap, and nobody is watching them"),
        (2, 1, "now another"),
    ]
    assert errors(small) == []


def test_an_answer_that_comes_back_to_its_first_words_is_a_third_version(small: Path) -> None:
    for text in ("b", "Ads are cheap, and nobody is watching them"):
        row = f'r1,north,yes,1.5,"{text}",we call them\n'
        assert take_in(small, HEADER + row).intake.changed_answers == 1
    with Study.open(small) as study:
        assert study.database.value("SELECT max(version) FROM response") == 3


def test_rows_that_are_missing_are_left_alone_and_new_ones_come_after(small: Path) -> None:
    before = answers(small)
    done = take_in(small, HEADER + "r9,west,no,3,late,too\n")
    assert (done.intake.new_respondents, done.intake.new_answers) == (1, 2)
    assert answers(small) == before | {"r9 why": "substantive", "r9 how": "substantive"}
    with Study.open(small) as study:
        session, _ = study.session("ana", "why")
        assert session.answer(session.queue()[-1]).response.respondent == "r9"


def test_changed_attributes_are_taken_over_and_the_rules_follow(tmp_path: Path) -> None:
    study = make(tmp_path, design=Design(asked_if={"why": 'asked == "yes"'}))
    done = take_in(study, HEADER + "r3,north,yes,2,,by phone; by mail\n")
    assert (done.intake.changed_attributes, done.intake.changed_answers) == (1, 0)
    assert answers(study)["r3 why"] == "blank"
    assert journal(study)[-1][4] == "import"


def test_new_columns_become_attributes(small: Path) -> None:
    rows = SURVEY.splitlines()
    later = "\n".join([f"{rows[0]},shift", *(f"{row},night" for row in rows[1:])])
    assert take_in(small, later).new_attributes == ("shift",)
    with Study.open(small) as study:
        assert study.database.rows("SELECT DISTINCT shift FROM v_respondent") == [("night",)]
    before = content(small)
    assert take_in(small, later).new_attributes == ()
    assert content(small) == before


def test_a_respondent_with_some_questions_only_has_blanks_for_the_rest(tmp_path: Path) -> None:
    study = make_long(tmp_path)
    assert answers(study)["r2 how"] == "blank"
    take_in(study, "respondent,question,text,region\nr2,how,after all,south\n")
    assert answers(study)["r2 how"] == "substantive"
    assert answers(study)["r2 Q1"] == "substantive"
    assert errors(study) == []


@pytest.mark.parametrize(
    ("survey", "options", "row", "column", "words"),
    [
        (SURVEY + "r2,north,yes,1,a,b\n", {}, 8, "id", "“r2” stands a second time"),
        (
            LONG + "r1,how,again,north\n",
            {"questions": ()},
            5,
            "respondent",
            "answers how a second time (first in row 3)",
        ),
        (
            LONG + "r2,how,then,north\n",
            {"questions": ()},
            5,
            "region",
            "has “south” in an earlier row and “north” here",
        ),
        (SURVEY, {"design": Design(weight="region")}, 2, "region", "“north” is not a weight"),
        (SURVEY.replace("1.5", "-1"), {"design": Design(weight="weight")}, 2, "weight", "“-1”"),
        (SURVEY.replace("1.5", "nan"), {"design": Design(weight="weight")}, 2, "weight", "“nan”"),
        (SURVEY.replace(",2,", ",,"), {"design": Design(weight="weight")}, 4, "weight", "“”"),
        (SURVEY.replace("south", " "), {"design": Design(stratum="region")}, 3, "region", "empty"),
        (SURVEY.replace("south", ""), {"design": Design(psu="region")}, 3, "region", "empty"),
        (SURVEY, {"design": Design(psu="cluster")}, 1, "cluster", "no such column"),
        (
            LONG.replace("south", ""),
            {"questions": (), "design": Design(stratum="region")},
            4,
            "region",
            "empty",
        ),
    ],
)
def test_what_is_wrong_in_a_survey_is_named_and_nothing_is_written(
    tmp_path: Path, survey: str, options: dict[str, Any], row: int, column: str, words: str
) -> None:
    if "design" in options:
        options = options | {"keep_as_attribute": options["design"].columns}
    with pytest.raises(InputError) as caught:
        make(tmp_path, survey, **options)
    assert (caught.value.row, caught.value.column) == (row, column)
    assert str(tmp_path / "survey.csv") in caught.value.message
    assert words in caught.value.message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book0.yaml", "survey.csv"]


@pytest.mark.parametrize(
    ("later", "row"),
    [
        (SURVEY + "r2,north,yes,1,a,b\n", 8),
        (SURVEY + "r2,south,yes,1,same,same\n", 8),
        (HEADER + "r8,north,yes,1,a,b\nr8,north,yes,1,c,d\n", 3),
        (HEADER + "r1,north,yes,heavy,changed,b\n", 2),
        (HEADER + "r1,north,yes,1,changed,b\n,north,yes,1,a,b\n", 3),
    ],
)
def test_a_later_file_with_an_error_changes_nothing_at_all(
    tmp_path: Path, later: str, row: int
) -> None:
    study = make(tmp_path, design=Design(weight="weight"), keep_as_attribute=("weight",))
    before = content(study)
    with pytest.raises(InputError) as caught:
        take_in(study, later)
    assert caught.value.row == row
    assert caught.value.column
    assert content(study) == before
    assert errors(study) == []


def test_a_later_long_file_with_an_error_changes_nothing_at_all(tmp_path: Path) -> None:
    study = make_long(tmp_path)
    before = content(study)
    for rows in ("r1,how,a,east\nr1,how,b,east\n", "r1,how,a,east\nr1,Q1,b,west\n"):
        with pytest.raises(InputError):
            take_in(study, "respondent,question,text,region\n" + rows)
        assert content(study) == before


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(SURVEY)
    made = surveys.new(
        tmp_path / "study.db",
        source,
        options=ReadOptions(questions=QUESTIONS),
        design=Design(),
        by="tester",
        dry_run=True,
    )
    assert made.intake.new_respondents == made.plan.n_rows == 6
    assert made.statuses["why"] == {"not_asked": 0, "blank": 2, "substantive": 4}
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_new_never_overwrites(small: Path) -> None:
    before = small.read_bytes()
    with pytest.raises(Conflict, match="exists already"):
        make(small.parent)
    assert small.read_bytes() == before
    link = small.with_name("link.db")
    link.symlink_to("nowhere")
    with pytest.raises(Conflict):
        make(small.parent, name="link.db")


def test_a_wrong_codebook_leaves_no_study(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 2"):
        make(tmp_path, books=("codebook: a\nversion: x\ncodes: []\n",))
    with pytest.raises(InputError, match="no question “nosuch”"):
        make(tmp_path, books=("codebook: a\nquestions: [nosuch]\ncodes: []\n",))
    assert not list(tmp_path.glob("*.db")) + list(tmp_path.glob(".*"))


def test_a_rule_about_nothing_is_not_found(tmp_path: Path) -> None:
    for rules in ({"nosuch": "a == 1"}, {"why": "nosuch == 1"}):
        with pytest.raises(NotFound, match="nosuch"):
            make(tmp_path, design=Design(asked_if=rules))
    with pytest.raises(InputError, match="position"):
        make(tmp_path, design=Design(asked_if={"why": "asked ="}))
    assert not (tmp_path / "study.db").exists()


def test_a_missing_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no folder"):
        make(tmp_path, name="none/study.db")


def test_a_name_that_the_disk_refuses_is_one_plain_error(tmp_path: Path) -> None:
    with pytest.raises(QualcodeError, match="cannot be written"):
        make(tmp_path, name="x" * 300)
    assert not list(tmp_path.glob(".*"))


def test_the_study_appears_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    study = make(tmp_path)
    assert errors(study) == []
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".db", ".yaml"]


def test_the_journal_says_what_each_import_brought(small: Path) -> None:
    take_in(small, HEADER + "r9,west,no,3,late,too\n")
    acts = [(row[4], json.loads(row[9])["about"]) for row in journal(small)]
    assert [act for act, _ in acts] == ["import", "codebook", "import"]
    assert acts[-1][1]["new respondents"] == 1


def test_numbered_respondents_are_the_same_rows_again(tmp_path: Path) -> None:
    survey = "why,how\nbecause it pays,by phone\nno idea at all,by letter\n"
    study = make(tmp_path, survey)
    before = content(study)
    assert take_in(study, survey).intake.is_nothing
    assert content(study) == before


NUMBERED = "why,how\nwe saw the ads,by phone\nsame again,by mail\nnot at all,never\n"


def test_rows_at_the_end_join_a_study_whose_respondents_are_numbered(tmp_path: Path) -> None:
    study = make(tmp_path, NUMBERED)

    assert take_in(study, NUMBERED).intake.is_nothing
    assert take_in(study, NUMBERED + "one more,lists\n").intake.new_respondents == 1


def test_where_nobody_can_tell_whose_an_answer_is_nothing_is_taken_in(tmp_path: Path) -> None:
    study = make(tmp_path, NUMBERED)
    before = content(study)

    with pytest.raises(InputError, match="without an id column"):
        take_in(study, NUMBERED.replace("we saw the ads,by phone\n", ""))
    assert content(study) == before


@pytest.mark.parametrize("name", ["Nr.", "token", "lfdn", "VPN", "Record"])
def test_the_usual_names_of_an_id_are_known(tmp_path: Path, name: str) -> None:
    study = make(tmp_path, f"{name},why,how\n7,we saw the ads,x\n9,same again,y\n")

    with Study.open(study) as opened:
        assert [row[0] for row in opened.database.rows("SELECT name FROM respondent")] == ["7", "9"]
