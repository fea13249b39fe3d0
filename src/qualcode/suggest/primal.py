"""Ridge regression in its primal form, for more answers than a kernel of all pairs is good for.

The same model as `ridge`, by scikit-learn's conjugate gradients; the scores of coded answers are
held out by five folds instead of one by one, and α comes from the dual form on a part of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import Ridge  # type: ignore[import-untyped]

from qualcode.suggest.ridge import Fit, fit_dual

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from qualcode.suggest.rows import Rows

_FOLDS = 5
_TUNED_ON = 800
_STEPS = 60


def fit_primal(
    rows: Rows, targets: NDArray[np.float64], trust: NDArray[np.float64], coded: int, seed: int
) -> Fit:
    """Fit as `ridge.fit_dual` does, in time that grows with the number of rows."""
    random = np.random.default_rng(seed)
    some = np.append(random.permutation(coded)[:_TUNED_ON], np.arange(coded, len(rows)))
    alpha = fit_dual(rows.take(some), targets[some], trust[some], min(coded, _TUNED_ON)).alpha
    table = sparse.hstack([rows.sparse, sparse.csr_matrix(rows.dense)], format="csr")
    fold = np.append(random.permutation(coded) % _FOLDS, np.full(len(rows) - coded, _FOLDS))
    held_out = np.zeros((coded, targets.shape[1]))
    for number in range(_FOLDS):
        inside, outside = fold != number, np.flatnonzero(fold == number)
        weights = _solved(table[inside], targets[inside], trust[inside], alpha)
        held_out[outside] = table[outside] @ weights
    return Fit(_solved(table, targets, trust, alpha), alpha, held_out)


def _solved(
    table: Any, targets: NDArray[np.float64], trust: NDArray[np.float64], alpha: float
) -> NDArray[np.float32]:
    model = Ridge(alpha=alpha, fit_intercept=False, solver="sparse_cg", max_iter=_STEPS, tol=1e-3)
    found = model.fit(table.astype(np.float64), targets, sample_weight=trust).coef_
    return np.asarray(np.atleast_2d(found).T, dtype=np.float32)
