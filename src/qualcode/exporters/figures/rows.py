"""Bars and dots: a row a category, the values along it, what they are in words at its end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from qualcode.exporters.figures.legend import fill, legend
from qualcode.exporters.figures.lettering import Label, fitted
from qualcode.exporters.figures.marks import (
    BODY,
    MARGIN,
    ROOM,
    SMALL,
    WIDTH,
    Panel,
    box,
    interval,
    line,
    marker,
    named,
    tick_label,
    words,
)
from qualcode.exporters.figures.palette import GREY, GRID, INK, PAPER
from qualcode.exporters.figures.scales import Scale, ends, has_values, known
from qualcode.exporters.figures.wording import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.figures.values import Chart, Point

_LABEL_ROOM = 230.0
_LABEL_LINES = 3
_WORDS_ROOM = 180.0
_BESIDE = 10.0
_ONE_BAR, _OF_SEVERAL = 20.0, 16.0
_BETWEEN_ROWS = 10.0
_BETWEEN_BARS = 2.0
_MARK_LINE = 15.0
_MARK_GAP = 6.0
_TICK_HEIGHT = 22.0


@dataclass(frozen=True, slots=True)
class _Row:
    """A category: its label, its points, and where its middle and its end are."""

    name: str
    label: Label
    points: tuple[Point, ...]
    middle: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Mark:
    """A reference value: its name, where its line is, where the name stands, and how high."""

    label: Label
    x: float
    name_x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand; the rows begin at `top` and end at `bottom`."""

    rows: tuple[_Row, ...]
    scale: Scale
    marks: tuple[_Mark, ...]
    pitch: float
    top: float
    bottom: float


def rows(chart: Chart, key: str) -> Iterator[Panel]:
    """The panels of a bar chart or a dot plot; `key` begins the ids of its hatches."""
    yield legend(chart, key)
    layout = _layout(chart)
    values = tuple(element for row in layout.rows for element in _row(chart, layout, row, key))
    if not has_values(chart):
        yield Panel(layout.bottom, values)
        return
    axis = fitted(chart.axis, _axis_room(layout.scale), BODY, 2)
    below = layout.bottom + _TICK_HEIGHT
    middle = (layout.scale.start + layout.scale.end) / 2
    yield Panel(
        below + axis.height + _BETWEEN_ROWS,
        (
            *_grid(chart, layout),
            *values,
            *_references(layout),
            words(axis, middle, below + axis.height / 2, anchor="middle"),
        ),
    )


def _layout(chart: Chart) -> _Layout:
    labels = [fitted(name, _LABEL_ROOM, BODY, _LABEL_LINES) for name in chart.categories]
    scale = _scale(chart, MARGIN + max(label.width for label in labels) + _BESIDE)
    marks = _marks(chart, scale)
    top = max((mark.y for mark in marks), default=-_MARK_GAP) + _MARK_GAP
    pitch = _ONE_BAR if len(chart.series) == 1 else _OF_SEVERAL
    heights = [_BETWEEN_ROWS + max(pitch * len(chart.series), label.height) for label in labels]
    bottoms = list(accumulate(heights, initial=top))
    points = zip(*(series.points for series in chart.series), strict=True)
    return _Layout(
        tuple(
            _Row(name, label, of_row, above + height / 2, above + height)
            for name, label, of_row, above, height in zip(
                chart.categories, labels, points, bottoms[:-1], heights, strict=True
            )
        ),
        scale,
        marks,
        pitch,
        top,
        bottoms[-1],
    )


def _scale(chart: Chart, start: float) -> Scale:
    """The scale from `start` to where the words begin, the numbers at its ends in the picture."""
    low, high = ends(chart, has_zero=chart.kind == "bars")
    printed = (
        fitted(point.words, _WORDS_ROOM, SMALL).width
        for series in chart.series
        for point in series.points
        if known(point.value) is not None
    )
    halves = [tick_label(Scale(low, high, 0, 1), end, chart.unit).width / 2 for end in (low, high)]
    aside = max(max(printed, default=0) + _BESIDE, halves[1])
    return Scale(low, high, max(start, MARGIN + halves[0]), MARGIN + ROOM - aside)


