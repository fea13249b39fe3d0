"""The best table of whole numbers: linear programmes, and branching where one is not whole.

The facts about a table are almost always such that the corners of what is possible are whole
numbers, so one linear programme is enough. `scipy.optimize.milp` is called without integer
variables throughout: with them the solver that comes with SciPy 1.17 may write to stdout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from qualcode.estimation.arrays import FloatArray, IntArray

_WHOLE = 1e-6
_MOST = 200


def least(goal: FloatArray, facts: Any, least_: FloatArray, most: FloatArray) -> FloatArray | None:
    """The x between `least_` and `most` that makes `goal` least; None if there is none.

    `facts` are a matrix and what its product with x lies between.
    """
    rules = [LinearConstraint(*facts)] if facts[0].shape[0] else []
    found = milp(goal, constraints=rules, bounds=Bounds(least_, most))
    return None if found.x is None else np.asarray(found.x)


def least_whole(
    goal: FloatArray, facts: Any, least_: FloatArray, most: FloatArray
) -> IntArray | None:
    """The same in whole numbers, by branch and bound (Land & Doig 1960).

    None, too, where 200 branches do not find one.
    """
    waiting, best, value = [(least_, most)], None, np.inf
    for _ in range(_MOST):
        if not waiting:
            break
        low, high = waiting.pop()
        found = least(goal, facts, low, high)
        if found is None or goal @ found >= value - _WHOLE:
            continue
        apart = np.abs(found - np.rint(found))
        if apart.max(initial=0) <= _WHOLE:
            best, value = np.rint(found).astype(np.int64), float(goal @ found)
            continue
        place = int(apart.argmax())
        below, above = high.copy(), low.copy()
        below[place], above[place] = np.floor(found[place]), np.ceil(found[place])
        waiting += [(low, below), (above, high)]
    return best
