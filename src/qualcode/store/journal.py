"""The append-only journal: steps, the acts they are made of, and what is next to undo or redo.

A step is what one key or one command did. Each coder's steps form a chain through
`previous`; `coder.undo_head` is the step that undo would take back, `coder.redo_head` the
undo that redo would take back. Undo and redo are steps themselves.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Act:
    """One change of what a coder has put on an answer.

    `name` is code, uncode, decide, undecide, flag, unflag, memo, adjudicate, clear or review.
    `source` says from what: empty for the coder's own hand, `suggestion` (the machine's, taken
    over), `repeat`, `copied` (an identical answer), `confirmed` (taken over from an earlier
    version), `import FILE`.
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

    def inverse(self) -> Act:
        """The act that takes this one back."""
        return replace(self, name=_OPPOSITE[self.name], before=self.after, after=self.before)


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
    "review": "review",
}


def new_uid() -> bytes:
    """A random global id of 128 bits."""
    return os.urandom(16)


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
) -> int:
    """Append a step and give its number."""
    return database.run(
        "INSERT INTO step (uid, at, coder_id, by_name, kind, reverses, previous, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new_uid(),
            now(),
            coder_id,
            by,
            kind,
            reverses,
            previous,
            json.dumps(detail, ensure_ascii=False) if detail else "",
        ),
    )


def add_note(database: Database, kind: str, *, by: str, detail: dict[str, Any]) -> int:
    """Append a step that is on no coder's undo chain, with its one act."""
    step = add_step(database, kind, by=by, detail=detail)
    database.run("INSERT INTO act (uid, step_id, act) VALUES (?, ?, ?)", (new_uid(), step, kind))
    return step


def add_acts(database: Database, step: int, acts: Iterable[Act]) -> None:
    """Append the acts of a step, in order."""
    database.run_many(
        "INSERT INTO act (uid, step_id, act, response_id, code_id, span_start, span_end, source,"
        " codebook_version_id, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
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
            )
            for act in acts
        ),
    )


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
        "SELECT kind, reverses, previous FROM step WHERE id = ?", (step,)
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


def entries(database: Database, *, last: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The journal as `JOURNAL_COLUMNS`, oldest first; with `last`, only so many at the end."""
    columns = ", ".join(JOURNAL_COLUMNS)
    if last is None:
        return database.stream(f"SELECT {columns} FROM v_journal ORDER BY id")
    newest = database.value("SELECT coalesce(max(id), 0) FROM act")
    return database.stream(
        f"SELECT {columns} FROM v_journal WHERE id > ? ORDER BY id",
        (newest - last,),
    )
