"""What copies did, put beside the study before anything is written.

Steps and acts are by far the most that a merge brings, so they go from file to file inside
SQLite; and another file can be attached outside transactions only.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from qualcode.errors import Conflict, InputError
from qualcode.store.merging.matching import shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.store.connection import Database

STEP = "uid, clock, at, by_name, kind, detail, coder_id, reverses, previous"
ACT = (
    "uid, act, source, span_start, span_end, before, after, response_id, code_id,"
    " codebook_version_id, base"
)
_NUMBERS = "there INTEGER PRIMARY KEY, here INTEGER NOT NULL"
_TABLES = {
    "came_step": f"copy, id, {STEP}",
    "came_act": f"copy, id, step_id, {ACT}, base_uid",
    **{
        f"{name}_here": _NUMBERS for name in ("step", "act", "coder", "response", "code", "version")
    },
}


@contextmanager
def beside(study: Database, copies: Sequence[Database]) -> Iterator[None]:
    """Put what copies did behind the past that they share with the study beside it.

    Not inside a transaction. Until the end each copy is read as it is at the beginning. Raises
    `Conflict` for a copy of another study, `InputError` for one that is damaged.
    """
    _drop(study)
    for name, columns in _TABLES.items():
        study.run(f"CREATE TEMP TABLE {name} ({columns})")
    with ExitStack() as stack:
        stack.callback(_drop, study)
        for place, copy in enumerate(copies):
            copy.run("BEGIN")
            stack.callback(copy.run, "ROLLBACK")
            _check(study, copy)
            _put(study, copy, place)
        yield


def _check(study: Database, copy: Database) -> None:
    uid = "SELECT uid FROM study"
    if study.value(uid) != copy.value(uid):
        raise Conflict(
            f"{copy.path} is a copy of another study, nothing was changed",
            hint=f"only copies and backups of {study.path} can be merged into it",
        )
    if copy.value("PRAGMA quick_check(1)") != "ok" or copy.row("PRAGMA foreign_key_check"):
        raise InputError("is damaged, nothing was changed", source=copy.path, hint="see `doctor`")


def _drop(study: Database) -> None:
    for name in _TABLES:
        study.run(f"DROP TABLE IF EXISTS temp.{name}")


def _put(study: Database, copy: Database, place: int) -> None:
    behind = shared(study, copy, "step")
    # The file may be written to meanwhile; the copy's own transaction says what counts.
    last = copy.value("SELECT max(id) FROM step"), copy.value("SELECT max(id) FROM act")
    with study.attached(copy, "other"):
        study.run(
            f"INSERT INTO temp.came_step SELECT ?, id, {STEP} FROM other.step WHERE id > ?"
            " AND id <= ?",
            (place, behind, last[0]),
        )
        listed = ", ".join(f"act.{name}" for name in ACT.split(", "))
        study.run(
            f"INSERT INTO temp.came_act SELECT ?, act.id, act.step_id, {listed}, base.uid"
            " FROM other.act AS act LEFT JOIN other.act AS base ON base.id = act.base"
            " WHERE act.step_id > ? AND act.id <= ?",
            (place, behind, last[1]),
        )
