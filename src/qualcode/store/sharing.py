"""What a study gives away to be shared, read table by table, and how it is written into another.

Only what is named here leaves: a column that is not read cannot be in the copy.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from qualcode.store.assignments import is_pending

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from qualcode.model import Question, Status
    from qualcode.store.connection import Database
    from qualcode.store.queues import Kind

How = Literal["uncertain", "code"]

_CURRENT = (
    " JOIN response ON response.id = response_id AND response.is_current = 1"
    f" WHERE coder_id = ? AND NOT {is_pending('response')} ORDER BY response_id"
)


def respondents(database: Database) -> list[tuple[int, dict[str, str]]]:
    """The ids of the respondents and their attributes."""
    return [
        (number, json.loads(attributes))
        for number, attributes in database.rows("SELECT id, attributes FROM respondent")
    ]


def answers(database: Database, respondent_id: int) -> list[tuple[int, int, Status, int]]:
    """A respondent's answers as they stand: id, question, status, and the length of the text.

    The length is 0 where nobody coded a part of the text, or nobody may know that yet.
    """
    return database.rows(
        "SELECT id, question_id, status, iif(EXISTS (SELECT 1 FROM coding"
        f" WHERE response_id = response.id AND span_start IS NOT NULL AND NOT"
        f" {is_pending('response')}), length(text), 0)"
        " FROM response WHERE respondent_id = ? AND is_current = 1 ORDER BY question_id",
        (respondent_id,),
    )


def codings(database: Database, coder_id: int) -> Iterator[tuple[int, int, Any, Any, str]]:
    """Answer, code, start, end and source of what a coder put on answers as they stand."""
    return database.stream(
        "SELECT response_id, code_id, span_start, span_end, source FROM coding" + _CURRENT,
        (coder_id,),
    )


def marks(database: Database, coder_id: int) -> Iterator[tuple[int, str | None, bool]]:
    """Answer, how it was decided if it was, and whether it is flagged, without the memo."""
    return database.stream(
        "SELECT response_id, decided, is_flagged FROM mark" + _CURRENT, (coder_id,)
    )


def verdicts(database: Database, coder_id: int) -> Iterator[tuple[int, list[int]]]:
    """Answer and the codes that an adjudicator settled, without reason and memo."""
    for response_id, codes in database.stream(
        "SELECT response_id, codes FROM verdict" + _CURRENT, (coder_id,)
    ):
        yield response_id, json.loads(codes)


def steered(database: Database, coder_id: int) -> Iterator[tuple[int, Kind, int, int, How]]:
    """Question, kind of the queue, its code or 0, answer, and how a model or a search chose it."""
    return database.stream(
        "SELECT queue.question_id, queue.kind, ifnull(queue.code_id, 0), response_id, how"
        " FROM draw JOIN queue ON queue.id = draw.queue_id"
        " JOIN response ON response.id = response_id AND response.is_current = 1"
        " WHERE coder_id = ? AND how <> 'random' ORDER BY response_id",
        (coder_id,),
    )


def add_question(database: Database, question: Question, rule: str) -> None:
    """Put a question into the copy, under the id that it has."""
    database.run(
        "INSERT INTO question (id, key, text, asked_if) VALUES (?, ?, ?, ?)",
        (question.id, question.key, question.text, rule),
    )


def add_respondent(
    database: Database,
    respondent: tuple[int, str, Mapping[str, str]],
    answers: Collection[tuple[int, bytes, int, Status, str]],
) -> None:
    """Put a respondent, as id, name and attributes, into the copy.

    The answers come as id, global id, question, status and text.
    """
    number, name, attributes = respondent
    database.run(
        "INSERT INTO respondent (id, name, attributes) VALUES (?, ?, ?)",
        (number, name, json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))),
    )
    database.run_many(
        "INSERT INTO response (id, uid, respondent_id, question_id, version, is_current, status,"
        " text) VALUES (?, ?, ?, ?, 1, 1, ?, ?)",
        ((answer, uid, number, *rest) for answer, uid, *rest in answers),
    )
