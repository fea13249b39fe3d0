"""A figure in words for those who do not see it, and as a table for those who calculate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from qualcode.exporters.figures.lettering import clean
from qualcode.exporters.figures.scales import known, with_unit
from qualcode.exporters.figures.values import Flow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.exporters.figures.values import Chart, Figure, Point

    _Placed: TypeAlias = tuple[str, str, Point]

NO_VALUE = "no value"
_KINDS = {"bars": "Bar chart", "dots": "Dot plot", "lines": "Line chart"}
_LONGEST_NAME = 150
_LONGEST_NOTE = 600
_MOST_CATEGORIES = 12
_MOST_VALUES = 48
_MOST_MISSING = 12
_MOST_NOTED = 6
_DIGITS = 3


def alt_text(figure: Figure) -> str:
    """What `figure` shows, in sentences of plain text.

    Up to twelve categories, every value is told; of more, the largest and the smallest.
    """
    sentences = _of_flow(figure) if isinstance(figure, Flow) else _of_chart(figure)
    note = [_name(figure.note, _LONGEST_NOTE)] if figure.note.strip() else []
    return " ".join(_sentence(text) for text in (*sentences, *note))


def data_of(figure: Figure) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The columns and rows of what `figure` shows, for a table: numbers in full, no value empty."""
    if isinstance(figure, Flow):
        return ("stage", "aside", "n"), tuple(
            row
            for stage in figure.stages
            for row in (
                *((stage.label, reason, str(n)) for reason, n in stage.aside),
                (stage.label, "", "" if stage.n is None else str(stage.n)),
            )
        )
    return ("series", "category", "value", "low", "high", "words"), tuple(
        (series, category, *map(_exact, (point.value, point.low, point.high)), point.words)
        for series, category, point in _points(figure)
    )


def missing_note(figure: Figure) -> str:
    """What a trend leaves out, in a sentence that stands below it: its lines only break."""
    if isinstance(figure, Flow) or figure.kind != "lines":
        return ""
    several = len(figure.series) > 1
    missing = [
        f"{f'{_name(series)}, ' if several else ''}{_name(category)} ({_reason(point)})"
        for series, category, point in _points(figure)
        if known(point.value) is None
    ]
    return f"Not shown: {_listed(missing, _MOST_NOTED)}." if missing else ""


def _of_chart(chart: Chart) -> Iterator[str]:
    yield f"{_KINDS[chart.kind]}: {_name(chart.title)}"
    yield _about(chart)
    there = [each for each in _points(chart) if known(each[2].value) is not None]
    yield from _extremes(chart, there)
    if len(chart.categories) <= _MOST_CATEGORIES and len(there) <= _MOST_VALUES:
        yield from _all_values(chart, there)
    missing = [
        f"{_place(chart, series, category)} ({_reason(point)})"
        for series, category, point in _points(chart)
        if known(point.value) is None
    ]
    if missing:
        yield f"Without a value: {_listed(missing, _MOST_MISSING)}"
    if chart.marks:
        marks = (f"{_name(name)} at {_number(chart, value)}" for value, name in chart.marks)
        yield f"Dashed lines: {'; '.join(marks)}"


def _about(chart: Chart) -> str:
    """What the values are, and how many categories and series there are."""
    n = len(chart.categories)
    about = _name(chart.axis) + (f", in {_name(chart.unit)}" if chart.unit.strip() else "")
    parts = f"{n} {'category' if n == 1 else 'categories'}"
    if len(chart.series) > 1:
        names = "; ".join(_name(series.name) for series in chart.series)
        parts += f" in {len(chart.series)} series ({names})"
    return f"{about}: {parts}" if about else parts


def _extremes(chart: Chart, there: Sequence[_Placed]) -> Iterator[str]:
    """The largest and the smallest value, the first of several that are alike."""
    if not there:
        yield "No value is shown"
        return
    most, least = max(there, key=_size), min(there, key=_size)
    if len(there) > 1 and _size(most) == _size(least):
        yield f"All {len(there)} values are {_number(chart, most[2].value)}"
        return
    named = [("largest", most), ("smallest", least)] if len(there) > 1 else [("only value", most)]
    for name, (series, category, point) in named:
        yield f"The {name}: {_place(chart, series, category)}, {_value(chart, point)}"


def _all_values(chart: Chart, there: Sequence[_Placed]) -> Iterator[str]:
    """A sentence for each series that has values."""
    for name in dict.fromkeys(series for series, *_ in there):
        whose = f" of {_name(name)}" if len(chart.series) > 1 else ""
        told = (
            f"{_name(category)}: {_value(chart, point)}"
            for series, category, point in there
            if series == name
        )
        yield f"All values{whose}: {'; '.join(told)}"


def _size(placed: _Placed) -> float:
    return known(placed[2].value) or 0.0


def _of_flow(figure: Flow) -> Iterator[str]:
    yield f"Flow chart: {_name(figure.title)}"
    if not figure.stages:
        yield "No stage is shown"
    for place, stage in enumerate(figure.stages):
        before = "then " if place else ""
        aside = ", ".join(f"{_name(reason)} ({n:,})" for reason, n in stage.aside)
        left = f"; before it went aside: {aside}" if aside else ""
        n = "number not known" if stage.n is None else f"{stage.n:,}"
        yield f"{before}{_name(stage.label)}: {n}{left}"


def _points(chart: Chart) -> Iterator[_Placed]:
    for series in chart.series:
        for category, point in zip(chart.categories, series.points, strict=True):
            yield series.name, category, point


def _place(chart: Chart, series: str, category: str) -> str:
    several = len(chart.series) > 1
    return f"{_name(category)}, {_name(series)}" if several else _name(category)


def _value(chart: Chart, point: Point) -> str:
    """The words of a point, or its number where they hold none; then its interval."""
    printed = _name(point.words)
    number = _number(chart, point.value)
    if not any(letter.isdigit() for letter in printed):
        printed = f"{number} ({printed})" if printed else number
    if known(point.low) is None or known(point.high) is None:
        return printed
    return f"{printed}, interval {_number(chart, point.low)} to {_number(chart, point.high)}"


def _number(chart: Chart, value: float | None) -> str:
    """Three digits of a number, all of those before its point."""
    if (shown := known(value)) is None:
        return "not known"
    size = math.floor(math.log10(abs(shown))) if shown else 0
    text = f"{shown:,.{max(0, _DIGITS - 1 - size)}f}"
    return with_unit(text.rstrip("0").rstrip(".") if "." in text else text, _name(chart.unit))


def _reason(point: Point) -> str:
    return _name(point.words) or NO_VALUE


def _exact(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else repr(float(value))


def _listed(items: Sequence[str], most: int) -> str:
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return "; ".join(items[:most]) + more


def _name(text: str, longest: int = _LONGEST_NAME) -> str:
    """`text` as it can stand in a sentence: one line, and not a page of it."""
    line = " ".join(clean(text[: 2 * longest]).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _sentence(text: str) -> str:
    start = text[:1].upper() + text[1:]
    return start if start.endswith((".", "!", "?", "…")) else f"{start}."
