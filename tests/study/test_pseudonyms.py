"""Pseudonyms say nothing of whose they are, and the ids are nowhere but in the key file."""

from __future__ import annotations

import csv
import io
import sqlite3
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound
from qualcode.store import connection
from qualcode.study import surveys
from studies import make, read_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

IDS = [f"jane.doe-{number:03}" for number in range(60)]


def survey(ids: list[str], answer: str = "because of {}") -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "email", "region", "why"])
    for number, one in enumerate(ids):
        writer.writerow([one, f"{one}@example.org", "north", answer.format(number)])
    return text.getvalue()


def with_key(folder: Path, ids: list[str] = IDS, **options: object) -> Path:
    return make(
        folder,
        survey(ids),
        (),
        id_column="id",
        questions=(("why", "why"),),
        dropped=("email",),
        key_path=folder / "key.csv",
        **options,
    )


def again(study: Path, ids: list[str], key: Path | None, answer: str = "because of {}") -> int:
    later = study.with_name("later.csv")
    later.write_text(survey(ids, answer))
    with Study.open(study) as opened:
        done = surveys.import_survey(opened.database, later, by="tester", key_path=key)
    return done.intake.new_respondents


def key_of(study: Path) -> dict[str, str]:
    head, *rows = read_csv(study.with_name("key.csv"))
    assert head == ["pseudonym", "original"]
    return {original: pseudonym for pseudonym, original in rows}


def names(study: Path) -> list[str]:
    with Study.open(study, readonly=True) as opened:
        return [name for (name,) in opened.database.rows("SELECT name FROM respondent ORDER BY id")]


def bytes_of(folder: Path, *but: str) -> bytes:
    return b"".join(
        path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"survey.csv", "later.csv", *but}
    )


def test_the_key_file_maps_every_respondent_in_the_order_of_the_file(tmp_path: Path) -> None:
    study = with_key(tmp_path)
    key = key_of(study)
    assert names(study) == [key[one] for one in IDS]
    assert len(set(key.values())) == len(IDS)
    assert study.with_name("key.csv").stat().st_mode & 0o777 == 0o600
    assert sorted(key.values()) != [key[one] for one in IDS]


