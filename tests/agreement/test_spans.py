"""Agreement on spans, against the formulas taken literally."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.agreement import unitize, unitize_all

LENGTH = 24


@st.composite
def coder(draw: Any) -> list[tuple[int, int, str]]:
    cuts = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [(start, end, draw(st.sampled_from("abc"))) for start, end in pairs]


def by_the_book(
    coders: list[list[tuple[int, int, str]]], length: int
) -> dict[str, Fraction | None]:
    """Krippendorff et al. (2016) character by character, in exact fractions."""
    m = len(coders)
    painted = []
    for own in coders:
        line = [""] * length
        for start, end, code in own:
            line[start:end] = [code] * (end - start)
        painted.append(line)
    values = ["", "a", "b", "c"]
    shared = {
        (c, k): Fraction(
            sum(
                painted[i][x] == c and painted[j][x] == k
                for i in range(m)
                for j in range(m)
                if i != j
                for x in range(length)
            ),
            m - 1,
        )
        for c in values
        for k in values
    }
    gaps = sum(line.count("") for line in painted)
    squares = gaps + sum((end - start) ** 2 for own in coders for start, end, _ in own)
    paired = 0
    for i, own in enumerate(coders):
        for start, end, _ in own:
            met = sum(any(painted[j][x] for j in range(m) if j != i) for x in range(start, end))
            paired += met**2
    groups = {"u_alpha": [[v] for v in values], "binary_alpha": [[""], ["a", "b", "c"]]}
    found = {name: ratio(shared, parts, squares) for name, parts in groups.items()}
    return found | {"cu_alpha": ratio(shared, [["a"], ["b"], ["c"]], paired)}


def ratio(shared: Any, parts: list[list[str]], squares: int) -> Fraction | None:
    def length(first: list[str], second: list[str]) -> Fraction:
        return sum((shared[c, k] for c in first for k in second), Fraction(0))

    margin = [sum((length(p, q) for q in parts), Fraction(0)) for p in parts]
    total = sum(margin, Fraction(0))
    seen = total - sum((length(p, p) for p in parts), Fraction(0))
    chance = total**2 - sum(x**2 for x in margin)
    if chance == 0:
        return None
    return 1 - seen * (total**2 - squares) / (total * chance)


@given(st.lists(coder(), min_size=2, max_size=4))
def test_alphas_are_those_of_the_formulas(coders: list[list[tuple[int, int, str]]]) -> None:
    found, expected = unitize(coders, LENGTH), by_the_book(coders, LENGTH)
    for name, value in expected.items():
        if value is None:
            assert found[name].value is None
            assert found[name].reason in ("no_variation", "no_pairable_units")
        else:
            assert found[name].value == pytest.approx(float(value), abs=1e-9)
            assert found[name].reason == "one_unit"
    turned = unitize(coders[::-1], LENGTH)
    assert {n: e.reason for n, e in turned.items()} == {n: e.reason for n, e in found.items()}


@given(st.lists(st.lists(coder(), min_size=2, max_size=2), min_size=2, max_size=4))
def test_documents_are_one_corpus(texts: list[list[list[tuple[int, int, str]]]]) -> None:
    joined = [
        [
            (start + LENGTH * d, end + LENGTH * d, code)
            for d, text in enumerate(texts)
            for start, end, code in text[g]
        ]
        for g in range(2)
    ]
    apart = unitize_all([(text, LENGTH) for text in texts], resamples=5)
    whole = unitize(joined, LENGTH * len(texts))
    for name in ("u_alpha", "binary_alpha"):
        a, b = apart[name].value, whole[name].value
        assert (a is None) == (b is None)
        # Gaps that meet at a border are one gap or two: K counts their length either way.
        assert a is None or a == pytest.approx(b, abs=1e-9)


def test_several_documents_have_an_interval() -> None:
    texts = [
        ([[(0, 5, "a"), (8, 12, "b")], [(0, 4 + i % 3, "a"), (8, 12, "ab"[i % 2])]], 20)
        for i in range(12)
    ]
    first, second = unitize_all(texts, 500, 1), unitize_all(texts, 500, 1)
    assert first == second
    for found in first.values():
        assert found.low < found.value <= found.high <= 1
        assert found.resamples == 500


def test_what_cannot_be_paired_has_a_reason() -> None:
    one = [(0, 3, "a")]
    cases = [
        (([one], 9), "one_coder"),
        (([one, None], 9), "one_coder"),
        (([[], []], 0), "no_pairable_units"),
        (([], 9), "no_pairable_units"),
        (([[], []], 9), "no_variation"),
    ]
    for given_, reason in cases:
        assert unitize(*given_)["u_alpha"].reason == reason, given_
    assert unitize_all([])["u_alpha"].reason == "no_pairable_units"
    apart = unitize([[(0, 3, "a")], [(5, 7, "a")]], 9)
    assert apart["cu_alpha"].reason == "no_pairable_units"
    assert unitize([one, one], 9)["cu_alpha"].reason == "no_variation"
    assert unitize([one, one], 9)["u_alpha"].value == 1.0


def test_who_did_not_see_a_text_is_no_gap() -> None:
    two = [[(0, 5, "a")], [(0, 4, "a")]]
    assert unitize([*two, None], 10) == unitize(two, 10)
    assert unitize([*two, []], 10) != unitize(two, 10)
