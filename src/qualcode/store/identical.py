"""Which answers have exactly the same text; the table is temporary and the connection's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database


def group_identical(database: Database, question_id: int) -> Iterator[int]:
    """Make ready which answers of a question have exactly the same text.

    Works in small parts and gives after each how many answers are done, so that a screen can
    serve keys in between; `twins` answers once it is exhausted.
    """
    database.run("DROP TABLE IF EXISTS temp.twin")
    database.run("CREATE TEMP TABLE twin (text TEXT NOT NULL, response_id INTEGER NOT NULL)")
    database.run("CREATE INDEX temp.twin_text ON twin (text)")
    done, after = 0, 0
    while True:
        with database.transaction():
            last = database.value(
                "SELECT max(respondent_id) FROM (SELECT respondent_id FROM response"
                " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'"
                " AND respondent_id > ? ORDER BY respondent_id LIMIT 500)",
                (question_id, after),
            )
            if last is None:
                return
            database.run(
                "INSERT INTO temp.twin SELECT text, id FROM response"
                " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'"
                " AND respondent_id > ? AND respondent_id <= ?",
                (question_id, after, last),
            )
        done, after = done + 500, last
        yield done


def twins(database: Database, response_id: int) -> list[int]:
    """The other answers with exactly this text, after `group_identical`."""
    return [
        other
        for (other,) in database.rows(
            "SELECT other.id FROM response AS this JOIN temp.twin ON twin.text = this.text"
            " JOIN response AS other ON other.id = twin.response_id"
            " WHERE this.id = ? AND other.id <> this.id AND other.is_current = 1"
            " AND other.question_id = this.question_id",
            (response_id,),
        )
    ]
