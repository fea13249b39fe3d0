"""Drawing text by lines: the widget under every pane, and word wrap that keeps offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from rich.cells import cell_len, set_cell_size, split_graphemes
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from qualcode.text import one_line

if TYPE_CHECKING:
    from rich.style import Style
    from textual.events import MouseScrollDown, MouseScrollUp

Piece: TypeAlias = tuple[str, str]
"""A text and the name of its style, which is a component class of the pane."""

Line: TypeAlias = Sequence[Piece]

_WHEEL = 3


class Lines(Widget):
    """A pane of a fixed size that redraws only the lines that changed, and never lays out.

    Whatever text it is given reaches the terminal through `one_line`, so that none can steer
    it; a line that is too long ends with an ellipsis. `margin_right` cells stay free.
    """

    can_focus = False
    ALLOW_SELECT = False
    margin_right: ClassVar[int] = 1

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._strips: list[Strip] = []
        self._styles: dict[str, Style] = {}

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The lines of the pane for a size; the names of styles are component classes."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Work out every line anew and have those drawn that differ."""
        width, height = self.size
        if not width or not height:
            return
        self._styles.clear()
        room = max(width - self.margin_right, 1)
        new = [self._strip(line, width) for line in islice(self.lines(room, height), height)]
        blank = self._strip((), width)
        new += [blank] * (height - len(new))
        old, self._strips = self._strips, new
        changed = [
            Region(0, y, width, 1)
            for y in range(height)
            if y >= len(old) or old[y] != new[y] or old[y].cell_length != width
        ]
        if changed:
            self.refresh(*changed)

    def style_of(self, name: str) -> Style:
        """The style of a component class; an empty name is the pane's own."""
        if name not in self._styles:
            # Textual works a pane's own style out anew for each asking: most of a key's time.
            own = not name
            self._styles[name] = self.rich_style if own else self.get_component_rich_style(name)
        return self._styles[name]

    def _strip(self, line: Line, width: int) -> Strip:
        segments = [Segment(one_line(text), self.style_of(name)) for text, name in line if text]
        strip = Strip(segments)
        room = max(width - self.margin_right, 1)
        if strip.cell_length > room:
            cut = strip.crop(0, room - 1)
            strip = Strip([*cut, Segment("…", segments[-1].style)])
        return strip.adjust_cell_length(width, self.style_of(""))

    def scroll_by(self, lines: int) -> None:
        """Show what is so many lines further down; a pane that never scrolls stays as it is."""

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.scroll_by(_WHEEL)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.scroll_by(-_WHEEL)

    def render_line(self, y: int) -> Strip:
        """One line, as Textual asks for it."""
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._strips = []
        self.redraw()

    def notify_style_update(self) -> None:
        """Draw in the new colours when the theme changes."""
        super().notify_style_update()
        self._strips = []
        if self.is_attached:
            self.redraw()


def wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Where the lines of a text begin and end if no line is wider than `width` cells.

    Breaks after spaces where there are any, within a word where not, never within what is
    drawn as one character, and at line ends. Left out are the space at a break and line ends.
    """
    start = 0
    while True:
        stop = text.find("\n", start)
        end = len(text) if stop < 0 else stop
        if start < end < len(text) and text[end - 1] == "\r":
            end -= 1
        yield from _wrapped_paragraph(text, start, end, width)
        if stop < 0:
            return
        start = stop + 1


def _wrapped_paragraph(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    while (fits := _fitting(text, start, end, width)) < end:
        space = text.rfind(" ", start, fits + 1)
        if space > start:
            yield start, space
            start = space + 1
        else:
            yield start, fits
            start = fits
    yield start, end


_MOST_IN_A_CELL = 8
"""So many code points a cell are looked at to fill a line."""
_JOINER = "\u200d"
"""Would draw what follows into the character before it."""


def _fitting(text: str, start: int, end: int, width: int) -> int:
    """The furthest end at which the line is not wider than `width`; at least one character."""
    piece = text[start : min(end, start + width + 1)]
    if piece.isascii():
        return start + min(len(piece), width)
    piece = one_line(text[start : min(end, start + _MOST_IN_A_CELL * width)])
    # Joiners make a text wider than its parts.
    is_joined = _JOINER in piece
    used = 0
    for first, last, cells in split_graphemes(piece)[0]:
        used += cells
        if used > width or (is_joined and cell_len(piece[:last]) > width):
            return start + (first or last)
    return start + len(piece)


class Wrapping:
    """The lines of one text at one width, worked out no further than they were asked for."""

    def __init__(self, text: str, width: int) -> None:
        self.text, self.width = text, width
        self._known: list[tuple[int, int]] = []
        self._rest = wrapped(text, width)

    def count(self, most: int) -> int:
        """How many lines there are, or `most` if there are more."""
        self._known += islice(self._rest, max(most - len(self._known), 0))
        return min(len(self._known), most)

    def lines(self, first: int, last: int) -> list[tuple[int, int]]:
        """Where the lines from `first` up to `last` begin and end, as many as there are."""
        return self._known[first : self.count(last)]

    def line_of(self, offset: int) -> int:
        """The number of the line on which an offset lies."""
        for line in self._rest:
            self._known.append(line)
            if line[1] >= offset:
                break
        return max(bisect_right(self._known, offset, key=lambda line: line[0]) - 1, 0)


def paragraph(text: str, width: int, style: str = "", *, most: int = 0) -> list[Line]:
    """A text of one line, wrapped into lines of one style, with an ellipsis after `most`."""
    text, width = one_line(text), max(width, 1)
    lines: list[Line] = []
    for start, end in wrapped(text, width):
        if most and len(lines) == most:
            last = lines[-1][0][0]
            cut = last if cell_len(last) < width else set_cell_size(last, width - 1)
            cut = cut.rstrip(f" ·{_JOINER}")
            # Joiners make a text wider than its parts: what counts is the width with the ellipsis.
            while cut and cell_len(f"{cut}…") > width:
                cut = cut[:-1]
            lines[-1] = [(f"{cut}…", style)]
            break
        lines.append([(text[start:end], style)])
    return lines


def padded(text: str, width: int) -> str:
    """A text of one line made exactly `width` cells wide, with an ellipsis where it is cut."""
    text = one_line(text[: _MOST_IN_A_CELL * width]).rstrip(_JOINER)
    if cell_len(text) > width > 0:
        text = set_cell_size(text, width - 1).rstrip(_JOINER) + "…"
    return set_cell_size(text, width)
