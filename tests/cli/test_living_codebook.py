"""The commands by which a codebook lives on: what they print, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from studies import BOOK, body, codings, errors, plant, read_csv, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Run = Callable[..., Done]

CHANGES = [
    "apply book.yaml",
    "rename reach range",
    "move cheap reach",
    "retire reach",
    "merge reach cost",
    "split reach near far --name near=Near",
    "redefine reach --definition Wide --example one --example two",
    "restore 1",
    "undo",
    "redo",
]


@pytest.fixture
def coded(small: Path) -> Path:
    """The small study with codings of two, and a codebook with a history."""
    (small.parent / "book.yaml").write_text(BOOK.replace("version: 1", "version: 9"), "utf-8")
    take_in_codings(small, "r1,why,ana,reach,,", "r1,why,ben,cost,,", "r2,why,ana,cost/dear,,")
    return small


@pytest.mark.parametrize("words", CHANGES)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_dry_run_changes_no_byte(
    words: str, form: tuple[str, ...], coded: Path, qualcode: Run
) -> None:
    qualcode("codebook", "redefine", coded, "dear", "--name", "Expensive")
    if words == "redo":
        qualcode("codebook", "undo", coded)
    there = {path.name: path.read_bytes() for path in coded.parent.glob("study.db*")}
    name, *rest = words.split()
    rest = [str(coded.parent / word) if word.endswith(".yaml") else word for word in rest]
    done = qualcode("codebook", name, coded, *rest, "--dry-run", *form)
    assert done.code == 0
    assert {path.name: path.read_bytes() for path in coded.parent.glob("study.db*")} == there
    made = qualcode("codebook", name, coded, *rest, *form)
    assert made.code == 0
    if form:
        assert {key: done.json[key] for key in made.json} == made.json
        assert set(done.json) == {*made.json, "touched", "counts", "reopened", "pending"}
    else:
        assert "nothing was written" in done.err
    assert errors(coded) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("merge reach coast", 3, "there is no code “coast”"),
        ("merge coast reach", 3, "there is no code “coast”"),
        ("merge reach reach", 4, "into itself"),
        ("merge cost cost/cheap", 4, "a code below it"),
        ("merge reach nothing", 4, "cannot count as one"),
        ("merge reach uncodable", 4, "cannot count as one"),
        ("split reach near", 2, "two or more"),
        ("split reach near near", 2, "near stands twice"),
        ("split reach near cost", 4, "there is a code “cost” already"),
        ("split reach near fa/r", 2, "is no key"),
        ("split reach near far --name nar=X", 2, "--name nar"),
        ("split coast near far", 3, "there is no code “coast”"),
        ("redefine reach", 2, "nothing to change"),
        ("redefine coast --name X", 3, "there is no code “coast”"),
        ("restore 7", 3, "has no version 7"),
        ("restore 1 --codebook Big", 3, "there is no codebook “Big”"),
        ("diff", 2, "either FILE, or --from N"),
        ("diff --from 8", 3, "has no version 8"),
        ("manual out.pdf", 2, ".html or .md"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    words: str, code: int, said: str, coded: Path, qualcode: Run
) -> None:
    before = coded.read_bytes()
    name, *rest = words.split()
    done = qualcode("codebook", name, coded, *rest)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert 1 <= len(done.err.splitlines()) <= 2
    if name not in {"diff", "manual"}:
        assert qualcode("codebook", name, coded, *rest, "--dry-run").code == code
    assert coded.read_bytes() == before


def test_there_is_nothing_to_undo_at_first(coded: Path, qualcode: Run) -> None:
    for verb in ("undo", "redo"):
        done = qualcode("codebook", verb, coded)
        assert (done.code, done.err) == (0, f"nothing to {verb}\n")
        assert qualcode("codebook", verb, coded, "--json").json == {"name": None, "version": None}


def test_the_preview_shows_counts_under_every_rule(coded: Path, qualcode: Run) -> None:
    found = qualcode("codebook", "merge", coded, "reach", "cost", "--dry-run", "--json").json
    assert found["touched"] == [
        {"code": "reach", "codings": 1, "answers": 1, "coders": 1},
        {"code": "cost", "codings": 1, "answers": 1, "coders": 1},
    ]
    counts = {(one["code"], one["rule"]): (one["before"], one["after"]) for one in found["counts"]}
    assert counts[("cost", "unanimous")] == (1, 2)
    split = qualcode("codebook", "split", coded, "reach", "a", "b", "--dry-run", "--json").json
    assert split["reopened"] == {"why": {"ana": 1}}
    assert split["counts"] == []


def test_versions_and_their_differences_are_printed(coded: Path, qualcode: Run) -> None:
    qualcode("codebook", "merge", coded, "reach", "cost", "--by", "Ada")
    qualcode("codebook", "undo", coded, "--by", "Ada")
    listed = qualcode("codebook", "versions", coded, "--json").json
    assert [(one["version"], one["by"], one["changes"]) for one in listed] == [
        (1, "tester", ["first version, 6 codes"]),
        (2, "Ada", ["merged reach into cost"]),
        (3, "Ada", ["took back: merged reach into cost"]),
    ]
    assert "merged reach into cost" in qualcode("codebook", "versions", coded).out
    changes = qualcode("codebook", "diff", coded, "--from", 1, "--to", 2, "--json").json
    assert {"change": "changed", "code": "reach", "field": "merged_into", "before": "",
            "after": "cost"} in changes  # fmt: skip
    assert qualcode("codebook", "diff", coded, "--from", 1, "--json").json == [
        {"change": "changed", "code": "", "field": "version", "before": "1", "after": "3"}
    ]


def test_the_codebook_shows_what_became_of_a_code(coded: Path, qualcode: Run) -> None:
    qualcode("codebook", "merge", coded, "reach", "cost")
    qualcode("codebook", "split", coded, "dear", "rather", "very")
    shown = qualcode("codebook", "show", coded).out
    assert "merged into cost" in shown
    assert "split into cost/rather, cost/very" in shown
    [book] = qualcode("codebook", "show", coded, "--json").json
    links = {code["path"]: (code["merged_into"], code["split_into"]) for code in book["codes"]}
    assert links["reach"] == ("cost", [])
    assert links["cost/dear"] == (None, ["cost/rather", "cost/very"])
    table = coded.with_name("book.csv")
    qualcode("export", coded, "codebook", table)
    assert read_csv(table)[1][-2:] == ["cost", ""]
    assert "answers to code anew" in qualcode("info", coded).out


HOSTILE = "<b>&\u202e\x1b[2J|`#` “x”\n"


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_the_manual_has_every_code_with_its_key_and_every_change(
    ending: str, coded: Path, qualcode: Run
) -> None:
    qualcode("codebook", "redefine", coded, "reach", "--definition", HOSTILE, "--name", HOSTILE)
    qualcode("codebook", "split", coded, "dear", "rather", "very", "--by", "Ada")
    qualcode("codebook", "merge", coded, "cheap", "cost", "--by", "Ada")
    out = coded.with_name(f"manual{ending}")
    assert qualcode("codebook", "manual", coded, out).code == 0
    page = body(out.read_text("utf-8"))
    for words in ("Ada", "tester", "2.1 Cheap", "first version, 6 codes", "key r"):
        assert words in page.replace("\\", "")
    for words in ("merged into cost", "cost/rather", "cannot be coded"):
        assert words.lower() in page.lower()
    for bad in ("\u202e", "\x1b", "<b>"):
        assert bad not in page
    if ending == ".html":
        targets = page.count('href="#code-')
        assert targets == page.count('id="code-') == 8


@pytest.fixture
def noted(coded: Path) -> Path:
    """A study with memos and flags of two."""
    with Study.open(coded) as opened:
        ana, _ = opened.session("ana", "why")
        first, second, third, _ = ana.queue()
        ana.write_memo(first, "too wide? @cost/dear @nobody ana@example.org")
        ana.flag(second)
        ben, _ = opened.session("ben", "why")
        ben.write_memo(first, HOSTILE.strip())
        ben.write_memo(third, "what is this")
    return coded


def queue(study: Path, qualcode: Run, *words: Any) -> list[tuple[Any, ...]]:
    found = qualcode("review", study, *words, "--json").json
    return [(one["respondent"], one["coder"], one["kind"], one["codes"]) for one in found]


def test_the_queue_lists_memos_and_flags_by_code(noted: Path, qualcode: Run) -> None:
    assert queue(noted, qualcode) == [
        ("r1", "ben", "memo", ["cost"]),
        ("r1", "ana", "memo", ["cost/dear"]),
        ("r2", "ana", "flag", ["cost/dear"]),
        ("r5", "ben", "memo", []),
    ]
    assert queue(noted, qualcode, "--code", "dear") == queue(noted, qualcode)[1:3]
    assert queue(noted, qualcode, "--question", "how") == []
    qualcode("codebook", "merge", noted, "dear", "reach")
    assert ("r1", "ana", "memo", ["reach"]) in queue(noted, qualcode)
    printed = qualcode("review", noted)
    assert printed.code == 0
    assert "\x1b" not in printed.out
    assert "4 memos and flags, 4 open" in printed.err


def test_what_is_dealt_with_leaves_the_queue_and_undo_brings_it_back(
    noted: Path, qualcode: Run
) -> None:
    items = qualcode("review", noted, "--json").json
    memo, flag = items[0]["id"], items[2]["id"]
    assert qualcode("review", noted, "--done", memo, "--by", "Ada", "--note", HOSTILE).code == 0
    assert qualcode("review", noted, "--done", flag, "--by", "Ada").code == 0
    assert len(queue(noted, qualcode, "--open")) == 2
    assert errors(noted) == []
    found = {one["id"]: one for one in qualcode("review", noted, "--json").json}
    assert (found[memo]["reviewer"], found[memo]["note"]) == ("Ada", HOSTILE)
    again = qualcode("review", noted, "--done", flag, "--by", "Ada")
    assert again.err == f"{flag} was dealt with already\n"
    assert qualcode("undo", noted, "--coder", "ada").code == 0
    assert len(queue(noted, qualcode, "--open")) == 3
    qualcode("redo", noted, "--coder", "Ada")
    assert len(queue(noted, qualcode, "--open")) == 2
    qualcode("undo", noted, "--coder", "Ada")
    qualcode("undo", noted, "--coder", "Ada")
    assert len(queue(noted, qualcode, "--open")) == 4
    assert errors(noted) == []


def test_another_memo_is_another_question(noted: Path, qualcode: Run) -> None:
    items = qualcode("review", noted, "--json").json
    for item in items:
        qualcode("review", noted, "--done", item["id"], "--by", "Ada")
    assert queue(noted, qualcode, "--open") == []
    with Study.open(noted) as opened:
        ben, _ = opened.session("ben", "why")
        ben.write_memo(ben.queue()[0], "and now?")
        assert len(queue(noted, qualcode, "--open")) == 1
        opened.undo("ben")
        assert queue(noted, qualcode, "--open") == []
        ana, _ = opened.session("ana", "why")
        ana.flag(ana.queue()[1])
        ana.flag(ana.queue()[1])
    assert queue(noted, qualcode, "--open") == [("r2", "ana", "flag", ["cost/dear"])]
    assert errors(noted) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--done", 999), 3, "there is no memo or flag 999"),
        (("--done", 0), 2, "0 is not in the range"),
        (("--note", "x"), 2, "go with --done"),
        (("--by", "Ada"), 2, "go with --done"),
        (("--code", "coast"), 3, "there is no code"),
        (("--question", "who"), 3, "there is no question"),
    ],
)
def test_a_wrong_review_is_one_line(
    words: tuple[Any, ...], code: int, said: str, noted: Path, qualcode: Run
) -> None:
    before = codings(noted)
    done = qualcode("review", noted, *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert codings(noted) == before


def test_doctor_sees_a_review_that_is_not_in_the_journal(noted: Path, qualcode: Run) -> None:
    item = qualcode("review", noted, "--json").json[0]["id"]
    qualcode("review", noted, "--done", item, "--by", "Ada")
    plant(noted, "UPDATE review SET note = 'other'")
    assert len(errors(noted)) == 1


def test_no_name_steers_the_manual(small: Path, qualcode: Callable[..., Done]) -> None:
    evil = "<script>alert(1)</script> | [x](javascript:y) `z`"
    done = qualcode("codebook", "redefine", small, "reach", "--name", evil, "--by", "<b>Ada</b>")
    assert done.code == 0
    for ending in ("html", "md"):
        out = small.with_name(f"manual.{ending}")
        assert qualcode("codebook", "manual", small, out).code == 0
        written = out.read_text("utf-8")
        assert "alert(1)" in written
        assert "<script>alert" not in written
        assert "<b>Ada" not in written
        assert "[x](" not in written or ending == "html"
