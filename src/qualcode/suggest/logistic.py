"""Logistic regression of cells (answers × codes) with shared weights and something of each code's.

The log-odds of a cell are its features times the shared weights, plus an offset and a slope on
its first feature that belong to the cell's code. All have Gaussian priors. Newton's method finds
the one best fit; the curvature of offsets and slopes is diagonal by code, so it stays cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS = 30
_SMALLEST_STEP = 1e-6
_SMALLEST_GAIN = 1e-8
_FARTHEST = 40.0


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of the weights: cells, targets in [0, 1], and the prior.

    `features` are n × k × f, `targets` n × k. A vector of weights holds f shared ones, k offsets,
    k slopes; the prior has its mean at `centre` and the precision `strength`, both as long.
    """

    features: NDArray[np.float64]
    targets: NDArray[np.float64]
    centre: NDArray[np.float64]
    strength: NDArray[np.float64]

    def log_odds(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log-odds of all cells, n × k."""
        codes, count = self.features.shape[1:]
        offsets, slopes = at[count : count + codes], at[count + codes :]
        return np.asarray(self.features @ at[:count] + offsets + slopes * self.features[..., 0])

    def loss(self, at: NDArray[np.float64]) -> float:
        """Minus the logarithm of the posterior, up to a constant."""
        log_odds, away = self.log_odds(at), at - self.centre
        likelihood = np.sum(np.logaddexp(0, log_odds) - self.targets * log_odds)
        return float(likelihood + (self.strength * away) @ away / 2)

    def step(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """Newton's step from `at`, to be subtracted."""
        p = 1 / (1 + np.exp(-np.clip(self.log_odds(at), -_FARTHEST, _FARTHEST)))
        wrong, first = p - self.targets, self.features[..., 0]
        flat = self.features.reshape(-1, self.features.shape[2])
        slope = [flat.T @ wrong.ravel(), wrong.sum(axis=0), (wrong * first).sum(axis=0)]
        gradient = np.concatenate(slope) + self.strength * (at - self.centre)
        return np.asarray(np.linalg.solve(self._curvature(p * (1 - p)), gradient))

    def _curvature(self, bend: NDArray[np.float64]) -> NDArray[np.float64]:
        codes, count = self.features.shape[1:]
        first = self.features[..., 0]
        flat = self.features.reshape(-1, count)
        own = np.stack([bend, bend * first]).transpose(2, 0, 1)
        cross = (own @ self.features.transpose(1, 0, 2)).transpose(1, 0, 2).reshape(-1, count)
        curvature = np.diag(self.strength)
        curvature[:count, :count] += flat.T @ (bend.reshape(-1, 1) * flat)
        curvature[count:, :count] += cross
        curvature[:count, count:] += cross.T
        offset = np.arange(codes) + count
        curvature[offset, offset] += bend.sum(axis=0)
        curvature[offset + codes, offset + codes] += (bend * first**2).sum(axis=0)
        mixed = (bend * first).sum(axis=0)
        curvature[offset, offset + codes] += mixed
        curvature[offset + codes, offset] += mixed
        return curvature


def best(posterior: Posterior) -> NDArray[np.float64]:
    """The weights of the greatest posterior."""
    at = posterior.centre.copy()
    loss = posterior.loss(at)
    for _ in range(_STEPS):
        step, size = posterior.step(at), 1.0
        while (new := posterior.loss(at - size * step)) > loss and size > _SMALLEST_STEP:
            size /= 2
        if not new < loss:
            break
        at, gain, loss = at - size * step, loss - new, new
        if gain < _SMALLEST_GAIN * max(1.0, abs(loss)):
            break
    return at
