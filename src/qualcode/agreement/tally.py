"""The sums over rating patterns from which every coefficient is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qualcode.agreement.disagreement import FloatArray, IntArray
    from qualcode.agreement.patterns import Patterns


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Sums for each of B lines of weights, over q categories and r coders.

    `units` (B) counts the units with a rating, `pairable` (B) those with two or more;
    `apart` and `coincident` (B) are the disagreement of the pairable units, the first divided by
    their ordered coder pairs r_i(r_i - 1), the second by r_i - 1. `shares` (B × q) sums
    r_ik / r_i over units, `values` (B × q) counts the ratings of pairable units, `margins`
    (B × r × q) those of each coder.
    """

    units: FloatArray
    pairable: FloatArray
    apart: FloatArray
    coincident: FloatArray
    shares: FloatArray
    values: FloatArray
    margins: FloatArray

    @property
    def rated(self) -> FloatArray:
        """How many units each coder rated (B × r)."""
        rated: FloatArray = self.margins.sum(axis=2)
        return rated

    @property
    def active(self) -> IntArray:
        """How many coders rated anything (B)."""
        active: IntArray = (self.rated > 0).sum(axis=1)
        return active


def tally(table: Patterns, weights: FloatArray) -> Tally:
    """Sum the patterns with `weights` (B × P)."""
    if table.features is None:
        return _one_by_one(table, weights)
    q = table.disagreement.size
    sums = weights @ table.features
    return Tally(
        sums[:, 0],
        sums[:, 1],
        sums[:, 2],
        sums[:, 3],
        sums[:, 4 : 4 + q],
        sums[:, 4 + q : 4 + 2 * q],
        sums[:, 4 + 2 * q :].reshape(weights.shape[0], table.rows.shape[1], q),
    )


def _one_by_one(table: Patterns, weights: FloatArray) -> Tally:
    present, pair = table.present, table.pairable
    others = np.maximum(present - 1, 1)
    counted = [_count(table, line) for line in weights]
    return Tally(
        weights @ (present >= 1),
        weights @ pair,
        weights @ table.per_pair,
        weights @ (table.apart / others),
        np.stack([shares for shares, _, _ in counted]),
        np.stack([values for _, values, _ in counted]),
        np.stack([margins for _, _, margins in counted]),
    )


def _count(table: Patterns, line: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    q = table.disagreement.size
    coders = table.rows.shape[1]
    place = (table.rows + (1 + np.arange(coders) * (q + 1))).ravel()

    def count(weight: FloatArray) -> FloatArray:
        found = np.bincount(place, np.repeat(weight, coders), minlength=coders * (q + 1))
        return found.astype(np.float64, copy=False).reshape(coders, q + 1)[:, 1:]

    margins = count(line)
    everybody = margins.sum(axis=0)
    most = table.present.max(initial=0)
    if most == table.present.min(initial=most) >= 2:  # noqa: PLR2004 – no rating is missing
        return everybody / most, everybody, margins
    given, paired = line / np.maximum(table.present, 1), line * table.pairable
    return count(given).sum(axis=0), count(paired).sum(axis=0), margins
