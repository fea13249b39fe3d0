"""Logistic regression: against a peer, and when it is refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from qualcode.errors import InputError
from qualcode.estimation.design import survey_design
from qualcode.estimation.independence import pearson
from qualcode.estimation.logistic import expit, maximum
from qualcode.estimation.model_matrix import Column, categorical, numeric, redundant
from qualcode.estimation.regression import regress

from .made import survey

if TYPE_CHECKING:
    from qualcode.estimation.model_matrix import Attribute
    from qualcode.estimation.regression import Regression, Term

    from .made import Survey


def attributes(made: Survey) -> list[Attribute]:
    age = np.random.default_rng(1).uniform(20, 70, made.n)
    return [categorical("site", made.group, ["north", "south", "west"]), numeric("age", age)]


def fitted(made: Survey, **changed: Any) -> Regression:
    given: dict[str, Any] = {
        "design": made.design(),
        "present": made.present,
        "attributes": attributes(made),
        "domain": made.base,
    }
    return regress(**given | changed)


def by_name(found: Regression) -> dict[tuple[str, str], Term]:
    return {(term.attribute, term.level): term for term in found.terms}


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_coefficients_are_those_of_a_peer(seed: int) -> None:
    made = survey(seed, n=300)
    rows = np.flatnonzero(made.base & (made.group >= 0))
    first, second = attributes(made)
    x = np.column_stack(
        [np.ones(rows.size), made.group[rows] == 1, made.group[rows] == 2, second.values[rows]]
    )
    weights = made.weights[rows]
    family = sm.families.Binomial()
    peer = sm.GLM(made.present[rows].astype(float), x, family, freq_weights=weights).fit(tol=1e-12)
    found = fitted(made, attributes=[first, second])
    assert [term.coefficient for term in found.terms] == pytest.approx(peer.params, rel=1e-6)


def test_without_a_design_it_is_the_sandwich() -> None:
    """White's covariance with n / (n - 1), as a simple random sample has it."""
    made = survey(4, n=300)
    group = np.abs(made.group)
    site = categorical("site", group, ["north", "south", "west"])
    domain = np.ones(made.n, dtype=bool)
    found = fitted(made, design=survey_design(made.n), attributes=[site], domain=domain)
    x = np.column_stack([np.ones(made.n), group == 1, group == 2]).astype(float)
    peer = sm.Logit(made.present.astype(float), x).fit(disp=0, cov_type="HC0", tol=1e-12)
    errors = peer.bse * math.sqrt(made.n / (made.n - 1))
    assert [term.adjusted.estimate.se for term in found.terms] == pytest.approx(errors, rel=1e-6)
    assert found.df == made.n - 3


def test_a_category_alone_is_the_odds_ratio_of_its_table() -> None:
    made = survey(6, n=300)
    group = np.abs(made.group) % 2
    site = categorical("site", group, ["north", "south"])
    everybody = np.ones(made.n, dtype=bool)
    found = fitted(made, design=survey_design(made.n), attributes=[site], domain=everybody)
    table = [[int((made.present == y)[group == g].sum()) for y in (True, False)] for g in (0, 1)]
    (a, b), (c, d) = table
    term = by_name(found)["site", "south"]
    assert term.adjusted.estimate.value == pytest.approx(c * b / (d * a))
    assert term.crude == term.adjusted
    assert (term.adjusted.p < 0.05) == (pearson(table).p < 0.05)


def test_crude_beside_adjusted() -> None:
    made = survey(9, n=300)
    found = fitted(made)
    rows = np.flatnonzero(made.base & (made.group >= 0))
    alone = np.zeros(made.n, dtype=bool)
    alone[rows] = True
    site = fitted(made, attributes=attributes(made)[:1], domain=alone)
    for level in ("south", "west"):
        assert by_name(found)["site", level].crude == by_name(site)["site", level].adjusted
        assert by_name(found)["site", level].reference == "north"
    assert by_name(found)["intercept", ""].crude is None
    assert found.left_out == int((made.base & (made.group < 0)).sum())
    assert found.n == rows.size
    assert found.k == int(made.present[rows].sum())


def test_what_an_attribute_is_compared_with() -> None:
    made = survey(9, n=300)
    first, second = attributes(made)
    west = categorical("site", made.group, ["north", "south", "west"], reference="west")
    found, usual = fitted(made, attributes=[west, second]), fitted(made, attributes=[first, second])
    turned, plain = by_name(found)["site", "north"], by_name(usual)["site", "west"]
    assert turned.coefficient == pytest.approx(-plain.coefficient)
    assert turned.adjusted.p == pytest.approx(plain.adjusted.p)
    assert [test.statistic for test in found.tests] == pytest.approx(
        [test.statistic for test in usual.tests]
    )


def test_the_joint_test_of_a_number_is_its_t_squared() -> None:
    found = fitted(survey(2, n=300))
    joint = {test.attribute: test for test in found.tests}
    age = by_name(found)["age", ""]
    t = age.coefficient / age.adjusted.estimate.se
    assert joint["age"].statistic == pytest.approx(t**2)
    assert joint["age"].p == pytest.approx(age.adjusted.p)
    assert (joint["site"].ndf, joint["site"].ddf) == (2, found.df)


