"""The library study, from files to the command line: the numbers that R gives."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from qualcode.estimation import logit_interval

from .made import library, library_expected, rows, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

EXPECTED = library_expected()
ROWS = [row for row in EXPECTED if ":" not in row["base"]]
TESTS = [row for row in EXPECTED if ":" in row["base"]]
BASES = ("asked", "answered", "coded", "any_code")
RULES = ("any", "majority", "unanimous")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def by_function(study: Path) -> Callable[[str, str], dict[str, Any]]:
    return cache(lambda rule, base: table(study, rule=rule, base=base, is_internal=True))


def printed(row: dict[str, Any]) -> dict[str, Any]:
    """A row under the reference's names, with logit limits whatever the interval is."""
    low, high = logit_interval(row["weighted_percent"] / 100, row["weighted_se"] / 100, row["df"])
    return {
        "k": row["k"],
        "n": row["n"],
        "pct": row["percent"],
        "wilson_lo": row["low"],
        "wilson_hi": row["high"],
        "w_pct": row["weighted_percent"],
        "w_se": row["weighted_se"],
        "w_lo": 100 * low,
        "w_hi": 100 * high,
        "df": row["df"],
        "pct_of_responses": row["percent_of_responses"],
    }


def assert_as_expected(found: dict[str, Any], expected: dict[str, str]) -> None:
    row = rows(found)[expected["theme"]]
    for name, value in printed(row).items():
        if expected[name] == "":
            assert value is None, name
        else:  # printed with six decimals
            assert value == pytest.approx(float(expected[name]), rel=1e-6, abs=6e-7), name
    if row["interval"] == "logit":
        assert row["weighted_low"] == pytest.approx(float(expected["w_lo"]), rel=2e-6, abs=6e-7)
        assert row["weighted_high"] == pytest.approx(float(expected["w_hi"]), rel=2e-6, abs=6e-7)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['rule']}-{row['theme']}-{row['base']}")
def test_every_number_is_that_of_r(
    row: dict[str, str], by_function: Callable[[str, str], dict[str, Any]]
) -> None:
    base = row["base"].replace("any_theme", "any_code")
    assert_as_expected(by_function(row["rule"], base), row)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("rule", RULES)
def test_the_command_line_prints_the_same(
    study: Path,
    rule: str,
    base: str,
    qualcode: Command,
    by_function: Callable[[str, str], dict[str, Any]],
) -> None:
    words = ("--rule", rule, "--base", base, "--internal", "--json")
    found = qualcode("frequencies", study, *words).json
    assert found == by_function(rule, base)
    ours = [row for row in ROWS if row["rule"] == rule]
    ours = [row for row in ours if row["base"].replace("any_theme", "any_code") == base]
    assert len(ours) == len(found["rows"]) == 7
    for row in ours:
        assert_as_expected(found, row)


def test_rao_and_scott_by_site_is_that_of_r(study: Path, qualcode: Command) -> None:
    words = ("--base", "coded", "--by", "site", "--internal", "--json")
    found = {test["code"]: test for test in qualcode("frequencies", study, *words).json["tests"]}
    assert len(TESTS) == 4
    for row in TESTS:
        test = found[row["theme"]]
        numbers = [test[name] for name in ("statistic", "ndf", "ddf", "p")]
        expected = [float(row[name]) for name in ("pct", "wilson_lo", "wilson_hi", "w_pct")]
        assert numbers == pytest.approx(expected, rel=1e-6)
        assert test["test"] == "rao_scott"


def test_the_four_bases_and_the_statuses(study: Path, qualcode: Command) -> None:
    found = qualcode("frequencies", study, "--internal", "--json").json
    assert found["n"] == {"asked": 144, "answered": 137, "coded": 132, "any_code": 130}
    assert (found["rule"], found["base"]) == ("majority", "answered")
    statuses = {row["status"]: (row["k"], round(row["percent"], 1)) for row in found["statuses"]}
    assert statuses == {"dont_know": (4, 2.9), "uncodable": (1, 0.7)}
    assert not {row["code"] for row in found["rows"]} & {"dont-know", "uncodable"}


@pytest.mark.parametrize(
    ("base", "percent"), [("asked", "36.8"), ("answered", "38.7"), ("coded", "40.2")]
)
def test_parking_in_three_bases(study: Path, base: str, percent: str, qualcode: Command) -> None:
    words = ("--base", base, "--unweighted")
    lines = qualcode("frequencies", study, *words).out.splitlines()
    line = next(line for line in lines if line.startswith("· Parking"))
    assert line.split()[2:5] == [
        "53",
        {"asked": "144", "answered": "137", "coded": "132"}[base],
        percent,
    ]


def test_one_coder_alone(study: Path, qualcode: Command) -> None:
    found = qualcode("frequencies", study, "--rule", "coder:ANA", "--internal", "--json").json
    assert found["rule"] == "coder:ana"
    assert found["n"]["answered"] == 137
    assert rows(found)["access/parking"]["k"] != 53
