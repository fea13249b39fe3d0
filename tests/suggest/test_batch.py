"""Scoring everything: each distinct text once, in bounded memory, in any number of processes."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qualcode.suggest.batch import Answer, Scored, score_all
from qualcode.suggest.hybrid import Suggester
from qualcode.suggest.state import from_arrays, to_arrays

from .made import made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SET = made(200)


@pytest.fixture(scope="module")
def model() -> Suggester:
    return Suggester(SET.codes).prepare(SET.texts).fit(SET.texts[:80], SET.labels[:80])


def answers(n: int) -> Iterator[Answer]:
    return (Answer(i, SET.texts[i % 150]) for i in range(n))


def lines(parts: list[Scored]) -> list[tuple[Any, ...]]:
    return [
        (part.ids[row], int(code), round(float(p), 6), bool(above), evidence)
        for part in parts
        for row, code, p, above, evidence in zip(
            part.row, part.code, part.probability, part.is_above, part.evidence, strict=True
        )
    ]


def test_a_batch_says_what_the_model_says(model: Suggester) -> None:
    (part,) = score_all(model.scorer_, answers(150), top=3)
    p = model.predict_proba(SET.texts[:150])

    assert part.ids == list(range(150))
    first = np.flatnonzero(np.diff(part.row, prepend=-1))
    assert part.code[first].tolist() == p.argmax(axis=1).tolist()
    assert np.allclose(part.probability[first], p.max(axis=1), atol=1e-6)
    assert (np.bincount(part.row) >= 3).all()


def test_the_size_of_the_chunks_changes_nothing(model: Suggester) -> None:
    whole, parts = (
        lines(list(score_all(model.scorer_, answers(400), chunk=size))) for size in (1_000, 7)
    )

    assert whole == parts


def test_each_distinct_text_is_scored_once(
    model: Suggester, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    true = type(model.scorer_).predict_proba

    def watched(self: Any, texts: Any, contexts: Any = ()) -> Any:
        seen.extend(texts)
        return true(self, texts, contexts)

    monkeypatch.setattr(type(model.scorer_), "predict_proba", watched)
    shouted = (Answer(i, f" {SET.texts[i % 150].upper()} ") for i in range(600))
    list(score_all(model.scorer_, itertools.chain(answers(600), shouted), chunk=50))

    assert len(seen) == len(set(seen)) == 150


def test_no_more_is_read_than_is_under_way(model: Suggester) -> None:
    read = 0

    def counted() -> Iterator[Answer]:
        nonlocal read
        for answer in answers(10_000):
            read += 1
            yield answer

    next(iter(score_all(model.scorer_, counted(), chunk=20)))

    assert read <= 40


def test_two_processes_say_what_one_says(model: Suggester) -> None:
    alone, together = (
        lines(list(score_all(model.scorer_, answers(300), jobs=jobs, chunk=40))) for jobs in (1, 2)
    )

    assert alone == together


def test_scoring_needs_no_scikit_learn() -> None:
    code = "import sys, qualcode.suggest.batch; print(*(m in sys.modules for m in sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "sklearn", "spacy"], capture_output=True, check=True, text=True
    )

    assert done.stdout.split() == ["False", "False"]


def test_blank_answers_and_an_empty_input(model: Suggester) -> None:
    assert list(score_all(model.scorer_, [])) == []
    (part,) = score_all(model.scorer_, [Answer("x", ""), Answer("y", "  ")])

    assert part.ids == ["x", "y"]


@pytest.mark.parametrize("n", [0, 80])
def test_a_scorer_travels_as_plain_arrays(tmp_path: Path, n: int) -> None:
    contexts = [("a",) if i % 2 else ("b\n",) for i in range(200)]
    model = Suggester(SET.codes).prepare(SET.texts, contexts)
    model.fit(SET.texts[:n], SET.labels[:n], contexts[:n])
    np.savez(tmp_path / "model.npz", **to_arrays(model.scorer_))
    with np.load(tmp_path / "model.npz", allow_pickle=False) as stored:
        again = from_arrays(dict(stored))

    assert np.array_equal(
        again.predict_proba(SET.texts, contexts), model.predict_proba(SET.texts, contexts)
    )
    assert again.is_calibrated == model.scorer_.is_calibrated
    assert np.array_equal(again.thresholds, model.thresholds_)
