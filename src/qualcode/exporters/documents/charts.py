"""Charts of Excel, drawn by it from numbers in cells.

Names, titles and categories are taken from cells, too: XlsxWriter would read a text of its own kind
as a formula.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qualcode.exporters.documents.sheets import seen, write_cell, write_lines, write_row
from qualcode.exporters.xlsx import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from qualcode.exporters.figures import Chart, Point, Series

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Told apart by colour-blind readers (Okabe and Ito 2008)."""

_WIDTH, _LEAST, _BAR, _AROUND = 720, 320, 22, 120
"""Pixels: of a chart, of its least height, of a bar, and of what is above and below the bars."""

_BESIDE = ("low", "high", "below", "above", "")
"""The heads of the columns beside the values of a series; the last are words."""

_BELOW = 1 + _BESIDE.index("below")

_NAMES, _ENDS = 28, 10
"""Characters that columns of names and of numbers have."""


def write_chart(book: Workbook, sheet: Worksheet, chart: Chart, alt_text: str) -> int:
    """Write the values of `chart` and their picture, and count the cells that were cut."""
    plain, beside = book.add_format(), book.add_format({"indent": 1})
    columns = ["", *(name for one in chart.series for name in (one.name, *_BESIDE))]
    bold = book.add_format({"bold": True, "bottom": 1, "align": "right"})
    cut = write_row(sheet, 0, columns, [bold] * len(columns))
    cut += write_lines(sheet, 1, chart.categories, plain)
    for place, series in enumerate(chart.series):
        cut += _write_series(sheet, _column(place), series, beside)
    marks = (f"{name}: {value}" for value, name in chart.marks)
    words = (chart.title, chart.axis, *marks, chart.note)
    below = len(chart.categories) + 2
    cut += write_lines(sheet, below, words, plain)
    sheet.set_column(0, 0, _NAMES)
    sheet.set_column(1, len(columns) - 1, _ENDS)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    if chart.categories and chart.series:
        _draw(book, sheet, chart, below, fitting(seen(alt_text))[0])
    return cut


def _column(place: int) -> int:
    """Where a series begins: its values, and what stands beside them."""
    return 1 + (1 + len(_BESIDE)) * place


def _write_series(sheet: Worksheet, column: int, series: Series, beside: Format) -> int:
    cut = 0
    for row, point in enumerate(series.points, 1):
        for at, value in enumerate(_numbers(point), column):
            if value is not None:
                sheet.write_number(row, at, value)
        cut += write_cell(sheet, row, column + len(_BESIDE), point.words, beside)
    return cut


def _numbers(point: Point) -> tuple[float | None, ...]:
    """Give value, low and high end, and how far these are below and above the value."""
    value, low, high = map(_known, (point.value, point.low, point.high))
    return (value, low, high, _between(low, value), _between(value, high))


def _known(value: float | None) -> float | None:
    """A value that a cell can hold as a number."""
    return value if value is not None and math.isfinite(value) else None


def _draw(book: Workbook, sheet: Worksheet, chart: Chart, below: int, alt_text: str) -> None:
    is_bars = chart.kind == "bars"
    drawn = book.add_chart({"type": "bar" if is_bars else "line"})
    for place, series in enumerate(chart.series):
        drawn.add_series(_series(sheet.name, chart, place, series))
    low, high = chart.limits
    values: dict[str, Any] = {
        "name": [sheet.name, below + 1, 0],
        "min": low,
        "max": high,
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
    # The first category stands at the top, and the values all the same below.
    categories = {"reverse": True, "label_position": "low"} if is_bars else {}
    drawn.set_x_axis({**values, "label_position": "high"} if is_bars else categories)
    drawn.set_y_axis(categories if is_bars else values)
    drawn.set_title({"name": [sheet.name, below, 0], "name_font": {"size": 12}})
    drawn.set_legend({"position": "bottom", "none": len(chart.series) < 2})  # noqa: PLR2004
    n_bars = len(chart.categories) * len(chart.series) if is_bars else 0
    drawn.set_size({"width": _WIDTH, "height": max(_LEAST, _AROUND + _BAR * n_bars)})
    where = _column(len(chart.series)) + 1
    sheet.insert_chart(1, where, drawn, {"description": alt_text, "object_position": 3})


def _series(name: str, chart: Chart, place: int, series: Series) -> dict[str, Any]:
    column, last, colour = _column(place), len(chart.categories), _COLOURS[place % len(_COLOURS)]
    filled = {"fill": {"color": colour}, "border": {"none": True}, "gap": 60}
    marked = {
        "marker": {"type": "circle", "size": 6, "fill": {"color": colour}},
        "line": {"none": True} if chart.kind == "dots" else {"color": colour, "width": 1.75},
    }
    return {
        "name": [name, 0, column],
        "categories": [name, 1, 0, last, 0],
        # With a space at its end no label is kept as a number.
        "categories_data": [f"{seen(label)} " for label in chart.categories],
        "values": [name, 1, column, last, column],
        "y_error_bars": _errors(name, column, series.points),
        **(filled if chart.kind == "bars" else marked),
    }


def _errors(sheet: str, column: int, points: Sequence[Point]) -> dict[str, Any] | None:
    if all(point.low is None and point.high is None for point in points):
        return None
    return {
        "type": "custom",
        "minus_values": _range(sheet, column + _BELOW, len(points)),
        "plus_values": _range(sheet, column + _BELOW + 1, len(points)),
    }


def _range(sheet: str, column: int, rows: int) -> str:
    from xlsxwriter.utility import quote_sheetname, xl_range_abs  # noqa: PLC0415

    return f"={quote_sheetname(sheet)}!{xl_range_abs(1, column, rows, column)}"


def _between(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else max(0.0, high - low)
