"""When a printed number agrees with a true one.

An exact number agrees when one of the roundings gives it. Words before a number widen it by the
house's rule: “about” by two and a half units of its last digit either way, “nearly” and “just
over” by five units on their side; “over”, “under”, “at least” and “at most” as they say.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from qualcode.audit.printed import ROUNDINGS, Printed, Rounding, explaining

if TYPE_CHECKING:
    from qualcode.audit.percents import Hedge

_EVERY: frozenset[Rounding] = frozenset(ROUNDINGS)
_ABOUT, _NEAR = Fraction(5, 2), 5
HEDGE_RULE = (
    "“about” 40 % is 37.5 to 42.5 %; “nearly” and “just over” reach 5 units of the last digit on "
    "their side; “over”, “under”, “at least” and “at most” mean what they say (the house's rule)"
)


def exact(value: float) -> Fraction:
    """A number of a study as a fraction, without the noise of its last binary digits."""
    return Fraction(value).limit_denominator(10**9)


def agreeing(printed: Printed, hedge: Hedge, value: Fraction) -> frozenset[Rounding]:
    """The roundings under which `printed`, after a `hedge`, may stand for `value`."""
    if not hedge:
        return explaining(printed, value)
    return _EVERY if _is_within(printed, hedge, value) else frozenset()


def same(one: Printed, other: Printed) -> bool:
    """Whether two printed numbers may be of one value: the shorter is the longer, rounded."""
    if one.decimals > other.decimals:
        one, other = other, one
    return bool(explaining(one, other.value))


def _is_within(printed: Printed, hedge: Hedge, value: Fraction) -> bool:
    low, high = Fraction(0), Fraction(100)
    at, unit = printed.value, printed.unit
    if hedge == "about":
        low, high = at - _ABOUT * unit, at + _ABOUT * unit
    elif hedge == "nearly":
        low, high = at - _NEAR * unit, at
    elif hedge == "just over":
        low, high = at, at + _NEAR * unit
    elif hedge in {"over", "at least"}:
        low = at
    else:
        high = at
    return low <= value <= high
