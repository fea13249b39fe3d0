"""Who is to code what, and which answers must not be seen before all of their coders decided.

An answer that two coders or more are to code is *pending* until each of them has decided it. Until
then nobody but the lead sees what another put on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.store.responses import coded_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.store.connection import Database

_HAS_DECIDED = (
    "(EXISTS (SELECT 1 FROM mark WHERE mark.response_id = {response}"
    " AND mark.coder_id = assignment.coder_id AND decided IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM coding WHERE coding.response_id = {response}"
    " AND coding.coder_id = assignment.coder_id AND source GLOB 'import *'))"
)


def is_pending(response: str) -> str:
    """SQL that says whether an answer waits for one of several coders; `response` is its table.

    An import does not tell what was decided, so what it brought counts as that.
    """
    decided = _HAS_DECIDED.format(response=f"{response}.id")
    return (
        f"EXISTS (SELECT 1 FROM assignment WHERE assignment.question_id = {response}.question_id"
        f" AND assignment.respondent_id = {response}.respondent_id"
        f" GROUP BY assignment.question_id HAVING count(*) > 1 AND min({decided}) = 0)"
    )


@dataclass(frozen=True, slots=True)
class Assigned:
    """An answer, by whose it is, for a coder: its place in the coder's queue."""

    respondent_id: int
    coder_id: int
    rank: int
    probability: float


@dataclass(frozen=True, slots=True)
class Workload:
    """What a coder is to code of a question: all, those coded by others too, and what is done."""

    coder: str
    question: str
    assigned: int
    double: int
    coded: int


def add(database: Database, question_id: int, step: int, assigned: Iterable[Assigned]) -> None:
    """Put down who is to code what."""
    database.run_many(
        "INSERT INTO assignment (question_id, respondent_id, coder_id, step_id, rank, probability)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (question_id, one.respondent_id, one.coder_id, step, one.rank, one.probability)
            for one in assigned
        ),
    )


def of_question(database: Database, question_id: int) -> dict[int, list[int]]:
    """The coders of every respondent's answer that is assigned."""
    found: dict[int, list[int]] = {}
    for respondent, coder in database.rows(
        "SELECT respondent_id, coder_id FROM assignment WHERE question_id = ?"
        " ORDER BY respondent_id, rank, coder_id",
        (question_id,),
    ):
        found.setdefault(respondent, []).append(coder)
    return found


def coded_already(database: Database, question_id: int) -> dict[int, list[int]]:
    """The coders who have coded a respondent's answer as it stands."""
    found: dict[int, list[int]] = {}
    for respondent, coder in database.rows(
        "SELECT DISTINCT respondent_id, coder_id FROM v_coded"
        " JOIN response ON response.id = v_coded.response_id"
        " WHERE question_id = ? AND is_current = 1 ORDER BY respondent_id, coder_id",
        (question_id,),
    ):
        found.setdefault(respondent, []).append(coder)
    return found


def last_ranks(database: Database, question_id: int) -> dict[int, int]:
    """How long the queue of every coder is."""
    return dict(
        database.rows(
            "SELECT coder_id, max(rank) FROM assignment WHERE question_id = ? GROUP BY coder_id",
            (question_id,),
        )
    )


def to_assign(database: Database, question_id: int) -> list[tuple[int, str, str]]:
    """Respondent id, name and attributes as JSON of every substantive answer as it stands."""
    return database.rows(
        "SELECT respondent.id, respondent.name, attributes FROM response"
        " JOIN respondent ON respondent.id = respondent_id WHERE question_id = ?"
        " AND is_current = 1 AND response.status = 'substantive' ORDER BY respondent_id",
        (question_id,),
    )


def has_any(database: Database, coder_id: int, question_id: int) -> bool:
    """Whether a coder is to code certain answers to a question."""
    found = database.value(
        "SELECT 1 FROM assignment WHERE coder_id = ? AND question_id = ? LIMIT 1",
        (coder_id, question_id),
    )
    return found is not None


def first_open(
    database: Database, coder_id: int, question_id: int, *, after: int = 0
) -> int | None:
    """The first answer of a coder's queue that is not coded, behind the answer `after`."""
    value: int | None = database.value(
        "SELECT response.id FROM assignment JOIN response USING (question_id, respondent_id)"
        " WHERE coder_id = :coder AND question_id = :question AND is_current = 1"
        " AND status = 'substantive' AND rank > ifnull((SELECT rank FROM assignment"
        " JOIN response USING (question_id, respondent_id)"
        " WHERE coder_id = :coder AND response.id = :after), 0)"
        f" AND NOT {coded_by('response.id', ':coder')} ORDER BY rank LIMIT 1",
        {"coder": coder_id, "question": question_id, "after": after},
    )
    return value


def holds(database: Database, coder_id: int, response_id: int) -> bool:
    """Whether a coder is to code an answer."""
    found = database.value(
        "SELECT 1 FROM assignment JOIN response USING (question_id, respondent_id)"
        " WHERE coder_id = ? AND response.id = ?",
        (coder_id, response_id),
    )
    return found is not None


def pending(database: Database, response_id: int) -> bool:
    """Whether an answer waits for one of several coders."""
    return bool(
        database.value(
            f"SELECT {is_pending('response')} FROM response WHERE id = ?", (response_id,)
        )
    )


def is_double(database: Database, response_id: int) -> bool:
    """Whether two coders or more are to code an answer."""
    return bool(
        database.value(
            "SELECT count(*) > 1 FROM assignment JOIN response USING (question_id, respondent_id)"
            " WHERE response.id = ?",
            (response_id,),
        )
    )


def all_pending(database: Database, question_id: int) -> set[int]:
    """The answers to a question that wait for one of several coders."""
    return {
        answer
        for (answer,) in database.rows(
            "SELECT id FROM response WHERE question_id = ? AND is_current = 1"
            f" AND {is_pending('response')}",
            (question_id,),
        )
    }


def workloads(database: Database) -> list[Workload]:
    """What every coder is to code, by question, and what of it is done."""
    return [
        Workload(*row)
        for row in database.rows(
            "SELECT coder.name, question.key, count(*), sum((SELECT count(*) FROM assignment AS o"
            " WHERE o.question_id = assignment.question_id"
            " AND o.respondent_id = assignment.respondent_id) > 1),"
            f" sum({coded_by('response.id', 'assignment.coder_id')}) FROM assignment"
            " JOIN coder ON coder.id = assignment.coder_id"
            " JOIN question ON question.id = assignment.question_id"
            " JOIN response ON response.question_id = assignment.question_id"
            " AND response.respondent_id = assignment.respondent_id AND is_current = 1"
            " GROUP BY question.id, coder.id ORDER BY question.id, coder.id"
        )
    ]
