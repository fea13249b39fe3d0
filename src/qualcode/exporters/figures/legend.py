"""Which colour and which second sign stand for which series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.exporters.figures.lettering import fitted
from qualcode.exporters.figures.marks import (
    BODY,
    MARGIN,
    ROOM,
    Panel,
    box,
    element,
    line,
    marker,
    words,
)
from qualcode.exporters.figures.palette import COLOURS, DASHES, HATCH_INKS, HATCHES, INK

if TYPE_CHECKING:
    from qualcode.exporters.figures.values import Chart

_TILE = 8
_SWATCHES = {"bars": 28.0, "dots": 12.0, "lines": 32.0}
_AFTER_SWATCH = 7.0
_BETWEEN = 20.0
_PITCH = 20.0
_NAME_ROOM = ROOM / 2 - 50.0


def patterns(chart: Chart, key: str) -> tuple[str, ...]:
    """The hatches of a bar chart's series, from the third on."""
    return tuple(
        element(
            "pattern",
            box(0, 0, _TILE, _TILE, fill=COLOURS[place])
            + element(
                "path",
                d=HATCHES[place],
                stroke=HATCH_INKS[place],
                stroke_width=1.3,
                fill="none",
            ),
            id=f"{key}-hatch-{place}",
            width=_TILE,
            height=_TILE,
            patternUnits="userSpaceOnUse",
        )
        for place in range(len(chart.series))
        if HATCHES[place]
    )


def fill(place: int, key: str) -> str:
    """How the bars of the series at `place` are filled."""
    return f"url(#{key}-hatch-{place})" if HATCHES[place] else COLOURS[place]


def legend(chart: Chart, key: str = "") -> Panel:
    """The names of the series beside their signs; nothing where there is only one."""
    if len(chart.series) == 1:
        return Panel(0, ())
    elements, x, y = [], MARGIN, _PITCH / 2
    swatch = _SWATCHES[chart.kind]
    for place, series in enumerate(chart.series):
        name = fitted(series.name, _NAME_ROOM, BODY)
        width = swatch + _AFTER_SWATCH + name.width
        if x > MARGIN and x + width > MARGIN + ROOM:
            x, y = MARGIN, y + _PITCH
        elements.append(_sign(chart, place, key, x, y))
        elements.append(words(name, x + swatch + _AFTER_SWATCH, y))
        x += width + _BETWEEN
    return Panel(y + _PITCH, tuple(elements))


def _sign(chart: Chart, place: int, key: str, x: float, y: float) -> str:
    swatch = _SWATCHES[chart.kind]
    middle = x + swatch / 2
    if chart.kind == "bars":
        return box(x, y - 6, swatch, 12, fill=fill(place, key), stroke=INK, stroke_width=0.75)
    if chart.kind == "dots":
        return marker(place, middle, y)
    stroke = line(x, y, x + swatch, y, COLOURS[place], dash=DASHES[place], width=2)
    return stroke + marker(place, middle, y)
