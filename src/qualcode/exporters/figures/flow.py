"""A flow: the stages one below the other, and to the right who went aside between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.exporters.figures.lettering import Label, fitted
from qualcode.exporters.figures.marks import (
    BODY,
    MARGIN,
    SMALL,
    WIDTH,
    Panel,
    box,
    element,
    line,
    number,
    words,
)
from qualcode.exporters.figures.palette import GREY, INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.figures.values import Flow, Stage

_BOX = 310.0
_MIDDLE = MARGIN + _BOX / 2
_ASIDE_X = MARGIN + _BOX + 40.0
_ASIDE = WIDTH - MARGIN - _ASIDE_X
_PADDING = 9.0
_GAP = 34.0
_AROUND_ASIDE = 12.0
_COUNT_ROOM = 120.0
_LABEL_LINES = 3
_BETWEEN = 5.0
_TIP = 7.0
_FILL = "#f2f5f9"


def flow(figure: Flow) -> Panel:
    """The picture of a flow that has stages."""
    drawn: list[str] = []
    y = 1.0
    for place, stage in enumerate(figure.stages):
        reasons = _reasons(stage)
        aside = sum(height for *_, height in reasons) + 2 * _PADDING - _BETWEEN
        gap = aside + 2 * _AROUND_ASIDE if reasons else _GAP if place else 0.0
        if gap:
            drawn.append(_arrow(_MIDDLE, y, _MIDDLE, y + gap))
        if reasons:
            drawn.append(_arrow(_MIDDLE, y + gap / 2, _ASIDE_X, y + gap / 2))
            drawn += _aside(reasons, y + _AROUND_ASIDE, aside)
        y += gap
        height, stage_drawn = _stage(stage, y)
        drawn += stage_drawn
        y += height
    return Panel(y + _PADDING, tuple(drawn))


def counted(n: int | None) -> str:
    """How many there are, with thousands set apart."""
    return "n not known" if n is None else f"n = {n:,}"


def _stage(stage: Stage, y: float) -> tuple[float, tuple[str, ...]]:
    name = fitted(stage.label, _BOX - 2 * _PADDING, BODY, _LABEL_LINES)
    count = fitted(counted(stage.n), _BOX - 2 * _PADDING, BODY)
    height = name.height + count.height + 2 * _PADDING
    below = y + _PADDING + name.height
    return height, (
        box(MARGIN, y, _BOX, height, fill=_FILL, stroke=INK, stroke_width=1.0),
        words(name, _MIDDLE, y + _PADDING + name.height / 2, anchor="middle"),
        words(count, _MIDDLE, below + count.height / 2, anchor="middle", style="bold"),
    )


def _reasons(stage: Stage) -> list[tuple[Label, Label, float]]:
    """The reasons, how many each, and the height of each with what is between."""
    reasons = []
    for reason, n in stage.aside:
        count = fitted(counted(n), _COUNT_ROOM, SMALL)
        room = _ASIDE - 3 * _PADDING - count.width
        name = fitted(reason, room, SMALL, _LABEL_LINES)
        reasons.append((name, count, max(name.height, count.height) + _BETWEEN))
    return reasons


def _aside(reasons: list[tuple[Label, Label, float]], y: float, height: float) -> Iterator[str]:
    yield box(_ASIDE_X, y, _ASIDE, height, fill=PAPER, stroke=GREY, stroke_width=1.0)
    y += _PADDING
    for name, count, space in reasons:
        yield words(name, _ASIDE_X + _PADDING, y + name.height / 2)
        yield words(count, WIDTH - MARGIN - _PADDING, y + count.height / 2, anchor="end")
        y += space


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """A line with a tip at its second end, downwards or to the right."""
    tip = (
        f"M{number(x2)} {number(y2)}l{number(-_TIP / 2)} {number(-_TIP)}h{number(_TIP)}z"
        if x1 == x2
        else f"M{number(x2)} {number(y2)}l{number(-_TIP)} {number(-_TIP / 2)}v{number(_TIP)}z"
    )
    return line(x1, y1, x2, y2, INK) + element("path", d=tip, fill=INK)
