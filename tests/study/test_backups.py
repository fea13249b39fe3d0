"""Backups make themselves, are rotated, and come back in one command."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError
from qualcode.store import maintenance, restoring
from qualcode.study import backups
from studies import codings, content, errors, make, plant, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO = datetime(2021, 3, 4, 5, tzinfo=UTC)


def ages(*hours: float) -> list[datetime]:
    return [NOW - timedelta(hours=hour) for hour in hours]


def test_the_last_five_are_kept_whenever_they_were_made() -> None:
    times = ages(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    assert backups.kept(times, NOW) == set(times[:5])


def test_one_a_day_is_kept_for_seven_days_and_one_a_week_for_four_weeks() -> None:
    times = [NOW - timedelta(hours=6 * number) for number in range(4 * 60)]
    kept = sorted(backups.kept(times, NOW), reverse=True)
    assert [f"{time:%d %H}" for time in kept] == [
        *("22 12", "22 06", "22 00", "21 18", "21 12"),
        *("20 18", "19 18", "18 18", "17 18", "16 18"),
        *("15 18", "08 18", "01 18"),
    ]


def test_what_is_not_kept_is_never_missed_later() -> None:
    """Rotating at every backup keeps what rotating once at the end would keep of all days."""
    there: set[datetime] = set()
    for number in range(24 * 40 // 4):
        now = NOW + timedelta(hours=4 * number)
        there = backups.kept(there | {now}, now)
    days = {time.date() for time in there}
    assert {(now - timedelta(days=day)).date() for day in range(7)} <= days
    mondays = {day - timedelta(days=day.weekday()) for day in days}
    assert len(mondays) == 4
    assert len(there) <= 5 + 7 + 4


@given(st.lists(st.integers(0, 60 * 24 * 50), unique=True), st.integers(1, 9))
def test_rotating_keeps_few_and_always_the_newest(minutes: list[int], last: int) -> None:
    times = [NOW - timedelta(minutes=each) for each in minutes]
    kept = backups.kept(times, NOW, last=last)
    assert kept <= set(times)
    assert set(sorted(times)[-last:]) <= kept
    assert len(kept) <= last + 7 + 4
    assert backups.kept(kept, NOW, last=last) == kept


def age(study: Path, hours: float) -> None:
    """Have a study been made so long ago."""
    made = datetime.now(UTC) - timedelta(hours=hours)
    plant(study, f"UPDATE study SET created = '{made.isoformat()}'")


def folder(study: Path) -> Path:
    return study.with_name(f"{study.name}.backups")


def there(study: Path) -> list[str]:
    return sorted(path.name for path in folder(study).glob("*"))


def test_a_young_study_is_not_backed_up_and_an_old_one_is_once(small: Path) -> None:
    assert backups.keep_safe(small) == ""
    assert not folder(small).exists()
    age(small, 5)
    for _ in range(3):
        assert backups.keep_safe(small) == ""
    assert len(there(small)) == 1
    assert content(folder(small) / there(small)[0]) == content(small)


def test_the_next_one_comes_when_time_has_passed_and_something_was_done(small: Path) -> None:
    age(small, 100)
    early = datetime.now(UTC) - timedelta(hours=50)
    with Study.open(small) as study:
        backups.make(study, now=early + timedelta(hours=49))
        assert not backups.is_due(study, datetime.now(UTC))
        session, _ = study.session("ana", "why")
        assert not backups.is_due(study, datetime.now(UTC))
        assert backups.is_due(study, datetime.now(UTC) + timedelta(hours=4))
        backups.change_plan(study.database, "tester", hours=0.5)
        assert backups.is_due(study, datetime.now(UTC))
        backups.make(study, now=datetime.now(UTC) + timedelta(seconds=2))
        assert not backups.is_due(study, datetime.now(UTC) + timedelta(hours=9))
        session.decide(session.queue()[0])
        backups.change_plan(study.database, "tester", is_on=False)
        assert not backups.is_due(study, datetime.now(UTC) + timedelta(hours=9))


def test_rotation_takes_away_backups_and_nothing_else(small: Path) -> None:
    folder(small).mkdir()
    (folder(small) / "notes.txt").write_text("mine")
    (folder(small) / "2026-11-22T120000Z.db-journal").write_text("not mine")
    with Study.open(small) as study:
        backups.change_plan(study.database, "tester", keep=2)
        for hour in range(6):
            backups.make(study, now=NOW + timedelta(hours=hour))
    assert there(small) == [
        "2026-11-22T120000Z.db-journal",
        "2026-11-22T160000Z.db",
        "2026-11-22T170000Z.db",
        "notes.txt",
    ]


def test_what_a_killed_process_left_is_taken_away_after_an_hour(small: Path) -> None:
    for name, minutes in ((".qualcode-old", 90), (".qualcode-new", 5)):
        left = folder(small) / name
        left.mkdir(parents=True)
        (left / "study").write_text("half")
        moment = (datetime.now(UTC) - timedelta(minutes=minutes)).timestamp()
        os.utime(left, (moment, moment))
    with Study.open(small) as study:
        backups.make(study)
    assert [name for name in there(small) if name.startswith(".")] == [".qualcode-new"]


def test_another_folder_can_be_chosen_and_is_where_restore_looks(small: Path) -> None:
    with Study.open(small) as study:
        backups.change_plan(study.database, "tester", folder="elsewhere/safe")
        made = backups.make(study)
    assert made.path.parent == small.parent / "elsewhere" / "safe"
    assert backups.find(small).path == made.path


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs rights that are kept")
def test_a_folder_that_cannot_be_written_is_one_remark(small: Path) -> None:
    age(small, 5)
    folder(small).mkdir(mode=0o500)
    assert "no backup was made" in backups.keep_safe(small)


def test_a_file_in_the_place_of_the_folder_is_one_remark(small: Path) -> None:
    age(small, 5)
    folder(small).write_text("in the way")
    assert "no backup was made: " in backups.keep_safe(small)
    assert folder(small).read_text() == "in the way"


def test_a_full_disk_is_one_remark_and_leaves_nothing(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise QualcodeError("the disk is full")

    age(small, 5)
    monkeypatch.setattr(maintenance, "_copy", full)
    assert backups.keep_safe(small) == "no backup was made: the disk is full"
    assert there(small) == []


def test_commands_that_change_a_study_back_it_up_first(
    small: Path, qualcode: Callable[..., Done]
) -> None:
    age(small, 5)
    book = small.with_name("book0.yaml")
    book.write_text("codebook: New\ncodes:\n  - key: x\n")
    assert qualcode("info", small).code == 0
    assert not folder(small).exists()
    assert qualcode("codebook", "apply", small, book).code == 0
    (name,) = there(small)
    assert "New" not in "".join(content(folder(small) / name))


def worked_on(study: Path) -> Path:
    """A study with a backup, and a coding that came after it."""
    with Study.open(study) as opened:
        backups.make(opened, now=LONG_AGO)
    take_in_codings(study, "r1,why,ana,reach,,")
    return study


def test_restore_puts_the_newest_back_and_keeps_what_was_there(small: Path) -> None:
    study = worked_on(small)
    before = content(study)
    kept = backups.restore(study, backups.find(study))
    assert kept
    assert codings(study) == []
    assert errors(study) == []
    assert content(kept) == before
    assert sorted(path.name for path in study.parent.glob("study.db*")) == [
        "study.db",
        "study.db.backups",
    ]
    backups.restore(study, backups.find(study))
    assert content(study) == before


def test_restore_is_refused_while_somebody_has_the_study_open(small: Path) -> None:
    study = worked_on(small)
    with Study.open(study) as opened:
        before = content(study)
        with pytest.raises(Conflict, match="is open in another process"):
            backups.restore(study, backups.find(study))
        session, _ = opened.session("ana", "why")
        assert session.decide(session.queue()[1])
        assert len(content(study)) > len(before)
    with closing(sqlite3.connect(study)) as reader:
        reader.execute("SELECT count(*) FROM act").fetchall()
        with pytest.raises(Conflict, match="is open in another process"):
            backups.restore(study, backups.find(study))
    assert len(codings(study)) == 1
    assert backups.restore(study, backups.find(study))


def test_restore_refuses_a_backup_of_another_study(small: Path, tmp_path: Path) -> None:
    study = worked_on(small)
    (tmp_path / "b").mkdir()
    other = make(tmp_path / "b")
    before = content(study)
    with pytest.raises(Conflict, match="is a backup of another study"):
        backups.restore(study, backups.find(study, str(other)))
    assert content(study) == before


@pytest.mark.parametrize("place", [0, 4096 * 3])
def test_restore_refuses_a_damaged_backup(small: Path, place: int) -> None:
    study = worked_on(small)
    backup = backups.find(study)
    with backup.path.open("r+b") as file:
        file.seek(place)
        file.write(os.urandom(4096))
    before = content(study)
    with pytest.raises(InputError):
        backups.restore(study, backup)
    assert content(study) == before
    assert len(there(study)) == 1


def damage(study: Path) -> None:
    with study.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * 4096 * 8)


@pytest.mark.parametrize("harm", [damage, lambda study: study.write_bytes(b""), Path.unlink])
def test_a_study_that_is_damaged_or_gone_is_restored(
    small: Path, harm: Callable[[Path], object]
) -> None:
    study = worked_on(small)
    harm(study)
    there_was = study.read_bytes() if study.exists() else None
    kept = backups.restore(study, backups.find(study))
    assert errors(study) == []
    assert codings(study) == []
    assert (kept.read_bytes() if kept else None) == there_was


def test_a_log_that_a_crash_left_is_not_taken_for_one_of_the_backup(small: Path) -> None:
    study = worked_on(small)
    opened = Study.open(study)
    session, _ = opened.session("ben", "why")
    session.decide(session.queue()[2])
    log = study.with_name("study.db-wal").read_bytes()
    damaged = study.read_bytes()[: 4096 * 2]
    opened.close()
    study.write_bytes(damaged)
    study.with_name("study.db-wal").write_bytes(log)
    kept = backups.restore(study, backups.find(study))
    assert kept
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == log
    assert errors(study) == []
    assert codings(study) == []


def test_where_the_disk_fails_the_study_stays(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = worked_on(small)
    before = content(study)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "_put", fail)
    with pytest.raises(QualcodeError, match="cannot be replaced: No space left"):
        backups.restore(study, backups.find(study))
    assert content(study) == before
    assert not list(study.parent.glob(".qualcode-*"))


def test_restore_keeps_the_rights_of_the_study(small: Path) -> None:
    study = worked_on(small)
    study.chmod(0o640)
    backups.restore(study, backups.find(study))
    assert study.stat().st_mode & 0o777 == 0o640


def test_a_backup_is_found_by_its_name_or_path(small: Path) -> None:
    study = worked_on(small)
    name = "2021-03-04T050000Z"
    for wanted in ("", name, f"{name}.db", str(folder(study) / f"{name}.db")):
        assert backups.find(study, wanted).path.name == f"{name}.db"
    with pytest.raises(NotFound, match="there is no backup 2021-03-04T050001Z") as raised:
        backups.find(study, "2021-03-04T050001Z")
    assert name in raised.value.hint
    shutil.rmtree(folder(study))
    with pytest.raises(NotFound, match="there is no backup of"):
        backups.find(study)


def test_the_commands(small: Path, qualcode: Callable[..., Done]) -> None:
    assert "there are no backups yet" in qualcode("backup", small, "--list").err
    assert qualcode("restore", small).code == 3
    assert "is a checked copy of" in qualcode("backup", small).err
    off = qualcode("backup", small, "--auto", "off", "--json").json
    assert (off["is_on"], off["hours"], off["keep"]) == (False, 4.0, 5)
    on = qualcode("backup", small, "--auto", "on", "--hours", "2", "--keep", "3")
    assert "when the last is older than 2 hours; the last 3 are kept" in on.err
    (listed,) = qualcode("restore", small, "--list", "--json").json["backups"]
    assert (listed["respondents"], listed["answers"], listed["codings"]) == (6, 12, 0)
    take_in_codings(small, "r1,why,ana,reach,,")
    done = qualcode("restore", small, listed["name"], "--json")
    assert Path(done.json["kept"]).exists()
    shown = qualcode("backup", small, "--list").out
    assert len(shown.splitlines()) == 4
    clash = qualcode("backup", small, small.with_name("x.db"), "--auto", "on")
    assert clash.code == 2


def test_a_damaged_backup_is_listed_as_such(small: Path, qualcode: Callable[..., Done]) -> None:
    study = worked_on(small)
    (folder(study) / "2026-11-22T110000Z.db").write_text("half")
    found = {each.backup.path.stem: each for each in backups.listed(study)}
    assert found["2026-11-22T110000Z"].counts is None
    assert "is not a qualcode study" in qualcode("backup", study, "--list").out


def test_an_odd_plan_is_refused(small: Path) -> None:
    with Study.open(small) as study, pytest.raises(InputError, match="at least 1 is kept"):
        backups.change_plan(study.database, "tester", keep=0)
