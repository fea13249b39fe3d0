"""The frequencies screen: how often each code was used, in all and by an attribute.

It counts a coder's own codings and nobody else's: what others put on an answer is not theirs to
see before they have decided it; the lead sees the consensus. The numbers are worked out in a thread
of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen

from qualcode.errors import QualcodeError
from qualcode.tui.agreement_panes import STEPS, Footer, Heading, command_of, in_words
from qualcode.tui.frequency_panes import GroupsPane, ThemesPane

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.events import Key

    from qualcode.model import Coder
    from qualcode.study.frequencies import FrequencyReport
    from qualcode.tui.app import StudyApp
    from qualcode.tui.sight import Sight

_KEYS = (
    ("↑ ↓", "choose a code"),
    ("← →", "by another attribute"),
    ("Enter", "its answers"),
    ("Esc", "back to coding"),
)
_LEADS_KEYS = (*_KEYS[:2], ("Esc", "back"))
_TURNS = {"left": -1, "right": 1}


class FrequencyScreen(Screen[int]):
    """Frequencies of one question by one coder; Enter gives the code whose answers to see."""

    app: StudyApp
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (150, "-wide")]  # noqa: RUF012

    class Counted(Message):
        """The numbers are there, or what went wrong."""

        def __init__(
            self, report: FrequencyReport | None, attributes: tuple[str, ...], error: str = ""
        ) -> None:
            super().__init__()
            self.report = report
            self.attributes = attributes
            self.error = error

    def __init__(self, path: Path, sight: Sight) -> None:
        super().__init__()
        self._path = path
        self._sight = sight
        self._report: FrequencyReport | None = None
        self._attributes: tuple[str, ...] = ()
        self._by = -1
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """A heading, the themes, the groups of the theme chosen, and the keys."""
        yield Heading("Frequencies of", id="heading")
        with Horizontal(id="body"):
            yield ThemesPane(id="themes")
            yield GroupsPane(id="groups")
        yield Footer(_KEYS if self._sight.coder else _LEADS_KEYS, id="keys")

    def on_mount(self) -> None:
        """Show the frame at once, and count beside it."""
        self._count()

    def _count(self) -> None:
        question = self._sight.question
        self.query_one(Heading).show(question.key, question.text, "counting …")
        self.call_after_refresh(self.run_worker, self._tabulate, thread=True, exclusive=True)

    def _tabulate(self) -> None:
        from qualcode.study import Study  # noqa: PLC0415
        from qualcode.study.frequencies import Wish, tabulate  # noqa: PLC0415

        try:
            with Study.open(self._path, readonly=True) as study:
                names, coder = study.attributes, self._sight.coder
                wish = Wish(
                    by=(names[self._by],) if 0 <= self._by < len(names) else (),
                    rule=f"coder:{coder.name}" if coder else "",
                    base="coded",
                    is_internal=True,
                    with_pending=True,
                )
                report = tabulate(study.database, self._sight.question, wish)
        except QualcodeError as error:
            self.post_message(self.Counted(None, (), in_words(self.app, error)))
        else:
            self.post_message(self.Counted(report, names))

    def on_frequency_screen_counted(self, message: Counted) -> None:
        """Draw the numbers."""
        question = self._sight.question
        if message.report is None:
            self._report = None
            self.query_one(Heading).show(question.key, question.text, message.error)
            return
        self._report, self._attributes = message.report, message.attributes
        self._chosen = min(self._chosen, max(len(message.report.rows) - 1, 0))
        facts = _facts(message.report, self._sight.coder)
        self.query_one(Heading).show(question.key, question.text, facts)
        self._draw()

    def _draw(self) -> None:
        if self._report:
            self.query_one(ThemesPane).show(self._report, self._chosen)
            self.query_one(GroupsPane).show(self._report, self._chosen)

    def on_key(self, event: Key) -> None:
        """Choose a code or an attribute, see the answers of a code, or go back."""
        event.stop()
        event.prevent_default()
        rows = self._report.rows if self._report else ()
        command = command_of(self.app, event)
        if event.key == "escape" or command in ("frequencies", "see-frequencies"):
            self.dismiss()
        elif event.key in STEPS and rows:
            self._chosen = max(0, min(self._chosen + STEPS[event.key], len(rows) - 1))
            self._draw()
        elif event.key in _TURNS and self._attributes:
            # One place more than there are attributes: that of no attribute.
            around = len(self._attributes) + 1
            self._by = (self._by + 1 + _TURNS[event.key]) % around - 1
            self._count()
        elif event.key == "enter" and rows and self._sight.coder:
            self.dismiss(rows[self._chosen].code.id)
        elif command == "leave":
            self.app.leave()


def _facts(report: FrequencyReport, coder: Coder | None) -> str:
    n = report.n["coded"]
    interim = f"; interim: {report.n_coded:,} of {report.answered:,} answers coded"
    by = f" by {report.groupings[0].attribute}" if report.groupings else ""
    weighted = ", weighted" if report.is_weighted else ""
    said = f"what {coder.name} coded" if coder else f"consensus of the coders ({report.rule})"
    return (
        f"{said}{by}: percent of {n or 0:,} coded answers{weighted},"
        f" with 95 % intervals{interim if report.is_interim else ''}"
    )
