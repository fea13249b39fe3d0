"""The home screen: what was done, what there is to do, and everything else one key away.

Nothing is counted on the thread that draws. One thread counts whenever somebody has written to
the study; another measures what takes longer, once a while and as long as somebody looks.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.worker import get_current_worker

from qualcode.errors import QualcodeError
from qualcode.study import Study, home
from qualcode.tui.agreement_panes import in_words
from qualcode.tui.home_panes import HomeHeading, HomeView, QuestionPane, QuestionsPane
from qualcode.tui.keyed import Desk
from qualcode.tui.status import Status, StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.worker import Worker

    from qualcode.model import Question
    from qualcode.study.home import Home
    from qualcode.tui.commands import Keymap
    from qualcode.tui.home_app import HomeApp

_PAUSE = 10
"""Measuring anew waits so many times as long as it took."""
_SEVERAL = 5


class HomeScreen(Desk):
    """A study at a glance."""

    app: HomeApp

    class Counted(Message):
        """The study as it stands now, as far as it is known."""

        def __init__(self, found: Home) -> None:
            super().__init__()
            self.found = found

    class Measured(Message):
        """The numbers that take longer, of the questions that had their turn."""

        def __init__(self, found: Home) -> None:
            super().__init__()
            self.found = found

    class Failed(Message):
        """What went wrong beside the keys."""

        def __init__(self, error: str) -> None:
            super().__init__()
            self.error = error

    def __init__(self, path: Path, keymap: Keymap, viewer: str) -> None:
        super().__init__(keymap)
        self._path = path
        self.viewer = viewer
        self._home: Home | None = None
        self._waiting: Callable[[], object] | None = None
        self._chosen = 0
        self._measuring: Worker[None] | None = None
        self._begun = self._rested = 0.0
        self._actions |= {
            "up": partial(self._choose, -1),
            "down": partial(self._choose, 1),
            "first": partial(self._choose, -9999),
            "last": partial(self._choose, 9999),
            "scroll-up": lambda: self._question_pane.scroll_page(-1),
            "scroll-down": lambda: self._question_pane.scroll_page(1),
        }

    def compose(self) -> ComposeResult:
        """A heading, the questions, the one chosen, and the status line."""
        yield HomeHeading(id="heading")
        with Horizontal(id="body"):
            yield QuestionsPane(id="questions")
            yield QuestionPane(self.keymap, id="question")
        yield StatusLine(self.keymap, id="status")

    def on_mount(self) -> None:
        """Know the panes, draw an empty frame, and count beside it."""
        self._heading = self.query_one(HomeHeading)
        self._questions = self.query_one(QuestionsPane)
        self._question_pane = self.query_one(QuestionPane)
        self._status = self.query_one(StatusLine)
        self.do()
        self.count()

    # -- what is shown

    def is_up_to_date(self) -> bool:
        """Others' writing is noticed by `poll`."""
        return True

    def draw(self) -> None:
        """Show what is known."""
        if self._home is None:
            return
        self.set_class(len(self._home.questions) > _SEVERAL, "-several")
        view = HomeView(self._path.name, self._home, self._chosen)
        for pane in (self._heading, self._questions, self._question_pane):
            pane.show(view)

    def draw_status(self) -> None:
        """What went wrong, or what can be done."""
        hidden = set() if self.app.may_choose else {"who"}
        if self._home and not self._home.is_whole:
            hidden |= {"clear-quotes", "adjudicate"}
        if not self.is_asked:
            hidden |= {"asked"}
        if self._home is None or not any(one.to_review for one in self._home.questions):
            hidden |= {"review"}
        if not self.to_recode:
            hidden |= {"recode"}
        offered = tuple(name for name in self.keymap.table.footer if name not in hidden)
        whose = f" {self.viewer} " if self.viewer else ""
        self._status.show(Status(whose, offered, self._message, self._is_error))

    def deed_of(self, key: str) -> Callable[[], object] | None:  # noqa: ARG002
        """A key that is no command does nothing."""
        return None

    def _choose(self, steps: int) -> None:
        last = len(self._home.questions) - 1 if self._home else 0
        self._chosen = max(0, min(self._chosen + steps, last))

    def on_questions_pane_picked(self, message: QuestionsPane.Picked) -> None:
        """A question was clicked."""
        self.say("")
        self.do(partial(self._choose, message.place - self._chosen))

    @property
    def question(self) -> Question | None:
        """The question chosen."""
        return self._home.questions[self._chosen].question if self._home else None

    @property
    def is_asked(self) -> bool:
        """Whether the coder who looks is asked about an answer to the question chosen."""
        return self._home is not None and self._home.questions[self._chosen].asked_about > 0

    @property
    def shows_whole(self) -> bool:
        """Whether others' work is shown, too."""
        return self._home is not None and self._home.is_whole

    @property
    def to_recode(self) -> int:
        """How many answers of the question chosen a split left open."""
        return self._home.questions[self._chosen].to_recode if self._home else 0

    @property
    def is_measured(self) -> bool:
        """Whether all numbers are there."""
        return self._home is not None and self._home.is_measured

    def once_counted(self, deed: Callable[[], object]) -> None:
        """Do it at once, or, as a key may come before the first count, as soon as that is there."""
        if self._home:
            deed()
        else:
            self._waiting = deed

    # -- numbers

    def look_as(self, viewer: str) -> None:
        """Show one coder's work, or with an empty name the whole study."""
        if viewer != self.viewer:
            self.rest()
            self.viewer, self._home = viewer, None

    def count(self) -> None:
        """Count beside the keys."""
        deed = partial(self._count, self.viewer)
        self.run_worker(deed, thread=True, exclusive=True, group="count")

    def _count(self, viewer: str) -> None:
        try:
            with Study.open(self._path, readonly=True) as study:
                found = home.look(study.database, viewer)
        except QualcodeError as error:
            self.post_message(self.Failed(in_words(self.app, error)))
        else:
            self.post_message(self.Counted(found))

    def on_home_screen_counted(self, message: Counted) -> None:
        """Show the counts, and what was measured before; measure anew if that is old."""
        if message.found.viewer.casefold() != " ".join(self.viewer.split()).casefold():
            return
        before, self._home = self._home, message.found
        if before:
            self._home = home.carried(self._home, before)
        self._choose(0)
        waiting, self._waiting = self._waiting, None
        self.do(waiting)
        if self.is_current:
            self.measure()

    def measure(self) -> None:
        """Measure beside the keys, unless that goes on, is not due or would change nothing."""
        now = time.monotonic()
        if self._home is None or self._home.is_measured or self._measuring or now < self._rested:
            return
        self._begun = now
        deed = partial(self._measure, self._home)
        self._measuring = self.run_worker(deed, thread=True, group="measure")

    def _measure(self, counted: Home) -> None:
        worker = get_current_worker()
        try:
            with Study.open(self._path, readonly=True) as study:
                for found in home.measured(study.database, counted):
                    if worker.is_cancelled:
                        return
                    self.post_message(self.Measured(found))
        except QualcodeError as error:
            self.post_message(self.Failed(in_words(self.app, error)))

    def on_home_screen_measured(self, message: Measured) -> None:
        """Show the numbers that are there."""
        if self._home is None or self._measuring is None:
            return
        self._home = home.carried(self._home, message.found)
        if message.found.is_measured:
            self._measuring = None
            now = time.monotonic()
            self._rested = now + _PAUSE * (now - self._begun)
        self.do()

    def on_home_screen_failed(self, message: Failed) -> None:
        """Say what went wrong; the numbers stay as they were."""
        self._measuring = self._waiting = None
        self._rested = time.monotonic() + _PAUSE
        self.say(message.error, is_error=True)
        self.do()

    def rest(self) -> None:
        """Stop measuring while somebody works on another screen, whose keys must not wait."""
        self._rested = 0.0
        if self._measuring:
            self._measuring.cancel()
            self._measuring = None
