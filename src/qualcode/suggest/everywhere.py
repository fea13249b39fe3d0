"""Probabilities of every answer from models that did not learn from that answer.

Estimates that combine people and machine need them: where an answer's own codes went into its
probability, the machine looks better on the coded answers than on the others, and the correction
is too small. Coded answers are split by chance into parts; a coded answer is scored by the model
of the other parts, any other by the mean of all (cross-prediction: Zrnic & Candès 2024).

Identical answers are *not* held out together, unlike in evaluation: chance also draws some answers
whose twin is coded and some whose twin is not, and only so are both alike.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.hybrid import Suggester
    from qualcode.suggest.rows import Rows
    from qualcode.suggest.scoring import Scorer

FOLDS = 5
_CHUNK = 2_000


def fold_models(
    model: Suggester,
    texts: Sequence[str],
    labels: Sequence[Collection[str]],
    contexts: Sequence[Sequence[str]] = (),
    *,
    folds: int = FOLDS,
    seed: int = 0,
) -> tuple[list[Scorer], NDArray[np.intp]]:
    """A scorer for each part, fitted to the other parts, and the part of each coded answer.

    `model` has been prepared, and stays as it is.
    """
    parts = max(min(folds, len(texts)), 1)
    fold = np.random.default_rng(seed).permutation(len(texts)) % parts
    scorers = []
    for number in range(parts):
        inside = np.flatnonzero(fold != number).tolist()
        fitted = copy.copy(model).fit(
            [texts[i] for i in inside],
            [labels[i] for i in inside],
            [contexts[i] for i in inside] if contexts else (),
        )
        scorers.append(fitted.scorer_)
    return scorers, fold


def cross_scores(
    scorers: Sequence[Scorer], rows: Rows, hits: NDArray[np.float64], own: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Probabilities of rows of features, n × codes; `own` is the part of each, -1 for no part."""
    each = in_parts(scorers, rows, hits)
    found = np.asarray(np.mean(each, axis=0))
    for number, one in enumerate(each):
        found[own == number] = one[own == number]
    return np.asarray(found, dtype=np.float32)


def in_parts(
    scorers: Sequence[Scorer], rows: Rows, hits: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """The probabilities of rows by each of the scorers, which start from the same codebook."""
    cold = rows.dot(scorers[0].cold)
    decisions = (scorer.join(rows, cold, hits) for scorer in scorers)
    return [np.asarray(1 / (1 + np.exp(-np.clip(one, -40, 40)))) for one in decisions]


def score_everywhere(
    scorers: Sequence[Scorer],
    part_of: Mapping[int, int],
    answers: Iterable[tuple[int, str, Sequence[str]]],
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The ids of all answers and their probabilities, n × codes.

    `answers` are id, text and context; `part_of` is the part of each coded one by its id. Four
    bytes for each answer and code are held.
    """
    ids: list[NDArray[np.int64]] = []
    found: list[NDArray[np.float32]] = []
    features, keywords = scorers[0].features, scorers[0].keywords
    for chunk in _chunks(answers):
        texts, contexts = [text for _, text, _ in chunk], [context for _, _, context in chunk]
        rows = features.transform(texts, contexts if any(contexts) else ())
        own = np.array([part_of.get(number, -1) for number, _, _ in chunk], dtype=np.intp)
        found.append(cross_scores(scorers, rows, keywords.hits(texts), own))
        ids.append(np.array([number for number, _, _ in chunk], dtype=np.int64))
        progress(len(chunk))
    if not ids:
        return np.zeros(0, np.int64), np.zeros((0, len(scorers[0].classes)), np.float32)
    return np.concatenate(ids), np.concatenate(found)


def _chunks(
    answers: Iterable[tuple[int, str, Sequence[str]]],
) -> Iterator[list[tuple[int, str, Sequence[str]]]]:
    part: list[tuple[int, str, Sequence[str]]] = []
    for answer in answers:
        part.append(answer)
        if len(part) == _CHUNK:
            yield part
            part = []
    if part:
        yield part
