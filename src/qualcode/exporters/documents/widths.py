"""How wide the columns of a table are on a page of paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.exporters.documents.text import cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.documents import Grid

_MOST, _LEAST, _WORD = 200, 3, 16
"""Characters that a column asks for at the most and at the least, and that a word does."""

_SIZES = ((6, 9.0), (9, 8.0))
_SMALLEST = 7.0
"""Points of the letters of a table with so many columns, and of one with more."""

_TWIPS = 10.5
"""Twentieths of a point that a character takes for each point of its size, roughly."""

_PADDING = 180
"""Twips beside the text of a cell."""


def points(grid: Grid) -> float:
    """The size of the letters of a table."""
    return next((size for most, size in _SIZES if len(grid.columns) <= most), _SMALLEST)


def widths(grid: Grid, room: int) -> list[int]:
    """The widths of the columns in twips, together at most `room`."""
    twips, padding = points(grid) * _TWIPS, _PADDING * len(grid.columns)
    found = [int(width * twips) + _PADDING for width in characters(grid, (room - padding) / twips)]
    return [width * room // max(sum(found), room) for width in found]


def characters(grid: Grid, room: float) -> list[float]:
    """The widths of the columns in characters, together at most `room`.

    Words keep together as far as they can; what is left goes to the columns by their longest text.
    """
    needs, least = [*_needs(grid)], [*_least(grid)]
    if sum(needs) <= room:
        return [*map(float, needs)]
    if sum(least) >= room:
        return [room * width / sum(least) for width in least]
    more = [need - width for need, width in zip(needs, least, strict=True)]
    free = room - sum(least)
    return [width + free * rest / sum(more) for width, rest in zip(least, more, strict=True)]


def _needs(grid: Grid) -> Iterator[int]:
    """Give the characters of the longest line of each column."""
    for place, least in enumerate(_least(grid)):
        lines = (line for row in grid.rows for line in row[place].split("\n"))
        yield max(least, min(max(map(cells, lines), default=0), _MOST))


def _least(grid: Grid) -> Iterator[int]:
    """Give the characters of the longest word of each column; a number is one word."""
    for place, column in enumerate(grid.columns):
        texts = (row[place] for row in grid.rows)
        words = (
            texts if grid.is_numeric(place) else (word for text in texts for word in text.split())
        )
        widest = max(map(cells, (*words, *column.split())), default=0)
        yield min(max(widest, _LEAST), _WORD)
