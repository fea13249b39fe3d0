"""Colours, hatches, dashes and shapes: every series is told apart by a colour and by one of these.

The colours follow Okabe & Ito (2008), moved so that no two have the same lightness: they differ in
grey and for readers who do not see red or green. From the third on, bars are hatched as well.
"""

from __future__ import annotations

INK = "#1a1a1a"
GREY = "#5a5a5a"
GRID = "#dcdcdc"
PAPER = "#ffffff"

COLOURS = (
    "#0058ae",
    "#cd711e",
    "#22202a",
    "#018047",
    "#e088b2",
    "#821529",
    "#70c8f2",
    "#e3df70",
)
"""Blue, orange, black, green, pink, red, sky and yellow."""

HATCHES = (
    "",
    "",
    "M-2 2l4-4M0 8l8-8M6 10l4-4",
    "M-2 6l4 4M0 0l8 8M6-2l4 4",
    "M4 0v8",
    "M0 4h8",
    "M4 0v8M0 4h8",
    "M0 8l8-8M0 0l8 8",
)
"""Lines over a tile of eight by eight; none for the first two series."""

HATCH_INKS = (PAPER, PAPER, PAPER, PAPER, INK, PAPER, INK, INK)

DASHES = ("", "7 3", "2 2.5", "9 3 2 3", "4 2", "12 4", "9 3 2 3 2 3", "1.5 4")

SHAPES = (
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
    "M-4-4h8v8h-8z",
    "M0-5.2l5 9h-10z",
    "M0-5.6l5.6 5.6l-5.6 5.6l-5.6-5.6z",
    "M-3-5l3 3l3-3l2 2l-3 3l3 3l-2 2l-3-3l-3 3l-2-2l3-3l-3-3z",
    "M0 5.2l5-9h-10z",
    "M-1.6-5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
    "M-5.2-3h10.4v6h-10.4z",
)
"""Circle, square, triangle, diamond, cross, triangle upside down, plus and bar, around zero."""

MOST_SERIES = len(COLOURS)
