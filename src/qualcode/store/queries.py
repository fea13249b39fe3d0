"""What adjudicators asked the coders of an answer, instead of settling it themselves.

A question is put, taken back and answered by acts in the journal, whose texts are made and read
here. It is open until the coder decides the answer again, or somebody settles it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.store.connection import Database

ACTS = ("answer", "ask", "unanswer", "unask")
"""The acts about a question."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question to one coder about an answer, by the adjudicator who asks, and when."""

    coder: int
    asked_by: int
    text: str
    at: str
    is_answered: bool = False

    @property
    def act(self) -> str:
        """The question as an act keeps it."""
        parts = {"coder": self.coder, "by": self.asked_by, "text": self.text, "at": self.at}
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def is_open(query: str) -> str:
    """SQL that says whether a question waits for its coder; `query` is its table."""
    return (
        f"({query}.is_answered = 0 AND NOT EXISTS"
        f" (SELECT 1 FROM verdict WHERE verdict.response_id = {query}.response_id))"
    )


def has_open(response: str, coder: str) -> str:
    """SQL that says whether a coder is asked about an answer."""
    return (
        f"EXISTS (SELECT 1 FROM query WHERE query.response_id = {response}"
        f" AND query.coder_id = {coder} AND {is_open('query')})"
    )


def on(database: Database, response_id: int) -> list[Query]:
    """Every question about an answer, oldest first."""
    return [
        Query(coder, by, text, at, bool(answered))
        for coder, by, text, at, answered in database.rows(
            "SELECT coder_id, asked_by, text, at, is_answered FROM query"
            " WHERE response_id = ? ORDER BY at, coder_id",
            (response_id,),
        )
    ]


def open_to(database: Database, response_id: int, coder_id: int) -> list[Query]:
    """The questions about an answer that wait for a coder, oldest first."""
    return [
        Query(*row)
        for row in database.rows(
            "SELECT coder_id, asked_by, text, at FROM query"
            f" WHERE response_id = ? AND coder_id = ? AND {is_open('query')} ORDER BY at",
            (response_id, coder_id),
        )
    ]


def sent_back(database: Database, question_id: int) -> set[int]:
    """The answers to a question, as they stand, about which a coder is still asked."""
    return {
        answer
        for (answer,) in database.rows(
            "SELECT response_id FROM query JOIN response ON response.id = response_id"
            f" WHERE question_id = ? AND is_current = 1 AND {is_open('query')}",
            (question_id,),
        )
    }


def waiting(database: Database) -> dict[str, dict[str, int]]:
    """How many answers each coder is asked about, by question and coder."""
    found: dict[str, dict[str, int]] = {}
    for question, coder, count in database.rows(
        "SELECT question.key, coder.name, count(DISTINCT response_id) FROM query"
        " JOIN response ON response.id = response_id JOIN question ON question.id = question_id"
        " JOIN coder ON coder.id = query.coder_id"
        f" WHERE is_current = 1 AND {is_open('query')} GROUP BY question.id, coder.id"
        " ORDER BY question.id, coder.id"
    ):
        found.setdefault(question, {})[coder] = count
    return found


_WHERE = "WHERE response_id = ? AND coder_id = ? AND at = ? AND asked_by = ? AND text = ?"


def _place(response_id: int, text: str) -> tuple[int, int, str, int, str]:
    parts = json.loads(text)
    return response_id, parts["coder"], parts["at"], parts["by"], parts["text"]


def can_be_reversed(database: Database, response_id: int, name: str, text: str) -> bool:
    """Whether an act about a question can be taken back: not if somebody else has done that."""
    if name in ("answer", "unanswer"):
        return True
    found = database.row(f"SELECT 1 FROM query {_WHERE}", _place(response_id, text))
    return (found is not None) == (name == "ask")


def put(database: Database, response_id: int, name: str, text: str) -> None:
    """Do what an act says: ask, unask, answer or unanswer a question, as far as it is there."""
    place = _place(response_id, text)
    match name:
        case "ask":
            database.run(
                "INSERT OR REPLACE INTO query (response_id, coder_id, at, asked_by, text,"
                " is_answered) VALUES (?, ?, ?, ?, ?, 0)",
                place,
            )
        case "unask":
            database.run(f"DELETE FROM query {_WHERE}", place)
        case _:
            database.run(
                f"UPDATE query SET is_answered = ? {_WHERE}", (int(name == "answer"), *place)
            )
