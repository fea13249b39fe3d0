"""A backup is the study; `doctor` sees what is wrong and says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import Conflict, NotFound, QualcodeError
from qualcode.store import maintenance
from studies import content, errors, plant, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path


def findings(study: Path, level: str = "error") -> dict[str, str]:
    with Study.open(study, readonly=True) as opened:
        return {f.about: f.message for f in opened.examine() if f.level == level}


def test_a_backup_is_the_study_and_opens(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,")
    out = small.with_name("copy.db")
    with Study.open(small, readonly=True) as study:
        study.backup(out)
    assert content(out) == content(small)
    assert errors(out) == []
    with Study.open(out) as copy:
        assert copy.undo("ana")
    names = {path.name for path in small.parent.iterdir()}
    assert names == {"study.db", "copy.db", "codings.csv"}


def test_a_backup_is_of_one_moment_whatever_is_written_while_it_is_made(small: Path) -> None:
    out = small.with_name("copy.db")
    with Study.open(small) as mine, Study.open(small, readonly=True) as other:
        session, _ = mine.session("ana", "why")
        answer, code = session.queue()[0], session.codes[0].id

        def write(_: str) -> None:
            session.toggle(answer, code)

        other.database.connection.set_trace_callback(write)
        other.backup(out)
        other.database.connection.set_trace_callback(None)
    assert errors(out) == []


def test_a_backup_never_overwrites(small: Path) -> None:
    out = small.with_name("copy.db")
    out.write_text("mine")
    with Study.open(small) as study:
        with pytest.raises(Conflict, match="exists already"):
            study.backup(out)
        with pytest.raises(Conflict):
            study.backup(small)
        with pytest.raises(NotFound, match="no folder"):
            study.backup(small.parent / "none" / "copy.db")
    assert out.read_text() == "mine"


def test_a_backup_works_while_another_writes_and_holds_what_was_committed(small: Path) -> None:
    out = small.with_name("copy.db")
    with Study.open(small) as writer, Study.open(small, readonly=True) as study:
        session, _ = writer.session("ana", "why")
        first, second, *_ = session.queue()
        session.decide(first)
        with writer.database.transaction():
            session.decide(second)
            study.backup(out)
    with Study.open(out, readonly=True) as copy:
        assert copy.info()["questions"][0]["coders"] == {"ana": 1}
    assert errors(out) == []
    with Study.open(small, readonly=True) as study:
        assert study.info()["questions"][0]["coders"] == {"ana": 2}


def test_a_copy_that_is_not_the_same_is_thrown_away(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "_FINGERPRINT", "SELECT random()")
    out = small.with_name("copy.db")
    with Study.open(small) as study, pytest.raises(QualcodeError, match="not complete"):
        study.backup(out)
    assert [path.name for path in small.parent.iterdir()] == ["study.db"]


def test_a_whole_study_has_no_error_and_no_warning(sample: Path) -> None:
    with Study.open(sample, readonly=True) as study:
        found = study.examine()
    assert {finding.level for finding in found} == {"ok"}
    assert len(found) == 14


@pytest.mark.parametrize(
    ("sql", "about", "words"),
    [
        ("DELETE FROM coding", "codings against the journal", "in the journal alone"),
        ("UPDATE coding SET source = 'x'", "codings against the journal", "not in the journal"),
        ("UPDATE coding SET code_id = 1", "codings against the journal", "; not in the"),
        ("DELETE FROM mark", "marks against the journal", "in the journal alone"),
        ("UPDATE mark SET memo = 'x'", "marks against the journal", "not in the journal"),
        ("UPDATE mark SET is_flagged = 1", "marks against the journal", "flag"),
        ("UPDATE coder SET undo_head = NULL", "undo chains", "ana would undo or redo another"),
        ("UPDATE coder SET redo_head = undo_head", "undo chains", "ana would undo or redo"),
        ("UPDATE coding SET code_id = 999", "references", "coding row"),
        (
            "UPDATE response SET is_current = 0 WHERE id = 1",
            "one current version an answer",
            "answer 1 of question 1",
        ),
    ],
)
def test_planted_damage_is_found(small: Path, sql: str, about: str, words: str) -> None:
    take_in_codings(small, "r1,why,ana,cost,,", "r2,why,ana,,,")
    assert findings(small) == {}
    plant(small, sql)
    assert words in findings(small)[about]


def test_a_broken_step_in_a_chain_is_found(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,")
    with Study.open(small) as study:
        study.undo("ana")
        study.redo("ana")
        study.undo("ana")
    assert findings(small) == {}
    plant(small, "DROP TRIGGER step_is_final", "UPDATE step SET reverses = 1 WHERE kind = 'redo'")
    assert "does not follow" in findings(small)["undo chains"]


def test_a_damaged_page_is_found(sample: Path) -> None:
    with Study.open(sample, readonly=True) as study:
        page = study.database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'coding_once'")
        size = study.database.value("PRAGMA page_size")
    with sample.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert "integrity" in findings(sample)


@pytest.mark.parametrize("folder", ["Dropbox", "OneDrive - Work", "iCloud Drive", "nextcloud"])
def test_a_synchronised_folder_is_warned_of(small: Path, folder: str) -> None:
    place = small.parent / folder / "deeper"
    place.mkdir(parents=True)
    moved = small.rename(place / "study.db")
    assert findings(moved) == {}
    assert f"“{folder}” looks like a synchronised folder" in findings(moved, "warning")["place"]


def test_a_network_file_system_is_warned_of(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "_file_system", lambda _: "nfs4")
    assert "network file system (nfs4)" in findings(small, "warning")["place"]
    assert findings(small) == {}
