"""What every suggester promises, whoever wrote it."""

from __future__ import annotations

import socket
from typing import Any

import numpy as np
import pytest

from qualcode.errors import InputError, NotFound
from qualcode.model import Code
from qualcode.suggest.codes import indicator
from qualcode.suggest.evaluation import cross_fit, judge, lrap
from qualcode.suggest.registry import names, suggester

from .made import made

SET = made(300)
every = pytest.mark.parametrize("name", names())


def fitted(name: str, n: int = 120, seed: int = 0) -> Any:
    model = suggester(name)(SET.codes, seed=seed).prepare(SET.texts)
    return model.fit(SET.texts[:n], SET.labels[:n])


@every
def test_the_same_seed_gives_the_same_numbers(name: str) -> None:
    first, second = (fitted(name).predict_proba(SET.texts) for _ in range(2))

    assert np.array_equal(first, second)


@every
@pytest.mark.parametrize("n", [0, 1, 120])
def test_scores_lie_between_0_and_1_and_keep_the_order_of_decisions(name: str, n: int) -> None:
    model = fitted(name, n)
    p, decision = model.predict_proba(SET.texts), model.decision_function(SET.texts)

    assert p.shape == decision.shape == (len(SET.texts), len(SET.codes))
    assert p.min() >= 0
    assert p.max() <= 1
    order = np.argsort(decision, axis=None, kind="stable")
    assert (np.diff(p.ravel()[order]) >= -1e-9).all()


@every
def test_classes_are_paths_in_the_order_of_the_codebook(name: str) -> None:
    model = fitted(name)

    assert model.classes_.tolist() == [code.path for code in SET.codes]
    assert model.thresholds_.shape == (len(SET.codes),)


@every
def test_a_code_without_labels_has_scores_all_the_same(name: str) -> None:
    codes = (*SET.codes, Code(path="new", name="Gardens", definition="Trees and flowers."))
    model = suggester(name)(codes, seed=0).prepare(SET.texts).fit(SET.texts[:50], SET.labels[:50])

    assert np.isfinite(model.predict_proba(["the garden has flowers"])).all()


@every
def test_nothing_asks_the_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a suggester opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    fitted(name).predict_proba(SET.texts[:5])


@every
def test_fitting_again_forgets_what_was_before(name: str) -> None:
    model = fitted(name, 200)
    again = model.fit(SET.texts[:60], SET.labels[:60]).predict_proba(SET.texts)

    assert np.allclose(again, fitted(name, 60).predict_proba(SET.texts))


@every
def test_no_code_is_a_clear_message(name: str) -> None:
    retired = Code(path="old", name="Old", is_retired=True)

    with pytest.raises(InputError, match="no code to suggest"):
        suggester(name)([retired]).prepare(["an answer"])


@every
def test_an_empty_list_of_texts_has_no_scores(name: str) -> None:
    assert fitted(name).predict_proba([]).shape == (0, len(SET.codes))


@pytest.mark.parametrize("name", [name for name in names() if name != "prior"])
def test_all_beat_the_prior(name: str) -> None:
    truth = indicator(SET.labels, [code.path for code in SET.codes])[200:]
    coded = truth.sum(axis=1) > 0
    scores = [fitted(one, 150).predict_proba(SET.texts[200:])[coded] for one in (name, "prior")]

    better, prior = (lrap(p, truth[coded]) for p in scores)

    assert better > prior + 0.1


@every
def test_cross_fitting_leaves_the_model_as_it_was(name: str) -> None:
    model = fitted(name)
    before = model.predict_proba(SET.texts[:20])
    found = cross_fit(model, SET.texts[:80], SET.labels[:80])

    quality = judge(found.p, found.chosen, SET.labels[:80], model.classes_.tolist())

    assert np.array_equal(model.predict_proba(SET.texts[:20]), before)
    assert quality.n == 80
    assert 0 < quality.lrap <= 1


def test_an_unknown_suggester_is_not_found() -> None:
    with pytest.raises(NotFound) as raised:
        suggester("hybird")

    assert "hybrid" in raised.value.hint
