"""What must not change a coefficient does not."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qualcode.agreement import assess, assess_codes, assess_overall, codings_from_triples

from .made import question, ratings

if TYPE_CHECKING:
    from qualcode.model import Estimate

CATEGORIES = [0, 1, 2]
METRICS = ("nominal", "ordinal", "interval")
FIELDS = ("value", "se", "low", "high")

tables = st.integers(2, 5).flatmap(
    lambda coders: st.lists(
        st.lists(st.sampled_from([None, *CATEGORIES]), min_size=coders, max_size=coders),
        min_size=1,
        max_size=12,
    )
)
complete = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(st.sampled_from(CATEGORIES), min_size=coders, max_size=coders),
        min_size=2,
        max_size=12,
    )
)
sets = st.lists(
    st.lists(
        st.none() | st.frozensets(st.sampled_from("abcd"), max_size=3), min_size=3, max_size=3
    ),
    min_size=1,
    max_size=10,
)


def is_same(first: Estimate, second: Estimate, fields: tuple[str, ...] = FIELDS) -> bool:
    if first.reason != second.reason:
        return False
    pairs = [(getattr(first, name), getattr(second, name)) for name in fields]
    return all(
        a is b is None or (None not in (a, b) and abs(a - b) < 1e-9 * max(1, abs(a)))
        for a, b in pairs
    )


def check(
    first: dict[str, Estimate],
    second: dict[str, Estimate],
    names: Any = None,
    fields: tuple[str, ...] = FIELDS,
) -> None:
    for name in names or first:
        assert is_same(first[name], second[name], fields), (name, first[name], second[name])


@given(tables, st.sampled_from(METRICS), st.randoms())
def test_the_order_of_units_and_coders_changes_nothing(
    rows: list[list[Any]], metric: str, random: Any
) -> None:
    columns = list(range(len(rows[0])))
    random.shuffle(columns)
    other = [[row[g] for g in columns] for row in rows]
    random.shuffle(other)
    first = assess(rows, CATEGORIES, metric, resamples=2)
    second = assess(other, CATEGORIES, metric, resamples=2)
    fields = ("value",) if metric == "ordinal" else FIELDS
    check(first, second, {"alpha"}, fields)
    check(first, second, set(first) - {"alpha"})


@example([[None, 0, 0, 1], [None, 0, 0, 2]])
@given(tables)
def test_names_of_nominal_categories_change_nothing(rows: list[list[Any]]) -> None:
    names = {None: None, 0: "z", 1: "a", 2: "m"}
    other = [[names[rating] for rating in row] for row in rows]
    check(assess(rows, CATEGORIES), assess(other, ["z", "a", "m"]))
    check(assess(rows, CATEGORIES), assess(other, ["a", "m", "z"]))


@given(sets, st.permutations("abcd"), st.sampled_from(["masi", "jaccard"]))
def test_names_of_codes_in_sets_change_nothing(
    rows: list[list[Any]], names: list[str], metric: str
) -> None:
    into = dict(zip("abcd", names, strict=True))
    other = [[None if s is None else frozenset(into[c] for c in s) for s in row] for row in rows]
    check(assess(rows, metric=metric), assess(other[::-1], metric=metric))
    check(assess(rows, metric=metric), assess([row[::-1] for row in rows], metric=metric))


@given(complete)
def test_duplicated_complete_data_give_the_same_kappas(rows: list[list[Any]]) -> None:
    once, twice = assess(rows, CATEGORIES), assess(rows * 2, CATEGORIES)
    check(once, twice, set(once) - {"alpha"}, ("value",))


def test_what_rounding_leaves_is_no_standard_error() -> None:
    rows = [[None, 2, 2], [None, 2, 2], [2, None, 0]]
    for order in permutations(range(3)):
        found = assess([[row[g] for g in order] for row in rows], CATEGORIES, "interval")
        assert (found["conger_kappa"].se, found["conger_kappa"].low) == (None, None)


def test_duplicated_data_change_alpha() -> None:
    rows = ratings(1, missing=0.0)
    once, twice = assess(rows, CATEGORIES)["alpha"], assess(rows * 2, CATEGORIES)["alpha"]
    assert once.value != pytest.approx(twice.value, abs=1e-6)


@given(tables, st.sampled_from(CATEGORIES), st.sampled_from(METRICS))
def test_a_singly_coded_unit_does_not_touch_alpha_and_percent_agreement(
    rows: list[list[Any]], rating: int, metric: str
) -> None:
    single = [[rating, *[None] * (len(rows[0]) - 1)]]
    first = assess(rows, CATEGORIES, metric, resamples=2)
    second = assess(rows + single, CATEGORIES, metric, resamples=2)
    if first["alpha"].reason == "one_coder" or second["alpha"].reason != first["alpha"].reason:
        return  # the added rating is what makes a second coder
    fields = ("value",) if metric == "ordinal" else FIELDS
    check(first, second, {"alpha"}, fields)
    check(first, second, {"percent_agreement"}, ("value",))


def test_a_singly_coded_unit_does_not_touch_specific_agreement() -> None:
    triples = [
        (i, coder, code)
        for i in range(40)
        for coder, code in (("ana", "x" if i % 3 else None), ("bea", "x" if i % 4 else None))
    ]
    before = assess_codes(codings_from_triples(triples))[0]
    after = assess_codes(codings_from_triples([*triples, (99, "ana", "x")]))[0]
    assert is_same(before.positive_agreement, after.positive_agreement)
    assert is_same(before.negative_agreement, after.negative_agreement)
    assert before.n == after.n


def test_a_singly_coded_unit_does_touch_the_shares_of_gwet() -> None:
    rows = ratings(3, missing=0.0)
    before = assess(rows, CATEGORIES)
    after = assess([*rows, [2, None, None]], CATEGORIES)
    for name in ("fleiss_kappa", "gwet_ac1"):
        assert before[name].value != pytest.approx(after[name].value, abs=1e-9)


@pytest.mark.parametrize("ci", ["analytic", "bootstrap"])
def test_the_order_of_coders_changes_no_figure_of_a_question(ci: str) -> None:
    asked = question(5)
    turned = asked.among([2, 0, 1])
    first, second = assess_overall(asked, ci, 200), assess_overall(turned, ci, 200)
    fields = FIELDS if ci == "analytic" else ("value",)
    for name in ("alpha_masi", "alpha_jaccard", "exact_match", "mean_alpha"):
        assert is_same(getattr(first, name), getattr(second, name), fields), name


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval", "ratio"])
def test_a_category_that_nobody_uses_changes_alpha_in_nothing(metric: str) -> None:
    rows = [[None if k is None else k + 1 for k in row] for row in ratings(8)]
    first = assess(rows, [1, 2, 3], metric)["alpha"]
    second = assess(rows, [1, 2, 3, 9], metric)["alpha"]
    assert is_same(first, second)


def test_resamples_are_the_same_for_the_same_seed_and_differ_for_another() -> None:
    rows = ratings(4)
    first, same, other = (
        assess(rows, CATEGORIES, ci="bootstrap", resamples=300, seed=seed) for seed in (7, 7, 8)
    )
    assert first == same
    assert first["alpha"] != other["alpha"]
    asked = question(2)
    assert assess_codes(asked, "bootstrap", 100, 3) == assess_codes(asked, "bootstrap", 100, 3)
    assert assess_overall(asked, "bootstrap", 100, 3) == assess_overall(asked, "bootstrap", 100, 3)
