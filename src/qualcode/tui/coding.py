"""The coding screen: a key becomes a verb of the session, and the screen shows what is true."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from qualcode.errors import QualcodeError
from qualcode.study.suggestions.messages import Draws, Hinted, Refused
from qualcode.tui.answer import AnswerPane
from qualcode.tui.answers import AnswerList, Row
from qualcode.tui.codebook import CodebookPane
from qualcode.tui.finding import after_key
from qualcode.tui.hints import offered
from qualcode.tui.keyed import DIGITS, KeyedScreen
from qualcode.tui.pace import Pace
from qualcode.tui.status import StatusLine, coding_status, told
from qualcode.tui.suggesting import Suggesting
from qualcode.tui.view import Finding, View
from qualcode.tui.walk import Walk, usual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import ComposeResult

    from qualcode.model import Change, Filter, Hint
    from qualcode.store.queues import Kind
    from qualcode.study import CodingSession
    from qualcode.study.coding import Answer
    from qualcode.study.suggestions.messages import Message
    from qualcode.tui.app import CodingWork
    from qualcode.tui.commands import Keymap


_AHEAD = 6
"""So many answers, from the one shown on, are scored before the others."""
_FEW_LEFT, _DRAWN_AT_ONCE = 15, 40


class CodingScreen(KeyedScreen):
    """One coder, one question, one answer after the other."""

    app: CodingWork
    walk: Walk
    session: CodingSession
    _answer_pane: AnswerPane

    def __init__(
        self,
        session: CodingSession,
        keymap: Keymap,
        *,
        show_list: bool,
        show_suggestions: bool = True,
    ) -> None:
        super().__init__(keymap, show_list=show_list)
        self.shows_suggestions = show_suggestions
        self.suggesting = Suggesting(self._on_told, self.call_later)
        self._pace = Pace()
        self._grouping: Iterator[int] | None = None
        self._actions |= {
            "decide": self._decide,
            "find": self._find,
            "repeat": lambda: self._verb(self.session.repeat_last, "nothing to repeat here"),
            "accept": self._accept,
            "flag": lambda: self._verb(self.session.flag),
            "memo": self._memo,
            "undo": lambda: self._step_back(self.session.undo, "undo"),
            "redo": lambda: self._step_back(self.session.redo, "redo"),
            "confirm": lambda: self._verb(self.session.confirm_earlier, "nothing to take over"),
            "group": self._group,
            "codes-up": lambda: self._codebook.scroll_page(-1),
            "codes-down": lambda: self._codebook.scroll_page(1),
            "suggestions": self._toggle_suggestions,
        }
        self.session = session
        self.open_session(session)

    def open_session(self, session: CodingSession, *, at: int = 0) -> None:
        """Work on the answers of a session, from the answer `at` or where the coder left off."""
        is_grouping = self._grouping is not None or self.session.is_grouping
        if self.session.question != session.question:
            self.suggesting.stop()
            self.suggesting = Suggesting(self._on_told, self.call_later)
        self.session = session
        self.walk = Walk(session)
        self._touched = 0
        self._last_hint: Hint | None = None
        self._finding: Finding | None = None
        self._grouping = None
        if is_grouping:
            self._start_grouping()
        opening = at or session.opening()
        if opening:
            self.walk.show(opening)
        elif self.walk.queue:
            self.say("every answer is coded")
        else:
            key = self.keymap.shown("filter")
            self.say(f"no answer to code: all are blank or not asked; {key} shows them")

    def compose(self) -> ComposeResult:
        """List, answer, codebook, and the status line."""
        with Horizontal(id="body"):
            yield AnswerList(id="list")
            yield AnswerPane(self.keymap, id="answer")
            yield CodebookPane(id="codebook")
        yield StatusLine(self.keymap, id="status")

    def on_mount(self) -> None:
        """Draw the first frame."""
        self._codebook = self.query_one(CodebookPane)
        self.find_panes(self.query_one(AnswerPane), self._codebook)

    def on_unmount(self) -> None:
        """Leave nothing behind that holds the study open."""
        self.suggesting.stop()

    # -- what is done, and what is shown

    def is_up_to_date(self) -> bool:
        """Take in what others wrote to the study; False if the answer shown has changed."""
        noticed = self.session.notice_changes()
        if noticed.own:
            self.walk.recount()
            self.say("you are coding in another window too, and things have changed: look again")
            return False
        if not noticed.answers:
            return True
        is_same = self.walk.reread()
        if self.session.is_grouping:
            self._start_grouping()
        if not is_same:
            self.say("a file was imported and the answer has changed: look again")
        return is_same

    def draw(self) -> None:
        """Show what is true now."""
        shown = self.walk.response_id
        answer = self.session.answer(shown) if shown else None
        self._last_hint = self._hint(answer)
        view = self._view(answer)
        self._look_ahead()
        self._answer_pane.show(view)
        self._codebook.show(view)
        self._list.show(
            self.walk.queue,
            self.walk.place,
            lambda ids, width: [
                Row(one.text, "✓" if one.is_coded else "·", "!" if one.is_flagged else " ")
                for one in self.session.listed(ids, width=width)
            ],
        )

    def draw_status(self) -> None:
        """Show the bottom line, which works without the study."""
        self._status.show(coding_status(self._view(None), self.keymap))

    def _view(self, answer: Answer | None) -> View:
        walk = self.walk
        touched = self._finding.code_id if self._finding else 0
        touched = touched or self._touched
        if not touched and answer and answer.state.codings:
            touched = answer.state.shown[-1].code_id
        return View(
            question_key=self.session.question.key,
            question_text=self.session.question.text,
            coder=self.session.coder.name,
            codes=self.session.codes,
            answer=answer,
            number=walk.place + 1 if walk.queue else 0,
            total=len(walk.queue),
            coded=walk.coded,
            substantive=walk.to_code,
            filter_name=walk.filter_name,
            clause=walk.clause,
            clause_number=walk.clause_number,
            touched=self.session.code_by_id.get(touched),
            finding=self._finding,
            pace=self._pace.an_hour(),
            is_grouping=self.session.is_grouping,
            hint=self._last_hint,
            message=self._message,
            is_error=self._is_error,
        )

    # -- keys

    def take(self, key: str) -> None:
        """A letter is a code; every other key is a command, unless a code is being looked for."""
        if not self._find_key(key):
            super().take(key)

    def deed_of(self, key: str) -> Callable[[], object] | None:
        """A letter puts a code on, a digit takes a suggestion."""
        if len(key) == 1 and key.isalpha():
            return partial(self._letter, key)
        return partial(self._digit, int(key)) if key in DIGITS else None

    def _letter(self, letter: str) -> None:
        code = next((code for code in self.session.codes if code.hotkey == letter), None)
        if code is None:
            self.say(f"no code has the key {letter}; {self.keymap.shown('find')} finds one by name")
        else:
            self.toggle(code.id)

    def toggle(self, code_id: int) -> None:
        """Put a code on the answer, or take it off."""
        self._touched = code_id
        self._verb(lambda answer: self.session.toggle(answer, code_id, self.walk.clause))

    def _verb(self, verb: Callable[[int], Change | None], otherwise: str = "") -> bool:
        """Do something to the answer shown, if there is one; say so where nothing was to do."""
        if not self.walk.response_id:
            self.say("there is no answer here")
            return False
        change = verb(self.walk.response_id)
        if change:
            self.walk.count(change)
            self.suggesting.learn()
        elif otherwise:
            self.say(otherwise)
        return True

    # -- suggestions

    def _hint(self, answer: Answer | None) -> Hint | None:
        """What is suggested for the answer shown, unless it is hidden or to be coded unaided."""
        if answer is None or answer.is_blind or not self.shows_suggestions:
            return None
        return self.suggesting.hint(answer.response.id)

    def _digit(self, digit: int) -> None:
        """Take a ranked suggestion, or take its code off."""
        view = self._view(None)
        code_id = next((one.code_id for number, one in offered(view) if number == digit), 0)
        if not code_id:
            self.say(f"no suggestion {digit} here")
            return
        self._touched = code_id
        self._verb(
            lambda answer: self.session.toggle(answer, code_id, self.walk.clause, hint=view.hint)
        )

    def _accept(self) -> None:
        """Take every suggestion above the threshold."""
        hint = self._last_hint
        if hint is None or not hint.accepted:
            self.say("nothing is suggested with enough confidence")
            return
        self._verb(lambda answer: self.session.accept(answer, hint), "all of it is on already")

    def _toggle_suggestions(self) -> None:
        self.shows_suggestions = not self.shows_suggestions
        self.app.keep(suggestions_shown=self.shows_suggestions)
        self.app.start_suggesting()
        self.say("suggestions are shown" if self.shows_suggestions else "suggestions are hidden")

    def _look_ahead(self) -> None:
        """Tell the process that suggests what it will be asked for next."""
        if self.shows_suggestions:
            self.suggesting.ask(self.session.may_see(self.walk.ahead(_AHEAD)))
        queue = self.session.drawn_queue
        if queue and self.walk.filter.queue_id == queue.id and self.walk.left < _FEW_LEFT:
            self.suggesting.draw(queue.id, _DRAWN_AT_ONCE)

    def _on_told(self, message: Message) -> None:
        """The process that suggests has said something."""
        match message:
            case Hinted(hint) if hint.response_id == self.walk.response_id:
                self.do()
            case Draws():
                self.do(partial(self._take_in, message))
            case Refused(reason):
                self.say(f"no suggestions: {reason}; coding goes on", is_error=True)
                self.do()

    def _take_in(self, message: Draws) -> None:
        """Put what was drawn at the end of the queue; show its first answer if none was shown."""
        queue = self.session.drawn_queue
        grown = self.session.add_draws(message.queue_id, message.draws)
        if queue is None or queue.id != message.queue_id:
            return
        if not grown:
            self.suggesting.exhausted(queue.id)
        if self.walk.filter.queue_id == queue.id and self.walk.queue:
            self.walk.grow()
            return
        self.walk.filter_by(*usual(self.session))
        if opening := self.session.opening():
            self.walk.show(opening)
            self.session.remember(opening)
        self.say("" if grown else "every answer is coded or drawn already")

    def order_by(self, kind: Kind | None, code_id: int = 0) -> None:
        """Take the answers in the order of the file, or as a queue draws them."""
        self.suggesting.forget_drawing()
        if kind is None:
            self.session.leave_queue()
            self.walk.filter_by(*usual(self.session))
            self.say("in the order of the file")
            return
        queue = self.session.take_up(kind, code_id=code_id)
        self.app.start_suggesting()
        self.suggesting.draw(queue.id, _DRAWN_AT_ONCE)
        self.say("drawing the next answers …")

    # -- moving

    def _decide(self) -> None:
        following = self.walk.following
        if not self._verb(lambda answer: self.session.decide(answer, then=following)):
            return
        self._pace.decided()
        if following is None:
            left = self.walk.to_code - self.walk.coded
            whose = "yours" if self.session.is_assigned else "the question"
            self.say(f"the last answer here; {left:,} of {whose} are open")
        else:
            self.walk.visit(self.walk.place + 1)

    def remember(self) -> None:
        """Open here the next time."""
        self.session.remember(self.walk.response_id)

    def show_answer(self, response_id: int) -> None:
        """Show an answer of this question, whatever the filter."""
        self.walk.show(response_id)
        self.session.remember(response_id)

    def _step_back(self, verb: Callable[[], Change | None], name: str) -> None:
        """Undo or redo, and show the answer of the step, also where it is of another question."""
        change = verb()
        if change is None:
            self.say(f"nothing to {name}")
            return
        self.suggesting.learn()
        response_id, question = self.session.where_is(change.response_id)
        filtered = self.walk.filter_name
        if question != self.session.question.key:
            self.app.open_question(question, at=response_id)
        else:
            self.walk.count(change)
            self.show_answer(response_id)
        is_off = filtered and not self.walk.filter_name
        code = self.session.code_by_id.get(change.code_id)
        self.say(f"{name}: {told(change, code)}{'; the filter is off' if is_off else ''}")

    # -- memo and grouping

    def _memo(self) -> None:
        if shown := self.walk.response_id:
            self.app.ask_memo(
                self.session.answer(shown).state.memo,
                partial(self._write_memo, shown),
            )

    def _write_memo(self, response_id: int, text: str | None) -> None:
        """Keep a memo; what cannot be kept now stays in the dialog, with the reason."""
        try:
            self.session.write_memo(response_id, (text or "").strip())
        except QualcodeError as error:
            reason = self.app.in_short(error)
            self.app.ask_memo(text or "", partial(self._write_memo, response_id), reason)
        self.do()

    def _group(self) -> None:
        if self.session.is_grouping or self._grouping:
            self._grouping = None
            self.session.stop_grouping()
            self.say("identical answers are coded one by one")
        else:
            self._start_grouping()

    def _start_grouping(self) -> None:
        self.session.stop_grouping()
        self._grouping = self.session.group_identical()
        self.call_later(self.do, self._group_on)

    def _group_on(self) -> None:
        """Gather identical answers a little at a time, so that no key waits."""
        grouping, self._grouping = self._grouping, None
        if grouping is None:
            return
        until = time.monotonic() + 0.01
        for done in grouping:
            if time.monotonic() > until:
                self.say(f"looking for identical answers: {done:,}")
                self._grouping = grouping
                self.set_timer(0.005, partial(self.do, self._group_on))
                return
        self.say("identical answers are coded along")

    # -- finding a code

    def _find(self) -> None:
        self._finding = Finding()

    def _find_key(self, key: str) -> bool:
        """Whether a key belongs to finding a code; any other command ends it."""
        finding = self._finding
        if finding is None:
            return False
        after = after_key(finding, key, self.session.codes)
        if after or key in ("enter", "escape") or key in self.keymap.command_at:
            self._finding = after
        if not after and key not in ("enter", "escape"):
            return False
        self.say("")
        chosen = finding.code_id if key == "enter" else 0
        self.do(partial(self.toggle, chosen) if chosen else None)
        return True

    # -- filters and the list

    def filter_by(self, wanted: Filter, name: str) -> None:
        """Walk through the answers that a filter lets through, from the one shown if it is one."""
        self.walk.filter_by(wanted, name)
        if self.walk.queue:
            self.session.remember(self.walk.response_id)
        else:
            self.say(
                f"no answer is {name}" if wanted.kind != "all" else "there is no answer to code"
            )

    # -- messages of the panes

    def on_codebook_pane_picked(self, message: CodebookPane.Picked) -> None:
        """A code was clicked."""
        self.say("")
        self.do(partial(self.toggle, message.code_id))
