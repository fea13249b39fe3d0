"""What leaves the study: figures, the report, its source, quotes – and what must not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from qualcode import Study
from qualcode.exporters import Table, write_table
from qualcode.exporters.documents import (
    ENDINGS,
    Document,
    Grid,
    Quote,
    Section,
    write_document,
)
from qualcode.exporters.figures import Chart, Point, Series, write_figure
from qualcode.study.quotes.leaks import leaked
from qualcode.study.quotes.written import words_of
from studies import apply_book, make, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

PLANTED = "We have 11 officers total. There is no unit, there's me when I am not on patrol"
REPORTS = (".html", ".docx", ".md", ".tex", ".txt")


@pytest.fixture(scope="module")
def cleared(sample_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample study with some quotes cleared, one of them with words replaced."""
    study = tmp_path_factory.mktemp("cleared") / "study.db"
    shutil.copy(sample_built, study)
    with Study.open(study) as opened:
        session, _ = opened.clearing("pi", opened.question("Q5"))
        for respondent in ("R022", "R035", "R001"):
            session.clear(session.answer_of(respondent))
        answer = session.answer_of("R013")
        session.replace(answer, "money", "means")
        session.clear(answer)
    return study


@pytest.mark.parametrize("ending", REPORTS)
def test_a_report_holds_cleared_quotes_and_no_other_answer(
    cleared: Path, tmp_path: Path, ending: str, qualcode: Command
) -> None:
    out = tmp_path / f"report{ending}"
    done = qualcode("report", cleared, out, "--question", "Q5", "--by", "agency_type")
    assert done.code == 0, done.err
    words = " ".join(words_of(out).split())
    assert "[means]" in words
    assert "swiping through it" in words
    assert "the money for the box" not in words
    assert qualcode("leaks", cleared, out).code == 0


def test_numbers_in_the_highlights_lead_to_the_cells_that_hold_them(
    cleared: Path, tmp_path: Path, qualcode: Command
) -> None:
    out = tmp_path / "report.html"
    qualcode("report", cleared, out, "--question", "Q5", "--by", "agency_type")
    page = out.read_text("utf-8")
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', page)
    assert len(links) > 8
    for target, words in links:
        (cell,) = re.findall(rf'<td id="{target}"[^>]*>([^<]*)</td>', page)
        assert re.findall(r"[\d.]+", words)[0] in cell


def test_a_report_says_how_its_numbers_were_made_and_what_they_cannot_say(
    cleared: Path, tmp_path: Path, qualcode: Command
) -> None:
    out = tmp_path / "report.txt"
    qualcode("report", cleared, out, "--question", "Q1", "--question", "Q5")
    words = " ".join(out.read_text("utf-8").split())
    for said in (
        "Q5 read: “What are your biggest concerns about technology in these cases?”.",
        'It was asked where investigated == "yes"',
        "Three coders coded the answers",
        "Rule: majority",
        "weights from “weight” and strata from “stratum”",
        "“Concerns and needs” version 1",
        "qualcode 0.1.0",
        "144 respondents of 3,800 invited (3.8 %) took part",
        "The base is small (n = 44): intervals are wide.",
        "cells are suppressed",
    ):
        assert said in words, said


def test_who_was_invited_is_told_where_it_is_known(
    cleared: Path, tmp_path: Path, qualcode: Command
) -> None:
    flow = qualcode("figure", cleared, "flow", tmp_path / "f.svg", "--question", "Q1").out
    assert "Invited: 3,800. Then Took part: 144" in flow
    assert "Then Asked: 45" in flow
    study = tmp_path / "study.db"
    shutil.copy(cleared, study)
    assert qualcode("design", study, "--invited", "0").code == 0
    qualcode("report", study, tmp_path / "r.txt", "--question", "Q1")
    words = " ".join((tmp_path / "r.txt").read_text("utf-8").split())
    assert "144 respondents took part" in words
    assert "How many were invited is not on record" in words
    flow = qualcode("figure", study, "flow", tmp_path / "f.svg", "--question", "Q1").out
    assert "Invited" not in flow