def _marks(chart: Chart, scale: Scale) -> tuple[_Mark, ...]:
    """The names of the reference values, in as many lines as keep them apart."""
    marks: list[_Mark] = []
    free: list[float] = []
    for value, name in sorted(mark for mark in chart.marks if known(mark[0]) is not None):
        x = scale.at(value)
        label = fitted(name, _WORDS_ROOM, SMALL)
        half = label.width / 2
        name_x = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
        level = next((k for k, end in enumerate(free) if end <= name_x - half), len(free))
        free[level : level + 1] = [name_x + half + _BESIDE]
        marks.append(_Mark(label, x, name_x, _MARK_LINE * (level + 0.5)))
    return tuple(marks)


def _row(chart: Chart, layout: _Layout, row: _Row, key: str) -> Iterator[str]:
    yield words(row.label, layout.scale.start - _BESIDE, row.middle, anchor="end")
    first = row.middle - layout.pitch * (len(row.points) - 1) / 2
    for place, (series, point) in enumerate(zip(chart.series, row.points, strict=True)):
        y = first + place * layout.pitch
        value = known(point.value)
        if value is None:
            yield _reason(point, layout.scale, y)
            continue
        mark = (
            _bar(value, layout, y, fill(place, key))
            if chart.kind == "bars"
            else marker(place, layout.scale.at(value), y)
        )
        whisker = interval(point, layout.scale, y)
        name = ": ".join(filter(None, (row.name, series.name, point.words)))
        yield named((mark, whisker) if chart.kind == "bars" else (whisker, mark), name)
        printed = fitted(point.words, _WORDS_ROOM, SMALL)
        yield words(printed, MARGIN + ROOM, y, anchor="end")


def _bar(value: float, layout: _Layout, y: float, paint: str) -> str:
    zero, end = layout.scale.at(0), layout.scale.at(value)
    height = layout.pitch - _BETWEEN_BARS
    return box(
        min(zero, end),
        y - height / 2,
        abs(end - zero),
        height,
        fill=paint,
        stroke=INK,
        stroke_width=0.75,
    )


def _reason(point: Point, scale: Scale, y: float) -> str:
    x = scale.start + _BESIDE
    label = fitted(point.words or NO_VALUE, MARGIN + ROOM - x, SMALL)
    paper = box(x - 2, y - label.height / 2, label.width + 4, label.height, fill=PAPER)
    return paper + words(label, x, y, style="missing")


def _grid(chart: Chart, layout: _Layout) -> Iterator[str]:
    scale, top, bottom = layout.scale, layout.top, layout.bottom
    for row in layout.rows:
        y = row.middle if len(row.points) == 1 else row.bottom
        if chart.kind == "dots" and y < bottom:
            yield line(scale.start, y, scale.end, y, GRID)
    labels = [tick_label(scale, tick, chart.unit) for tick in scale.ticks()]
    widest = max((label.width for label in labels), default=0) + _BESIDE
    every = 1 + int(widest * max(0, len(labels) - 1) / (scale.end - scale.start))
    for place, (tick, label) in enumerate(zip(scale.ticks(), labels, strict=True)):
        x = scale.at(tick)
        yield line(x, top, x, bottom, GRID)
        if place % every == 0:
            yield words(label, x, bottom + _TICK_HEIGHT / 2, anchor="middle")
    yield line(scale.start, bottom, scale.end, bottom, GREY)
    if scale.holds(0):
        yield line(scale.at(0), top, scale.at(0), bottom, GREY)


def _references(layout: _Layout) -> Iterator[str]:
    for mark in layout.marks:
        yield line(mark.x, mark.y, mark.x, layout.bottom, INK, dash="5 3")
    for mark in layout.marks:
        left, height = mark.name_x - mark.label.width / 2, mark.label.height
        yield box(left, mark.y - height / 2, mark.label.width, height, fill=PAPER)
        yield words(mark.label, mark.name_x, mark.y, anchor="middle")


def _axis_room(scale: Scale) -> float:
    """The widest that a label around the middle of the axis may be."""
    middle = (scale.start + scale.end) / 2
    return 2 * min(middle - MARGIN, MARGIN + ROOM - middle)
