"""The append-only journal: steps, the acts they are made of, and what is next to undo or redo.

A step is what one key or one command did. Each coder's steps form a chain through
`previous`; `coder.undo_head` is the step that undo would take back, `coder.redo_head` the
undo that redo would take back. Undo and redo are steps themselves. Where copies were merged,
`undo_order` says what comes before a step in its chain.

Steps are ordered by `clock`, in milliseconds: it never goes back, not even where the machine's
time does. An act on an answer names its `base`, the act that stood last when it was written.
An act about a question to a coder has none: each question is a thing of its own.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from qualcode.store import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qualcode.store.connection import Database

Layer: TypeAlias = Literal["coding", "quote", "verdict", "review", "repeat"]

Place: TypeAlias = tuple[int, int, Layer]
"""An answer, a coder (0 for a verdict, which is nobody's own) and a layer of what is on it.

A review belongs to the coder whose memo or flag it is about, whoever deals with it.
"""


@dataclass(frozen=True, slots=True)
class Act:
    """One change of what a coder has put on an answer.

    `name` is code, uncode, decide, undecide, flag, unflag, memo, adjudicate, clear, review, ask,
    unask, answer, unanswer or, for anything done to a repeat, again. `source` says from what:
    empty for the coder's own hand, `suggestion` (the machine's, taken over), `repeat`, `copied`
    (an identical answer), `confirmed` (taken over from an earlier version), `import FILE`.
    """

    name: str
    response_id: int
    code_id: int | None = None
    start: int | None = None
    end: int | None = None
    source: str = ""
    codebook_version_id: int | None = None
    before: str | None = None
    after: str | None = None

    @property
    def text(self) -> str:
        """What is said in the act: what became, or where that is nothing what was."""
        return self.after or self.before or ""

    def inverse(self) -> Act:
        """The act that takes this one back."""
        return replace(self, name=_OPPOSITE[self.name], before=self.after, after=self.before)

    def place(self, coder_id: int) -> Place | None:
        """Where the act of a coder is; None for one about a question, which has no layer."""
        if self.name in queries.ACTS:
            return None
        if self.name == "adjudicate":
            return self.response_id, 0, "verdict"
        if self.name == "review":
            return self.response_id, json.loads(self.after or self.before or "")["coder"], "review"
        return self.response_id, coder_id, _LAYERS.get(self.name, "coding")

    @property
    def shown(self) -> int:
        """The answer as a coder walks through it: a repeat is the negative of its answer."""
        return -self.response_id if self.name == "again" else self.response_id


_OPPOSITE = {
    "code": "uncode",
    "uncode": "code",
    "decide": "undecide",
    "undecide": "decide",
    "flag": "unflag",
    "unflag": "flag",
    "memo": "memo",
    "adjudicate": "adjudicate",
    "clear": "clear",
    "ask": "unask",
    "unask": "ask",
    "answer": "unanswer",
    "unanswer": "answer",
    "again": "again",
    "review": "review",
}
_LAYERS: dict[str, Layer] = {
    "adjudicate": "verdict",
    "again": "repeat",
    "clear": "quote",
    "review": "review",
}


LAYER = "".join(
    (
        "CASE act.act",
        *(f" WHEN '{name}' THEN '{layer}'" for name, layer in _LAYERS.items()),
        *(f" WHEN '{name}' THEN NULL" for name in queries.ACTS),
        " ELSE 'coding' END",
    )
)
"""SQL for the layer of an act, null where it has none."""

OWNER = (
    "CASE act.act WHEN 'adjudicate' THEN 0"
    " WHEN 'review' THEN ifnull(act.after, act.before) ->> 'coder' ELSE step.coder_id END"
)
"""SQL for whose an act is, beside its step."""


def new_uid() -> bytes:
    """A random global id of 128 bits."""
    return os.urandom(16)


def uid_of(database: Database, *parts: object) -> bytes:
    """The global id that every copy of this study gives to a thing of this description."""
    study: bytes = database.value("SELECT uid FROM study")
    text = json.dumps(parts, ensure_ascii=False)
    return blake2b(study + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def next_clock(database: Database) -> int:
    """The time of the next step: now, but always after every step that the file knows."""
    newest = database.value("SELECT max(clock) FROM step") or 0
    return max(time.time_ns() // 1_000_000, newest + 1)


def now() -> str:
    """The present moment in UTC, to the millisecond, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def add_step(
    database: Database,
    kind: str,
    *,
    by: str,
    coder_id: int | None = None,
    reverses: int | None = None,
    previous: int | None = None,
    detail: dict[str, Any] | None = None,
    clock: int = 0,
) -> int:
    """Append a step, at `clock` if that was asked for before, and give its number."""
    return database.run(
        "INSERT INTO step (uid, clock, at, coder_id, by_name, kind, reverses, previous, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new_uid(),
            clock or next_clock(database),
            now(),
            coder_id,
            by,
            kind,
            reverses,
            previous,
            json.dumps(detail, ensure_ascii=False) if detail else "",
        ),
    )


