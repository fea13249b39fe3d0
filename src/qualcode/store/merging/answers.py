"""Questions, respondents and answers of a copy.

Questions are known by key, respondents by name, answers by uid. What both sides changed gets
the value of the later change; of the versions of an answer the latest stands.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qualcode.store import schema
from qualcode.store.merging.context import next_id
from qualcode.store.merging.matching import match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database
    from qualcode.store.merging.context import Merging
    from qualcode.store.merging.matching import Row

Answer: TypeAlias = tuple[int, int]
"""A respondent and a question, by their numbers in the study."""


def bring(merging: Merging) -> None:
    """Bring in what a copy knows of the survey."""
    _bring_questions(merging)
    _bring_attributes(merging)
    _bring_respondents(merging)
    _bring_responses(merging)


def _bring_questions(merging: Merging) -> None:
    study = merging.study
    found = match(study, merging.copy, "question", "key, asked_if, text, clock")
    merging.questions = found.numbers
    for here, there in found.unlike:
        if here[2] != there[2]:
            merging.is_unlike = True
            if merging.both_changed(here[4], there[4]):
                merging.name("rule", f"who was asked {here[1]}: the later rule stands")
        _, rule = max((here[4], here[2]), (there[4], there[2]))
        study.run(
            "UPDATE question SET asked_if = ?, clock = ?, text = ? WHERE id = ?",
            (rule, max(here[4], there[4]), max(here[3], there[3]), here[0]),
        )
    for number, *values in found.new:
        merging.questions[number] = study.run(
            "INSERT INTO question (key, asked_if, text, clock) VALUES (?, ?, ?, ?)", values
        )
    merging.brought.questions = len(found.new)


def _bring_attributes(merging: Merging) -> None:
    names = "SELECT name FROM attribute ORDER BY id"
    here = {name for (name,) in merging.study.rows(names)}
    new = [row for row in merging.copy.rows(names) if row[0] not in here]
    if new:
        merging.study.run_many("INSERT INTO attribute (name) VALUES (?)", new)
        schema.refresh_respondent_view(merging.study)


def _bring_respondents(merging: Merging) -> None:
    study = merging.study
    found = match(study, merging.copy, "respondent", "name, attributes, clocks")
    merging.respondents = found.numbers
    for here, there in found.unlike:
        attributes, clocks = _joined(merging, here, there)
        study.run(
            "UPDATE respondent SET attributes = ?, clocks = ? WHERE id = ?",
            (_dump(attributes), _dump(clocks), here[0]),
        )
    first = next_id(study, "respondent")
    for number, row in enumerate(found.new, start=first):
        merging.respondents[row[0]] = number
    study.run_many(
        "INSERT INTO respondent (id, name, attributes, clocks) VALUES (?, ?, ?, ?)",
        ((number, *row[1:]) for number, row in enumerate(found.new, start=first)),
    )
    merging.brought.respondents = len(found.new)


def _joined(merging: Merging, here: Row, there: Row) -> tuple[dict[str, str], dict[str, int]]:
    """The attributes of a respondent of both sides: of each, the value of the later change."""
    ours, theirs = _timed(here), _timed(there)
    joined = dict(ours)
    for name, timed in theirs.items():
        joined[name] = max(timed, ours.get(name, timed))
    for name in ours.keys() & theirs.keys():
        (clock, value), (other, another) = ours[name], theirs[name]
        merging.is_unlike |= value != another
        if value != another and merging.both_changed(clock, other):
            merging.name(
                "attribute",
                f"respondent {here[1]}, {name}: “{joined[name][1]}” was imported later and stands;"
                f" the other side has “{min(ours[name], theirs[name])[1]}”",
            )
    clocks = {name: clock for name, (clock, _) in joined.items() if clock}
    return {name: value for name, (_, value) in joined.items()}, clocks


def _timed(row: Row) -> dict[str, tuple[int, str]]:
    clocks = json.loads(row[3])
    usual = clocks.get("", 0)
    known = json.loads(row[2])
    return {name: (clocks.get(name, usual), value) for name, value in known.items()}


def _dump(values: dict[str, str] | dict[str, int]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Version:
    """A version of an answer, `id` 0 while it is not in the study."""

    clock: int
    uid: bytes
    status: str
    text: str
    id: int = 0
    version: int = 0
    is_current: bool = False

    @property
    def order(self) -> tuple[int, bool, bytes]:
        """What comes later takes the place of what came before."""
        return self.clock, bool(self.text), self.uid


def _bring_responses(merging: Merging) -> None:
    study = merging.study
    found = match(study, merging.copy, "response", "uid, clock")
    merging.responses = found.numbers
    touched: dict[Answer, list[_Version]] = defaultdict(list)
    for here, there in found.unlike:
        if there[2] > here[2]:
            study.run("UPDATE response SET clock = ? WHERE id = ?", (there[2], here[0]))
            touched[_answer_of(study, here[0])] += []
    fresh = next_id(study, "response")
    numbers: dict[bytes, list[int]] = {}
    for number, *_ in found.new:
        row = merging.copy.row(
            "SELECT respondent_id, question_id, clock, uid, status, text FROM response"
            " WHERE id = ?",
            (number,),
        )
        answer = merging.respondents[row[0]], merging.questions[row[1]]
        version = _Version(*row[2:])
        touched[answer] += []
        if twin := _twin(merging, answer, row):
            merging.responses[number] = twin
            continue
        touched[answer].append(version)
        numbers.setdefault(version.uid, []).append(number)
    for answer, new in touched.items():
        fresh = _settle(merging, answer, new, numbers, fresh)


def _answer_of(database: Database, response_id: int) -> Answer:
    answer: Answer = database.row(
        "SELECT respondent_id, question_id FROM response WHERE id = ?", (response_id,)
    )
    return answer


def _twin(merging: Merging, answer: Answer, row: Row) -> int:
    """The same text that the study got by itself, from when every copy gave uids of its own."""
    same = merging.study.rows(
        "SELECT id, uid, clock FROM response WHERE respondent_id = ? AND question_id = ?"
        " AND text = ? ORDER BY version",
        (*answer, row[5]),
    )
    if not same:
        return 0
    of_answer = "SELECT uid FROM response WHERE respondent_id = ? AND question_id = ?"
    known = {uid for (uid,) in merging.copy.rows(of_answer, row[:2])}
    for number, uid, clock in same:
        if uid not in known and number not in merging.responses.values():
            with _renumbering(merging.study):
                merging.study.run(
                    "UPDATE response SET uid = ?, clock = ? WHERE id = ?",
                    (min(uid, row[3]), max(clock, row[2]), number),
                )
            return int(number)
    return 0


def _settle(
    merging: Merging,
    answer: Answer,
    new: list[_Version],
    numbers: dict[bytes, list[int]],
    fresh: int,
) -> int:
    """Put the versions of an answer into their order; the next free number of a row."""
    study = merging.study
    there = [
        _Version(clock, uid, "", text, number, version, bool(is_current))
        for number, clock, uid, text, version, is_current in study.rows(
            "SELECT id, clock, uid, text, version, is_current FROM response"
            " WHERE respondent_id = ? AND question_id = ? ORDER BY version",
            answer,
        )
    ]
    ordered = sorted([*there, *new], key=lambda version: version.order)
    place = {version.uid: at for at, version in enumerate(ordered, start=1)}
    _tell(merging, answer, there, new, ordered[-1])
    if any(place[version.uid] != version.version for version in there):
        with _renumbering(study):
            _renumber(study, [(-place[v.uid], v.id) for v in there])
            _renumber(study, [(place[v.uid], v.id) for v in there])
    study.run_many(
        "UPDATE response SET is_current = ? WHERE id = ? AND is_current <> ?",
        ((int(v is ordered[-1]), v.id, int(v is ordered[-1])) for v in there),
    )
    for version in new:
        study.run(
            "INSERT INTO response (id, uid, respondent_id, question_id, version, is_current,"
            " status, text, clock) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                fresh,
                version.uid,
                *answer,
                place[version.uid],
                int(version is ordered[-1]),
                version.status,
                version.text,
                version.clock,
            ),
        )
        for number in numbers[version.uid]:
            merging.responses[number] = fresh
        fresh += 1
    return fresh


def _renumber(study: Database, rows: list[tuple[int, int]]) -> None:
    study.run_many("UPDATE response SET version = ? WHERE id = ?", rows)


@contextmanager
def _renumbering(study: Database) -> Iterator[None]:
    """Let the number of a version be changed: its place among the others, not what it says."""
    trigger = study.value("SELECT sql FROM sqlite_schema WHERE name = 'response_is_final'")
    study.run("DROP TRIGGER response_is_final")
    yield
    study.run(trigger)


def _tell(
    merging: Merging,
    answer: Answer,
    there: list[_Version],
    new: list[_Version],
    last: _Version,
) -> None:
    """Count what came in, and name an answer that each side changed in its own way."""
    brought = merging.brought
    if not there:
        brought.answers += 1
        return
    if not new:
        return
    brought.changed_answers += 1
    ours, theirs = max(there, key=lambda v: v.order), max(new, key=lambda v: v.order)
    if ours.text != theirs.text and merging.both_changed(ours.clock, theirs.clock):
        who, key = merging.study.row(
            "SELECT respondent.name, question.key FROM respondent, question"
            " WHERE respondent.id = ? AND question.id = ?",
            answer,
        )
        merging.name(
            "answer",
            f"{who}, {key}: its text was changed on both sides; “{_short(last.text)}” was imported"
            " later and stands, the other is kept as an earlier version",
        )


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
