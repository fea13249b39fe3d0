"""Gwet's standard errors: what one unit adds to a coefficient, and the variance of these.

Each function gives the deviations of the linearised values kappa*_i from the coefficient, one
per rating pattern (B × P): Gwet (2008; 2014, ch. 5), as the R package irrCAC has them for raw
ratings. Their variance over units is ``sum / (n (n - 1))``. A unit that one coder alone rated
counts among the n; it adds the deviation that the formula gives it, so that even perfect
agreement has a standard error above 0 when there are such units (not so for alpha).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.coefficients import gwet_factor, observed

if TYPE_CHECKING:
    from qualcode.agreement.coefficients import Coefficient
    from qualcode.agreement.disagreement import FloatArray
    from qualcode.agreement.patterns import Patterns
    from qualcode.agreement.tally import Tally


def deviations(name: Coefficient, table: Patterns, sums: Tally, chance: FloatArray) -> FloatArray:
    """Deviations (B × P) of the coefficient `name`, whose expected disagreement is `chance`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        e = chance[:, None]
        ratio = (observed(sums) / chance)[:, None]
        scale = (sums.units / sums.pairable)[:, None]
        deviation = scale * table.pairable * (1 - table.per_pair / e) - (1 - ratio)
        own = _own_chance(name, table, sums)
        if own is not None:
            deviation += 2 * ratio * (own - e) / e
    return np.where(table.present >= 1, deviation, 0.0)


def standard_error(weights: FloatArray, deviation: FloatArray, n: FloatArray) -> FloatArray:
    """The root of the variance of a mean of n deviations (B), NaN for n below 2."""
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = np.einsum("bp,bp,bp->b", weights, deviation, deviation)
        return np.where(n > 1, np.sqrt(squares / (n * (n - 1))), np.nan)


def _own_chance(name: Coefficient, table: Patterns, sums: Tally) -> FloatArray | None:
    """Give the chance disagreement as one unit of each pattern sees it (B × P)."""
    if name == "conger_kappa":
        return _own_conger(table, sums)
    given = np.maximum(table.present, 1)
    if name == "fleiss_kappa":
        shares = sums.shares / sums.units[:, None]
        return table.gather(table.disagreement.mix(shares)) / given
    if name == "gwet_ac1":
        pi = sums.shares / sums.units[:, None]
        return 1 - gwet_factor(table.disagreement) * table.gather(1 - pi) / given
    return None


def _own_conger(table: Patterns, sums: Tally) -> FloatArray:
    rated = sums.rated
    shares = sums.margins / np.maximum(rated, 1)[..., None]
    everybody = shares.sum(axis=1)
    r = sums.active
    total = np.zeros((sums.units.size, table.rows.shape[0]))
    for g in range(table.rows.shape[1]):
        others = table.disagreement.mix(everybody - shares[:, g])
        usual = (shares[:, g] * others).sum(axis=1, keepdims=True)
        scale = np.where(rated[:, g] > 0, sums.units / np.maximum(rated[:, g], 1), 0.0)
        own = np.concatenate([scale[:, None] * (others - usual), np.zeros_like(usual)], axis=1)
        total += own[:, table.rows[:, g]] + usual
    pairs: FloatArray = np.maximum(r * (r - 1), 1)[:, None]
    return total / pairs
