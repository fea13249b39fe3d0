"""A question's answers and codings as compact arrays, for tables over any number of respondents.

What belongs together is packed into one number, because a row of SQLite costs far more than a
number in an array; the engine takes them apart again.
"""

from __future__ import annotations

import json
import math
import sqlite3
from array import array
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, overload

from qualcode.model import STATUSES
from qualcode.store import codebook
from qualcode.store.connection import in_plain_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from qualcode.store.connection import Database

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Packed:
    """Numbers that each stand for several, the last part in the lowest bits.

    `bits` is how many the parts after the first take: (a << b₁ | b) << b₂ | c.
    """

    numbers: array[int]
    bits: tuple[int, ...]

    def without(self, hidden: Collection[int]) -> Packed:
        """The same without some of what the first part stands for."""
        if not hidden:
            return self
        shift = sum(self.bits)
        kept = array("q", (one for one in self.numbers if one >> shift not in hidden))
        return Packed(kept, self.bits)


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute of all respondents, in the order of the file: a place in `values` for each."""

    numbers: array[int]
    values: tuple[str, ...]


@contextmanager
def at_one_moment(database: Database) -> Iterator[None]:
    """All that is read in here is as it was at one moment, whatever others write meanwhile."""
    if database.connection.in_transaction:
        yield
        return
    database.run("BEGIN")
    try:
        yield
    finally:
        database.run("ROLLBACK")


def respondent_ids(database: Database) -> array[int]:
    """The ids of all respondents, in the order of the file."""
    count, first, last = database.row("SELECT count(*), min(id), max(id) FROM respondent")
    if count and last - first + 1 == count:
        return array("q", range(first, last + 1))
    return _numbers(database, "SELECT id FROM respondent ORDER BY id")


def answers(database: Database, question_id: int) -> Packed:
    """Respondent, answer and status of the answers to a question as they stand.

    The status is its place in `model.STATUSES`. In no particular order; a respondent who has no
    answer at all was not asked.
    """
    bits = _bits(database, "response"), len(STATUSES).bit_length()
    places = " ".join(f"WHEN '{status}' THEN {place}" for place, status in enumerate(STATUSES))
    found = _numbers(
        database,
        f"SELECT (respondent_id << ? | id) << ? | CASE status {places} END FROM response"
        " WHERE question_id = ? AND is_current = 1",
        (*bits, question_id),
    )
    return Packed(found, bits)


def decided(database: Database) -> Packed:
    """Answer and coder of everything that was decided, of every question."""
    bits = (_bits(database, "coder"),)
    found = _numbers(
        database, "SELECT response_id << ? | coder_id FROM mark WHERE decided IS NOT NULL", bits
    )
    return Packed(found, bits)


def applied(database: Database) -> Packed:
    """Answer, coder and code of every coding, of every question; clauses come one by one."""
    bits = _bits(database, "coder"), _bits(database, "code")
    found = _numbers(
        database,
        f"SELECT (response_id << ? | coder_id) << ? | code_id FROM {codebook.counted(database)}",
        bits,
    )
    return Packed(found, bits)


def steered(database: Database, question_id: int) -> Packed:
    """Respondent and coder of the answers that something other than chance chose for a coder."""
    bits = (_bits(database, "coder"),)
    found = _numbers(
        database,
        "SELECT DISTINCT response.respondent_id << ? | queue.coder_id FROM draw"
        " JOIN queue ON queue.id = draw.queue_id JOIN response ON response.id = draw.response_id"
        " WHERE queue.question_id = ? AND draw.how <> 'random'",
        (*bits, question_id),
    )
    return Packed(found, bits)


def seeds_of_chance(database: Database, question_id: int) -> list[int]:
    """The seeds by which chance has drawn answers to a question, the least first."""
    rows = database.rows(
        "SELECT DISTINCT seed FROM queue WHERE question_id = ? AND EXISTS"
        " (SELECT 1 FROM draw WHERE queue_id = queue.id AND how = 'random') ORDER BY seed",
        (question_id,),
    )
    return [seed for (seed,) in rows]


def is_applied(database: Database, question_id: int, code_id: int) -> bool:
    """Whether anybody has put a code on an answer to a question as it stands."""
    return bool(
        database.value(
            "SELECT EXISTS (SELECT 1 FROM coding JOIN response ON response.id = response_id"
            " WHERE code_id IN (SELECT id FROM code WHERE ifnull(counts_as, id) = ?)"
            " AND question_id = ? AND is_current = 1)",
            (code_id, question_id),
        )
    )


def _bits(database: Database, table: str) -> int:
    return int(database.value(f"SELECT ifnull(max(id), 0) FROM {table}")).bit_length()


def _numbers(database: Database, sql: str, args: Sequence[int] = ()) -> array[int]:
    try:
        # Millions of rows: `Database.stream` would take a third longer.
        return array("q", chain.from_iterable(database.connection.execute(sql, args)))
    except sqlite3.DatabaseError as error:
        raise in_plain_words(error, database.path) from error


class _Numbered(dict[str, int]):
    """Gives each text its number, from 0, when it is first asked for."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


def attributes(
    database: Database, labels: Sequence[str], numbers: Sequence[str] = ()
) -> tuple[tuple[Column, ...], tuple[array[float], ...]]:
    """Some attributes of all respondents as labels, and some as numbers.

    Who has no value has the label "", and where it is no number NaN.
    """
    found = [(name, array("q"), _Numbered()) for name in labels]
    measured = [(name, array("d")) for name in numbers]
    for known in _known(database) if found or measured else ():
        for name, places, numbered in found:
            places.extend(map(numbered.__getitem__, [one.get(name, "") for one in known]))
        for name, values in measured:
            values.extend(_as_numbers([one.get(name, "") for one in known]))
    columns = tuple(Column(places, tuple(numbered)) for _, places, numbered in found)
    return columns, tuple(values for _, values in measured)


def _as_numbers(texts: list[str]) -> list[float]:
    try:
        return list(map(float, texts))
    except ValueError:
        return [_as_number(text) for text in texts]


def _as_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _known(database: Database) -> Iterator[list[dict[str, str]]]:
    """What is known of the respondents, many at a time: one text is read faster than many."""
    rows = chain.from_iterable(database.stream("SELECT attributes FROM respondent ORDER BY id"))
    while texts := list(islice(rows, _CHUNK)):
        yield json.loads(f"[{','.join(texts)}]")


class RespondentNames(Sequence[str]):
    """The names of all respondents, in the order of the file, looked up one by one."""

    def __init__(self, database: Database, count: int) -> None:
        self._database, self._count = database, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        if not 0 <= place < self._count:
            raise IndexError(place)
        return str(
            self._database.value(
                "SELECT name FROM respondent ORDER BY id LIMIT 1 OFFSET ?", (place,)
            )
        )


def copied_decisions(database: Database, question_id: int) -> int:
    """How many decisions on a question were copied from an identical answer."""
    return int(
        database.value(
            "SELECT count(*) FROM mark JOIN response ON response.id = response_id"
            " WHERE question_id = ? AND is_current = 1 AND decided = 'copied'",
            (question_id,),
        )
    )
