"""Screens on which a key is done at once and errors become words, the most of three panes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from qualcode.errors import QualcodeError
from qualcode.tui.answers import AnswerList
from qualcode.tui.status import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.events import Key

    from qualcode.tui.answer import TextPane
    from qualcode.tui.app import StudyApp
    from qualcode.tui.commands import Keymap
    from qualcode.tui.cursor import Cursor
    from qualcode.tui.lines import Lines


DIGITS = frozenset("123456789")


class Desk(Screen[None]):
    """The screen that an application is for; over it are only dialogs.

    A screen of this kind says what is done for its commands in `_actions`, and shows what is true.
    """

    app: StudyApp
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (100, "-normal"),
        (150, "-wide"),
    ]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self._message, self._is_error = "", False
        self._actions: dict[str, Callable[[], object]] = {}

    # -- what is done, and what is shown

    def do(self, action: Callable[[], object] | None = None) -> None:
        """Do something and show what is then true; the one place where errors become words."""
        with self._errors_said():
            if self.is_up_to_date() and action:
                action()
        with self._errors_said():
            self.draw()
        self.draw_status()

    @contextmanager
    def _errors_said(self) -> Iterator[None]:
        try:
            yield
        except QualcodeError as error:
            self.say(self.app.in_short(error), is_error=True)

    def say(self, message: str, *, is_error: bool = False) -> None:
        """Put a message on the status line until the next key."""
        self._message, self._is_error = message, is_error

    def is_up_to_date(self) -> bool:
        """Take in what others wrote to the study; False if the answer shown has changed."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show what is true now."""
        raise NotImplementedError

    def draw_status(self) -> None:
        """Show the bottom line, which works without the study."""
        raise NotImplementedError

    # -- keys

    def on_key(self, event: Key) -> None:
        """Every key is a command, or what the screen makes of it."""
        event.stop()
        event.prevent_default()
        if self.app.screen is not self:
            self.app.type_ahead(event)
            return
        key = event.character if event.is_printable and event.character else event.key
        self.take("space" if key == " " else key)

    def take(self, key: str) -> None:
        """Do what a key means."""
        if command := self.keymap.command_at.get(key):
            self.carry_out(command)
        elif deed := self.deed_of(key):
            self.say("")
            self.do(deed)
        elif key == "ctrl+c":
            self.say(f"{self.keymap.shown('leave')} leaves; everything is saved already")
            self.do()

    def deed_of(self, key: str) -> Callable[[], object] | None:
        """What is done on a key that is no command."""
        raise NotImplementedError

    def carry_out(self, command: str) -> None:
        """Do what a command says, and show what is then true."""
        self.say("")
        if command in self._actions:
            self.do(self._actions[command])
        else:
            self.app.carry_out(command)

    @property
    def _is_narrow(self) -> bool:
        return self.app.size.width < self.HORIZONTAL_BREAKPOINTS[1][0]


class KeyedScreen(Desk):
    """A desk of three panes: a list of answers, the one shown, and what goes with it."""

    walk: Cursor
    _answer_pane: TextPane[Any]

    def __init__(self, keymap: Keymap, *, show_list: bool) -> None:
        super().__init__(keymap)
        self._list_beside, self._list_over_side = show_list, False
        self._actions |= {
            "next": self._next,
            "back": self._back,
            "clause-next": lambda: self.walk.pick_clause(1),
            "clause-previous": lambda: self.walk.pick_clause(-1),
            "whole": lambda: self.walk.whole(),  # noqa: PLW0108 - another in each question
            "up": lambda: self._visit(self.walk.place - 1),
            "down": lambda: self._visit(self.walk.place + 1),
            "first": lambda: self._visit(0),
            "last": lambda: self._visit(len(self.walk.queue) - 1),
            "scroll-up": lambda: self._answer_pane.scroll_page(-1),
            "scroll-down": lambda: self._answer_pane.scroll_page(1),
            "list": self._toggle_list,
        }

    # -- what there is

    def find_panes(self, answer_pane: TextPane[Any], side: Lines) -> None:
        """Know the panes once they are there, and draw the first frame."""
        self._list = self.query_one(AnswerList)
        self._answer_pane = answer_pane
        self._side = side
        self._status = self.query_one(StatusLine)
        self.do(self._arrange)

    def on_resize(self) -> None:
        """Show what there is room for."""
        self._arrange()

    def _arrange(self) -> None:
        """Where there is no room for three panes, the list takes the place of the one beside."""
        shown = self._list_over_side if self._is_narrow else self._list_beside
        self._list.display = shown
        self._side.display = not (self._is_narrow and shown)

    def _toggle_list(self) -> None:
        if self._is_narrow:
            self._list_over_side = not self._list_over_side
        else:
            self._list_beside = not self._list_beside
            self.app.keep(list_shown=self._list_beside)
        self._arrange()

    # -- moving

    def remember(self) -> None:
        """Note, where that is of use, which answer is shown."""

    def _next(self) -> None:
        if not self._visit(self.walk.place + 1):
            self.say("the last answer here")

    def _back(self) -> None:
        if self.walk.back():
            self.remember()
        else:
            self.say("no answer was visited before")

    def _visit(self, place: int) -> bool:
        has_moved = self.walk.visit(place)
        if has_moved:
            self.remember()
        return has_moved

    def on_answer_list_picked(self, message: AnswerList.Picked) -> None:
        """An answer was clicked."""
        self.say("")
        self.do(lambda: self._visit(message.place))
