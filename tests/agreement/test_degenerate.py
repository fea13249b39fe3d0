"""Where a coefficient is undefined it says why: no 0, no 1, no NaN, no exception."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.agreement import assess, kappa

if TYPE_CHECKING:
    from qualcode.model import Estimate

KAPPAS = ("fleiss_kappa", "conger_kappa", "cohen_kappa", "scott_pi")
REASONS = {None, "no_pairable_units", "no_variation", "one_coder", "not_two_coders", "one_unit"}

# The degenerate nominal cases on which packages disagree, and our answers.
CASES: list[tuple[str, list[list[Any]], dict[str, tuple[float | None, str | None]]]] = [
    (
        "all the same",
        [[0, 0]] * 5,
        {
            "alpha": (None, "no_variation"),
            **dict.fromkeys(KAPPAS, (None, "no_variation")),
            "gwet_ac1": (1.0, None),
            "brennan_prediger": (1.0, None),
            "percent_agreement": (1.0, None),
        },
    ),
    (
        "one disagreement",
        [[0, 0]] * 4 + [[0, 1]],
        {
            "alpha": (0.0, None),
            "cohen_kappa": (0.0, None),
            "conger_kappa": (0.0, None),
            "fleiss_kappa": (-1 / 9, None),
            "gwet_ac1": (0.7560975609756098, None),
            "brennan_prediger": (0.6, None),
        },
    ),
    (
        "one unit, agreement",
        [[0, 0]],
        {
            "alpha": (None, "no_variation"),
            "cohen_kappa": (None, "no_variation"),
            "gwet_ac1": (1.0, "one_unit"),
            "percent_agreement": (1.0, "one_unit"),
        },
    ),
    (
        "one unit, disagreement",
        [[0, 1]],
        {
            "alpha": (0.0, "one_unit"),
            "cohen_kappa": (0.0, "one_unit"),
            "fleiss_kappa": (-1.0, "one_unit"),
            "percent_agreement": (0.0, "one_unit"),
        },
    ),
    (
        "no overlap",
        [[0, None], [None, 1]],
        dict.fromkeys(
            ("alpha", "gwet_ac1", "cohen_kappa", "percent_agreement"), (None, "no_pairable_units")
        ),
    ),
    (
        "one coder",
        [[0], [1]],
        dict.fromkeys(("alpha", "gwet_ac1", "cohen_kappa"), (None, "one_coder")),
    ),
    ("one coder of two", [[0, None], [1, None]], {"alpha": (None, "one_coder")}),
    ("empty", [], dict.fromkeys(("alpha", "gwet_ac1", "cohen_kappa"), (None, "no_pairable_units"))),
    ("nothing rated", [[None, None]] * 3, {"alpha": (None, "no_pairable_units")}),
    (
        "one overlapping unit of three",
        [[0, 0], [0, None], [None, 1]],
        {
            "alpha": (None, "no_variation"),
            "gwet_ac1": (1.0, "one_unit"),
            "percent_agreement": (1.0, "one_unit"),
        },
    ),
    (
        "crossed",
        [[0, 1], [1, 0]],
        {
            "alpha": (-0.5, None),
            "gwet_ac1": (-1.0, None),
            "fleiss_kappa": (-1.0, None),
            "cohen_kappa": (-1.0, None),
            "brennan_prediger": (-1.0, None),
        },
    ),
    ("three coders", [[0, 1, 0], [1, 1, 1]], {"cohen_kappa": (None, "not_two_coders")}),
    ("a third who saw nothing", [[0, 0, None], [1, 1, None]], {"cohen_kappa": (1.0, None)}),
    ("one coder constant", [[0, 0], [0, 1], [0, 0], [0, 1]], {"cohen_kappa": (0.0, None)}),
]


@pytest.mark.parametrize(("rows", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
@pytest.mark.parametrize("ci", ["analytic", "bootstrap"])
def test_degenerate_data_have_a_value_or_a_reason(
    rows: list[list[Any]], expected: dict[str, tuple[float | None, str | None]], ci: str
) -> None:
    found = assess(rows, [0, 1], ci=ci, resamples=50)
    for name, (value, reason) in expected.items():
        assert found[name].reason == reason, name
        if value is None or value in (0.0, 1.0, -1.0, -0.5):
            assert found[name].value == value, name  # exactly: no noise of rounding
        else:
            assert found[name].value == pytest.approx(value, abs=1e-12), name
        if reason is not None:
            assert (found[name].se, found[name].low, found[name].high) == (None, None, None)


def is_sound(found: Estimate) -> bool:
    numbers = (found.value, found.se, found.low, found.high)
    if found.reason not in REASONS or any(x is not None and not math.isfinite(x) for x in numbers):
        return False
    if any(x is not None and type(x) is not float for x in numbers):
        return False
    if found.reason == "one_unit":
        return found.value is not None and numbers[1:] == (None, None, None)
    if found.reason:
        return numbers == (None,) * 4
    return found.value is not None and found.value <= 1 and (found.se is None or found.se >= 0)


@given(
    st.integers(1, 4).flatmap(
        lambda coders: st.lists(
            st.lists(st.sampled_from([None, 0, 1]), min_size=coders, max_size=coders), max_size=6
        )
    ),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
    st.sampled_from(["analytic", "bootstrap"]),
)
def test_every_small_table_gives_sound_estimates(
    rows: list[list[Any]], metric: str, ci: str
) -> None:
    found = assess(rows, [0, 1], metric, ci, resamples=10)
    assert all(is_sound(estimate) for estimate in found.values()), found


@given(
    st.lists(
        st.lists(st.none() | st.frozensets(st.integers(0, 3)), min_size=2, max_size=2), max_size=5
    ),
    st.sampled_from(["masi", "jaccard"]),
    st.sampled_from(["analytic", "bootstrap"]),
)
def test_every_small_table_of_sets_gives_sound_estimates(
    rows: list[list[Any]], metric: str, ci: str
) -> None:
    found = assess(rows, metric=metric, ci=ci, resamples=10)
    assert list(found) == ["alpha"]
    assert is_sound(found["alpha"]), found


def test_perfect_agreement_has_no_error_in_alpha_whatever_is_missing() -> None:
    rows = [[k % 3, k % 3, k % 3 if k % 2 else None] for k in range(30)] + [[1, None, None]]
    found = assess(rows, [0, 1, 2])["alpha"]
    assert (found.value, found.se, found.low, found.high) == (1.0, 0.0, 1.0, 1.0)


def test_a_single_unit_of_one_coder_gives_gwets_coefficients_an_error() -> None:
    """Perfect agreement, one of twenty units seen by one coder: as in Gwet's formulas."""
    rows = [[k % 2, k % 2] for k in range(19)] + [[1, None]]
    found = assess(rows, [0, 1])
    for name in ("fleiss_kappa", "gwet_ac1", "brennan_prediger"):
        assert found[name].se == pytest.approx(0.0526, abs=5e-5)
        assert found[name].low == pytest.approx(0.890, abs=5e-4)
    assert found["alpha"].se == 0.0


