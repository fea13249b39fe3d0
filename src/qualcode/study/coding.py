"""A coder at work on one question: every verb of the coding screen, without the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.errors import Conflict, NotFound
from qualcode.model import Filter, ListedResponse, standing
from qualcode.store import (
    assignments,
    codebook,
    codings,
    identical,
    journal,
    queries,
    queues,
    repeats,
    responses,
)
from qualcode.store.journal import Act

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.model import (
        AnswerState,
        Change,
        Code,
        Coder,
        Coding,
        Drawn,
        Hint,
        Question,
        Response,
        Suggested,
    )
    from qualcode.store.connection import Database
    from qualcode.store.queries import Query
    from qualcode.store.queues import Kind, Queue

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as one coder sees it.

    `earlier` are the codes that the coder had put on an earlier version of a text that has
    changed since; `twins` counts the other answers that a key changes along with this one. A
    blind one was drawn to be coded without suggestions, and is not decided yet. `asked` is what an
    adjudicator wants to know of the coder.
    """

    response: Response
    attributes: dict[str, str]
    state: AnswerState
    earlier: tuple[int, ...] = ()
    twins: int = 0
    is_blind: bool = False
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noticed:
    """What another process did: it brought answers, or somebody worked as this very coder."""

    answers: bool = False
    own: bool = False


