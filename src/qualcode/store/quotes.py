"""What people made of answers as quotes: what is replaced in them, and which may leave the study.

Each person's word is their own, as with codings; it is put and taken back by acts in the journal,
whose texts are made and read here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.store.connection import Database

State: TypeAlias = Literal["open", "cleared", "withheld"]

Replaced: TypeAlias = tuple[tuple[int, int, str], ...]
"""Parts of a text, by code points, and what stands in their place."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """One person's word on an answer as a quote."""

    state: State = "open"
    replaced: Replaced = ()

    @property
    def text(self) -> str | None:
        """The word as an act keeps it; None where nothing is said."""
        if self == Clearing():
            return None
        parts = {"state": self.state, "replacements": [list(one) for one in self.replaced]}
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Said:
    """Whose word it is, and on which answer."""

    response_id: int
    person: str
    clearing: Clearing


def of(database: Database, response_id: int, coder_id: int) -> Clearing:
    """What a person said of an answer."""
    row = database.row(
        "SELECT state, replacements FROM quote WHERE response_id = ? AND coder_id = ?",
        (response_id, coder_id),
    )
    return _clearing(*row) if row else Clearing()


def on(database: Database, response_id: int) -> list[Said]:
    """What everybody said of an answer, in the order of their coming."""
    return list(_said(database, "response_id = ?", response_id))


def all_of(database: Database, question_id: int) -> Iterator[Said]:
    """What everybody said of the answers to a question as they stand."""
    return _said(
        database, "question_id = ? AND is_current = 1 AND status = 'substantive'", question_id
    )


def _said(database: Database, condition: str, value: int) -> Iterator[Said]:
    for response_id, person, state, replacements in database.stream(
        "SELECT response_id, coder.name, state, replacements FROM quote"
        " JOIN response ON response.id = response_id JOIN coder ON coder.id = coder_id"
        f" WHERE {condition} ORDER BY respondent_id, coder_id",
        (value,),
    ):
        yield Said(response_id, person, _clearing(state, replacements))


def _clearing(state: State, replacements: str) -> Clearing:
    return Clearing(state, tuple((s, e, text) for s, e, text in json.loads(replacements)))


def put(database: Database, place: tuple[int, int], text: str | None) -> None:
    """Set a coder's word on an answer to what an act says; None takes it away."""
    database.run("DELETE FROM quote WHERE response_id = ? AND coder_id = ?", place)
    if text is not None:
        parts = json.loads(text)
        replacements = json.dumps(parts["replacements"], ensure_ascii=False, separators=(",", ":"))
        database.run(
            "INSERT INTO quote (response_id, coder_id, state, replacements) VALUES (?, ?, ?, ?)",
            (*place, parts["state"], replacements),
        )


@dataclass(frozen=True, slots=True)
class Text:
    """An answer that may become a quote; `uid` is its global id, in hexadecimal digits."""

    response_id: int
    respondent: str
    text: str
    attributes: dict[str, str]
    uid: str


_CHUNK = 500


def texts(database: Database, ids: Sequence[int]) -> Iterator[Text]:
    """The answers of these ids, in this order."""
    for first in range(0, len(ids), _CHUNK):
        some = ids[first : first + _CHUNK]
        found = {
            row[0]: Text(row[0], row[1], row[2], json.loads(row[3]), row[4])
            for row in database.rows(
                "SELECT response.id, respondent.name, text, attributes, lower(hex(response.uid))"
                " FROM response"
                " JOIN respondent ON respondent.id = respondent_id"
                f" WHERE response.id IN ({','.join('?' * len(some))})",
                list(some),
            )
        }
        yield from (found[one] for one in some if one in found)


def all_texts(database: Database) -> Iterator[tuple[int, str]]:
    """Every answer that was ever given, of every version, with its id."""
    return database.stream("SELECT id, text FROM response WHERE text <> ''")


def codings_of(database: Database, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """The coder and the path of every code on some answers."""
    found: dict[int, list[tuple[str, str]]] = {one: [] for one in ids}
    for first in range(0, len(ids), _CHUNK):
        some = ids[first : first + _CHUNK]
        for response_id, coder, path in database.rows(
            "SELECT DISTINCT response_id, coder.name, code.path FROM v_counted"
            " JOIN coder ON coder.id = coder_id JOIN code ON code.id = code_id"
            f" WHERE response_id IN ({','.join('?' * len(some))})",
            list(some),
        ):
            found[response_id].append((coder, path))
    return found
