"""Answers on their way into a study: the first file at full speed, later ones by comparison."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeAlias

from qualcode.errors import InputError
from qualcode.privacy import quoted
from qualcode.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from qualcode.model import PlannedQuestion, Status
    from qualcode.store.connection import Database

IncomingRow: TypeAlias = tuple[int, str, Sequence[str], Sequence[str]]
"""Row of the file, respondent, texts in the order of the questions, attributes."""


class Classify(Protocol):
    """Works out the status of an answer from its text and the respondent's attributes.

    `ruled` are the ids of the questions that have a rule: for no other are attributes looked at.
    """

    @property
    def ruled(self) -> Collection[int]:
        """The ids of the questions that have a rule."""

    def __call__(self, question_id: int, text: str, attributes: Mapping[str, str], /) -> Status:
        """Give the status of an answer."""

    def is_unasked(self, question_id: int, attributes: Mapping[str, str], /) -> bool:
        """Whether the rule of a question says that the respondent was not asked."""


CHUNK = 2_000
_SHOWN = 5


@dataclass
class Intake:
    """What came in: counts, and the answers typed where the rule says "not asked"."""

    new_respondents: int = 0
    new_answers: int = 0
    changed_answers: int = 0
    changed_attributes: int = 0
    typed_unasked: int = 0
    examples_unasked: list[str] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether the study stays as it was."""
        return not (
            self.new_respondents
            or self.new_answers
            or self.changed_answers
            or self.changed_attributes
        )

    def note(
        self,
        status: Status,
        classify: Classify,
        asked: tuple[str, str, int],
        attributes: Mapping[str, str],
    ) -> None:
        """Count an answer to `asked` (respondent, key, id) that a rule calls "not asked"."""
        respondent, key, question_id = asked
        if status == "substantive" and classify.is_unasked(question_id, attributes):
            self.typed_unasked += 1
            if len(self.examples_unasked) < _SHOWN:
                self.examples_unasked.append(f"{respondent} {key}")


def add_questions(database: Database, questions: Iterable[PlannedQuestion]) -> dict[str, int]:
    """Insert the questions that are not there yet; key to id of all."""
    for question in questions:
        database.run(
            "INSERT INTO question (key, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (question.key, question.text),
        )
    return dict(database.rows("SELECT key, id FROM question"))


def add_attributes(database: Database, names: Iterable[str]) -> list[str]:
    """Insert the attributes that are not there yet; the new ones."""
    there = {name for (name,) in database.rows("SELECT name FROM attribute")}
    new = [name for name in names if name not in there]
    database.run_many("INSERT INTO attribute (name) VALUES (?)", ((name,) for name in new))
    return new


_INSERT_RESPONDENT = "INSERT INTO respondent (id, name, attributes) VALUES (?, ?, ?)"
_INSERT_RESPONSE = (
    "INSERT INTO response (uid, respondent_id, question_id, version, is_current, status, text)"
    " VALUES (?, ?, ?, 1, 1, ?, ?)"
)


def fill(
    database: Database,
    rows: Iterable[IncomingRow],
    *,
    question_ids: Mapping[str, int],
    attributes: Sequence[str],
    classify: Classify,
    source: str,
    id_column: str,
) -> Intake:
    """Fill an empty study from a wide file, a row a respondent, in constant memory.

    `question_ids` has the keys in the order in which the rows have the texts.
    Raises `InputError` with the row of a respondent who stands there twice.
    """
    intake = Intake()
    rows = iter(rows)
    encode = _encoder(attributes)
    while chunk := list(islice(rows, CHUNK)):
        first = intake.new_respondents + 1
        respondents = [
            (number, name, encode(values))
            for number, (_, name, _, values) in enumerate(chunk, start=first)
        ]
        try:
            database.run_many(_INSERT_RESPONDENT, respondents)
        except sqlite3.IntegrityError:
            row, name = _repeated(database, chunk, first)
            raise InputError(
                f"the id {quoted(name)} stands a second time",
                source=source,
                row=row,
                column=id_column or None,
            ) from None
        database.run_many(
            _INSERT_RESPONSE,
            _responses(chunk, intake, question_ids, attributes, classify),
        )
        intake.new_respondents += len(chunk)
        intake.new_answers += len(chunk) * len(question_ids)
    return intake


