"""Trends: a line a series, from left to right, broken where a value is missing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qualcode.exporters.figures.legend import legend
from qualcode.exporters.figures.lettering import Label, fitted, width
from qualcode.exporters.figures.marks import (
    BODY,
    MARGIN,
    ROOM,
    SMALL,
    Panel,
    element,
    interval,
    line,
    marker,
    named,
    number,
    tick_label,
    words,
)
from qualcode.exporters.figures.palette import COLOURS, DASHES, GREY, GRID, INK
from qualcode.exporters.figures.scales import Scale, ends, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.figures.values import Chart

_HEIGHT = 280.0
_TOP = 12.0
_BESIDE = 10.0
_DODGE = 9.0
_NAME_ROOM = 150.0
_LINES = 3
_WORD_ROOM = 70.0
_LAST_NAME = 24.0
_BETWEEN_NAMES = 6.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: `left` to `right`, a `slot` a category, the values on `scale`."""

    left: float
    right: float
    slot: float
    dodge: float
    scale: Scale

    def x(self, category: int, series: int, n_series: int) -> float:
        """Where a point is: beside the others of its category, so that intervals stay apart."""
        aside = (series - (n_series - 1) / 2) * self.dodge
        return self.left + (category + 0.5) * self.slot + aside


def lines(chart: Chart) -> Iterator[Panel]:
    """The panels of a trend."""
    scale = Scale(*ends(chart, has_zero=False), _TOP + _HEIGHT, _TOP)
    names = _names(chart, scale)
    if not names:
        yield legend(chart)
    axis = fitted(chart.axis, ROOM, BODY, 2)
    yield Panel(axis.height, (words(axis, MARGIN, axis.height / 2),))
    layout = _layout(chart, scale, max((name.width for name in names), default=0))
    labels, height = _categories(chart, layout)
    yield Panel(
        _TOP + _HEIGHT + height + _BESIDE,
        (
            *_grid(chart, layout),
            *labels,
            *(_line(chart, layout, place) for place in range(len(chart.series))),
            *(mark for place in range(len(chart.series)) for mark in _points(chart, layout, place)),
            *_ends(chart, layout, names),
        ),
    )


def _layout(chart: Chart, scale: Scale, names: float) -> _Layout:
    ticks = (tick_label(scale, tick, chart.unit).width for tick in scale.ticks())
    left = MARGIN + max(ticks, default=0) + _BESIDE
    right = MARGIN + ROOM - (names + _BESIDE if names else _LAST_NAME)
    slot = (right - left) / len(chart.categories)
    return _Layout(left, right, slot, min(_DODGE, slot / (len(chart.series) + 1)), scale)


def _names(chart: Chart, scale: Scale) -> tuple[Label, ...]:
    """The names that stand at the ends of their lines; none where two would meet."""
    labels = tuple(fitted(series.name, _NAME_ROOM, BODY, 2) for series in chart.series)
    last = [known(series.points[-1].value) for series in chart.series]
    heights = [None if value is None else scale.at(value) for value in last]
    placed = sorted(
        (y, label.height) for y, label in zip(heights, labels, strict=True) if y is not None
    )
    meet = any(
        below - above < (height_above + height_below) / 2
        for (above, height_above), (below, height_below) in pairwise(placed)
    )
    if meet or len(placed) < len(labels) or any(label.full for label in labels):
        return ()
    return labels


def _grid(chart: Chart, layout: _Layout) -> Iterator[str]:
    scale, left, right = layout.scale, layout.left, layout.right
    for tick in scale.ticks():
        y = scale.at(tick)
        yield line(left, y, right, y, GRID)
        label = tick_label(scale, tick, chart.unit)
        yield words(label, left - _BESIDE / 2, y, anchor="end")
    yield line(left, scale.start, right, scale.start, GREY)
    for value, name in chart.marks:
        if known(value) is not None:
            y = scale.at(value)
            yield line(left, y, right, y, INK, dash="5 3")
            yield words(fitted(name, right - left, SMALL), left + 4, y - SMALL * 0.7)


def _categories(chart: Chart, layout: _Layout) -> tuple[list[str], float]:
    """The names under the axis, every second or third where the slots are narrow."""
    widest = max(
        width(word, SMALL) for name in chart.categories for word in (name[:80].split() or [""])
    )
    every = math.ceil((min(widest, _WORD_ROOM) + _BETWEEN_NAMES) / layout.slot)
    shown = [
        (place, fitted(name, layout.slot * every - _BETWEEN_NAMES, SMALL, _LINES))
        for place, name in enumerate(chart.categories)
        if place % every == 0
    ]
    y = layout.scale.start + _BESIDE / 2
    drawn = [
        words(label, layout.x(place, 0, 1), y + label.height / 2, anchor="middle")
        for place, label in shown
    ]
    return drawn, _BESIDE / 2 + max(label.height for _, label in shown)


def _line(chart: Chart, layout: _Layout, place: int) -> str:
    """The line of a series, in a piece for each stretch without a missing value."""
    path, is_open = "", False
    for category, point in enumerate(chart.series[place].points):
        value = known(point.value)
        if value is not None:
            x = layout.x(category, place, len(chart.series))
            path += f"{'L' if is_open else 'M'}{number(x)} {number(layout.scale.at(value))}"
        is_open = value is not None
    more = {"stroke_dasharray": DASHES[place]} if DASHES[place] else {}
    return element("path", d=path, fill="none", stroke=COLOURS[place], stroke_width=2.0, **more)


def _points(chart: Chart, layout: _Layout, place: int) -> Iterator[str]:
    series = chart.series[place]
    for category, point in enumerate(series.points):
        value = known(point.value)
        if value is None:
            continue
        x = layout.x(category, place, len(chart.series))
        name = ": ".join(filter(None, (series.name, chart.categories[category], point.words)))
        whisker = interval(point, layout.scale, x, is_upright=True, ink=COLOURS[place])
        yield named((whisker, marker(place, x, layout.scale.at(value))), name)


def _ends(chart: Chart, layout: _Layout, names: tuple[Label, ...]) -> Iterator[str]:
    for label, series in zip(names, chart.series, strict=False):
        value = known(series.points[-1].value)
        if value is not None:
            yield words(label, layout.right + _BESIDE, layout.scale.at(value))
