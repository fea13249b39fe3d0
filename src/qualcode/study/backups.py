"""Backups that make themselves: when one is due, which are kept, and the way back.

A backup is a whole study, copied with SQLite's online backup and checked before it appears. Its
name is the moment when it was made.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode import privacy
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError
from qualcode.store import journal, maintenance, restoring, settings
from qualcode.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.store.connection import Database
    from qualcode.store.restoring import Counts

_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d{6}Z)\.db")
_FORM = "%Y-%m-%dT%H%M%SZ"
_DAYS = 7
_WEEKS = 4
_UNFINISHED = 3600.0
"""Seconds after which a backup that was begun will not be finished."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a study is backed up: in which folder, how often, and how many of the last are kept.

    Without a `folder` it is the one beside the study, of the study's name and `.backups`.
    """

    is_on: bool = True
    folder: str = ""
    hours: float = 4.0
    keep: int = 5

    def place(self, study: Path) -> Path:
        """The folder of the backups of a study."""
        beside = study.with_name(f"{study.name}.backups")
        return study.parent / self.folder if self.folder else beside


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in its folder."""

    path: Path
    made: datetime


@dataclass(frozen=True, slots=True)
class Described:
    """A backup with what it holds; `counts` is None, and `problem` says why, where it is none."""

    backup: Backup
    counts: Counts | None
    problem: str = ""


def read_plan(database: Database) -> Plan:
    """How the study is backed up."""
    return Plan(**settings.read(database, "backups", {}))


def change_plan(database: Database, by: str, **changes: Any) -> Plan:
    """Change parts of the plan. Raises `InputError` for what cannot be."""
    with database.transaction():
        old = read_plan(database)
        new = replace(old, **changes)
        if new.hours < 0 or new.keep < 1:
            raise InputError("backups are made after 0 hours or more, and at least 1 is kept")
        if new != old:
            settings.write(database, "backups", asdict(new))
            journal.add_note(database, "design", by=by, detail={"backups": asdict(new)})
    return new


def present(folder: Path) -> list[Backup]:
    """The backups in a folder, the oldest first; other files are not looked at."""
    try:
        names = sorted(each.name for each in folder.iterdir())
    except OSError:
        return []
    return [
        Backup(folder / name, datetime.strptime(found[1], _FORM).replace(tzinfo=UTC))
        for name in names
        if (found := _NAME.fullmatch(name))
    ]


def last(database: Database) -> Backup | None:
    """The newest backup of a study in its folder, None if there is none."""
    there = present(read_plan(database).place(database.path))
    return there[-1] if there else None


def kept(times: Iterable[datetime], now: datetime, *, last: int = 5) -> set[datetime]:
    """Which backups are kept: the `last` few, the last of each of 7 days and of each of 4 weeks.

    Days and weeks are those of UTC, the present ones included; weeks begin on Monday.
    """
    newest_first = sorted(times, reverse=True)
    chosen = set(newest_first[:last])
    today = now.astimezone(UTC).date()
    days, weeks = set(), set()
    for time in newest_first:
        day = time.astimezone(UTC).date()
        monday = day - timedelta(days=day.weekday())
        if day not in days and today - day < timedelta(days=_DAYS):
            chosen.add(time)
        if monday not in weeks and today - monday < timedelta(weeks=_WEEKS):
            chosen.add(time)
        days.add(day)
        weeks.add(monday)
    return chosen


def make(study: Study, *, now: datetime | None = None) -> Backup:
    """Make a backup of an open study in its folder, and take away those that are not kept.

    Raises `QualcodeError` for what the disk refuses.
    """
    now = now or datetime.now(UTC)
    plan = read_plan(study.database)
    folder = plan.place(study.path)
    path = _free(folder, now)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QualcodeError(f"{folder} cannot be made: {error.strerror}") from error
    maintenance.backup(study.database, path)
    _rotate(folder, now, plan.keep)
    return Backup(path, now)


