"""The left of a screen: the answers around the one shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from qualcode.tui.lines import Line, Lines, padded

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable

    from textual.events import Click


@dataclass(frozen=True, slots=True)
class Row:
    """The beginning of an answer, and what was done with it: a full stop for nothing."""

    text: str
    mark: str = "·"
    flag: str = " "


class AnswerList(Lines):
    """A window on the answers of the filter; it holds what is seen and nothing else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--text",
        "list--coded",
        "list--shown",
        "list--flag",
    }

    class Picked(Message):
        """An answer was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._ids: array[int] | None = None
        self._place = 0
        self._top = 0
        self._read: Callable[[array[int], int], list[Row]] | None = None

    def show(
        self,
        ids: array[int],
        place: int,
        read: Callable[[array[int], int], list[Row]],
    ) -> None:
        """Draw the answers around the one at `place`; `read` gets a few of them from the study."""
        self._ids, self._place, self._read = ids, place, read
        if self.display:
            self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The answers that fit, the one shown among them."""
        if self._ids is None or self._read is None:
            return []
        if not self._top <= self._place - 1 or self._place + 1 >= self._top + height:
            self._top = self._place - height // 2
        self._top = max(0, min(self._top, len(self._ids) - height))
        rows = self._read(self._ids[self._top : self._top + height], width)
        return [self._line(row, self._top + y == self._place, width) for y, row in enumerate(rows)]

    def _line(self, row: Row, is_shown: bool, width: int) -> Line:  # noqa: FBT001
        is_done = row.mark != "·"
        style = "list--shown" if is_shown else "list--coded" if is_done else "list--text"
        return [
            (f"{'›' if is_shown else ' '}{row.mark}", style),
            (row.flag, style if is_shown else "list--flag"),
            (padded(row.text, width - 3), style),
        ]

    def on_click(self, event: Click) -> None:
        """Go to the answer that was clicked."""
        if self._ids and self._top + event.y < len(self._ids):
            self.post_message(self.Picked(self._top + event.y))
