"""Is everything that was acknowledged in the file, and is the file whole?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from qualcode import Study

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Told(NamedTuple):
    """A step that a coder was told about."""

    coder: str
    step: int
    response_id: int
    acts: int


def is_whole(path: Path) -> None:
    """SQLite, the references, and the tables against the journal: all as they should be."""
    with Study.open(path) as study:
        wrong = [finding for finding in study.examine() if finding.level == "error"]
        assert wrong == []
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def has_all(path: Path, told: Iterable[Told]) -> None:
    """Every step that was told is in the journal, with all its acts, on its answer."""
    with closing(sqlite3.connect(path)) as database:
        kept = {
            step: (coder, acts, set(answers.split(",")))
            for step, coder, acts, answers in database.execute(
                "SELECT step.id, coder.name, count(act.id), group_concat(act.response_id)"
                " FROM step JOIN coder ON coder.id = step.coder_id"
                " JOIN act ON act.step_id = step.id GROUP BY step.id"
            )
        }
    for one in told:
        assert one.step in kept, f"{one} was lost"
        coder, acts, answers = kept[one.step]
        assert (coder, acts) == (one.coder, one.acts), f"{one} is not what is kept"
        assert str(one.response_id) in answers, f"{one} is not what is kept"
