"""The terminal application: it owns the study, the settings and the dialogs."""

from __future__ import annotations

import asyncio
import gc
import signal
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.events import Key
from textual.screen import ModalScreen

from qualcode import settings
from qualcode.model import Filter
from qualcode.tui.coding import CodingScreen
from qualcode.tui.commands import Keymap
from qualcode.tui.walk import ORDERS, PLAIN_FILTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.errors import QualcodeError
    from qualcode.store.queues import Kind
    from qualcode.study import CodingSession, Study

_TIDY = 15.0
"""Seconds between two looks at the write-ahead log."""
_SOON = 0.2
"""Seconds after the first frame when the process that suggests is started."""


class QualcodeApp(App[None], inherit_bindings=False):
    """The screens of one study for one coder."""

    TITLE = "qualcode"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []

    def __init__(
        self, study: Study, session: CodingSession, remark: str = "", *, suggests: bool = False
    ) -> None:
        stored = settings.load()
        keymap = Keymap(stored.keys, source=str(settings.path()))
        super().__init__()
        self._study = study
        self._stored_theme = stored.theme
        self._early: list[Key] = []
        self._suggests = suggests
        self.coding = CodingScreen(
            session,
            keymap,
            show_list=stored.list_shown,
            show_suggestions=stored.suggestions_shown,
        )
        if remark:
            self.coding.say(remark)

    def on_mount(self) -> None:
        """Open the coding screen in the coder's theme."""
        if self._stored_theme in self.available_themes:
            self.theme = self._stored_theme
        self.push_screen(self.coding)
        self.call_after_refresh(self._settle)
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            with suppress(NotImplementedError, RuntimeError):
                asyncio.get_running_loop().add_signal_handler(number, self.leave, 128 + number)

    def _settle(self) -> None:
        # What is alive now stays alive: looking at it again is what made slow keys.
        gc.collect()
        gc.freeze()
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        self._study.serve_keys()
        self.set_interval(_TIDY, self._tidy)
        self.set_timer(_SOON, self.start_suggesting)

    def start_suggesting(self) -> None:
        """Have a process suggest, unless one does, or nobody would see what it says."""
        session, suggesting = self.coding.session, self.coding.suggesting
        is_wanted = self.coding.shows_suggestions or session.drawn_queue
        if self._suggests and is_wanted and session.codes and not suggesting.is_running:
            path = self._study.path.resolve()
            suggesting.start(path, session.question.key, session.coder.name)

    def _tidy(self) -> None:
        self.run_worker(self._study.move_log, thread=True, exclusive=True)

    def on_key(self, event: Key) -> None:
        """Leaving works over every dialog; a key that comes before one is ready waits for it."""
        if self._is_opening:
            self.type_ahead(event)
        elif self.coding.keymap.command_at.get(event.key) == "leave":
            self.leave()

    def type_ahead(self, event: Key) -> None:
        """Keep a key until the dialog that was asked for before it can take it."""
        self._early.append(Key(event.key, event.character))
        if len(self._early) == 1:
            self._type_early()

    @property
    def _is_opening(self) -> bool:
        return isinstance(self.screen, ModalScreen) and self.focused is None

    def _type_early(self) -> None:
        if self._is_opening:
            self.set_timer(0.005, self._type_early)
            return
        early, self._early = self._early, []
        for key in early:
            self.post_message(key)

    def leave(self, return_code: int = 0) -> None:
        """Close what is open, which keeps a memo that is being written, and then the screen."""
        from qualcode.tui.dialogs import Dialog  # noqa: PLC0415

        if isinstance(self.screen, Dialog):
            self.screen.action_close()
        self.call_later(self.exit, return_code=return_code)

    def in_short(self, error: QualcodeError) -> str:
        """The words of an error for one line: the study is named without its folder."""
        return error.message.replace(str(self._study.path), self._study.path.name)

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
            case "order":
                self._ask_order()
            case "agreement":
                from qualcode.tui.agreement import AgreementScreen  # noqa: PLC0415

                self.push_screen(AgreementScreen(self._study.path, self.coding.session))
            case "frequencies":
                from qualcode.tui.frequencies import FrequencyScreen  # noqa: PLC0415

                screen = FrequencyScreen(self._study.path, self.coding.session)
                self.push_screen(screen, self._answers_of)
            case "palette":
                from textual.command import CommandPalette  # noqa: PLC0415

                from qualcode.tui.palette import Palette  # noqa: PLC0415

                self.push_screen(CommandPalette([Palette], placeholder="a command or a code"))
            case "leave":
                self.leave()

    def show_answer(self, response_id: int) -> None:
        """Show an answer of the question that is being coded."""
        self.coding.do(partial(self.coding.show_answer, response_id))

    def ask_memo(self, memo: str, then: Callable[[str | None], None], remark: str = "") -> None:
        """Let the coder write a memo."""
        from qualcode.tui.dialogs import MemoDialog  # noqa: PLC0415

        self.push_screen(MemoDialog(memo, remark), then)

    def _ask_filter(self) -> None:
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        choices = [Choice(label, (wanted, label)) for wanted, label in PLAIN_FILTERS]
        choices += [
            Choice(f"with my code: {code.name}", (Filter("code", code.id), f"with {code.name}"))
            for code in self.coding.session.codes
            if not code.merged_into
        ]
        dialog = ChoiceDialog("Which answers to walk through", choices, "with the text “{}”")
        self.push_screen(dialog, self._filter)

    def _filter(self, chosen: tuple[Filter, str] | str | None) -> None:
        if chosen is None:
            return
        if isinstance(chosen, str):
            chosen = (Filter("text", text=chosen), f"with “{chosen}”")
        self.coding.do(partial(self.coding.filter_by, *chosen))

    def _answers_of(self, code_id: int | None) -> None:
        """Walk through the answers that have a code."""
        code = self.coding.session.code_by_id.get(code_id or 0)
        if code:
            chosen = Filter("code", code.id), f"with {code.name}"
            self.coding.do(partial(self.coding.filter_by, *chosen))

    def _ask_order(self) -> None:
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        choices = [Choice("the order of the file", (None, 0))]
        choices += [Choice(name, (kind, 0)) for kind, name in ORDERS]
        choices += [
            Choice(f"more of: {code.name}", ("code", code.id))
            for code in self.coding.session.codes
            if not code.is_retired
        ]
        self.push_screen(ChoiceDialog("Which answer comes next", choices), self._order)

    def _order(self, chosen: tuple[Kind | None, int] | None) -> None:
        if chosen is not None:
            self.coding.do(partial(self.coding.order_by, *chosen))

    def _ask_question(self) -> None:
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        choices = [
            Choice(f"{question.key}  {question.text}", question.key)
            for question in self._study.questions
        ]
        self.push_screen(ChoiceDialog("Which question to code", choices), self._question)

    def _question(self, key: str | None) -> None:
        if key:
            self.coding.do(partial(self.open_question, key))

    def open_question(self, key: str, *, at: int = 0) -> None:
        """Work on another question, at an answer or where the coder left off."""
        session, _ = self._study.session(self.coding.session.coder.name, key)
        self.coding.open_session(session, at=at)
        self.start_suggesting()
        if self.coding.walk.response_id:
            session.remember(self.coding.walk.response_id)

    def _remember_theme(self, _: Any) -> None:
        self.coding.do(partial(self.keep, theme=self.theme))

    def keep(self, **chosen: Any) -> None:
        """Keep a setting for the next time. Raises `QualcodeError`."""
        settings.change(**chosen)
