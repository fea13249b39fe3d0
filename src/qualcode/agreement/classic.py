"""Older summaries for several coders, for comparison with published figures."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.assessing import assess
from qualcode.agreement.table import tabulate

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from qualcode.agreement.table import Ratings


def light_kappa(ratings: Ratings, categories: Sequence[Hashable] | None = None) -> float | None:
    """The mean of Cohen's kappas of all coder pairs (Light 1971); None if one is undefined.

    `ratings` are units × coders. Report the pairs instead where you can.
    """
    table = tabulate(ratings, categories)
    found = []
    for g, h in combinations(range(table.rows.shape[1]), 2):
        two = np.repeat(table.rows[:, [g, h]], table.counts, axis=0)
        rows = np.ma.masked_less(two, 0)
        found.append(assess(rows, range(len(table.categories)))["cohen_kappa"].value)
    known = [value for value in found if value is not None]
    return sum(known) / len(known) if known and len(known) == len(found) else None


def fleiss_z(ratings: Ratings, categories: Sequence[Hashable] | None = None) -> float | None:
    """Fleiss' kappa over its standard error under no agreement beyond chance.

    Fleiss, Nee & Landis (1979); every unit must have the same number m of ratings. A test of
    kappa = 0, never an interval. None where it is undefined.
    """
    table = tabulate(ratings, categories)
    given = np.unique((table.rows >= 0).sum(axis=1))
    value = assess(ratings, categories)["fleiss_kappa"].value
    if value is None or given.size != 1:
        return None
    m, n = int(given[0]), table.units
    size = len(table.categories)
    chosen = np.bincount(table.rows.ravel(), np.repeat(table.counts, table.rows.shape[1]), size)
    p = chosen / chosen.sum()
    spread = p * (1 - p)
    error = math.sqrt(2 * (spread.sum() ** 2 - (spread * (1 - 2 * p)).sum()) / (n * m * (m - 1)))
    return value / (error / float(spread.sum()))