class CodingSession:
    """What one coder does to the answers of one question; each verb is one committed step.

    Every verb gives the `Change` that it made, or None where there was nothing to change, and
    touches no other coder's work. An answer that the coder is to code a second time has the
    negative of its id then; it looks like any other.
    """

    def __init__(self, database: Database, coder: Coder, question: Question) -> None:
        self.coder = coder
        self.question = question
        self._database = database
        self._last_decided = codings.last_decided(database, coder.id, question.id)
        self._is_grouping = False
        self._data_version = database.value("PRAGMA data_version")
        self._newest = responses.newest(database)
        self._heads = journal.heads(database, coder.id)
        self.drawn_queue: Queue | None = queues.in_use(database, coder.id, question.id)
        self.reload_codes()

    def reload_codes(self) -> None:
        """Read the codes of the question anew."""
        codes = codebook.codes_for(self._database, self.question.key)
        self.codes: tuple[Code, ...] = codes
        self.code_by_id = {code.id: code for code in codes}

    def notice_changes(self) -> Noticed:
        """See what others wrote to the study since, and read the codes anew if they wrote at all.

        Raises `QualcodeError` if the file is no longer where it was.
        """
        self._database.check_place()
        version = self._database.value("PRAGMA data_version")
        if version == self._data_version:
            return Noticed()
        self._data_version = version
        self.reload_codes()
        self.drawn_queue = queues.in_use(self._database, self.coder.id, self.question.id)
        newest, self._newest = self._newest, responses.newest(self._database)
        heads, self._heads = self._heads, journal.heads(self._database, self.coder.id)
        return Noticed(newest != self._newest, heads != self._heads)

    # -- looking

    def queue(self, wanted: Filter | None = None) -> array[int]:
        """The ids of the answers to walk through, in the order of the filter."""
        wanted, ids = wanted or Filter(), (self.coder.id, self.question.id)
        if wanted.kind == "assigned":
            return assignments.queue(self._database, *ids)
        found = responses.queue(self._database, *ids, wanted)
        return found + repeats.flagged(self._database, *ids) if wanted.kind == "flagged" else found

    def is_ready(self, response_id: int) -> bool:
        """Whether an answer may be shown: one that comes a second time was decided before."""
        return response_id > 0 or repeats.is_decided_first(
            self._database, self.coder.id, -response_id
        )

    def opening(self) -> int | None:
        """The answer to open on: the one shown last if it is still open, else the next open one.

        In the order of the queue in use. None if every answer of it is coded.
        """
        shown = responses.place(self._database, self.coder.id, self.question.id)
        if shown:
            shown = responses.current_version(self._database, shown)
            if self._may_open_on(shown):
                return shown
        return (self._first_open(shown) if shown else None) or self._first_open(0)

    def _may_open_on(self, response_id: int) -> bool:
        is_substantive = self._response(response_id)[0].status == "substantive"
        return is_substantive and not self.is_coded(response_id) and self._is_mine(response_id)

    def _is_mine(self, response_id: int) -> bool:
        """Whether an answer is one of those that the coder works down."""
        if self.drawn_queue:
            return queues.holds(self._database, self.drawn_queue, response_id)
        if self.is_assigned:
            return assignments.holds(self._database, self.coder.id, response_id)
        return True

    @property
    def is_assigned(self) -> bool:
        """Whether certain answers are the coder's to code."""
        return assignments.has_any(self._database, self.coder.id, self.question.id)

    def _first_open(self, after: int) -> int | None:
        if self.drawn_queue:
            return queues.first_open(self._database, self.drawn_queue, self.coder.id, after=after)
        ids = (self.coder.id, self.question.id)
        if self.is_assigned:
            return assignments.first_open(self._database, *ids, after=after)
        return responses.first_open(self._database, *ids, after=after)

    def answer(self, response_id: int) -> Answer:
        """An answer with everything that the coder has put on it."""
        response, attributes = self._response(response_id)
        state = self._state(response_id)
        earlier: tuple[int, ...] = ()
        if response.version > 1 and not state.is_coded:
            earlier = tuple(sorted({coding.code_id for coding in self._earlier(response_id)}))
        twins = len(self._twins(response_id))
        is_blind = self._is_blind(state, response_id)
        asked = tuple(one.text for one in self._asked(response_id))
        return Answer(response, attributes, state, earlier, twins, is_blind, asked)

    def _asked(self, response_id: int) -> list[Query]:
        return queries.open_to(self._database, response_id, self.coder.id)

    def _is_blind(self, state: AnswerState, response_id: int) -> bool:
        answer = abs(response_id)
        if not state.is_decided and queues.is_blind(self._database, self.coder.id, answer):
            return True
        return assignments.pending(self._database, answer)

    def may_see(self, response_ids: Iterable[int]) -> list[int]:
        """Those of some answers for which the coder may see suggestions now."""
        return [one for one in response_ids if not self._is_blind(self._state(one), one)]

    def where_is(self, response_id: int) -> tuple[int, str]:
        """The answer as it stands now, and the key of its question."""
        answer = abs(response_id)
        now = responses.current_version(self._database, answer)
        return (
            now if response_id > 0 else -now,
            responses.question_of(self._database, answer),
        )

    def listed(self, ids: Sequence[int], *, width: int) -> list[ListedResponse]:
        """A few answers with the beginnings of their texts, for a list."""
        answers = [abs(one) for one in ids]
        rows = responses.listed(self._database, self.coder.id, answers, width=width)
        return [
            row if one > 0 else self._listed_again(row) for one, row in zip(ids, rows, strict=True)
        ]

    def _listed_again(self, row: ListedResponse) -> ListedResponse:
        state = self._state(-row.id)
        return replace(row, id=-row.id, is_coded=state.is_coded, is_flagged=state.is_flagged)

    def coded_count(self) -> int:
        """How many answers the coder has coded, of those that there are to code."""
        ids = (self.coder.id, self.question.id)
        if self.is_assigned:
            return assignments.coded_count(self._database, *ids)
        return responses.coded_count(self._database, *ids)

    def to_code_count(self) -> int:
        """How many answers there are for the coder to code: theirs, or all substantive ones."""
        return len(self.queue(Filter("assigned") if self.is_assigned else None))

    def counts(self, response_id: int) -> bool:
        """Whether an answer is one of those that the coder is to code."""
        if self.is_assigned:
            return assignments.holds(self._database, self.coder.id, response_id)
        return self._response(response_id)[0].status == "substantive"

    def is_coded(self, response_id: int) -> bool:
        """Whether the coder has coded the answer."""
        if response_id < 0:
            return self._state(response_id).is_coded
        return responses.is_coded(self._database, self.coder.id, response_id)

    def _response(self, response_id: int) -> tuple[Response, dict[str, str]]:
        response, attributes = responses.response(self._database, abs(response_id))
        return replace(response, id=response_id), attributes

    def _state(self, response_id: int) -> AnswerState:
        return codings.state_of(self._database, self.coder.id, response_id)

    def _earlier(self, response_id: int) -> tuple[Coding, ...]:
        older = responses.earlier_coded(self._database, self.coder.id, response_id)
        return self._state(older).codings if older else ()

    # -- the order of the answers

    def take_up(self, kind: Kind, *, seed: int = 0, code_id: int = 0) -> Queue:
        """Work down a queue instead of the order of the file; one that was left goes on."""
        self.drawn_queue = queues.take_up(
            self._database,
            self.coder,
            self.question,
            kind=kind,
            seed=seed,
            code=self._code(code_id) if code_id else None,
        )
        return self.drawn_queue

    def leave_queue(self) -> None:
        """Go back to the order of the file."""
        with self._database.transaction():
            queues.leave(self._database, self.coder.id, self.question.id)
        self.drawn_queue = None

    def add_draws(self, queue_id: int, draws: Sequence[Drawn]) -> int:
        """Put what was drawn at the end of the queue in use; how many answers it grew by."""
        if self.drawn_queue is None or self.drawn_queue.id != queue_id:
            return 0
        return queues.add(self._database, self.drawn_queue, draws)

    # -- identical answers

    @property
    def is_grouping(self) -> bool:
        """Whether identical answers are coded along."""
        return self._is_grouping

    def group_identical(self) -> Iterator[int]:
        """Code identical answers along from when this is exhausted.

        Gives now and then how many answers it has looked at, so that keys can be served.
        """
        yield from identical.group_identical(self._database, self.question.id)
        self._is_grouping = True

    def stop_grouping(self) -> None:
        """Code identical answers one by one again."""
        self._is_grouping = False

    def _twins(self, response_id: int) -> list[int]:
        is_alone = response_id < 0 or assignments.is_double(self._database, response_id)
        if is_alone or not self._is_grouping:
            return []
        twins = identical.twins(self._database, response_id)
        return [one for one in twins if not assignments.is_double(self._database, one)]

    # -- doing

    def toggle(
        self,
        response_id: int,
        code_id: int,
        span: Span | None = None,
        *,
        hint: Hint | None = None,
    ) -> Change | None:
        """Put a code on the answer, or on a clause of it, or take it off.

        A code that stands alone goes on the whole answer, clears the others and is cleared by
        them; one that another was split into takes the place of that. A code that was merged
        stands for the one that it counts as. With a `hint` that suggests the code, the journal
        says that it was suggested. Raises `Conflict` if the code is retired.
        """
        code = standing(self._code(code_id), {code.path: code for code in self.codes})
        with self._database.transaction():
            putting = not self._is_on(self._state(response_id), code, span)
            if putting and code.is_retired:
                raise Conflict(f"“{code.name}” is retired: it can be taken off, not put on")
            own = "suggestion" if hint else ""
            acts = [
                act
                for target, copied in self._targets(response_id)
                for act in (
                    self._put(target, code, span, copied or own)
                    if putting
                    else self._take_off(target, code, span)
                )
            ]
            if not putting:
                return self._perform("uncode", acts)
            taken = [one for one in hint.suggested if one.code_id == code_id] if hint else []
            return self._perform("accept" if hint else "code", acts, _told(hint, taken))

    def accept(self, response_id: int, hint: Hint) -> Change | None:
        """Put on the answer every code that the hint suggests above its threshold."""
        taken = [one for one in hint.accepted if one.code_id in self.code_by_id]
        codes = [self.code_by_id[one.code_id] for one in taken]
        codes = [code for code in codes if not code.is_retired]
        with self._database.transaction():
            acts = self._put_all(response_id, codes, "suggestion")
            return self._perform("accept", acts, _told(hint, taken))

    def decide(self, response_id: int, *, then: int | None = None) -> Change | None:
        """Take the answer as it stands, with or without a code; remember `then` as shown next.

        That answers what an adjudicator asked about it.
        """
        with self._database.transaction():
            acts = [
                Act("decide", target, source=source)
                for target, source in self._targets(response_id)
                if not self._state(target).is_decided
            ]
            if then is not None:
                self.remember(then)
            kind = "decide" if acts else "answer"
            acts += [Act("answer", response_id, after=one.act) for one in self._asked(response_id)]
            change = self._perform(kind, acts)
        self._last_decided = response_id
        return change

    def repeat_last(self, response_id: int) -> Change | None:
        """Put the codes of the answer decided last on this one too."""
        if not self._last_decided:
            return None
        with self._database.transaction():
            wanted = {coding.code_id for coding in self._state(self._last_decided).codings}
            codes = [code for code in self.codes if code.id in wanted and not code.is_retired]
            return self._perform("repeat", self._put_all(response_id, codes, "repeat"))

    def confirm_earlier(self, response_id: int) -> Change | None:
        """Take over onto a changed answer what the coder had put on its earlier version.

        A clause that still stands word for word keeps its place; any other code goes on the
        whole answer.
        """
        with self._database.transaction():
            return self._perform("confirm", self._confirmed(response_id))

    def confirmed_acts(self) -> list[Act]:
        """What taking over every answer that changed since would do."""
        changed = responses.changed_since_coded(self._database, self.coder.id, self.question.id)
        return [act for response_id in changed for act in self._confirmed(response_id)]

    def flag(self, response_id: int) -> Change | None:
        """Flag the answer for discussion, or take the flag off."""
        with self._database.transaction():
            name = "unflag" if self._state(response_id).is_flagged else "flag"
            return self._perform(name, [Act(name, response_id)])

    def write_memo(self, response_id: int, text: str) -> Change | None:
        """Set the coder's memo on the answer; empty takes it off."""
        with self._database.transaction():
            before = self._state(response_id).memo
            if before == text:
                return None
            return self._perform("memo", [Act("memo", response_id, before=before, after=text)])

    def undo(self) -> Change | None:
        """Take back the coder's last step, whichever answer it was on."""
        return self._done(codings.undo(self._database, self.coder.id, by=self.coder.name))

    def redo(self) -> Change | None:
        """Take back the coder's last undo."""
        return self._done(codings.redo(self._database, self.coder.id, by=self.coder.name))

    def remember(self, response_id: int) -> None:
        """Remember which answer is shown, for the next time."""
        with self._database.transaction():
            responses.set_place(self._database, self.coder.id, self.question.id, abs(response_id))

    # -- the acts behind a verb

    def _confirmed(self, response_id: int) -> list[Act]:
        text = self._response(response_id)[0].text
        older = responses.earlier_coded(self._database, self.coder.id, response_id)
        if not older or self._state(response_id).is_coded:
            return []
        old_text = responses.response(self._database, older)[0].text
        carried = dict.fromkeys(
            (coding.code_id, *_carried(coding, old_text, text))
            for coding in self._state(older).codings
        )
        acts = [
            Act("code", response_id, code_id, start, end, "confirmed")
            for code_id, start, end in carried
        ]
        return [*acts, Act("decide", response_id, source="confirmed")]

    def _code(self, code_id: int) -> Code:
        if code_id not in self.code_by_id:
            raise NotFound(f"no such code for {self.question.key}")
        return self.code_by_id[code_id]

    def _targets(self, response_id: int) -> list[tuple[int, str]]:
        return [(response_id, ""), *((twin, "copied") for twin in self._twins(response_id))]

    def _is_on(self, state: AnswerState, code: Code, span: Span | None) -> bool:
        if span is None or code.stands_alone:
            return code.id in state.whole
        return any(
            coding.code_id == code.id and (coding.start, coding.end) == span
            for coding in state.codings
        )

    def _put(self, target: int, code: Code, span: Span | None, source: str) -> list[Act]:
        state = self._state(target)
        if self._is_on(state, code, span):
            return []
        start, end = span if span and not code.stands_alone else (None, None)
        return [
            *(
                _uncode(target, coding)
                for coding in state.codings
                if code.stands_alone
                or self._stands_alone(coding.code_id)
                or self._takes_the_place(code, coding, span)
            ),
            Act("code", target, code.id, start, end, source),
        ]

    def _take_off(self, target: int, code: Code, span: Span | None) -> list[Act]:
        return [
            _uncode(target, coding)
            for coding in self._state(target).codings
            if coding.code_id == code.id
            and (span is None or code.stands_alone or (coding.start, coding.end) == span)
        ]

    def _put_all(self, response_id: int, codes: Iterable[Code], source: str) -> list[Act]:
        acts: list[Act] = []
        for target, copied in self._targets(response_id):
            state = self._state(target)
            missing = [code for code in codes if code.id not in state.whole]
            alone = any(code.stands_alone for code in missing)
            if missing:
                acts += [
                    _uncode(target, coding)
                    for coding in state.codings
                    if alone
                    or self._stands_alone(coding.code_id)
                    or any(self._takes_the_place(code, coding, None) for code in missing)
                ]
            acts += [Act("code", target, code.id, source=copied or source) for code in missing]
        return acts

    def _takes_the_place(self, code: Code, coding: Coding, span: Span | None) -> bool:
        """Whether a code is one of those that the code of a coding was split into."""
        old = self.code_by_id.get(coding.code_id)
        place = (coding.start, coding.end)
        is_there = span is None or coding.start is None or place == span
        return old is not None and code.path in old.split_into and is_there

    def _stands_alone(self, code_id: int) -> bool:
        code = self.code_by_id.get(code_id)
        return code is not None and code.stands_alone

    def _perform(
        self, kind: str, acts: Sequence[Act], detail: dict[str, Any] | None = None
    ) -> Change | None:
        who = self.coder
        return self._done(
            codings.perform(self._database, who.id, kind, acts, by=who.name, detail=detail)
        )

    def _done(self, change: Change | None) -> Change | None:
        self._heads = journal.heads(self._database, self.coder.id)
        return change


def _told(hint: Hint | None, taken: Sequence[Suggested]) -> dict[str, Any] | None:
    """What the journal keeps of what was suggested when it was taken."""
    if hint is None:
        return None
    rank = {one.code_id: place for place, one in enumerate(hint.suggested, start=1)}
    return {
        "labels": hint.labels,
        "calibrated": hint.is_calibrated,
        "suggested": [
            {"rank": rank[one.code_id], "probability": round(one.probability, 4)} for one in taken
        ],
    }


def _uncode(response_id: int, coding: Coding) -> Act:
    return Act("uncode", response_id, coding.put_as, coding.start, coding.end, coding.source)


def _carried(coding: Coding, old: str, new: str) -> Span | tuple[None, None]:
    if coding.start is None or coding.end is None:
        return None, None
    clause = old[coding.start : coding.end]
    at = new.find(clause)
    return (at, at + len(clause)) if at >= 0 and new.count(clause) == 1 else (None, None)
