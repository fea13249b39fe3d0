"""What a model may learn from: answers without their codes, and answers with what coders gave."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from qualcode.model import Filter
from qualcode.store import repeats, responses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qualcode.store.connection import Database

_PIECE = 500


@dataclass(frozen=True, slots=True)
class Text:
    """An answer by its id, with the values of the context columns asked for."""

    id: int
    text: str
    context: tuple[str, ...] = ()


def texts(database: Database, ids: Sequence[int], context: Sequence[str] = ()) -> list[Text]:
    """Answers by their ids, in that order."""
    found: dict[int, Text] = {}
    for start in range(0, len(ids), _PIECE):
        piece = list(ids[start : start + _PIECE])
        for number, text, known in database.rows(
            "SELECT response.id, text, attributes FROM response"
            " JOIN respondent ON respondent.id = respondent_id"
            f" WHERE response.id IN ({','.join('?' * len(piece))})",
            piece,
        ):
            found[number] = Text(number, text, values_of(known, context))
    return [found[number] for number in ids if number in found]


def values_of(attributes: str, context: Sequence[str]) -> tuple[str, ...]:
    """The values of context columns in a respondent's attributes (JSON)."""
    if not context:
        return ()
    known = json.loads(attributes)
    return tuple(known.get(name, "") for name in context)


def some_texts(
    database: Database, question_id: int, most: int, seed: int, context: Sequence[str] = ()
) -> list[Text]:
    """Every substantive answer to a question, or as many as asked for, drawn by chance."""
    ids = responses.queue(database, 0, question_id, Filter())
    if len(ids) > most:
        ids = type(ids)("q", sorted(Random(seed).sample(ids, most)))  # noqa: S311
    return texts(database, ids, context)


def own_codes(database: Database, question_id: int, coder_id: int) -> dict[int, frozenset[int]]:
    """The answers that one coder has coded, each with their codes.

    Without those that the coder is to code again: a suggestion would remind of the first time.
    """
    coded = database.rows(
        "SELECT response_id FROM (SELECT response_id FROM coding WHERE coder_id = :coder"
        " UNION SELECT response_id FROM mark WHERE coder_id = :coder AND decided IS NOT NULL)"
        " JOIN response ON response.id = response_id WHERE question_id = :question"
        f" AND is_current = 1 AND status = 'substantive' AND NOT {repeats.WAITS}"
        " ORDER BY respondent_id",
        {"question": question_id, "coder": coder_id},
    )
    applied = database.rows(
        "SELECT DISTINCT response_id, code_id FROM v_counted WHERE coder_id = ?", (coder_id,)
    )
    return _gathered((number for (number,) in coded), applied)


def majority_codes(database: Database, question_id: int) -> dict[int, frozenset[int]]:
    """The answers that anybody has coded, each with the codes that most of its coders gave it."""
    coded = database.rows(
        "SELECT response_id, count(*) FROM v_coded JOIN response ON response.id = response_id"
        " WHERE question_id = ? AND is_current = 1 AND status = 'substantive'"
        " GROUP BY response_id ORDER BY response_id",
        (question_id,),
    )
    coders = dict(coded)
    applied = database.rows(
        "SELECT response_id, code_id, count(DISTINCT coder_id) FROM v_counted"
        " JOIN response ON response.id = response_id WHERE question_id = ?"
        " GROUP BY response_id, code_id",
        (question_id,),
    )
    most = (
        (answer, code) for answer, code, given in applied if 2 * given > coders.get(answer, given)
    )
    return _gathered(coders, most)


def _gathered(
    coded: Iterable[int], applied: Iterable[tuple[int, int]]
) -> dict[int, frozenset[int]]:
    codes: dict[int, set[int]] = defaultdict(set)
    for answer, code in applied:
        codes[answer].add(code)
    return {answer: frozenset(codes[answer]) for answer in coded}


def taken_over(database: Database, question_id: int) -> int:
    """How many codings of the answers to a question were taken over from suggestions."""
    return int(
        database.value(
            "SELECT count(*) FROM coding JOIN response ON response.id = response_id"
            " WHERE question_id = ? AND is_current = 1 AND source = 'suggestion'",
            (question_id,),
        )
    )