def _free(folder: Path, now: datetime) -> Path:
    """The name of a backup that is made now; a second later where there is one already."""
    path = folder / f"{now.astimezone(UTC).strftime(_FORM)}.db"
    return _free(folder, now + timedelta(seconds=1)) if path.exists() else path


def _rotate(folder: Path, now: datetime, last: int) -> None:
    there = present(folder)
    wanted = kept((each.made for each in there), now, last=last)
    for each in there:
        if each.made not in wanted:
            each.path.unlink(missing_ok=True)
    for unfinished in folder.glob(".qualcode-*"):
        # Left by a process that was killed; a younger one may be another's that is being made.
        if now.timestamp() - unfinished.stat().st_mtime > _UNFINISHED:
            shutil.rmtree(unfinished, ignore_errors=True)


def is_due(study: Study, now: datetime) -> bool:
    """Whether the last backup, or where there is none the study itself, is older than planned.

    Nothing is due while the study is as it was backed up last.
    """
    plan = read_plan(study.database)
    if not plan.is_on:
        return False
    there = present(plan.place(study.path))
    if not there:
        return now - restoring.created(study.database) >= timedelta(hours=plan.hours)
    last = there[-1].made
    return now - last >= timedelta(hours=plan.hours) and restoring.changed_since(
        study.database, last
    )


def keep_safe(path: Path) -> str:
    """Make a backup if one is due; a remark where it could not be made, else nothing.

    It opens the study for itself, so that it can run in a thread, and never raises for what the
    disk refuses: coding goes on without a backup.
    """
    try:
        with Study.open(path, readonly=True) as study:
            now = datetime.now(UTC)
            if is_due(study, now):
                make(study, now=now)
    except (Conflict, NotFound, InputError):
        # Another process makes the same one, or there is no study: whoever opens it will say so.
        return ""
    except (QualcodeError, OSError) as error:
        return f"no backup was made: {error}"
    return ""


def listed(path: Path) -> list[Described]:
    """The backups of a study with what they hold, the newest first.

    Raises `NotFound` where there is neither a study nor a backup.
    """
    there = present(_folder_of(path))
    if not there and not path.exists():
        raise NotFound(f"there is no study {path}", hint="qualcode new makes one")
    return [_described(each) for each in reversed(there)]


def _described(backup: Backup) -> Described:
    try:
        return Described(backup, restoring.counts(backup.path))
    except QualcodeError as error:
        return Described(backup, None, error.message)


def _folder_of(path: Path) -> Path:
    """The folder of the backups of a study, also of one that is lost or damaged."""
    try:
        with Study.open(path, readonly=True) as study:
            return read_plan(study.database).place(path)
    except QualcodeError:
        return Plan().place(path)


def find(path: Path, wanted: str = "") -> Backup:
    """The backup of that name, in the folder of the study or anywhere; without a name the newest.

    Raises `NotFound`.
    """
    folder = _folder_of(path)
    there = present(folder)
    if not wanted and there:
        return there[-1]
    for each in there:
        if wanted in {each.path.name, each.path.stem}:
            return each
    if wanted and Path(wanted).is_file():
        return Backup(Path(wanted), datetime.fromtimestamp(Path(wanted).stat().st_mtime, UTC))
    names = [each.path.stem for each in there]
    if wanted:
        raise NotFound(f"there is no backup {wanted} of {path}", wanted=wanted, there_are=names)
    raise NotFound(f"there is no backup of {path} in {folder}")


def restore(path: Path, backup: Backup) -> Path | None:
    """Put a backup in the place of a study; where the file that stood there is kept now.

    Raises `Conflict` if another process has the study open or the backup is of another study,
    `InputError` for a damaged backup.
    """
    keep_as = _free(_folder_of(path), datetime.now(UTC))
    with privacy.kept(is_wanted=restoring.is_sensitive(backup.path)):
        return restoring.restore(path, backup.path, keep_as)
