"""A correct page passes; on it every planted error is found, and nothing else."""

from __future__ import annotations

import json

import pytest

from qualcode.audit import RULES, Known, as_plain

from .made import FORMATS, STUDY, audited
from .pages import CORRECT, PLANTED, changed


@pytest.mark.parametrize("ending", FORMATS)
def test_a_correct_page_passes_without_a_finding(ending: str) -> None:
    report = audited(CORRECT, ending)
    assert report.findings == ()
    assert report.is_passed
    counts = report.counts
    assert counts.percentages == 32
    assert (counts.confirmed, counts.failed, counts.unchecked) == (24, 0, 8)
    assert (counts.by_study, counts.by_counts, counts.by_grim) == (16, 5, 3)
    assert (counts.closed_sets, counts.several_answer_sets, counts.quantifiers) == (2, 1, 4)
    assert report.roundings == ("half-up",)  # 9 of 144 is 6.25 %, printed 6.3


def test_what_could_not_be_checked_is_said_with_the_reason() -> None:
    assert [(one.shown, one.reason) for one in audited(CORRECT).unchecked] == [
        ("92 %", "agreement between coders"),
        ("5 %", "a level of confidence or significance"),
        ("80 %", "a level of confidence or significance"),
        ("100 %", "a total of percentages"),
        ("62 %", "in a sentence that cites another work"),
        ("nine of ten cases, that is 90 %", "inside a quotation"),
        ("100.0", "a total of percentages"),
        ("62 %", "in the list of references"),
    ]


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(("changes", "check"), PLANTED)
def test_each_planted_error_is_found_and_nothing_else(
    changes: list[tuple[str, str]], check: str, ending: str
) -> None:
    report = audited(changed(changes), ending)
    assert [finding.check for finding in report.findings] == [check]
    assert not report.is_passed


@pytest.mark.parametrize("ending", FORMATS)
def test_all_planted_errors_together_are_found_and_nothing_else(ending: str) -> None:
    report = audited(changed([change for changes, _ in PLANTED for change in changes]), ending)
    assert sorted(f.check for f in report.findings) == sorted(check for _, check in PLANTED)
    assert {finding.level for finding in report.findings} == {"error"}


def test_the_set_that_adds_to_104_says_so() -> None:
    report = audited(changed([("| 59", "65"), ("| 41.0", "45.1")]))
    (finding,) = report.findings
    assert "exclude each other and add to 104.1 %" in finding.wrong
    assert finding.shown == "27.1 + 31.9 + 45.1"


def test_where_a_row_of_a_set_is_wrong_by_itself_the_sum_is_told_with_it() -> None:
    report = audited(changed([("| 41.0", "45.0")]))
    (finding,) = report.findings
    assert finding.check == "counts"
    assert "59 of 144 is 41.0 %" in finding.wrong
    assert "add to 104.0 %" in finding.wrong


def test_findings_stand_where_a_person_finds_them() -> None:
    changes = [("| 26.4", "28.4"), ("(18 of 144; 12.5 %)", "(18 of 137; 12.5 %)")]
    places = {
        ending: {str(finding.place) for finding in audited(changed(changes), ending).findings}
        for ending in FORMATS
    }
    assert places[".md"] == {"line 3", "line 22, table 1, row 3, cell 3"}
    assert places[".txt"] == {"line 4", "line 25, table 1, row 3, cell 3"}
    assert places[".html"] == {"paragraph 2", "table 1, row 3, cell 3"}
    assert places[".docx"] == places[".html"]


def test_without_a_study_the_page_is_held_against_itself() -> None:
    report = audited(CORRECT, known=Known())
    assert report.is_passed
    assert "held against itself" in report.notes[0]
    assert report.counts.by_table > 0
    wrong = audited(changed([("Thirty-eight respondents (26.4 %)", "Fifty respondents (34.7 %)")]),
                    known=Known())  # fmt: skip
    assert [finding.check for finding in wrong.findings] == ["table"]


def test_the_plain_form_is_json() -> None:
    plain = json.loads(json.dumps(as_plain(audited(changed([("| 59", "65")])))))
    assert set(plain) == {
        "source", "passed", "counts", "findings", "unchecked", "roundings", "notes",
        "quantifier_rule", "hedge_rule",
    }  # fmt: skip
    assert plain["passed"] is False
    (finding,) = plain["findings"]
    assert set(finding) == {"level", "check", "place", "shown", "wrong", "right"}
    assert finding["place"] == {
        "line": 36, "table": 2, "row": 4, "cell": 3, "text": "line 36, table 2, row 4, cell 3",
    }  # fmt: skip
    assert len(plain["quantifier_rule"]) == len(RULES)
    assert all("(?" not in word for rule in plain["quantifier_rule"] for word in rule["words"])


def test_a_page_is_audited_alike_in_every_format() -> None:
    page = changed([change for changes, _ in PLANTED for change in changes])
    told = [
        sorted((f.check, f.shown, f.wrong, f.right) for f in audited(page, ending, STUDY).findings)
        for ending in FORMATS
    ]
    assert told[0] == told[1] == told[2] == told[3]
