"""Shares and their intervals, weighted or not, where they are defined and where not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from qualcode.errors import InputError
from qualcode.estimation.design import survey_design
from qualcode.estimation.proportions import clopper_pearson, of_responses, share, wilson
from qualcode.estimation.tables import frequencies
from qualcode.estimation.weighted import beta_interval, weighted_proportion
from qualcode.model import Estimate

if TYPE_CHECKING:
    from qualcode.estimation.tables import Share

counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("k", "n", "by_wilson", "exact"),
    [
        (0, 45, (0.000000, 0.078652), (0.000000, 0.078705)),
        (1, 45, (0.003934, 0.115667), (0.000562, 0.117704)),
        (9, 45, (0.108961, 0.338230), (0.095757, 0.345958)),
        (45, 144, (0.242498, 0.392246), (0.237920, 0.394982)),
        (133, 144, (0.868396, 0.956813), (0.867431, 0.961251)),
        (144, 144, (0.974016, 1.000000), (0.974708, 1.000000)),
    ],
)
def test_intervals(
    k: int, n: int, by_wilson: tuple[float, float], exact: tuple[float, float]
) -> None:
    assert wilson(k, n) == pytest.approx(by_wilson, abs=5e-7)
    assert clopper_pearson(k, n) == pytest.approx(exact, abs=5e-7)


@given(counts)
def test_intervals_are_those_of_a_peer(count: tuple[int, int]) -> None:
    assert wilson(*count) == pytest.approx(proportion_confint(*count, method="wilson"), abs=1e-9)
    assert clopper_pearson(*count) == pytest.approx(
        proportion_confint(*count, method="beta"), abs=1e-9
    )


@given(counts)
def test_an_interval_holds_its_share_and_the_exact_one_is_wider(count: tuple[int, int]) -> None:
    k, n = count
    for low, high in (wilson(k, n), clopper_pearson(k, n)):
        assert 0 <= low <= k / n <= high <= 1
    other = wilson(n - k, n)
    assert (1 - other[1], 1 - other[0]) == pytest.approx(wilson(k, n))


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (0, 0), (math.nan, 5), (1, math.inf)])
def test_no_share(k: float, n: float) -> None:
    for interval in (wilson, clopper_pearson):
        with pytest.raises(InputError, match="no share"):
            interval(k, n)


def test_a_share_of_nobody_has_a_reason() -> None:
    assert share(0, 0) == Estimate(reason="empty_base")


def test_percent_of_responses_adds_up() -> None:
    found = of_responses([10, 6, 4, 3], [False, True, True, False])
    assert found == [None, 0.6, 0.4, None]
    assert of_responses([0, 0], [True, False]) == [None, None]


def weighted(k: int, n: int = 60) -> Share:
    present = np.arange(n) < k
    design = survey_design(n, weights=np.linspace(1, 3, n))
    return frequencies([present], np.ones(n, dtype=bool), design)[0]


@pytest.mark.parametrize(
    ("k", "interval"), [(0, "beta"), (4, "beta"), (5, "logit"), (30, "logit"), (60, "beta")]
)
def test_which_interval(k: int, interval: str) -> None:
    found = weighted(k).weighted
    assert found.interval == interval
    assert found.is_by_kish == (k in (0, 60))
    estimate = found.estimate
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_near_zero_and_one_it_is_beta() -> None:
    design = survey_design(1000, weights=np.full(1000, 2.0))
    for p, interval in ((0.02, "beta"), (0.021, "logit"), (0.979, "logit"), (0.98, "beta")):
        found = weighted_proportion(p, p * (1 - p) / 1000, 20, 1000, 1000.0, design)
        assert found.interval == interval


def test_nobody_and_everybody_have_no_design_based_error() -> None:
    weights = np.linspace(1, 3, 60)
    kish = weights.sum() ** 2 / (weights**2).sum()
    nobody, everybody = weighted(0).weighted, weighted(60).weighted
    assert nobody.estimate.high == pytest.approx(1 - 0.025 ** (1 / kish))
    assert (nobody.estimate.value, nobody.estimate.se, nobody.estimate.low) == (0.0, None, 0.0)
    assert everybody.estimate.low == pytest.approx(0.025 ** (1 / kish))
    assert everybody.estimate.high == 1.0


def test_beta_is_exact_for_a_simple_random_sample_of_the_effective_size() -> None:
    n = 80
    p = 0.25
    low, high = beta_interval(p, p * (1 - p) / n, n, n - 1)
    assert (low, high) == pytest.approx(clopper_pearson(20, n))


def test_a_census_is_certain() -> None:
    present = np.arange(20) < 8
    design = survey_design(20, weights=np.ones(20), fpc=np.full(20, 20))
    (found,) = frequencies([present], np.ones(20, dtype=bool), design)
    assert found.weighted.estimate == Estimate(0.4, 0.0, 0.4, 0.4)


def test_no_variance_is_no_certainty() -> None:
    """Every stratum is of one mind: the formula gives 0, which is not to be printed."""
    present = np.arange(20) < 10
    design = survey_design(20, weights=np.ones(20), stratum=["a"] * 10 + ["b"] * 10)
    (found,) = frequencies([present], np.ones(20, dtype=bool), design)
    assert found.weighted.estimate == Estimate(0.5, 0.0, reason="no_variation")
    assert found.weighted.interval is None


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    design = survey_design(
        4, stratum=list("aabb"), psu=list("xxyy"), weights=[1, 2, 3, 4], lonely="centered"
    )
    assert design.df == 0
    (found,) = frequencies([np.array([True, True, False, True])], np.ones(4, dtype=bool), design)
    assert found.weighted.estimate.reason == "no_degrees_of_freedom"
    assert found.weighted.estimate.low is None
    assert found.total.reason == "no_degrees_of_freedom"


def test_one_degree_of_freedom_is_enough() -> None:
    design = survey_design(4, psu=list("xxyy"), weights=[1, 2, 3, 4])
    assert design.df == 1
    (found,) = frequencies([np.array([True, True, False, True])], np.ones(4, dtype=bool), design)
    assert found.weighted.interval == "beta"
    assert found.total.value == 7
    half = stats.t.ppf(0.975, 1) * found.total.se
    assert (found.total.low, found.total.high) == pytest.approx((0, 7 + half))


def test_an_empty_base_has_a_reason_everywhere() -> None:
    design = survey_design(4, weights=np.ones(4))
    (found,) = frequencies([np.ones(4, dtype=bool)], np.zeros(4, dtype=bool), design)
    assert (found.k, found.n) == (0, 0)
    for estimate in (found.unweighted, found.weighted.estimate, found.total):
        assert estimate == Estimate(reason="empty_base")


def test_a_simple_random_sample_has_no_weighted_figures() -> None:
    (found,) = frequencies([np.array([True, False])], np.ones(2, dtype=bool), survey_design(2))
    assert found.weighted is None
    assert found.total is None
    assert found.unweighted.value == 0.5


def test_design_effect_of_clusters_that_are_of_one_mind() -> None:
    """20 clusters of 5 who say the same: the effect is near the size of the clusters."""
    rng = np.random.default_rng(5)
    minds = rng.random(20) < 0.5
    psu = np.repeat(np.arange(20), 5)
    design = survey_design(100, psu=psu)
    (found,) = frequencies([minds[psu]], np.ones(100, dtype=bool), design)
    assert found.weighted.design_effect == pytest.approx(5 * 20 / 19)


def test_the_logit_interval_is_t_on_log_odds() -> None:
    found = weighted(30)
    estimate, df = found.weighted.estimate, found.weighted.df
    p, half = estimate.value, stats.t.ppf(0.975, df) * estimate.se
    middle = math.log(p / (1 - p))
    ends = [middle - half / (p * (1 - p)), middle + half / (p * (1 - p))]
    assert [estimate.low, estimate.high] == pytest.approx([1 / (1 + math.exp(-e)) for e in ends])
