"""Unit resamples of the summaries over codes: all of them from the same draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.bootstrap import check, generator
from qualcode.agreement.cells import applied_counts
from qualcode.agreement.matching import exact_match, match_features

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray, IntArray

_BLOCK = 4_000_000


def unit_weights(units: int, resamples: int, seed: int) -> Iterator[FloatArray]:
    """Blocks of lines (… × n) that say how often each unit is drawn; see the unit bootstrap."""
    check(resamples)
    rng = generator(seed)
    block = max(1, _BLOCK // max(units, 1))
    for start in range(0, resamples, block):
        lines = min(block, resamples - start)
        drawn = (rng.integers(max(units, 1), size=units) for _ in range(lines))
        counted = [np.bincount(line, minlength=units) for line in drawn]
        yield np.array(counted, dtype=np.float64)


def resample_overall(
    codings: Codings, rows: IntArray, resamples: int, seed: int
) -> dict[str, FloatArray]:
    """``exact_match``, ``mean_alpha`` and ``pooled_kappa`` in every resample, NaN if undefined.

    `rows` are the units' sets as indices (n × r).
    """
    found: dict[str, list[FloatArray]] = {"exact_match": [], "mean_alpha": [], "pooled_kappa": []}
    match = match_features(rows)
    alphas = _alpha_features(codings)
    kappas = _kappa_features(codings)
    for weights in unit_weights(codings.units, resamples, seed):
        found["exact_match"].append(exact_match(*(weights @ part for part in match)))
        found["mean_alpha"].append(_mean_alpha(*(weights @ part for part in alphas)))
        found["pooled_kappa"].append(_pooled(*(weights @ part for part in kappas)))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _alpha_features(codings: Codings) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give ratings (n), and contested and applied ones of each code (n × codes), of pairs."""
    present: FloatArray = np.where(codings.pairable, codings.seen, 0).astype(np.float64)
    applied = applied_counts(codings) * codings.pairable[:, None]
    contested = 2 * applied * (present[:, None] - applied) / np.maximum(present - 1, 1)[:, None]
    return present, contested, applied


def _mean_alpha(ratings: FloatArray, contested: FloatArray, applied: FloatArray) -> FloatArray:
    chance = 2 * applied * (ratings[:, None] - applied)
    used = chance > 0
    ratio = np.where(used, (ratings[:, None] - 1) * contested / np.where(used, chance, 1), 0.0)
    codes = used.sum(axis=1)
    return np.where(codes > 0, 1 - ratio.sum(axis=1) / np.maximum(codes, 1), np.nan)


def _kappa_features(codings: Codings) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Give shared units (n), and by code where coders differ, and where each applied it."""
    pair = codings.active
    if len(pair) != 2:  # noqa: PLR2004
        nothing = np.zeros((codings.units, 1))
        return nothing[:, 0], nothing, nothing, nothing
    shared = codings.pairable.astype(np.float64)
    first, second = (codings.applied(g) * shared[:, None] for g in pair)
    return shared, np.abs(first - second), first, second


def _pooled(
    shared: FloatArray, apart: FloatArray, first: FloatArray, second: FloatArray
) -> FloatArray:
    n = shared[:, None]
    chance = (first * (n - second) + (n - first) * second).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance > 0, 1 - shared * apart.sum(axis=1) / chance, np.nan)
