"""The synthetic survey through the command line: the numbers of R's survey package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qualcode.estimation import beta_interval, clopper_pearson
from qualcode.study.frequencies.as_json import as_json

from .made import (
    ATTRIBUTES,
    SURVEY_DESIGNS,
    THEMES,
    report,
    rows,
    survey,
    survey_expected,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]
    Key = tuple[str, str, str, str, str]

N = 199
REGRESSION = "svyglm_logit(jurisdiction+years)"


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        name: survey(tmp_path_factory.mktemp(name), design)
        for name, design in SURVEY_DESIGNS.items()
    }


def share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def weighted(name: str, found: dict[str, Any]) -> Iterator[tuple[Key, float | None]]:
    for theme, row in rows(found).items():
        proportion = (name, "proportion", theme, "(all)")
        p, se = row["weighted_percent"] / 100, row["weighted_se"] / 100
        yield (*proportion, "p"), p
        yield (*proportion, "se"), se
        yield (*proportion, "df"), row["df"]
        yield (*proportion, "n_unweighted"), row["n"]
        yield (*proportion, "k_unweighted"), row["k"]
        yield (name, "total", theme, "(all)", "estimate"), row["weighted_total"]
        yield (name, "total", theme, "(all)", "se"), row["weighted_total_se"]
        assert row["interval"] == "logit"
        yield (name, "ci_logit", theme, "(all)", "low"), share(row["weighted_low"])
        yield (name, "ci_logit", theme, "(all)", "high"), share(row["weighted_high"])
        low, high = beta_interval(p, se**2, N, row["df"])
        yield (name, "ci_beta", theme, "(all)", "low"), low
        yield (name, "ci_beta", theme, "(all)", "high"), high
        for group in row["groups"]:
            key = (name, f"proportion_by_{group['attribute']}", theme, group["value"])
            yield (*key, "p"), share(group["weighted_percent"])
            yield (*key, "se"), share(group["weighted_se"])
    for test in found["tests"]:
        key = (name, "rao_scott_F", test["code"], test["by"])
        for stat, ours in (("F", "statistic"), ("ndf", "ndf"), ("ddf", "ddf"), ("p", "p")):
            yield (*key, stat), test[ours]


def of_the_family(found: dict[str, Any]) -> Iterator[tuple[Key, float | None]]:
    for test in found["tests"]:
        for stat in ("p_holm", "p_bh"):
            yield ("full", "rao_scott_adjusted", test["code"], test["by"], stat), test[stat]


def unweighted(found: dict[str, Any]) -> Iterator[tuple[Key, float | None]]:
    for theme, row in rows(found).items():
        assert row["interval"] == "wilson"
        ends = {"ci_wilson": (share(row["low"]), share(row["high"]))}
        ends["ci_clopper_pearson"] = clopper_pearson(row["k"], row["n"])
        for quantity, (low, high) in ends.items():
            yield ("unweighted", quantity, theme, "(all)", "low"), low
            yield ("unweighted", quantity, theme, "(all)", "high"), high
    for test in found["tests"]:
        key = ("unweighted", test["test"], test["code"], test["by"])
        yield (*key, "p"), test["p"]
        if test["test"] == "pearson":
            yield (*key, "X2"), test["statistic"]


def regressed(name: str, theme: str, found: dict[str, Any]) -> Iterator[tuple[Key, float | None]]:
    names = {"intercept": "(Intercept)", "years": "years"}
    for term in found["terms"]:
        item = names.get(term["attribute"], f"{term['attribute']}{term['level']}")
        key = (name, REGRESSION, theme, item)
        yield (*key, "coef"), term["coefficient"]
        yield (*key, "se"), term["se"]
        yield (*key, "odds_ratio"), term["adjusted"]["odds_ratio"]


def everything(studies: dict[str, Path], qualcode: Command) -> Iterator[tuple[Key, float | None]]:
    by = [word for name in ATTRIBUTES for word in ("--by", name)]
    for name, study in studies.items():
        found = qualcode("frequencies", study, *by, "--internal", "--json").json
        assert found["weighted"]
        yield from weighted(name, found)
        if name == "full":
            yield from of_the_family(found)
            domain = rows(found)["theme_clients"]["groups"]
            small = next(group for group in domain if group["value"] == "small")
            key = ("full domain jurisdiction=small", "proportion", "theme_clients", "small")
            yield (*key, "p"), share(small["weighted_percent"])
            yield (*key, "se"), share(small["weighted_se"])
        for theme in THEMES:
            on = ("--on", "jurisdiction", "--on", "years", "--internal", "--json")
            done = qualcode("regress", study, "--code", theme, *on)
            yield from regressed(name, theme, done.json)
    found = qualcode("frequencies", studies["full"], *by, "--unweighted", "--internal", "--json")
    assert not found.json["weighted"]
    yield from unweighted(found.json)


def test_every_number_is_that_of_r(studies: dict[str, Path], qualcode: Command) -> None:
    found = dict(everything(studies, qualcode))
    expected = survey_expected()
    # An unweighted table is tested by one of two tests; the engine's own tests have both.
    unused = {key for key in expected.keys() - found.keys() if key[1] in {"pearson", "fisher"}}
    assert expected.keys() - unused == found.keys()
    tolerance = {"ci_logit": 2e-6}
    wrong = {
        key: (found[key], expected[key])
        for key in found
        if found[key] != pytest.approx(expected[key], rel=tolerance.get(key[1], 1e-6))
    }
    assert not wrong


def test_the_function_gives_what_the_command_prints(
    studies: dict[str, Path], qualcode: Command
) -> None:
    words = ("--by", "unit", "--internal", "--json")
    found = qualcode("frequencies", studies["full"], *words).json
    assert found == as_json(report(studies["full"], by=("unit",), is_internal=True))
    assert (found["rule"], found["coders"]) == ("any", ["ana"])
    assert all(row["rules"] == {} for row in found["rows"])
