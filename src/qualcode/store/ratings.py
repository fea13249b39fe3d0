"""What every coder made of the answers to a question, as compact arrays for the engines."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from qualcode.store.assignments import is_pending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.model import Coder
    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Ratings:
    """Places, counted from 0: of answers in `responses`, of coders in `coders`.

    `seen` holds an answer and a coder for each answer that a coder has coded, with or without a
    code; `applied` an answer, a coder and the id of a code for each code on one. `coded_at` is
    for each answer the clock of the step that coded it last, 0 where nobody did. `copied`
    counts the answers that a coder coded along with an identical one.
    """

    coders: tuple[Coder, ...]
    responses: array[int]
    seen: tuple[array[int], array[int]]
    applied: tuple[array[int], array[int], array[int]]
    coded_at: array[int]
    copied: int

    @property
    def at_work(self) -> Ratings:
        """The same without the coders who have coded none of these answers."""
        active = sorted(set(self.seen[1]))
        if len(active) == len(self.coders):
            return self
        place = {coder: number for number, coder in enumerate(active)}
        seen = self.seen[0], array("q", [place[coder] for coder in self.seen[1]])
        applied = array("q", [place[coder] for coder in self.applied[1]])
        return replace(
            self,
            coders=tuple(self.coders[coder] for coder in active),
            seen=seen,
            applied=(self.applied[0], applied, self.applied[2]),
        )


def ratings(
    database: Database,
    question_id: int,
    coders: Sequence[Coder],
    *,
    visible_to: int | None = None,
    with_pending: bool = False,
) -> Ratings:
    """The substantive answers to a question as they stand, and what the coders put on them.

    With `visible_to`, only the answers that this coder has decided, here or in a file that was
    imported as theirs: the others' codings of the rest are not theirs to see. Answers that wait for
    one of the coders who are to code them are left out but for the lead, `with_pending`.
    """
    condition = "question_id = :question AND is_current = 1 AND status = 'substantive'"
    if not with_pending:
        condition += f" AND NOT {is_pending('response')}"
    if visible_to is not None:
        condition += (
            " AND (EXISTS (SELECT 1 FROM mark WHERE response_id = response.id"
            " AND coder_id = :viewer AND decided IS NOT NULL)"
            " OR EXISTS (SELECT 1 FROM coding WHERE response_id = response.id"
            " AND coder_id = :viewer AND source GLOB 'import *'))"
        )
    found = database.rows(
        f"SELECT id FROM response WHERE {condition} ORDER BY respondent_id",
        {"question": question_id, "viewer": visible_to},
    )
    units = {response_id: place for place, (response_id,) in enumerate(found)}
    people = {coder.id: place for place, coder in enumerate(coders)}
    applied = _applied(database, question_id, units, people)
    return Ratings(
        tuple(coders),
        array("q", units),
        _seen(database, question_id, units, people, applied),
        applied,
        _coded_at(database, question_id, units),
        _copied(database, units, people),
    )


def _applied(
    database: Database, question_id: int, units: dict[int, int], people: dict[int, int]
) -> tuple[array[int], array[int], array[int]]:
    rows = database.rows(
        "SELECT DISTINCT response_id, coder_id, code_id FROM v_counted"
        " JOIN response ON response.id = response_id WHERE question_id = ?",
        (question_id,),
    )
    kept = [row for row in rows if row[0] in units and row[1] in people]
    return (
        array("q", [units[row[0]] for row in kept]),
        array("q", [people[row[1]] for row in kept]),
        array("q", [row[2] for row in kept]),
    )


def _seen(
    database: Database,
    question_id: int,
    units: dict[int, int],
    people: dict[int, int],
    applied: tuple[array[int], array[int], array[int]],
) -> tuple[array[int], array[int]]:
    pairs = dict.fromkeys(zip(applied[0], applied[1], strict=True))
    pairs |= {
        (units[response_id], people[coder_id]): None
        for response_id, coder_id in database.rows(
            "SELECT response_id, coder_id FROM mark JOIN response ON response.id = response_id"
            " WHERE question_id = ? AND decided IS NOT NULL",
            (question_id,),
        )
        if response_id in units and coder_id in people
    }
    return array("q", [unit for unit, _ in pairs]), array("q", [coder for _, coder in pairs])


def _coded_at(database: Database, question_id: int, units: dict[int, int]) -> array[int]:
    at = dict(
        database.rows(
            "SELECT response_id, max(step.clock) FROM act JOIN step ON step.id = step_id"
            " JOIN response ON response.id = response_id"
            " WHERE question_id = ? AND act IN ('code', 'decide') GROUP BY response_id",
            (question_id,),
        )
    )
    return array("q", [at.get(response_id, 0) for response_id in units])


def _copied(database: Database, units: dict[int, int], people: dict[int, int]) -> int:
    copies = database.rows(
        "SELECT response_id, coder_id FROM coding WHERE source = 'copied'"
        " UNION SELECT response_id, coder_id FROM mark WHERE decided = 'copied'"
    )
    return sum(response_id in units and coder_id in people for response_id, coder_id in copies)


def marked_passages(
    database: Database, question_id: int
) -> Iterator[tuple[int, int, dict[int, list[tuple[int | None, int | None, str]]]]]:
    """The answers on which a clause was marked: id, length, and each coder's places and codes."""
    rows = database.stream(
        "SELECT response.id, response.text, coder_id, span_start, span_end, path"
        " FROM v_counted"
        " JOIN response ON response.id = response_id JOIN code ON code.id = code_id"
        " WHERE question_id = ? AND is_current = 1 AND response.status = 'substantive'"
        " AND response_id IN (SELECT response_id FROM coding WHERE span_start IS NOT NULL)"
        " ORDER BY response.respondent_id, coder_id, span_start",
        (question_id,),
    )
    for (response_id, text), group in groupby(rows, key=itemgetter(0, 1)):
        marks: dict[int, list[tuple[int | None, int | None, str]]] = {}
        for _, _, coder_id, start, end, path in group:
            marks.setdefault(coder_id, []).append((start, end, path))
        yield response_id, len(text), marks
