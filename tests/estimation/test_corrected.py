"""Human codes on a sample and machine probabilities on all answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qualcode.errors import InputError
from qualcode.estimation.corrected import (
    Corrected,
    correct,
    corrected_difference,
    interval,
    machine_alone,
)
from qualcode.estimation.proportions import wilson
from qualcode.estimation.sample_size import more_answers
from qualcode.estimation.sampled import random_sample
from qualcode.model import Estimate

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, FloatArray
    from qualcode.estimation.sampled import Sample

N = 2000
ALL = np.ones(N, dtype=bool)


@dataclass(frozen=True)
class Answers:
    present: BoolArray
    machine: FloatArray


def answers(seed: int, rate: float = 0.2) -> Answers:
    """A machine that is good but wrong on the whole: its mean is far from the truth."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=N)
    lean = math.log(rate / (1 - rate))
    present = rng.random(N) < 1 / (1 + np.exp(-2 * z - lean))
    machine = 1 / (1 + np.exp(-1.5 * z - 0.5 * rng.normal(size=N) - lean - 0.8))
    return Answers(present, machine)


def drawn(rng: np.random.Generator, n: int) -> Sample:
    chosen = np.zeros(N, dtype=bool)
    chosen[rng.choice(N, n, replace=False)] = True
    sample, reason, _ = random_sample(chosen, chosen)
    assert sample is not None
    assert reason == ""
    return sample


def holds(found: Corrected, truth: float) -> bool:
    return found.estimate.low <= truth <= found.estimate.high


def test_the_formula() -> None:
    made = answers(1)
    sample = drawn(np.random.default_rng(1), 200)
    found = correct(made.present, made.machine, sample, ALL)
    s = sample.drawn
    y, f = made.present[s].astype(float), made.machine[s]
    tuning = min(1.0, np.cov(y, f)[0, 1] / made.machine.var())
    residual = y - tuning * f
    theta = tuning * made.machine.mean() + residual.mean()
    variance = residual.var(ddof=1) / 200 * (1 - 200 / N)
    assert found.tuning == pytest.approx(tuning)
    assert found.estimate.value == pytest.approx(theta)
    assert found.estimate.se == pytest.approx(math.sqrt(variance))
    effective = theta * (1 - theta) / variance
    assert (found.estimate.low, found.estimate.high) == pytest.approx(
        wilson(effective * theta, effective)
    )
    assert found.human.value == pytest.approx(y.mean())
    assert (found.human.low, found.human.high) == pytest.approx(wilson(y.sum(), 200))
    assert (found.method, found.k, found.n, found.population) == ("corrected", y.sum(), 200, N)


def test_it_covers_and_is_narrower_where_the_machine_alone_is_wrong() -> None:
    covered, by_hand, narrower, naive = [], [], [], []
    for seed in range(300):
        if seed % 30 == 0:
            made = answers(seed)
        truth = float(made.present.mean())
        found = correct(made.present, made.machine, drawn(np.random.default_rng(seed), 200), ALL)
        covered.append(holds(found, truth))
        by_hand.append(found.human.low <= truth <= found.human.high)
        width = found.estimate.high - found.estimate.low
        narrower.append(width / (found.human.high - found.human.low))
        naive.append(abs(made.machine.mean() - truth))
    assert 0.92 <= np.mean(covered) <= 0.98
    assert np.mean(by_hand) >= 0.92
    assert np.mean(narrower) < 0.9
    assert np.mean(naive) > 0.05


@pytest.mark.parametrize("kind", ["useless", "turned", "constant"])
def test_a_bad_machine_does_no_harm(kind: str) -> None:
    made = answers(3)
    machine = {
        "useless": np.random.default_rng(0).random(N),
        "turned": 1 - made.machine,
        "constant": np.full(N, 0.9),
    }[kind]
    truth = float(made.present.mean())
    errors, covered = [], []
    for seed in range(150):
        found = correct(made.present, machine, drawn(np.random.default_rng(seed), 200), ALL)
        assert 0 <= found.tuning < 0.4
        errors.append(found.estimate.value - truth)
        covered.append(holds(found, truth))
    assert abs(np.mean(errors)) < 0.01
    assert np.mean(covered) > 0.9


def unequal(seed: int) -> tuple[Answers, Sample, FloatArray]:
    made = answers(seed)
    rng = np.random.default_rng(seed)
    probability = np.where(made.machine > 0.4, 0.25, 0.08)
    weights = rng.uniform(0.5, 2, N)
    chosen = rng.random(N) < probability
    sample, _, _ = random_sample(chosen, chosen, probability, weights)
    assert sample is not None
    assert not sample.is_simple
    return made, sample, weights


