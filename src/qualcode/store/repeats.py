"""Answers that a coder is to code a second time, without being told: what consistency is seen by.

The repeat of an answer is named by the negative of its id. What a coder makes of it is a layer of
its own, in the table `repeated` and in acts called `again`: it is on no answer, so that nothing
that counts, measures, exports or learns can meet it.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.model import AnswerState, Coding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.store.connection import Database
    from qualcode.store.journal import Act

_DECIDED = "(state ->> '$.decided') IS NOT NULL"
_CODED = f"({_DECIDED} OR json_array_length(state, '$.codings') > 0)"
_FLAGGED = "state ->> '$.flagged'"
_STATE = "(SELECT {what} FROM repeated WHERE response_id = response.id AND coder_id = :coder)"
_OF_CODER = (
    " FROM repeat JOIN assignment USING (question_id, respondent_id, coder_id)"
    " JOIN response USING (question_id, respondent_id)"
    " WHERE coder_id = :coder AND question_id = :question AND is_current = 1"
    " AND status = 'substantive'"
)
_FIRST_IS_DECIDED = (
    "(EXISTS (SELECT 1 FROM mark WHERE response_id = response.id AND coder_id = :coder"
    " AND decided IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM coding WHERE response_id = response.id AND coder_id = :coder"
    " AND source GLOB 'import *'))"
)

WAITS = (
    "EXISTS (SELECT 1 FROM repeat WHERE repeat.question_id = response.question_id"
    " AND repeat.respondent_id = response.respondent_id AND repeat.coder_id = :coder"
    f" AND NOT ifnull({_STATE.format(what=_DECIDED)}, 0))"
)
"""SQL that says whether `:coder` is to code the answer `response` once more."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Whose answer a coder codes again, and how many places behind the first time."""

    respondent_id: int
    coder_id: int
    gap: int
    probability: float


@dataclass(frozen=True, slots=True)
class Assigned:
    """An answer in a coder's queue: whose it is, by id and name, and what was done with it."""

    rank: int
    respondent_id: int
    respondent: str
    is_decided: bool
    is_repeated: bool


# -- who codes what again


def add(database: Database, question_id: int, step: int, drawn: Iterable[Repeat]) -> None:
    """Put down what is coded again."""
    database.run_many(
        "INSERT INTO repeat (question_id, respondent_id, coder_id, step_id, gap, probability)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (question_id, one.respondent_id, one.coder_id, step, one.gap, one.probability)
            for one in drawn
        ),
    )


def assigned(database: Database, coder_id: int, question_id: int) -> list[Assigned]:
    """A coder's queue, as what can be repeated."""
    return [
        Assigned(rank, respondent, name, bool(is_decided), bool(is_repeated))
        for rank, respondent, name, is_decided, is_repeated in database.rows(
            f"SELECT rank, respondent_id, respondent.name, {_FIRST_IS_DECIDED},"
            " EXISTS (SELECT 1 FROM repeat WHERE repeat.question_id = assignment.question_id"
            " AND repeat.respondent_id = assignment.respondent_id AND repeat.coder_id = :coder)"
            " FROM assignment JOIN response USING (question_id, respondent_id)"
            " JOIN respondent ON respondent.id = respondent_id"
            " WHERE coder_id = :coder AND question_id = :question AND is_current = 1"
            " AND response.status = 'substantive' ORDER BY rank",
            {"coder": coder_id, "question": question_id},
        )
    ]


def placed(database: Database, coder_id: int, question_id: int) -> list[tuple[int, int, int, int]]:
    """Where repeats stand in a coder's queue: place, 1, the place of the first time, the repeat."""
    return database.rows(
        f"SELECT rank + gap, 1, rank, -response.id{_OF_CODER}",
        {"coder": coder_id, "question": question_id},
    )


def first_open(
    database: Database, coder_id: int, question_id: int, *, after: int = 0
) -> tuple[int, int] | None:
    """Place and repeat of the first that can be coded and is not, behind the rank `after`."""
    row: tuple[int, int] | None = database.row(
        f"SELECT rank + gap, -response.id{_OF_CODER} AND rank + gap >= :after"
        f" AND {_FIRST_IS_DECIDED} AND NOT ifnull({_STATE.format(what=_CODED)}, 0)"
        " ORDER BY rank + gap, rank LIMIT 1",
        {"coder": coder_id, "question": question_id, "after": after},
    )
    return row


def holds(database: Database, coder_id: int, response_id: int) -> bool:
    """Whether a coder is to code an answer again."""
    found = database.value(
        "SELECT 1 FROM repeat JOIN response USING (question_id, respondent_id)"
        " WHERE coder_id = ? AND response.id = ?",
        (coder_id, response_id),
    )
    return found is not None


def is_decided_first(database: Database, coder_id: int, response_id: int) -> bool:
    """Whether a coder has decided an answer the first time."""
    return bool(
        database.value(
            f"SELECT {_FIRST_IS_DECIDED} FROM response WHERE id = :answer",
            {"coder": coder_id, "answer": response_id},
        )
    )


