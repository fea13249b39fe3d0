"""The few dialogs: memo, a choice from a list, and the help that the commands write themselves."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.events import Paste

    from qualcode.tui.commands import Keymap

_MOST_OPTIONS = 200


class Dialog(ModalScreen[Any]):
    """A box in the middle of the screen; Escape closes it."""

    BINDINGS: ClassVar = [("escape", "close", "Close")]

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def takes(self, key: str) -> bool:
        """Do at once what a key means while one types; whether it meant anything."""
        if key == "escape":
            self.action_close()
        return key == "escape"


class Entry(Input):
    """A line to write on that shows any text safely, and takes all lines of what is pasted.

    Whoever types fast types ahead: a key that meant the dialog is done at once, and one that
    comes after the dialog has closed goes to what is below.
    """

    @property
    def _value(self) -> Text:
        return Text(one_line(self.value), no_wrap=True, overflow="ignore", end="")

    def on_key(self, event: Key) -> None:
        """Pass on what is not text."""
        if self.app.screen is not self.screen:
            self.app.post_message(Key(event.key, event.character))
        elif not (isinstance(self.screen, Dialog) and self.screen.takes(event.key)):
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: Paste) -> None:
        """Lines become one."""
        event.prevent_default()
        event.stop()
        start, end = sorted(self.selection)
        room = (self.max_length or sys.maxsize) - len(self.value) + end - start
        self.replace(" ".join(event.text.splitlines())[:room], start, end)


class LineDialog(Dialog):
    """Write a line: Enter gives it, Escape nothing. `remark` says what to write, or what failed."""

    title_line = ""

    def __init__(self, text: str, remark: str) -> None:
        super().__init__()
        self._text = text
        self._remark = remark

    def compose(self) -> ComposeResult:
        """One line to write on."""
        with Vertical(id="box"):
            yield Static(self.title_line, markup=False)
            yield Entry(self._text, id="line", max_length=10_000, select_on_focus=False)
            yield Static(one_line(self._remark), id="hint", markup=False)

    def takes(self, key: str) -> bool:
        """Enter gives what is written."""
        if key == "enter":
            self.dismiss(self.query_one(Input).value)
        return key == "enter" or super().takes(key)


class MemoDialog(LineDialog):
    """Write a memo. Enter and Escape both keep what was typed; undo takes it back."""

    title_line = "Memo on this answer"

    def __init__(self, memo: str, remark: str = "") -> None:
        super().__init__(memo, remark or "Enter or Esc keeps it, empty takes it off")

    def action_close(self) -> None:
        """Keep it too: nothing typed is ever lost."""
        self.dismiss(self.query_one(Input).value)


class WordsDialog(LineDialog):
    """Say which words of the answer to replace, and by what."""

    title_line = "Replace words: words = what stands in their place"

    def __init__(self, text: str = "", remark: str = "") -> None:
        hint = "Aunt Mary = a relative   prints [a relative]; words alone print […]"
        super().__init__(text, remark or hint)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a choice, and what choosing it gives."""

    label: str
    value: Any


class ChoiceDialog(Dialog):
    """Choose one of several by arrows or by typing a part; `typed` makes one of what is typed."""

    def __init__(self, title: str, choices: Sequence[Choice], typed: str = "") -> None:
        super().__init__()
        self._title = title
        self._choices = list(choices)
        self._typed = typed
        self._shown: list[Choice] = []
        self._shown_for: str | None = None

    def compose(self) -> ComposeResult:
        """A line to type on, and the choices below it."""
        with Vertical(id="box"):
            yield Static(self._title, markup=False)
            yield Entry(placeholder="type to narrow", id="typed")
            yield OptionList(id="choices")

    def on_mount(self) -> None:
        """Show every choice."""
        self._narrow()

    def _narrow(self) -> None:
        """Show the choices that hold what is typed, first those that begin so."""
        typed = self.query_one(Input).value.strip()
        if typed == self._shown_for:
            return
        self._shown_for, wanted = typed, typed.casefold()
        hits = [choice for choice in self._choices if wanted in choice.label.casefold()]
        hits.sort(key=lambda choice: not choice.label.casefold().startswith(wanted))
        self._shown = hits[:_MOST_OPTIONS]
        if wanted and self._typed:
            self._shown.append(Choice(self._typed.format(typed), typed))
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(Text(one_line(choice.label))) for choice in self._shown])
        if self._shown:
            options.highlighted = 0

    def on_input_changed(self) -> None:
        """Narrow the choices."""
        self._narrow()

    def takes(self, key: str) -> bool:
        """Enter takes the highlighted choice; arrows move while one types."""
        options = self.query_one(OptionList)
        self._narrow()
        match key:
            case "enter":
                if options.highlighted is not None and self._shown:
                    self.dismiss(self._shown[options.highlighted].value)
            case "down":
                options.action_cursor_down()
            case "up":
                options.action_cursor_up()
            case _:
                return super().takes(key)
        return True

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the chosen one."""
        self.dismiss(self._shown[event.option_index].value)


class HelpDialog(Dialog):
    """Every key and what it does, from the commands themselves."""

    BINDINGS: ClassVar = [("f1", "close", "Close")]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """A table of keys."""
        with VerticalScroll(id="box"):
            yield Static(help_text(self._keymap), id="keys", markup=False)


def help_text(keymap: Keymap) -> str:
    """The help of a screen as plain text."""
    rows = list(keymap.table.others)
    rows += [(keymap.shown(command.id), command.help) for command in keymap.table.commands]
    width = max(len(key) for key, _ in rows)
    table = "\n".join(f"{key:>{width}}  {text}" for key, text in rows)
    return (
        f"{table}\n\nEvery key is saved the moment you press it: there is no Save, and undo goes"
        " back as far as you like, also after a restart.\nEsc closes this help."
    )
