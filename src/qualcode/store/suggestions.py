"""Runs that scored every answer to a question, and the suggestions that they wrote.

A run writes piece by piece and can go on after an interruption; what it wrote is shown only
once it is finished, in place of the run before it. Suggestions are never codings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database

_PIECE = 20_000


@dataclass(frozen=True, slots=True)
class Run:
    """A run on one question: what it learned from, how far it is.

    `labels` is how many coded answers it learned from, `thresholds` one number for each code by
    path, `figures` its held-out quality; `reached` is the place in the file up to which `done`
    of the `total` answers are scored.
    """

    id: int
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
    "id, settings, labels, is_calibrated, codebooks, thresholds, figures, total, done, reached,"
    " finished"
)


def _run(row: Any) -> Run:
    settings, codebooks, thresholds, figures = (json.loads(row[i]) for i in (1, 4, 5, 6))
    return Run(
        row[0],
        settings,
        row[2],
        bool(row[3]),
        [(name, version) for name, version in codebooks],
        thresholds,
        figures,
        *row[7:],
    )


def begin(
    database: Database,
    question: Question,
    *,
    settings: Mapping[str, Any],
    labels: int,
    is_calibrated: bool,
    codebooks: Sequence[tuple[str, int]],
    thresholds: Mapping[str, float],
    figures: Mapping[str, Any],
    total: int,
    model: bytes,
    by: str,
) -> Run:
    """Put a new run on record; an unfinished one of the question is thrown away first."""
    detail = {"question": question.key, **settings, "labels": labels, "codebooks": codebooks}
    old = unfinished(database, question.id)
    if old:
        discard(database, old.id)
    with database.transaction():
        step = journal.add_note(database, "suggest", by=by, detail=detail)
        number = database.run(
            "INSERT INTO suggestion_run (uid, step_id, question_id, settings, labels,"
            " is_calibrated, codebooks, thresholds, figures, total, model)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                journal.new_uid(),
                step,
                question.id,
                _text(settings),
                labels,
                int(is_calibrated),
                _text(codebooks),
                _text(thresholds),
                _text(figures),
                total,
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
    """The run on a question that was interrupted, if there is one."""
    row = database.row(
        f"SELECT {_COLUMNS} FROM suggestion_run WHERE question_id = ? AND model IS NOT NULL"
        " AND finished IS NULL ORDER BY id DESC LIMIT 1",
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
    reached: int,
) -> None:
    """Keep the suggestions of so many more answers, up to a place in the file.

    A row is answer, code, probability, whether it is above its threshold, and its evidence.
    """
    with database.transaction():
        database.run_many(
            "INSERT INTO suggestion (run_id, response_id, code_id, probability, is_above, evidence)"
            f" VALUES ({int(number)}, ?, ?, ?, ?, ?)",
            rows,
        )
        database.run(
            "UPDATE suggestion_run SET done = done + ?, reached = ? WHERE id = ?",
            (scored, reached, number),
        )


def finish(database: Database, question_id: int, number: int) -> Run:
    """Show the suggestions of a run, and throw away those of the runs before it."""
    with database.transaction():
        database.run(
            "UPDATE suggestion_run SET finished = ?, model = NULL WHERE id = ?",
            (journal.now(), number),
        )
    for (older,) in database.rows(
        "SELECT id FROM suggestion_run WHERE question_id = ? AND id < ?"
        " AND EXISTS (SELECT 1 FROM suggestion WHERE run_id = suggestion_run.id)",
        (question_id, number),
    ):
        _forget(database, older)
    return run(database, number)


def discard(database: Database, number: int) -> None:
    """Throw away what an unfinished run wrote; that it was begun stays on record."""
    with database.transaction():
        database.run("UPDATE suggestion_run SET model = NULL WHERE id = ?", (number,))
    _forget(database, number)


def _forget(database: Database, number: int) -> None:
    # In pieces: a coder's key waits for each of them.
    while last := database.value(
        "SELECT max(response_id) FROM (SELECT response_id FROM suggestion WHERE run_id = ?"
        " ORDER BY response_id LIMIT ?)",
        (number, _PIECE),
    ):
        with database.transaction():
            database.run(
                "DELETE FROM suggestion WHERE run_id = ? AND response_id <= ?", (number, last)
            )


def exported(
    database: Database, question_id: int, top: int
) -> Iterator[tuple[str, str, float, bool, str, str, int]]:
    """Respondent, code, probability, is above, evidence, model of the latest run, and rank.

    In the order of the file, the likeliest first: each code above its threshold and at least
    the first `top`. Answers that have changed since are left out.
    """
    latest_run = latest(database, question_id)
    if latest_run is None:
        return iter(())
    return database.stream(
        "SELECT * FROM (SELECT respondent.name, code.path, probability, is_above, evidence,"
        " row_number() OVER (PARTITION BY respondent_id ORDER BY probability DESC, code.position)"
        " AS rank FROM response"
        " JOIN suggestion ON suggestion.run_id = :run AND suggestion.response_id = response.id"
        " JOIN respondent ON respondent.id = respondent_id JOIN code ON code.id = code_id"
        " WHERE question_id = :question AND is_current = 1 AND response.status = 'substantive'"
        " ORDER BY respondent_id, rank) WHERE is_above = 1 OR rank <= :top",
        {"run": latest_run.id, "question": question_id, "top": top},
    )
