"""The agreement screen: every code with its interval, the coders beside each other, the trend.

The numbers are worked out in a thread with a connection of its own. A coder sees only answers that
they have decided themselves; what others put on the rest is not theirs to see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen

from qualcode.errors import QualcodeError
from qualcode.tui.agreement_panes import (
    STEPS,
    CodersPane,
    CodesPane,
    Footer,
    Heading,
    command_of,
    in_words,
)
from qualcode.tui.sight import viewer_id

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.events import Key

    from qualcode.model import Coder
    from qualcode.study.agreement import AgreementReport, Disagreement, SavedRun
    from qualcode.tui.app import CodingWork
    from qualcode.tui.sight import Sight

_MANY = 6
_KEYS = (
    ("↑ ↓", "choose a code"),
    ("Enter", "its disagreements"),
    ("Esc", "back to coding"),
)
_LEADS_KEYS = (*_KEYS[:-1], ("Esc", "back"))


class AgreementScreen(Screen[None]):
    """Agreement on the question that is being coded, on the answers this coder has decided."""

    app: CodingWork
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (150, "-wide")]  # noqa: RUF012

    class Measured(Message):
        """The numbers are there, or what went wrong."""

        def __init__(
            self, report: AgreementReport | None, runs: list[SavedRun], error: str = ""
        ) -> None:
            super().__init__()
            self.report = report
            self.runs = runs
            self.error = error

    def __init__(self, path: Path, sight: Sight) -> None:
        super().__init__()
        self._path = path
        self._sight = sight
        self._report: AgreementReport | None = None
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """A heading, the codes, the coders, and the keys."""
        yield Heading(id="heading")
        with Horizontal(id="body"):
            yield CodesPane(id="codes")
            yield CodersPane(id="coders")
        yield Footer(_KEYS if self._sight.coder else _LEADS_KEYS, id="keys")

    def on_mount(self) -> None:
        """Show the frame at once, and work the numbers out beside it."""
        question = self._sight.question
        self.query_one(Heading).show(question.key, question.text, "measuring …")
        self.call_after_refresh(self.run_worker, self._measure, thread=True, exclusive=True)

    def _measure(self) -> None:
        from qualcode.study import Study, agreement  # noqa: PLC0415

        try:
            with Study.open(self._path, readonly=True) as study:
                report = agreement.measure(
                    study.database,
                    self._sight.question,
                    visible_to=viewer_id(self._sight),
                    is_full=False,
                )
                runs = agreement.history(study.database, self._sight.question)
        except QualcodeError as error:
            self.post_message(self.Measured(None, [], in_words(self.app, error)))
        else:
            self.post_message(self.Measured(report, runs))

    def on_agreement_screen_measured(self, message: Measured) -> None:
        """Draw the numbers."""
        self._report = message.report
        question = self._sight.question
        if message.report is None:
            self.query_one(Heading).show(question.key, question.text, message.error)
            return
        self.query_one(Heading).show(
            question.key, question.text, _facts(message.report, self._sight.coder)
        )
        self.set_class(len(message.report.coders) > _MANY, "-many")
        self.query_one(CodersPane).show(message.report, message.runs)
        self._draw()

    def _draw(self) -> None:
        if self._report:
            self.query_one(CodesPane).show(self._report.codes, self._chosen)

    def on_key(self, event: Key) -> None:
        """Choose a code, open its disagreements, or go back."""
        event.stop()
        event.prevent_default()
        codes = self._report.codes if self._report else ()
        command = command_of(self.app, event)
        if event.key == "escape" or command in ("agreement", "see-agreement"):
            self.dismiss()
        elif event.key in STEPS and codes:
            self._chosen = max(0, min(self._chosen + STEPS[event.key], len(codes) - 1))
            self._draw()
        elif event.key == "enter" and codes:
            self._open(codes[self._chosen].code)
        elif command == "leave":
            self.app.leave()

    def _open(self, code: str) -> None:
        from qualcode.tui.disagreements import DisagreementScreen  # noqa: PLC0415

        screen = DisagreementScreen(self._path, self._sight, code)
        self.app.push_screen(screen, self._go_to)

    def _go_to(self, chosen: Disagreement | None) -> None:
        """Leave for the coding screen where an answer was chosen to be looked at again."""
        if chosen is not None:
            self.dismiss()
            self.app.show_answer(chosen.response_id)


def _facts(report: AgreementReport, viewer: Coder | None) -> str:
    if viewer is None:
        return (
            f"{report.n_multiply_coded:,} of {report.n_responses:,} answers"
            " were coded by two coders or more"
        )
    if not report.n_responses:
        return f"{viewer.name} has decided no answer yet: only what you have decided is compared"
    return (
        f"{report.n_multiply_coded:,} of {report.n_responses:,} answers decided by {viewer.name}"
        " were coded by others too"
    )
