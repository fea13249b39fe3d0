"""The answers on which coders differ, in all or about a code: who said what, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.message import Message
from textual.screen import Screen

from qualcode.errors import QualcodeError
from qualcode.tui.agreement_panes import STEPS, Footer, Heading, Pane, command_of, in_words
from qualcode.tui.lines import Line, padded, paragraph
from qualcode.tui.sight import viewer_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.events import Key

    from qualcode.study.agreement import Disagreement
    from qualcode.tui.app import StudyApp
    from qualcode.tui.sight import Sight

_NAME = 24
_KEYS = (
    ("↑ ↓", "another answer"),
    ("Enter", "look at my coding of it"),
    ("Esc", "back"),
)
_LEADS_KEYS = (_KEYS[0], _KEYS[-1])


class DisagreementsPane(Pane):
    """A list of answers above, and the one chosen below with everybody's codes."""

    _found: Sequence[Disagreement] = ()
    _code = ""
    _chosen = 0
    _top = 0

    def show(self, found: Sequence[Disagreement], code: str, chosen: int) -> None:
        """Draw another moment."""
        self._found, self._code, self._chosen = found, code, chosen
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The answers that fit, then the one chosen."""
        if not self._found:
            return
        room = max(height // 3, 3)
        if not self._top <= self._chosen < self._top + room:
            self._top = self._chosen - room // 2
        self._top = max(0, min(self._top, len(self._found) - room))
        shown = self._found[self._top : self._top + room]
        for place, each in enumerate(shown, start=self._top):
            is_chosen = place == self._chosen
            yield [
                (" ▶ " if is_chosen else "   ", "agreement--key"),
                (f"{each.distance:.2f}  ", "agreement--dim"),
                (
                    padded(each.text, width - 9),
                    "agreement--chosen" if is_chosen else "agreement--text",
                ),
            ]
        yield from ([] for _ in range(room - len(shown) + 1))
        yield from self._detail(self._found[self._chosen], width, height - room - 1)

    def _detail(self, each: Disagreement, width: int, height: int) -> Iterable[Line]:
        yield [(f" {each.respondent}  {each.question}", "agreement--dim")]
        longest = max(height - len(each.sets) - 3, 3)
        for line in paragraph(each.text, width - 2, "agreement--name", most=longest):
            yield [(" ", ""), *line]
        yield []
        name = min(max(cell_len(coder) for coder in each.sets), _NAME)
        for coder, codes in each.sets.items():
            has = self._code in codes if self._code else bool(codes)
            style = "agreement--high" if has else "agreement--low"
            yield [
                (" ● " if has else " ○ ", style if self._code else "agreement--dim"),
                (f"{padded(coder, name)}  ", "agreement--key"),
                (", ".join(codes) or "(no code)", "agreement--text"),
            ]


class DisagreementScreen(Screen["Disagreement | None"]):
    """Walk through the disagreements, on a code or on any; Enter gives the answer chosen."""

    app: StudyApp

    class Found(Message):
        """The answers are there, or what went wrong."""

        def __init__(self, found: list[Disagreement], error: str = "") -> None:
            super().__init__()
            self.found = found
            self.error = error

    def __init__(self, path: Path, sight: Sight, code: str = "") -> None:
        super().__init__()
        self._path = path
        self._sight = sight
        self._code = code
        self._found: list[Disagreement] = []
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """A heading, the answers, and the keys."""
        yield Heading(id="heading")
        yield DisagreementsPane(id="answers")
        yield Footer(_KEYS if self._sight.coder else _LEADS_KEYS, id="keys")

    def on_mount(self) -> None:
        """Show the frame at once, and read the answers beside it."""
        self.query_one(Heading).show(self._sight.question.key, self._code, "reading …")
        self.call_after_refresh(self.run_worker, self._read, thread=True, exclusive=True)

    def _read(self) -> None:
        from qualcode.study import Study, agreement  # noqa: PLC0415

        try:
            with Study.open(self._path, readonly=True) as study:
                found = agreement.disagreements(
                    study.database,
                    self._sight.question,
                    code=self._code,
                    visible_to=viewer_id(self._sight),
                )
        except QualcodeError as error:
            self.post_message(self.Found([], in_words(self.app, error)))
        else:
            self.post_message(self.Found(found))

    def on_disagreement_screen_found(self, message: Found) -> None:
        """Draw the answers."""
        self._found = message.found
        n = len(self._found)
        differ = "1 answer differs" if n == 1 else f"{n:,} answers differ"
        on_it = " on it" if self._code else ""
        facts = message.error or differ + on_it + ("; most apart first" if n > 1 else "")
        self.query_one(Heading).show(self._sight.question.key, self._code, facts)
        self._draw()

    def _draw(self) -> None:
        self.query_one(DisagreementsPane).show(self._found, self._code, self._chosen)

    def on_key(self, event: Key) -> None:
        """Choose an answer, take it, or go back."""
        event.stop()
        event.prevent_default()
        command = command_of(self.app, event)
        if event.key == "escape" or command == "see-disagreements":
            self.dismiss(None)
        elif event.key in STEPS and self._found:
            self._chosen = max(0, min(self._chosen + STEPS[event.key], len(self._found) - 1))
            self._draw()
        elif event.key == "enter" and self._found and self._sight.coder:
            self.dismiss(self._found[self._chosen])
        elif command == "leave":
            self.app.leave()
