"""Figures: what is drawn, as plain values, and the files that it is drawn to.

A figure is an SVG that needs nothing else, holding its alt text and its data; a PNG is made from it
by the extra ``png``. Colours are told apart by colour-blind readers and in grey.
"""

from __future__ import annotations

from qualcode.exporters.figures.files import ENDINGS, write_figure
from qualcode.exporters.figures.page import svg
from qualcode.exporters.figures.raster import png
from qualcode.exporters.figures.values import Chart, Figure, Flow, Point, Series, Stage
from qualcode.exporters.figures.wording import alt_text, data_of

__all__ = [
    "ENDINGS",
    "Chart",
    "Figure",
    "Flow",
    "Point",
    "Series",
    "Stage",
    "alt_text",
    "data_of",
    "png",
    "svg",
    "write_figure",
]
