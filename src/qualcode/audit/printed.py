"""A number as it was printed, with its decimals, and how a true value may have become it.

All arithmetic is in whole numbers and fractions: a rounding is decided, never approximated.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Rounding: TypeAlias = Literal["half-up", "half-even", "half-down", "truncation"]
ROUNDINGS: tuple[Rounding, ...] = ("half-up", "half-even", "half-down", "truncation")
"""To the nearest with ties away from zero, to the even digit or towards zero; and cut off.

Binary floating point takes some ties down that are exact in decimals: 0.15 to 0.1.
"""

_EVERY: frozenset[Rounding] = frozenset(ROUNDINGS)
_NEAREST: frozenset[Rounding] = frozenset({"half-up", "half-even", "half-down"})
_UP_AND_EVEN: frozenset[Rounding] = frozenset({"half-up", "half-even"})
_UP: frozenset[Rounding] = frozenset({"half-up"})


@dataclass(frozen=True, slots=True)
class Printed:
    """A number of `units` of its last decimal: 36.8 is 368 units with 1 decimal."""

    units: int
    decimals: int = 0

    @property
    def value(self) -> Fraction:
        """The number itself."""
        return Fraction(self.units, 10**self.decimals)

    @property
    def unit(self) -> Fraction:
        """What one more in the last decimal is worth."""
        return Fraction(1, 10**self.decimals)

    def __str__(self) -> str:
        if not self.decimals:
            return str(self.units)
        digits = str(abs(self.units)).rjust(self.decimals + 1, "0")
        sign = "-" if self.units < 0 else ""
        return f"{sign}{digits[: -self.decimals]}.{digits[-self.decimals :]}"


def parse_printed(text: str) -> Printed:
    """The number that `text` prints, with a point, a raised point or a comma before decimals.

    A comma before three digits groups thousands where digits stand before it.
    """
    text = text.replace("·", ".").replace("\u00a0", "").replace("'", "")
    whole, comma, rest = text.partition(",")
    groups = text.split(",")
    if comma and "." not in whole and whole and all(len(g.split(".")[0]) == 3 for g in groups[1:]):  # noqa: PLR2004
        text = "".join(groups)
    elif comma:
        text = f"{whole}.{rest}"
    digits, _, decimals = text.partition(".")
    return Printed(int((digits or "0") + decimals), len(decimals))


def rounded(value: Fraction, decimals: int, rounding: Rounding = "half-up") -> Printed:
    """`value`, which is not negative, printed with so many decimals."""
    units, upwards = _cut(value, decimals)
    return Printed(units + (rounding in upwards), decimals)


def explaining(printed: Printed, value: Fraction) -> frozenset[Rounding]:
    """The roundings under which `value` is printed as `printed`."""
    units, upwards = _cut(value, printed.decimals)
    above = printed.units - units
    if above == 0:
        return _EVERY - upwards
    return upwards if above == 1 else frozenset()


def _cut(value: Fraction, decimals: int) -> tuple[int, frozenset[Rounding]]:
    """Give the units of `value` with the rest cut off, and the roundings that give one more."""
    scaled = value.numerator * 10**decimals
    units, rest = divmod(scaled, value.denominator)
    if 2 * rest == value.denominator:
        return units, _UP_AND_EVEN if units % 2 else _UP
    return units, _NEAREST if 2 * rest > value.denominator else frozenset()
