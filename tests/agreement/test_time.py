"""Batches, differences between them, and how many answers more."""

from __future__ import annotations

import numpy as np
import pytest

from qualcode.agreement import (
    answers_for_guess,
    assess_codes,
    codings,
    compare_batches,
    drift,
    plan,
)

from .made import CODERS, applied, question


def changing(units: int, worse: float) -> tuple[object, list[str]]:
    """Code x gets worse in the second half, code y does not."""
    first = applied(5, units, 3, 2, 0.3, 0.05)
    second = applied(6, units, 3, 2, 0.3, 0.05)
    second[:, :, 0] ^= np.random.default_rng(3).random((units, 3)) < worse
    table = np.concatenate([first, second])
    saw = np.ones((2 * units, 3), dtype=bool)
    return (
        codings(saw, np.nonzero(table), CODERS[:3], ["x", "y"]),
        ["early"] * units + ["late"] * units,
    )


def test_a_batch_that_got_worse_is_seen() -> None:
    asked, batches = changing(150, 0.25)
    early, late = drift(asked, batches, 499, seed=1)
    assert (early.name, late.name, early.n) == ("early", "late", 150)
    x, y = late.codes
    assert x.alpha.value < early.codes[0].alpha.value - 0.2
    assert x.p == pytest.approx(1 / 500)
    assert y.p > 0.05
    assert x.p_holm == pytest.approx(2 * x.p)
    assert x.p <= x.p_bh <= x.p_holm
    assert set(x.prevalence) == {"ana", "bea", "cy"}
    half = asked.select(np.array(batches) == "late")
    assert x.alpha == assess_codes(half)[0].alpha
    assert x.percent_agreement == assess_codes(half)[0].percent_agreement
    assert drift(asked, batches, 499, seed=1) == (early, late)


def test_units_outside_every_batch_are_left_out() -> None:
    asked = question(4)
    names = [None if i % 3 == 0 else i % 2 for i in range(asked.units)]
    found = drift(asked, names, 19)
    assert [batch.name for batch in found] == ["1", "0"]
    pairable = asked.pairable
    assert sum(batch.n for batch in found) == sum(
        bool(p) for p, name in zip(pairable, names, strict=True) if name is not None
    )


def test_permutations_hold_their_level() -> None:
    ps = []
    for seed in range(60):
        asked = question(100 + seed, 80, codes=("x",), prevalence=0.4)
        ps.append(drift(asked, [i % 2 for i in range(80)], 99, seed)[0].codes[0].p)
    assert 0.35 < np.mean(ps) < 0.65
    assert np.mean([p <= 0.1 for p in ps]) < 0.25


def test_a_batch_without_the_code_has_no_p() -> None:
    table = np.zeros((20, 2, 1), dtype=bool)
    table[:5] = True
    asked = codings(np.ones((20, 2), bool), np.nonzero(table), CODERS[:2], ["x"])
    first, second = drift(asked, ["a"] * 10 + ["b"] * 10, 19)
    assert first.codes[0].alpha.value == 1.0
    assert second.codes[0].alpha.reason == "no_variation"
    assert first.codes[0].p is None
    assert second.codes[0].p_holm is None


def test_independent_batches_differ_where_one_got_worse() -> None:
    asked, batches = changing(150, 0.25)
    early, late = (asked.select(np.array(batches) == name) for name in ("early", "late"))
    x, y = compare_batches(early, late, 500, seed=2)
    assert x.difference.value == pytest.approx(x.second - x.first)
    assert x.difference.high < 0
    assert x.p < 0.01
    assert y.difference.low < 0 < y.difference.high
    assert y.p > 0.05
    assert compare_batches(early, late, 500, seed=2) == (x, y)


def test_paired_batches_are_resampled_together() -> None:
    asked = question(7, 200)
    for same in compare_batches(asked, asked, 100, paired=True):
        assert (same.difference.value, same.difference.se, same.p) == (0.0, 0.0, 1.0)
    other = question(7, 200)
    paired = compare_batches(asked, other, 200, paired=True)[0]
    alone = compare_batches(asked, other, 200)[0]
    assert paired.difference.se < alone.difference.se


def test_a_plan_scales_with_the_root_of_n_and_simulation_agrees() -> None:
    asked = question(3, 400, codes=("x", "y"), prevalence=0.3)
    found = plan(asked, simulations=400, seed=1)
    assert [(p.code, p.half_width) for p in found] == [
        ("x", 0.05),
        ("x", 0.1),
        ("y", 0.05),
        ("y", 0.1),
    ]
    for one in found:
        assert one.n == int(asked.pairable.sum())
        assert one.more == max(0, one.needed - one.n)
        assert one.simulated == pytest.approx(one.half_width, rel=0.2)
    assert found[0].needed == pytest.approx(4 * found[1].needed, abs=4)
    assert plan(asked, simulations=400, seed=1) == found


def test_a_plan_without_disagreement_says_so() -> None:
    table = np.zeros((30, 2, 2), dtype=bool)
    table[:9, :, 0] = True
    asked = codings(np.ones((30, 2), bool), np.nonzero(table), CODERS[:2], ["x", "y"])
    reasons = {one.code: one.reason for one in plan(asked)}
    assert reasons == {"x": "no_disagreement", "y": "no_variation"}
    assert all(one.needed is None for one in plan(asked))


@pytest.mark.parametrize(
    ("guess", "answers"),
    [
        ((0.7, 0.5, 0.10), 196),
        ((0.7, 0.1, 0.10), 569),
        ((0.7, 0.05, 0.10), 1091),
        ((0.7, 0.5, 0.05), 784),
        ((0.7, 0.1, 0.05), 2276),
        ((0.7, 0.05, 0.05), 4361),
        ((0.8, 0.1, 0.10), 401),
        ((0.8, 0.1, 0.05), 1603),
    ],
)
def test_answers_for_a_guessed_kappa(guess: tuple[float, float, float], answers: int) -> None:
    """From the standard error of Fleiss, Cohen & Everitt (1969)."""
    assert answers_for_guess(*guess) == answers
