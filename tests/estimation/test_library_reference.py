"""The library study, from three coders' codings to the printed numbers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qualcode.estimation.bases import BASES, bases_of
from qualcode.estimation.codetree import code_tree
from qualcode.estimation.consensus import consensus_of
from qualcode.estimation.design import survey_design
from qualcode.estimation.proportions import of_responses
from qualcode.estimation.tables import crosstab, frequencies
from qualcode.estimation.voting import votes
from qualcode.estimation.weighted import logit_interval

from .reference import HERE, library, rows_of

if TYPE_CHECKING:
    from typing import Any

    from qualcode.estimation.bases import Bases
    from qualcode.estimation.consensus import Consensus
    from qualcode.estimation.design import Design
    from qualcode.estimation.tables import Share

EXPECTED = rows_of(HERE / "library_expected.csv")
ROWS = [row for row in EXPECTED if ":" not in row["base"]]
TESTS = [row for row in EXPECTED if ":" in row["base"]]


def design() -> Design:
    people = library()["people"]
    weights = np.array([row["weight"] for row in people], dtype=float)
    stratum = [row["stratum"] for row in people]
    return survey_design(len(people), weights=weights, stratum=stratum)


@cache
def found(rule: str) -> tuple[Consensus, Bases]:
    given = library()
    tree = code_tree(given["paths"], given["statuses"])
    ballots = votes(given["n"], given["coders"], given["decided"], given["applied"], len(tree))
    agreed = consensus_of(ballots, tree, rule)
    return agreed, bases_of(given["status"], agreed, tree)


@cache
def table(rule: str, base: str) -> dict[str, tuple[Share, float | None]]:
    agreed, bases = found(rule)
    given = library()
    tree = code_tree(given["paths"], given["statuses"])
    shares = frequencies(agreed.indicators(), bases.of(base), design())
    parts = of_responses([share.k for share in shares], tree.are_leaves.tolist())
    return dict(zip(given["paths"], zip(shares, parts, strict=True), strict=True))


def percent(value: float | None) -> float | None:
    return None if value is None else 100 * value


def printed(row: dict[str, str]) -> dict[str, Any]:
    base = row["base"].replace("any_theme", "any_code")
    share, part = table(row["rule"], base)[row["theme"]]
    weighted, plain = share.weighted.estimate, share.unweighted
    low, high = logit_interval(weighted.value, weighted.se, share.weighted.df)
    return {
        "k": share.k,
        "n": share.n,
        "pct": percent(plain.value),
        "wilson_lo": percent(plain.low),
        "wilson_hi": percent(plain.high),
        "w_pct": percent(weighted.value),
        "w_se": percent(weighted.se),
        "w_lo": percent(low),
        "w_hi": percent(high),
        "df": share.weighted.df,
        "pct_of_responses": percent(part),
    }


def test_every_rule_base_and_theme_is_there() -> None:
    assert len(ROWS) == 3 * 4 * 7
    assert {row["base"].replace("any_theme", "any_code") for row in ROWS} == set(BASES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['rule']}-{row['theme']}-{row['base']}")
def test_the_numbers_are_those_of_r(row: dict[str, str]) -> None:
    for name, value in printed(row).items():
        if row[name] == "":
            assert value is None, name
        else:  # printed with six decimals
            assert value == pytest.approx(float(row[name]), rel=1e-6, abs=6e-7), name


@pytest.mark.parametrize("row", TESTS, ids=lambda row: row["theme"])
def test_rao_and_scott_by_site_are_those_of_r(row: dict[str, str]) -> None:
    agreed, bases = found(row["rule"])
    sites = [person["site"] for person in library()["people"]]
    labels = sorted(set(sites))
    group = np.array([labels.index(site) for site in sites])
    present = agreed.present(library()["paths"].index(row["theme"]))
    (one,) = crosstab([present], bases.of("coded"), design(), group, len(labels))
    test = one.test
    expected = [float(row[name]) for name in ("pct", "wilson_lo", "wilson_hi", "w_pct")]
    assert [test.statistic, test.ndf, test.ddf, test.p] == pytest.approx(expected, rel=1e-6)


def test_the_bases_of_the_library_study() -> None:
    assert found("majority")[1].n == {"asked": 144, "answered": 137, "coded": 132, "any_code": 130}
    assert found("unanimous")[1].n["any_code"] == 102
    assert found("any")[1].is_complete
