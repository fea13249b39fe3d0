"""The design sets, changes and removes; the statuses follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.errors import InputError, NotFound
from qualcode.study import design
from qualcode.study.design import Design
from studies import answers, content, errors, take_in

if TYPE_CHECKING:
    from pathlib import Path


def change(
    study: Path, rules: dict[str, str] | None = None, *, blank: Any = (), not_blank: Any = (),
    **parts: str,
) -> int:  # fmt: skip
    with Study.open(study) as opened:
        return design.change(
            opened.database, parts, rules or {}, blank=blank, not_blank=not_blank, by="tester"
        )


def read(study: Path) -> Design:
    with Study.open(study, readonly=True) as opened:
        return design.read(opened.database)


def test_the_design_sets_changes_and_takes_away(small: Path) -> None:
    change(small, {"why": 'asked == "yes"'}, weight="weight", stratum="region")
    assert read(small) == Design("weight", "region", asked_if={"why": 'asked == "yes"'})
    change(small, {"how": "weight > 1"}, stratum="", psu="asked", lonely_psu="certainty")
    assert read(small) == Design(
        "weight",
        psu="asked",
        lonely_psu="certainty",
        asked_if={"why": 'asked == "yes"', "how": "weight > 1"},
    )
    change(small, {"why": "", "how": " "}, weight="", psu="", lonely_psu="")
    assert read(small) == Design()


def test_statuses_follow_the_rules_back_and_forth(small: Path) -> None:
    before = answers(small)
    assert change(small, {"why": 'asked == "yes"'}) == 1
    assert answers(small) == before | {"r3 why": "not_asked"}
    with Study.open(small) as study:
        assert design.typed_unasked(study.database) == (0, [])
    assert change(small, {"why": 'asked == "no"'}) == 2
    assert answers(small) == before | {"r4 why": "not_asked"}
    with Study.open(small) as study:
        assert design.typed_unasked(study.database, 2) == (4, ["r1 why", "r2 why"])
    assert change(small, {"why": ""}) == 1
    assert answers(small) == before


def test_what_counts_as_blank_can_be_changed(small: Path) -> None:
    before = answers(small)
    assert change(small, blank=[" SAME\u200b"]) == 4
    assert answers(small)["r2 why"] == "blank"
    assert change(small, not_blank=["Same", "n/a"]) == 5
    assert answers(small) == before | {"r4 why": "substantive"}
    assert take_in(small, "id,region,asked,weight,why,how\nr9,w,no,1,n/a,-\n").intake.new_answers
    assert answers(small)["r9 why"] == "substantive"
    assert answers(small)["r9 how"] == "blank"


def test_a_change_that_changes_nothing_is_not_in_the_journal(small: Path) -> None:
    change(small, {"why": 'asked == "yes"'}, weight="weight")
    before = content(small)
    assert change(small, {"why": 'asked == "yes"', "how": ""}, weight="weight", fpc="") == 0
    assert content(small) == before


@pytest.mark.parametrize(
    ("rules", "parts", "error", "words"),
    [
        ({}, {"weight": "wait"}, NotFound, "no column “wait”"),
        ({}, {"weight": "region"}, InputError, "respondent r1, column “region”: “north”"),
        ({}, {"fpc": "asked"}, InputError, "respondent r1, column “asked”"),
        ({"whi": "weight > 1"}, {}, NotFound, "no question “whi”"),
        ({"why": "wait > 1"}, {}, NotFound, "“wait”, which is no attribute"),
        ({"why": "weight >"}, {}, InputError, "position"),
    ],
)
def test_what_cannot_serve_is_refused_and_nothing_changes(
    small: Path, rules: dict[str, str], parts: dict[str, str], error: type, words: str
) -> None:
    before = content(small)
    with pytest.raises(error, match=words.replace("(", r"\(")):
        change(small, rules, **parts)
    assert content(small) == before
    assert errors(small) == []
