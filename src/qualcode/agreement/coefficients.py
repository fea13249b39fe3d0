"""Coefficients for any number of coders, with missing ratings, after Gwet (2014).

Each is ``1 - d / e``: d is the observed disagreement, averaged over the units that two or more
coders rated, and e the disagreement expected by chance, which is what sets them apart. Category
shares count units that one coder alone rated, as in Gwet (2014, ch. 2) and the R package irrCAC.
With v = 1 - w this is (pa - pe) / (1 - pe), free of the rounding of 1 - pe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from qualcode.agreement.disagreement import BoolArray, Disagreement, FloatArray
    from qualcode.agreement.tally import Tally

Coefficient: TypeAlias = Literal[
    "percent_agreement", "gwet_ac1", "fleiss_kappa", "conger_kappa", "brennan_prediger"
]


def observed(sums: Tally) -> FloatArray:
    """The disagreement of the coder pairs within units, averaged over units (B); NaN without."""
    with np.errstate(invalid="ignore"):
        return sums.apart / sums.pairable


def expected(name: Coefficient, sums: Tally, apart: Disagreement) -> FloatArray:
    """The disagreement by chance (B), 0 or NaN where there is none.

    ``fleiss_kappa``: Fleiss (1971), for unequal numbers of ratings Gwet (2014); two coders:
    Scott (1955). ``conger_kappa``: Conger (1980); two coders: Cohen (1960). ``gwet_ac1``: Gwet
    (2008), with weights AC2. ``brennan_prediger``: Brennan & Prediger (1981).
    ``percent_agreement`` is 1 - d, as if e were 1.
    """
    if name == "conger_kappa":
        return _conger(sums, apart)
    if name == "fleiss_kappa":
        return _fleiss(sums, apart)
    if name == "gwet_ac1":
        return _gwet(sums, apart)
    chance = 1.0
    if name == "brennan_prediger":
        chance = apart.total / apart.size**2 if apart.size else 0.0
    return np.full(sums.units.shape, chance)


def _fleiss(sums: Tally, apart: Disagreement) -> FloatArray:
    chance = (sums.shares * apart.mix(sums.shares)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        e: FloatArray = chance / sums.units**2
    return np.where(_varied(sums.shares), e, 0.0)


def _gwet(sums: Tally, apart: Disagreement) -> FloatArray:
    q = apart.size
    if q < 2:  # noqa: PLR2004 – one category leaves no room for chance
        return np.zeros(sums.units.shape)
    with np.errstate(invalid="ignore"):
        pi = sums.shares / sums.units[:, None]
    spread: FloatArray = (pi * (1 - pi)).sum(axis=1)
    return 1 - gwet_factor(apart) * spread


def gwet_factor(apart: Disagreement) -> float:
    """T / (q(q - 1)), with T the sum of all agreement weights (Gwet 2008)."""
    q = apart.size
    return (q * q - apart.total) / (q * (q - 1))


def _conger(sums: Tally, apart: Disagreement) -> FloatArray:
    # From counts: 0 is exactly 0 where one coder's rating never varies (Cohen's kappa is 0).
    margins, rated = sums.margins, sums.rated
    chance = np.zeros(sums.units.shape)
    for h in range(1, margins.shape[1]):
        mixed = apart.mix(margins[:, h])
        for g in range(h):
            pairs = (margins[:, g] * mixed).sum(axis=1)
            chance += 2 * pairs / np.maximum(rated[:, g] * rated[:, h], 1)
    r = sums.active
    return np.where(_varied(margins.sum(axis=1)), chance / np.maximum(r * (r - 1), 1), 0.0)


def _varied(counts: FloatArray) -> BoolArray:
    return np.asarray((counts > 0).sum(axis=1) > 1)