def _responses(
    chunk: list[IncomingRow],
    intake: Intake,
    question_ids: Mapping[str, int],
    attributes: Sequence[str],
    classify: Classify,
) -> Iterator[tuple[bytes, int, int, str, str]]:
    width = 16
    ruled = classify.ruled
    random_bytes = os.urandom(width * len(chunk) * len(question_ids))
    at = 0
    for number, (_, name, texts, values) in enumerate(chunk, start=intake.new_respondents + 1):
        known = dict(zip(attributes, values, strict=True)) if ruled else {}
        for (key, question_id), text in zip(question_ids.items(), texts, strict=True):
            uid = random_bytes[at : at + width]
            at += width
            status = classify(question_id, text, known)
            if question_id in ruled:
                intake.note(status, classify, (name, key, question_id), known)
            yield uid, number, question_id, status, text


def _encoder(attributes: Sequence[str]) -> Callable[[Sequence[str]], str]:
    """Write a respondent's attributes as a JSON object, several times faster than `dumps`."""
    quote = json.encoder.encode_basestring
    heads = [quote(name) + ":" for name in attributes]

    def encode(values: Sequence[str]) -> str:
        cells = [head + quote(value) for head, value in zip(heads, values, strict=True)]
        return "{" + ",".join(cells) + "}"

    return encode


