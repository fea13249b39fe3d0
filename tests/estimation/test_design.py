"""Designs: what they refuse, and what strata, clusters and populations do to a variance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qualcode.errors import InputError
from qualcode.estimation.design import survey_design
from qualcode.estimation.linearised import means, totals

if TYPE_CHECKING:
    from qualcode.estimation.design import Design

Y = np.array([1.0, 0, 1, 1, 0, 0])


def variance(design: Design, y: np.ndarray = Y) -> float:
    return float(means(design, y).covariance[0, 0])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"weights": [1, 1, 0, 1, 1, 1]}, "1 weight is missing or not a number above 0: row 3"),
        ({"weights": [1, -1, 0, 1, 1, 1]}, "2 weights are .* row 2, row 3"),
        ({"weights": [1, math.nan, 1, 1, 1, 1]}, "1 weight is missing"),
        ({"weights": [1, None, "", 1, 1, 1]}, "2 weights are missing .* row 2, row 3"),
        ({"weights": [1, math.inf, 1, 1, 1, 1]}, "1 weight is missing"),
        ({"weights": [0] * 6}, "6 weights .*: row 1, row 2, row 3, row 4, row 5, …"),
        (
            {"weights": ["1", "2", "x", "1", "1", "1"]},
            "1 weight is missing or not a number above 0: row 3",
        ),
        ({"weights": [1, 1]}, "weights do not fit 6"),
        ({"stratum": list("aabbb")}, "strata do not fit 6"),
        ({"psu": np.zeros((6, 2))}, "PSUs do not fit 6"),
        ({"stratum": ["a", "a", None, "b", "b", "b"]}, "1 stratum is missing: row 3"),
        ({"stratum": ["a", "a", " ", "", "b", "b"]}, "2 strata are missing: row 3, row 4"),
        ({"psu": ["a", "a", "b", "b", math.nan, "c"]}, "1 PSU is missing: row 5"),
        ({"stratum": list("aaaaab")}, "within stratum “b”: one PSU"),
        ({"stratum": list("abcdee")}, "within 4 strata .“a”, “b”, “c”, “d”.: one PSU"),
        ({"stratum": list("aaabbb"), "psu": list("xxxyzz")}, "within stratum “a”: one PSU"),
        ({"fpc": [5] * 6}, "smaller than the number of PSUs in stratum “all”"),
        ({"fpc": [20, 20, 20, 20, 20, 21]}, "varies within stratum “all”"),
        ({"fpc": [0.5, 0.5, 0.5, 9, 9, 9], "stratum": list("aaabbb")}, "above 1 in some"),
        ({"fpc": [0] * 6}, "6 values of the fpc are missing or not a number above 0"),
        ({"lonely": "average"}, "no rule “average”"),
    ],
)
def test_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        survey_design(6, **given)


def test_respondents_are_named() -> None:
    with pytest.raises(InputError, match=r"1 weight is .*: r7"):
        survey_design(2, weights=[1, 0], names=["r6", "r7"])


def test_simple_random_sample() -> None:
    design = survey_design(6)
    assert design.is_simple
    assert (design.df, design.strata) == (5, 1)
    assert variance(design) == pytest.approx(0.25 / 5)  # p (1 - p) / (n - 1)


def test_finite_population() -> None:
    by_number, by_share = survey_design(6, fpc=[24] * 6), survey_design(6, fpc=[0.25] * 6)
    assert not by_number.is_simple
    for design in (by_number, by_share):
        assert variance(design) == pytest.approx(0.75 * 0.25 / 5)
    census = survey_design(6, fpc=[6] * 6)
    assert census.is_census
    assert variance(census) == 0


def test_strata_take_off_what_they_explain() -> None:
    """Means .5 and .5 in two strata of 2 and 4: the textbook's stratified variance."""
    design = survey_design(6, stratum=list("aabbbb"))
    assert design.df == 4
    shares, within = np.array([1 / 3, 2 / 3]), np.array([0.5 / 2, (1 / 3) / 4])
    assert variance(design) == pytest.approx(float((shares**2 * within).sum()))


def test_clusters_are_the_units() -> None:
    design = survey_design(6, psu=list("aabbcc"))
    assert design.df == 2
    centred = np.array([0, 1, -1]) / 6  # totals of y - 1/2, over n
    assert variance(design) == pytest.approx(3 / 2 * float((centred**2).sum()))


def test_a_psu_is_nested_in_its_stratum() -> None:
    same = survey_design(6, stratum=list("aaabbb"), psu=[1, 1, 2, 1, 2, 2])
    other = survey_design(6, stratum=list("aaabbb"), psu=[1, 1, 2, 3, 4, 4])
    assert same.df == other.df == 2
    assert variance(same) == variance(other)


def test_a_psu_for_everybody_is_none() -> None:
    assert survey_design(6, psu=range(6)).psu is None  # type: ignore[arg-type]


def test_a_stratum_with_one_psu() -> None:
    """R: certainty adds nothing, adjust (here centered) the square of the linearised total."""
    given: dict[str, Any] = {"stratum": list("aaabbb"), "psu": list("xxxyzz")}
    certainty = survey_design(6, **given, lonely="certainty")
    centered = survey_design(6, **given, lonely="centered")
    lone, *others = np.array([0.5, 0.5, -1.0]) / 6  # totals of y - 1/2 over n, by PSU
    added = 2 * float(((others - np.mean(others)) ** 2).sum())
    assert variance(certainty) == pytest.approx(added)
    assert variance(centered) == pytest.approx(added + lone**2)
    assert certainty.df == centered.df == 1


def test_a_stratum_that_is_one_psu_and_no_more_is_not_lonely() -> None:
    design = survey_design(6, stratum=list("aaabbb"), psu=list("xxxyzz"), fpc=[1, 1, 1, 9, 9, 9])
    assert design.fraction.tolist() == pytest.approx([1, 2 / 9])
    assert variance(design) > 0


def test_a_census_in_one_stratum_of_two() -> None:
    design = survey_design(6, stratum=list("aaabbb"), fpc=[1, 1, 1, 0.5, 0.5, 0.5])
    assert design.fraction.tolist() == [1, 0.5]
    assert not design.is_census
    by_number = survey_design(6, stratum=list("aaabbb"), fpc=[3, 3, 3, 6, 6, 6])
    assert variance(by_number) == pytest.approx(variance(design))


def test_total() -> None:
    design = survey_design(6, weights=[2.0] * 6)
    found = totals(design, Y)
    assert found.values[0] == 6
    assert found.errors[0] == pytest.approx(12 * math.sqrt(0.25 / 5))


def test_a_mean_over_nobody() -> None:
    with pytest.raises(InputError, match="mean over nobody"):
        means(survey_design(6), Y, np.zeros(6, dtype=bool))


def test_nobody_at_all() -> None:
    design = survey_design(0)
    assert (design.n, design.df) == (0, 0)
