"""What the commands do that the screens and scripts rely on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from studies import (
    BOOK,
    SURVEY,
    answers,
    content,
    errors,
    make,
    read_csv,
    read_jsonl,
    take_in,
    take_in_codings,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done


@pytest.fixture
def place(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small study in the current folder, with its survey and codebook."""
    small.with_name("survey.csv").write_text(SURVEY)
    small.with_name("book.yaml").write_text(BOOK)
    monkeypatch.chdir(small.parent)
    return small


def test_new_takes_every_option(place: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode(
        *("new", "x.db", "survey.csv", "--id", "id", "--question", "a=why", "--question", "b=how"),
        *("--asked-if", 'a=asked == "yes"', "--weight", "weight", "--stratum", "region"),
        *("--codebook", "book.yaml", "--by", "tester"),
    )
    assert done.code == 0
    assert "Small" in done.err
    assert re.search(r"^a +why +1 +1 +4$", done.out, re.MULTILINE)
    assert answers(place.with_name("x.db"))["r3 a"] == "not_asked"
    with Study.open("x.db", readonly=True) as study:
        assert [row[3] for row in study.journal()] == ["tester", "tester"]
    shown = qualcode("design", "x.db", "--json").json
    assert (shown["weight"], shown["stratum"], shown["lonely_psu"]) == ("weight", "region", "error")


def test_new_can_drop_a_column(place: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode("new", "x.db", "survey.csv", "--question", "why=why", "--drop", "how", "--json")
    assert done.json["dropped"] == ["how"]
    assert done.json["attributes"] == ["region", "asked", "weight"]
    assert "by phone" not in "\n".join(content(place.with_name("x.db")))


def test_a_dry_run_prints_the_plan_and_writes_nothing(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    before = sorted(place.parent.iterdir())
    done = qualcode("new", "x.db", "survey.csv", "--question", "why=why", "--dry-run")
    assert done.code == 0
    assert "nothing was written" in done.err
    done = qualcode("new", "x.db", "survey.csv", "--question", "why=why", "--dry-run", "--json")
    assert (done.json["written"], done.json["rows"]) == (False, 6)
    assert sorted(place.parent.iterdir()) == before


def test_answers_typed_where_nobody_was_asked_are_listed(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    rule = ("--asked-if", 'why=region == "north"')
    words = "3 answers were typed where the rule says “not asked”; they are kept and coded:"
    questions = ("--question", "why=why", "--question", "how=how")
    done = qualcode("new", "x.db", "survey.csv", *questions, *rule)
    assert f"note: {words.replace('3', '2')} r2 why, r6 why" in done.err
    assert "2 answers" in qualcode("new", "y.db", "survey.csv", *questions, *rule, "--json").out
    assert f"note: {words.replace('3', '2')} r2 why, r6 why" in qualcode("design", place, *rule).err
    place.with_name("later.csv").write_text(SURVEY.splitlines()[0] + "\nr4,south,yes,1,typed,\n")
    assert "1 answers were typed" in qualcode("import", place, "later.csv").err
    done = qualcode("import", place, "later.csv")
    assert "typed" not in done.err
    assert "nothing new" in done.err


def test_a_study_alone_is_info(place: Path, qualcode: Callable[..., Done]) -> None:
    assert qualcode("study.db") == qualcode("info", "study.db")
    assert qualcode("./study.db", "--json").json["study"] == "study.db"
    take_in_codings(place, "r1,why,ana,reach,,")
    take_in(place, "id,region,asked,weight,why,how\nr1,north,yes,1.5,changed,we call them\n")
    out = qualcode("study.db").out
    assert "codebook “Small” version 1: 6 codes" in out
    assert "why: 1 codings lie on answers that have changed since" in out


def test_a_study_may_have_any_name(place: Path, qualcode: Callable[..., Done]) -> None:
    for name in ("informal", "a b", "ünï.sqlite", "#x?y%20.db", "[b].db"):
        place.with_name(name).write_bytes(place.read_bytes())
        assert qualcode(name).out == qualcode("info", name).out != ""
        assert qualcode("doctor", name).code == 0
        assert qualcode("design", name, "--weight", "weight").code == 0
        assert qualcode("backup", name, f"{name}-2").code == 0


def test_confirm_takes_over_and_undo_takes_it_back(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    take_in_codings(place, "r1,why,ana,reach,,", "r1,how,ana,cost,,")
    take_in(place, "id,region,asked,weight,why,how\nr1,north,yes,1.5,new,new\n")
    done = qualcode("confirm", place, "--coder", "Ana")
    assert done.err == "2 answers confirmed for ana, 2 codings taken over\n"
    assert re.search(r"^why +1$", done.out, re.MULTILINE)
    assert qualcode("undo", place, "--coder", "ana").err.startswith("undo: confirm on r1 why (4")
    done = qualcode("confirm", place, "--coder", "ana", "--question", "how")
    assert done.err.startswith("1 answers confirmed for ana")
    questions = qualcode("info", place, "--json").json["questions"]
    assert [(q["coders"], q["changed"]) for q in questions] == [({"ana": 0}, 1), ({"ana": 1}, 0)]
    assert errors(place) == []


def test_undo_and_redo_of_nothing_say_so(place: Path, qualcode: Callable[..., Done]) -> None:
    take_in_codings(place, "r1,why,ana,reach,,")
    assert qualcode("redo", place, "--coder", "ana").err == "nothing to redo\n"
    assert qualcode("undo", place, "--coder", "ana").code == 0
    done = qualcode("undo", place, "--coder", "ana")
    assert (done.code, done.err) == (0, "nothing to undo\n")


def test_a_coder_is_renamed(place: Path, qualcode: Callable[..., Done]) -> None:
    take_in_codings(place, "r1,why,ana,reach,,", "r1,why,ben,reach,,")
    assert qualcode("coder", "rename", place, "ana", " Ana  B ").code == 0
    assert qualcode("info", place, "--json").json["questions"][0]["coders"] == {
        "Ana B": 1,
        "ben": 1,
    }
    assert qualcode("coder", "rename", place, "Ana B", "BEN").code == 4


def test_import_codings_says_who_is_new_and_near(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    file = place.with_name("c.csv")
    file.write_text("respondent,question,coder,code\nr1,why,anna,reach\nr2,why,ana,reach\n")
    done = qualcode("import-codings", place, file)
    assert done.err.splitlines() == [
        "note: new coder ana; there is anna",
        "2 rows of anna, ana: 2 new",
    ]
    assert qualcode("import-codings", place, file).err == "2 rows of anna, ana: 0 new\n"


@pytest.mark.parametrize("kind", ["responses", "codings", "codebook", "journal"])
def test_every_kind_is_exported_in_every_format(
    kind: str, place: Path, qualcode: Callable[..., Done]
) -> None:
    take_in_codings(place, "r1,why,ana,reach,0,3", "r2,why,ana,,,")
    counts = set()
    for ending in (".csv", ".tsv", ".xlsx", ".jsonl"):
        done = qualcode("export", place, kind, f"out{ending}")
        assert (done.code, done.out) == (0, "")
        counts.add(done.err.partition(" ")[0])
    assert len(counts) == 1
    rows = read_csv(place.with_name("out.csv"))
    assert len(rows) - 1 == int(counts.pop()) == len(read_jsonl(place.with_name("out.jsonl")))
    columns = {
        "responses": "respondent question status text region asked weight",
        "codings": "respondent question coder code start end",
        "codebook": "codebook version path name hotkey definition include exclude examples"
        " keywords exclusive status retired merged_into split_into",
        "journal": "id step time coder act respondent question code source detail",
    }
    assert " ".join(rows[0]) == columns[kind]
    again = place.with_name("out.csv").read_bytes()
    assert qualcode("export", place, kind, "out.csv").code == 0
    assert place.with_name("out.csv").read_bytes() == again


def test_codebook_commands_agree(place: Path, qualcode: Callable[..., Done]) -> None:
    assert qualcode("codebook", "check", "book.yaml").err.endswith("6 codes, no errors\n")
    assert qualcode("codebook", "apply", place, "book.yaml").err.endswith("nothing new\n")
    for words in (
        ("codebook", "export", place, "out.yaml"),
        ("export", place, "codebook", "o.yaml"),
    ):
        assert qualcode(*words).code == 0
        assert place.with_name(str(words[-1])).read_text() == BOOK
    assert qualcode("codebook", "diff", place, "book.yaml").err == "no difference\n"
    shown = qualcode("codebook", "show", place).out
    assert shown.startswith("Small, version 1\n")
    assert re.search(r"^r +reach +Wider reach$", shown, re.MULTILINE)
    assert re.search(r"^b +cost/cheap +  Cheap$", shown, re.MULTILINE)
    assert "moved: reach → range" in qualcode("codebook", "rename", place, "reach", "range").err
    assert "moved: cost/dear → dear" in qualcode("codebook", "move", place, "dear", "").err
    assert "changed: dear" in qualcode("codebook", "retire", place, "Dear").err
    rows = qualcode("codebook", "diff", place, "book.yaml").out
    assert "reach" in rows
    done = qualcode("codebook", "apply", place, "book.yaml")
    assert done.code == 4
    assert "version 1 of “Small”, the study has version 4" in done.err


def test_a_text_that_changed_without_its_codes_is_said(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    place.with_name("book.yaml").write_text(BOOK.replace("version: 1", "version: 2"))
    done = qualcode("codebook", "apply", place, "book.yaml")
    assert "the codes are the same, the text is taken over" in done.err
    place.with_name("book.yaml").write_text(BOOK.replace("version: 1", "version: 2") + "# x\n")
    assert "better raise it" in qualcode("codebook", "apply", place, "book.yaml").err


def test_log_is_readable(place: Path, qualcode: Callable[..., Done]) -> None:
    take_in_codings(place, "r1,why,ana,reach,0,3")
    done = qualcode("log", place)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].split() == [
        *("id", "step", "time", "coder", "act", "respondent", "question", "code", "source"),
        "detail",
    ]
    assert "import-codings; start 0; end 3" in lines[-1]
    assert len(qualcode("log", place, "--last", "2").out.splitlines()) == 4


def test_by_says_who_did_it(place: Path, qualcode: Callable[..., Done]) -> None:
    qualcode("design", place, "--weight", "weight", "--by", "Dr. Who")
    qualcode("codebook", "rename", place, "reach", "range", "--by", "Dr. Who")
    rows = qualcode("log", place, "--json").json
    assert [row["coder"] for row in rows] == ["tester", "tester", "Dr. Who", "Dr. Who"]


def test_tables_line_up_and_hold_hostile_text(
    tmp_path: Path, qualcode: Callable[..., Done]
) -> None:
    survey = 'id,"日本\t語 e\u0301\n[red]x[/]",how\n1,because,"x"\n'
    study = make(tmp_path, survey, books=(), id_column="id",
                 questions=(("Q1", "日本\t語 e\u0301\n[red]x[/]"), ("how", "how")))  # fmt: skip
    lines = qualcode("info", study).out.splitlines()
    assert lines[3].startswith("Q1   日本 語 e\u0301 [red]x[/]  ")
    assert len({line.rstrip()[-1] for line in lines[3:5]}) == 1
    assert len(lines) == 5


def test_assignments_are_dealt_out_and_shown(
    sample: Path, tmp_path: Path, qualcode: Callable[..., Done]
) -> None:
    assert sample.exists()
    study = make(tmp_path, name="team.db")
    names = ("--coder", "ana", "--coder", "ben")
    done = qualcode("assign", study, *names, "--double", "0.5", "--question", "why")
    assert done.code == 0
    assert "6 new assignments; of 4 answers 2 are for several" in done.err
    shown = qualcode("assign", study, "--json").json
    assert [one["assigned"] for one in shown["coders"]] == [3, 3]
    assert [one["double"] for one in shown["coders"]] == [2, 2]
    out = tmp_path / "c.csv"
    assert qualcode("export", study, "codings", out).err.endswith("--lead shows them\n")
    assert "left out" not in qualcode("export", study, "codings", out, "--lead").err