def add_note(
    database: Database, kind: str, *, by: str, detail: dict[str, Any], clock: int = 0
) -> int:
    """Append a step that is on no coder's undo chain, with its one act."""
    step = add_step(database, kind, by=by, detail=detail, clock=clock)
    database.run("INSERT INTO act (uid, step_id, act) VALUES (?, ?, ?)", (new_uid(), step, kind))
    return step


def add_acts(database: Database, coder_id: int, step: int, acts: Iterable[Act]) -> None:
    """Append the acts of a step of a coder, in order, each on what stood last at its place."""
    first = (database.value("SELECT max(id) FROM act") or 0) + 1
    heads: dict[Place, int | None] = {}
    rows = []
    for number, act in enumerate(acts, start=first):
        base = None
        if place := act.place(coder_id):
            base = heads[place] if place in heads else head(database, place)
            heads[place] = number
        rows.append(
            (
                number,
                new_uid(),
                step,
                act.name,
                act.response_id,
                act.code_id,
                act.start,
                act.end,
                act.source,
                act.codebook_version_id,
                act.before,
                act.after,
                base,
            )
        )
    database.run_many(
        "INSERT INTO act (id, uid, step_id, act, response_id, code_id, span_start, span_end,"
        " source, codebook_version_id, before, after, base)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    database.run_many(
        "INSERT INTO head (response_id, coder_id, layer, act_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET act_id = excluded.act_id",
        ((*place, number) for place, number in heads.items()),
    )


def head(database: Database, place: Place) -> int | None:
    """The act that stands last at a place, None if there is none."""
    number: int | None = database.value(
        "SELECT act_id FROM head WHERE response_id = ? AND coder_id = ? AND layer = ?", place
    )
    return number


def acts_of(database: Database, step: int) -> list[Act]:
    """The acts of a step, in order."""
    return [
        Act(*row)
        for row in database.rows(
            "SELECT act, response_id, code_id, span_start, span_end, source,"
            " codebook_version_id, before, after FROM act WHERE step_id = ? ORDER BY id",
            (step,),
        )
    ]


def standing(
    database: Database, coder_id: int, step: int, passing: Literal["undo", "redo"]
) -> list[Act]:
    """The acts of a step that can be taken back, in order.

    Left out are those at places where something else stands that no step of the kind `passing`
    took back: what copies brought, or another adjudicator's verdict. Questions have no place.
    """
    acts = acts_of(database, step)
    places = {act.place(coder_id) for act in acts}
    free = {place for place in places if place and _stands_at(database, place, passing) == step}

    def can_be_reversed(act: Act) -> bool:
        place = act.place(coder_id)
        if place is None:
            return queries.can_be_reversed(database, act.response_id, act.name, act.text)
        return place in free

    return [act for act in acts if can_be_reversed(act)]


def _stands_at(database: Database, place: Place, passing: str) -> int | None:
    """The step that made what stands at a place, where each `passing` took one back."""
    act = head(database, place)
    while act is not None:
        step, kind, reverses = database.row(
            "SELECT step.id, kind, reverses FROM act JOIN step ON step.id = step_id"
            " WHERE act.id = ?",
            (act,),
        )
        if kind != passing:
            return int(step)
        act = database.value(
            f"SELECT base FROM act WHERE step_id = ? AND response_id = ? AND {LAYER} = ?"
            " ORDER BY id LIMIT 1",
            (reverses, place[0], place[2]),
        )
    return None


def heads(database: Database, coder_id: int) -> tuple[int | None, int | None]:
    """The step that undo would take back, and the undo that redo would take back."""
    row: tuple[int | None, int | None] = database.row(
        "SELECT undo_head, redo_head FROM coder WHERE id = ?", (coder_id,)
    )
    return row


def set_heads(database: Database, coder_id: int, undo: int | None, redo: int | None) -> None:
    """Say what undo and redo of a coder would take back next."""
    database.run(
        "UPDATE coder SET undo_head = ?, redo_head = ? WHERE id = ?", (undo, redo, coder_id)
    )


def step_row(database: Database, step: int) -> tuple[str, int | None, int | None]:
    """The kind of a step, the step that it reverses, and the one before it in its chain."""
    row: tuple[str, int | None, int | None] = database.row(
        "SELECT kind, reverses, iif(undo_order.step_id IS NULL, step.previous, undo_order.previous)"
        " FROM step LEFT JOIN undo_order ON undo_order.step_id = step.id WHERE step.id = ?",
        (step,),
    )
    return row


JOURNAL_COLUMNS = (
    "id",
    "step",
    "time",
    "coder",
    "act",
    "respondent",
    "question",
    "code",
    "source",
    "detail",
)


def entries(
    database: Database, *, last: int | None = None, but: str = ""
) -> Iterator[tuple[Any, ...]]:
    """The journal as `JOURNAL_COLUMNS`, oldest first; with `last`, only those among so many acts.

    `but` is SQL for what is left out.
    """
    columns = ", ".join(JOURNAL_COLUMNS)
    newest = database.value("SELECT coalesce(max(id), 0) FROM act")
    return database.stream(
        f"SELECT {columns} FROM v_journal WHERE id > ? AND NOT {but or '0'} ORDER BY id",
        (0 if last is None else newest - last,),
    )