def test_undefined_resamples_are_counted() -> None:
    rows = [[0, 0]] * 9 + [[1, 1]]
    found = assess(rows, [0, 1], ci="bootstrap", resamples=2000)["alpha"]
    assert found.resamples == 2000
    assert found.undefined == pytest.approx(2000 * 0.9**10, rel=0.15)
    assert found.value == 1.0


def test_empty_sets_are_a_value_of_their_own() -> None:
    none, one = frozenset(), frozenset({"a"})
    assert assess([[none, none], [one, one]], metric="masi")["alpha"].value == 1.0
    assert assess([[none, None], [one, one]], metric="masi")["alpha"].reason == "no_variation"
    assert assess([[none, none]] * 4, metric="jaccard")["alpha"].reason == "no_variation"


@pytest.mark.parametrize(
    ("table", "value", "reason"),
    [
        ([[5, 0], [0, 0]], None, "no_variation"),
        ([[0, 0], [0, 0]], None, "no_pairable_units"),
        ([[0, 1], [0, 0]], 0.0, "one_unit"),
        ([[4, 1], [0, 0]], 0.0, None),
        ([[3, 0], [0, 2]], 1.0, None),
    ],
)
def test_degenerate_tables_have_a_value_or_a_reason(
    table: list[list[int]], value: float | None, reason: str | None
) -> None:
    found = kappa(table)
    assert (found.value, found.reason) == (value, reason)


def test_missing_values_of_arrays_and_lists_mean_the_same() -> None:
    rows = [[0, 1, None], [1, 1, 1], [None, 0, 0], [0, 0, 1]]
    floats = np.array([[np.nan if k is None else k for k in row] for row in rows])
    masked = np.ma.masked_invalid(floats)
    whole = np.ma.array(np.nan_to_num(floats).astype(np.int8), mask=np.isnan(floats))
    objects = np.array(rows, dtype=object)
    words = [[None if k is None else ["no", "yes"][k] for k in row] for row in rows]
    expected = assess(rows, [0, 1])
    for other in (floats, masked, whole, objects, floats.tolist()):
        assert assess(other, [0, 1]) == expected
        assert assess(other) == expected
    assert assess(words, ["no", "yes"]) == expected
    complete = np.array([[True, False], [True, True], [False, False]])
    assert assess(complete) == assess(complete.astype(int), [0, 1])