def _repeated(database: Database, chunk: list[IncomingRow], first: int) -> tuple[int, str]:
    seen = set()
    for row, name, _, _ in chunk:
        if name in seen or database.value(
            "SELECT 1 FROM respondent WHERE name = ? AND id < ?", (name, first)
        ):
            return row, name
        seen.add(name)
    raise AssertionError


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of a later file."""

    row: int
    respondent: str
    question: str
    text: str
    attributes: Mapping[str, str]


class Update:
    """Takes in the answers of a later file one by one; inside one transaction.

    `id_column` is named in errors; in a file that `is_long` a respondent has several rows.
    `clock` is that of the step that will say what came in.
    """

    def __init__(
        self,
        database: Database,
        *,
        question_ids: Mapping[str, int],
        classify: Classify,
        source: str,
        id_column: str,
        is_long: bool,
        clock: int,
    ) -> None:
        self.database = database
        self.clock = clock
        self.question_ids = question_ids
        self.classify = classify
        self.source = source
        self.id_column = id_column
        self.is_long = is_long
        self.intake = Intake()
        database.run("DROP TABLE IF EXISTS temp.seen")
        database.run(
            "CREATE TEMP TABLE seen (respondent_id INTEGER, question_id INTEGER, row INTEGER,"
            " PRIMARY KEY (respondent_id, question_id)) WITHOUT ROWID"
        )
        self._last: tuple[str, int, Mapping[str, str]] | None = None

    def take(self, cell: Cell) -> None:
        """Compare one answer with what is there, and add what is new or changed."""
        respondent_id = self._respondent(cell)
        key = (respondent_id, self.question_ids[cell.question])
        row = self.database.value(
            "SELECT row FROM temp.seen WHERE respondent_id = ? AND question_id = ?", key
        )
        if row:
            raise self._repeated(cell, row)
        self.database.run("INSERT INTO temp.seen VALUES (?, ?, ?)", (*key, cell.row))
        self._response(respondent_id, cell)

    def fill_gaps(self) -> None:
        """Give every respondent an answer, if only a blank one, to every question."""
        missing = self.database.rows(
            "SELECT respondent.id, respondent.attributes, question.id FROM respondent"
            " CROSS JOIN question WHERE NOT EXISTS (SELECT 1 FROM response"
            " WHERE respondent_id = respondent.id AND question_id = question.id)"
        )
        for respondent_id, attributes, question_id in missing:
            status = self.classify(question_id, "", json.loads(attributes))
            # Without a time, so that whatever another copy knows of the answer comes after it.
            self._insert(respondent_id, question_id, 1, status, "", clock=0)

    def _repeated(self, cell: Cell, first: int) -> InputError:
        message = (
            f"the respondent {quoted(cell.respondent)} answers {cell.question} a second time"
            if self.is_long
            else f"the id {quoted(cell.respondent)} stands a second time"
        )
        return InputError(
            f"{message} (first in row {first})",
            source=self.source,
            row=cell.row,
            column=self.id_column or None,
        )

    def _respondent(self, cell: Cell) -> int:
        if self._last and self._last[0] == cell.respondent and self._last[2] == cell.attributes:
            return self._last[1]
        row = self.database.row(
            "SELECT id, attributes FROM respondent WHERE name = ?", (cell.respondent,)
        )
        if row is None:
            respondent_id = self.database.run(
                "INSERT INTO respondent (name, attributes, clocks) VALUES (?, ?, ?)",
                (cell.respondent, _dump(cell.attributes), _dump({"": self.clock})),
            )
            self.intake.new_respondents += 1
        else:
            respondent_id = row[0]
            self._compare_attributes(respondent_id, json.loads(row[1]), cell)
        self._last = (cell.respondent, respondent_id, cell.attributes)
        return respondent_id

    def _compare_attributes(self, respondent_id: int, there: dict[str, str], cell: Cell) -> None:
        new = there | dict(cell.attributes)
        if new == there:
            return
        first = self.database.value(
            "SELECT min(row) FROM temp.seen WHERE respondent_id = ?", (respondent_id,)
        )
        if first and not self.is_long:
            raise self._repeated(cell, first)
        if first:
            name = next(name for name in new if new[name] != there.get(name))
            raise InputError(
                f"the respondent {quoted(cell.respondent)} has {quoted(there.get(name, ''))}"
                f" in an earlier row and {quoted(new[name])} here",
                source=self.source,
                row=cell.row,
                column=name,
            )
        changed = {name: self.clock for name in new if new[name] != there.get(name)}
        self.database.run(
            "UPDATE respondent SET attributes = ?, clocks = json_patch(clocks, ?) WHERE id = ?",
            (_dump(new), _dump(changed), respondent_id),
        )
        self.intake.changed_attributes += 1

    def _response(self, respondent_id: int, cell: Cell) -> None:
        question_id = self.question_ids[cell.question]
        response_id, version, text = self.database.row(
            "SELECT id, version, text FROM response"
            " WHERE respondent_id = ? AND question_id = ? ORDER BY version DESC LIMIT 1",
            (respondent_id, question_id),
        ) or (0, 0, None)
        if text == cell.text:
            return
        if version:
            self.database.run("UPDATE response SET is_current = 0 WHERE id = ?", (response_id,))
            self.intake.changed_answers += 1
        else:
            self.intake.new_answers += 1
        status = self.classify(question_id, cell.text, cell.attributes)
        asked = (cell.respondent, cell.question, question_id)
        self.intake.note(status, self.classify, asked, cell.attributes)
        self._insert(respondent_id, question_id, version + 1, status, cell.text, clock=self.clock)

    def _insert(
        self,
        respondent_id: int,
        question_id: int,
        version: int,
        status: Status,
        text: str,
        *,
        clock: int,
    ) -> None:
        uid = self._uid(respondent_id, question_id, text)
        self.database.run(
            "INSERT INTO response (uid, respondent_id, question_id, version, is_current, status,"
            " text, clock) VALUES (?, ?, ?, ?, 1, ?, ?, ?)",
            (uid, respondent_id, question_id, version, status, text, clock),
        )

    def _uid(self, respondent_id: int, question_id: int, text: str) -> bytes:
        """The global id that any copy gives to the answer when it becomes this text again."""
        name, key, nth = self.database.row(
            "SELECT respondent.name, question.key, (SELECT count(*) FROM response"
            " WHERE respondent_id = respondent.id AND question_id = question.id AND text = ?)"
            " FROM respondent, question WHERE respondent.id = ? AND question.id = ?",
            (text, respondent_id, question_id),
        )
        return journal.uid_of(self.database, "answer", name, key, text, nth)


def _dump(attributes: Mapping[str, str | int]) -> str:
    return json.dumps(dict(attributes), ensure_ascii=False, separators=(",", ":"))


def reclassify(database: Database, classify: Classify) -> int:
    """Work out every answer's status anew; how many changed."""
    changed = 0
    after = 0
    while True:
        rows = database.rows(
            "SELECT response.id, question_id, text, status, attributes FROM response"
            " JOIN respondent ON respondent.id = respondent_id"
            " WHERE response.id > ? ORDER BY response.id LIMIT 5000",
            (after,),
        )
        if not rows:
            return changed
        after = rows[-1][0]
        updates = [
            (new, response_id)
            for response_id, question_id, text, status, attributes in rows
            if (new := classify(question_id, text, json.loads(attributes))) != status
        ]
        database.run_many("UPDATE response SET status = ? WHERE id = ?", updates)
        changed += len(updates)
