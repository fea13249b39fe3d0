"""What must hold of any study, whoever coded what."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from qualcode.study.design import Design
from studies import plant

from .made import small, table

if TYPE_CHECKING:
    from pathlib import Path

N = 12
CODES = ("a", "a/x", "a/y", "b", "c", "dk", "refused")
ALONE = ("dk", "refused")
CODERS = ("ana", "ben", "cho")

code_sets = st.one_of(
    st.sampled_from([(code,) for code in ALONE]),
    st.lists(st.sampled_from(CODES[:5]), max_size=3, unique=True).map(tuple),
)
ballots = st.dictionaries(
    st.tuples(st.integers(0, N - 1), st.sampled_from(CODERS)), code_sets, max_size=30
)


def lines(given_: dict[tuple[int, str], tuple[str, ...]]) -> list[str]:
    return [
        f"r{i},q1,{coder},{code},,"
        for (i, coder), codes in given_.items()
        for code in codes or ("",)
    ]


@pytest.fixture
def fresh(tmp_path: Path) -> Any:
    """Make a study of its own for every example."""
    counter = iter(range(10_000))

    def make(codings: list[str], **options: Any) -> Path:
        folder = tmp_path / str(next(counter))
        folder.mkdir()
        return small(folder, codings, n=N, **options)

    yield make
    shutil.rmtree(tmp_path)


few = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers(one)]
    if isinstance(value, list):
        return [number for one in value for number in numbers(one)]
    return [value] if isinstance(value, float) else []


@few
@given(ballots, st.sampled_from(["", "weight"]), st.booleans())
def test_every_number_is_one(fresh: Any, votes: Any, weight: str, is_internal: bool) -> None:  # noqa: FBT001
    found = table(
        fresh(lines(votes), design=Design(weight=weight)),
        by=("group", "wave"),
        is_internal=is_internal,
    )
    json.dumps(found, allow_nan=False)
    for row in found["rows"]:
        for name in ("percent", "low", "high", "weighted_percent", "percent_of_responses"):
            assert row[name] is None or 0 <= row[name] <= 100
        if row["percent"] is not None and not row["suppressed"]:
            assert row["low"] <= row["percent"] <= row["high"]
            assert row["k"] / row["n"] == pytest.approx(row["percent"] / 100)


@few
@given(ballots, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(fresh: Any, votes: Any, chance: Any) -> None:
    given_ = lines(votes)
    mixed = sorted(given_, key=lambda _: chance.random())
    one, other = table(fresh(given_), by=("group",)), table(fresh(mixed), by=("group",))
    for found in (one, other):  # coders come in the order of their first coding
        found["coders"] = sorted(found["coders"])
        found["notes"] = [note for note in found["notes"] if not note.startswith("Rule")]
    assert one == other


@few
@given(ballots)
def test_stricter_rules_find_fewer(fresh: Any, votes: Any) -> None:
    # A status that anybody gave takes an answer out of the base coded under the rule `any`.
    themes = {key: tuple(code for code in codes if code != "dk") for key, codes in votes.items()}
    study = fresh(lines(themes))
    found = [
        {row["code"]: row["k"] for row in table(study, rule=rule, is_internal=True)["rows"]}
        for rule in ("unanimous", "majority", "any")
    ]
    for code in found[0]:
        assert found[0][code] <= found[1][code] <= found[2][code]


@few
@given(ballots, st.sampled_from(["any", "majority", "unanimous"]))
def test_a_parent_is_at_least_each_child_and_at_most_all(fresh: Any, votes: Any, rule: str) -> None:
    no_parents = {key: tuple(c for c in codes if c != "a") for key, codes in votes.items()}
    found = table(fresh(lines(no_parents)), rule=rule, is_internal=True, base="asked")
    k = {row["code"]: row["k"] for row in found["rows"]}
    assert max(k["a/x"], k["a/y"]) <= k["a"] <= k["a/x"] + k["a/y"]


@few
@given(ballots)
def test_the_bases_lie_within_each_other(fresh: Any, votes: Any) -> None:
    n = table(fresh(lines(votes)), is_internal=True)["n"]
    assert n["any_code"] <= n["coded"] <= n["answered"] <= n["asked"] == N


@few
@given(ballots)
def test_percents_of_responses_add_to_a_hundred(fresh: Any, votes: Any) -> None:
    found = table(fresh(lines(votes)), is_internal=True)
    parts = [row["percent_of_responses"] for row in found["rows"]]
    assert parts[0] is None  # a parent
    known = [part for part in parts if part is not None]
    assert sum(known) == pytest.approx(100) or not known


@few
@given(ballots)
def test_groups_add_up_to_all(fresh: Any, votes: Any) -> None:
    found = table(fresh(lines(votes)), by=("group", "wave"), is_internal=True)
    for row in found["rows"]:
        for attribute in ("group", "wave"):
            cells = [cell for cell in row["groups"] if cell["attribute"] == attribute]
            assert sum(cell["k"] for cell in cells) == row["k"]
            assert sum(cell["n"] for cell in cells) == row["n"]
            shares = [cell["row_percent"] for cell in cells if cell["row_percent"] is not None]
            assert sum(shares) == pytest.approx(100) or not shares


@few
@given(ballots)
def test_equal_weights_change_no_percentage(fresh: Any, votes: Any) -> None:
    assume(votes)
    study = fresh(lines(votes), design=Design(weight="weight"))
    plant(study, "UPDATE respondent SET attributes = json_set(attributes, '$.weight', '2.5')")
    for row in table(study, is_internal=True, by=("group",))["rows"]:
        for cell in (row, *row["groups"]):
            assert cell["weighted_percent"] == pytest.approx(cell["percent"])


@few
@given(ballots)
def test_what_is_hidden_is_hidden_by_a_higher_threshold_too(fresh: Any, votes: Any) -> None:
    """Of primary cells; which partners go along may differ."""
    study = fresh(lines(votes))
    shown = table(study, is_internal=True)["rows"]
    for row, true in zip(table(study)["rows"], shown, strict=True):
        if true["n"] and 0 < true["k"] < 5:
            assert row["suppressed"]
            assert row["k"] is None
        if not row["suppressed"]:
            assert row["k"] == true["k"]
