"""What a picture is made of: elements of SVG as text, and panels that stand one below the other."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.exporters.figures.lettering import LEADING, Label, clean, fitted
from qualcode.exporters.figures.palette import COLOURS, GREY, INK, PAPER, SHAPES
from qualcode.exporters.figures.scales import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.exporters.figures.scales import Scale
    from qualcode.exporters.figures.values import Point

WIDTH = 720.0
MARGIN = 16.0
ROOM = WIDTH - 2 * MARGIN
TITLE, BODY, SMALL = 15.0, 12.0, 11.0

Anchor: TypeAlias = Literal["start", "middle", "end"]
Style: TypeAlias = Literal["plain", "bold", "missing"]

_STYLES: dict[Style, dict[str, str]] = {
    "plain": {"fill": INK},
    "bold": {"fill": INK, "font-weight": "600"},
    "missing": {"fill": GREY, "font-style": "italic"},
}
_BASELINE = 0.35
_TICK_ROOM = 150.0
_CAP = 4.0
_HALO = 3.5
_WHISKER = 1.5


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a picture as wide as the picture: its elements, drawn from the top at 0."""

    height: float
    elements: tuple[str, ...]


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """An element of SVG; `content` is SVG already, the attributes are not.

    An underscore in the name of an attribute stands for its hyphen.
    """
    written = "".join(
        f' {key.replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def number(value: float) -> str:
    """A place or a length, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def group(elements: Sequence[str], **attributes: str | float) -> str:
    """Elements that belong together."""
    return element("g", "\n".join(elements), **attributes)


def named(elements: Sequence[str], name: str) -> str:
    """Elements that show `name` under the pointer."""
    return group((titled(name), *elements))


def titled(text: str) -> str:
    """The title of the element that it stands in."""
    return element("title", escape(clean(text)))


def words(
    label: Label, x: float, y: float, *, anchor: Anchor = "start", style: Style = "plain"
) -> str:
    """A label whose lines stand around the height `y`; nothing for one without lines."""
    if not label.lines:
        return ""
    leading = label.size * LEADING
    first = y + label.size * _BASELINE - (len(label.lines) - 1) * leading / 2
    lines = "".join(
        element("tspan", escape(line), x=x, y=first + place * leading)
        for place, line in enumerate(label.lines)
        if line
    )
    full = titled(label.full) if label.full else ""
    return element("text", full + lines, font_size=label.size, text_anchor=anchor, **_STYLES[style])


def tick_label(scale: Scale, tick: float, unit: str) -> Label:
    """The number and the unit of a tick."""
    return fitted(scale.words(tick, unit), _TICK_ROOM, SMALL)


def line(
    x1: float, y1: float, x2: float, y2: float, ink: str, *, dash: str = "", width: float = 1.0
) -> str:
    """A straight line."""
    more = {"stroke_dasharray": dash} if dash else {}
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=ink, stroke_width=width, **more)


def box(x: float, y: float, width: float, height: float, **attributes: str | float) -> str:
    """A rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def marker(place: int, x: float, y: float) -> str:
    """The shape of the series at `place`, in its colour."""
    return element(
        "path",
        d=SHAPES[place],
        transform=f"translate({number(x)} {number(y)})",
        fill=COLOURS[place],
        stroke=PAPER,
        stroke_width=1.0,
        paint_order="stroke",
    )


def interval(
    point: Point, scale: Scale, across: float, *, is_upright: bool = False, ink: str = INK
) -> str:
    """The interval of a point that has a value, on a halo: it is seen on every colour.

    An end beyond the scale has no cap; an end that is not known is the value.
    """
    value, low, high = known(point.value), known(point.low), known(point.high)
    if value is None or (low is None and high is None):
        return ""
    ends = (value if low is None else low, value if high is None else high)
    start, end = (number(scale.at(each)) for each in ends)
    side, cap = number(across), number(across - _CAP)
    path = f"M{side} {start}V{end}" if is_upright else f"M{start} {side}H{end}"
    for each in ends:
        if scale.holds(each):
            at = number(scale.at(each))
            path += f"M{cap} {at}h{2 * _CAP:g}" if is_upright else f"M{at} {cap}v{2 * _CAP:g}"
    halo = element(
        "path", d=path, fill="none", stroke=PAPER, stroke_width=_HALO, stroke_linecap="square"
    )
    return halo + element("path", d=path, fill="none", stroke=ink, stroke_width=_WHISKER)
