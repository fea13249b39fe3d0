"""What counts: the consensus of the coders, parents, statuses, bases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError, NotFound
from qualcode.estimation.bases import bases_of
from qualcode.estimation.codetree import code_tree
from qualcode.estimation.consensus import (
    ABSENT,
    PRESENT,
    UNRESOLVED,
    consensus_of,
    default_rule,
)
from qualcode.estimation.voting import Verdicts, verdicts_on_answers, votes

if TYPE_CHECKING:
    from qualcode.estimation.consensus import Consensus
    from qualcode.estimation.voting import Votes

CODERS = ("ana", "ben", "cho", "dov")
PATHS = ("access", "access/hours", "access/parking", "staff", "unclear")
STATUSES = ("", "", "", "", "uncodable")
TREE = code_tree(PATHS, STATUSES)

# One answer: for each coder the codes applied, or None where the coder did not code it.
Answer = tuple["frozenset[str] | None", ...]


def ballots(*answers: Answer) -> Votes:
    coders = CODERS[: max(map(len, answers))]
    cells = [(i, g, codes) for i, answer in enumerate(answers) for g, codes in enumerate(answer)]
    decided = [(i, g) for i, g, codes in cells if codes is not None]
    applied = [(i, g, PATHS.index(c)) for i, g, codes in cells for c in codes or ()]
    return votes(
        len(answers),
        coders,
        tuple(np.array(decided, dtype=int).reshape(-1, 2).T),
        tuple(np.array(applied, dtype=int).reshape(-1, 3).T),
        len(PATHS),
    )


def value(found: Consensus, path: str, answer: int = 0) -> int:
    return int(found.values[PATHS.index(path), answer])


def codes(*paths: str) -> frozenset[str]:
    return frozenset(paths)


NOTHING = codes()
STAFF = codes("staff")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((STAFF, STAFF, NOTHING), {"any": 2, "majority": 2, "unanimous": 0}),
        ((STAFF, NOTHING, NOTHING), {"any": 2, "majority": 0, "unanimous": 0}),
        ((STAFF, NOTHING), {"any": 2, "majority": 1, "unanimous": 0}),
        ((STAFF, NOTHING, None), {"any": 2, "majority": 1, "unanimous": 0}),
        ((STAFF, STAFF, None), {"any": 2, "majority": 2, "unanimous": 2}),
        ((STAFF, STAFF, NOTHING, NOTHING), {"any": 2, "majority": 1, "unanimous": 0}),
        ((STAFF, None, None), {"any": 2, "majority": 2, "unanimous": 2}),
        ((NOTHING, NOTHING), {"any": 0, "majority": 0, "unanimous": 0}),
        ((None, None), {"any": 0, "majority": 0, "unanimous": 0}),
    ],
)
def test_rules(answer: Answer, expected: dict[str, int]) -> None:
    found = {rule: value(consensus_of(ballots(answer), TREE, rule), "staff") for rule in expected}
    assert found == expected


def test_an_answer_that_nobody_coded_is_not_coded() -> None:
    found = consensus_of(ballots((None, None), (NOTHING, None)), TREE)
    assert found.coded.tolist() == [False, True]


def test_a_coding_without_a_decision_is_coded() -> None:
    nothing = np.zeros(0, dtype=int)
    one = (np.array([1]), np.array([0]), np.array([3]))
    found = consensus_of(votes(2, ["ana"], (nothing, nothing), one, 5), TREE, "any")
    assert found.coded.tolist() == [False, True]
    assert value(found, "staff", 1) == PRESENT


def test_two_passages_of_one_coder_are_one_vote() -> None:
    twice = (np.array([0, 0]), np.array([0, 0]), np.array([3, 3]))
    decided = (np.array([0, 0, 0]), np.array([0, 1, 2]))
    found = consensus_of(votes(1, CODERS[:3], decided, twice, 5), TREE)
    assert value(found, "staff") == ABSENT


def test_a_parent_counts_after_the_consensus_of_its_children() -> None:
    """Three coders agree that it is about access, but no two on what: nobody has a majority."""
    split = (codes("access/hours"), codes("access/parking"), codes("access"))
    assert value(consensus_of(ballots(split), TREE), "access") == ABSENT
    assert value(consensus_of(ballots(split), TREE, "any"), "access") == PRESENT
    both = (codes("access/hours", "access/parking"), codes("access/hours"), NOTHING)
    found = consensus_of(ballots(both), TREE)
    assert (value(found, "access"), value(found, "access/hours")) == (PRESENT, PRESENT)


def test_a_parent_is_unresolved_where_only_a_child_is() -> None:
    tie = (codes("access/hours"), NOTHING)
    assert value(consensus_of(ballots(tie), TREE), "access") == UNRESOLVED
    resolved = (codes("access/hours", "access/parking"), codes("access/parking"))
    assert value(consensus_of(ballots(resolved), TREE), "access") == PRESENT


def test_a_code_counts_for_all_codes_above_it() -> None:
    tree = code_tree(["a", "b", "a/x", "a/x/y", "a/x/y/z", "b/gap/c"])
    assert tree.parents.tolist() == [-1, -1, 0, 2, 3, 1]
    assert tree.are_leaves.tolist() == [False, False, False, False, True, True]
    one = (np.array([0, 1]), np.array([0, 0]), np.array([4, 5]))
    found = consensus_of(votes(2, ["ana"], one[:2], one, 6), tree, "any")
    assert found.values[:, 0].tolist() == [2, 0, 2, 2, 2, 0]
    assert found.values[:, 1].tolist() == [0, 2, 0, 0, 0, 2]


def test_a_status_counts_for_no_code_above_it() -> None:
    tree = code_tree(["a", "a/x", "a/unclear"], ["", "", "uncodable"])
    one = (np.array([0]), np.array([0]), np.array([2]))
    found = consensus_of(votes(1, ["ana"], one[:2], one, 3), tree, "any")
    assert found.values[:, 0].tolist() == [ABSENT, ABSENT, PRESENT]


def test_one_coder_alone() -> None:
    answers = ballots((STAFF, NOTHING), (NOTHING, None), (None, STAFF))
    found = consensus_of(answers, TREE, "coder:ben")
    assert found.coded.tolist() == [True, False, True]
    assert found.present(PATHS.index("staff")).tolist() == [False, False, True]


def test_adjudication_decides_and_the_rest_is_unresolved() -> None:
    answers = ballots((STAFF, NOTHING), (STAFF, STAFF), (None, None))
    staff = PATHS.index("staff")
    settled = Verdicts(np.array([0]), np.array([staff]), np.array([0]))
    found = consensus_of(answers, TREE, "adjudicated", settled)
    assert found.values[staff].tolist() == [ABSENT, UNRESOLVED, ABSENT]
    everybody = np.ones(3, dtype=bool)
    assert found.unresolved(everybody)[staff] == 1
    whole = verdicts_on_answers([2], ([2], [staff]), len(PATHS))
    found = consensus_of(answers, TREE, "adjudicated", whole)
    assert found.values[staff].tolist() == [UNRESOLVED, UNRESOLVED, PRESENT]
    assert found.values[0, 2] == ABSENT
    assert found.coded.tolist() == [True, True, True]


def test_bases() -> None:
    unclear = codes("unclear")
    answers = ballots(
        (None,), (None,), (None,), (NOTHING,), (STAFF,), (unclear,), (codes("access/hours"),)
    )
    status = np.array([0, 1, 2, 2, 2, 2, 2], dtype=np.uint8)
    found = bases_of(status, consensus_of(answers, TREE, "any"), TREE)
    assert found.n == {"asked": 6, "answered": 5, "coded": 3, "any_code": 2}
    assert np.flatnonzero(found.of("coded")).tolist() == [3, 4, 6]
    assert np.flatnonzero(found.uncoded).tolist() == [2]
    assert not found.is_complete


def test_a_status_without_a_majority_leaves_the_answer_in_the_base() -> None:
    answers = ballots((codes("unclear"), NOTHING, NOTHING), (codes("unclear"),) * 3)
    status = np.array([2, 2], dtype=np.uint8)
    found = bases_of(status, consensus_of(answers, TREE), TREE)
    assert found.coded.tolist() == [True, False]


def test_default_rule() -> None:
    assert default_rule(ballots((STAFF, STAFF))) == "majority"
    assert default_rule(ballots((STAFF,))) == "any"


def test_more_than_255_coders() -> None:
    coders = [f"c{g}" for g in range(300)]
    everybody = np.arange(300)
    zeros = np.zeros(300, dtype=int)
    given = votes(1, coders, (zeros, everybody), (zeros[:160], everybody[:160], zeros[:160]), 1)
    tree = code_tree(["a"])
    assert consensus_of(given, tree).values[0, 0] == PRESENT
    assert consensus_of(given, tree, "unanimous").values[0, 0] == ABSENT


vote = st.none() | st.frozensets(st.sampled_from(PATHS[:4]), max_size=3)
tables = st.integers(1, 4).flatmap(
    lambda coders: st.lists(st.tuples(*[vote] * coders).filter(any_coded), min_size=1, max_size=8)
)


def any_coded(answer: Answer) -> bool:
    return any(codes is not None for codes in answer)


def by_hand(answer: Answer, path: str, rule: str) -> int:
    """The definition, word for word."""
    cast = [path in codes for codes in answer if codes is not None]
    yes, n = sum(cast), len(cast)
    if rule == "any":
        own = 2 * (yes > 0)
    elif rule == "unanimous":
        own = 2 * (yes == n)
    else:
        own = 2 if 2 * yes > n else int(2 * yes == n and yes > 0)
    children = [p for p in PATHS if p.startswith(f"{path}/")]
    return max([own, *(by_hand(answer, child, rule) for child in children)])


@given(tables, st.sampled_from(["any", "majority", "unanimous"]))
def test_consensus_is_the_definition(answers: list[Answer], rule: str) -> None:
    found = consensus_of(ballots(*answers), TREE, rule)
    for path in PATHS[:4]:
        expected = [by_hand(answer, path, rule) for answer in answers]
        assert found.values[PATHS.index(path)].tolist() == expected


@given(tables, st.randoms(use_true_random=False))
def test_who_the_coders_are_does_not_matter(answers: list[Answer], random: object) -> None:
    order = list(range(len(answers[0])))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed = [tuple(answer[g] for g in order) for answer in answers]
    for rule in ("any", "majority", "unanimous"):
        first = consensus_of(ballots(*answers), TREE, rule)
        second = consensus_of(ballots(*mixed), TREE, rule)
        assert np.array_equal(first.values, second.values)


@given(tables)
def test_unanimous_is_within_majority_and_that_within_any(answers: list[Answer]) -> None:
    masks = [
        consensus_of(ballots(*answers), TREE, rule).values == PRESENT
        for rule in ("unanimous", "majority", "any")
    ]
    assert not (masks[0] & ~masks[1]).any()
    assert not (masks[1] & ~masks[2]).any()


EMPTY = np.zeros(0, dtype=int)


def cast(n: int = 2, decided: tuple = (EMPTY, EMPTY), applied: tuple = (EMPTY,) * 3) -> Votes:
    return votes(n, ["ana"], decided, applied, 5)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: cast(decided=([2], [0])), "answer indices"),
        (lambda: cast(decided=([0], [1])), "coder indices"),
        (lambda: cast(applied=([0], [0], [5])), "code indices"),
        (lambda: cast(applied=([0], [0], [-1])), "code indices"),
        (lambda: cast(decided=([0.5], [0])), "answer indices"),
        (lambda: cast(decided=([0, 1], [0])), "unequal length"),
        (lambda: consensus_of(cast(), TREE, "most"), "no rule “most”"),
        (lambda: code_tree(["a", "a"]), "listed twice"),
        (lambda: code_tree(["a"], ["odd"]), "no status “odd”"),
        (lambda: code_tree(["a", "b"], [""]), "1 statuses for 2"),
        (lambda: verdicts_on_answers([0], ([1], [0]), 5), "without a verdict"),
        (
            lambda: bases_of(np.zeros(3, np.uint8), consensus_of(cast(), TREE), TREE),
            "statuses do not fit",
        ),
    ],
)
def test_bad_input(wrong: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        wrong()  # type: ignore[operator]


def test_an_unknown_coder_is_not_found() -> None:
    with pytest.raises(NotFound) as caught:
        consensus_of(ballots((STAFF, STAFF)), TREE, "coder:anna")
    assert "ana" in caught.value.hint


def test_an_unknown_base() -> None:
    found = bases_of(np.full(1, 2, np.uint8), consensus_of(ballots((STAFF,)), TREE), TREE)
    with pytest.raises(InputError, match="no base “all”"):
        found.of("all")
