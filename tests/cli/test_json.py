"""With --json, stdout is exactly one JSON document."""

from __future__ import annotations

import json
import shutil
import unicodedata
from typing import TYPE_CHECKING

import click
import pytest

from qualcode.cli import COMMANDS, cli
from studies import BOOK, SURVEY, make, plant, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Done

LATER = "id,region,asked,weight,why,how\nr1,north,yes,1.5,changed,we call them\n"
CALLS = {
    ("new",): "new new.db survey.csv --question why=why --question how=how",
    ("design",): "design study.db --weight weight",
    ("import",): "import study.db later.csv",
    ("info",): "info study.db",
    ("home",): "home study.db",
    ("undo",): "undo study.db --coder ana",
    ("redo",): "redo study.db --coder ana",
    ("confirm",): "confirm study.db --coder ana",
    ("log",): "log study.db",
    ("codebook", "check"): "codebook check book0.yaml",
    ("codebook", "apply"): "codebook apply study.db book.yaml",
    ("codebook", "show"): "codebook show study.db",
    ("codebook", "diff"): "codebook diff study.db book.yaml",
    ("codebook", "rename"): "codebook rename study.db reach range",
    ("codebook", "move"): "codebook move study.db cheap reach",
    ("codebook", "retire"): "codebook retire study.db reach",
    ("codebook", "merge"): "codebook merge study.db reach cost",
    ("codebook", "split"): "codebook split study.db reach near far",
    ("codebook", "redefine"): "codebook redefine study.db reach --name Range",
    ("codebook", "versions"): "codebook versions study.db",
    ("codebook", "restore"): "codebook restore study.db 1",
    ("codebook", "undo"): "codebook undo study.db",
    ("codebook", "redo"): "codebook redo study.db",
    ("review",): "review study.db",
    ("import-codings",): "import-codings study.db more.csv",
    ("merge",): "merge study.db copy.db",
    ("doctor",): "doctor study.db",
    ("backup",): "backup study.db kept.db",
    ("restore",): "restore study.db --list",
    ("share",): "share study.db shared.db --keep region",
    ("agreement",): "agreement study.db --question why",
    ("disagreements",): "disagreements study.db --question why",
    ("assign",): "assign study.db --coder ana --coder ben --double 0.5",
    ("queue",): "queue study.db --coder ana --order random --draw 2",
    ("suggest",): "suggest study.db",
    ("evaluate",): "evaluate study.db --question why",
    ("frequencies",): "frequencies study.db --question why --by region",
    ("overlap",): "overlap study.db --question why",
    ("trend",): "trend study.db --question why --wave region",
    ("exemplars",): "exemplars study.db --question why --code reach",
    ("adjudicate",): "adjudicate study.db --question why --coder ana --respondent r1 --take A",
    ("clear",): "clear study.db --question why --coder pi --respondent r1",
    ("leaks",): "leaks study.db paper.md",
    ("figure",): "figure study.db themes themes.svg --question why",
    ("audit",): "audit study.db paper.md",
}
ELSEWHERE = {("regress",)}
"""It needs more answers than the small study has."""


def with_json() -> Iterator[tuple[str, ...]]:
    """Every command that takes --json."""
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        below = command.commands if isinstance(command, click.Group) else {"": command}
        for key, each in below.items():
            if each and any(option.name == "as_json" for option in each.params):
                yield (name, key) if key else (name,)