def test_the_formula_for_unequal_probabilities_and_weights() -> None:
    made, sample, weights = unequal(2)
    found = correct(made.present, made.machine, sample, ALL)
    s, pi = sample.drawn, sample.probability
    heft = weights[s] / pi[s]
    residual = made.present[s] - found.tuning * made.machine[s]
    mean = residual @ heft / heft.sum()
    theta = found.tuning * (weights @ made.machine) / weights.sum() + mean
    variance = ((1 - pi[s]) * (heft * (residual - mean)) ** 2).sum() / heft.sum() ** 2
    assert found.estimate.value == pytest.approx(theta)
    assert found.estimate.se == pytest.approx(math.sqrt(variance))


def test_unequal_probabilities_are_made_good() -> None:
    errors, plain, covered = [], [], []
    for seed in range(150):
        made, sample, weights = unequal(seed)
        truth = float(made.present @ weights / weights.sum())
        found = correct(made.present, made.machine, sample, ALL)
        errors.append(found.estimate.value - truth)
        plain.append(made.present[sample.drawn].mean() - truth)
        covered.append(holds(found, truth))
    assert abs(np.mean(errors)) < 0.01
    assert np.mean(plain) > 0.05
    assert np.mean(covered) > 0.9


def test_equal_probabilities_given_one_by_one_are_a_simple_sample() -> None:
    chosen = np.arange(N) % 10 == 0
    simple, _, _ = random_sample(chosen, chosen)
    same, _, _ = random_sample(chosen, chosen, np.full(N, 0.1), np.ones(N))
    made = answers(4)
    assert same.is_simple
    assert correct(made.present, made.machine, simple, ALL) == correct(
        made.present, made.machine, same, ALL
    )


def test_fewer_than_five_positives_are_left_to_people() -> None:
    made = answers(5)
    sample = drawn(np.random.default_rng(5), 200)
    positive = np.flatnonzero(made.present & sample.drawn)
    few = np.zeros(N, dtype=bool)
    few[positive[:4]] = True
    found = correct(few, made.machine, sample, ALL)
    assert found.method == "human"
    assert found.estimate == found.human
    assert (found.estimate.low, found.estimate.high) == pytest.approx(wilson(4, 200))
    few[positive[4]] = True
    assert correct(few, made.machine, sample, ALL).method == "corrected"


def test_one_coded_answer_is_left_to_people() -> None:
    made = answers(5)
    sample = drawn(np.random.default_rng(5), 200)
    alone = sample.drawn & (np.cumsum(sample.drawn) == 1)
    found = correct(made.present, made.machine, sample, alone | ~sample.drawn, 0.5)
    assert (found.n, found.method) == (1, "human")
    assert found.estimate.value == made.present[alone][0]


def test_nothing_is_to_be_corrected_where_all_is_coded() -> None:
    made = answers(6)
    sample, _, _ = random_sample(ALL, ALL)
    found = correct(made.present, made.machine, sample, ALL)
    assert found.method == "human"
    assert found.estimate.value == pytest.approx(made.present.mean())


def test_a_variance_too_good_to_be_true_is_held_back() -> None:
    """A machine that knows the codes: still at least a quarter of the sample's own variance."""
    made = answers(7)
    sample = drawn(np.random.default_rng(7), 200)
    found = correct(made.present, made.present.astype(float), sample, ALL, tuning=1.0)
    p = found.estimate.value
    assert p == pytest.approx(made.present.mean())
    assert found.estimate.se == pytest.approx(math.sqrt(p * (1 - p) / 200 * 0.9 / 4))


def test_groups_and_their_difference() -> None:
    made = answers(8)
    group = np.random.default_rng(8).random(N) < 0.5
    sample = drawn(np.random.default_rng(9), 400)
    whole = correct(made.present, made.machine, sample, ALL)
    parts = [
        correct(made.present, made.machine, sample, mask, whole.tuning) for mask in (group, ~group)
    ]
    assert [part.tuning for part in parts] == [whole.tuning] * 2
    assert sum(part.n for part in parts) == 400
    assert sum(part.population for part in parts) == N
    apart = corrected_difference(*parts)
    one, other = (part.estimate for part in parts)
    assert apart.estimate.value == pytest.approx(one.value - other.value)
    assert apart.estimate.se == pytest.approx(math.hypot(one.se, other.se))
    assert apart.estimate.low < apart.estimate.value < apart.estimate.high
    assert apart.p > 0.001


