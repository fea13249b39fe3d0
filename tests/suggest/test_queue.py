"""Which answer next, and with what probability it was drawn."""

from __future__ import annotations

import numpy as np
import pytest

from qualcode.suggest.features import TextFeatures
from qualcode.suggest.queue import (
    half_and_half,
    in_order,
    more_of,
    shuffled,
    spread_out,
    uncertain,
    uncertainty,
)

from .made import made

SET = made(120)
ROWS = TextFeatures().fit(SET.texts).transform(SET.texts)
P = np.random.default_rng(3).random((120, 8))
ALL = list(range(120))


def test_the_order_of_the_file_is_no_sample() -> None:
    draws = in_order([5, 2, 9], total=10)

    assert [draw.answer for draw in draws] == [2, 5, 9]
    assert all(draw.probability is None for draw in draws)


def test_a_random_order_goes_down_one_permutation() -> None:
    first = shuffled(ALL, 120, 30, seed=4)
    done = {draw.answer for draw in first}
    later = shuffled([one for one in ALL if one not in done], 120, 30, seed=4)
    at_once = shuffled(ALL, 120, 60, seed=4)

    assert [d.answer for d in first + later] == [d.answer for d in at_once]
    assert {d.probability for d in first} == {30 / 120}
    assert {d.probability for d in later} == {60 / 120}


def test_another_seed_is_another_order() -> None:
    one, other = (shuffled(ALL, 120, 120, seed=seed) for seed in (1, 2))

    assert [d.answer for d in one] != [d.answer for d in other]
    assert sorted(d.answer for d in one) == ALL


def test_half_and_half_takes_turns_and_tells_how() -> None:
    draws = half_and_half(ALL, 120, P, ROWS, 20, seed=0)

    assert [d.how for d in draws] == ["random", "uncertain"] * 10
    assert len({d.answer for d in draws}) == 20
    assert {d.probability for d in draws if d.how == "random"} == {10 / 120}
    assert {d.probability for d in draws if d.how == "uncertain"} == {None}


def test_every_answer_comes_into_the_random_half_as_often_as_its_probability_says() -> None:
    drawn, runs = np.zeros(120), 1_500
    for seed in range(runs):
        for draw in shuffled(ALL, 120, 30, seed=seed):
            drawn[draw.answer] += 1

    assert drawn.sum() == 30 * runs
    assert np.abs(drawn / runs - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / runs)


def test_the_random_sample_stays_fair_while_a_model_steers_the_other_half() -> None:
    truth = np.random.default_rng(0).random(120) < 0.2 + 0.6 * P[:, 0]
    means = []
    for seed in range(300):
        left = list(ALL)
        for _ in range(4):
            draws = half_and_half(left, 120, P[left], ROWS.take(left), 10, seed=seed)
            left = [one for one in left if one not in {d.answer for d in draws}]
        depth = max(d.place for d in draws if d.how == "random") + 1
        order = np.random.default_rng(seed).permutation(120)[:depth]
        assert not set(order.tolist()) & set(left)
        means.append(truth[order].mean())

    assert np.mean(means) == pytest.approx(truth.mean(), abs=5 * np.std(means) / np.sqrt(300))


def test_the_last_answers_are_all_drawn() -> None:
    draws = half_and_half([3, 7, 8], 120, P[:3], ROWS.take([3, 7, 8]), 10, seed=0)

    assert sorted(d.answer for d in draws) == [3, 7, 8]
    assert half_and_half([], 120, P[:0], ROWS.take([]), 10, seed=0) == []
    assert shuffled([], 0, 5, seed=0) == []


def test_the_model_is_least_sure_near_one_half() -> None:
    p = np.array([[0.01, 0.99, 0.0], [0.5, 0.5, 0.5], [0.9, 0.2, 0.1]])

    assert np.argsort(-uncertainty(p)).tolist() == [1, 2, 0]


def test_uncertain_answers_are_unlike_each_other() -> None:
    texts = ["the food was cold"] * 5 + ["parking is full", "nurses were kind"]
    rows = TextFeatures().fit(texts).transform(texts)
    worth = np.array([0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.7])

    assert set(spread_out(worth, rows, 3)) == {0, 5, 6}


def test_more_of_a_code_has_the_likeliest_first() -> None:
    draws = more_of([4, 6, 8], 10, np.array([0.2, 0.9, 0.5]), most=2, seed=0)

    assert [d.answer for d in draws] == [6, 8]
    assert {d.how for d in draws} == {"code"}


def test_the_same_seed_gives_the_same_queue() -> None:
    one, other = (uncertain(ALL, 120, P, ROWS, 15, seed=2) for _ in range(2))

    assert one == other
    assert len({d.answer for d in one}) == 15
