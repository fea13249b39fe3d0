"""Krippendorff's alpha for any metric, any number of coders and missing ratings.

``1 - Do / De`` over the coincidence matrix (Krippendorff 2011; 2019, ch. 12): only units with two
ratings or more count; a unit of m ratings weighs each ordered pair by 1 / (m - 1). For sets the
distance is used as it is, not squared (Passonneau 2006; Artstein & Poesio 2008).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qualcode.agreement.disagreement import Disagreement, FloatArray
    from qualcode.agreement.patterns import Patterns
    from qualcode.agreement.tally import Tally


def alpha(sums: Tally, mixed: FloatArray) -> FloatArray:
    """Alpha of every line (B), NaN where fewer than two categories occur in pairable units.

    `mixed` (B × q) is the disagreement's mix of ``sums.values``.
    """
    ratings = sums.values.sum(axis=1)
    chance = (sums.values * mixed).sum(axis=1)
    varied = ((sums.values > 0).sum(axis=1) > 1) & (chance > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = 1 - (ratings - 1) * sums.coincident / chance
    return np.where(varied, value, np.nan)


def alpha_deviations(
    table: Patterns, sums: Tally, mixed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What one unit of each pattern adds to alpha, around 0 (B × P), and the number of units.

    Gwet's linearisation (Gwet 2014, ch. 5; R package irrCAC, krippen.alpha.raw), over the units
    with two ratings or more. The disagreement is taken as fixed.
    """
    n = sums.pairable
    with np.errstate(invalid="ignore", divide="ignore"):
        ratings = sums.values.sum(axis=1)
        mean = (ratings / n)[:, None]
        unit = table.apart / (mean * np.maximum(table.present - 1, 1))
        all_units = (sums.coincident / (n * mean[:, 0]))[:, None]
        corrected = all_units * (1 - 1 / ratings)[:, None]
        size = table.present / mean
        chance = ((sums.values * mixed).sum(axis=1) / ratings**2)[:, None]
        own = table.gather(mixed / ratings[:, None]) / mean
        deviation = all_units - unit + corrected * (size - 1)
        deviation += 2 * all_units * (own - chance * size) / chance
        deviation /= chance
    return np.where(table.pairable, deviation, 0.0), n


def ordinal_disagreement(
    table: Patterns, weights: FloatArray, values: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Observed and expected sums of Krippendorff's ordinal metric for every line of weights.

    The metric (sum of n_g from c to k, less half of n_c and n_k)² is the squared difference of
    the mid-ranks of c and k in these very data (`values`, B × q), so it is found anew for each
    line. Twice the mid-ranks are whole numbers: no digit is lost. Gives (B), (B).
    """
    ranks = 2 * np.cumsum(values, axis=1) - values
    first = table.gather(ranks)
    second = table.gather(ranks**2)
    within = table.present * second - first**2
    others = np.maximum(table.present - 1, 1)
    seen = (weights * (2 * within * table.pairable / others)).sum(axis=1) / 4
    total = values.sum(axis=1)
    moment = (values * ranks).sum(axis=1)
    chance = 2 * (total * (values * ranks**2).sum(axis=1) - moment**2) / 4
    return seen, chance


def ordinal_alpha(table: Patterns, weights: FloatArray, sums: Tally) -> FloatArray:
    """Alpha under the ordinal metric (B), NaN where it is undefined (Krippendorff 2011, D)."""
    seen, chance = ordinal_disagreement(table, weights, sums.values)
    varied = (sums.values > 0).sum(axis=1) > 1
    with np.errstate(invalid="ignore", divide="ignore"):
        value = 1 - (sums.values.sum(axis=1) - 1) * seen / chance
    return np.where(varied, value, np.nan)


def mixed_values(sums: Tally, disagreement: Disagreement) -> FloatArray:
    """The disagreement of every category with the pairable ratings (B × q)."""
    return disagreement.mix(sums.values)
