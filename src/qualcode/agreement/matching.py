"""Exact match: coders who give an answer the very same set of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qualcode.agreement.disagreement import FloatArray, IntArray


def match_features(rows: IntArray) -> tuple[FloatArray, FloatArray]:
    """For each unit and coder pair whether the sets are the same, and whether there are two.

    `rows` are the units' sets as indices (n × r), -1 where a coder did not see the unit. Gives
    two tables of 0 and 1, n × pairs.
    """
    pairs = [(g, h) for g in range(rows.shape[1]) for h in range(g)]
    same = np.zeros((rows.shape[0], len(pairs)))
    both = np.zeros((rows.shape[0], len(pairs)))
    for place, (g, h) in enumerate(pairs):
        shared = (rows[:, g] >= 0) & (rows[:, h] >= 0)
        both[:, place] = shared
        same[:, place] = shared & (rows[:, g] == rows[:, h])
    return same, both


def exact_match(same: FloatArray, both: FloatArray) -> FloatArray:
    """The share of equal sets, a mean over the coder pairs with shared units (B); else NaN.

    `same` and `both` (B × pairs) are sums over units.
    """
    used = both > 0
    share = np.where(used, same / np.maximum(both, 1), 0.0).sum(axis=1)
    pairs = used.sum(axis=1)
    return np.where(pairs > 0, share / np.maximum(pairs, 1), np.nan)


def match_deviations(same: FloatArray, both: FloatArray) -> FloatArray:
    """What each unit adds to the exact match, around 0 (n): a mean of ratios (Cochran 1977)."""
    shared = both.sum(axis=0)
    used = shared > 0
    share = same.sum(axis=0)[used] / shared[used]
    n = float(both.any(axis=1).sum())
    added = ((same[:, used] - share * both[:, used]) / shared[used]).sum(axis=1)
    scaled: FloatArray = added * n / max(1, int(used.sum()))
    return scaled
