"""Exemplars show the range of a theme, whatever the order in which the answers come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from qualcode.quotes import Candidate, choose, is_one_voice

if TYPE_CHECKING:
    import random


def made(
    number: int, text: str, *, who: str = "", kind: str = "", coders: str = "a", codes: int = 0
) -> Candidate:
    groups = {"kind": kind} if kind else {}
    return Candidate(number, who or f"R{number}", text, groups, frozenset(coders), codes)


several = st.lists(
    st.builds(
        Candidate,
        st.integers(0, 10_000),
        st.sampled_from(["R1", "R2", "R3", "R4"]),
        st.text(st.sampled_from("ab cd ef 你"), max_size=30),
        st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", "2", ""]), max_size=2),
        st.frozensets(st.sampled_from("abc")),
        st.integers(0, 5),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(several, st.integers(-1, 13), st.randoms())
def test_the_order_of_the_answers_does_not_matter(
    candidates: list[Candidate], count: int, chance: random.Random
) -> None:
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert choose(candidates, count) == choose(shuffled, count)


@given(several, st.integers(0, 13))
def test_nothing_comes_twice(candidates: list[Candidate], count: int) -> None:
    chosen = [choice.candidate for choice in choose(candidates, count)]
    assert len(chosen) <= count
    assert len({one.id for one in chosen}) == len(chosen)
    respondents = [one.respondent for one in chosen]
    first_again = next((i for i, who in enumerate(respondents) if who in respondents[:i]), None)
    if first_again is not None:
        said = {frozenset(one.text.split()) for one in chosen[:first_again]}
        left = [one for one in candidates if one.respondent not in respondents[:first_again]]
        assert all(said for _ in left)
    texts = [" ".join(one.text.split()) for one in chosen]
    assert len(set(texts)) == len(texts)


def test_every_group_is_shown_before_one_is_shown_again() -> None:
    candidates = [made(n, f"words {n} of many", kind="affiliate") for n in range(20)]
    candidates += [made(30, "entirely else", kind="task force"), made(31, "so what", kind="lab")]
    kinds = {choice.candidate.groups["kind"] for choice in choose(candidates, 3)}
    assert kinds == {"affiliate", "task force", "lab"}


def test_every_length_is_shown() -> None:
    candidates = [made(n, " ".join(f"w{n}x{i}" for i in range(n + 1))) for n in range(12)]
    reasons = {choice.reasons[0] for choice in choose(candidates, 3)}
    assert reasons == {"short", "middle", "long"}


def test_the_clearest_answer_comes_first() -> None:
    candidates = [
        made(1, "one of these", codes=3),
        made(2, "two of those", coders="ab", codes=3),
        made(3, "three such things", coders="ab"),
    ]
    assert [choice.candidate.id for choice in choose(candidates, 3)] == [3, 2, 1]


def test_answers_with_the_same_words_are_not_both_chosen() -> None:
    candidates = [made(1, "More training!"), made(2, "training, more"), made(3, "phones")]
    assert {choice.candidate.id for choice in choose(candidates, 3)} == {1, 3}


def test_a_respondent_is_quoted_again_only_when_nobody_else_is_left() -> None:
    candidates = [made(1, "a b c", who="R1"), made(2, "d e f", who="R1"), made(3, "g", who="R2")]
    chosen = choose(candidates, 3)
    assert {choice.candidate.respondent for choice in chosen[:2]} == {"R1", "R2"}
    assert "another answer of a respondent who is quoted already" in chosen[2].reasons


def test_reasons_are_words_that_a_reader_understands() -> None:
    candidates = [
        made(1, "a", kind="affiliate", coders="ab"),
        made(2, "b c d e", kind="affiliate", coders="ab", codes=1),
        made(3, "d e f g h i j", kind="task force", coders="c", codes=2),
    ]
    reasons = {choice.candidate.id: choice.reasons for choice in choose(candidates, 3)}
    assert reasons == {
        1: ("short", "coded by 2 coders", "about nothing else"),
        3: (
            "the only one with kind: task force",
            "long",
            "coded by c, who coded none of the others",
        ),
        2: ("middle", "coded by 2 coders"),
    }  # fmt: skip


def test_ten_thousand_answers_alike_are_no_trouble() -> None:
    candidates = [made(n, "training") for n in range(10_000)]
    assert len(choose(candidates, 5)) == 1


def test_a_theme_of_one_respondent_is_one_voice() -> None:
    assert is_one_voice([made(1, "a", who="R1"), made(2, "b", who="R1")])
    assert not is_one_voice([made(1, "a"), made(2, "b")])
    assert not is_one_voice([])