def test_a_code_named_in_the_words_of_an_answer_leaks_nothing_new(tmp_path: Path) -> None:
    study = make(tmp_path)
    take_in_codings(study, "r1,why,ana,reach,,")
    with Study.open(study) as opened:
        assert len(leaked(opened.database, "Ads are cheap, and nobody is watching them")) == 1
    named = (
        study.with_name("book0.yaml")
        .read_text("utf-8")
        .replace("name: Wider reach", "name: Ads are cheap, and nobody is watching them")
    )
    apply_book(study, named.replace("version: 1", "version: 2"))
    with Study.open(study) as opened:
        assert leaked(opened.database, "Ads are cheap, and nobody is watching them") == []


@pytest.mark.parametrize("ending", [*ENDINGS, ".svg", ".json", ".jsonl", ".csv", ".qmd"])
def test_a_planted_quote_is_found_in_every_format(
    cleared: Path, tmp_path: Path, ending: str, qualcode: Command
) -> None:
    out = tmp_path / f"planted{ending}"
    if ending in ENDINGS:
        grid = Grid(("who", "what"), (("somebody", PLANTED),))
        write_document(
            out, Document("T", (Section("H", ("p",), grid, quotes=(Quote("", PLANTED, ""),)),))
        )
    elif ending == ".svg":
        chart = Chart("bars", PLANTED, ("a",), (Series("s", (Point(1.0),)),), "axis")
        write_figure(out, chart)
    elif ending == ".jsonl":
        write_table(out, Table("t", ("a",), [(PLANTED,)]))
    else:
        out.write_text(
            f'{{"text": "{PLANTED}"}}' if ending == ".json" else f"> {PLANTED}\n", "utf-8"
        )
    done = qualcode("leaks", cleared, out, "--json")
    assert done.code == 1
    assert {leak["respondent"] for leak in done.json["leaks"]} == {"R015"}


def test_a_report_that_would_leak_is_not_written(
    cleared: Path, tmp_path: Path, qualcode: Command
) -> None:
    out = tmp_path / "report.md"
    out.write_text("as it was", "utf-8")
    done = qualcode("report", cleared, out, "--question", "Q5", "--title", PLANTED)
    assert (done.code, out.read_text("utf-8")) == (1, "as it was")
    assert "R015" in done.err
    assert len(done.err.splitlines()) == 2


def test_a_codebook_whose_example_is_an_answer_is_no_appendix_until_it_is_cleared(
    tmp_path: Path, qualcode: Command
) -> None:
    study = study_of(tmp_path)
    apply_book(
        study,
        study.with_name("book0.yaml")
        .read_text("utf-8")
        .replace("version: 1", "version: 2")
        .replace("hotkey: r", "hotkey: r\n    examples: ['Ads are cheap, and nobody is watching']"),
    )
    out = tmp_path / "codebook.md"
    done = qualcode("export", study, "codebook", out)
    assert (done.code, out.exists()) == (1, False)
    assert "the answer of r1 to why" in done.err
    take_in_codings(study, "r1,why,ana,reach,,")
    qualcode("clear", study, "--coder", "pi", "--question", "why", "--respondent", "r1")
    assert qualcode("export", study, "codebook", out).code == 0
    assert "nobody is watching" in out.read_text("utf-8")


@pytest.mark.parametrize("kind", ["themes", "groups", "agreement", "flow", "trend"])
def test_every_figure_is_drawn_with_its_words_and_its_numbers(
    cleared: Path, tmp_path: Path, kind: str, qualcode: Command
) -> None:
    more = {"groups": ("--by", "agency_type"), "trend": ("--wave", "jurisdiction_size")}
    out, data = tmp_path / "f.svg", tmp_path / "f.csv"
    call = ("figure", cleared, kind, out, "--question", "Q5", *more.get(kind, ()), "--data", data)
    done = qualcode(*call)
    assert done.code == 0, done.err
    assert len(done.out) > 100
    assert ET.parse(out).getroot().tag.endswith("svg")
    assert len(data.read_text("utf-8").splitlines()) > 3
    assert qualcode(*call[:3], tmp_path / "f.png", *call[4:]).code == 0
    assert (tmp_path / "f.png").read_bytes()[:4] == b"\x89PNG"


