"""`export STUDY matrix OUT`, and the scripts beside it, run where their programs are installed."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coded import TWO
from studies import read_csv, read_jsonl, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

SYNTHETIC = Path(__file__).parents[1] / "estimation" / "survey_synthetic.csv"
EXPECTED = SYNTHETIC.with_name("survey_synthetic_expected.csv")
THEMES = ("clients", "marketing", "reactive", "training")
PROTECTED_BY_NOTHING = "a matrix is data on persons: nothing in it is suppressed"


@pytest.fixture
def place(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small study, coded by two, in the current folder."""
    take_in_codings(small, *TWO)
    monkeypatch.chdir(small.parent)
    return small


def test_the_matrix_is_written_with_what_must_be_known(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    done = qualcode("export", place, "matrix", "m.csv")
    assert (done.code, done.out) == (0, "")
    said = done.err.splitlines()
    assert said[0] == "6 rows in m.csv"
    assert said[1].startswith(f"note: {PROTECTED_BY_NOTHING}")
    assert "note: why: rule majority, base answered: 4 of 6 respondents" in said[2]
    assert "note: why: 2 answers are unresolved under a code: 0 stands there" in said
    header, first, *_ = read_csv(Path("m.csv"))
    cells = dict(zip(header, first, strict=True))
    assert (cells["respondent"], cells["why_status"], cells["why__reach"]) == (
        *("r1", "substantive", "1"),
    )
    assert sorted(path.name for path in Path().glob("m.*")) == ["m.csv"]


def test_every_format_holds_the_same(place: Path, qualcode: Callable[..., Done]) -> None:
    for ending in (".tsv", ".xlsx", ".jsonl"):
        assert qualcode("export", place, "matrix", f"m{ending}").code == 0
    rows = read_jsonl(Path("m.jsonl"))
    assert [row["why__reach"] for row in rows] == [1, 0, None, None, 0, 0]
    assert rows[0]["weight"] == ""


def test_rule_and_base_can_be_said(place: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode("export", place, "matrix", "m.jsonl", "--rule", "any", "--base", "asked")
    assert "rule any, base asked: 6 of 6" in done.err
    assert [row["why__cost"] for row in read_jsonl(Path("m.jsonl"))] == [1, 1, 0, 0, 0, 1]
    done = qualcode("export", place, "matrix", "m.jsonl", "--rule", "coder:Ana")
    assert "rule coder:ana" in done.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("m.csv", "--rule", "most"), 2, "there is no rule “most”"),
        (("m.csv", "--rule", "coder:anna"), 3, "there is no coder “anna”"),
        (("m.csv", "--base", "all"), 2, "all"),
        (("m.csv", "--wide"), 2, "--wide goes with codings"),
        (("m.csv", "--top", "3"), 2, "--top goes with suggestions"),
        (("m.csv", "--codebook", "Small"), 2, "--codebook goes with codebook"),
        (("m.xlsx", "--stubs"), 2, "--stubs reads .csv, which m.xlsx is not"),
        (("m.pdf",), 2, "no format"),
    ],
)
def test_what_cannot_be_is_one_clear_error(
    place: Path, qualcode: Callable[..., Done], words: tuple[str, ...], code: int, said: str
) -> None:
    done = qualcode("export", place, "matrix", *words)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("Error: ")
    assert said in done.err
    assert len(done.err.splitlines()) <= 2
    assert not list(Path().glob("m.*"))


@pytest.mark.parametrize(
    "words", [("--rule", "any"), ("--base", "coded"), ("--stubs",)], ids=" ".join
)
@pytest.mark.parametrize("kind", ["codings", "responses", "codebook", "journal"])
def test_its_options_go_with_no_other_kind(
    place: Path, qualcode: Callable[..., Done], kind: str, words: tuple[str, ...]
) -> None:
    done = qualcode("export", place, kind, "x.csv", *words)
    assert done.code == 2
    assert f"{words[0]} goes with matrix" in done.err


