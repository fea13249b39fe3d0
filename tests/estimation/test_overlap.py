"""Codes that come together, and combinations of codes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.estimation import cooccurrence
from qualcode.estimation.cooccurrence import Combination, combinations, overlap

respondents = st.lists(
    st.tuples(st.frozensets(st.sampled_from(range(4))), st.booleans(), st.floats(0.1, 9)),
    max_size=20,
)


def arrays(people: list[tuple[frozenset[int], bool, float]]) -> tuple:
    indicators = [
        np.array([code in held for held, _, _ in people], dtype=bool) for code in range(4)
    ]
    base = np.array([inside for _, inside, _ in people], dtype=bool)
    return indicators, base, np.array([weight for _, _, weight in people])


@given(respondents)
def test_overlap_is_counted_by_hand(people: list) -> None:
    found = overlap(*arrays(people))
    inside = [(held, weight) for held, is_in, weight in people if is_in]
    assert found.n == len(inside)
    for a in range(4):
        for b in range(4):
            both = [weight for held, weight in inside if {a, b} <= held]
            either = [weight for held, weight in inside if {a, b} & held]
            assert found.k[a, b] == len(both)
            assert found.weighted[a, b] == pytest.approx(sum(both))
            own = [weight for held, weight in inside if a in held]
            assert found.given(a)[b] == (len(both) / len(own) if own else None)
            assert found.jaccard(a)[b] == (len(both) / len(either) if either else None)
    sizes = Counter(len(held) for held, _ in inside)
    assert found.codes_held == tuple(sizes[i] for i in range(max(sizes, default=0) + 1))
    assert found.adds_up == all(len(held) == 1 for held, _ in inside)


@given(respondents)
def test_combinations_are_counted_by_hand(people: list) -> None:
    found = combinations(*arrays(people))
    expected = Counter(tuple(sorted(held)) for held, inside, _ in people if inside)
    assert {one.codes: one.k for one in found} == expected
    assert [one.k for one in found] == sorted(expected.values(), reverse=True)
    assert sum(one.weighted for one in found) == pytest.approx(
        sum(weight for _, inside, weight in people if inside)
    )


def test_blocks_are_added(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    indicators = [rng.random(50) < 0.4 for _ in range(3)]
    base, weights = rng.random(50) < 0.9, rng.uniform(1, 2, 50)
    whole = overlap(indicators, base, weights)
    monkeypatch.setattr(cooccurrence, "_ROWS", 7)
    parts = overlap(indicators, base, weights)
    assert np.array_equal(whole.k, parts.k)
    assert whole.weighted == pytest.approx(parts.weighted)
    assert whole.codes_held == parts.codes_held


def test_categories_that_overlap_do_not_add_up() -> None:
    everybody, weights = np.ones(3, dtype=bool), np.ones(3)
    first, second = np.array([True, True, False]), np.array([False, True, True])
    assert not overlap([first, second], everybody, weights).adds_up
    assert overlap([first, ~first], everybody, weights).adds_up
    assert combinations([first, second], everybody, weights) == (
        Combination((0,), 1, 1.0),
        Combination((0, 1), 1, 1.0),
        Combination((1,), 1, 1.0),
    )


def test_no_codes_and_too_many() -> None:
    nobody = np.zeros(0, dtype=bool)
    assert overlap([], nobody, np.zeros(0)).codes_held == (0,)
    with pytest.raises(InputError, match="63 codes are too many"):
        combinations([nobody] * 63, nobody, np.zeros(0))
