"""The clearing screen: no quote leaves the study before somebody has looked at it here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from qualcode.errors import QualcodeError
from qualcode.tui.answers import AnswerList, Row
from qualcode.tui.app import StudyApp
from qualcode.tui.commands import CLEARING
from qualcode.tui.cursor import Cursor
from qualcode.tui.keyed import DIGITS, KeyedScreen
from qualcode.tui.quote import STATES, FoundPane, QuotePane
from qualcode.tui.status import Status, StatusLine, told
from qualcode.tui.view import QuoteView

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from qualcode.model import Change
    from qualcode.quotes import Found
    from qualcode.study import Study
    from qualcode.study.quotes.clearing import ClearingSession, Quotable, Wanted
    from qualcode.tui.commands import Keymap

_FILTERS: dict[Wanted, str] = {
    "all": "every answer",
    "open": "open",
    "cleared": "cleared",
    "withheld": "withheld",
}
_KINDS = {"clear", "withhold", "reopen", "replace", "restore"}
"""The steps that are made here; a person's undo goes back through all others, too."""


class ClearingScreen(KeyedScreen):
    """One person, one question, one answer after the other."""

    app: ClearingWork
    _answer_pane: QuotePane

    def __init__(self, session: ClearingSession, keymap: Keymap, *, show_list: bool) -> None:
        super().__init__(keymap, show_list=show_list)
        self.session = session
        self._actions |= {
            "decide": self._clear,
            "withhold": self._withhold,
            "reopen": self._reopen,
            "replace-all": self._replace_all,
            "words": self._ask_words,
            "cut": self._cut,
            "undo": lambda: self._step_back(session.undo, "undo"),
            "redo": lambda: self._step_back(session.redo, "redo"),
        }
        self._done = ""
        self._seen: Quotable | None = None
        self._counts = session.counts()
        self._filter: Wanted = "all"
        self.walk = Cursor(lambda answer: session.quotable(answer).response.text)
        self.walk.walk_through(session.queue())
        if opening := session.following(self.walk.queue):
            self.walk.land_on(opening)
        else:
            self.say(self._nothing if not self.walk.queue else "nothing is open any more")

    def compose(self) -> ComposeResult:
        """List, quote, what was found, and the status line."""
        with Horizontal(id="body"):
            yield AnswerList(id="list")
            yield QuotePane(self.keymap, id="answer")
            yield FoundPane(self.keymap, id="found")
        yield StatusLine(self.keymap, id="status")

    def on_mount(self) -> None:
        """Draw the first frame."""
        self._found = self.query_one(FoundPane)
        self.find_panes(self.query_one(QuotePane), self._found)

    # -- what is shown

    def is_up_to_date(self) -> bool:
        """Take in what was imported elsewhere; False if the answer shown has changed."""
        if not self.session.notice_changes():
            return True
        shown = self.walk.response_id
        self.walk.walk_through(self.session.queue(self._filter))
        if self.walk.response_id == shown:
            return True
        self.walk.land_on(self.session.where_is(shown)[0] if shown else 0)
        self.say("a file was imported and the answer has changed: look again")
        return False

    def draw(self) -> None:
        """Show what is true now."""
        shown = self.walk.response_id
        self._seen = None
        self._seen = self.session.quotable(shown) if shown else None
        self._counts = self.session.counts()
        view = QuoteView(
            question_key=self.session.question.key,
            question_text=self.session.question.text,
            answer=self._seen,
            number=self.walk.place + 1 if self.walk.queue else 0,
            total=len(self.walk.queue),
            filter_name="" if self._filter == "all" else _FILTERS[self._filter],
            clause=self.walk.clause,
            clause_number=self.walk.clause_number,
            numbered=self._numbered(),
            nothing=self._nothing,
        )
        self._answer_pane.show(view)
        self._found.show(view)
        self._list.show(
            self.walk.queue,
            self.walk.place,
            lambda ids, width: [
                Row(text, STATES[state]) for text, state in self.session.listed(ids, width=width)
            ],
        )

    def _numbered(self) -> tuple[Found, ...]:
        """What the digits stand for: the first that was found, in the clause if one is picked."""
        found = self._seen.found if self._seen else ()
        if clause := self.walk.clause:
            found = tuple(one for one in found if one.start < clause[1] and clause[0] < one.end)
        return found[: len(DIGITS)]

    @property
    def _is_naming(self) -> bool:
        """Whether anything that was found still stands there."""
        seen = self._seen
        return seen is not None and not all(map(seen.is_replaced, seen.found))

    @property
    def _nothing(self) -> str:
        if self._filter != "all":
            return f"no answer is {_FILTERS[self._filter]}"
        if self.session.queue("withheld"):
            key = self.keymap.shown("filter")
            return f"nothing to clear: what has a theme is withheld; {key} shows it"
        return "nothing to clear: no answer has a theme yet"

    def draw_status(self) -> None:
        """What was done, what can be done, and how much there is."""
        counts, table = self._counts, self.keymap.table
        if self._is_narrow:
            marks = (f"{STATES[state]}{counts[state]:,}" for state in ("cleared", "withheld"))
            numbers = " ".join((f"{counts['open']:,} open", *marks))
        else:
            numbers = " · ".join(f"{number:,} {state}" for state, number in counts.items())
        self._status.show(
            Status(
                f" {self.session.person.name} · {numbers} ",
                tuple(
                    name
                    for name in (table.footer_clause if self.walk.clause else table.footer)
                    if name != "replace-all" or self._is_naming
                ),
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
        """A digit replaces what was found under it, or puts it back."""
        return partial(self._toggle, int(key)) if key in DIGITS else None

    def _verb(
        self,
        verb: Callable[[Quotable], Change | None],
        done: Callable[[Quotable], str],
        otherwise: str,
    ) -> bool:
        """Do something to the answer shown, if there is one, and say what was done."""
        before = self._seen
        if before is None:
            self.say("there is no answer here")
            return False
        if not verb(before):
            self.say(otherwise)
            return True
        after = self.session.quotable(before.response.id)
        is_open = before.own.state == "cleared" and after.own.state == "open"
        again = "; it is open again" if is_open else ""
        self.say("", done=f"{done(after)} {before.response.respondent}{again}")
        return True

    def _clear(self) -> None:
        if self._verb(
            lambda seen: self.session.clear(seen.response.id, seen.printed),
            lambda after: "cleared" if after.together.state == "cleared" else "others withhold",
            "you have cleared it already",
        ):
            self._go_on()

    def _withhold(self) -> None:
        if self._verb(
            lambda seen: self.session.withhold(seen.response.id),
            lambda _: "withheld",
            "you withhold it already",
        ):
            self._go_on()

    def _reopen(self) -> None:
        self._verb(
            lambda seen: self.session.reopen(seen.response.id),
            lambda _: "took back your word on",
            "you have neither cleared nor withheld it",
        )

    def _toggle(self, digit: int) -> None:
        numbered = self._numbered()
        if digit > len(numbered):
            self.say(f"nothing was found under {digit}")
            return
        found = numbered[digit - 1]

        def done(after: Quotable) -> str:
            if not after.is_replaced(found):
                return f"put {digit} back in"
            if not any(
                start < found.end and found.start < end for start, end, _ in after.own.replaced
            ):
                return f"others replace {digit}, too, in"
            return f"{digit} is now {after.hiding(found)} in"

        self._verb(lambda seen: self.session.toggle(seen.response.id, found), done, "")

    def _replace_all(self) -> None:
        self._verb(
            lambda seen: self.session.replace_all(seen.response.id),
            lambda _: "replaced all that was found in",
            "there is nothing more to replace",
        )

    def _cut(self) -> None:
        clause = self.walk.clause
        if clause is None:
            self.say(f"pick a clause first: {self.keymap.shown('clause-next')}")
            return

        def done(after: Quotable) -> str:
            is_out = any(one[:2] == clause for one in after.own.replaced)
            return "left the clause out of" if is_out else "put the clause back in"

        self._verb(lambda seen: self.session.cut(seen.response.id, *clause), done, "")

    # -- replacing words

    def _ask_words(self) -> None:
        if self._seen:
            self.app.ask_words(partial(self._replace_words, self._seen.response.id))

    def _replace_words(self, response_id: int, typed: str | None) -> None:
        """Replace words; what cannot be replaced stays in the dialog, with the reason."""
        if typed and typed.strip():
            words, equals, by = typed.rpartition("=")
            words, by = (words, by) if equals else (by, "")
            try:
                change = self.session.replace(response_id, words.strip(), by)
            except QualcodeError as error:
                again = partial(self._replace_words, response_id)
                self.app.ask_words(again, typed, self.app.in_short(error))
            else:
                self.say(
                    "" if change else "that is replaced already", done=f"replaced “{words.strip()}”"
                )
        self.do()

    # -- moving

    def _go_on(self) -> None:
        """Show the next open answer; under a filter that lets no open one through, the next."""
        if self._filter in ("all", "open"):
            following = self.session.following(self.walk.queue[self.walk.place + 1 :])
        else:
            following = self.walk.following
        if following:
            self.walk.visit_answer(following)
            return
        left = self.session.counts()["open"]
        more = f"{left:,} before it are open" if left else "nothing is open any more"
        self.say(f"{self._done or self._message}; the last one here, and {more}")

    def _step_back(self, verb: Callable[[], Change | None], name: str) -> None:
        """Undo or redo, and show the answer of the step if it is one of this question."""
        change = verb()
        if change is None:
            self.say(f"nothing to {name}")
            return
        step = f"{name}: {told(change, None)}"
        if change.kind not in _KINDS:
            step += ", a step of another screen"
        response_id, question = self.session.where_is(change.response_id)
        if question != self.session.question.key:
            self.say(f"{step} on an answer to {question}")
        elif self._show(response_id):
            self.say("", done=step)
        else:
            self.say(f"{step} on an answer that is not among these")

    def _show(self, response_id: int) -> bool:
        """Go to an answer, with another filter if this one hides it; whether any shows it."""
        if self.walk.visit_answer(response_id):
            return True
        for wanted in _FILTERS:
            if response_id in (queue := self.session.queue(wanted)):
                self._filter = wanted
                self.walk.walk_through(queue)
                return self.walk.visit_answer(response_id)
        return False

    def filter_by(self, wanted: Wanted | None) -> None:
        """Walk through the answers of some state, from the one shown if it is one."""
        if wanted is None:
            return
        self._filter = wanted
        self.walk.walk_through(self.session.queue(wanted))
        if not self.walk.queue:
            self.say(self._nothing)


class ClearingWork(StudyApp):
    """What a clearing screen asks of its application."""

    clearing: ClearingScreen

    def clearing_screen(
        self, session: ClearingSession, keymap: Keymap, remark: str
    ) -> ClearingScreen:
        """A clearing screen for a session, as the person has set it up."""
        screen = ClearingScreen(session, keymap, show_list=self.stored.list_shown)
        if remark:
            screen.say(remark)
        return screen

    def carry_out(self, command: str) -> None:
        """The commands that open something over the screen, or leave it."""
        if command == "filter":
            self._ask_state()
        else:
            super().carry_out(command)

    def _ask_state(self) -> None:
        from qualcode.tui.dialogs import Choice, ChoiceDialog  # noqa: PLC0415

        choices = [Choice(label, wanted) for wanted, label in _FILTERS.items()]
        self.push_screen(ChoiceDialog("Which answers to walk through", choices), self._by_state)

    def _by_state(self, wanted: Wanted | None) -> None:
        self.clearing.do(partial(self.clearing.filter_by, wanted))

    def ask_words(
        self, then: Callable[[str | None], None], typed: str = "", remark: str = ""
    ) -> None:
        """Let somebody say what to replace by what."""
        from qualcode.tui.dialogs import WordsDialog  # noqa: PLC0415

        self.push_screen(WordsDialog(typed, remark), then)


class ClearingApp(ClearingWork):
    """The clearing screen and its dialogs."""

    def __init__(self, study: Study, session: ClearingSession, remark: str = "") -> None:
        super().__init__(study, CLEARING)
        self.desk = self.clearing = self.clearing_screen(session, self.keymap, remark)
