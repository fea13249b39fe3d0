"""Specific agreement: on the presence of a code, and on its absence.

For two coders positive agreement is 2a / (2a + b + c) (Cicchetti & Feinstein 1990), the same as
the F1 score of either coder against the other (Hripcsak & Rothschild 2005). For more coders and
missing ratings it is a ratio of two sums over the units that two or more rated: for each coder
who chose the category the share of the unit's other coders who did so too, over how many chose
it. Its standard error is that of a ratio of two sums over units (Cochran 1977, section 6.3), with
n - 1 degrees of freedom for n such units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.intervals import Column
from qualcode.agreement.linearised import standard_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.agreement.disagreement import FloatArray
    from qualcode.agreement.patterns import Patterns


def specific_agreement(
    table: Patterns, weights: FloatArray, category: int, reasons: Sequence[str]
) -> Column:
    """Agreement on one `category` for every line of `weights` (B × P); NaN if nobody chose it."""
    alone, chosen = _parts(table, category)
    n = weights @ table.pairable
    mass = weights @ chosen
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(mass > 0, (weights @ alone) / mass, np.nan)
        deviation = (alone - apart[:, None] * chosen) * (n / mass)[:, None]
    return Column(1 - apart, standard_error(weights, deviation, n), n, reasons, least=0.0)


def specific_values(table: Patterns, weights: FloatArray, category: int) -> FloatArray:
    """Agreement on one `category` (B), NaN where nobody chose it."""
    alone, chosen = _parts(table, category)
    mass = weights @ chosen
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(mass > 0, 1 - (weights @ alone) / mass, np.nan)


def _parts(table: Patterns, category: int) -> tuple[FloatArray, FloatArray]:
    """Give for each pattern the ratings with the category, and how much of them is contested."""
    chosen = (table.rows == category).sum(axis=1) * table.pairable.astype(np.float64)
    others = np.maximum(table.present - 1, 1)
    return chosen * (table.present - chosen) / others, chosen
