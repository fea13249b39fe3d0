"""Regressions of a theme: what is printed, and what is refused with the reason."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.estimation import odds_ratio
from qualcode.study.frequencies import Wish, regression
from qualcode.study.frequencies.regression_output import as_json
from studies import plant

from .made import coded, library, small

if TYPE_CHECKING:
    from pathlib import Path


def regress(study: Path, code: str, *on: str, **options: Any) -> dict[str, Any]:
    more = {name: options.pop(name) for name in ("categorical", "references") if name in options}
    with Study.open(study, readonly=True) as opened:
        found = next(one for one in opened.codebooks[0].codes if one.path == code)
        question = opened.question("q1")
        return as_json(
            regression.regress(opened.database, question, found, on, Wish(**options), **more)
        )


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Of 60 in each group 20 and 35 have theme b, most of them in early waves."""
    ones, twos = [i for i in range(120) if i % 2], [i for i in range(120) if i % 2 == 0]
    who = [*sorted(ones, key=lambda i: (i * 7) % 31)[:20], *sorted(twos, key=lambda i: i % 17)[:35]]
    codings = [*coded(who, "ana", "b"), *coded(sorted(set(range(120)) - set(who)), "ana", "")]
    return small(tmp_path, codings, n=120)


def test_one_attribute_gives_the_odds_ratio_of_its_table(study: Path) -> None:
    found = regress(study, "b", "group")
    crude = odds_ratio(35, 25, 20, 40).estimate
    (intercept, term) = found["terms"]
    assert (term["level"], term["reference"]) == ("two", "one")
    assert term["adjusted"]["odds_ratio"] == pytest.approx(crude.value)
    assert term["crude"] == term["adjusted"]
    assert intercept["crude"] is None
    assert math.exp(intercept["coefficient"]) == pytest.approx(20 / 40)
    assert (found["n"], found["k"], found["left_out"]) == (120, 55, 0)


def test_crude_and_adjusted_stand_beside_each_other(study: Path) -> None:
    found = regress(study, "b", "group", "wave")
    terms = {term["attribute"]: term for term in found["terms"]}
    assert terms["group"]["crude"] != terms["group"]["adjusted"]
    assert (terms["wave"]["level"], terms["wave"]["reference"]) == (None, None)  # a number
    assert [test["attribute"] for test in found["tests"]] == ["group", "wave"]
    levels = {(level["attribute"], level["level"]): level for level in found["levels"]}
    assert levels["group", "one"] == {
        "attribute": "group",
        "level": "one",
        "k": 20,
        "n": 60,
        "suppressed": False,
    }


def test_numbers_can_be_categories(study: Path) -> None:
    found = regress(study, "b", "wave", categorical=("wave",))
    assert [term["level"] for term in found["terms"]] == [None, "2002", "2003"]
    assert found["tests"][0]["ndf"] == 2
    other = regress(study, "b", "wave", references={"wave": "2003"})
    assert [term["reference"] for term in other["terms"]] == [None, "2003", "2003"]
    assert other["tests"][0]["statistic"] == pytest.approx(found["tests"][0]["statistic"])


def test_who_has_no_value_is_left_out_and_told(study: Path) -> None:
    plant(
        study,
        "UPDATE respondent SET attributes = json_set(attributes, '$.group', '') WHERE id < 11",
    )
    found = regress(study, "b", "group")
    assert (found["n"], found["left_out"]) == (110, 10)
    assert any("10 of the base are left out" in note for note in found["notes"])


def test_small_categories_are_hidden_with_all_that_compares_them(tmp_path: Path) -> None:
    study = library(tmp_path)
    found = regress(study, "staff", "site", "visitor")
    assert found["suppressed"] == ["site"]
    assert {term["attribute"] for term in found["terms"]} == {"visitor"}
    assert [test["attribute"] for test in found["tests"]] == ["visitor"]
    hidden = [level for level in found["levels"] if level["attribute"] == "site"]
    assert [level["k"] for level in hidden] == [None, None]
    shown = regress(study, "staff", "site", "visitor", is_internal=True)
    assert len(shown["terms"]) == 3
    assert shown["suppressed"] == []


REFUSED: dict[str, tuple[list[str], str, tuple[str, ...], str]] = {
    "nobody": ([], "c", ("group",), "all are alike"),
    "everybody": (coded(range(60), "ana", "c"), "c", ("group",), "all are alike"),
    "separation": (coded(range(0, 40, 2), "ana", "c"), "c", ("group",), "always or never"),
    "too few": (coded([0, 1, 2], "ana", "c"), "c", ("group", "wave"), "too few answers"),
    "the same twice": (
        coded(range(0, 60, 4), "ana", "c") + coded(range(1, 60, 4), "ana", "c"),
        "c",
        ("wave", "copy"),
        "say the same",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_mean_nothing_is_refused_with_the_reason(tmp_path: Path, case: str) -> None:
    codings, code, on, reason = REFUSED[case]
    done = {int(line.split(",")[0][1:]) for line in codings}
    rest = coded(sorted(set(range(60)) - done), "ana", "")
    study = small(tmp_path, [*codings, *rest], n=60)
    plant(
        study,
        "INSERT INTO attribute (name) VALUES ('copy')",
        "UPDATE respondent SET attributes ="
        " json_set(attributes, '$.copy', attributes ->> '$.wave')",
    )
    with pytest.raises(QualcodeError, match="no regression") as caught:
        regress(study, code, *on, is_internal=True)
    assert reason in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 1


def test_how_few_there_are_is_not_told(tmp_path: Path) -> None:
    codings = [
        *coded([0, 1, 3], "ana", "c"),
        *coded(range(4, 60), "ana", "b"),
        *coded([2], "ana", ""),
    ]
    study = small(tmp_path, codings, n=60)
    with pytest.raises(QualcodeError, match="too few answers") as caught:
        regress(study, "c", "group")
    assert "3" not in caught.value.message


def test_a_status_an_attribute_and_a_reference_that_are_none(study: Path) -> None:
    with pytest.raises(InputError, match="dk is no theme"):
        regress(study, "dk", "group")
    with pytest.raises(NotFound, match="no attribute “grup”"):
        regress(study, "b", "grup")
    with pytest.raises(InputError, match="is no category of group"):
        regress(study, "b", "group", references={"group": "three"})
    with pytest.raises(InputError, match="not among the attributes"):
        regress(study, "b", "group", references={"wave": "2001"})
    with pytest.raises(InputError, match="named twice"):
        regress(study, "b", "group", "group")


def test_a_base_that_is_not_coded_has_no_regression(tmp_path: Path) -> None:
    study = small(tmp_path, coded(range(30), "ana", "b"), n=60)
    with pytest.raises(QualcodeError, match="not coded yet"):
        regress(study, "b", "group", base="answered")
