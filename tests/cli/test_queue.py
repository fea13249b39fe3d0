"""`qualcode queue`: the order of the answers chosen, drawn and told without the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from studies import BOOK, make, take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

WORDS = ("a wider reach", "it is cheap", "the costs are high", "no change", "more people")
SURVEY = "id,why\n" + "".join(f"r{n},{WORDS[n % 5]} {n}\n" for n in range(1, 41))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = make(tmp_path, SURVEY, (BOOK,), questions=(("why", "why"),))
    with Study.open(path) as opened:
        opened.session("ana")
    return path


def respondents(done: Done) -> list[str]:
    return [answer["respondent"] for answer in done.json["answers"]]


def test_the_order_of_the_file_needs_no_queue(study: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode("queue", study, "--coder", "ana", "--json")
    assert (done.json["order"], done.json["answers"]) == ("file", [])
    assert "in the order of the file" in qualcode("queue", study, "--coder", "ana").err


def test_a_random_queue_is_drawn_further_down_one_order(
    study: Path, qualcode: Callable[..., Done]
) -> None:
    asked = ("queue", study, "--coder", "ana", "--json", "--draw")
    first = qualcode(*asked, 5, "--order", "random", "--seed", 7)
    both = qualcode(*asked, 10)
    assert respondents(both)[:5] == respondents(first)
    assert [answer["place"] for answer in both.json["answers"]] == list(range(15))
    assert [answer["probability"] for answer in both.json["answers"]] == [5 / 40] * 5 + [
        15 / 40
    ] * 10
    other = qualcode(
        "queue", study, "--coder", "ben", "--order", "random", "--seed", 7, *asked[4:], 15
    )
    assert respondents(other) == respondents(both), "two coders draw the same sample"


def test_half_and_half_takes_turns_and_the_random_half_is_blind(
    study: Path, qualcode: Callable[..., Done]
) -> None:
    done = qualcode("queue", study, "--coder", "ana", "--order", "half", "--draw", 8, "--json")
    assert [answer["how"] for answer in done.json["answers"]] == ["random", "uncertain"] * 4
    assert [answer["is_blind"] for answer in done.json["answers"]] == [True, False] * 4
    assert {a["probability"] for a in done.json["answers"]} == {4 / 40, None}


def test_more_of_a_code_finds_answers_like_it(study: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode(
        *("queue", study, "--coder", "ana", "--order", "code", "--code", "cheap"),
        *("--draw", 8, "--json"),
    )
    assert done.json["code"] == "cost/cheap"
    assert {int(who[1:]) % 5 for who in respondents(done)} == {1}


def test_a_queue_that_was_left_goes_on(study: Path, qualcode: Callable[..., Done]) -> None:
    asked = ("queue", study, "--coder", "ana", "--json", "--order")
    drawn = respondents(qualcode(*asked, "random", "--draw", 4))
    assert qualcode(*asked, "file").json["order"] == "file"
    assert respondents(qualcode(*asked, "random")) == drawn


def test_answers_that_come_later_find_their_place_in_the_order(
    study: Path, qualcode: Callable[..., Done]
) -> None:
    asked = ("queue", study, "--json", "--order", "random", "--draw", 40, "--coder")
    before = respondents(qualcode(*asked, "ana"))
    take_in(study, SURVEY + "".join(f"late{n},more people {n}\n" for n in range(20)))
    after = respondents(
        qualcode("queue", study, "--json", "--order", "random", "--draw", 60, "--coder", "ben")
    )
    assert [who for who in after if who[0] == "r"] == before
    assert after != [*before, *(f"late{n}" for n in range(20))]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--coder", "nobody"), 3, "there is no coder “nobody”"),
        (("--coder", "ana", "--draw", "3"), 2, "there is no queue to draw for"),
        (("--coder", "ana", "--order", "code"), 2, "--code goes with --order code"),
        (("--coder", "ana", "--code", "cheap"), 2, "--code goes with --order code"),
        (("--coder", "ana", "--order", "code", "--code", "nil"), 3, "there is no code “nil”"),
        (("--coder", "ana", "--question", "nil"), 3, "there is no question “nil”"),
        (("--coder", "ana", "--draw", "0"), 2, "0 is not in the range"),
    ],
)
def test_what_cannot_be_is_one_line(
    study: Path, qualcode: Callable[..., Done], words: tuple[str, ...], code: int, message: str
) -> None:
    done = qualcode("queue", study, *words)
    assert (done.code, done.out) == (code, "")
    assert message in done.err


def test_without_a_codebook_chance_can_draw_and_a_model_cannot(
    tmp_path: Path, qualcode: Callable[..., Done]
) -> None:
    path = make(tmp_path, SURVEY, (), questions=(("why", "why"),))
    asked = ("queue", path, "--coder", "ana", "--draw", 3, "--order")
    assert qualcode(*asked, "random").code == 0
    refused = qualcode(*asked, "uncertain")
    assert refused.code == 2
    assert "there is no code to suggest for why" in refused.err
