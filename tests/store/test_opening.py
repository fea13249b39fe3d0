"""A study opens wherever it lies, and what is none is told apart."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError
from qualcode.store import connection, schema
from studies import content, make, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done


def foreign(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE x (y)")
    other.close()


KINDS: dict[str, Callable[[Path], object]] = {
    "an empty file": lambda path: path.write_bytes(b""),
    "a folder": lambda path: path.mkdir(),
    "a text": lambda path: path.write_text("respondent,question\n" * 50),
    "a short text": lambda path: path.write_text("SQLite format 3\0"),
    "another database": foreign,
}


@pytest.mark.parametrize("readonly", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_study_is_bad_input_and_left_alone(
    tmp_path: Path, kind: str, *, readonly: bool
) -> None:
    path = tmp_path / "x.db"
    KINDS[kind](path)
    before = path.is_file() and path.read_bytes()
    with pytest.raises(InputError, match=r"x\.db: (is not a qualcode study|cannot be read)"):
        Study.open(path, readonly=readonly)
    assert (path.is_file() and path.read_bytes()) == before
    assert [each.name for each in tmp_path.iterdir()] == ["x.db"]


@pytest.mark.parametrize("readonly", [True, False])
def test_a_study_that_is_not_there_is_not_found(tmp_path: Path, *, readonly: bool) -> None:
    with pytest.raises(NotFound, match=r"there is no study .*x\.db"):
        Study.open(tmp_path / "x.db", readonly=readonly)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("readonly", [True, False])
def test_a_study_of_a_newer_qualcode_is_refused(small: Path, *, readonly: bool) -> None:
    with Study.open(small) as study:
        study.database.run(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(QualcodeError, match="newer qualcode") as caught:
        Study.open(small, readonly=readonly)
    assert caught.value.exit_code == 1
    assert [path.name for path in small.parent.iterdir()] == ["study.db"]


def test_a_study_of_an_older_qualcode_is_not_changed_by_looking(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with gzip.open(Path(__file__).parent / "studies" / "version-1.db.gz") as packed:
        old.write_bytes(packed.read())
    before = old.read_bytes()
    with Study.open(old, readonly=True) as study:
        assert not schema.is_outdated(study.database)
        assert study.info()["questions"][0]["coders"] == {"ben": 1, "ana": 1}
    assert old.read_bytes() == before
    with Study.open(old) as study:
        assert study.undo("ana")
    assert old.read_bytes() != before


def test_a_damaged_study_is_bad_input(small: Path) -> None:
    small.write_bytes(small.read_bytes()[:100] + b"\xff" * 4000)
    for readonly in (True, False):
        with pytest.raises(InputError, match="is not a study, or is damaged"):
            Study.open(small, readonly=readonly)


def test_an_old_sqlite_is_one_plain_error(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "OLDEST_SQLITE", (99, 0, 0))
    for readonly in (True, False):
        with pytest.raises(QualcodeError, match=r"is too old: qualcode needs 99\.0\.0"):
            Study.open(small, readonly=readonly)
    with pytest.raises(QualcodeError, match="too old"):
        make(small.parent, name="new.db")


def test_an_open_study_is_written_safely(small: Path) -> None:
    with Study.open(small) as study:
        pragma = {
            name: study.database.value(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "foreign_keys", "application_id")
        }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "application_id": 0x71636F64,
    }


def test_where_a_study_cannot_be_written_safely_it_is_not_opened(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def value(self: connection.Database, sql: str, args: object = ()) -> object:
        return "delete" if "journal_mode" in sql else original(self, sql, args)  # type: ignore[arg-type]

    original = connection.Database.value
    monkeypatch.setattr(connection.Database, "value", value)
    with pytest.raises(QualcodeError, match=r"cannot write .* safely"):
        Study.open(small)


def test_a_closed_study_is_one_file(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,")
    for readonly in (True, False):
        with Study.open(small, readonly=readonly) as study:
            assert study.info()["respondents"] == 6
        rest = {path.name for path in small.parent.iterdir()} - {"codings.csv"}
        assert rest == {"study.db"}


def test_a_study_that_is_only_looked_at_cannot_be_written(small: Path) -> None:
    before = content(small)
    with Study.open(small, readonly=True) as study, pytest.raises(QualcodeError):
        study.database.run("DELETE FROM setting")
    assert content(small) == before


def test_a_held_study_is_a_conflict_after_patience(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.3)
    with Study.open(small) as one, Study.open(small) as two, one.database.transaction():
        assert two.info()["respondents"] == 6
        with pytest.raises(Conflict, match="held by another process"):
            two.session("ana")
    with Study.open(small) as study:
        assert study.session("ana")


def test_what_a_failed_transaction_had_begun_is_taken_back(small: Path) -> None:
    before = content(small)
    with Study.open(small) as study:
        with pytest.raises(ZeroDivisionError):
            _fail_in_the_middle(study)
        assert study.coders == ()
        study.session("carl")
    assert len(content(small)) > len(before)


def _fail_in_the_middle(study: Study) -> None:
    with study.database.transaction():
        study.session("ana")
        with study.database.transaction():
            study.session("ben")
        raise ZeroDivisionError


def test_opening_twice_in_one_process_keeps_the_locks(
    small: Path, process: Callable[..., Done]
) -> None:
    """Another process must not take the first one's study for closed, and its log away."""
    with Study.open(small) as one:
        session, _ = one.session("ana", "why")
        with Study.open(small, readonly=True):
            pass
        assert process("undo", small, "--coder", "ana").code == 0
        assert small.with_name("study.db-wal").exists()
        assert session.decide(session.queue()[0])
    with Study.open(small, readonly=True) as study:
        assert study.info()["questions"][0]["coders"] == {"ana": 1}
