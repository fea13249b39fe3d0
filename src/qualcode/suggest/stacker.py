"""One pooled logistic regression that turns scores of (answer, code) cells into probabilities.

All codes share the weights of the features. Their direction is shrunk hard towards a fixed one (a
Gaussian prior: without it the result falls below the codebook alone at 25–50 labels), their size
hardly: how sure to be is what a few labels can tell. Each code has an offset and a slope of its
own, shrunk towards 0, so a code becomes itself as its labels come in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.suggest.logistic import Posterior, best

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES = ("z", "z·s", "c", "c·s", "log-odds", "s", "z–best z", "c–best c", "keyword")
_EARLY = np.array([0.4, -0.4, 1.0, 1.5, 0.0, 0.0, 0.0, 0.5, 0.3])
_LATE = np.array([0.5, 0.3, 0.6, 0.4, 0.2, 0.0, 0.3, 0.3, 0.3])
_HALF_WAY = 15
"""The centre of the prior moves from early to late weights, half of it at so many answers."""

_STRENGTH, _EARLY_STRENGTH = 60.0, 1_000.0
_OWN_STRENGTH, _OWN_EARLY_STRENGTH = 12.0, 300.0
_SCALE_STRENGTH = 10.0
"""Precisions of the prior of shared weights, of what codes have of their own, of the size. The
early ones are divided by the number of answers and added: the first few move nothing far."""

_LEAST_SPREAD = np.array([1e-3, 1e-3, 1e-3, 1e-3, 0.7, 0.15, 1e-3, 1e-3, 0.1])


def code_features(
    positives: NDArray[np.float64], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the log-odds of each code after n labels and s = 1/√(1 + positives)."""
    odds = np.log((positives + 0.5) / (n - positives + 0.5))
    return odds, 1 / np.sqrt(1 + positives)


def cells(
    held_out: NDArray[np.float64],
    cold: NDArray[np.float64],
    hits: NDArray[np.float64],
    odds: NDArray[np.float64],
    scarcity: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The features of every cell, answers × codes × features (see `FEATURES`)."""
    columns = (
        held_out,
        held_out * scarcity,
        cold,
        cold * scarcity,
        odds,
        scarcity,
        held_out - held_out.max(axis=1, keepdims=True),
        cold - cold.max(axis=1, keepdims=True),
        hits,
    )
    return np.stack(np.broadcast_arrays(*columns), axis=-1)


@dataclass(frozen=True, slots=True)
class Stacker:
    """A fitted stacker: scale of the features, their weights, what each code has of its own."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]
    slopes: NDArray[np.float64]

    def decision(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds, answers × codes, of the cells' features."""
        scaled = (table - self.mean) / self.spread
        return np.asarray(scaled @ self.weights + self.offsets + self.slopes * scaled[..., 0])

    def pulls(self, scarcity: NDArray[np.float64]) -> NDArray[np.float64]:
        """By how much the log-odds of each code rise with z and with c, 2 × codes.

        What other codes of the answer do to them is left out.
        """
        rise = self.weights / self.spread
        z = rise[0] + rise[1] * scarcity + self.slopes / self.spread[0]
        return np.stack([z, rise[2] + rise[3] * scarcity])


def fit_stacker(
    table: NDArray[np.float64], targets: NDArray[np.float64], typical: NDArray[np.float64]
) -> Stacker:
    """Fit the features of held-out scores, answers × codes × features, to answers × codes.

    `typical` are such features of many other answers: they give the scale, which a handful of
    labels cannot. `targets` may lie between 0 and 1.
    """
    n, codes, count = table.shape
    mean = typical.mean(axis=(0, 1))
    spread = np.maximum(typical.std(axis=(0, 1)), _LEAST_SPREAD)
    scaled = (table - mean) / spread
    late = n / (n + _HALF_WAY)
    expected = late * _LATE + (1 - late) * _EARLY
    whole = (scaled @ expected)[..., None]
    features = np.concatenate([scaled, whole, np.ones((n, codes, 1))], axis=2)
    centre = np.zeros(count + 2 + 2 * codes)
    strength = np.full(len(centre), _OWN_STRENGTH + _OWN_EARLY_STRENGTH / n)
    strength[:count] = _STRENGTH + _EARLY_STRENGTH / n
    centre[count : count + 2] = 1, -1 - np.log(codes + 1)
    strength[count : count + 2] = _SCALE_STRENGTH, 1
    found = best(Posterior(features, targets, centre, strength))
    away, (scale, intercept), offsets, slopes = np.split(
        found, [count, count + 2, count + 2 + codes]
    )
    return Stacker(mean, spread, away + scale * expected, intercept + offsets, slopes)
