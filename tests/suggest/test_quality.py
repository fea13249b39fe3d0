"""Better with every label, never worse than the codebook alone, and honest about it."""

from __future__ import annotations

import numpy as np
import pytest

from qualcode.suggest.codes import indicator
from qualcode.suggest.evaluation import calibration_error, judge
from qualcode.suggest.hybrid import Suggester
from qualcode.suggest.registry import suggester

from .made import made

SET = made()
TEST = slice(400, 700)
PATHS = [code.path for code in SET.codes]
SIZES = (1, 3, 10, 25, 50, 100, 300)


def quality_after(n: int, model: Suggester) -> tuple[float, float]:
    """Micro-F1 and LRAP on answers held out."""
    model.fit(SET.texts[:n], SET.labels[:n])
    p = model.predict_proba(SET.texts[TEST])
    chosen = p >= (model.thresholds_ if n else p.max(axis=1, keepdims=True))
    found = judge(p, chosen, SET.labels[TEST], PATHS)
    return found.micro_f1, found.lrap


@pytest.fixture(scope="module")
def prepared() -> Suggester:
    return Suggester(SET.codes).prepare(SET.texts)


def test_it_is_never_below_its_own_cold_start(prepared: Suggester) -> None:
    f1, lrap = quality_after(0, prepared)

    for n in SIZES:
        after = quality_after(n, prepared)
        assert after[0] >= f1 - 0.01, n
        assert after[1] >= lrap - 0.01, n


def test_the_codebook_alone_is_far_better_than_the_prior(prepared: Suggester) -> None:
    prior = suggester("prior")(SET.codes).fit(SET.texts[:400], SET.labels[:400])
    p = prior.predict_proba(SET.texts[TEST])

    least = judge(p, p >= prior.thresholds_, SET.labels[TEST], PATHS).lrap

    assert quality_after(0, prepared)[1] > least + 0.15


def test_probabilities_mean_what_they_say(prepared: Suggester) -> None:
    prepared.fit(SET.texts[:200], SET.labels[:200])
    p, truth = prepared.predict_proba(SET.texts[TEST]), indicator(SET.labels[TEST], PATHS)

    assert calibration_error(p, truth) <= 0.07
    assert truth[p > 0.8].mean() > 0.75
    assert truth[p < 0.05].mean() < 0.05
    bands = [truth[(p >= low) & (p < low + 0.25)].mean() for low in (0.0, 0.25, 0.5, 0.75)]
    assert bands == sorted(bands)


def test_percentages_wait_for_fifty_labels(prepared: Suggester) -> None:
    calibrated = []
    for n in (0, 49, 50):
        prepared.fit(SET.texts[:n], SET.labels[:n])
        calibrated.append(prepared.scorer_.is_calibrated)

    assert calibrated == [False, False, True]


def test_a_threshold_can_be_set_for_one_code() -> None:
    model = Suggester(SET.codes, thresholds={"food": 0.9}).fit(SET.texts[:60], SET.labels[:60])

    own = dict(zip(PATHS, model.thresholds_, strict=True))

    assert own.pop("food") == 0.9
    assert set(own.values()) == {model.threshold_}


def test_many_labels_go_to_the_linear_model_and_stay_as_good(prepared: Suggester) -> None:
    dual = quality_after(300, prepared)
    primal = quality_after(300, Suggester(SET.codes, dual_limit=100).prepare(SET.texts))

    assert primal == pytest.approx(dual, abs=0.03)


def test_a_context_tells_what_the_text_does_not() -> None:
    random = np.random.default_rng(0)
    labels = [frozenset({PATHS[i]}) for i in random.integers(0, 3, 300)]
    contexts = [(next(iter(one)),) for one in labels]
    texts = [f"answer number {i} says nothing" for i in range(300)]
    found = {}
    for name, about in (("with", contexts), ("without", [])):
        model = Suggester(SET.codes).prepare(texts, about)
        model.fit(texts[:100], labels[:100], about[:100])
        p = model.predict_proba(texts[100:], about[100:])
        found[name] = judge(p, p >= model.thresholds_, labels[100:], PATHS).lrap

    assert found["with"] > 0.95
    assert found["without"] < 0.8
