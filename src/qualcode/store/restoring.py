"""What a backup holds, and putting one in the place of a study."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qualcode import privacy
from qualcode.errors import Conflict, InputError, QualcodeError
from qualcode.store import connection, maintenance, placing, settings

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a study or a backup holds."""

    respondents: int
    answers: int
    coders: int
    codings: int
    acts: int


def counts(path: Path) -> Counts:
    """What the study in a file holds. Raises `InputError` if there is none or it is damaged."""
    with closing(connection.open_as_is(path)) as database:
        tables = ("respondent", "response", "coder", "coding", "act")
        return Counts(*(database.value(f"SELECT count(*) FROM {table}") for table in tables))


def is_sensitive(path: Path) -> bool:
    """Whether the study in a file is sensitive. Raises `InputError` as `counts`."""
    with closing(connection.open_as_is(path)) as database:
        return bool(settings.read(database, "sensitive"))


def created(database: Database) -> datetime:
    """When a study was made."""
    return datetime.fromisoformat(database.value("SELECT created FROM study"))


def changed_since(database: Database, moment: datetime) -> bool:
    """Whether anything was done to a study after a moment."""
    last = database.value("SELECT at FROM step ORDER BY id DESC LIMIT 1")
    return last is not None and datetime.fromisoformat(last) > moment


def restore(path: Path, backup: Path, keep_as: Path) -> Path | None:
    """Put the study in `backup` at `path`; the path under which the file there is kept, if any.

    A damaged file is kept as it is, under another ending. Raises `Conflict` if another process
    has the study open or the backup is of another study, `InputError` for a damaged backup,
    `QualcodeError` for what the disk refuses. Whatever is raised, the study is as it was.
    """
    path = path.resolve()
    with closing(connection.open_as_is(backup)) as source:
        if not _is_whole(source):
            raise InputError("is damaged: it is not put in the place of anything", source=backup)
        present = _held_alone(path)
        try:
            _refuse_foreign(source, present, backup, path)
            try:
                keep_as.parent.mkdir(parents=True, exist_ok=True)
                kept = _keep(path, present, keep_as)
                _put(source, path, backup)
            except OSError as error:
                raise QualcodeError(f"{path} cannot be replaced: {error.strerror}") from error
        finally:
            if present is not None:
                present.close()
    return kept


def _is_whole(database: Database) -> bool:
    try:
        return database.rows("PRAGMA integrity_check") == [("ok",)]
    except InputError:
        return False


def _held_alone(path: Path) -> Database | None:
    """The study at `path`, held so that nobody else can open it; None if it is gone or damaged."""
    if not path.exists():
        return None
    try:
        database = connection.open_to_write(path)
    except InputError:
        return None
    try:
        if not _is_whole(database):
            database.close()
            return None
        _shut_out_others(database)
    except BaseException:
        database.close()
        raise
    return database


def _shut_out_others(database: Database) -> None:
    # Leaving the write-ahead log is possible only where nobody else has the file open.
    in_use = Conflict(
        f"{database.path} is open in another process: nothing was restored",
        hint="leave the coding screen everywhere, then try again",
    )
    try:
        mode = database.value("PRAGMA journal_mode = DELETE")
        database.value("PRAGMA locking_mode = EXCLUSIVE")
        database.run("BEGIN EXCLUSIVE")
        database.run(
            "COMMIT"
        )  # The lock stays, and a transaction would keep a copy from being made.
    except Conflict:
        raise in_use from None
    if mode != "delete":
        raise in_use


def _refuse_foreign(source: Database, present: Database | None, backup: Path, path: Path) -> None:
    if present is not None:
        uids = [each.value("SELECT uid FROM study") for each in (source, present)]
        if uids[0] != uids[1]:
            raise Conflict(f"{backup} is a backup of another study than {path}")


def _keep(path: Path, present: Database | None, keep_as: Path) -> Path | None:
    if present is not None:
        maintenance.backup(present, keep_as)
        return keep_as
    if not path.exists():
        return None
    damaged = keep_as.with_suffix(".damaged")
    with privacy.kept():
        shutil.copyfile(path, damaged)
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            shutil.copyfile(log, damaged.with_name(f"{damaged.name}-wal"))
    return damaged


def _put(source: Database, path: Path, backup: Path) -> None:
    rights = (path if path.exists() else backup).stat().st_mode & 0o777
    if settings.read(source, "sensitive"):
        rights &= ~privacy.OTHERS
    with placing.replacement(path) as unfinished:
        maintenance.copy_checked(source, unfinished, path)
        unfinished.chmod(rights | maintenance.OWNER)
        # A log that is left would be taken for one of the file that comes.
        for end in ("-wal", "-shm"):
            with_end = path.with_name(f"{path.name}{end}")
            if os.path.lexists(with_end):
                with_end.unlink()
