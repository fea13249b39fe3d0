"""SIGKILL cannot tell a safe setting from an unsafe one; the settings themselves can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import Study

if TYPE_CHECKING:
    from pathlib import Path

FULL = 2


def test_every_commit_is_on_the_disk_before_it_is_acknowledged(study: Path) -> None:
    with Study.open(study) as opened:
        session, _ = opened.session("ana")
        session.toggle(session.queue()[0], session.codes[0].id)
        assert opened.database.value("PRAGMA synchronous") == FULL
        assert opened.database.value("PRAGMA journal_mode") == "wal"
        assert opened.database.value("PRAGMA foreign_keys") == 1


def test_a_closed_study_is_one_file(study: Path) -> None:
    with Study.open(study) as opened:
        session, _ = opened.session("ana")
        session.flag(session.queue()[0])
    assert [path.name for path in study.parent.iterdir()] == ["study.db"]
