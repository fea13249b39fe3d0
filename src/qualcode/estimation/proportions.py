"""Shares of a count, unweighted: Wilson's and Clopper and Pearson's intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.estimation.distributions import NORMAL_95, beta_quantile
from qualcode.estimation.reasons import EMPTY_BASE
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALPHA = 0.05


def wilson(k: float, n: float) -> tuple[float, float]:
    """Wilson's (1927) 95 % interval of the share k / n; neither need be whole.

    Raises InputError unless 0 ≤ k ≤ n and n > 0.
    """
    _check(k, n)
    z, p = NORMAL_95, k / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)
    return (0.0 if k == 0 else low), (1.0 if k == n else high)


def clopper_pearson(k: float, n: float) -> tuple[float, float]:
    """Clopper and Pearson's (1934) exact 95 % interval of the share k / n; neither need be whole.

    Raises InputError unless 0 ≤ k ≤ n and n > 0.
    """
    _check(k, n)
    low = beta_quantile(_ALPHA / 2, k, n - k + 1) if k > 0 else 0.0
    high = beta_quantile(1 - _ALPHA / 2, k + 1, n - k) if k < n else 1.0
    return low, high


def share(k: int, n: int) -> Estimate:
    """The share k / n with Wilson's interval, without a value where n is 0."""
    if n == 0:
        return Estimate(reason=EMPTY_BASE)
    low, high = wilson(k, n)
    return Estimate(k / n, None, low, high)


def of_responses(counts: Sequence[int], counted: Sequence[bool]) -> list[float | None]:
    """The share of each count in the sum of those that are `counted`, None for the others.

    With the leaf themes of a question `counted` these are the *percent of responses*: they add to
    one, whereas the percents of cases (of respondents) need not. None for all where the sum is 0.
    """
    total = sum(count for count, is_counted in zip(counts, counted, strict=True) if is_counted)
    return [
        count / total if is_counted and total else None
        for count, is_counted in zip(counts, counted, strict=True)
    ]


def _check(k: float, n: float) -> None:
    if not (0 <= k <= n and n > 0 and math.isfinite(n)):
        raise InputError(f"{k} of {n} is no share", hint="give a count from 0 to n, n above 0")
