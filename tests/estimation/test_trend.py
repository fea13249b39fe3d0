"""Trends over waves: the slope and the odds ratio of one more wave."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.estimation.cells import Cells
from qualcode.estimation.design import survey_design
from qualcode.estimation.linearised import covariance
from qualcode.estimation.model_matrix import numeric
from qualcode.estimation.regression import regress
from qualcode.estimation.trends import trend

from .made import survey

SCORES = [1.0, 2.0, 4.0]


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_the_odds_are_those_of_a_regression_on_the_score(seed: int) -> None:
    made = survey(seed, n=150)
    design = made.design()
    inside = np.where(made.base, made.group, -1)
    found = trend(Cells(design, inside, 3).totals(made.present), SCORES, design.df)
    score = np.where(inside >= 0, np.array(SCORES)[inside], np.nan)
    (_, peer) = regress(design, made.present, [numeric("wave", score)], made.base).terms
    assert found.odds_ratio.estimate.value == pytest.approx(peer.adjusted.estimate.value)
    assert found.odds_ratio.estimate.se == pytest.approx(peer.adjusted.estimate.se)
    assert found.odds_ratio.estimate.low == pytest.approx(peer.adjusted.estimate.low)
    assert found.odds_ratio.p == pytest.approx(peer.adjusted.p)
    assert found.df == design.df - 1


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_the_slope_is_that_of_the_weighted_line(seed: int) -> None:
    made = survey(seed, n=150)
    design = made.design()
    inside = np.where(made.base, made.group, -1)
    found = trend(Cells(design, inside, 3).totals(made.present), SCORES, design.df).slope
    rows = np.flatnonzero(inside >= 0)
    x = np.column_stack([np.ones(rows.size), np.array(SCORES)[inside[rows]]])
    w, y = made.weights[rows], made.present[rows].astype(float)
    peer = sm.WLS(y, x, weights=w).fit()
    assert found.estimate.value == pytest.approx(peer.params[1])
    bread = np.linalg.inv((x * w[:, None]).T @ x)
    scores = np.zeros((made.n, 2))
    scores[rows] = x * (w * peer.resid)[:, None]
    sandwich = bread @ covariance(design, scores) @ bread
    assert found.estimate.se == pytest.approx(math.sqrt(sandwich[1, 1]))


def test_a_rise_is_seen() -> None:
    rng = np.random.default_rng(3)
    wave = np.repeat([0, 1, 2], 400)
    present = rng.random(1200) < 0.2 + 0.1 * wave
    design = survey_design(1200)
    found = trend(Cells(design, wave, 3).totals(present), [2019, 2020, 2021], design.df)
    assert found.slope.estimate.value == pytest.approx(0.1, abs=0.03)
    assert found.slope.p < 1e-6
    assert found.odds_ratio.estimate.low > 1


def test_a_wave_without_respondents_changes_nothing() -> None:
    made = survey(1)
    design = made.design()
    inside = np.where(made.base, made.group, -1)
    found = trend(Cells(design, inside, 3).totals(made.present), SCORES, design.df)
    gap = Cells(design, np.where(inside == 2, 3, inside), 4).totals(made.present)
    again = trend(gap, [1, 2, 3, 4], design.df)
    assert again.slope.estimate.value == pytest.approx(found.slope.estimate.value)
    assert again.odds_ratio.p == pytest.approx(found.odds_ratio.p)


@pytest.mark.parametrize(
    ("present", "wave", "reason"),
    [
        (np.zeros(30, bool), np.arange(30) % 3, "no_variation"),
        (np.ones(30, bool), np.arange(30) % 3, "no_variation"),
        (np.arange(30) % 2 == 0, np.zeros(30, int), "one_group"),
        (np.arange(30) % 2 == 0, np.full(30, -1), "one_group"),
    ],
)
def test_no_trend(present: np.ndarray, wave: np.ndarray, reason: str) -> None:
    design = survey_design(30)
    found = trend(Cells(design, wave, 3).totals(present), SCORES, design.df)
    for effect in (found.slope, found.odds_ratio):
        assert (effect.estimate.reason, effect.estimate.value, effect.p) == (reason, None, None)


def test_waves_that_separate_have_a_slope_but_no_odds() -> None:
    wave = np.repeat([0, 1], 20)
    present = wave == 1
    design = survey_design(40)
    found = trend(Cells(design, wave, 2).totals(present), [1, 2], design.df)
    assert found.odds_ratio.estimate.reason == "separation"
    assert found.slope.estimate.value == pytest.approx(1)
    assert found.slope.estimate.reason == "no_variation"


def test_few_degrees_of_freedom() -> None:
    design = survey_design(30, psu=(np.arange(30) % 2).tolist())
    found = trend(Cells(design, np.arange(30) % 3, 3).totals(np.arange(30) < 9), SCORES, design.df)
    assert found.slope.estimate.reason == "no_degrees_of_freedom"


@pytest.mark.parametrize("scores", [[1, 2], [1, 2, math.nan]])
def test_wrong_scores(scores: list[float]) -> None:
    design = survey_design(30)
    with pytest.raises(InputError, match="scores for 3 groups"):
        trend(Cells(design, np.arange(30) % 3, 3).totals(np.arange(30) < 9), scores, design.df)
