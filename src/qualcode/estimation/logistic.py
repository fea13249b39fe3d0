"""Survey-weighted logistic regression: the coefficients and their design-based covariance.

The weighted likelihood is maximised by Newton's method; the covariance is that of the
coefficients' linearised values, ``A⁻¹ B A⁻¹`` with A the weighted information and B the covariance
of the total of the scores under the design (Binder 1983; R's ``svyglm(family =
quasibinomial())``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.linearised import Estimated, covariance

if TYPE_CHECKING:
    from qualcode.estimation.arrays import FloatArray, IntArray
    from qualcode.estimation.design import Design

_STEPS = 50
_HALVINGS = 30
_TOLERANCE = 1e-10


def fit(design: Design, x: FloatArray, y: FloatArray, rows: IntArray) -> Estimated | None:
    """The coefficients of `x` (m × K) on the log odds of `y` (m), both of the respondents `rows`.

    Its degrees of freedom are those of the design + 1 - K. None where the likelihood has no
    maximum because some mix of the columns separates y = 1 from y = 0.
    """
    weights = design.weights[rows]
    size = np.sqrt((x**2).mean(axis=0))  # years and incomes on one scale
    x = x / size
    beta = maximum(x, y, weights / weights.mean())
    if beta is None:
        return None
    mu = expit(x @ beta)
    try:
        inverse = np.linalg.inv((x * (weights * mu * (1 - mu))[:, None]).T @ x)
    except np.linalg.LinAlgError:
        return None
    scores = np.zeros((design.n, x.shape[1]))
    scores[rows] = x * (weights * (y - mu))[:, None]
    found = inverse @ covariance(design, scores) @ inverse
    return Estimated(beta / size, found / np.outer(size, size), design.df + 1 - x.shape[1])


def maximum(x: FloatArray, y: FloatArray, weights: FloatArray) -> FloatArray | None:
    """The coefficients of largest weighted likelihood; None where there is no maximum.

    Where the data are separated each step adds about one to some coefficient without end, so the
    steps do not become small.
    """
    beta = np.zeros(x.shape[1])
    likelihood = _likelihood(x @ beta, y, weights)
    for _ in range(_STEPS):
        mu = expit(x @ beta)
        information = (x * (weights * mu * (1 - mu))[:, None]).T @ x
        try:
            step = np.linalg.solve(information, x.T @ (weights * (y - mu)))
        except np.linalg.LinAlgError:
            return None
        for _ in range(_HALVINGS):
            better = _likelihood(x @ (beta + step), y, weights)
            if better >= likelihood - _TOLERANCE * abs(likelihood):
                break
            step = step / 2
        beta, likelihood = beta + step, better
        if (np.abs(step) <= _TOLERANCE * (1 + np.abs(beta))).all():
            return beta
    return None


def expit(eta: FloatArray) -> FloatArray:
    """1 / (1 + exp(-eta)), without overflow."""
    small = np.exp(-np.abs(eta))
    return np.asarray(np.where(eta >= 0, 1, small) / (1 + small))


def _likelihood(eta: FloatArray, y: FloatArray, weights: FloatArray) -> float:
    return float(weights @ (y * eta - np.logaddexp(0, eta)))
