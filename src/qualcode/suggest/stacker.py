"""One pooled logistic regression that turns scores of (answer, code) cells into probabilities.

All codes share the weights of the features, shrunk towards fixed values (a Gaussian prior: without
it the result falls below the codebook alone at 25–50 labels); each code has an offset and a slope
of its own, shrunk towards 0, so a code becomes itself as its labels come in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURES = ("z", "z·s", "c", "c·s", "log-odds", "s", "z–best z", "c–best c", "keyword")
_EARLY = np.array([0.4, -0.4, 1.0, 1.5, 0.0, 0.0, 0.0, 0.5, 0.3])
_LATE = np.array([0.5, 0.3, 0.6, 0.4, 0.2, 0.0, 0.3, 0.3, 0.3])
_HALF_WAY = 15
"""The centre of the prior moves from early to late weights, half of it at so many answers."""

_STRENGTH = 20.0
_OWN_STRENGTH = 12.0
_LEAST_SPREAD = np.array([1e-3, 1e-3, 1e-3, 1e-3, 0.7, 0.15, 1e-3, 1e-3, 0.1])
_STEPS = 30


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


def fit_stacker(
    table: NDArray[np.float64], targets: NDArray[np.float64], typical: NDArray[np.float64]
) -> Stacker:
    """Fit the features of held-out scores, answers × codes × features, to answers × codes.

    `typical` are such features of many other answers: they give the scale, which a handful of
    labels cannot. `targets` may lie between 0 and 1.
    """
    width = table.shape[1]
    mean = typical.mean(axis=(0, 1))
    spread = np.maximum(typical.std(axis=(0, 1)), _LEAST_SPREAD)
    scaled = (table - mean) / spread
    found = _newton(scaled, targets)
    count = len(FEATURES) + 1
    shared, own, slopes = np.split(found, [count, count + width])
    return Stacker(mean, spread, shared[:-1], shared[-1] + own, slopes)


def _newton(scaled: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights, intercept, offsets and slopes with the greatest posterior (damped Newton)."""
    n, width, count = scaled.shape
    shared = np.concatenate([scaled, np.ones((n, width, 1))], axis=2)
    late = n / (n + _HALF_WAY)
    weights = late * _LATE + (1 - late) * _EARLY
    centre = np.concatenate([weights, [-1 - np.log(width + 1)], np.zeros(2 * width)])
    strength = np.concatenate(
        [np.full(count, _STRENGTH), [1.0], np.full(2 * width, _OWN_STRENGTH)]
    )
    at = centre.copy()
    value = _loss(at, shared, targets, centre, strength)
    for _ in range(_STEPS):
        step = np.linalg.solve(*_curvature(at, shared, targets, centre, strength))
        size = 1.0
        while (new := _loss(at - size * step, shared, targets, centre, strength)) > value:
            size /= 2
            if size < 1e-6:  # noqa: PLR2004 - as good as it gets in floating point
                return at
        at, gain, value = at - size * step, value - new, new
        if gain < 1e-8 * max(1.0, abs(value)):  # noqa: PLR2004
            break
    return at


def _linear(at: NDArray[np.float64], shared: NDArray[np.float64]) -> NDArray[np.float64]:
    width, count = shared.shape[1], shared.shape[2]
    own, slopes = at[count : count + width], at[count + width :]
    return np.asarray(shared @ at[:count] + own + slopes * shared[..., 0])


def _loss(
    at: NDArray[np.float64],
    shared: NDArray[np.float64],
    targets: NDArray[np.float64],
    centre: NDArray[np.float64],
    strength: NDArray[np.float64],
) -> float:
    linear = _linear(at, shared)
    away = at - centre
    likelihood = np.sum(np.logaddexp(0, linear) - targets * linear)
    return float(likelihood + (strength * away) @ away / 2)


def _curvature(
    at: NDArray[np.float64],
    shared: NDArray[np.float64],
    targets: NDArray[np.float64],
    centre: NDArray[np.float64],
    strength: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The second and first derivatives of the loss."""
    width, count = shared.shape[1], shared.shape[2]
    p = 1 / (1 + np.exp(-np.clip(_linear(at, shared), -40, 40)))
    wrong, bend = p - targets, p * (1 - p)
    first = shared[..., 0]
    flat = shared.reshape(-1, count)
    gradient = np.concatenate(
        [flat.T @ wrong.ravel(), wrong.sum(axis=0), (wrong * first).sum(axis=0)]
    )
    own = np.stack([bend, bend * first], axis=0)
    cross = np.einsum("knc,ncf->kcf", own, shared, optimize=True).reshape(2 * width, count)
    hessian = np.diag(strength)
    hessian[:count, :count] += flat.T @ (bend.reshape(-1, 1) * flat)
    hessian[count:, :count] += cross
    hessian[:count, count:] += cross.T
    codes, slopes = np.arange(width) + count, np.arange(width) + count + width
    hessian[codes, codes] += bend.sum(axis=0)
    hessian[slopes, slopes] += (bend * first**2).sum(axis=0)
    mixed = (bend * first).sum(axis=0)
    hessian[codes, slopes] += mixed
    hessian[slopes, codes] += mixed
    return hessian, gradient + strength * (at - centre)
