"""Drawing text by lines: the widget under every pane, and word wrap that keeps offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from rich.style import Style

Piece: TypeAlias = tuple[str, str]
"""A text and the name of its style, which is a component class of the pane."""

Line: TypeAlias = Sequence[Piece]


class Lines(Widget):
    """A pane of a fixed size that redraws only the lines that changed, and never lays out."""

    can_focus = False

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._strips: list[Strip] = []

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The lines of the pane for a size; the names of styles are component classes."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Work out every line anew and have those drawn that differ."""
        width, height = self.size
        if not width or not height:
            return
        new = [self._strip(line, width) for line in self.lines(width, height)][:height]
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
        return self.get_component_rich_style(name) if name else self.rich_style

    def _strip(self, line: Line, width: int) -> Strip:
        segments = [Segment(text, self.style_of(name)) for text, name in line if text]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

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

    Breaks after spaces where there are any, within a word where not, and at newlines.
    """
    start = 0
    while True:
        stop = text.find("\n", start)
        end = len(text) if stop < 0 else stop
        yield from _wrapped_paragraph(text, start, end, width)
        if stop < 0:
            return
        start = stop + 1


def _wrapped_paragraph(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    while end - start > width or cell_len(text[start:end]) > width:
        fits = _fitting(text, start, end, width)
        space = text.rfind(" ", start, fits + 1)
        if space > start:
            yield start, space
            start = space + 1
        else:
            yield start, fits
            start = fits
    yield start, end


def _fitting(text: str, start: int, end: int, width: int) -> int:
    """The furthest end at which the line is not wider than `width`; at least one character."""
    piece = text[start : min(end, start + width)]
    if piece.isascii():
        return start + len(piece)
    used = 0
    for offset, character in enumerate(piece):
        used += cell_len(character)
        if used > width:
            return start + max(offset, 1)
    return start + len(piece)


def paragraph(text: str, width: int, style: str = "", *, most: int = 0) -> list[Line]:
    """A text wrapped into lines of one style, cut with an ellipsis after `most` lines."""
    lines: list[Line] = []
    for start, end in wrapped(text, max(width, 1)):
        if most and len(lines) == most:
            last = lines[-1][0][0]
            lines[-1] = [(last[: max(width - 1, 0)] + "…", style)]
            break
        lines.append([(text[start:end], style)])
    return lines
