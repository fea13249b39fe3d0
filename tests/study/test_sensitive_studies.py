"""A sensitive study is for its owner alone, and nothing that is printed quotes it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from qualcode import Study, crash, privacy
from qualcode.errors import QualcodeError
from qualcode.exporters.atomic import replacing
from qualcode.study import backups
from qualcode.tui.app import QualcodeApp
from studies import SURVEY, make, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Done

SECRET = "Ads are cheap"


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """The umask of most people, under which a new file is open to all."""
    before = os.umask(0o022)
    yield
    assert os.umask(before) == 0o022
    assert not privacy.is_private()


@pytest.fixture
def sensitive(tmp_path: Path) -> Path:
    return make(tmp_path, is_sensitive=True)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_one_and_what_sqlite_puts_beside_it_are_for_the_owner(sensitive: Path) -> None:
    assert mode(sensitive) == 0o600
    with Study.open(sensitive) as opened:
        session, _ = opened.session("ana", "why")
        session.decide(session.queue()[0])
        beside = [sensitive.with_name(f"study.db{end}") for end in ("-wal", "-shm")]
        assert [mode(path) for path in beside] == [0o600, 0o600]


def test_no_file_is_open_to_others_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Watched from inside: every file that SQLite or Python makes, when it is made."""
    made: list[tuple[str, int]] = []
    place = Path.hardlink_to

    def watched(self: Path, target: Path) -> None:
        made.append((self.name, mode(target)))
        place(self, target)

    monkeypatch.setattr(Path, "hardlink_to", watched)
    study = make(tmp_path, is_sensitive=True, key_path=tmp_path / "key.csv")
    with Study.open(study) as opened:
        opened.backup(tmp_path / "copy.db")
        with replacing(tmp_path / "out.csv") as file:
            assert mode(Path(file.name)) == 0o600
    assert made == [("key.csv", 0o600), ("study.db", 0o600), ("copy.db", 0o600)]


def test_exports_and_backups_are_for_the_owner_also_over_an_open_file(
    sensitive: Path, monkeypatch: pytest.MonkeyPatch, qualcode: Callable[..., Done]
) -> None:
    monkeypatch.chdir(sensitive.parent)
    Path("old.csv").write_text("open to all")
    for words in (
        "export study.db responses new.csv",
        "export study.db responses old.csv",
        "export study.db responses new.xlsx",
        "export study.db codebook new.md",
        "share study.db shared.db",
        "backup study.db copy.db",
        "backup study.db",
    ):
        assert qualcode(*words.split()).code == 0
    made = ["new.csv", "old.csv", "new.xlsx", "new.md", "shared.db", "copy.db"]
    assert {name: mode(Path(name)) for name in made} == dict.fromkeys(made, 0o600)
    assert mode(Path("study.db.backups")) == 0o700
    assert [mode(path) for path in Path("study.db.backups").iterdir()] == [0o600]


def test_other_studies_make_files_as_ever(small: Path, tmp_path: Path) -> None:
    with Study.open(small) as opened:
        assert not privacy.is_private()
        opened.backup(tmp_path / "copy.db")
        with replacing(tmp_path / "out.csv"):
            pass
    assert mode(tmp_path / "out.csv") == 0o644


def test_two_at_once_are_private_until_both_are_closed(sensitive: Path, tmp_path: Path) -> None:
    one, other = Study.open(sensitive), Study.open(sensitive, readonly=True)
    one.close()
    one.close()
    (tmp_path / "between").write_text("")
    assert mode(tmp_path / "between") == 0o600
    other.close()


def test_info_and_design_say_it_and_design_changes_it(
    small: Path, qualcode: Callable[..., Done]
) -> None:
    small.chmod(0o644)
    with Study.open(small, readonly=True) as opened:
        backup = backups.make(opened).path
    assert qualcode("info", small, "--json").json["sensitive"] is False
    assert qualcode("design", small, "--sensitive", "--json").json["sensitive"] is True
    assert (mode(small), mode(backup)) == (0o600, 0o600)
    assert "sensitive: for its owner alone" in qualcode("info", small).out
    assert "sensitive" in qualcode("design", small).out
    assert qualcode("design", small, "--not-sensitive").code == 0
    assert (mode(small), mode(backup)) == (0o644, 0o644)
    with Study.open(small, readonly=True) as opened:
        assert [row[4] for row in opened.journal()].count("design") == 2


def test_doctor_warns_where_others_may_read_it(
    sensitive: Path, qualcode: Callable[..., Done]
) -> None:
    assert "sensitive: for its owner alone" in qualcode("doctor", sensitive).out
    sensitive.chmod(0o640)
    done = qualcode("doctor", sensitive)
    assert done.code == 0
    assert "others may read study.db" in done.out
    qualcode("design", sensitive, "--sensitive")
    assert mode(sensitive) == 0o600