def test_the_scripts_stand_beside_it_and_are_replaced(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    for ending in (".R", ".sps", ".do"):
        Path(f"m{ending}").write_text("old")
    done = qualcode("export", place, "matrix", "m.csv", "--stubs")
    assert done.code == 0
    assert "note: scripts that read it: m.R, m.sps, m.do" in done.err
    for ending in (".R", ".sps", ".do"):
        assert "m.csv" in Path(f"m{ending}").read_text("utf-8")
    assert sorted(path.suffix for path in Path().glob("m*")) == [".R", ".csv", ".do", ".sps"]


def test_a_cell_of_several_lines_is_said_to_be_too_much_for_spss(
    place: Path, qualcode: Callable[..., Done]
) -> None:
    Path("lines.csv").write_text('id,site,why\nr1,"a\nb",x\n')
    qualcode("new", "lines.db", "lines.csv", "--question", "why=why")
    done = qualcode("export", "lines.db", "matrix", "m.csv", "--stubs")
    assert "some cells of site have several lines: SPSS takes each for a row" in done.err
    assert place.exists()


@pytest.fixture
def synthetic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qualcode: Callable[..., Done]
) -> Path:
    """The synthetic survey, its themes as the codings of one coder, and its matrix with scripts."""
    monkeypatch.chdir(tmp_path)
    with SYNTHETIC.open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    given = ("respondent", "stratum", "psu", "weight", "jurisdiction", "years", "unit")
    survey = [",".join((*given, "q"))]
    codings = ["respondent,question,coder,code,start,end"]
    for person in people:
        is_answered = person["theme_clients"] != ""
        survey.append(",".join((*(person[name] for name in given), "text" * is_answered)))
        if is_answered:
            held = [theme for theme in THEMES if person[f"theme_{theme}"] == "1"] or [""]
            codings += (f"{person['respondent']},q,ana,{theme},," for theme in held)
    book = "codebook: B\nversion: 1\ncodes:\n"
    book += "".join(f"  - key: {theme}\n    name: {theme}\n" for theme in THEMES)
    Path("survey.csv").write_text("\n".join(survey) + "\n")
    Path("codings.csv").write_text("\n".join(codings) + "\n")
    Path("book.yaml").write_text(book)
    design = ("--weight", "weight", "--stratum", "stratum", "--psu", "psu", "--id", "respondent")
    words = ("--codebook", "book.yaml", "--question", "q=q", *design)
    assert qualcode("new", "study.db", "survey.csv", *words).code == 0
    assert qualcode("import-codings", "study.db", "codings.csv").code == 0
    assert qualcode("export", "study.db", "matrix", "m.csv", "--stubs").code == 0
    return tmp_path


def expected(quantity: str, theme: str, group: str = "(all)") -> dict[str, float]:
    wanted = ["full", quantity, f"theme_{theme}", group]
    return {row[4]: float(row[5]) for row in read_csv(EXPECTED) if row[:4] == wanted}


def run(*words: str) -> str:
    if not shutil.which(words[0]):
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False, timeout=120)
    if "there is no package called" in done.stderr:
        pytest.skip("the package survey is not installed")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


SAY = """
sink(nullfile()); source("m.R"); sink()
for (code in names(tests)) {
  test <- tests[[code]]; share <- shares[[code]]
  cat(code, sprintf("%.12g", c(share, confint(share), test$statistic, test$parameter,
    test$p.value)), "\\n")
}
"""


def test_r_gives_the_numbers_of_the_reference(synthetic: Path) -> None:
    (synthetic / "say.R").write_text(SAY)
    lines = [line.split() for line in run("Rscript", "say.R").splitlines()]
    assert [line[0] for line in lines] == [f"q__{theme}" for theme in THEMES]
    for theme, (_, share, low, high, statistic, ndf, ddf, p) in zip(THEMES, lines, strict=True):
        test, limits = expected("rao_scott_F", theme, "jurisdiction"), expected("ci_logit", theme)
        assert float(share) == pytest.approx(expected("proportion", theme)["p"], rel=1e-6)
        found = (float(low), float(high))
        assert found == pytest.approx((limits["low"], limits["high"]), rel=2e-6)
        found = tuple(map(float, (statistic, ndf, ddf, p)))
        assert found == pytest.approx((test["F"], test["ndf"], test["ddf"], test["p"]), rel=1e-6)


def test_pspp_reads_every_cell_and_gives_the_same_shares(synthetic: Path) -> None:
    syntax = (synthetic / "m.sps").read_text("utf-8")
    syntax += "SAVE TRANSLATE /OUTFILE='out.csv' /TYPE=CSV /FIELDNAMES /REPLACE.\n"
    syntax += "COMPUTE all_of_them = 1.\nWEIGHT BY weight.\nAGGREGATE /OUTFILE=* /BREAK=all_of_them"
    syntax += "".join(f" /{theme} = MEAN(q__{theme})" for theme in THEMES)
    syntax += f".\nFORMATS {' '.join(THEMES)} (F18.14).\n"
    syntax += "SAVE TRANSLATE /OUTFILE='means.csv' /TYPE=CSV /CELLS=VALUES /REPLACE.\n"
    (synthetic / "more.sps").write_text(syntax, "utf-8")
    run("pspp", "-O", "format=txt", "more.sps")
    header, *rows = read_csv(synthetic / "m.csv")
    there, *found = read_csv(synthetic / "out.csv")
    assert there == header
    blank = [[cell.strip() for cell in row] for row in found]
    assert [[row[0], *row[7:]] for row in blank] == [[row[0], *row[7:]] for row in rows]
    assert [float(row[1]) for row in found] == [float(row[1]) for row in rows]
    (means,) = read_csv(synthetic / "means.csv")
    wanted = [expected("proportion", theme)["p"] for theme in THEMES]
    assert [float(mean) for mean in means[-4:]] == pytest.approx(wanted, rel=1e-9)
