"""From values to places in the picture, and the round numbers along an axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.exporters.figures.values import Chart

_MOST_STEPS = 7
_LARGEST = 1e12
"""No share, coefficient or count is beyond it; what is cannot be drawn to scale."""
_SMALLEST_SPAN = 1e-9


def known(value: float | None) -> float | None:
    """`value` if it can be drawn, else None."""
    if value is None or not math.isfinite(value) or abs(value) > _LARGEST:
        return None
    return float(value)


def has_values(chart: Chart) -> bool:
    """Whether anything of `chart` can be drawn to scale."""
    return any(known(point.value) is not None for each in chart.series for point in each.points)


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from the value `low` at the place `start` to the value `high` at the place `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where `value` is; what is beyond an end is at that end."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Whether `value` is between the ends."""
        return self.low <= value <= self.high

    def ticks(self) -> tuple[float, ...]:
        """Multiples of 1, 2 or 5 times a power of ten, eight of them at most."""
        step, decimals = _step(self.high - self.low)
        first = math.ceil(self.low / step - _SMALLEST_SPAN)
        last = math.floor(self.high / step + _SMALLEST_SPAN)
        return tuple(round(place * step, decimals) + 0.0 for place in range(first, last + 1))

    def words(self, tick: float, unit: str) -> str:
        """A tick as it is printed."""
        _, decimals = _step(self.high - self.low)
        return with_unit(f"{tick:,.{decimals}f}", unit)


def with_unit(number: str, unit: str) -> str:
    """A number with a true minus sign and its unit."""
    return f"{number.replace('-', '−')} {unit}".rstrip()


def ends(chart: Chart, *, has_zero: bool) -> tuple[float, float]:
    """The ends of a chart's axis: its limits, and round numbers where it has none.

    Values and marks beyond the limits move them, intervals do not. With `has_zero` the axis
    begins or passes at zero.
    """
    points = [point for series in chart.series for point in series.points]
    fixed = _drawable((*(point.value for point in points), *(mark for mark, _ in chart.marks))) + (
        [0.0] if has_zero else []
    )
    free = _drawable(
        end for point in points if point.value is not None for end in (point.low, point.high)
    )
    wanted_low, wanted_high = (known(limit) for limit in chart.limits)
    low = min([*fixed, *(free if wanted_low is None else [wanted_low])], default=0.0)
    high = max([*fixed, *(free if wanted_high is None else [wanted_high])], default=low)
    low, high = min(low, high), max(low, high)
    if high - low < max(_SMALLEST_SPAN, abs(high) * _SMALLEST_SPAN):
        low, high = (low, low + 1) if wanted_high is None else (high - 1, high)
    step, _ = _step(high - low)
    return (
        low if low == wanted_low else math.floor(low / step + _SMALLEST_SPAN) * step,
        high if high == wanted_high else math.ceil(high / step - _SMALLEST_SPAN) * step,
    )


def _drawable(values: Iterable[float | None]) -> list[float]:
    return [value for each in values if (value := known(each)) is not None]


def _step(span: float) -> tuple[float, int]:
    """The distance of ticks over `span`, and how many decimals their numbers have."""
    least = span / _MOST_STEPS
    power = math.floor(math.log10(least))
    step = next(
        step
        for factor in (1, 2, 5, 10)
        if (step := factor * 10.0**power) >= least * (1 - _SMALLEST_SPAN)
    )
    return step, max(0, -math.floor(math.log10(step) + _SMALLEST_SPAN))