def test_two_studies_of_one_file_share_no_pseudonym(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert not set(names(with_key(tmp_path / "a"))) & set(names(with_key(tmp_path / "b")))


def test_no_id_and_no_dropped_column_is_anywhere_in_the_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(connection, "LONG_LOG", 0)
    study = with_key(tmp_path)
    with Study.open(study) as opened:
        session, _ = opened.session("ana", "why")
        session.decide(session.queue()[0])
        again(study, [*IDS, "john.roe"], tmp_path / "key.csv", "changed {}")
        assert study.with_name("study.db-wal").stat().st_size
        opened.backup(tmp_path / "copy.db")
        everything = bytes_of(tmp_path, "key.csv")
    everything += bytes_of(tmp_path, "key.csv")
    assert b"because of 7" in everything
    assert b"changed 7" in everything
    for trace in (b"jane.doe", b"john.roe", b"example.org"):
        assert trace not in everything


def test_the_same_id_keeps_its_pseudonym_and_new_ones_come_to_the_key(tmp_path: Path) -> None:
    study = with_key(tmp_path)
    before = key_of(study)
    assert again(study, [*IDS[::-1], "new-1", "new-2"], tmp_path / "key.csv") == 2
    after = key_of(study)
    assert {one: after[one] for one in IDS} == before
    assert set(names(study)) == set(after.values())
    assert study.with_name("key.csv").stat().st_mode & 0o777 == 0o600


def test_without_its_key_a_study_with_pseudonyms_takes_nothing_in(tmp_path: Path) -> None:
    study = with_key(tmp_path)
    with pytest.raises(InputError, match="have pseudonyms: without its key file"):
        again(study, IDS, None)
    with pytest.raises(NotFound, match="there is no key file"):
        again(study, IDS, tmp_path / "nosuch.csv")


def test_another_key_or_an_older_copy_is_refused(tmp_path: Path) -> None:
    study = with_key(tmp_path)
    (tmp_path / "b").mkdir()
    with_key(tmp_path / "b")
    with pytest.raises(InputError, match="is not the key of this study: it lacks 60"):
        again(study, IDS, tmp_path / "b" / "key.csv")
    older = (tmp_path / "key.csv").read_bytes()
    again(study, [*IDS, "new"], tmp_path / "key.csv")
    (tmp_path / "key.csv").write_bytes(older)
    with pytest.raises(InputError, match="it lacks 1 of its respondents"):
        again(study, [*IDS, "new"], tmp_path / "key.csv")


@pytest.mark.parametrize(
    "text", ["", "pseudonym,original\n", "a,b\n1,2\n", "pseudonym,original\nx\n"]
)
def test_what_is_no_key_file_is_bad_input(tmp_path: Path, text: str) -> None:
    study = with_key(tmp_path)
    other = tmp_path / "other.csv"
    other.write_text(text)
    with pytest.raises(InputError, match="is not a key file"):
        again(study, IDS, other)
    assert other.read_text() == text


def test_a_study_without_pseudonyms_does_not_get_them_later(tmp_path: Path) -> None:
    study = make(tmp_path, survey(IDS), (), id_column="id", questions=(("why", "why"),))
    with pytest.raises(InputError, match="have no pseudonyms"):
        again(study, IDS, tmp_path / "key.csv")
    assert not (tmp_path / "key.csv").exists()


def test_a_file_that_is_there_is_never_taken_for_a_new_key(tmp_path: Path) -> None:
    (tmp_path / "key.csv").write_text("mine")
    with pytest.raises(Conflict, match=r"key\.csv exists already"):
        with_key(tmp_path)
    assert (tmp_path / "key.csv").read_text() == "mine"
    assert not (tmp_path / "study.db").exists()


@pytest.mark.parametrize("text", [survey([*IDS, IDS[0]]), "id,email,region,why\n,x,y,because\n"])
def test_where_the_study_fails_there_is_no_key_either(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as raised:
        make(
            tmp_path,
            text,
            (),
            id_column="id",
            questions=(("why", "why"),),
            key_path=tmp_path / "key.csv",
        )
    assert "jane" not in raised.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["survey.csv"]


def test_a_study_that_cannot_be_placed_takes_its_key_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr("qualcode.store.building.connection.keep_safely", fail)
    with pytest.raises(sqlite3.OperationalError):
        with_key(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["survey.csv"]


def test_an_import_that_fails_leaves_study_and_key_together(tmp_path: Path) -> None:
    study = with_key(tmp_path)
    before = (tmp_path / "key.csv").read_bytes()
    with pytest.raises(InputError, match="a second time"):
        again(study, ["new", "new"], tmp_path / "key.csv")
    assert (tmp_path / "key.csv").read_bytes() == before
    assert len(names(study)) == len(IDS)


def test_a_long_file_gives_each_respondent_one_pseudonym(tmp_path: Path) -> None:
    rows = "respondent,question,text\njane,why,a\njane,how,b\njohn,why,c\n"
    study = make(tmp_path, rows, (), questions=(), key_path=tmp_path / "key.csv")
    assert set(key_of(study)) == {"jane", "john"}
    assert b"jane" not in study.read_bytes()


def test_the_commands_speak_of_the_key_and_never_print_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qualcode: Callable[..., Done]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "survey.csv").write_text(survey(IDS))
    words = ("new", "x.db", "survey.csv", "--id", "id", "--question", "why=why", "--drop", "email")
    dry = qualcode(*words, "--pseudonyms", "key.csv", "--dry-run")
    assert dry.code == 0
    assert not (tmp_path / "key.csv").exists()
    done = qualcode(*words, "--pseudonyms", "key.csv")
    assert "key.csv says whose the pseudonyms are" in done.err
    (tmp_path / "more.csv").write_text(survey([*IDS, "new"]))
    assert qualcode("import", "x.db", "more.csv").code == 2
    later = qualcode("import", "x.db", "more.csv", "--pseudonyms", "key.csv", "--json")
    assert later.json["new_respondents"] == 1
    info = qualcode("info", "x.db")
    assert "under pseudonyms" in info.out
    said = "".join(each.out + each.err for each in (dry, done, later, info))
    assert "jane" not in said


def test_a_later_file_need_not_have_the_column_that_was_dropped(tmp_path: Path) -> None:
    study = with_key(tmp_path)
    later = tmp_path / "later.csv"
    later.write_text("id,region,why\njane.doe-000,north,because of 0\n")
    with Study.open(study) as opened:
        done = surveys.import_survey(
            opened.database, later, by="tester", key_path=tmp_path / "key.csv"
        )
    assert done.intake.is_nothing
    assert done.new_attributes == ()


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
def test_a_dropped_column_leaves_nothing_in_the_study(tmp_path: Path, ending: str) -> None:
    secret = "Spelling-Elsewhere-77"
    text = {
        ".csv": f"id,email,why\nr1,{secret},because\nr2,{secret}x,never\n",
        ".tsv": f"id\temail\twhy\nr1\t{secret}\tbecause\nr2\t{secret}x\tnever\n",
        ".jsonl": f'{{"id": "r1", "email": "{secret}", "why": "because"}}\n',
    }[ending]
    study = make(tmp_path, text, (), ending=ending, questions=(("why", "why"),), dropped=("email",))
    assert secret.encode() not in study.read_bytes()
    assert b"because" in study.read_bytes()
