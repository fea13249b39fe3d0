"""The order in which a coder takes the answers, where that is not the order of the file.

A queue is drawn piece by piece. Every draw stays on record with how it came about and how
probable it was, also when its queue is no longer in use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qualcode.store import journal
from qualcode.store.responses import coded_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Code, Coder, Drawn, Question
    from qualcode.store.connection import Database

Kind = Literal["random", "uncertain", "half", "code"]


@dataclass(frozen=True, slots=True)
class Queue:
    """A coder's queue on a question; `code_id` only where answers with one code are sought."""

    id: int
    kind: Kind
    seed: int
    code_id: int = 0


def in_use(database: Database, coder_id: int, question_id: int) -> Queue | None:
    """The queue that a coder works down, None for the order of the file."""
    row = database.row(
        "SELECT id, kind, seed, ifnull(code_id, 0) FROM queue"
        " WHERE coder_id = ? AND question_id = ? AND is_active = 1",
        (coder_id, question_id),
    )
    return Queue(*row) if row else None


def leave(database: Database, coder_id: int, question_id: int) -> None:
    """Go back to the order of the file; what was drawn stays on record."""
    database.run(
        "UPDATE queue SET is_active = 0, clock = ?"
        " WHERE coder_id = ? AND question_id = ? AND is_active = 1",
        (journal.next_clock(database), coder_id, question_id),
    )


def take_up(
    database: Database,
    coder: Coder,
    question: Question,
    *,
    kind: Kind,
    seed: int,
    code: Code | None = None,
) -> Queue:
    """Work down a queue: one that was left goes on, else a new one begins."""
    wanted = (coder.id, question.id, kind, seed, code.id if code else 0)
    with database.transaction():
        leave(database, coder.id, question.id)
        number = database.value(
            "SELECT id FROM queue WHERE coder_id = ? AND question_id = ? AND kind = ?"
            " AND seed = ? AND ifnull(code_id, 0) = ?",
            wanted,
        )
        if number is None:
            detail = {"question": question.key, "order": kind, "seed": seed}
            detail |= {"code": code.path} if code else {}
            step = journal.add_note(database, "queue", by=coder.name, detail=detail)
            number = database.run(
                "INSERT INTO queue (uid, step_id, coder_id, question_id, kind, seed, code_id,"
                " is_active) VALUES (?, ?, ?, ?, ?, ?, nullif(?, 0), 1)",
                (journal.new_uid(), step, *wanted),
            )
        clock = journal.next_clock(database)
        database.run("UPDATE queue SET is_active = 1, clock = ? WHERE id = ?", (clock, number))
    return Queue(number, kind, seed, code.id if code else 0)


def add(database: Database, queue: Queue, draws: Sequence[Drawn]) -> int:
    """Put draws at the end of a queue; how many were not in it before."""
    with database.transaction():
        last = database.value("SELECT max(rank) FROM draw WHERE queue_id = ?", (queue.id,)) or 0
        there = {
            number
            for (number,) in database.rows(
                "SELECT response_id FROM draw WHERE queue_id = ?", (queue.id,)
            )
        }
        new = [draw for draw in draws if draw.response_id not in there]
        at = journal.now()
        database.run_many(
            "INSERT INTO draw (queue_id, rank, response_id, how, place, population, probability,"
            " is_blind, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    queue.id,
                    rank,
                    draw.response_id,
                    draw.how,
                    draw.place,
                    draw.population,
                    draw.probability,
                    int(draw.is_blind),
                    at,
                )
                for rank, draw in enumerate(new, start=last + 1)
            ),
        )
    return len(new)


def to_draw(database: Database, queue: Queue, coder_id: int, question_id: int) -> list[int]:
    """The answers that the coder has not coded and that are not in the queue yet."""
    rows = database.rows(
        "SELECT id FROM response WHERE question_id = :question AND is_current = 1"
        f" AND status = 'substantive' AND NOT {coded_by('response.id', ':coder')}"
        " AND NOT EXISTS (SELECT 1 FROM draw WHERE queue_id = :queue AND response_id = response.id)"
        " ORDER BY respondent_id",
        {"question": question_id, "coder": coder_id, "queue": queue.id},
    )
    return [number for (number,) in rows]


def population(database: Database, question_id: int) -> tuple[list[int], list[str]]:
    """Every substantive answer in the order of the file, and whose it is."""
    rows = database.rows(
        "SELECT response.id, respondent.name FROM response"
        " JOIN respondent ON respondent.id = respondent_id"
        " WHERE question_id = ? AND is_current = 1 AND response.status = 'substantive'"
        " ORDER BY respondent_id",
        (question_id,),
    )
    return [row[0] for row in rows], [row[1] for row in rows]


def first_open(database: Database, queue: Queue, coder_id: int, *, after: int = 0) -> int | None:
    """The first answer of a queue that the coder has not coded, behind the answer `after`."""
    value: int | None = database.value(
        "SELECT response_id FROM draw JOIN response ON response.id = response_id"
        " WHERE queue_id = :queue AND is_current = 1 AND status = 'substantive'"
        " AND rank > ifnull((SELECT rank FROM draw WHERE queue_id = :queue"
        " AND response_id = :after), 0)"
        f" AND NOT {coded_by('draw.response_id', ':coder')} ORDER BY rank LIMIT 1",
        {"queue": queue.id, "coder": coder_id, "after": after},
    )
    return value


def holds(database: Database, queue: Queue, response_id: int) -> bool:
    """Whether an answer was drawn for a queue."""
    found = database.value(
        "SELECT 1 FROM draw WHERE queue_id = ? AND response_id = ?", (queue.id, response_id)
    )
    return found is not None


def is_blind(database: Database, coder_id: int, response_id: int) -> bool:
    """Whether the coder drew this answer to be coded without suggestions."""
    return bool(
        database.value(
            "SELECT EXISTS (SELECT 1 FROM draw JOIN queue ON queue.id = queue_id"
            " WHERE response_id = ? AND coder_id = ? AND is_blind = 1)",
            (response_id, coder_id),
        )
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer of a queue: whose it is, how it was drawn, and whether the coder has coded it."""

    respondent: str
    how: str
    place: int
    population: int
    probability: float | None
    is_blind: bool
    is_coded: bool


def listed(database: Database, queue: Queue, coder_id: int) -> list[Listed]:
    """What was drawn for a queue, in order; answers that have changed since are left out."""
    rows = database.rows(
        "SELECT respondent.name, how, place, population, probability, is_blind,"
        f" {coded_by('draw.response_id', ':coder')} FROM draw"
        " JOIN response ON response.id = response_id"
        " JOIN respondent ON respondent.id = respondent_id"
        " WHERE queue_id = :queue AND is_current = 1 ORDER BY rank",
        {"queue": queue.id, "coder": coder_id},
    )
    return [Listed(*row[:-2], *map(bool, row[-2:])) for row in rows]
