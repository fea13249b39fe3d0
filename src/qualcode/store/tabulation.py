"""A question's answers and codings as compact arrays, for tables over any number of respondents.

What belongs together is packed into one number, because a row of SQLite costs far more than a
number in an array; the engine takes them apart again.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from qualcode.model import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.store.connection import Database

_first = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a question as they stand: ids of the respondents and of the answers.

    `statuses` holds a byte for each, its place in `model.STATUSES`. In no particular order; a
    respondent who has no answer at all was not asked.
    """

    respondents: array[int]
    ids: array[int]
    statuses: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """Numbers that each stand for several: the last part varies fastest.

    `radices` are what the parts after the first are counted by: (a × r₁ + b) × r₂ + c.
    """

    numbers: array[int]
    radices: tuple[int, ...]


def respondent_ids(database: Database) -> array[int]:
    """The ids of all respondents, in the order of the file."""
    return array("q", map(_first, database.stream("SELECT id FROM respondent ORDER BY id")))


def answers(database: Database, question_id: int) -> Answers:
    """The answers to a question as they stand."""
    places = " ".join(f"WHEN '{status}' THEN {place}" for place, status in enumerate(STATUSES))
    respondents, ids, statuses = array("q"), array("q"), bytearray()
    for respondent, number, status in database.stream(
        f"SELECT respondent_id, id, CASE status {places} END FROM response"
        " WHERE question_id = ? AND is_current = 1",
        (question_id,),
    ):
        respondents.append(respondent)
        ids.append(number)
        statuses.append(status)
    return Answers(respondents, ids, bytes(statuses))


def decided(database: Database) -> Packed:
    """Answer and coder of everything that was decided, of every question."""
    radix = _radix(database, "coder")
    found = database.stream(
        "SELECT response_id * ? + coder_id FROM mark WHERE decided IS NOT NULL", (radix,)
    )
    return Packed(array("q", map(_first, found)), (radix,))


def applied(database: Database) -> Packed:
    """Answer, coder and code of every coding, of every question; clauses come one by one."""
    coders, codes = _radix(database, "coder"), _radix(database, "code")
    found = database.stream(
        "SELECT (response_id * ? + coder_id) * ? + code_id FROM coding", (coders, codes)
    )
    return Packed(array("q", map(_first, found)), (coders, codes))


def _radix(database: Database, table: str) -> int:
    return int(database.value(f"SELECT ifnull(max(id), 0) + 1 FROM {table}"))


def attribute_values(database: Database, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The values of some attributes of each respondent, in the order of the file."""
    for (known,) in database.stream("SELECT attributes FROM respondent ORDER BY id"):
        values = json.loads(known)
        yield tuple(values.get(name, "") for name in names)


def copied_decisions(database: Database, question_id: int) -> int:
    """How many decisions on a question were copied from an identical answer."""
    return int(
        database.value(
            "SELECT count(*) FROM mark JOIN response ON response.id = response_id"
            " WHERE question_id = ? AND is_current = 1 AND decided = 'copied'",
            (question_id,),
        )
    )
