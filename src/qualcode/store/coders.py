"""The people who code."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qualcode.errors import Conflict, InputError, NotFound
from qualcode.model import Coder
from qualcode.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.store.connection import Database

LONGEST_NAME = 64


def coders(database: Database) -> tuple[Coder, ...]:
    """Every coder, in the order of their coming."""
    return tuple(Coder(*row) for row in database.rows("SELECT id, name FROM coder ORDER BY id"))


def uids(database: Database) -> dict[int, bytes]:
    """The global id of every coder."""
    return {coder: bytes(uid) for coder, uid in database.rows("SELECT id, uid FROM coder")}


def tidy(name: str) -> str:
    """A coder's name as it is kept.

    Raises `InputError` if it is empty, ``-`` (how an export prints the consensus), too long,
    or holds anything that is not printable.
    """
    name = " ".join(name.split())
    if not name:
        raise InputError("a coder needs a name")
    if name == "-":
        raise InputError("a coder cannot be called “-”: exports print the consensus so")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(
            f"a coder's name has at most {LONGEST_NAME} characters, all of them printable"
        )
    return name


def find(database: Database, name: str) -> Coder:
    """The coder of that name, without case. Raises `NotFound` with the nearest name."""
    name = tidy(name)
    row = database.row("SELECT id, name FROM coder WHERE folded = ?", (name.casefold(),))
    if row is None:
        names = [coder.name for coder in coders(database)]
        raise NotFound(f"there is no coder “{name}”", wanted=name, there_are=names)
    return Coder(*row)


def find_or_add(database: Database, name: str) -> tuple[Coder, str]:
    """The coder of that name, made if need be, and for a new one a remark on a near name."""
    name = tidy(name)
    row = database.row("SELECT id, name FROM coder WHERE folded = ?", (name.casefold(),))
    if row:
        return Coder(*row), ""
    near = _near(name, [coder.name for coder in coders(database)])
    with database.transaction():
        coder_id = database.run(
            "INSERT INTO coder (uid, name, folded) VALUES (?, ?, ?)",
            (journal.new_uid(), name, name.casefold()),
        )
        journal.add_note(database, "new-coder", by=name, detail={"coder": name})
    return Coder(coder_id, name), f"new coder {name}; there is {near}" if near else ""


_NUMBERED = re.compile(r"(.{4,}?)(?:\d+|[^\W\d_])")
"""A stem of four characters or more and a number or one letter, such as coder-a or coder12."""


def _near(name: str, names: Iterable[str]) -> str:
    """The one of `names` that is most like `name`; those of one series are meant to be alike."""
    folded = {other.casefold(): other for other in names}
    near = get_close_matches(name.casefold(), folded, n=len(folded) or 1, cutoff=0.7)
    return next((folded[one] for one in near if not _is_series(name.casefold(), one)), "")


def _is_series(name: str, other: str) -> bool:
    one, two = _NUMBERED.fullmatch(name), _NUMBERED.fullmatch(other)
    return one is not None and two is not None and one[1] == two[1]


def rename(database: Database, old: str, new: str, *, by: str) -> Coder:
    """Give a coder another name. Raises `NotFound`, or `Conflict` if another has it."""
    coder = find(database, old)
    new = tidy(new)
    with database.transaction():
        taken = database.value(
            "SELECT name FROM coder WHERE folded = ? AND id <> ?", (new.casefold(), coder.id)
        )
        if taken:
            raise Conflict(f"there is a coder “{taken}” already")
        clock = journal.next_clock(database)
        database.run(
            "UPDATE coder SET name = ?, folded = ?, clock = ? WHERE id = ?",
            (new, new.casefold(), clock, coder.id),
        )
        detail = {"before": coder.name, "after": new}
        journal.add_note(database, "rename-coder", by=by, detail=detail, clock=clock)
    return Coder(coder.id, new)
