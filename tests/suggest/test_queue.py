"""Which answer next, and with what probability it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from qualcode.suggest.features import TextFeatures
from qualcode.suggest.queue import (
    Draw,
    half_and_half,
    more_of,
    order_of_chance,
    shuffled,
    spread_out,
    uncertain,
    uncertainty,
)

from .made import made

if TYPE_CHECKING:
    from numpy.typing import NDArray

SET = made(120)
ROWS = TextFeatures().fit(SET.texts).transform(SET.texts)
P = np.random.default_rng(3).random((120, 8))
ALL = list(range(120))
NAMES = [f"r{number}" for number in ALL]


def chance(seed: int, names: list[str] = NAMES) -> NDArray[np.intp]:
    return order_of_chance(names, seed)


def mixed(left: list[int], seed: int, most: int) -> list[Draw]:
    """The next half-and-half queue of the answers that are left."""
    random = shuffled(left, chance(seed), (most + 1) // 2)
    rest = [one for one in left if one not in {draw.answer for draw in random}]
    return half_and_half(random, uncertain(rest, chance(seed), P[rest], ROWS.take(rest), most // 2))


def test_a_random_order_goes_down_one_permutation() -> None:
    first = shuffled(ALL, chance(4), 30)
    done = {draw.answer for draw in first}
    later = shuffled([one for one in ALL if one not in done], chance(4), 30)
    at_once = shuffled(ALL, chance(4), 60)

    assert [d.answer for d in first + later] == [d.answer for d in at_once]
    assert {d.probability for d in first} == {30 / 120}
    assert {d.probability for d in later} == {60 / 120}


def test_another_seed_is_another_order() -> None:
    one, other = (shuffled(ALL, chance(seed), 120) for seed in (1, 2))

    assert [d.answer for d in one] != [d.answer for d in other]
    assert sorted(d.answer for d in one) == ALL


def test_half_and_half_takes_turns_and_tells_how() -> None:
    draws = mixed(ALL, 0, 20)

    assert [d.how for d in draws] == ["random", "uncertain"] * 10
    assert len({d.answer for d in draws}) == 20
    assert {d.probability for d in draws if d.how == "random"} == {10 / 120}
    assert {d.probability for d in draws if d.how == "uncertain"} == {None}


def test_every_answer_comes_into_the_random_half_as_often_as_its_probability_says() -> None:
    drawn, runs = np.zeros(120), 1_500
    for seed in range(runs):
        for draw in shuffled(ALL, chance(seed), 30):
            drawn[draw.answer] += 1

    assert drawn.sum() == 30 * runs
    assert np.abs(drawn / runs - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / runs)


def test_the_random_sample_stays_fair_while_a_model_steers_the_other_half() -> None:
    truth = np.random.default_rng(0).random(120) < 0.2 + 0.6 * P[:, 0]
    means = []
    for seed in range(300):
        left = list(ALL)
        for _ in range(4):
            draws = mixed(left, seed, 10)
            left = [one for one in left if one not in {d.answer for d in draws}]
        depth = max(d.place for d in draws if d.how == "random") + 1
        order = chance(seed)[:depth]
        assert not set(order.tolist()) & set(left)
        means.append(truth[order].mean())

    assert np.mean(means) == pytest.approx(truth.mean(), abs=5 * np.std(means) / np.sqrt(300))


def test_the_last_answers_are_all_drawn() -> None:
    draws = mixed([3, 7, 8], 0, 10)

    assert sorted(d.answer for d in draws) == [3, 7, 8]
    assert mixed([], 0, 10) == []
    assert shuffled([], chance(0, []), 5) == []


def test_the_model_is_least_sure_near_one_half() -> None:
    p = np.array([[0.01, 0.99, 0.0], [0.5, 0.5, 0.5], [0.9, 0.2, 0.1]])

    assert np.argsort(-uncertainty(p)).tolist() == [1, 2, 0]


def test_uncertain_answers_are_unlike_each_other() -> None:
    texts = ["the food was cold"] * 5 + ["parking is full", "nurses were kind"]
    rows = TextFeatures().fit(texts).transform(texts)
    worth = np.array([0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.7])

    assert set(spread_out(worth, rows, 3)) == {0, 5, 6}


def test_more_of_a_code_has_the_likeliest_first() -> None:
    draws = more_of([4, 6, 8], chance(0), np.array([0.2, 0.9, 0.5]), most=2)

    assert [d.answer for d in draws] == [6, 8]
    assert {d.how for d in draws} == {"code"}


def test_the_same_seed_gives_the_same_queue() -> None:
    one, other = (uncertain(ALL, chance(2), P, ROWS, 15) for _ in range(2))

    assert one == other
    assert len({d.answer for d in one}) == 15


def test_answers_that_arrive_later_leave_the_order_of_the_others_as_it_was() -> None:
    names = [*NAMES[:60], *(f"late{number}" for number in range(40)), *NAMES[60:]]
    before = [NAMES[one] for one in chance(7)]
    after = [names[one] for one in chance(7, names)]

    assert [name for name in after if name in NAMES] == before
