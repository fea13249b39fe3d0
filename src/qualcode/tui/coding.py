"""The coding screen: a key becomes a verb of the session, and the screen shows what is true."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.screen import Screen

from qualcode.errors import QualcodeError
from qualcode.store.responses import Filter
from qualcode.text import clauses
from qualcode.tui.answer import AnswerPane
from qualcode.tui.answers import AnswerList
from qualcode.tui.codebook import CodebookPane
from qualcode.tui.finding import found, with_typed
from qualcode.tui.status import StatusLine
from qualcode.tui.view import Finding, View

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator

    from textual.app import ComposeResult
    from textual.events import Key

    from qualcode.model import Change, Code
    from qualcode.study import CodingSession
    from qualcode.study.coding import Answer, Span
    from qualcode.tui.commands import Keymap

_PACE_WINDOW = 600.0
_PACE_LEAST = 5


class CodingScreen(Screen[None]):
    """One coder, one question, one answer after the other."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (100, "-normal"),
        (150, "-wide"),
    ]

    def __init__(self, session: CodingSession, keymap: Keymap, *, show_list: bool) -> None:
        super().__init__()
        self.keymap = keymap
        self._list_beside, self._list_over_codebook = show_list, False
        self._message, self._is_error = "", False
        self._paces: deque[float] = deque()
        self._visited: list[int] = []
        self._actions: dict[str, Callable[[], object]] = {
            "decide": self._decide,
            "next": self._next,
            "back": self._back,
            "find": self._find,
            "repeat": lambda: self._verb(self.session.repeat_last, "nothing to repeat here"),
            "flag": lambda: self._verb(self.session.flag),
            "memo": self._memo,
            "clause-next": lambda: self._pick_clause(1),
            "clause-previous": lambda: self._pick_clause(-1),
            "whole": self._pick_whole,
            "undo": lambda: self._step_back(self.session.undo, "undo"),
            "redo": lambda: self._step_back(self.session.redo, "redo"),
            "confirm": lambda: self._verb(self.session.confirm_earlier, "nothing to take over"),
            "group": self._group,
            "up": lambda: self._go_by(-1),
            "down": lambda: self._go_by(1),
            "first": lambda: self._go_by(-len(self._queue)),
            "last": lambda: self._go_by(len(self._queue)),
            "scroll-up": lambda: self._scroll_by(-1),
            "scroll-down": lambda: self._scroll_by(1),
            "codes-up": lambda: self._scroll_codes(-1),
            "codes-down": lambda: self._scroll_codes(1),
            "list": self._toggle_list,
        }
        self.open_session(session)

    def open_session(self, session: CodingSession, *, at: int = 0) -> None:
        """Work on the answers of a session, from the answer `at` or where the coder left off."""
        self.session = session
        self._touched: Code | None = None
        self._finding: Finding | None = None
        self._grouping: Iterator[int] | None = None
        self._coded = session.coded_count()
        self._apply_filter(Filter(), "")
        self._substantive = len(self._queue)
        opening = at or session.opening()
        self._land_on(self._place_of(opening) if opening else 0)
        if not at and opening is None and self._queue:
            self.say("every answer is coded")

    def _apply_filter(self, wanted: Filter, name: str) -> None:
        self._queue: array[int] = self.session.queue(wanted)
        self._filter, self._filter_name = wanted, name
        self._place = 0
        self._leave_answer()

    def _place_of(self, response_id: int) -> int | None:
        try:
            return self._queue.index(response_id)
        except ValueError:
            return None

    def compose(self) -> ComposeResult:
        """List, answer, codebook, and the status line."""
        with Horizontal(id="body"):
            yield AnswerList(id="list")
            yield AnswerPane(id="answer")
            yield CodebookPane(id="codebook")
        yield StatusLine(self.keymap, id="status")

    def on_mount(self) -> None:
        """Draw the first frame."""
        self._list = self.query_one(AnswerList)
        self._answer_pane = self.query_one(AnswerPane)
        self._codebook = self.query_one(CodebookPane)
        self._status = self.query_one(StatusLine)
        self._arrange()
        self.draw()

    def on_resize(self) -> None:
        """Show what there is room for."""
        self._arrange()

    def _arrange(self) -> None:
        """Where there is no room for three panes, the list takes the codebook's place."""
        shown = self._list_over_codebook if self._is_narrow else self._list_beside
        self._list.display = shown
        self._codebook.display = not (self._is_narrow and shown)

    @property
    def _is_narrow(self) -> bool:
        return self.app.size.width < self.HORIZONTAL_BREAKPOINTS[1][0]

    # -- what is shown

    @property
    def response_id(self) -> int:
        """The answer shown, 0 if none."""
        return self._queue[self._place] if self._queue else 0

    def draw(self) -> None:
        """Show what is true now."""
        self.session.notice_changes()
        answer = self.session.answer(self.response_id) if self.response_id else None
        view = self._view(answer)
        self._answer_pane.show(view)
        self._codebook.show(view)
        self._status.show(view)
        self._list.show(
            self._queue, self._place, lambda ids, width: self.session.listed(ids, width=width)
        )

    def _view(self, answer: Answer | None) -> View:
        touched = self._touched
        if touched is None and answer and answer.state.codings:
            touched = self.session.code_by_id.get(answer.state.codings[-1].code_id)
        return View(
            question_key=self.session.question.key,
            question_text=self.session.question.text,
            coder=self.session.coder.name,
            codes=self.session.codes,
            answer=answer,
            number=self._place + 1 if self._queue else 0,
            total=len(self._queue),
            coded=self._coded,
            substantive=self._substantive,
            filter_name=self._filter_name,
            clause=self._clause,
            touched=touched,
            finding=self._finding,
            scroll=self._scroll,
            pace=self._pace(),
            is_grouping=self.session.is_grouping,
            message=self._message,
            is_error=self._is_error,
        )

    def say(self, message: str, *, is_error: bool = False) -> None:
        """Put a message on the status line until the next key."""
        self._message, self._is_error = message, is_error

    def _pace(self) -> int:
        now = time.monotonic()
        while self._paces and now - self._paces[0] > _PACE_WINDOW:
            self._paces.popleft()
        if len(self._paces) < _PACE_LEAST:
            return 0
        return round((len(self._paces) - 1) / max(now - self._paces[0], 1.0) * 3600)

    # -- keys

    def on_key(self, event: Key) -> None:
        """A letter is a code; every other key is a command."""
        event.stop()
        event.prevent_default()
        self.say("")
        key = event.character if event.is_printable and event.character else event.key
        key = "space" if key == " " else key
        if self._finding is not None:
            self._find_key(key)
        elif command := self.keymap.command_at.get(key):
            self.carry_out(command)
            return
        elif len(key) == 1 and key.isalpha():
            self._letter(key)
        else:
            return
        self.draw()

    def carry_out(self, command: str) -> None:
        """Do what a command says, and draw what is then true."""
        self.say("")
        if command in self._actions:
            self._actions[command]()
            self.draw()
        else:
            self.app.carry_out(command)  # type: ignore[attr-defined]

    def _letter(self, letter: str) -> None:
        code = next((code for code in self.session.codes if code.hotkey == letter), None)
        if code is None:
            self.say(f"no code has the key {letter}; {self.keymap.shown('find')} finds one by name")
        else:
            self.toggle(code.id)

    def toggle(self, code_id: int) -> None:
        """Put a code on the answer, or take it off."""
        self._touched = self.session.code_by_id[code_id]
        self._verb(lambda answer: self.session.toggle(answer, code_id, self._clause))

    def _verb(self, verb: Callable[[int], Change | None], otherwise: str = "") -> bool:
        """Do something to the answer shown; say so where there was nothing to do."""
        if not self.response_id:
            self.say("there is no answer here")
            return False
        try:
            change = verb(self.response_id)
        except QualcodeError as error:
            self.say(error.message, is_error=True)
            return False
        if change:
            self._coded += change.newly_coded
        elif otherwise:
            self.say(otherwise)
        return True

    # -- moving

    def _decide(self) -> None:
        following = self._queue[self._place + 1] if self._place + 1 < len(self._queue) else None
        if not self._verb(lambda answer: self.session.decide(answer, then=following)):
            return
        self._paces.append(time.monotonic())
        if following is None:
            left = self._substantive - self._coded
            self.say(f"the last answer here; {left:,} of the question are open")
        else:
            self._visit(self._place + 1, remember=False)

    def _next(self) -> None:
        if self._place + 1 < len(self._queue):
            self._visit(self._place + 1)
        else:
            self.say("the last answer here")

    def _back(self) -> None:
        while self._visited:
            place = self._place_of(self._visited.pop())
            if place is not None:
                self._land_on(place)
                self._remember()
                return
        self.say("no answer was visited before")

    def _go_by(self, answers: int) -> None:
        place = max(0, min(self._place + answers, len(self._queue) - 1))
        if self._queue and place != self._place:
            self._visit(place)

    def go_to(self, place: int) -> None:
        """Go to the answer at a place of the list."""
        if 0 <= place < len(self._queue):
            self._visit(place)
            self.draw()

    def _visit(self, place: int, *, remember: bool = True) -> None:
        self._visited.append(self.response_id)
        self._land_on(place)
        if remember:
            self._remember()

    def _land_on(self, place: int | None) -> None:
        self._place = place or 0
        self._leave_answer()

    def _leave_answer(self) -> None:
        self._clauses: list[Span] | None = None
        self._clause: Span | None = None
        self._scroll = 0

    def _remember(self) -> None:
        try:
            self.session.remember(self.response_id)
        except QualcodeError as error:
            self.say(error.message, is_error=True)

    # -- undo

    def _step_back(self, verb: Callable[[], Change | None], name: str) -> None:
        try:
            change = verb()
        except QualcodeError as error:
            self.say(error.message, is_error=True)
            return
        if change is None:
            self.say(f"nothing to {name}")
            return
        self._show_answer(change)
        self.say(f"{name}: {change.kind} (step {change.step})")

    def _show_answer(self, change: Change) -> None:
        """Show the answer that a step was on, also where it is of another question."""
        response_id, question = self.session.where_is(change.response_id)
        if question != self.session.question.key:
            self.app.open_question(question, at=response_id)  # type: ignore[attr-defined]
            return
        self._coded += change.newly_coded
        if response_id == self.response_id:
            self._leave_answer()
            return
        place = self._place_of(response_id)
        if place is None:
            self._apply_filter(Filter(), "")
            place = self._place_of(response_id)
        if place is not None:
            self._visit(place)

    # -- clauses, memo, grouping

    def _pick_clause(self, step: int) -> None:
        if not self.response_id:
            return
        if self._clauses is None:
            text = self.session.answer(self.response_id).response.text
            self._clauses = clauses(text)
        if not self._clauses:
            return
        if self._clause in self._clauses:
            place = (self._clauses.index(self._clause) + step) % len(self._clauses)
        else:
            place = 0 if step > 0 else -1
        self._clause = self._clauses[place]

    def _pick_whole(self) -> None:
        self._clause = None

    def _memo(self) -> None:
        if self.response_id:
            answer = self.session.answer(self.response_id)
            self.app.ask_memo(answer.state.memo, self._write_memo)  # type: ignore[attr-defined]

    def _write_memo(self, text: str | None) -> None:
        if text is not None:
            self._verb(lambda answer: self.session.write_memo(answer, text.strip()))
        self.draw()

    def _group(self) -> None:
        if self.session.is_grouping or self._grouping:
            self._grouping = None
            self.session.stop_grouping()
            self.say("identical answers are coded one by one")
            return
        self._grouping = self.session.group_identical()
        self._group_on()

    def _group_on(self) -> None:
        """Gather identical answers a little at a time, so that no key waits."""
        if self._grouping is None:
            return
        until = time.monotonic() + 0.01
        for done in self._grouping:
            if time.monotonic() > until:
                self.say(f"looking for identical answers: {done:,}")
                self.set_timer(0.005, self._group_on)
                self._status.show(self._view(None))
                return
        self._grouping = None
        self.say("identical answers are coded along")
        self.draw()

    # -- finding a code

    def _find(self) -> None:
        self._finding = Finding()

    def _find_key(self, key: str) -> None:
        finding = self._finding
        if finding is None:
            return
        if key == "escape":
            self._finding = None
        elif key == "enter":
            self._finding = None
            if finding.code_id:
                self.toggle(finding.code_id)
        elif key in ("up", "down", "tab", "shift+tab"):
            self._finding = found(finding, 1 if key in ("down", "tab") else -1)
        elif key == "backspace":
            self._finding = with_typed(finding.typed[:-1], self.session.codes)
        elif len(key) == 1 or key == "space":
            typed = finding.typed + (" " if key == "space" else key)
            self._finding = with_typed(typed, self.session.codes)

    # -- filters, list, scrolling

    def filter_by(self, wanted: Filter, name: str) -> None:
        """Walk through the answers that a filter lets through, from the one shown if it is one."""
        shown = self.response_id
        self._apply_filter(wanted, name)
        place = self._place_of(shown)
        self._land_on(place)
        if not self._queue:
            self.say(f"no answer is {name}" if name else "there is no answer to code")
        self.draw()

    def _toggle_list(self) -> None:
        if self._is_narrow:
            self._list_over_codebook = not self._list_over_codebook
        else:
            self._list_beside = not self._list_beside
            self.app.remember_list(self._list_beside)  # type: ignore[attr-defined]
        self._arrange()

    def _scroll_by(self, pages: int) -> None:
        self._scroll = max(0, self._scroll + pages * max(self._answer_pane.size.height // 3, 1))

    def _scroll_codes(self, pages: int) -> None:
        self._codebook.scroll_by(pages * max(self._codebook.size.height // 2, 1))

    # -- messages of the panes

    def on_codebook_pane_picked(self, message: CodebookPane.Picked) -> None:
        """A code was clicked."""
        self.say("")
        self.toggle(message.code_id)
        self.draw()

    def on_answer_list_picked(self, message: AnswerList.Picked) -> None:
        """An answer was clicked."""
        self.say("")
        self.go_to(message.place)
