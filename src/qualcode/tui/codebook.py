"""The right of the coding screen: the codebook, in an order that never changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from qualcode.tui import hints
from qualcode.tui.lines import Line, Lines, Piece, padded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Click

    from qualcode.model import Code, Suggested
    from qualcode.tui.view import View

_BAR = 4
FAMILIES = tuple(f"family-{number}" for number in range(6))


@lru_cache(maxsize=8)
def _families(paths: tuple[str, ...]) -> dict[str, str]:
    tops = dict.fromkeys(path.partition("/")[0] for path in paths)
    return {top: FAMILIES[number % len(FAMILIES)] for number, top in enumerate(tops)}


def family_of(codes: tuple[Code, ...], code: Code) -> str:
    """The style of a code's family: it shares it with its parent and siblings."""
    paths = tuple(other.path for other in codes)
    return _families(paths).get(code.path.partition("/")[0], FAMILIES[0])


def _hint(digit: int, one: Suggested) -> list[Piece]:
    bar = hints.bar(one.probability, _BAR)
    return [(f" {bar}", "codebook--bar"), (f" {digit}", "codebook--hotkey")]


class CodebookPane(Lines):
    """Every code with its key; a mark and a colour on those that are on the answer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "codebook--hotkey",
        "codebook--name",
        "codebook--parent",
        "codebook--applied",
        "codebook--hit",
        "codebook--dim",
        "codebook--bar",
        *FAMILIES,
    }

    class Picked(Message):
        """A code was clicked."""

        def __init__(self, code_id: int) -> None:
            super().__init__()
            self.code_id = code_id

    view: View | None = None
    top = 0
    _rows: tuple[Code, ...] = ()
    _seen = 0

    def show(self, view: View) -> None:
        """Draw another moment; the code looked for, or touched anew, is scrolled to."""
        self.view = view
        on = view.answer.state.whole if view.answer else frozenset()
        self._rows = tuple(code for code in view.codes if not code.is_retired or code.id in on)
        wanted = view.finding.code_id if view.finding else view.touched.id if view.touched else 0
        if wanted and (wanted != self._seen or view.finding):
            self._bring_into_sight(wanted)
        self._seen = wanted
        self.redraw()

    def _bring_into_sight(self, code_id: int) -> None:
        place = next((y for y, code in enumerate(self._rows) if code.id == code_id), None)
        height = self.size.height
        if place is None or not height:
            return
        # The first and the last line may be taken by “more”.
        if place <= self.top or place >= self.top + height - 1:
            self.top = place - height // 2
        self._keep_in_range()

    def _keep_in_range(self) -> None:
        self.top = max(0, min(self.top, len(self._rows) - self.size.height))

    def scroll_by(self, lines: int) -> None:
        """Scroll the codebook."""
        self.top += lines
        self._keep_in_range()
        self.redraw()

    def scroll_page(self, pages: int) -> None:
        """Scroll the codebook by half of what is seen."""
        self.scroll_by(pages * max(self.size.height // 2, 1))

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The codes that fit, with how many there are above and below."""
        self._keep_in_range()
        view = self.view
        if view is None:
            return []
        if not self._rows:
            return [
                [(" no codebook for this question yet:", "codebook--dim")],
                [(" qualcode codebook apply STUDY FILE", "codebook--dim")],
            ]
        digits = {one.code_id: (digit, one) for digit, one in hints.offered(view)}
        lines = [
            self._line(view, code, width, digits.get(code.id))
            for code in self._rows[self.top : self.top + height]
        ]
        below = len(self._rows) - self.top - height
        if below > 0:
            lines[-1] = [(f"   ↓ {below + 1} more", "codebook--dim")]
        if self.top:
            lines[0] = [(f"   ↑ {self.top + 1} more", "codebook--dim")]
        return lines

    def _line(
        self, view: View, code: Code, width: int, suggested: tuple[int, Suggested] | None
    ) -> Line:
        is_on = view.answer is not None and code.id in view.answer.state.whole
        family = family_of(view.codes, code)
        is_hit = view.finding is not None and code.id in view.finding.hits
        style = "codebook--hit" if is_hit else "codebook--applied" if is_on else self._rank(code)
        is_chosen = view.finding is not None and view.finding.code_id == code.id
        name = code.name + (" (retired)" if code.is_retired else "")
        indent = "  " * code.depth
        hint = _hint(*suggested) if suggested else []
        taken = sum(len(text) for text, _ in hint)
        name = padded(name, max(width - 5 - len(indent) - taken, 1))
        return [
            ("▶" if is_chosen else " ", "codebook--hotkey"),
            ("●" if is_on else " ", family),
            (f" {code.hotkey or ' '} ", "codebook--hotkey"),
            (indent, ""),
            (name if is_on or hint else name.rstrip(), style),
            *hint,
        ]

    def _rank(self, code: Code) -> str:
        has_children = any(other.parent == code.path for other in self._rows)
        return "codebook--parent" if has_children else "codebook--name"

    def on_click(self, event: Click) -> None:
        """Toggle the code that was clicked; “more” shows more."""
        place = self.top + event.y
        if event.y == 0 and self.top:
            self.scroll_page(-1)
        elif event.y == self.size.height - 1 and place < len(self._rows) - 1:
            self.scroll_page(1)
        elif 0 <= place < len(self._rows):
            self.post_message(self.Picked(self._rows[place].id))
