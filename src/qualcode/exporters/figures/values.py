"""What a figure is before it is drawn: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its interval; `words` stand beside it, also where there is no value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The points of one group, coefficient or theme: one for each category of its chart."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Values by category: horizontal bars (grouped where there are several series), dots, or lines.

    `axis` names what the values are, `unit` stands behind each (``%`` or nothing), `limits` are
    the ends of the axis (None: from the data). `marks` are reference values with their names.
    A value beyond an end moves the end; an interval beyond it is drawn up to it, without a cap.
    """

    kind: Literal["bars", "dots", "lines"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    axis: str
    unit: str = ""
    limits: tuple[float | None, float | None] = (0.0, None)
    marks: tuple[tuple[float, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a flow: who is left (None: not known), and who went aside before it, and why."""

    label: str
    n: int | None
    aside: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """How many came from one stage to the next, as CONSORT and STROBE ask for."""

    title: str
    stages: tuple[Stage, ...]
    note: str = ""


Figure: TypeAlias = Chart | Flow
