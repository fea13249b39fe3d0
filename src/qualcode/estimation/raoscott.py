"""Rao and Scott's test of independence in a survey table, second order.

Pearson's X² of the weighted proportions, divided by the sum of the generalised design effects and
referred to F (Rao & Scott 1984; Thomas & Rao 1987; R's ``svychisq(statistic = "F")``): the
effects are the eigenvalues of ``(C' D C / n)⁻¹ (C' D V D C)``, D holding 1 / P, V the covariance of
the cell proportions and C the interaction contrasts orthogonal to the main effects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.distributions import f_tail
from qualcode.estimation.independence import LEAST_EXPECTED, Association, cramers_v, expected
from qualcode.estimation.reasons import (
    EMPTY_CELLS,
    NO_DEGREES_OF_FREEDOM,
    NO_VARIATION,
    ONE_GROUP,
)

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.cells import CellTotals

_NO_VARIANCE = 1e-12


def rao_scott(shares: FloatArray, covariance: FloatArray, df: int, counts: IntArray) -> Association:
    """Test whether rows and columns of a table are independent.

    `shares` (r × c) are the weighted cell proportions, which add to 1, `covariance` (rc × rc)
    theirs, row after row, `df` the design's degrees of freedom, `counts` (r × c) the unweighted
    table, by which the test is marked as resting on few. Empty rows and columns are left out.
    """
    rows, columns = shares.sum(axis=1) > 0, shares.sum(axis=0) > 0
    reason = _undefined(rows, columns, df)
    if reason:
        return Association("rao_scott", reason=reason)
    kept = np.outer(rows, columns)
    p = shares[np.ix_(rows, columns)]
    v = covariance[np.ix_(kept.ravel(), kept.ravel())]
    usual = np.outer(p.sum(axis=1), p.sum(axis=0))
    square = float(((p - usual) ** 2 / usual).sum())
    inverse = np.where(p > 0, 1 / np.where(p > 0, p, 1.0), 0.0).ravel()
    scaled = inverse[:, None] * _interaction(*p.shape)
    try:
        effects = np.linalg.solve(_interaction(*p.shape).T @ scaled, scaled.T @ v @ scaled)
    except np.linalg.LinAlgError:
        return Association("rao_scott", reason=EMPTY_CELLS)
    trace = float(np.trace(effects))
    if trace < _NO_VARIANCE:
        return Association("rao_scott", reason=NO_VARIATION)
    ndf = trace**2 / float(np.trace(effects @ effects))
    statistic = square / trace
    return Association(
        "rao_scott",
        statistic,
        ndf,
        ndf * df,
        f_tail(statistic, ndf, ndf * df),
        effect=cramers_v(square, *p.shape),
        is_low=bool(expected(counts[np.ix_(rows, columns)]).min(initial=np.inf) < LEAST_EXPECTED),
    )


def rao_scott_of_cells(found: CellTotals, df: int) -> Association:
    """Test whether the share of a code differs between the groups of `found`."""
    groups = found.n.size
    everybody = float(found.totals[groups:].sum())
    if everybody == 0:
        return Association("rao_scott", reason=ONE_GROUP)
    one, nothing = np.eye(groups), np.zeros((groups, groups))
    to_cells = np.block([[one, nothing], [-one, one]])
    totals = to_cells @ found.totals
    p = np.where(np.concatenate([found.k, found.n - found.k]) > 0, totals, 0.0) / everybody
    slopes = (np.eye(2 * groups) - p[:, None]) @ to_cells / everybody
    counts = np.stack([found.k, found.n - found.k])
    return rao_scott(p.reshape(2, groups), slopes @ found.covariance @ slopes.T, df, counts)


def _undefined(rows: BoolArray, columns: BoolArray, df: int) -> str:
    if columns.sum() < 2:  # noqa: PLR2004 – a comparison
        return ONE_GROUP
    if rows.sum() < 2:  # noqa: PLR2004
        return NO_VARIATION
    return NO_DEGREES_OF_FREEDOM if df < 1 else ""


def _interaction(rows: int, columns: int) -> FloatArray:
    """Contrasts (rc × (r - 1)(c - 1)) of the interaction, orthogonal to the main effects."""
    return np.asarray(np.kron(_centred(rows), _centred(columns)))


def _centred(size: int) -> FloatArray:
    return np.eye(size)[:, 1:] - 1 / size