def test_a_group_without_coded_answers_has_a_reason() -> None:
    made = answers(8)
    sample = drawn(np.random.default_rng(9), 100)
    nobody = correct(made.present, made.machine, sample, ~ALL)
    uncoded = correct(made.present, made.machine, sample, ~sample.drawn)
    assert nobody.estimate.reason == "empty_base"
    assert uncoded.estimate.reason == "nothing_coded"
    whole = correct(made.present, made.machine, sample, ALL)
    assert corrected_difference(whole, uncoded).estimate.reason == "nothing_coded"
    assert more_answers(uncoded).reason == "nothing_coded"


SOME = np.arange(N) < 100


@pytest.mark.parametrize(
    ("drawn_", "coded", "probability", "reason", "detail"),
    [
        (SOME, ~ALL, None, "nothing_coded", "no answer has been coded"),
        (~ALL, SOME, None, "not_random", "no answer was drawn at random"),
        (SOME, SOME & (np.arange(N) != 3), None, "not_random", "1 of the answers drawn"),
        (SOME, SOME, np.where(np.arange(N) < 5, np.nan, 0.1), "not_random", "5 answers were"),
        (SOME, SOME, np.where(np.arange(N) < 5, 0, 0.1), "not_random", "5 answers were"),
        (SOME, SOME, np.full(N, 1.5), "not_random", "100 answers were"),
    ],
)
def test_a_sample_that_was_not_random_is_refused(
    drawn_: BoolArray, coded: BoolArray, probability: FloatArray, reason: str, detail: str
) -> None:
    sample, why, what = random_sample(drawn_, coded, probability)
    assert sample is None
    assert why == reason
    assert detail in what


def test_columns_of_unequal_length() -> None:
    with pytest.raises(InputError, match="unequal length"):
        random_sample(SOME, SOME[:5])


def test_answers_that_chance_did_not_draw_are_no_part_of_the_sample() -> None:
    made = answers(2)
    sample, _, _ = random_sample(SOME, ALL)
    found = correct(made.present, made.machine, sample, ALL)
    assert found.n == 100


def test_the_machine_alone_has_no_interval() -> None:
    made = answers(2)
    weights = np.linspace(1, 2, N)
    half = np.arange(N) < N // 2
    found = machine_alone(made.machine, weights, half)
    assert found == Estimate(pytest.approx(np.average(made.machine[half], weights=weights[half])))
    assert machine_alone(made.machine, weights, ~ALL).reason == "empty_base"


def test_how_many_more() -> None:
    made = answers(10)
    found = correct(made.present, made.machine, drawn(np.random.default_rng(3), 200), ALL)
    plan = more_answers(found, 0.03)
    assert 200 < plan.needed < plan.by_hand <= N
    assert plan.more == plan.needed - 200
    left = (1 / plan.needed - 1 / N) / (1 / 200 - 1 / N)
    for n, is_enough in ((plan.needed, True), (plan.needed - 1, False)):
        left = (1 / n - 1 / N) / (1 / 200 - 1 / N)
        ends = interval(found.estimate.value, found.estimate.se**2 * left)
        assert ((ends.high - ends.low) / 2 <= 0.03) == is_enough
    p = found.human.value
    for n, is_enough in ((plan.by_hand, True), (plan.by_hand - 1, False)):
        low, high = wilson(n * p, n)
        assert ((high - low) / 2 <= 0.03) == is_enough
    assert more_answers(found, 0.2).more == 0


def test_how_many_more_comes_true() -> None:
    made = answers(10)
    pilot = correct(made.present, made.machine, drawn(np.random.default_rng(3), 200), ALL)
    plan = more_answers(pilot, 0.03)
    later = drawn(np.random.default_rng(4), plan.needed)
    found = correct(made.present, made.machine, later, ALL)
    assert (found.estimate.high - found.estimate.low) / 2 == pytest.approx(0.03, rel=0.1)


def test_never_more_than_there_are() -> None:
    made = answers(11)
    found = correct(made.present, made.machine, drawn(np.random.default_rng(3), 100), ALL)
    assert more_answers(found, 0.0001).needed == N
    for wrong in (0.0, 1.0):
        with pytest.raises(InputError, match="cannot be planned"):
            more_answers(found, wrong)


def test_no_positives_can_be_planned_for() -> None:
    made = answers(11)
    found = correct(made.present & False, made.machine, drawn(np.random.default_rng(3), 100), ALL)
    plan = more_answers(found, 0.01)
    assert plan.needed == plan.by_hand
    assert plan.needed > 100


def test_a_difference_needs_errors() -> None:
    made = answers(11)
    found = correct(made.present, made.machine, drawn(np.random.default_rng(3), 100), ALL)
    certain = replace(found, estimate=replace(found.estimate, se=0.0))
    assert corrected_difference(found, certain).estimate.reason == "no_variation"
