"""Runs that score every answer to a question, and the suggestions that they write.

A run writes piece by piece and can go on after an interruption; what it wrote is shown only
once it is finished, in place of the run before it. Suggestions are never codings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.errors import Conflict
from qualcode.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database

_PIECE = 20_000


@dataclass(frozen=True, slots=True)
class Run:
    """A run on one question: what it learned from, how far it is.

    `as_of` is the last step of the journal that it knew of, `labels` how many coded answers it
    learned from, `thresholds` has one number for each code by path, `figures` are its held-out
    quality; `reached` is the place in the file up to which `done` of the `total` answers are
    scored.
    """

    id: int
    as_of: int
    settings: dict[str, Any]
    labels: int
    is_calibrated: bool
    codebooks: list[tuple[str, int]]
    thresholds: dict[str, float]
    figures: dict[str, Any]
    total: int
    done: int
    reached: int
    finished: str | None


_COLUMNS = (
    "id, as_of, settings, labels, is_calibrated, codebooks, thresholds, figures, total, done,"
    " reached, finished"
)


def _run(row: Any) -> Run:
    number, as_of, settings, labels, is_calibrated, books, thresholds, figures, *progress = row
    return Run(
        number,
        as_of,
        json.loads(settings),
        labels,
        bool(is_calibrated),
        [(name, version) for name, version in json.loads(books)],
        json.loads(thresholds),
        json.loads(figures),
        *progress,
    )


def begin(
    database: Database,
    question: Question,
    *,
    as_of: int,
    settings: Mapping[str, Any],
    labels: int,
    is_calibrated: bool,
    codebooks: Sequence[tuple[str, int]],
    thresholds: Mapping[str, float],
    figures: Mapping[str, Any],
    model: bytes,
    by: str,
) -> Run:
    """Put a new run on record; an unfinished one of the question is thrown away first."""
    detail = {"question": question.key, **settings, "labels": labels, "codebooks": codebooks}
    with database.transaction():
        database.run(
            "UPDATE suggestion_run SET model = NULL WHERE question_id = ? AND model IS NOT NULL",
            (question.id,),
        )
        step = journal.add_note(database, "suggest", by=by, detail=detail)
        number = database.run(
            "INSERT INTO suggestion_run (uid, step_id, question_id, as_of, settings, labels,"
            " is_calibrated, codebooks, thresholds, figures, total, model)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                journal.new_uid(),
                step,
                question.id,
                as_of,
                _text(settings),
                labels,
                int(is_calibrated),
                _text(codebooks),
                _text(thresholds),
                _text(figures),
                total(database, question.id),
                model,
            ),
        )
    return run(database, number)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def run(database: Database, number: int) -> Run:
    """The run of that number."""
    row = database.row(f"SELECT {_COLUMNS} FROM suggestion_run WHERE id = ?", (number,))
    return _run(row)


def unfinished(database: Database, question_id: int) -> Run | None:
    """The run on a question that can go on, if there is one."""
    row = database.row(
        f"SELECT {_COLUMNS} FROM suggestion_run WHERE question_id = ? AND model IS NOT NULL"
        " ORDER BY id DESC LIMIT 1",
        (question_id,),
    )
    return _run(row) if row else None


def latest(database: Database, question_id: int) -> Run | None:
    """The last run on a question that was finished, whose suggestions are shown."""
    row = database.row(
        f"SELECT {_COLUMNS} FROM suggestion_run WHERE question_id = ? AND finished IS NOT NULL"
        " ORDER BY id DESC LIMIT 1",
        (question_id,),
    )
    return _run(row) if row else None


def model_of(database: Database, number: int) -> bytes:
    """What an unfinished run scores with."""
    model: bytes = database.value("SELECT model FROM suggestion_run WHERE id = ?", (number,))
    return model


def last_step(database: Database) -> int:
    """The number of the last step of the journal, 0 if there is none."""
    return database.value("SELECT max(id) FROM step") or 0


def has_happened(database: Database, as_of: int, *kinds: str) -> bool:
    """Whether there were steps of these kinds after a step."""
    marks = ",".join("?" * len(kinds))
    return bool(
        database.value(
            f"SELECT EXISTS (SELECT 1 FROM step WHERE id > ? AND kind IN ({marks}))",
            (as_of, *kinds),
        )
    )


def is_coded_since(database: Database, question_id: int, as_of: int) -> bool:
    """Whether anybody did anything on the answers to a question after a step."""
    return bool(
        database.value(
            "SELECT EXISTS (SELECT 1 FROM act JOIN response ON response.id = response_id"
            " WHERE step_id > ? AND question_id = ?)",
            (as_of, question_id),
        )
    )


def total(database: Database, question_id: int) -> int:
    """How many answers to a question there are to score."""
    return int(
        database.value(
            "SELECT count(*) FROM response"
            " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'",
            (question_id,),
        )
    )


def answers_after(
    database: Database, question_id: int, place: int
) -> Iterator[tuple[int, int, str, str]]:
    """Id, place in the file, text and attributes (JSON) of the substantive answers behind a place.

    Read in pieces, so that no long look at the file keeps others from writing to it.
    """
    while True:
        piece = database.rows(
            "SELECT response.id, respondent_id, text, attributes FROM response"
            " JOIN respondent ON respondent.id = respondent_id"
            " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'"
            " AND respondent_id > ? ORDER BY respondent_id LIMIT ?",
            (question_id, place, _PIECE),
        )
        if not piece:
            return
        yield from piece
        place = piece[-1][1]


def add(
    database: Database,
    number: int,
    rows: Iterable[tuple[int, int, float, bool, str]],
    *,
    scored: int,
    behind: int,
    reached: int,
) -> None:
    """Keep the suggestions for so many answers from behind a place in the file up to another.

    A row is answer, code, probability, whether it is above its threshold, and its evidence.
    Raises `Conflict` if the run is not where it was left.
    """
    with database.transaction():
        _check_still(database, number, behind)
        database.run_many(
            "INSERT INTO suggestion (run_id, response_id, code_id, probability, is_above, evidence)"
            f" VALUES ({int(number)}, ?, ?, ?, ?, ?)",
            rows,
        )
        database.run(
            "UPDATE suggestion_run SET done = done + ?, reached = ? WHERE id = ?",
            (scored, reached, number),
        )


def _check_still(database: Database, number: int, reached: int) -> None:
    found = database.value(
        "SELECT reached FROM suggestion_run WHERE id = ? AND model IS NOT NULL", (number,)
    )
    if found != reached:
        raise Conflict(
            "another process suggests for this question too, and got ahead of this one",
            hint="let that one finish",
        )


def finish(database: Database, number: int, *, reached: int) -> Run:
    """Show the suggestions of a run instead of those of the run before it.

    Raises `Conflict` if the run is not where it was left.
    """
    with database.transaction():
        _check_still(database, number, reached)
        database.run(
            "UPDATE suggestion_run SET finished = ?, model = NULL WHERE id = ?",
            (journal.now(), number),
        )
    return run(database, number)


def sweep(
    database: Database, question_id: int, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Throw away the suggestions of runs that are not shown any more and cannot go on.

    That there were such runs stays on record. What is left when it `should_stop` is thrown away
    the next time.
    """
    needed = latest(database, question_id), unfinished(database, question_id)
    kept = {each.id for each in needed if each}
    for (number,) in database.rows(
        "SELECT id FROM suggestion_run WHERE question_id = ?"
        " AND EXISTS (SELECT 1 FROM suggestion WHERE run_id = suggestion_run.id)",
        (question_id,),
    ):
        while number not in kept and not should_stop() and _forget_some(database, number):
            pass


def _forget_some(database: Database, number: int) -> bool:
    """Throw away some of the suggestions of a run: a coder's key waits for all that go at once."""
    last = database.value(
        "SELECT max(response_id) FROM (SELECT response_id FROM suggestion WHERE run_id = ?"
        " ORDER BY response_id LIMIT ?)",
        (number, _PIECE),
    )
    if last is None:
        return False
    with database.transaction():
        database.run("DELETE FROM suggestion WHERE run_id = ? AND response_id <= ?", (number, last))
    return True
