"""Fisher's exact p of a table of counts: the network algorithm, else a simulation.

All tables with the margins of the one observed are gone through column by column. What the
columns so far leave of the row totals is a node; paths of one probability that meet in a node go
on as one, and a path leaves as soon as all its ends are at most as probable as the observed table
or all are more (Mehta & Patel 1983). The p-value is the probability of the tables that are at
most as probable (Freeman & Halton 1951), as in R's ``fisher.test``.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammaln  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray

_MOST_STEPS = 10_000_000
_MOST_PATHS = 2_000_000
_DRAWS = 99_999
_SAME = 1e-7
_MERGED = 1e-9


def fisher_p(counts: IntArray, seed: int = 0) -> tuple[float, int]:
    """The p-value of a table, and how many tables it was simulated from: 0 if it is exact."""
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    counts = counts[np.argsort(counts.sum(axis=1))]  # the nodes leave out the largest row
    p = _Network(counts).p() if _is_small(counts) else None
    return (p, 0) if p is not None else (_simulated(counts, seed), _DRAWS)


def _is_small(counts: IntArray) -> bool:
    rows = counts.sum(axis=1)[:-1]
    ways = sum(prod((np.minimum(rows, c) + 1).tolist()) for c in counts.sum(axis=0).tolist())
    return bool(prod((rows + 1).tolist()) * ways <= _MOST_STEPS)


class _Network:
    """A node is the part of all rows but the last that the columns from one on share."""

    def __init__(self, counts: IntArray) -> None:
        self.columns = counts.sum(axis=0)
        self.rows = counts.sum(axis=1)[:-1]
        self.observed = float(_log_probability(counts))
        self.strides = np.concatenate([[1], np.cumprod(self.rows[:-1] + 1)]).astype(np.int64)
        self.left = np.array(list(product(*(range(r + 1) for r in self.rows[::-1]))))[:, ::-1]
        self.after = np.concatenate([np.cumsum(self.columns[::-1])[::-1], [0]])

    def p(self) -> float | None:
        """Give the p-value, or None where there are too many paths."""
        nodes = np.array([len(self.left) - 1])
        past, weight = np.zeros(1), np.ones(1)
        bounds = self._bounds()
        limit = self.observed + _SAME
        found = 0.0
        for j, (longest, shortest) in enumerate(bounds[1:]):
            ways = self._ways(j)
            if nodes.size * len(ways) > _MOST_PATHS:
                return None
            nodes, past, weight = self._step(j, ways, nodes, past, weight)
            is_below = past + longest[nodes] <= limit
            found += float(weight[is_below].sum())
            is_open = ~is_below & (past + shortest[nodes] <= limit)
            nodes, past, weight = _merged(nodes[is_open], past[is_open], weight[is_open])
        return min(1.0, found)

    def _ways(self, j: int) -> IntArray:
        """Give all ways to fill column j in all rows but the last."""
        most = np.minimum(self.rows, self.columns[j])
        ways = np.array(list(product(*(range(m + 1) for m in most))), dtype=np.int64)
        return np.asarray(ways[ways.sum(axis=1) <= self.columns[j]])

    def _fits(self, j: int, left: IntArray, way: IntArray) -> BoolArray:
        """Tell from which nodes, by what is `left` in them, column j may be filled in one way."""
        last = self.after[j] - left.sum(axis=1)
        return np.asarray((left >= way).all(axis=1) & (self.columns[j] - way.sum() <= last))

    def _gain(self, j: int, left: IntArray, way: IntArray) -> FloatArray:
        """Give the log probability that column j is filled so, given what is `left`."""
        last, rest = self.after[j] - left.sum(axis=1), self.columns[j] - way.sum()
        gain = _log_choose(last, rest) - _log_choose(self.after[j], self.columns[j])
        return np.asarray(gain + _log_choose(left, way).sum(axis=1))

    def _bounds(self) -> list[tuple[FloatArray, FloatArray]]:
        """Give the log probabilities of the most and the least probable end of each node."""
        impossible = np.full(len(self.left), -np.inf)
        longest, shortest = impossible.copy(), -impossible
        longest[0] = shortest[0] = 0.0
        found = [(longest, shortest)]
        for j in range(self.columns.size - 1, -1, -1):
            longest, shortest = impossible.copy(), -impossible
            for way in self._ways(j):
                at = np.flatnonzero(self._fits(j, self.left, way))
                gain = self._gain(j, self.left[at], way)
                to = at - int(way @ self.strides)
                longest[at] = np.maximum(longest[at], gain + found[-1][0][to])
                shortest[at] = np.minimum(shortest[at], gain + found[-1][1][to])
            found.append((longest, shortest))
        return found[::-1]

    def _step(
        self, j: int, ways: IntArray, nodes: IntArray, past: FloatArray, weight: FloatArray
    ) -> tuple[IntArray, FloatArray, FloatArray]:
        parts = []
        for way in ways:
            at = np.flatnonzero(self._fits(j, self.left[nodes], way))
            gain = self._gain(j, self.left[nodes[at]], way)
            to = nodes[at] - int(way @ self.strides)
            parts.append((to, past[at] + gain, weight[at] * np.exp(gain)))
        to, longer, heavier = (np.concatenate(part) for part in zip(*parts, strict=True))
        return to, longer, heavier


def _merged(
    nodes: IntArray, past: FloatArray, weight: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Join the paths of one node that are equally probable."""
    order = np.lexsort((past, nodes))
    nodes, past = nodes[order], past[order]
    begins = np.ones(nodes.size, dtype=np.bool_)
    begins[1:] = (np.diff(nodes) != 0) | (np.diff(past) > _MERGED)
    first = np.flatnonzero(begins)
    if not first.size:
        return nodes, past, weight
    return nodes[first], past[first], np.add.reduceat(weight[order], first)


def _simulated(counts: IntArray, seed: int) -> float:
    """Give the share of random tables with these margins that are at most as probable."""
    rng = np.random.default_rng(seed)
    limit = _log_probability(counts) + _SAME
    left = np.tile(counts.sum(axis=1), (_DRAWS, 1))
    total = np.zeros(_DRAWS)
    for size in counts.sum(axis=0)[:-1]:
        column = _drawn(rng, left, int(size))
        total += gammaln(column + 1).sum(axis=1)
        left -= column
    total += gammaln(left + 1).sum(axis=1)
    margins = [gammaln(counts.sum(axis=axis) + 1).sum() for axis in (0, 1)]
    log_probability = sum(margins) - gammaln(counts.sum() + 1) - total
    return float((np.count_nonzero(log_probability <= limit) + 1) / (_DRAWS + 1))


def _drawn(rng: np.random.Generator, left: IntArray, size: int) -> IntArray:
    """Draw one column of `size` from what is `left` of the rows of each table (tables × rows)."""
    column = np.zeros_like(left)
    rest, pool = np.full(len(left), size), left.sum(axis=1)
    for row in range(left.shape[1] - 1):
        pool = pool - left[:, row]
        column[:, row] = rng.hypergeometric(left[:, row], pool, rest)
        rest = rest - column[:, row]
    column[:, -1] = rest
    return column


def _log_probability(counts: IntArray) -> float:
    margins = [gammaln(counts.sum(axis=axis) + 1).sum() for axis in (0, 1)]
    return float(sum(margins) - gammaln(counts.sum() + 1) - gammaln(counts + 1).sum())


def _log_choose(n: Any, k: Any) -> FloatArray:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