def test_odds_ratios_have_t_intervals() -> None:
    found = fitted(survey(2, n=300))
    for term in found.terms:
        odds, t = term.adjusted.estimate, term.coefficient / term.adjusted.estimate.se
        assert odds.value == pytest.approx(math.exp(term.coefficient))
        half = stats.t.ppf(0.975, found.df) * odds.se
        ends = math.exp(term.coefficient - half), math.exp(term.coefficient + half)
        assert (odds.low, odds.high) == pytest.approx(ends)
        assert term.adjusted.p == pytest.approx(2 * stats.t.sf(abs(t), found.df))


def test_the_unit_of_a_number_does_not_matter() -> None:
    made = survey(2, n=300)
    site, age = attributes(made)
    micro = numeric("age", age.values * 12e6)
    first, second = fitted(made), fitted(made, attributes=[site, micro])
    assert by_name(second)["age", ""].coefficient * 12e6 == pytest.approx(
        by_name(first)["age", ""].coefficient
    )


def everybody_of(made: Survey, place: int) -> np.ndarray:
    return made.present | (made.group == place)


@pytest.mark.parametrize(
    ("change", "reason", "detail"),
    [
        (lambda m: {"present": everybody_of(m, 1)}, "separation", "everybody with site “south”"),
        (lambda m: {"present": everybody_of(m, 0)}, "separation", "everybody with site “north”"),
        (
            lambda m: {"present": m.present & (m.group != 2)},
            "separation",
            "nobody with site “west” has the code",
        ),
        (lambda m: {"present": m.present & False}, "no_variation", "nobody has the code"),
        (lambda m: {"present": m.present | True}, "no_variation", "everybody has the code"),
        (lambda m: {"domain": m.base & False}, "empty_base", "nobody is in the base"),
        (
            lambda m: {
                "attributes": [*attributes(m), numeric("twice", attributes(m)[1].values * 2)]
            },
            "rank_deficient",
            "twice follows from the attributes before it",
        ),
        (
            lambda m: {"attributes": [*attributes(m), numeric("same", np.ones(m.n))]},
            "rank_deficient",
            "same follows",
        ),
        (
            lambda m: {"attributes": [categorical("one", np.zeros(m.n, int), ["a", "b"])]},
            "rank_deficient",
            "one is the same for everybody",
        ),
        (
            lambda m: {"domain": m.base & (np.cumsum(m.present) <= 14)},
            "too_few_events",
            "with the code for 3 coefficients",
        ),
        (
            lambda m: {"attributes": [numeric("tells all", m.present + m.weights / 100)]},
            "separation",
            "a mix of the attributes",
        ),
        (
            lambda m: {
                "design": survey_design(m.n, weights=m.weights, psu=m.stratum.tolist()),
            },
            "no_degrees_of_freedom",
            "sampling units",
        ),
    ],
)
def test_refused_with_the_reason(change: Any, reason: str, detail: str) -> None:
    made = survey(5, n=200)
    found = fitted(made, **change(made))
    assert found.reason == reason, found
    assert found.terms == ()
    assert detail in found.detail


def test_few_events_are_marked() -> None:
    made = survey(5, n=200)
    assert not fitted(survey(5, n=400)).is_low
    few = fitted(made, domain=made.base & (np.cumsum(made.present) <= 24))
    assert few.reason is None
    assert few.is_low


@pytest.mark.parametrize(
    ("events", "reason", "is_low"),
    [(14, "too_few_events", False), (15, None, True), (29, None, True), (30, None, False)],
)
def test_events_are_those_with_the_code_or_without(
    events: int,
    reason: str | None,
    is_low: bool,  # noqa: FBT001
) -> None:
    made = survey(5, n=400)
    used = made.base & (made.group >= 0)
    for present in (made.present, ~made.present):
        some = used & (~present | (np.cumsum(present & used) <= events))
        found = fitted(made, present=present, domain=some)
        turned = fitted(made, present=~present, domain=some)
        assert min(found.k, found.n - found.k) == events
        for one in (found, turned):
            assert (one.reason, one.is_low) == (reason, is_low)


def test_a_category_that_nobody_is_in_is_left_out() -> None:
    made = survey(9, n=300)
    site = categorical("site", made.group, ["north", "south", "west", "nowhere"])
    found = fitted(made, attributes=[site])
    assert {term.level for term in found.terms} == {"", "south", "west"}


def test_an_unknown_reference() -> None:
    with pytest.raises(InputError, match="no category of site"):
        categorical("site", np.zeros(2, int), ["a"], reference="b")


def test_quasi_separation_by_a_mix_has_no_maximum() -> None:
    """No category is one-sided by itself, but their sum tells."""
    a = np.array([0, 0, 1, 1, 0, 1, 1, 0, 0, 1.0])
    b = np.array([0, 1, 0, 1, 1, 0, 1, 0, 1, 0.0])
    y = (a + b >= 1).astype(float)
    y[1] = y[5] = 0
    x = np.column_stack([np.ones(10), a, b])
    assert maximum(x, y, np.ones(10)) is None


def test_expit_does_not_overflow() -> None:
    assert expit(np.array([-800.0, 0, 800])).tolist() == [0.0, 0.5, 1.0]


def test_more_columns_than_respondents() -> None:
    columns = [Column(f"a{i}", "", "", np.array([float(i), 1, 2 * i])) for i in range(4)]
    assert redundant(columns) != []
    assert redundant([]) == []
