"""Agreement runs that were kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qualcode.store import journal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database


def add(
    database: Database,
    question: Question,
    *,
    coders: Sequence[str],
    codebooks: Sequence[tuple[str, int]],
    settings: Mapping[str, Any],
    result: Mapping[str, Any],
    by: str,
) -> int:
    """Keep a run; the number of its step."""
    with database.transaction():
        detail = {"question": question.key, "coders": coders, "codebooks": codebooks}
        step = journal.add_note(database, "agreement", by=by, detail=detail)
        database.run(
            "INSERT INTO agreement_run (uid, step_id, question_id, coders, codebooks, settings,"
            " result) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                journal.new_uid(),
                step,
                question.id,
                *(
                    json.dumps(value, ensure_ascii=False)
                    for value in (coders, codebooks, settings, result)
                ),
            ),
        )
    return step


def of(database: Database, question_id: int) -> list[tuple[str, str, str, str, str, str]]:
    """Time, who, coders, codebooks, settings and result of the runs on a question, as JSON."""
    return database.rows(
        "SELECT step.at, step.by_name, coders, codebooks, settings, result FROM agreement_run"
        " JOIN step ON step.id = step_id WHERE question_id = ? ORDER BY agreement_run.id",
        (question_id,),
    )