def test_what_is_suppressed_in_the_table_has_no_number_in_the_figure(
    cleared: Path, tmp_path: Path, qualcode: Command
) -> None:
    call = (cleared, "--question", "Q5")
    table = qualcode("frequencies", *call, "--json").json
    figure = qualcode("figure", cleared, "themes", tmp_path / "f.svg", *call[1:], "--json").json
    named = {row[1].lstrip("– "): row[2] for row in figure["rows"]}
    hidden = [row["name"] for row in table["rows"] if row["suppressed"]]
    assert hidden
    assert {named[name] for name in hidden} == {""}
    for row in table["rows"]:
        if not row["suppressed"]:
            assert float(named[row["name"]]) == pytest.approx(row["weighted_percent"])


def study_of(folder: Path, *codings: str) -> Path:
    study = make(folder)
    if codings:
        take_in_codings(study, *codings)
    return study


@pytest.mark.parametrize(
    ("codings", "words", "code", "message"),
    [
        ((), ("report", "{}", "r.html"), 1, "no answer is coded yet"),
        ((), ("exemplars", "{}", "--question", "why", "--code", "reach"), 1, "no answer has it"),
        (
            ("r1,why,ana,reach,,",),
            ("exemplars", "{}", "--question", "why", "--code", "reach", "--cleared"),
            1,
            "nothing of it is cleared",
        ),
        (("r1,why,ana,reach,,",), ("export", "{}", "quotes", "q.csv"), 1, "nothing is cleared"),
        (("r1,why,ana,reach,,",), ("report", "{}", "r.pdf"), 2, "the endings are"),
        (("r1,why,ana,reach,,",), ("report", "{}", "no/r.html"), 3, "there is no folder"),
        (("r1,why,ana,reach,,",), ("report", "{}", "r.html", "--question", "x"), 3, "no question"),
        (("r1,why,ana,reach,,",), ("report", "{}", "r.html", "--voice", "x"), 3, "no attribute"),
        (("r1,why,ana,reach,,",), ("figure", "{}", "groups", "f.svg"), 2, "--by ATTRIBUTE"),
        (("r1,why,ana,reach,,",), ("figure", "{}", "themes", "f.gif"), 2, "the endings are"),
        ((), ("audit", "{}", "nosuch.md"), 3, "there is no manuscript"),
        ((), ("leaks", "{}", "nosuch.md"), 3, "there is no file"),
        ((), ("clear", "{}", "--coder", "pi", "--question", "why"), 1, "needs a terminal"),
        ((), ("clear", "{}", "--coder", "pi", "--withhold"), 2, "go with --respondent"),
        (
            ("r1,why,ana,uncodable,,",),
            ("exemplars", "{}", "--question", "why", "--code", "uncodable"),
            2,
            "it is no theme",
        ),
    ],
)
def test_what_cannot_be_is_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    codings: tuple[str, ...],
    words: tuple[str, ...],
    code: int,
    message: str,
    qualcode: Command,
) -> None:
    study = study_of(tmp_path, *codings)
    monkeypatch.chdir(tmp_path)
    if words[:2] == ("figure", "{}"):
        words = (*words, "--question", "why")
    before = sorted(tmp_path.iterdir())
    done = qualcode(*(word.format(study) for word in words))
    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert len(done.err.splitlines()) <= 2
    assert sorted(tmp_path.iterdir()) == before


def test_one_coder_is_said_and_hides_no_number(tmp_path: Path, qualcode: Command) -> None:
    study = study_of(tmp_path, *(f"r{n},why,ana,reach,," for n in (1, 2, 5, 6)))
    assert qualcode("report", study, tmp_path / "r.txt", "--question", "why").code == 0
    words = " ".join((tmp_path / "r.txt").read_text("utf-8").split())
    assert "nothing is known of how far the coding depends on the coder" in words
    assert "agreement is unknown" in words


