"""Which more cells to hide so that no hidden cell can be worked out.

A cell is protected when there are two tables, both in accord with everything printed, in which it
differs by a wanted width. Which cells have to be hidden for it is found by a linear programme
that weighs what each of them would have to move by what it costs to hide it (Kelly, Golden &
Assad 1992; Fischetti & Salazar 2001), less those without which it works as well. The two tables
are kept as witnesses: whatever is hidden later, they remain possible, so what is protected once
stays so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from qualcode.estimation.disclosure.whole import least

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.disclosure.published import Published

_LOOKS = 4
_NEGLIGIBLE = 1e-3
_MOVED = 1e-6


class Protection:
    """The cells of a table that are hidden, and how far apart their values are known to be.

    `hidden` (N) grows. `cost` (N) says how dear it is to hide a cell, infinite for one that must
    be printed; `width` (N) how far a hidden cell has to range. `low` and `high` (N) are the
    witnessed values.
    """

    def __init__(
        self, table: Published, hidden: BoolArray, cost: FloatArray, width: IntArray
    ) -> None:
        self.table, self.cost, self.width = table, cost, width
        self.hidden = hidden.copy()
        self.low, self.high = table.values.copy(), table.values.copy()

    def look_around(self, movable: IntArray) -> None:
        """Find tables that differ in many of the hidden `movable` cells, hiding nothing more."""
        cells = movable[self.hidden[movable]]
        if not cells.size:
            return
        known = self.table.among(cells)
        directions = np.random.default_rng(0).uniform(-1, 1, (_LOOKS, cells.size))
        for goal in (*directions, *-directions):
            found = known.table(goal)
            if found is not None:
                self._witness(cells, found)

    def protect(self, cell: int, movable: IntArray) -> bool:
        """Hide what it takes to protect a cell; False where it cannot be done.

        Only `movable` cells, the cell itself among them, are hidden or take other values.
        """
        already = movable[self.hidden[movable]]
        if self._is_protected(cell) or self._is_wide(cell, already):
            return True
        needed = self._needed(cell, movable)
        if needed is None or not self._is_wide(cell, np.union1d(already, needed)):
            return False
        for one in needed[np.argsort(-self.cost[needed], kind="stable")]:
            fewer = needed[needed != one]
            if self._is_wide(cell, np.union1d(already, fewer)):
                needed = fewer
        self.hidden[needed] = True
        return self._is_wide(cell, movable[self.hidden[movable]], keep=True)

    def _is_protected(self, cell: int) -> bool:
        return bool(self.high[cell] - self.low[cell] >= self.width[cell])

    def _is_wide(self, cell: int, moving: IntArray, *, keep: bool = False) -> bool:
        """Tell whether a cell would range far enough if only the cells `moving` were hidden."""
        place = int(np.searchsorted(moving, cell))
        low, high = self.table.among(moving).extremes(place)
        if keep or self.hidden[moving].all():
            self._witness(moving, low)
            self._witness(moving, high)
        return bool(high[place] - low[place] >= self.width[cell])

    def _witness(self, cells: IntArray, values: IntArray) -> None:
        self.low[cells] = np.minimum(self.low[cells], values)
        self.high[cells] = np.maximum(self.high[cells], values)

    def _needed(self, cell: int, movable: IntArray) -> IntArray | None:
        """Give cells to hide so that a cell can range far enough; None where nothing helps.

        The variables are what each cell gains in one table and loses in it, and the same for the
        other table.
        """
        cells = movable[self.hidden[movable] | np.isfinite(self.cost[movable])]
        known, width, size = self.table.among(cells), float(self.width[cell]), cells.size
        now = known.matrix @ known.values
        facts, nothing = known.matrix, sparse.csc_array(known.matrix.shape)
        apart = sparse.csc_array((cells == cell).astype(np.float64)[None, :])
        matrix = sparse.vstack(
            [
                sparse.hstack([facts, -facts, nothing, nothing]),
                sparse.hstack([nothing, nothing, facts, -facts]),
                sparse.hstack([apart, -apart, -apart, apart]),
            ]
        )
        low, high = known.low - now, known.high - now
        limits = np.concatenate([low, low, [width]]), np.concatenate([high, high, [np.inf]])
        cost = np.where(self.hidden[cells], _NEGLIGIBLE, self.cost[cells])
        gain, loss = np.full(size, width), np.minimum(known.values, width)
        most = np.concatenate([gain, loss, gain, loss])
        found = least(np.tile(cost, 4), (matrix, *limits), np.zeros(4 * size), most)
        if found is None:
            return None
        moved = found.reshape(4, size).max(axis=0) > _MOVED
        needed: IntArray = cells[moved & ~self.hidden[cells]]
        return needed


def protect_all(
    protection: Protection, sensitive: Sequence[int], families: Sequence[IntArray] = ()
) -> list[int]:
    """Protect the `sensitive` cells and those that are hidden for their sake.

    A family are cells, in order, that may be hidden or moved for any of them that is in no other
    family; where these do not suffice, and for all other cells, everything is tried. Returns the
    cells for which nothing helps.
    """
    everything = np.arange(protection.table.values.size)
    for family in families or [everything]:
        protection.look_around(family)
    near: dict[int, IntArray] = {}
    for family in families:
        near |= {cell: everything if cell in near else family for cell in family.tolist()}
    waiting, failed = list(dict.fromkeys(sensitive)), []
    while waiting:
        cell = waiting.pop(0)
        before = protection.hidden.copy()
        done = protection.protect(cell, near.get(cell, everything))
        if not done and not protection.protect(cell, everything):
            failed.append(cell)
        waiting += np.flatnonzero(protection.hidden & ~before).tolist()
    return failed
