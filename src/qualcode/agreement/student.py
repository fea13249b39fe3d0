"""Quantiles of Student's t for whole degrees of freedom, to ten digits and without scipy.

For whole degrees of freedom the distribution function is a finite sum (Abramowitz & Stegun
1964, 26.7.3 and 26.7.4), all of whose terms have one sign, so Newton's method on it gives every
digit that a float holds. From `_SERIES` degrees on, the expansion of Cornish and Fisher around
the normal quantile (26.7.5) is as good and takes no iteration: its first term left out is below
1e-12 there for the usual levels. Below, where it is not, it is where Newton's method starts.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_SERIES = 1000
_EXPANDED = 10
_STEPS = 100


@lru_cache(maxsize=4096)
def t_quantile(probability: float, df: int) -> float:
    """The value that Student's t with `df` degrees of freedom stays below with `probability`.

    `probability` lies between 0 and 1, both left out; `df` is 1 or more.
    """
    if probability < 0.5:  # noqa: PLR2004 – the distribution is symmetric
        return -t_quantile(1 - probability, df)
    z = NormalDist().inv_cdf(probability)
    if df == 1:
        return math.tan(math.pi * (probability - 0.5))
    if df >= _SERIES:
        return _expanded(z, df)
    start = _expanded(z, df) if df >= _EXPANDED else z
    return _newton(start, 2 * probability - 1, df)


def _newton(start: float, between: float, df: int) -> float:
    # The sum is concave in t > 0: one step may fall short of the quantile, none goes beyond it.
    scale = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    t = start
    for _ in range(_STEPS):
        density = math.exp(scale - (df + 1) / 2 * math.log1p(t * t / df))
        step = (between - _inside(t, df)) / (2 * density)
        t += step
        if abs(step) <= 1e-14 * t:
            break
    return t


def _inside(t: float, df: int) -> float:
    """Give the probability that Student's t lies between -t and t."""
    angle = math.atan2(t, math.sqrt(df))
    square = math.cos(angle) ** 2
    odd = df % 2
    term = total = (math.cos(angle) if df > 1 else 0.0) if odd else 1.0
    for k in range(2 + odd, df - 1, 2):
        term *= square * (k - 1) / k
        total += term
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total


def _expanded(z: float, df: int) -> float:
    s = z * z
    terms = (
        z * (s + 1) / 4,
        z * ((5 * s + 16) * s + 3) / 96,
        z * (((3 * s + 19) * s + 17) * s - 15) / 384,
        z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
    )
    return z + math.fsum(term / float(df) ** power for power, term in enumerate(terms, start=1))
