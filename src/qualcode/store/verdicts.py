"""What adjudicators settled: a layer of its own, beside the codings and never in their place.

A verdict settles every code of one answer: those named hold, all others do not. It is put and
taken back by acts in the journal, whose texts are made and read here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Verdict:
    """The codes that hold on an answer, by the coder who settled it, and why."""

    adjudicator: int
    codes: tuple[int, ...]
    reason: str = ""
    memo: str = ""

    @property
    def text(self) -> str:
        """The verdict as an act keeps it."""
        parts = {
            "adjudicator": self.adjudicator,
            "codes": sorted(self.codes),
            "reason": self.reason,
            "memo": self.memo,
        }
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def of(database: Database, response_id: int) -> Verdict | None:
    """The verdict on an answer as it was put, None where there is none."""
    row = database.row(
        "SELECT coder_id, codes, reason, memo FROM verdict WHERE response_id = ?", (response_id,)
    )
    return Verdict(row[0], tuple(json.loads(row[1])), *row[2:]) if row else None


def codes_in(text: str) -> tuple[int, ...]:
    """The codes of the verdict that an act keeps."""
    return tuple(json.loads(text)["codes"])


def put(database: Database, response_id: int, text: str | None) -> None:
    """Set the verdict on an answer to what an act says; None takes it away."""
    database.run("DELETE FROM verdict WHERE response_id = ?", (response_id,))
    if text is not None:
        parts = json.loads(text)
        database.run(
            "INSERT INTO verdict (response_id, coder_id, codes, reason, memo)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                response_id,
                parts["adjudicator"],
                json.dumps(parts["codes"], separators=(",", ":")),
                parts["reason"],
                parts["memo"],
            ),
        )


def settled(database: Database, question_id: int) -> set[int]:
    """The answers to a question, as they stand, that have a verdict."""
    return {
        answer
        for (answer,) in database.rows(
            "SELECT response_id FROM verdict JOIN response ON response.id = response_id"
            " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'",
            (question_id,),
        )
    }


def all_of(database: Database, question_id: int) -> Iterator[tuple[int, Verdict]]:
    """The answers to a question, as they stand, that have a verdict, as it `counts`."""
    standing = _standing(database)
    for response_id, coder_id, codes, reason, memo in database.stream(
        "SELECT response_id, verdict.coder_id, codes, reason, memo FROM verdict"
        " JOIN response ON response.id = response_id"
        " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'",
        (question_id,),
    ):
        verdict = Verdict(coder_id, tuple(json.loads(codes)), reason, memo)
        yield response_id, _counting(verdict, standing)


def counts(database: Database, verdict: Verdict) -> Verdict:
    """The verdict with the codes that its own count as: merged ones as that into which they are."""
    return _counting(verdict, _standing(database))


def _standing(database: Database) -> dict[int, int]:
    """The code that each merged one counts as."""
    return dict(database.rows("SELECT id, counts_as FROM code WHERE counts_as IS NOT NULL"))


def _counting(verdict: Verdict, standing: dict[int, int]) -> Verdict:
    codes = dict.fromkeys(standing.get(code, code) for code in verdict.codes)
    return replace(verdict, codes=tuple(codes))
