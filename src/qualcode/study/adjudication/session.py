"""An adjudicator at work: every verb of the adjudication screen, without the screen."""

from __future__ import annotations

import hashlib
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.errors import Conflict, InputError, NotFound
from qualcode.store import (
    assignments,
    codebook,
    coders,
    codings,
    journal,
    queries,
    responses,
    verdicts,
)
from qualcode.store.journal import Act
from qualcode.store.queries import Query
from qualcode.store.verdicts import Verdict
from qualcode.study.adjudication import disputes
from qualcode.study.adjudication.case import REASONS, STATES, Asked, Case, Side
from qualcode.study.adjudication.disputes import differing
from qualcode.study.adjudication.examples import add_to_codebook
from qualcode.text import lettered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qualcode.model import Change, Code, Coder, Question
    from qualcode.store.connection import Database
    from qualcode.study.adjudication.case import Field, State, Wanted
    from qualcode.study.adjudication.examples import Added


class AdjudicationSession:
    """What one person settles of answers in dispute; each verb is one committed step.

    Every verb gives the `Change` that it made, or None where there was nothing to change, and
    leaves what the coders put on the answer as it is.
    """

    def __init__(
        self,
        database: Database,
        person: Coder,
        questions: Sequence[Question],
        *,
        code: Code | None = None,
    ) -> None:
        self.person = person
        self.questions = tuple(questions)
        self.code = code
        self._database = database
        self._data_version = database.value("PRAGMA data_version")
        self._read()

    def _read(self) -> None:
        """The cases in their order: disputes, then what was settled or asked about beside them."""
        database, code_id = self._database, self.code.id if self.code else 0
        self._people = {coder.id: coder for coder in coders.coders(database)}
        self._question_of: dict[int, Question] = {}
        self._codes = {one.id: codebook.codes_for(database, one.key) for one in self.questions}
        for question in self.questions:
            ids = disputes.case_ids(database, question, code_id)
            self._question_of |= dict.fromkeys(ids, question)
        self._queue = list(self._question_of)
        self._known: dict[int, State] = {}
        self._known_at = -1

    def notice_changes(self) -> bool:
        """See whether others wrote to the study; what is in dispute is then read anew.

        Raises `QualcodeError` if the study is no longer where it was.
        """
        self._database.check_place()
        version = self._database.value("PRAGMA data_version")
        if version == self._data_version:
            return False
        self._data_version = version
        self._read()
        return True

    # -- looking

    def queue(self, wanted: Wanted = "all") -> array[int]:
        """The answers to look at, worst codes first; of some state, or all."""
        states = self._states()
        return array("q", (one for one in self._queue if wanted in ("all", states[one])))

    def _states(self) -> dict[int, State]:
        """What became of each; read anew when something was written."""
        written = self._database.value("SELECT total_changes()")
        if self._known_at != written:
            self._known = disputes.states(self._database, self.questions, self._queue)
            self._known_at = written
        return self._known

    def counts(self) -> dict[State, int]:
        """How many answers of each state there are."""
        states = list(self._states().values())
        return {state: states.count(state) for state in STATES}

    def following(self, ids: Sequence[int]) -> int | None:
        """The first of some answers that is open, if one is."""
        states = self._states()
        return next((one for one in ids if states.get(one) == "open"), None)

    def listed(self, ids: Sequence[int], *, width: int) -> list[tuple[str, State]]:
        """The beginnings of a few answers, and the state of each, for a list."""
        states = self._states()
        found = responses.listed(self._database, self.person.id, ids, width=width)
        return [(one.text, states[one.id]) for one in found]

    def where_is(self, response_id: int) -> tuple[int, str]:
        """The answer as it stands now, and the key of its question."""
        return (
            responses.current_version(self._database, response_id),
            responses.question_of(self._database, response_id),
        )

    def answer_of(self, respondent: str) -> int:
        """The answer of a respondent, as it stands. Raises `NotFound` where it is no case."""
        question = self.questions[0]
        found = responses.find(self._database, respondent, question.id)
        if found is None:
            raise NotFound(f"there is no answer of “{respondent}” to {question.key}")
        if found[0] not in self._question_of:
            raise NotFound(f"the answer of “{respondent}” to {question.key} is not in dispute")
        return found[0]

    def case(self, response_id: int) -> Case:
        """An answer with all that has to be known to settle it."""
        database = self._database
        response, attributes = responses.response(database, response_id)
        question = self._question_of[response_id]
        sides = self._sides(response_id)
        disputed, agreed = differing({one.coder.id: one.state.whole for one in sides})
        put = verdicts.of(database, response_id)
        verdict = verdicts.counts(database, put) if put else None
        letters = {side.coder.id: side.letter for side in sides}
        return Case(
            response,
            attributes,
            question,
            self._codes[question.id],
            sides,
            agreed,
            disputed,
            verdict,
            self._people[verdict.adjudicator].name if verdict else "",
            tuple(
                Asked(letters.get(one.coder, ""), one, self._people[one.asked_by].name)
                for one in queries.on(database, response_id)
            ),
            self._state(response_id, verdict),
        )

    def _state(self, response_id: int, verdict: Verdict | None) -> State:
        if verdict:
            return "settled"
        asked = any(not one.is_answered for one in queries.on(self._database, response_id))
        return "sent back" if asked else "open"

    def _sides(self, response_id: int) -> tuple[Side, ...]:
        """Who coded an answer, in an order that says nothing about who they are."""
        states = {
            coder: codings.state_of(self._database, coder.id, response_id)
            for coder in self._people.values()
        }
        uid = responses.uid_of(self._database, response_id)
        there = [(coder, state) for coder, state in states.items() if state.is_coded]
        uids = coders.uids(self._database)
        there.sort(key=lambda one: hashlib.sha256(uid + uids[one[0].id]).digest())
        return tuple(Side(lettered(place), *one) for place, one in enumerate(there))

    # -- settling

    def take(self, response_id: int, letter: str) -> Change | None:
        """Take what one coder put on the answer, whole. Raises `NotFound` for another letter."""
        with self._database.transaction():
            side = self.case(response_id).side(letter)
            return self.settle(response_id, side.state.whole)

    def take_majority(self, response_id: int) -> Change | None:
        """Take what more than half of the coders put on it. Raises `Conflict` for a tie."""
        with self._database.transaction():
            case = self.case(response_id)
            if case.majority is None or not case.sides:
                raise Conflict("there is no majority here: half of the coders have a code")
            return self.settle(response_id, case.majority)

    def toggle(self, response_id: int, code_id: int) -> Change | None:
        """Put a code into the verdict, or take it out; at first it holds what all agree on.

        A code that stands alone clears the others and is cleared by them. Raises `Conflict` if the
        code is retired.
        """
        with self._database.transaction():
            case = self.case(response_id)
            codes = case.of([code_id])
            if not codes:
                raise NotFound(f"no such code for {case.question.key}")
            held = frozenset(case.verdict.codes) if case.verdict else case.agreed
            if code_id in held:
                return self.settle(response_id, held - {code_id})
            if codes[0].is_retired:
                raise Conflict(f"“{codes[0].name}” is retired: it can be taken off, not put on")
            alone = {code.id for code in case.codes if code.stands_alone}
            kept = frozenset() if code_id in alone else held - alone
            return self.settle(response_id, kept | {code_id})

    def settle(self, response_id: int, code_ids: Iterable[int]) -> Change | None:
        """Let these codes hold on the answer, and no other.

        Raises `InputError` where one that stands alone is beside another, `Conflict` for a retired
        one that no coder has on the answer.
        """
        with self._database.transaction():
            self._refuse_changed(response_id)
            case = self.case(response_id)
            codes = case.of(code_ids)
            alone = [code for code in codes if code.stands_alone]
            if alone and len(codes) > 1:
                raise InputError(f"“{alone[0].path}” cannot stand beside another code")
            old = case.verdict or Verdict(self.person.id, (-1,))
            there = case.agreed | case.disputed | {*old.codes}
            if gone := [code for code in codes if code.is_retired and code.id not in there]:
                raise Conflict(f"“{gone[0].name}” is retired: it can be taken off, not put on")
            held = tuple(sorted(code.id for code in codes))
            if held == tuple(sorted(old.codes)):
                return None
            return self._put(response_id, replace(old, codes=held))

    def explain(self, response_id: int, reason: str) -> Change | None:
        """Say why the coders differed; empty takes that off. Raises `Conflict` before a verdict."""
        if reason and reason not in REASONS:
            raise InputError(f"“{reason}” is no reason", hint=f"there are {', '.join(REASONS)}")
        return self._amend(response_id, reason=reason)

    def write_memo(self, response_id: int, text: str) -> Change | None:
        """Set the memo of the verdict; empty takes it off. Raises `Conflict` before a verdict."""
        return self._amend(response_id, memo=text)

    def take_back(self, response_id: int) -> Change | None:
        """Take back the verdict or, where there is none, the questions that wait."""
        with self._database.transaction():
            if verdicts.of(self._database, response_id):
                return self._put(response_id, None)
            acts = [
                Act("unask", response_id, before=one.act)
                for one in queries.on(self._database, response_id)
                if not one.is_answered
            ]
            return self._perform("unask", acts)

    def _amend(self, response_id: int, **changed: str) -> Change | None:
        with self._database.transaction():
            old = verdicts.of(self._database, response_id)
            if old is None:
                raise Conflict("settle it first: there is no verdict yet")
            new = replace(old, **changed)  # type: ignore[arg-type]
            return None if new == old else self._put(response_id, new)

    def _put(self, response_id: int, new: Verdict | None) -> Change | None:
        old = verdicts.of(self._database, response_id)
        act = Act(
            "adjudicate",
            response_id,
            before=old.text if old else None,
            after=replace(new, adjudicator=self.person.id).text if new else None,
        )
        return self._perform("adjudicate", [act])

    # -- asking

    def send_back(self, response_id: int, text: str) -> Change | None:
        """Ask the coders of the answer, or the one whose letter and colon the text begins with.

        Raises `InputError` for an empty question, `Conflict` where it is settled.
        """
        with self._database.transaction():
            self._refuse_changed(response_id)
            case = self.case(response_id)
            if case.verdict:
                raise Conflict("it is settled: take the verdict back before you ask")
            asked, text = self._addressed(case, text)
            if not text:
                raise InputError("there is no question to ask")
            at = journal.now()
            acts = [
                Act("ask", response_id, after=Query(one.id, self.person.id, text, at).act)
                for one in asked
            ]
            return self._perform("ask", acts)

    def _addressed(self, case: Case, text: str) -> tuple[list[Coder], str]:
        letter, colon, rest = text.strip().partition(":")
        if colon and letter.strip().upper() in {side.letter for side in case.sides}:
            return [case.side(letter.strip()).coder], rest.strip()
        others = [side.coder for side in case.sides if side.coder != self.person]
        return others or [side.coder for side in case.sides], text.strip()

    # -- the codebook

    def add_to_codebook(self, response_id: int, code_id: int, field: Field, words: str) -> Added:
        """Make words of a settled answer an item of a code: an example, or a rule.

        It is a new version of the codebook and no step of this person: undo does not take it back.
        Raises `Conflict` before a verdict.
        """
        case = self.case(response_id)
        if case.verdict is None:
            raise Conflict("settle it first: there is no verdict yet")
        added = add_to_codebook(
            self._database, case.response, code_id, field, words, by=self.person.name
        )
        self._codes = {
            one.id: codebook.codes_for(self._database, one.key) for one in self.questions
        }
        return added

    # -- steps

    def undo(self) -> Change | None:
        """Take back the person's last step."""
        return codings.undo(self._database, self.person.id, by=self.person.name)

    def redo(self) -> Change | None:
        """Take back the person's last undo."""
        return codings.redo(self._database, self.person.id, by=self.person.name)

    def _perform(self, kind: str, acts: Sequence[Act]) -> Change | None:
        who = self.person
        return codings.perform(self._database, who.id, kind, acts, by=who.name)

    def _refuse_changed(self, response_id: int) -> None:
        if responses.current_version(self._database, response_id) != response_id:
            raise Conflict("the answer has changed since: look at what it is now")
        if assignments.pending(self._database, response_id):
            raise Conflict("the answer waits for one of its coders")
