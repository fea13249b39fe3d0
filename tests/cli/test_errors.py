"""Every error is one line, at most one hint, an exit code, and nothing on stdout."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qualcode.cli.demo import NOTICE
from qualcode.store import connection
from studies import SURVEY, content

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

FILES = {
    "survey.csv": SURVEY,
    "twice.csv": SURVEY + "r1,north,yes,1,a,b\n",
    "ragged.csv": SURVEY + "r7,north\n",
    "text.db": "not a study",
    "empty.db": "",
    "bad.yaml": "codebook: x\nversion: 1\ncodes:\n  - key: a b\n",
    "book.yaml": "codebook: Small\nversion: 0\ncodes: []\n",
    "clash.yaml": "codebook: Other\ncodes:\n  - key: x\n    hotkey: r\n",
    "lost.yaml": "codebook: Small\nversion: 2\ncodes: []\n",
    "codings.csv": "respondent,question,coder,code\nr1,why,ana,reach\nr1,why,ana,nosuch\n",
    "unknown.csv": "respondent,question,coder,code\nr99,why,ana,reach\n",
    "survey.pdf": "x",
}


@pytest.fixture
def place(small: Path, monkeypatch: pytest.MonkeyPatch, qualcode: Callable[..., Done]) -> Path:
    """A folder with the small study, coded a little by ana, and files of every kind."""
    for name, text in FILES.items():
        small.with_name(name).write_text(text)
    (small.parent / "folder").mkdir()
    coded = small.with_name("good.csv")
    coded.write_text("respondent,question,coder,code\nr1,why,ana,reach\n")
    monkeypatch.chdir(small.parent)
    assert qualcode("import-codings", "study.db", "good.csv").code == 0
    return small


ERRORS = [
    # bad input
    (2, "info text.db", "text.db: is not a qualcode study"),
    (2, "text.db", "text.db: is not a qualcode study"),
    (2, "info empty.db", "empty.db: is not a qualcode study"),
    (2, "info folder", "folder: cannot be read"),
    (2, "new x.db twice.csv --id id", "twice.csv, row 8, column “id”: the id “r1” stands a"),
    (2, "new x.db ragged.csv", "ragged.csv, row 8"),
    (2, "new x.db survey.csv --id nosuch", "column “nosuch”"),
    (2, "new x.db survey.csv --question why", "--question why: write KEY="),
    (2, "new x.db survey.csv --question why=why --question why=how", "why stands twice"),
    (2, "new x.db survey.csv --asked-if why=asked==", "rule, position"),
    (2, "new x.db survey.csv --question why=why --weight region", "row 2, column “region”"),
    (2, "new x.db survey.pdf", "“.pdf” are not read"),
    (2, "new x.db survey.csv --header-row 0", "--header-row"),
    (2, "new x.db survey.csv --layout tall", "tall"),
    (2, "import study.db text.db", "“.db” are not read"),
    (2, "import-codings study.db codings.csv", "codings.csv, row 3, column “code”"),
    (2, "import-codings study.db unknown.csv", "unknown.csv, row 2, column “respondent”"),
    (2, "codebook check bad.yaml", "bad.yaml, row 4"),
    (2, "codebook apply study.db bad.yaml", "bad.yaml, row 4"),
    (2, "codebook apply study.db book.yaml", "book.yaml, row 2"),
    (2, "codebook apply study.db clash.yaml", "hotkey “r”"),
    (2, "codebook rename study.db reach b@d", "“b@d”"),
    (2, "coder rename study.db ana -", "cannot be called “-”"),
    (2, "design study.db --weight region", "“north” is not a weight"),
    (2, "design study.db --asked-if why", "write KEY="),
    (2, "export study.db responses out.pdf", "no format"),
    (2, "export study.db responses out.csv --wide", "--wide goes with codings"),
    (2, "export study.db codings study.db", "no format"),
    # usage
    (2, "nosuch", "No such command 'nosuch'"),
    (2, "info", "Missing argument 'STUDY'"),
    (2, "info study.db --nosuch", "No such option"),
    (2, "info study.db more", "unexpected extra argument"),
    (2, "code study.db", "Missing option '--coder'"),
    (2, "export study.db nosuch out.csv", "'nosuch' is not one of"),
    (2, "log study.db --last 0", "--last"),
    (2, "codebook nosuch", "No such command 'nosuch'"),
    (2, "undo study.db --by x", "No such option"),
    (2, "design study.db --by ", "a name is not empty"),
    # not found
    (3, "missing.db", "there is no study missing.db"),
    (3, "./missing", "there is no study ./missing"),
    (3, "info missing.db", "there is no study missing.db"),
    (3, "code missing.db --coder ana", "there is no study missing.db"),
    (3, "new x.db missing.csv", "there is no file missing.csv"),
    (3, "new none/x.db survey.csv", "there is no folder none"),
    (3, "new x.db survey.csv --codebook missing.yaml", "there is no file missing.yaml"),
    (3, "new x.db survey.csv --question why=why --asked-if whi=asked==1", "no question “whi”"),
    (3, "import study.db missing.csv", "there is no file missing.csv"),
    (3, "import-codings study.db missing.csv", "there is no file missing.csv"),
    (3, "undo study.db --coder anna", "there is no coder “anna”"),
    (3, "redo study.db --coder anna", "there is no coder “anna”"),
    (3, "confirm study.db --coder anna", "there is no coder “anna”"),
    (3, "confirm study.db --coder ana --question whi", "there is no question “whi”"),
    (3, "coder rename study.db anna x", "there is no coder “anna”"),
    (3, "codebook check missing.yaml", "there is no file missing.yaml"),
    (3, "codebook rename study.db raech x", "there is no code “raech”"),
    (3, "codebook move study.db reach nosuch", "there is no code “nosuch”"),
    (3, "codebook retire study.db nosuch", "there is no code “nosuch”"),
    (3, "codebook export study.db out.yaml --codebook x", "there is no codebook “x”"),
    (3, "design study.db --weight wait", "there is no column “wait”"),
    (3, "export study.db codings none/out.csv", "there is no folder none"),
    (3, "backup study.db none/out.db", "there is no folder none"),
    # conflict
    (4, "new study.db survey.csv", "study.db exists already"),
    (4, "new folder survey.csv", "folder exists already"),
    (4, "backup study.db survey.csv", "survey.csv exists already"),
    (4, "codebook apply study.db lost.yaml", "codings would be lost: reach (1)"),
    (4, "codebook rename study.db reach cost", "“cost”"),
    (4, "export study.db codings folder.csv", "folder.csv is a folder"),
    # failed
    (1, "code study.db --coder ana", "needs a terminal"),
]


@pytest.mark.parametrize(("code", "words", "message"), ERRORS, ids=[row[1] for row in ERRORS])
def test_an_error_is_one_line_with_its_exit_code(
    code: int, words: str, message: str, place: Path, qualcode: Callable[..., Done]
) -> None:
    (place.parent / "folder.csv").mkdir()
    before = content(place)
    names = sorted(path.name for path in place.parent.iterdir())
    done = qualcode(*words.split(" "))
    lines = done.err.splitlines()
    assert lines[0].startswith("Error: ")
    assert message in lines[0]
    assert done.code == code
    assert done.out == ""
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("Hint: "))
    assert content(place) == before
    assert sorted(path.name for path in place.parent.iterdir()) == names


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("undo study.db --coder anna", "did you mean “ana”?"),
        ("codebook retire study.db raech", "did you mean “reach”?"),
        ("code study.db", "qualcode code --help"),
        ("missing.db", "qualcode new makes one"),
    ],
)
def test_a_hint_says_what_to_do(
    words: str, hint: str, place: Path, qualcode: Callable[..., Done]
) -> None:
    assert place.exists()
    assert qualcode(*words.split()).err.splitlines()[1] == f"Hint: {hint}"


def test_hostile_names_and_contents_are_made_visible(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    evil = "a\x1b[31m\u202eb\r\nError: c\x9b"
    Path(f"{evil}.csv").write_text(f'respondent,question,coder,code\nr1,why,ana,"{evil}"\n')
    Path(f"{evil}.db").write_text("x")
    shutil.copyfile(place, f"{evil}2.db")
    for words in (
        (f"{evil}.db",),
        (f"{evil}none.db",),
        (evil,),
        ("info", "study.db", evil),
        ("import-codings", "study.db", f"{evil}.csv"),
        ("new", "x.db", f"{evil}.csv"),
        ("new", f"{evil}.db", f"{evil}.csv"),
        ("undo", "study.db", "--coder", evil),
        ("codebook", "retire", "study.db", evil),
        ("design", "study.db", "--asked-if", evil),
        ("design", "study.db", "--by", evil),
    ):
        done = qualcode(*words)
        assert done.code
        assert done.out == ""
        assert not set(done.err) & set("\x1b\x9b\u202e\r"), words
        assert len(done.err.splitlines()) <= 2
        assert [line[:7] == "Error: " for line in done.err.splitlines()].count(True) == 1
    done = qualcode(f"{evil}2.db")
    assert done.code == 0
    assert not set(done.out) & set("\x1b\x9b\u202e\r")
    assert done.out.startswith("a␛[31m\ufffdb␍ Error: c\ufffd2.db: 6 respondents\n")


def test_bytes_that_are_no_text_in_a_name_are_no_crash(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    name = os.fsdecode(b"caf\xe9.db")
    os.rename(place, name)  # noqa: PTH104 - a name that is no text
    done = qualcode("info", name, "--json")
    assert (done.code, done.json["respondents"]) == (0, 6)
    assert qualcode(name).code == 0
    assert qualcode("backup", name, os.fsdecode(b"\xff.db")).code == 0
    for words in (
        ("undo", name, "--coder", "\udce9"),
        ("design", name, "--blank", "\udce9"),
        ("design", name, "--by", "\udce9"),
        ("codebook", "rename", name, "reach", "\udce9"),
        ("info", f"{name}\udcff"),
    ):
        done = qualcode(*words)
        assert done.code in {2, 3}
        assert done.err.startswith("Error: ")


def test_a_name_that_is_too_long_is_one_plain_error(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    assert place.exists()
    long = "x" * 300
    for words in (
        (long,),
        (f"{long}.db",),
        ("info", long),
        ("new", long, "survey.csv"),
        ("new", "x.db", f"{long}.csv"),
        ("backup", "study.db", long),
        ("export", "study.db", "codings", f"{long}.csv"),
        ("codebook", "check", long),
        ("demo", long, "--no-open"),
    ):
        done = qualcode(*words)
        assert done.code in {1, 2, 3}
        talk = done.err.removeprefix(f"{NOTICE}\n")
        assert talk.startswith("Error: ")


def test_a_held_study_is_exit_4(
    place: Path, qualcode: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.2)
    holder = connection.open_to_write(place)
    with holder.transaction():
        assert qualcode("undo", place, "--coder", "ana").code == 4
        assert qualcode("info", place).code == 0
    holder.close()
    assert qualcode("undo", place, "--coder", "ana").code == 0


def test_an_old_sqlite_is_one_line(
    place: Path, qualcode: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "OLDEST_SQLITE", (99, 0, 0))
    done = qualcode("info", place)
    assert done.code == 1
    assert done.err.splitlines()[0].endswith("is too old: qualcode needs 99.0.0 or newer")
