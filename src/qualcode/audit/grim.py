"""GRIM for percentages: whether there is a count that gives the number that was printed.

Of n respondents only n + 1 shares are possible; a printed percentage that none of them rounds to
cannot be one of n (Brown & Heathers 2017, Social Psychological and Personality Science 8(4),
363-369; there for means, of which a share is one). With d decimals the test can fail only while
n < 10^(d+2): above that every percentage is possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from qualcode.audit.printed import Printed, Rounding, explaining, rounded

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Fit:
    """The counts k of n that may have given a percentage, from `low` to `high`.

    `roundings` are those under which at least one of them does; both are empty, with `low` above
    `high`, where the percentage is impossible.
    """

    low: int
    high: int
    roundings: frozenset[Rounding]

    @property
    def is_possible(self) -> bool:
        """Whether any count gives the percentage."""
        return bool(self.roundings)

    @property
    def is_cut_off(self) -> bool:
        """Whether only cutting off digits explains it."""
        return self.roundings == frozenset({"truncation"})


_IMPOSSIBLE = Fit(1, 0, frozenset())


def share(k: int, n: int) -> Fraction:
    """The percentage that k of n is; n is positive."""
    return Fraction(100 * k, n)


@lru_cache(maxsize=10_000)
def fit(percent: Printed, n: int) -> Fit:
    """Which counts of `n` give `percent`; rounding to the nearest goes before cutting off."""
    if n < 1:
        return _IMPOSSIBLE
    scale = Fraction(n, 100 * 10**percent.decimals)
    nearest = _between(percent.units - _HALF, percent.units + _HALF, percent, scale, n)
    if nearest.is_possible:
        return nearest
    return _between(Fraction(percent.units), Fraction(percent.units + 1), percent, scale, n)


def says_something(percent: Printed, n: int) -> bool:
    """Whether the test can fail at all: whether some percentages of `n` are impossible."""
    possible = 10 ** (percent.decimals + 2)
    return n < int(possible)


def neighbours(percent: Printed, n: int) -> tuple[tuple[int, Printed], ...]:
    """The possible percentages of `n` next to `percent`, each with its count."""
    below = percent.units * n // (100 * 10**percent.decimals)
    counts = (k for k in (below, below + 1) if 0 <= k <= n)
    return tuple((k, rounded(share(k, n), percent.decimals)) for k in counts)


def _between(low: Fraction, high: Fraction, percent: Printed, scale: Fraction, n: int) -> Fit:
    """Fit the counts whose percentage lies from `low` to `high` units."""
    first = max(0, -(-(low * scale).numerator // (low * scale).denominator))
    last = min(n, (high * scale).numerator // (high * scale).denominator)
    fitting = [k for k in range(first, min(first + 3, last + 1)) if _explained(percent, k, n)]
    ending = [k for k in range(max(first, last - 2), last + 1) if _explained(percent, k, n)]
    if not fitting and not ending:
        return _IMPOSSIBLE
    found = frozenset().union(*(_explained(percent, k, n) for k in (*fitting, *ending)))
    return Fit(min(fitting or ending), max(ending or fitting), found)


def _explained(percent: Printed, k: int, n: int) -> frozenset[Rounding]:
    return explaining(percent, share(k, n))
