"""Which cells to hide of a table whose rows and columns add up: typologies, statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError
from qualcode.estimation.disclosure.protection import Protection, protect_all
from qualcode.estimation.disclosure.published import published

if TYPE_CHECKING:
    import numpy.typing as npt

    from qualcode.estimation.arrays import BoolArray
    from qualcode.estimation.disclosure.published import Published


def suppress_counts(counts: npt.ArrayLike, threshold: int = 5) -> BoolArray:
    """Which cells of a table of counts to hide, its margins being printed ((r + 1) × (c + 1)).

    The last row and column of the result are the margins, its last cell the grand total, which is
    always printed. Every hidden cell is left a range of whole numbers `threshold` wide or more;
    where that cannot be done, the table being too small, everything but the grand total is
    hidden. Raises InputError for anything but a table of counts, and a threshold below 2.
    """
    table = np.asarray(counts)
    if table.ndim != 2 or table.dtype.kind not in "iu" or (table < 0).any() or threshold < 2:  # noqa: PLR2004
        raise InputError("a table of counts and a threshold above 1 are needed")
    whole = with_margins(table)
    hidden = (whole > 0) & (whole < threshold)
    hidden[-1, -1] = False
    cost = whole.ravel() + np.float64(1)
    cost[-1] = np.inf
    width = np.full(whole.size, threshold)
    protection = Protection(additive(table), hidden.ravel(), cost, width)
    sensitive = sorted(np.flatnonzero(hidden).tolist(), key=lambda cell: -int(whole.flat[cell]))
    if protect_all(protection, sensitive):
        protection.hidden[:-1] = True
    return protection.hidden.reshape(whole.shape)


def additive(counts: npt.ArrayLike) -> Published:
    """A table of counts with its margins, row after row, and that they add up."""
    whole = with_margins(np.asarray(counts))
    cell = np.arange(whole.size).reshape(whole.shape)
    facts = [
        ({int(line[-1]): 1} | dict.fromkeys(line[:-1].tolist(), -1), 0.0, 0.0)
        for line in (*cell, *cell.T)
    ]
    return published(whole.ravel().tolist(), facts)


def with_margins(table: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """The table with its row sums, column sums and grand total."""
    right = np.column_stack([table, table.sum(axis=1)])
    return np.vstack([right, right.sum(axis=0)])
