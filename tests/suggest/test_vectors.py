"""Word vectors: from the installed package or not at all, and never from the network."""

from __future__ import annotations

import importlib.util
import socket

import numpy as np
import pytest

from qualcode.errors import MissingExtra
from qualcode.suggest import vectors
from qualcode.suggest.hybrid import Suggester
from qualcode.suggest.state import from_arrays, to_arrays
from qualcode.suggest.vectors import StaticVectors

from .made import made

installed = pytest.mark.skipif(
    not importlib.util.find_spec("wordllama") or not importlib.util.find_spec("tokenizers"),
    reason="qualcode[embeddings] is not installed",
)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors._load.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(MissingExtra) as raised:
        StaticVectors()

    assert raised.value.extra == "embeddings"
    vectors._load.cache_clear()


@installed
def test_other_files_than_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors._load.cache_clear()
    monkeypatch.setitem(vectors._DIGESTS, vectors._WEIGHTS, "0" * 64)

    with pytest.raises(MissingExtra):
        StaticVectors()

    vectors._load.cache_clear()


@installed
def test_vectors_come_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("the word vectors opened a socket")

    vectors._load.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    found = StaticVectors().transform(["nurse", "doctor", "car park", ""])

    assert found.shape == (4, 256)
    assert np.allclose(np.linalg.norm(found, axis=1), [1, 1, 1, 0], atol=1e-5)
    assert found[0] @ found[1] > found[0] @ found[2]


@installed
def test_a_model_with_vectors_knows_words_that_it_never_saw() -> None:
    data = made(200)
    model = Suggester(data.codes, vectors=StaticVectors()).prepare(data.texts)
    model.fit(data.texts[:60], data.labels[:60])

    assert model.classes_[model.predict_proba(["a physician and a midwife"]).argmax()] == "staff"
    again = from_arrays(to_arrays(model.scorer_))
    assert np.array_equal(again.predict_proba(data.texts), model.predict_proba(data.texts))
