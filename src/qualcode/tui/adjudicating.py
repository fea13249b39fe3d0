"""The adjudication screen: what coders disagree on is settled here, case by case."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from qualcode.errors import QualcodeError
from qualcode.model import AnswerState, Coding
from qualcode.study.adjudication.case import FIELDS, REASONS
from qualcode.study.coding import Answer
from qualcode.text import lettered
from qualcode.tui.answers import AnswerList, Row
from qualcode.tui.app import StudyApp
from qualcode.tui.case import MARKS, CasePane
from qualcode.tui.codebook import CodebookPane
from qualcode.tui.commands import ADJUDICATING
from qualcode.tui.cursor import Cursor
from qualcode.tui.keyed import DIGITS, KeyedScreen
from qualcode.tui.status import Status, StatusLine, told
from qualcode.tui.view import CaseView, View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult

    from qualcode.model import Change, Code
    from qualcode.study import Study
    from qualcode.study.adjudication.case import Case, Field, Wanted
    from qualcode.study.adjudication.session import AdjudicationSession
    from qualcode.tui.commands import Keymap

_FILTERS: dict[Wanted, str] = {
    "all": "every case",
    "open": "open",
    "settled": "settled",
    "sent back": "sent back",
}
_KINDS = {"adjudicate", "ask", "unask"}
"""The steps that are made here; a person's undo goes back through all others, too."""
Learned = tuple[int, "Field"]


