"""A code's units by how many coders applied it and how many did not.

Alpha, percent agreement and the like do not ask who: two units are alike where as many coders
applied the code and as many did not. There are few such classes even with many coders, which
makes permutations and simulations of alpha cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.binary import APPLIED

if TYPE_CHECKING:
    from qualcode.agreement.binary import CodeTables
    from qualcode.agreement.disagreement import FloatArray
    from qualcode.agreement.patterns import Patterns


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """K classes of pairable units: `applied` and `given` (K) count their ratings.

    `counts` (codes × K) is how many units of each code are in a class.
    """

    applied: FloatArray
    given: FloatArray
    counts: FloatArray

    def alpha(self, weights: FloatArray) -> FloatArray:
        """Krippendorff's alpha of every line of `weights` (B × K), NaN without variation."""
        contested = 2 * self.applied * (self.given - self.applied) / np.maximum(self.given - 1, 1)
        ratings, applied = weights @ self.given, weights @ self.applied
        chance = 2 * applied * (ratings - applied)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = 1 - (ratings - 1) * (weights @ contested) / chance
        return np.where(chance > 0, value, np.nan)


def class_of(table: Patterns) -> tuple[Classes, FloatArray]:
    """The classes of binary patterns, and the 0/1 table that sums patterns into them (P × K)."""
    given = table.present.astype(np.intp)
    applied = (table.rows == APPLIED).sum(axis=1)
    width = int(given.max(initial=0)) + 1
    ids = given * width + applied
    kept = np.unique(ids[table.pairable])
    into = (ids[:, None] == kept).astype(np.float64)
    share, total = (kept % width).astype(np.float64), (kept // width).astype(np.float64)
    return Classes(share, total, np.zeros((0, kept.size))), into


def code_classes(tables: CodeTables) -> Classes:
    """The classes of every code's pairable units."""
    classes, into = class_of(tables.table)
    return Classes(classes.applied, classes.given, tables.weights @ into)


def united(first: Classes, second: Classes) -> tuple[Classes, FloatArray, FloatArray]:
    """The classes of either, and the counts of both in these (codes × K each)."""
    keys = np.concatenate([np.column_stack([c.given, c.applied]) for c in (first, second)])
    found, place = np.unique(keys, axis=0, return_inverse=True)
    into = (place.ravel()[:, None] == np.arange(found.shape[0])).astype(np.float64)
    split = first.given.size
    one, other = first.counts @ into[:split], second.counts @ into[split:]
    return Classes(found[:, 1], found[:, 0], one + other), one, other
