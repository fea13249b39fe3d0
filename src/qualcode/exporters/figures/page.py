"""A figure as one SVG that needs nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.exporters.figures.flow import flow
from qualcode.exporters.figures.legend import patterns
from qualcode.exporters.figures.lettering import clean, fitted
from qualcode.exporters.figures.lines import lines
from qualcode.exporters.figures.marks import (
    MARGIN,
    ROOM,
    SMALL,
    TITLE,
    WIDTH,
    Panel,
    element,
    group,
    number,
    words,
)
from qualcode.exporters.figures.palette import MOST_SERIES, PAPER
from qualcode.exporters.figures.rows import rows
from qualcode.exporters.figures.scales import has_values
from qualcode.exporters.figures.values import Flow
from qualcode.exporters.figures.wording import alt_text, data_of, missing_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.figures.values import Figure

_FAMILIES = (
    "'Source Sans Pro', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Noto Sans', "
    "'DejaVu Sans', sans-serif"
)
_TITLE_LINES = 3
_NOTE_LINES = 8
_SPACE = 10.0


@dataclass(frozen=True, slots=True)
class Page:
    """A figure as SVG, and how high it is."""

    text: str
    height: float


def svg(figure: Figure) -> str:
    """`figure` as SVG: no script, no style, nothing fetched; with title, alt text and data.

    The ids in it are made from what it shows, so several stand in one page. Raises InputError
    for more series than can be told apart.
    """
    return page(figure).text


def page(figure: Figure) -> Page:
    """`figure` as `svg` gives it, with its height."""
    key = f"figure-{sha256(repr(figure).encode(errors='backslashreplace')).hexdigest()[:12]}"
    height, placed = MARGIN, []
    for panel in (_heading(figure.title), *_body(figure, key), *_notes(figure)):
        placed.append(group(panel.elements, transform=f"translate(0 {number(height)})"))
        height += panel.height
    height += MARGIN - _SPACE
    content = (
        element("title", escape(clean(figure.title)) or "Figure", id=f"{key}-title"),
        element("desc", escape(alt_text(figure)), id=f"{key}-desc"),
        element("metadata", escape(_data(figure), quote=False)),
        element("rect", width=WIDTH, height=height, fill=PAPER),
        *placed,
    )
    text = element(
        "svg",
        "\n".join(content),
        xmlns="http://www.w3.org/2000/svg",
        width=WIDTH,
        height=height,
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
        font_family=_FAMILIES,
    )
    return Page(text, height)


def _body(figure: Figure, key: str) -> Iterator[Panel]:
    if isinstance(figure, Flow):
        yield flow(figure) if figure.stages else _nothing("no stages")
        return
    if len(figure.series) > MOST_SERIES:
        raise InputError(
            f"a figure of {len(figure.series)} series: {MOST_SERIES} at most can be told apart",
            hint="draw fewer of them, or print the table",
        )
    if not figure.categories or not figure.series:
        yield _nothing("no categories" if not figure.categories else "no values")
    elif figure.kind == "lines":
        yield from lines(figure) if has_values(figure) else (_nothing("no values"),)
    else:
        if figure.kind == "bars" and (tiles := patterns(figure, key)):
            yield Panel(0, (element("defs", "".join(tiles)),))
        yield from rows(figure, key)


def _heading(title: str) -> Panel:
    label = fitted(title, ROOM, TITLE, _TITLE_LINES, is_bold=True)
    if not label.lines:
        return Panel(0, ())
    return Panel(label.height + _SPACE, (words(label, MARGIN, label.height / 2, style="bold"),))


def _notes(figure: Figure) -> Iterator[Panel]:
    unseen = missing_note(figure)
    for text in (unseen, figure.note):
        label = fitted(text, ROOM, SMALL, _NOTE_LINES)
        if label.lines:
            yield Panel(label.height + _SPACE, (words(label, MARGIN, label.height / 2),))


def _nothing(why: str) -> Panel:
    label = fitted(f"There is nothing to draw: {why}.", ROOM, SMALL)
    return Panel(60, (words(label, WIDTH / 2, 25, anchor="middle", style="missing"),))


def _data(figure: Figure) -> str:
    columns, table = data_of(figure)
    return json.dumps({"title": figure.title, "columns": columns, "rows": table})
