"""The review queue of a question: what coders noted and flagged, to be dealt with one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from qualcode.errors import QualcodeError
from qualcode.text import one_line
from qualcode.tui.agreement_panes import STEPS, Footer, Heading, Pane, command_of, in_words
from qualcode.tui.dialogs import LineDialog
from qualcode.tui.lines import Line, padded, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.events import Key

    from qualcode.model import Question
    from qualcode.study.review import Item
    from qualcode.tui.home_app import HomeApp

_ABOUT = 24
_CODER = 12
_KEYS = (("↑ ↓", "another"), ("Enter", "dealt with"), ("Esc", "back"))


class NoteDialog(LineDialog):
    """Say how it was settled. Enter marks it as dealt with, Escape leaves it open."""

    title_line = "How it was settled"

    def __init__(self) -> None:
        super().__init__("", "Enter marks it as dealt with, also without words; Esc leaves it open")


class ReviewPane(Pane):
    """What is open above, and below the one chosen with the answer that it is on."""

    _items: Sequence[Item] = ()
    _chosen = 0
    _top = 0

    def show(self, items: Sequence[Item], chosen: int) -> None:
        """Draw another moment."""
        self._items, self._chosen = items, chosen
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The items that fit, then the one chosen."""
        if not self._items:
            return
        room = max(height // 2, 3)
        if not self._top <= self._chosen < self._top + room:
            self._top = self._chosen - room // 2
        self._top = max(0, min(self._top, len(self._items) - room))
        shown = self._items[self._top : self._top + room]
        for place, item in enumerate(shown, start=self._top):
            is_chosen = place == self._chosen
            yield [
                (" ▶ " if is_chosen else "   ", "agreement--key"),
                (f"{padded(_about(item), _ABOUT)} ", "agreement--name"),
                (f"{padded(item.marked.coder, _CODER)} ", "agreement--key"),
                (
                    padded(_said(item), max(width - _ABOUT - _CODER - 6, 1)),
                    "agreement--chosen" if is_chosen else "agreement--text",
                ),
            ]
        yield from ([] for _ in range(room - len(shown) + 1))
        yield from self._detail(self._items[self._chosen], width, height - room - 1)

    def _detail(self, item: Item, width: int, height: int) -> Iterable[Line]:
        one = item.marked
        when = one.at[:16].replace("T", " ")
        yield [(f" {one_line(one.respondent)}  {one_line(one.coder)}  {when}", "agreement--dim")]
        half = max((height - 3) // 2, 1)
        for line in paragraph(_said(item), width - 2, "agreement--key", most=half):
            yield [(" ", ""), *line]
        for line in paragraph(one.text, width - 2, "agreement--name", most=half):
            yield [(" ", ""), *line]
        names = ", ".join(code.name for code in item.codes) or "(no code)"
        yield [(" ", ""), (padded(names, width - 2), "agreement--dim")]


def _about(item: Item) -> str:
    return ", ".join(code.name for code in item.codes) or "(no code)"


def _said(item: Item) -> str:
    return item.marked.words or "flagged for discussion"


class ReviewScreen(Screen[None]):
    """Go through what is open; Enter marks the one chosen as dealt with."""

    app: HomeApp

    class Found(Message):
        """The items are there, or what went wrong."""

        def __init__(self, found: list[Item], said: str = "") -> None:
            super().__init__()
            self.found = found
            self.said = said

    def __init__(self, path: Path, question: Question) -> None:
        super().__init__()
        self._path = path
        self._question = question
        self._items: list[Item] = []
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """A heading, the items, and the keys."""
        yield Heading("Review of", id="heading")
        yield ReviewPane(id="answers")
        yield Footer(_KEYS, id="keys")

    def on_mount(self) -> None:
        """Show the frame at once, and read the queue beside it."""
        self.query_one(Heading).show(self._question.key, "", "reading …")
        self.call_after_refresh(self._look)

    def _look(self, said: str = "") -> None:
        self.run_worker(lambda: self._read(said), thread=True, exclusive=True)

    def _read(self, said: str) -> None:
        from qualcode.study import Study, review  # noqa: PLC0415

        try:
            with Study.open(self._path, readonly=True) as study:
                found = review.items(study.database, self._question.key, open_only=True)
        except QualcodeError as error:
            self.post_message(self.Found([], in_words(self.app, error)))
        else:
            self.post_message(self.Found(found, said))

    def on_review_screen_found(self, message: Found) -> None:
        """Draw the items."""
        self._items = message.found
        self._chosen = max(0, min(self._chosen, len(self._items) - 1))
        n = len(self._items)
        facts = message.said or (f"{n:,} to review" if n else "nothing is open")
        self.query_one(Heading).show(self._question.key, "", facts)
        self._draw()

    def _draw(self) -> None:
        self.query_one(ReviewPane).show(self._items, self._chosen)

    def on_key(self, event: Key) -> None:
        """Choose an item, deal with it, or go back."""
        event.stop()
        event.prevent_default()
        command = command_of(self.app, event)
        if event.key == "escape" or command == "review":
            self.dismiss(None)
        elif event.key in STEPS and self._items:
            self._chosen = max(0, min(self._chosen + STEPS[event.key], len(self._items) - 1))
            self._draw()
        elif event.key == "enter" and self._items:
            self.app.deal_with(self._items[self._chosen], self._look)
        elif command == "leave":
            self.app.leave()
