"""The ranked list: codes that stand alone, parents of unsure children, words for numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qualcode.model import Code
from qualcode.suggest.codes import classes
from qualcode.suggest.ranking import accepted, chosen, ranked, selected

CODES = (
    Code(path="access", name="Access"),
    Code(path="access/parking", name="Parking"),
    Code(path="access/ramp", name="Ramp"),
    Code(path="food", name="Food"),
    Code(path="nothing", name="Nothing", is_exclusive=True),
    Code(path="unknown", name="Don't know", status="dont_know"),
)
CLASSES = classes(CODES)
LEVEL = np.full(len(CODES), 0.5)


def best(*p: float) -> list[str]:
    found = ranked(np.array(p), CLASSES, LEVEL, is_calibrated=True)
    return [one.code for one in found if one.is_above]


def test_all_codes_above_the_threshold_are_accepted_best_first() -> None:
    assert best(0.1, 0.6, 0.1, 0.9, 0.2, 0.1) == ["food", "access/parking"]


def test_the_best_code_stands_alone_if_it_must() -> None:
    assert best(0.1, 0.6, 0.1, 0.7, 0.9, 0.8) == ["nothing"]


def test_a_status_below_a_theme_is_left_out() -> None:
    assert best(0.1, 0.1, 0.1, 0.9, 0.7, 0.8) == ["food"]


def test_a_parent_is_suggested_when_its_children_are_unsure() -> None:
    found = ranked(np.array([0.1, 0.4, 0.4, 0.2, 0.0, 0.0]), CLASSES, LEVEL, is_calibrated=True)

    assert found[0].code == "access"
    assert found[0].is_family
    assert np.isclose(found[0].probability, 1 - 0.9 * 0.6 * 0.6)
    assert accepted(found) == {"access"}


def test_a_sure_child_needs_no_parent() -> None:
    assert best(0.1, 0.7, 0.4, 0.2, 0.0, 0.0) == ["access/parking"]


def test_words_stand_for_numbers() -> None:
    p = np.array([0.1, 0.8, 0.1, 0.4, 0.0, 0.0])
    found = ranked(p, CLASSES, LEVEL, is_calibrated=False, most=3)

    assert [one.wording for one in found] == ["likely", "possible", ""]
    assert not any(one.is_calibrated for one in found)


def test_equal_ones_stand_in_the_order_of_the_codebook() -> None:
    found = ranked(np.zeros(len(CODES)), CLASSES, LEVEL, is_calibrated=True)

    assert [one.code for one in found] == list(CLASSES.paths)


lines = st.lists(
    st.lists(st.floats(0, 1), min_size=len(CODES), max_size=len(CODES)), min_size=1, max_size=6
)


@given(lines)
def test_what_is_chosen_can_stand_on_one_answer(table: list[list[float]]) -> None:
    kept = chosen(np.array(table), CLASSES, LEVEL)

    for line in kept:
        assert not (line & CLASSES.alone).any() or line.sum() == 1


@given(lines, st.integers(0, 8))
def test_a_batch_writes_what_the_screen_shows(table: list[list[float]], top: int) -> None:
    p = np.array(table)
    rows, codes, probabilities, above = selected(p, CLASSES, LEVEL, top)

    for row in range(len(p)):
        shown = ranked(p[row], CLASSES, LEVEL, is_calibrated=True)
        expected = [one for place, one in enumerate(shown) if one.is_above or place < top]
        mine = rows == row
        assert [CLASSES.paths[i] for i in codes[mine]] == [one.code for one in expected]
        assert probabilities[mine].tolist() == [one.probability for one in expected]
        assert above[mine].tolist() == [one.is_above for one in expected]
