"""The terminal application: it owns the study, the settings and the dialogs."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand

from qualcode import settings
from qualcode.store.responses import Filter
from qualcode.tui.coding import CodingScreen
from qualcode.tui.commands import COMMANDS, Keymap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.screen import Screen

    from qualcode.study import CodingSession, Study


class QualcodeApp(App[None], inherit_bindings=False):
    """The screens of one study for one coder."""

    TITLE = "qualcode"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "f20"
    BINDINGS: ClassVar = []

    def __init__(self, study: Study, session: CodingSession, remark: str = "") -> None:
        stored = settings.load()
        keymap = Keymap(stored.keys, source=str(settings.path()))
        super().__init__()
        self._study = study
        self._settings = stored
        self.coding = CodingScreen(session, keymap, show_list=stored.list_shown)
        if remark:
            self.coding.say(remark)

    def on_mount(self) -> None:
        """Open the coding screen in the coder's theme."""
        if self._settings.theme in self.available_themes:
            self.theme = self._settings.theme
        self.push_screen(self.coding)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        # What is alive now stays alive: looking at it again is what made slow keys.
        gc.collect()
        gc.freeze()
        self.theme_changed_signal.subscribe(self, self._remember_theme)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: every command of the coding screen, and the themes."""
        if screen is self.coding:
            for command in COMMANDS:
                if command.id != "palette":
                    name = command.id.replace("-", " ").capitalize()
                    key = self.coding.keymap.shown(command.id)
                    yield SystemCommand(f"{name} ({key})", command.help, self._carrier(command.id))
        yield SystemCommand("Theme", "Change the colours, light or dark", self.action_change_theme)

    def _carrier(self, command: str) -> Callable[[], None]:
        return lambda: self.coding.carry_out(command)

    def carry_out(self, command: str) -> None:
        """The commands that open something over the coding screen, or leave it."""
        match command:
            case "help":
                from qualcode.tui.dialogs import HelpDialog  # noqa: PLC0415

                self.push_screen(HelpDialog(self.coding.keymap))
            case "filter":
                self._ask_filter()
            case "question":
                self._ask_question()
            case "palette":
                self.action_command_palette()
            case "leave":
                self.exit()

    def ask_memo(self, memo: str, then: Callable[[str | None], None]) -> None:
        """Let the coder write a memo."""
        from qualcode.tui.dialogs import MemoDialog  # noqa: PLC0415

        self.push_screen(MemoDialog(memo), then)

    def _ask_filter(self) -> None:
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        plain = (
            ("every answer", Filter()),
            ("not coded yet", Filter("uncoded")),
            ("coded", Filter("coded")),
            ("flagged", Filter("flagged")),
            ("blank", Filter("blank")),
            ("not asked", Filter("not_asked")),
        )
        choices = [Choice(label, (wanted, label)) for label, wanted in plain]
        choices += [
            Choice(f"with my code: {code.name}", (Filter("code", code.id), f"with {code.name}"))
            for code in self.coding.session.codes
        ]
        dialog = ChoiceDialog("Which answers to walk through", choices, "with the text “{}”")
        self.push_screen(dialog, self._filter)

    def _filter(self, chosen: tuple[Filter, str] | str | None) -> None:
        if chosen is None:
            return
        if isinstance(chosen, str):
            chosen = (Filter("text", text=chosen), f"with “{chosen}”")
        wanted, name = chosen
        self.coding.filter_by(wanted, "" if wanted.kind == "all" else name)

    def _ask_question(self) -> None:
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        choices = [
            Choice(f"{question.key}  {question.text}", question.key)
            for question in self._study.questions
        ]
        self.push_screen(ChoiceDialog("Which question to code", choices), self._question)

    def _question(self, key: str | None) -> None:
        if key:
            self.open_question(key)
            self.coding.draw()

    def open_question(self, key: str, *, at: int = 0) -> None:
        """Work on another question, at an answer or where the coder left off."""
        session, _ = self._study.session(self.coding.session.coder.name, key)
        self.coding.open_session(session, at=at)

    def remember_list(self, shown: bool) -> None:  # noqa: FBT001
        """Keep whether the list shows."""
        self._keep(replace(self._settings, list_shown=shown))

    def _remember_theme(self, _: Any) -> None:
        self._keep(replace(self._settings, theme=self.theme))

    def _keep(self, changed: settings.Settings) -> None:
        self._settings = changed
        if not settings.save(changed):
            self.coding.say("your settings could not be written", is_error=True)
