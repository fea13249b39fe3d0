"""`qualcode adjudicate` without its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coded import TWO
from studies import take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done


@pytest.fixture
def study(small: Path) -> Path:
    """Of the four answers to `why`, r1 is in dispute on cheap, r2 on reach and cost."""
    take_in_codings(small, *TWO)
    return small


def one(study: Path, *words: str) -> tuple[object, ...]:
    return ("adjudicate", study, "--coder", "ana", "--question", "why", *words)


def test_the_list_has_letters_and_no_names(study: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode("adjudicate", study, "--list")
    assert done.code == 0
    assert "r1" in done.out
    assert "ana" not in done.out
    assert "ben" not in done.out
    cases = qualcode("adjudicate", study, "--list", "--json").json
    assert [case["respondent"] for case in cases] == ["r1", "r2"]
    assert {side["coder"] for case in cases for side in case["sides"]} == {None}
    only = qualcode("adjudicate", study, "--list", "--code", "reach", "--json").json
    assert [case["respondent"] for case in only] == ["r2"]


def test_a_case_is_settled_by_letter(study: Path, qualcode: Callable[..., Done]) -> None:
    words = ("--respondent", "r1", "--take", "B", "--reason", "missed", "--memo", "so be it")
    done = qualcode(*one(study, *words, "--json")).json
    verdict = done["verdict"]
    assert (verdict["adjudicator"], verdict["reason"]) == ("ana", "missed")
    assert verdict["memo"] == "so be it"
    assert verdict["codes"] == done["sides"][1]["codes"]
    assert {side["coder"] for side in done["sides"]} == {"ana", "ben"}
    assert len(qualcode("adjudicate", study, "--list", "--json").json) == 1
    back = qualcode(*one(study, "--respondent", "r1", "--take-back", "--json")).json
    assert (back["state"], back["verdict"]) == ("open", None)


def test_a_case_is_settled_by_codes(study: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode(*one(study, "--respondent", "r1", "--codes", "cheap, reach", "--json")).json
    assert done["verdict"]["codes"] == ["reach", "cost/cheap"]
    done = qualcode(*one(study, "--respondent", "r1", "--codes", "", "--json")).json
    assert done["verdict"]["codes"] == []
    shown = qualcode(*one(study, "--respondent", "r1"))
    assert "verdict of ana: (no code)" in shown.out


def test_a_case_is_sent_back(study: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode(*one(study, "--respondent", "r2", "--send-back", "A: why?", "--json")).json
    assert done["state"] == "sent back"
    assert done["asked"] == [{"letter": "A", "text": "why?", "answered": False}]
    assert "why: asked about and not answered by " in qualcode("info", study).out


def test_the_summary(study: Path, qualcode: Callable[..., Done]) -> None:
    qualcode(*one(study, "--respondent", "r1", "--take", "A", "--reason", "missed"))
    [why, how] = qualcode("adjudicate", study, "--summary", "--json").json
    assert why["cases"] == {"open": 1, "settled": 1, "sent_back": 0}
    assert why["mean_alpha"]["before"]["value"] < why["mean_alpha"]["after"]["value"]
    assert how["mean_alpha"]["before"] == dict.fromkeys(("value", "se", "low", "high")) | {
        "reason": "no_pairable_units"
    }
    shown = qualcode("adjudicate", study, "--summary", "--question", "why")
    assert "with the 1 settled taken as agreed" in shown.out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--coder", "zoe"), 3, "no coder “zoe”"),
        (("--coder", "zoe", "--question", "why", "--respondent", "r1"), 3, "no coder “zoe”"),
        (("--coder", "ana", "--question", "who"), 3, "no question “who”"),
        (("--coder", "ana", "--code", "who"), 3, "no code “who”"),
        (("--coder", "ana", "--question", "why", "--respondent", "r9"), 3, "no answer of “r9”"),
        (("--coder", "ana", "--question", "why", "--respondent", "r6"), 3, "not in dispute"),
        (("--coder", "ana", "--respondent", "r1"), 2, "several questions"),
        (("--coder", "ana"), 1, "needs a terminal"),
        ((), 2, "say who adjudicates"),
        (("--coder", "ana", "--take", "A"), 2, "go with --respondent"),
        (("--list", "--respondent", "r1"), 2, "go without --respondent"),
    ],
)
def test_what_cannot_be_done(
    study: Path, qualcode: Callable[..., Done], words: tuple[str, ...], code: int, told: str
) -> None:
    before = study.read_bytes()
    done = qualcode("adjudicate", study, *words)
    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert study.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--take", "A", "--codes", "reach"), 2, "exclude each other"),
        (("--send-back", "x", "--reason", "missed"), 2, "go with a verdict"),
        (("--take", "C"), 3, "no “C”"),
        (("--codes", "reach,nothing"), 2, "cannot stand beside"),
        (("--codes", "whatever"), 3, "no code “whatever”"),
        (("--reason", "missed"), 4, "settle it first"),
        (("--reason", "bad"), 2, "bad"),
        (("--take", "A", "--memo", "x", "--send-back", ""), 2, "exclude each other"),
    ],
)
def test_what_cannot_be_done_to_a_case(
    study: Path, qualcode: Callable[..., Done], words: tuple[str, ...], code: int, told: str
) -> None:
    done = qualcode(*one(study, "--respondent", "r1", *words))
    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert qualcode("adjudicate", study, "--summary", "--json").json[0]["cases"]["settled"] == 0