class AdjudicationScreen(KeyedScreen):
    """One adjudicator, one case after the other."""

    app: AdjudicationWork
    _answer_pane: CasePane

    def __init__(self, session: AdjudicationSession, keymap: Keymap, *, show_list: bool) -> None:
        super().__init__(keymap, show_list=show_list)
        self.session = session
        self._actions |= {
            "decide": self._decide,
            "accept": self._take_majority,
            "find": self._ask_code,
            "reason": self._ask_reason,
            "memo": self._ask_memo,
            "ask": self._ask_question,
            "take-back": self._take_back,
            "learn": self._ask_lesson,
            "undo": lambda: self._step_back(session.undo, "undo"),
            "redo": lambda: self._step_back(session.redo, "redo"),
            "codes-up": lambda: self._codebook.scroll_page(-1),
            "codes-down": lambda: self._codebook.scroll_page(1),
        }
        self._done = ""
        self._seen: Case | None = None
        self._named: dict[int, bool] = {}
        self._counts = session.counts()
        self._filter: Wanted = "all"
        self.walk = Cursor(lambda answer: session.case(answer).response.text)
        self.walk.walk_through(session.queue())
        if opening := session.following(self.walk.queue):
            self.walk.land_on(opening)
        else:
            self.say(self._nothing if not self.walk.queue else "nothing is open any more")

    def compose(self) -> ComposeResult:
        """List, case, codebook, and the status line."""
        with Horizontal(id="body"):
            yield AnswerList(id="list")
            yield CasePane(self.keymap, id="answer")
            yield CodebookPane(id="codebook")
        yield StatusLine(self.keymap, id="status")

    def on_mount(self) -> None:
        """Draw the first frame."""
        self._codebook = self.query_one(CodebookPane)
        self.find_panes(self.query_one(CasePane), self._codebook)

    # -- what is shown

    def is_up_to_date(self) -> bool:
        """Take in what others wrote; False if the case shown is another than it was."""
        before = self._seen
        if not self.session.notice_changes():
            return True
        shown = self.walk.response_id
        self.walk.walk_through(self.session.queue(self._filter))
        if self.walk.response_id != shown:
            self.walk.land_on(self.session.where_is(shown)[0] if shown else 0)
        elif not shown or before is None or self.session.case(shown) == before:
            return True
        self.say("somebody has worked on this answer: look again")
        return False

    def draw(self) -> None:
        """Show what is true now."""
        shown = self.walk.response_id
        self._seen = None
        case = self._seen = self.session.case(shown) if shown else None
        self._counts = self.session.counts()
        if shown not in self._named:
            self._named = {shown: case is not None and case.verdict is not None}
        self._answer_pane.show(self._view(case))
        self._codebook.show(self._book(case))
        self._list.show(
            self.walk.queue,
            self.walk.place,
            lambda ids, width: [
                Row(text, MARKS[state]) for text, state in self.session.listed(ids, width=width)
            ],
        )

    def _view(self, case: Case | None) -> CaseView:
        question = case.question if case else self.session.questions[0]
        is_named = case is not None and case.verdict is not None and self._named[case.response.id]
        return CaseView(
            question_key=question.key,
            question_text=question.text,
            answer=case,
            number=self.walk.place + 1 if self.walk.queue else 0,
            total=len(self.walk.queue),
            filter_name="" if self._filter == "all" else _FILTERS[self._filter],
            is_named=is_named,
            nothing=self._nothing,
        )

    def _book(self, case: Case | None) -> View:
        """The codebook, with the codes of the verdict on, or those that it would begin with."""
        answer = None
        if case:
            held = case.verdict.codes if case.verdict else case.agreed
            state = AnswerState(tuple(Coding(code.id) for code in case.of(held)))
            answer = Answer(case.response, case.attributes, state)
        codes = case.codes if case else ()
        return View("", "", self.session.person.name, codes, answer, 0, 0, 0, 0)

    @property
    def _nothing(self) -> str:
        if self._filter != "all":
            return f"no case is {_FILTERS[self._filter]}"
        return "nothing is in dispute: no answer is coded differently by two coders"

    def draw_status(self) -> None:
        """What was done, what can be done, and how much there is."""
        counts = self._counts
        if self._is_narrow:
            marks = (f"{MARKS[state]}{counts[state]:,}" for state in ("settled", "sent back"))
            numbers = " ".join((f"{counts['open']:,} open", *marks))
        else:
            numbers = " · ".join(f"{number:,} {state}" for state, number in counts.items())
        has_majority = self._seen is not None and self._seen.majority is not None
        is_settled = self._seen is not None and self._seen.verdict is not None
        hidden = set() if has_majority and not is_settled else {"accept"}
        hidden |= {"ask"} if is_settled else {"reason", "memo", "take-back", "learn"}
        self._status.show(
            Status(
                f" {self.session.person.name} · {numbers} ",
                tuple(name for name in self.keymap.table.footer if name not in hidden),
                self._message,
                self._is_error,
                done=self._done,
            )
        )

    def say(self, message: str, *, is_error: bool = False, done: str = "") -> None:
        """Put a message on the status line until the next key, or what was done."""
        super().say(message, is_error=is_error)
        self._done = done

    # -- keys

    def deed_of(self, key: str) -> Callable[[], object] | None:
        """A digit takes a coder's codes whole, a letter puts a code into the verdict."""
        if key in DIGITS:
            return partial(self._take, int(key))
        return partial(self._letter, key) if len(key) == 1 and key.isalpha() else None

    def _verb(
        self, verb: Callable[[Case], Change | None], done: Callable[[Case], str], otherwise: str
    ) -> bool:
        """Do something to the case shown, if there is one; whether anything was done."""
        before = self._seen
        if before is None:
            self.say("there is no case here")
            return False
        if not verb(before):
            self.say(otherwise)
            return False
        after = self.session.case(before.response.id)
        self.say("", done=f"{done(after)} {before.response.respondent}")
        return True

    def _take(self, digit: int) -> None:
        letter = lettered(digit - 1)
        self._verb(
            lambda case: self.session.take(case.response.id, letter),
            lambda _: f"took {letter} on",
            "the verdict is that already",
        )

    def _take_majority(self) -> None:
        self._verb(
            lambda case: self.session.take_majority(case.response.id),
            lambda _: "took the majority on",
            "the verdict is that already",
        )

    def _letter(self, letter: str) -> None:
        codes = self._seen.codes if self._seen else ()
        code = next((code for code in codes if code.hotkey == letter), None)
        if code is None:
            self.say(f"no code has the key {letter}; {self.keymap.shown('find')} finds one by name")
        else:
            self._toggle(code)

    def _toggle(self, code: Code) -> None:
        def done(after: Case) -> str:
            is_on = after.verdict is not None and code.id in after.verdict.codes
            return f"{'put' if is_on else 'took'} “{code.name}” {'on' if is_on else 'off'}"

        self._verb(lambda case: self.session.toggle(case.response.id, code.id), done, "")

    def _take_back(self) -> None:
        self._verb(
            lambda case: self.session.take_back(case.response.id),
            lambda _: "took it back on",
            "there is neither a verdict nor a question to take back",
        )

    def on_codebook_pane_picked(self, message: CodebookPane.Picked) -> None:
        """A code was clicked."""
        self.say("")
        codes = self._seen.of([message.code_id]) if self._seen else ()
        for code in codes:
            self.do(partial(self._toggle, code))

    # -- what is asked for

    def _ask_code(self) -> None:
        if self._seen:
            codes = [code for code in self._seen.codes if not code.is_retired]
            choices = {f"{code.name}  {code.path}": code for code in codes}
            self.app.choose("Which code to put into the verdict", choices, self._toggle)

    def _ask_reason(self) -> None:
        if self._is_unsettled():
            return
        choices = {words: word for word, words in REASONS.items()} | {"no reason": ""}
        self.app.choose("Why did the coders differ", choices, self._explain)

    def _explain(self, reason: str) -> None:
        self._verb(
            lambda case: self.session.explain(case.response.id, reason),
            lambda _: f"{REASONS.get(reason, 'no reason')}:",
            "that is the reason already",
        )

    def _is_unsettled(self) -> bool:
        """Whether there is no verdict to say something of; then that is said."""
        is_settled = self._seen is not None and self._seen.verdict is not None
        if not is_settled:
            self.say("settle it first: there is no verdict yet")
        return not is_settled

    def _ask_memo(self) -> None:
        if not self._is_unsettled() and self._seen and self._seen.verdict:
            then = partial(self._write, self.app.ask_memo, self._write_memo, self._seen.response.id)
            self.app.ask_memo(self._seen.verdict.memo, then)

    def _write_memo(self, response_id: int, text: str) -> None:
        if self.session.write_memo(response_id, text):
            self.say("", done="wrote a memo")

    def _ask_question(self) -> None:
        if self._seen and self._seen.verdict:
            self.say(f"it is settled: {self.keymap.shown('take-back')} takes the verdict back")
        elif self._seen:
            then = partial(self._write, self.app.ask, self._send_back, self._seen.response.id)
            self.app.ask("", then)

    def _send_back(self, response_id: int, text: str) -> None:
        if text:
            self.session.send_back(response_id, text)
            self.say("", done="sent it back")
            self._go_on()

    def _ask_lesson(self) -> None:
        case = self._seen
        if self._is_unsettled() or case is None or case.verdict is None:
            return
        ids = [*(code.id for code in case.of(case.disputed)), *case.verdict.codes]
        codes = [code for one in dict.fromkeys(ids) for code in case.of([one])]
        choices: dict[str, Learned] = {
            f"{words} {code.name}  {code.path}": (code.id, field)
            for code in codes
            for field, words in FIELDS.items()
        }
        self.app.choose("What the codebook should say", choices, partial(self._ask_words, case))

    def _ask_words(self, case: Case, chosen: Learned) -> None:
        verb = partial(self._learn, chosen)
        then = partial(self._write, self.app.ask_lesson, verb, case.response.id)
        self.app.ask_lesson(case.response.text, then)

    def _learn(self, chosen: Learned, response_id: int, words: str) -> None:
        if not words:
            return
        added = self.session.add_to_codebook(response_id, *chosen, words)
        if not added.version:
            self.say(f"“{added.code.name}” has these words already")
            return
        warning = "; clear it as a quote before you print it" if added.is_quote else ""
        self.say(f"“{added.code.name}” has them, codebook version {added.version}{warning}")

    def _write(
        self,
        again: Callable[[str, Callable[[str | None], None], str], None],
        verb: Callable[[int, str], None],
        response_id: int,
        text: str | None,
    ) -> None:
        """Do something with what was typed; what cannot be stays in the dialog, with the reason."""
        if text is not None:
            try:
                verb(response_id, text.strip())
            except QualcodeError as error:
                then = partial(self._write, again, verb, response_id)
                again(text, then, self.app.in_short(error))
        self.do()

    # -- moving

    def _decide(self) -> None:
        """Leave a case that is settled, or sent back, for the next open one."""
        if self._seen is None:
            self.say("there is no case here")
        elif self._seen.state == "open":
            key = self.keymap.shown("accept")
            self.say(f"no verdict yet: a digit takes a coder's codes, a letter one, {key} most")
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Show the next open case; under a filter that lets no open one through, the next."""
        if self._filter in ("all", "open"):
            following = self.session.following(self.walk.queue[self.walk.place + 1 :])
        else:
            following = self.walk.following
        if following:
            self.walk.visit_answer(following)
            return
        self._named[self.walk.response_id] = True
        left = self.session.counts()["open"]
        more = f"{left:,} before it are open" if left else "nothing is open any more"
        self.say(f"the last one here, and {more}")

    def _step_back(self, verb: Callable[[], Change | None], name: str) -> None:
        """Undo or redo, and show the case of the step if it is one of these."""
        change = verb()
        if change is None:
            self.say(f"nothing to {name}")
            return
        step = f"{name}: {told(change, None)}"
        if change.kind not in _KINDS:
            step += ", a step of another screen"
        if self._show(self.session.where_is(change.response_id)[0]):
            self.say("", done=step)
        else:
            self.say(f"{step} on an answer that is not among these")

    def _show(self, response_id: int) -> bool:
        """Go to a case, with another filter if this one hides it; whether any shows it."""
        if self.walk.visit_answer(response_id):
            return True
        if response_id not in (queue := self.session.queue()):
            return False
        self._filter = "all"
        self.walk.walk_through(queue)
        return self.walk.visit_answer(response_id)

    def filter_by(self, wanted: Wanted) -> None:
        """Walk through the cases of some state, from the one shown if it is one."""
        self._filter = wanted
        self.walk.walk_through(self.session.queue(wanted))
        if not self.walk.queue:
            self.say(self._nothing)


class AdjudicationWork(StudyApp):
    """What an adjudication screen asks of its application."""

    adjudicating: AdjudicationScreen

    def adjudication_screen(
        self, session: AdjudicationSession, keymap: Keymap, remark: str = ""
    ) -> AdjudicationScreen:
        """An adjudication screen for a session, as the person has set it up."""
        screen = AdjudicationScreen(session, keymap, show_list=self.stored.list_shown)
        if remark:
            screen.say(remark)
        return screen

    def carry_out(self, command: str) -> None:
        """The commands that open something over the screen, or leave it."""
        if command == "filter":
            choices = {label: wanted for wanted, label in _FILTERS.items()}
            self.choose("Which cases to walk through", choices, self.adjudicating.filter_by)
        else:
            super().carry_out(command)

    def choose(self, title: str, choices: Mapping[str, object], then: Callable[..., None]) -> None:
        """Let somebody choose, and do something with what was chosen."""
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        def chosen(value: object) -> None:
            if value is not None:
                self.adjudicating.do(partial(then, value))

        named = [Choice(label, value) for label, value in choices.items()]
        self.push_screen(ChoiceDialog(title, named), chosen)

    def ask(self, typed: str, then: Callable[[str | None], None], remark: str = "") -> None:
        """Let somebody ask the coders of a case."""
        from qualcode.tui.dialogs import AskDialog  # noqa: PLC0415

        self.push_screen(AskDialog(typed, remark), then)

    def ask_lesson(self, words: str, then: Callable[[str | None], None], remark: str = "") -> None:
        """Let somebody say what goes into the codebook."""
        from qualcode.tui.dialogs import LearnDialog  # noqa: PLC0415

        self.push_screen(LearnDialog(words, remark), then)


class AdjudicationApp(AdjudicationWork):
    """The adjudication screen and its dialogs."""

    def __init__(self, study: Study, session: AdjudicationSession) -> None:
        super().__init__(study, ADJUDICATING)
        self.desk = self.adjudicating = self.adjudication_screen(session, self.keymap)