def counts(database: Database) -> dict[tuple[int, int], tuple[int, int]]:
    """How many answers are to be coded again, and how many have been, by question and coder."""
    return {
        (question, coder): (total, coded)
        for question, coder, total, coded in database.rows(
            "SELECT repeat.question_id, repeat.coder_id, count(*),"
            f" sum(ifnull((SELECT {_CODED} FROM repeated WHERE response_id = response.id"
            " AND coder_id = repeat.coder_id), 0))"
            " FROM repeat JOIN response USING (question_id, respondent_id)"
            " WHERE is_current = 1 AND status = 'substantive' GROUP BY 1, 2"
        )
    }


def flagged(database: Database, coder_id: int, question_id: int) -> array[int]:
    """The repeats that a coder has flagged."""
    rows = database.rows(
        f"SELECT -response.id{_OF_CODER} AND ifnull({_STATE.format(what=_FLAGGED)}, 0)"
        " ORDER BY rank + gap, rank",
        {"coder": coder_id, "question": question_id},
    )
    return array("q", (row[0] for row in rows))


# -- what was made of it


@dataclass(frozen=True, slots=True)
class State:
    """What a coder made of an answer the second time.

    A coding is its code, start, end, source and version of the codebook.
    """

    codings: tuple[tuple[Any, ...], ...] = ()
    decided: str | None = None
    flagged: bool = False
    memo: str = ""

    @classmethod
    def read(cls, text: str | None) -> State:
        """From the text in which it is kept; None for nothing."""
        if text is None:
            return cls()
        parts = json.loads(text)
        return cls(
            tuple(tuple(one) for one in parts["codings"]),
            parts["decided"],
            bool(parts["flagged"]),
            parts["memo"],
        )

    @property
    def text(self) -> str | None:
        """The text in which it is kept; None for nothing."""
        if self == State():
            return None
        parts = {
            "codings": self.codings,
            "decided": self.decided,
            "flagged": int(self.flagged),
            "memo": self.memo,
        }
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    @property
    def is_coded(self) -> bool:
        """Whether it counts as coded."""
        return self.decided is not None or bool(self.codings)

    def with_codings(self, some: Iterable[Sequence[Any]]) -> State:
        """The same with other codings, in their order."""
        ordered = sorted(map(tuple, some), key=lambda one: [part or -1 for part in one[:3]])
        return replace(self, codings=tuple(ordered))

    def after(self, act: Act) -> State:
        """What it is after an act."""
        place = (act.code_id, act.start, act.end)
        match act.name:
            case "code":
                new = (*place, act.source, act.codebook_version_id)
                return self.with_codings((*self.codings, new))
            case "uncode":
                return self.with_codings(one for one in self.codings if one[:3] != place)
            case "decide":
                return replace(self, decided=act.source)
            case "undecide":
                return replace(self, decided=None)
            case "flag" | "unflag":
                return replace(self, flagged=act.name == "flag")
            case "memo":
                return replace(self, memo=act.after or "")
        raise ValueError(act.name)


def of(database: Database, coder_id: int, response_id: int) -> State:
    """What a coder made of an answer the second time."""
    return State.read(
        database.value(
            "SELECT state FROM repeated WHERE response_id = ? AND coder_id = ?",
            (response_id, coder_id),
        )
    )


def answer_state(database: Database, coder_id: int, response_id: int) -> AnswerState:
    """The same as the state of an answer."""
    state = of(database, coder_id, response_id)
    merged = dict(
        database.rows("SELECT id, counts_as FROM code WHERE counts_as IS NOT NULL")
        if state.codings
        else ()
    )
    return AnswerState(
        tuple(
            Coding(merged.get(code, code), start, end, source, code)
            for code, start, end, source, _ in state.codings
        ),
        state.decided is not None,
        state.flagged,
        state.memo,
    )


def put(database: Database, place: tuple[int, int], text: str | None) -> None:
    """Set what a coder made of an answer the second time; None takes it away."""
    if text is None:
        database.run("DELETE FROM repeated WHERE response_id = ? AND coder_id = ?", place)
        return
    database.run(
        "INSERT INTO repeated (response_id, coder_id, state) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET state = excluded.state",
        (*place, text),
    )


def again(database: Database, coder_id: int, acts: Iterable[Act]) -> Iterator[Act]:
    """What acts on a repeat are in the journal: one each on the answer, in a layer of its own."""
    state: State | None = None
    for act in acts:
        before = state or of(database, coder_id, -act.response_id)
        state = before.after(act)
        yield replace(
            act, name="again", response_id=-act.response_id, before=before.text, after=state.text
        )


def pairs(database: Database, question_id: int) -> list[tuple[int, int]]:
    """Answer and coder of all that was decided both times, on answers as they stand."""
    return database.rows(
        "SELECT response_id, repeated.coder_id FROM repeated"
        " JOIN response ON response.id = response_id WHERE question_id = ? AND is_current = 1"
        f" AND status = 'substantive' AND {_DECIDED}"
        f" AND {_FIRST_IS_DECIDED.replace(':coder', 'repeated.coder_id')}"
        " ORDER BY response.respondent_id, repeated.coder_id",
        (question_id,),
    )
