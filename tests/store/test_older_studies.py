"""Studies that earlier versions of qualcode have made open, stay whole, and are brought up to date.

`studies/version-N.db.gz` is a study whose tables are of version N, made once with `write_study`
by the qualcode of that time and never again: what people have on their disks does not change
either. A version gets its file together with the migration that makes the next one.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.store import schema
from qualcode.study import agreement
from studies import SURVEY, errors, make, take_in, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

STUDIES = Path(__file__).parent / "studies"
VERSIONS = sorted(int(path.name.split("-")[1].split(".")[0]) for path in STUDIES.glob("*.db.gz"))


def write_study(version: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make `studies/version-N.db.gz`: only the first N migrations are run.

    It has codings of two coders by hand and from a file, a clause, an answer without a code, a
    flag, a memo, an undo, and a changed answer with codings of its old text. To write it::

        WRITE_OLD_STUDY=N pytest tests/store/test_older_studies.py -k has_its_study
    """
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:version])
    monkeypatch.setattr(schema, "VERSION", version)
    study = make(folder, name="old.db")
    take_in_codings(study, "r1,why,ben,reach,,", "r1,why,ben,cost/cheap,0,13", "r2,why,ben,,,")
    with Study.open(study) as opened:
        session, _ = opened.session("ana", "why")
        first, second, *_ = session.queue()
        session.toggle(first, session.codes[0].id)
        session.decide(first)
        session.flag(first)
        session.write_memo(first, "ask ben – näher ansehen")
        session.toggle(second, session.codes[1].id)
        session.toggle(second, session.codes[2].id)
        session.undo()
    take_in(study, SURVEY.replace("r2,south,yes,1,same", "r2,south,yes,1,not the same"))
    with closing(sqlite3.connect(study, isolation_level=None)) as plain:
        plain.execute("VACUUM")
    target = STUDIES / f"version-{version}.db.gz"
    target.write_bytes(gzip.compress(study.read_bytes(), 9, mtime=0))
    return target


@pytest.fixture(params=VERSIONS, ids="version {}".format)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A study that an earlier qualcode has made."""
    study = tmp_path / "old.db"
    with gzip.open(STUDIES / f"version-{request.param}.db.gz") as packed:
        study.write_bytes(packed.read())
    return study


def rows(study: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(study)) as plain:
        return plain.execute(sql).fetchall()


KEPT = ("response", "coding", "mark", "act", "step", "coder", "code", "codebook_version", "place")


def columns(study: Path) -> dict[str, str]:
    """The columns of the tables that hold what people have put into a study."""
    return {
        table: ", ".join(row[1] for row in rows(study, f"PRAGMA table_info({table})"))
        for table in KEPT
    }


def everything(study: Path, of: dict[str, str]) -> dict[str, list[Any]]:
    """What people have put into a study, in some columns."""
    return {
        table: rows(study, f"SELECT {names} FROM {table} ORDER BY 1, 2")
        for table, names in of.items()
    }


def version(study: Path) -> int:
    return int(rows(study, "PRAGMA user_version")[0][0])


def test_every_earlier_version_has_its_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if asked := os.environ.get("WRITE_OLD_STUDY"):
        with monkeypatch.context() as patched:
            write_study(int(asked), tmp_path, patched)
    there = sorted(path.name for path in STUDIES.iterdir())
    assert there == [f"version-{number}.db.gz" for number in range(1, schema.VERSION)]


def test_it_holds_what_people_did(old: Path) -> None:
    assert version(old) < schema.VERSION
    assert rows(old, "SELECT coder, respondent, code, start FROM v_coding ORDER BY 1, 2, 3") == [
        ("ana", "r1", "reach", None),
        ("ana", "r2", "cost", None),
        ("ben", "r1", "cost/cheap", 0),
        ("ben", "r1", "reach", None),
    ]
    acts = {act for (act,) in rows(old, "SELECT DISTINCT act FROM act")}
    assert acts >= {"code", "uncode", "decide", "flag", "memo", "import", "codebook"}


def test_looking_at_it_changes_nothing(old: Path, qualcode: Callable[..., Done]) -> None:
    before = old.read_bytes()
    for words in (
        ("info", old),
        ("log", old),
        ("export", old, "codings", old.with_name("codings.csv")),
        ("export", old, "disagreements", old.with_name("disagreements.csv")),
        ("agreement", old, "--question", "why"),
        ("agreement", old, "--question", "why", "--history"),
    ):
        assert qualcode(*words).code == 0
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.glob("old.db*")] == ["old.db"]


def test_writing_brings_it_up_to_date_and_keeps_everything(old: Path) -> None:
    there = columns(old)
    before = everything(old, there)
    with Study.open(old) as opened:
        assert opened.database.value("PRAGMA user_version") == schema.VERSION
    assert version(old) == schema.VERSION
    assert everything(old, there) == before
    assert errors(old) == []
    with Study.open(old) as again:
        assert again.info()["questions"][0]["coders"] == {"ben": 1, "ana": 1}


def test_it_has_the_tables_of_a_new_one(old: Path, small: Path) -> None:
    Study.open(old).close()
    listed = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 2"
    assert rows(old, listed) == rows(small, listed)


def test_it_is_worked_on_like_any(old: Path) -> None:
    there = columns(old)
    before = everything(old, there)
    with Study.open(old) as opened:
        session, _ = opened.session("ana", "why")
        assert session.decide(session.queue()[-1])
        assert opened.undo("ana")
        report = agreement.measure(opened.database, opened.question("why"))
        agreement.save(opened.database, report, by="ana")
        assert len(agreement.history(opened.database, opened.question("why"))) == 1
    assert report.n_multiply_coded == 1
    after = everything(old, there)
    assert after["act"][: len(before["act"])] == before["act"]
    assert after["coding"] == before["coding"]
    assert errors(old) == []
