"""Suggestions before anyone has coded: the codebook, taught to itself by the answers.

First every code is the mean of its documents and an answer's score is its cosine with that.
Then, twice: the scores of up to 1,500 answers, sharpened to shares of the codes, train a ridge
regression together with the documents. Words that the codebook does not use get a meaning from
the answers in which they stand beside words that it does use. (Self-training: Nigam et al.,
"Text classification from labeled and unlabeled documents using EM", 2000; here with a ridge.)
Measured in ``bench/suggestions.py``: LRAP .58 → .69 on nhs_fft with no label at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cho_factor, cho_solve  # type: ignore[import-untyped]

from qualcode.suggest.rows import Rows, stacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qualcode.suggest.documents import Documents

POOL = 1_500
"""The most answers that the codebook learns from."""

_ROUNDS = 2
_SHARPNESS = 2.0
_ANSWER_WEIGHT = 0.1
_RIDGE = 1.0


def centroids(book: Rows, documents: Documents, width: int) -> NDArray[np.float32]:
    """Weights whose product with an answer is its cosine with the mean of a code's documents."""
    shares = documents.targets(width) * documents.weights[:, None]
    lengths = np.sqrt(np.einsum("dc,dc->c", shares, book.gram(book) @ shares))
    shares[:, lengths > 0] /= lengths[lengths > 0]
    return book.combine(shares)


def cold_weights(
    book: Rows, documents: Documents, answers: Rows, width: int
) -> NDArray[np.float32]:
    """Weights, features × codes, learned from the documents (`book`) and uncoded `answers`.

    With fewer than two codes or answers that share no word with the book the centroids stay.
    """
    weights = centroids(book, documents, width)
    scores = answers.dot(weights)
    if width < 2 or not scores.size or scores.std() == 0:  # noqa: PLR2004 - nothing to tell apart
        return weights
    both = stacked(answers, book)
    slack = _RIDGE / np.append(np.full(len(answers), _ANSWER_WEIGHT), documents.weights)
    kernel = both.gram(both)
    kernel.flat[:: len(both) + 1] += slack
    factor = cho_factor(kernel, overwrite_a=True, check_finite=False)
    targets = documents.targets(width)
    for _ in range(_ROUNDS):
        wanted = np.vstack([_shares(scores), targets])
        coefficients = cho_solve(factor, wanted, check_finite=False)
        scores = (wanted - slack[:, None] * coefficients)[: len(answers)]
    return both.combine(coefficients)


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as shares of the codes in each answer (softmax of the scaled scores)."""
    scaled = scores / max(float(scores.std()), 1e-12) * _SHARPNESS
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
