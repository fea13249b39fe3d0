"""The terminal applications: each owns the study, the settings and the dialogs."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import App
from textual.events import Event, Key
from textual.screen import ModalScreen

from qualcode import crash, privacy, settings
from qualcode.model import Filter
from qualcode.tui.coding import CodingScreen
from qualcode.tui.commands import CODING, Keymap
from qualcode.tui.walk import ORDERS, PLAIN_FILTERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.messages import ExitApp

    from qualcode.errors import QualcodeError
    from qualcode.store.queues import Kind
    from qualcode.study import CodingSession, Study
    from qualcode.tui.commands import Table
    from qualcode.tui.keyed import Desk

_BACK_UP = 600.0
"""Seconds between two looks whether a backup is due."""
_TIDY = 15.0
"""Seconds between two looks at the write-ahead log."""
SOON = 0.2
"""Seconds after the first frame when the process that suggests is started."""


class StudyApp(App[None], inherit_bindings=False):
    """One screen of a study for one person, and what is open over it."""

    TITLE = "qualcode"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []
    desk: Desk
    keeps_safe = False
    """Whether backups are made beside the keys, as people have it."""

    def __init__(self, study: Study, table: Table) -> None:
        self.stored = settings.load()
        self.keymap = Keymap(self.stored.keys, source=str(settings.path()), table=table)
        super().__init__()
        self._study = study
        self._early: list[Key] = []
        self._is_quitting = False

    def on_mount(self) -> None:
        """Open the screen in the person's theme."""
        if self.stored.theme in self.available_themes:
            self.theme = self.stored.theme
        self.push_screen(self.desk)
        self.call_after_refresh(self.settle)
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            with suppress(NotImplementedError, RuntimeError):
                asyncio.get_running_loop().add_signal_handler(number, self.quit, 128 + number)

    def settle(self) -> None:
        """Do what can wait for the first frame."""
        # What is alive now stays alive: looking at it again is what made slow keys.
        gc.collect()
        gc.freeze()
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        self._study.serve_keys()
        self.set_interval(_TIDY, self._tidy)
        if self.keeps_safe:
            self._back_up()
            self.set_interval(_BACK_UP, self._back_up)

    def _back_up(self) -> None:
        self.run_worker(self._make_backup, thread=True, group="backup", exclusive=True)

    def _make_backup(self) -> None:
        from qualcode.study import backups  # noqa: PLC0415 - it can wait for the first frame

        if remark := backups.keep_safe(self._study.path):
            self.call_from_thread(self.desk.say, remark)

    def _fatal_error(self) -> None:
        """Tell a bug in one line where answers must not be shown: Textual prints local values."""
        error = sys.exc_info()[1]
        if error is not None and privacy.is_private():
            self.panic(crash.in_one_line(error))
        else:
            super()._fatal_error()

    def _tidy(self) -> None:
        self.run_worker(self._study.move_log, thread=True, exclusive=True)

    async def on_event(self, event: Event) -> None:
        """A key that comes before a dialog is ready waits for it, and so do those after it."""
        is_new = isinstance(event, Key) and not event.is_forwarded
        if is_new and (self._early or self._is_opening):
            self.type_ahead(cast("Key", event))
        else:
            await super().on_event(event)

    def on_key(self, event: Key) -> None:
        """Leaving works over every dialog."""
        if self.keymap.command_at.get(event.key) == "leave":
            self.leave()

    def type_ahead(self, event: Key) -> None:
        """Keep a key until the dialog that was asked for before it can take it."""
        self._early.append(event)
        self._early.sort(key=lambda key: key.time)
        if len(self._early) == 1:
            self.call_later(self._type_early)

    @property
    def _is_opening(self) -> bool:
        return isinstance(self.screen, ModalScreen) and self.focused is None

    async def _type_early(self) -> None:
        """Type one key, and the others when that had its turn: it may close what is open."""
        if self._is_opening:
            self.set_timer(0.005, self._type_early)
            return
        key = self._early[0]
        await super().on_event(Key(key.key, key.character))
        await asyncio.sleep(0)
        self._early.remove(key)
        if self._early:
            self.call_later(self._type_early)

    def on_exit_app(self, event: ExitApp) -> None:
        """A tab of a browser was closed: it is left as by hand."""
        if not self._is_quitting:
            event.prevent_default()
            self.quit()

    def leave(self) -> None:
        """Do what the key says that leaves the screen."""
        self.quit()

    def quit(self, return_code: int = 0) -> None:
        """Close what is open, which keeps a memo that is being written, and then the screen."""
        self._is_quitting = True
        self.close_dialog()
        self.call_later(self.exit, return_code=return_code)

    def close_dialog(self) -> None:
        """Close the dialog that is open, if one is."""
        from qualcode.tui.dialogs import Dialog  # noqa: PLC0415

        if isinstance(self.screen, Dialog):
            self.screen.action_close()

    def in_short(self, error: QualcodeError) -> str:
        """The words of an error for one line: the study is named without its folder."""
        return error.message.replace(str(self._study.path), self._study.path.name)

    def carry_out(self, command: str) -> None:
        """The commands that open something over the screen, or leave it."""
        match command:
            case "help":
                from qualcode.tui.dialogs import HelpDialog  # noqa: PLC0415

                self.push_screen(HelpDialog(self.keymap))
            case "leave":
                self.leave()

    def ask_memo(self, memo: str, then: Callable[[str | None], None], remark: str = "") -> None:
        """Let somebody write a memo."""
        from qualcode.tui.dialogs import MemoDialog  # noqa: PLC0415

        self.push_screen(MemoDialog(memo, remark), then)

    def _remember_theme(self, _: Any) -> None:
        self.desk.do(partial(self.keep, theme=self.theme))

    def keep(self, **chosen: Any) -> None:
        """Keep a setting for the next time. Raises `QualcodeError`."""
        settings.change(**chosen)


class CodingWork(StudyApp):
    """What a coding screen asks of its application."""

    coding: CodingScreen
    suggests = False

    def coding_screen(self, session: CodingSession, keymap: Keymap, remark: str) -> CodingScreen:
        """A coding screen for a session, as the person has set it up."""
        screen = CodingScreen(
            session,
            keymap,
            show_list=self.stored.list_shown,
            show_suggestions=self.stored.suggestions_shown,
        )
        if remark:
            screen.say(remark)
        return screen

    def start_suggesting(self) -> None:
        """Have a process suggest, unless one does, or nobody would see what it says."""
        session, suggesting = self.coding.session, self.coding.suggesting
        is_wanted = self.coding.shows_suggestions or session.drawn_queue
        if self.suggests and is_wanted and session.codes and not suggesting.is_running:
            path = self._study.path.resolve()
            suggesting.start(path, session.question.key, session.coder.name)

    def carry_out(self, command: str) -> None:
        """The commands that open something over the coding screen, or leave it."""
        match command:
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
            case _:
                super().carry_out(command)

    def show_answer(self, response_id: int) -> None:
        """Show an answer of the question that is being coded."""
        self.coding.do(partial(self.coding.show_answer, response_id))

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


class QualcodeApp(CodingWork):
    """The screens of one study for one coder."""

    def __init__(
        self, study: Study, session: CodingSession, remark: str = "", *, suggests: bool = False
    ) -> None:
        super().__init__(study, CODING)
        self.suggests = suggests
        self.desk = self.coding = self.coding_screen(session, self.keymap, remark)

    def settle(self) -> None:
        """Suggest, once the first frame is there."""
        super().settle()
        self.set_timer(SOON, self.start_suggesting)
