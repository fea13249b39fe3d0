"""Figures of quality, and when there are none."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, label_ranking_average_precision_score

from qualcode.errors import InputError
from qualcode.suggest.evaluation import calibration_error, cross_fit, judge, lrap
from qualcode.suggest.hybrid import Suggester

from .made import made

SET = made(120)
PATHS = ["a", "b", "c", "d"]
TRUTH = (np.random.default_rng(0).random((60, 4)) < [0.5, 0.3, 0.2, 0.02]).astype(float)
P = np.clip(TRUTH * 0.4 + np.random.default_rng(1).random((60, 4)) * 0.6, 0, 1)
LABELS = [{PATHS[i] for i in np.flatnonzero(row)} for row in TRUTH]


def test_figures_are_those_of_scikit_learn() -> None:
    found = judge(P, P >= 0.5, LABELS, PATHS)
    coded = TRUTH.sum(axis=1) > 0

    assert found.micro_f1 == pytest.approx(f1_score(TRUTH, P >= 0.5, average="micro"))
    expected = f1_score(TRUTH[:, :3], P[:, :3] >= 0.5, average="macro")
    assert found.macro_f1 == pytest.approx(expected)
    assert found.lrap == pytest.approx(
        label_ranking_average_precision_score(TRUTH[coded], P[coded])
    )


def test_ties_rank_worst() -> None:
    truth = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])

    assert lrap(np.full((2, 3), 0.5), truth) == pytest.approx(
        label_ranking_average_precision_score(truth, np.full((2, 3), 0.5))
    )


def test_precision_and_recall_at_3_by_hand() -> None:
    p = np.array([[0.9, 0.8, 0.7, 0.1], [0.1, 0.2, 0.3, 0.9]])
    found = judge(p, p > 0.5, [{"a", "d"}, {"a"}], PATHS)

    assert found.precision_at_3 == pytest.approx(1 / 6)
    assert found.recall_at_3 == pytest.approx((0.5 + 0) / 2)


def test_a_code_used_too_seldom_is_not_judged() -> None:
    rare = judge(P, P >= 0.5, LABELS, PATHS).codes[3]

    assert rare.n < 5
    assert (rare.f1, rare.precision, rare.recall, rare.reason) == (None, None, None, "too_few")


def test_nothing_to_judge_by_is_no_number() -> None:
    found = judge(np.zeros((3, 4)), np.zeros((3, 4), bool), [set()] * 3, PATHS)

    assert found.n_coded == 0
    assert (found.micro_f1, found.macro_f1, found.lrap, found.recall_at_3) == (None,) * 4


def test_scores_that_are_no_probabilities_have_no_calibration() -> None:
    assert judge(P, P >= 0.5, LABELS, PATHS, is_calibrated=False).calibration_error is None


def test_the_calibration_error_is_the_gap_between_said_and_true() -> None:
    truth = np.zeros((100, 3))
    truth[:30, 0] = 1
    said = np.tile([0.5, 0.0, 0.0], (100, 1))

    assert calibration_error(said, truth, shown=1) == pytest.approx(0.2)
    assert calibration_error(np.tile([0.3, 0.0, 0.0], (100, 1)), truth) == pytest.approx(0)


def test_identical_answers_are_held_out_together() -> None:
    texts = [SET.texts[i // 4] for i in range(40)] + ["", " - "]
    labels = [SET.labels[i // 4] for i in range(40)] + [frozenset()] * 2
    found = cross_fit(Suggester(SET.codes).prepare(SET.texts), texts, labels)

    assert found.kept.tolist() == list(range(40))
    assert all(len(set(found.fold[i : i + 4])) == 1 for i in range(0, 40, 4))


def test_one_answer_cannot_be_evaluated() -> None:
    with pytest.raises(InputError, match="too few"):
        cross_fit(Suggester(SET.codes).prepare(SET.texts), ["food"] * 3, [{"food"}] * 3)