@pytest.mark.parametrize(
    ("out", "module", "extra"),
    [
        ("r.docx", "docx", "docx"),
        ("f.png", "resvg_py", "png"),
        ("m.sav", "pyreadstat", "spss"),
    ],
)
def test_a_missing_extra_is_named_and_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    out: str,
    module: str,
    extra: str,
    qualcode: Command,
) -> None:
    study = study_of(tmp_path, "r1,why,ana,reach,,")
    monkeypatch.setitem(sys.modules, module, None)
    words: dict[str, tuple[Any, ...]] = {
        "r.docx": ("report", study, tmp_path / out),
        "f.png": ("figure", study, "themes", tmp_path / out, "--question", "why"),
        "m.sav": ("export", study, "matrix", tmp_path / out),
    }
    done = qualcode(*words[out])
    assert done.code == 5
    assert f"qualcode[{extra}]" in done.err
    assert not (tmp_path / out).exists()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_one_clear_line(
    tmp_path: Path, qualcode: Command
) -> None:
    study = study_of(tmp_path, "r1,why,ana,reach,,")
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    done = qualcode("report", study, shut / "r.html")
    assert done.code == 1
    assert "cannot be written" in done.err


def test_each_word_of_a_person_is_in_the_journal(tmp_path: Path, qualcode: Command) -> None:
    study = study_of(tmp_path, "r1,why,ana,reach,,")
    call = ("clear", study, "--coder", "pi", "--question", "why", "--respondent", "r1")
    assert "[notices] are cheap" in qualcode(*call, "--replace", "Ads=[notices]").err
    assert "withheld" in qualcode(*call, "--withhold").err
    acts = qualcode("log", study, "--json").json
    assert [act["act"] for act in acts if act["coder"] == "pi"] == [
        "new-coder",
        *["clear"] * 3,
    ]
    assert qualcode("undo", study, "--coder", "pi").code == 0
    found = qualcode("exemplars", study, "--question", "why", "--code", "reach", "--json").json
    assert found["exemplars"][0]["state"] == "cleared"
    assert found["exemplars"][0]["printed"].startswith("[notices]")


@pytest.mark.parametrize("ending", [".qmd", ".Rmd"])
def test_the_source_makes_the_tables_anew(
    cleared: Path, tmp_path: Path, ending: str, qualcode: Command
) -> None:
    source = tmp_path / f"paper{ending}"
    done = qualcode("report", cleared, source, "--question", "Q5", "--title", 'T "x" \\ `r 1`')
    assert done.code == 0
    assert "paper-matrix.csv" in done.err
    text = source.read_text("utf-8")
    assert text.startswith("---\ntitle: ")
    code = "\n".join(re.findall(r"```\{r[^\n]*\}\n(.*?)\n```", text, re.DOTALL))
    assert "themes <- function" in code
    if not shutil.which("Rscript"):
        pytest.skip("R is not here")
    qualcode("export", cleared, "matrix", tmp_path / "paper-matrix.csv")
    say = 'cat(sprintf("%s|%d|%d|%.6f|%.4f|%.4f\\n", table$theme, table$k, table$n,'
    say += " table$weighted, table$low, table$high), sep = '')\n"
    shown = re.sub(r"knitr::kable\(.*\)", "", code)
    (tmp_path / "say.R").write_text(f"{shown}\n{say}", "utf-8")
    ran = subprocess.run(
        ["Rscript", "say.R"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    if "no package called" in ran.stderr:
        pytest.skip("R's survey is not here")
    assert ran.returncode == 0, ran.stderr
    made = {
        label.partition(" (")[0].removeprefix("Q5: "): numbers
        for label, *numbers in (line.split("|") for line in ran.stdout.splitlines())
    }
    table = qualcode("frequencies", cleared, "--question", "Q5", "--internal", "--json").json
    for row in table["rows"]:
        k, n, share, low, high = made[row["code"]]
        assert (int(k), int(n)) == (row["k"], row["n"])
        assert float(share) == pytest.approx(row["weighted_percent"], abs=1e-6)
        if low != "NA" and row["interval"] == "logit":
            assert float(low) == pytest.approx(row["weighted_low"], abs=1e-3)
            assert float(high) == pytest.approx(row["weighted_high"], abs=1e-3)
