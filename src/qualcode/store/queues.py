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

    from qualcode.store.connection import Database

Kind = Literal["random", "uncertain", "half", "code"]


@dataclass(frozen=True, slots=True)
class Queue:
    """A coder's queue on a question; `code_id` only where answers with one code are sought."""

    id: int
    kind: Kind
    seed: int
    code_id: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer drawn for a queue.

    `place` counts from 0 along the order in which chance takes all `population` answers;
    `probability` is None where chance did not choose it. A blind one is coded unaided.
    """

    response_id: int
    how: Literal["random", "uncertain", "code"]
    place: int
    population: int
    probability: float | None
    is_blind: bool


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
        "UPDATE queue SET is_active = 0 WHERE coder_id = ? AND question_id = ? AND is_active = 1",
        (coder_id, question_id),
    )


def take_up(
    database: Database,
    coder_id: int,
    question_id: int,
    *,
    kind: Kind,
    seed: int,
    code_id: int = 0,
    by: str,
) -> Queue:
    """Work down a queue: one that was left goes on, else a new one begins."""
    wanted = (coder_id, question_id, kind, seed, code_id)
    with database.transaction():
        leave(database, coder_id, question_id)
        number = database.value(
            "SELECT id FROM queue WHERE coder_id = ? AND question_id = ? AND kind = ?"
            " AND seed = ? AND ifnull(code_id, 0) = ?",
            wanted,
        )
        if number is None:
            step = journal.add_note(database, "queue", by=by, detail={"kind": kind, "seed": seed})
            number = database.run(
                "INSERT INTO queue (uid, step_id, coder_id, question_id, kind, seed, code_id,"
                " is_active) VALUES (?, ?, ?, ?, ?, ?, nullif(?, 0), 1)",
                (journal.new_uid(), step, *wanted),
            )
        database.run("UPDATE queue SET is_active = 1 WHERE id = ?", (number,))
    return Queue(number, kind, seed, code_id)


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
        f" AND NOT {coded_by('response_id', ':coder')} ORDER BY rank LIMIT 1",
        {"queue": queue.id, "coder": coder_id, "after": after},
    )
    return value


def is_blind(database: Database, coder_id: int, response_id: int) -> bool:
    """Whether the coder drew this answer to be coded without suggestions."""
    return bool(
        database.value(
            "SELECT EXISTS (SELECT 1 FROM draw JOIN queue ON queue.id = queue_id"
            " WHERE response_id = ? AND coder_id = ? AND is_blind = 1)",
            (response_id, coder_id),
        )
    )