@pytest.fixture
def place(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small study in the current folder, coded by ana and ben, with files to take in."""
    take_in_codings(small, "r1,why,ana,reach,0,3", "r2,why,ana,,,", "r1,why,ben,cost,,")
    for name, text in {
        "survey.csv": SURVEY,
        "later.csv": LATER,
        "book0.yaml": BOOK,
        "book.yaml": BOOK.replace("version: 1", "version: 2").replace("Dear", "Expensive"),
        "paper.md": "Of the 4 who answered, 1 (25 %) named a wider reach.\n",
        "more.csv": "respondent,question,coder,code\nr6,why,bena,reach\n",
    }.items():
        small.with_name(name).write_text(text)
    shutil.copyfile(small, small.with_name("copy.db"))
    monkeypatch.chdir(small.parent)
    return small


def test_every_command_with_json_is_tried_here() -> None:
    assert set(with_json()) == set(CALLS) | ELSEWHERE


@pytest.mark.parametrize("command", list(CALLS), ids=" ".join)
def test_stdout_is_one_document_and_stderr_no_data(
    command: tuple[str, ...], place: Path, qualcode: Callable[..., Done]
) -> None:
    assert place.exists()
    done = qualcode(*CALLS[command].split(), "--json")
    assert done.code == 0
    assert isinstance(done.json, dict | list)
    assert done.err == ""


@pytest.mark.parametrize("command", list(CALLS), ids=" ".join)
def test_an_error_leaves_stdout_empty(
    command: tuple[str, ...], place: Path, qualcode: Callable[..., Done]
) -> None:
    place.unlink()
    for path in place.parent.glob("*.[cy]*"):
        path.unlink()
    done = qualcode(*CALLS[command].split(), "--json")
    assert (done.code, done.out) == (3, "")
    assert len(done.err.splitlines()) <= 2


def test_info_says_what_the_contract_says(place: Path, qualcode: Callable[..., Done]) -> None:
    qualcode("import", place, "later.csv")
    assert qualcode("info", place, "--json").json == {
        "study": str(place),
        "questions": [
            {
                "key": "why",
                "text": "why",
                "asked": 6,
                "not_asked": 0,
                "blank": 2,
                "substantive": 4,
                "coders": {"ana": 1, "ben": 0},
                "asked_about": {},
                "changed": 2,
                "split": {},
                "review": 0,
            },
            {
                "key": "how",
                "text": "how",
                "asked": 6,
                "not_asked": 0,
                "blank": 1,
                "substantive": 5,
                "coders": {"ana": 0, "ben": 0},
                "asked_about": {},
                "changed": 0,
                "split": {},
                "review": 0,
            },
        ],
        "respondents": 6,
        "sensitive": False,
        "pseudonyms": False,
        "shared": False,
        "codebooks": [{"name": "Small", "version": 1, "codes": 6}],
    }
    assert qualcode(place, "--json").json == qualcode("info", place, "--json").json


def test_import_says_what_came(place: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode("import", place, "later.csv", "--json").json
    assert {name: value for name, value in done.items() if value} == {
        "study": str(place),
        "source": "later.csv",
        "changed_answers": 1,
    }
    done = qualcode("import", place, "later.csv", "--json").json
    assert not any(value for name, value in done.items() if name not in {"study", "source"})


def test_undo_and_redo_say_what_they_did(place: Path, qualcode: Callable[..., Done]) -> None:
    undone = qualcode("undo", place, "--coder", "ANA", "--json").json
    redone = qualcode("redo", place, "--coder", "ana", "--json").json
    assert redone == undone | {"step": undone["step"] + 1}
    assert undone["kind"] == "import-codings"
    assert (undone["respondent"], undone["question"], undone["acts"]) == ("r1", "why", 2)
    assert qualcode("redo", place, "--coder", "ana", "--json").json == {"step": None}


def test_confirm_says_how_many(place: Path, qualcode: Callable[..., Done]) -> None:
    qualcode("import", place, "later.csv")
    done = qualcode("confirm", place, "--coder", "ana", "--question", "why", "--json").json
    assert done.pop("step")
    questions = [{"question": "why", "answers": 1}]
    assert done == {"coder": "ana", "answers": 1, "codings": 1, "questions": questions}
    done = qualcode("confirm", place, "--coder", "ana", "--json").json
    assert (done["step"], done["answers"], len(done["questions"])) == (None, 0, 2)
    assert qualcode("info", place, "--json").json["questions"][0]["changed"] == 1


def test_log_has_the_columns_of_the_journal(place: Path, qualcode: Callable[..., Done]) -> None:
    rows = qualcode("log", place, "--json").json
    names = "id step time coder act respondent question code source detail"
    assert all(" ".join(row) == names for row in rows)
    assert [row["act"] for row in rows[:2]] == ["import", "codebook"]
    code = next(row for row in rows if row["code"] == "reach")
    assert (code["coder"], code["act"], code["source"]) == ("ana", "code", "import codings.csv")
    expected = {"kind": "import-codings", "by": "tester", "start": 0, "end": 3}
    assert code["detail"] == expected
    assert qualcode("log", place, "--last", "1", "--json").json == rows[-1:]


def test_doctor_fails_on_an_error_and_not_on_a_warning(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    assert qualcode("doctor", place, "--json").json["ok"] is True
    folder = place.parent / "Dropbox"
    folder.mkdir()
    warned = qualcode("doctor", place.rename(folder / "study.db"), "--json")
    assert warned.code == 0
    assert warned.json["ok"] is True
    assert "warning" in {finding["level"] for finding in warned.json["findings"]}
    plant(folder / "study.db", "DELETE FROM coding")
    done = qualcode("doctor", folder / "study.db", "--json")
    assert (done.code, done.json["ok"]) == (1, False)
    assert done.err == ""
    assert qualcode("doctor", folder / "study.db").code == 1


def test_survey_text_in_json_is_exact_and_steers_no_terminal(
    tmp_path: Path, qualcode: Callable[..., Done]
) -> None:
    evil = 'Why\x1b[31m\u202e"\x9b\x7f\u2028 é 👩‍👩‍👧?'
    survey = f'id,"{evil.replace(chr(34), chr(34) * 2)}"\n1,because\n'
    study = make(tmp_path, survey, books=(), questions=(("Q1", evil),), id_column="id")
    done = qualcode("info", study, "--json")
    assert done.json["questions"][0]["text"] == evil
    assert not [c for c in done.out if unicodedata.category(c) in {"Cc", "Zl"} and c != "\n"]
    assert "\u202e" not in done.out
    shown = qualcode("info", study)
    assert "Why␛[31m\ufffd" in shown.out
    assert not set(shown.out) & set("\x1b\x9b\x7f\u202e\u2028")


def test_a_stream_that_is_not_unicode_gets_the_same_document(
    sample_built: Path, process: Callable[..., Done]
) -> None:
    words = ("codebook", "show", sample_built, "--json")
    plain = process(*words, env={"PYTHONIOENCODING": "ascii"})
    assert plain.code == 0
    assert plain.out.isascii()
    assert json.loads(plain.out) == process(*words).json
    table = process(*words[:-1], env={"PYTHONIOENCODING": "ascii"})
    assert (table.code, table.err) == (0, "")
