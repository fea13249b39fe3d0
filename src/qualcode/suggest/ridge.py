"""Ridge regression of all codes at once in its dual form, with the leave-one-out in closed form.

With the kernel K of n rows, weights w and ridge α, the fit solves (S K S + α) a = S T, S = √w, and
the residual of row i without row i is a_i / (G_ii √w_i) with G = (S K S + α)⁻¹ (Rifkin and
Lippert, "Notes on regularized least squares", 2007). One eigendecomposition serves every α.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qualcode.suggest.rows import Rows

ALPHAS = (0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted ridge: `weights` (features × codes), its α, and scores of the coded answers.

    `held_out` (answers × codes) are the scores of each answer from a fit without it.
    """

    weights: NDArray[np.float32]
    alpha: float
    held_out: NDArray[np.float64]


def log_loss(scores: NDArray[np.float64], targets: NDArray[np.float64]) -> float:
    """Mean log-loss of scores taken as probabilities, kept within [.01, .99]."""
    p = np.clip(scores, 0.01, 0.99)
    return float(-np.mean(targets * np.log(p) + (1 - targets) * np.log(1 - p)))


def fit_dual(
    rows: Rows, targets: NDArray[np.float64], trust: NDArray[np.float64], coded: int
) -> Fit:
    """Fit n `rows` to n × k `targets`, each row counting as much as its `trust`.

    The first `coded` rows are answers, the others documents of the codebook; α is the one with
    the least leave-one-out log-loss on the answers. Costs O(n³).
    """
    root = np.sqrt(trust)[:, None]
    values, vectors = np.linalg.eigh(root * rows.gram(rows) * root.T)
    turned = vectors.T @ (root * targets)
    squared = vectors[:coded] ** 2
    best: tuple[float, float, NDArray[np.float64]] | None = None
    for alpha in ALPHAS:
        inverse = 1 / (np.maximum(values, 0) + alpha)
        residuals = vectors[:coded] @ (inverse[:, None] * turned)
        residuals /= (squared @ inverse)[:, None] * root[:coded]
        held_out = targets[:coded] - residuals
        loss = log_loss(held_out, targets[:coded])
        if best is None or loss < best[0]:
            best = loss, alpha, held_out
    assert best is not None  # noqa: S101 - there are alphas
    _, alpha, held_out = best
    coefficients = vectors @ (turned / (np.maximum(values, 0) + alpha)[:, None])
    return Fit(rows.combine(root * coefficients), alpha, held_out)