ROWS = {
    "twice.csv": SURVEY + "Xq-1,north,yes,1,a,b\nXq-1,north,yes,1,c,d\n",
    "weight.csv": SURVEY + "r8,north,yes,Xq-heavy,a,b\n",
    "stratum.csv": SURVEY + "Xq-2,,yes,1,a,b\n",
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_wrong_in_a_survey_is_named_by_row_and_column_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qualcode: Callable[..., Done], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(ROWS[name])
    words = ("new", "x.db", name, "--id", "id", "--weight", "weight", "--stratum", "region")
    quoting = qualcode(*words)
    done = qualcode(*words, "--sensitive")
    assert (quoting.code, done.code) == (2, 2)
    assert "row " in done.err
    assert "column “" in done.err
    assert "Xq" not in done.err


def test_what_is_wrong_in_codings_is_named_by_row_and_column_alone(sensitive: Path) -> None:
    for row in (
        "Xq-9,why,ana,reach,,",
        "r1,why,ana,Xq-code,,",
        "r1,why,ana,reach,Xq,3",
        "r1,Xq-question,ana,reach,,",
    ):
        with pytest.raises(QualcodeError) as raised:
            take_in_codings(sensitive, row)
        if "Xq,3" not in row:  # the file is read before the study is asked
            assert "Xq" not in raised.value.message
        assert "row 2" in raised.value.message


def test_a_later_file_that_is_wrong_is_not_quoted(sensitive: Path) -> None:
    head = SURVEY.splitlines()[0]
    with pytest.raises(QualcodeError) as raised:
        take_in(sensitive, f"{head}\nXq-1,north,yes,1,a,b\nXq-1,north,yes,1,a,b\n")
    assert "Xq" not in raised.value.message


def test_doctor_does_not_print_memos(sensitive: Path, qualcode: Callable[..., Done]) -> None:
    with Study.open(sensitive) as opened:
        session, _ = opened.session("ana", "why")
        session.write_memo(session.queue()[0], "Xq memo")
        opened.database.run("UPDATE mark SET memo = 'Xq other'")
    done = qualcode("doctor", sensitive)
    assert done.code == 1
    assert "Xq" not in done.out


CRASH = """
import sys
from qualcode import Study, crash
crash.install()
with Study.open(sys.argv[1]) as study:
    text = study.database.value("SELECT text FROM response WHERE text LIKE 'Ads%'")
    {fail}
"""


def crashed(study: Path, fail: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CRASH.format(fail=fail), str(study)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode == 0) == ("Thread" in fail)
    return done.stderr


FAILURES = [
    "{}[text]",
    "raise ValueError(text)",
    "study.question([text])",
    "import threading; t = threading.Thread(target=int, args=[text]); t.start(); t.join()",
]


@pytest.mark.parametrize("fail", FAILURES)
def test_a_crash_is_told_in_one_line_without_the_text(sensitive: Path, fail: str) -> None:
    said = crashed(sensitive, fail)
    assert said.startswith("Error: a bug in qualcode, id ")
    assert len(said.splitlines()) == 1
    assert SECRET not in said
    assert said == crashed(sensitive, fail)


def test_the_crash_of_another_study_is_told_in_full(small: Path) -> None:
    said = crashed(small, "raise ValueError(text)")
    assert "Traceback" in said
    assert SECRET in said


def test_a_crash_names_the_last_place_of_our_own(sensitive: Path) -> None:
    with (
        Study.open(sensitive, readonly=True) as opened,
        pytest.raises(sqlite3.ProgrammingError) as raised,
    ):
        opened.database.rows("SELECT 1", [SECRET])
    assert "ProgrammingError in store/connection.py:" in crash.in_one_line(raised.value)
    assert "another library" in crash.in_one_line(ValueError(SECRET))


async def test_a_crash_of_the_screen_shows_no_variables(
    sensitive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(self: QualcodeApp) -> None:
        error = sys.exc_info()[1]
        assert error
        self.panic(crash.in_one_line(error))

    monkeypatch.setattr(QualcodeApp, "_fatal_error", tell)
    with Study.open(sensitive) as opened:
        session, _ = opened.session("ana", "why")
        app = QualcodeApp(opened, session)

        def fail() -> None:
            text = session.answer(session.queue()[0]).response.text
            raise ValueError(text)

        with pytest.raises(ValueError, match=SECRET):  # noqa: PT012
            async with app.run_test() as pilot:
                app.call_later(fail)
                await pilot.pause()
                await pilot.pause()
    said = "".join(capsys.readouterr())
    assert "a bug in qualcode, id" in said
    assert SECRET not in said


def test_threads_may_come_and_go(sensitive: Path) -> None:
    def look() -> None:
        for _ in range(5):
            with Study.open(sensitive, readonly=True):
                assert privacy.is_private()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
