"""Scripts that read a matrix: whatever a label holds, it is a text of the language and no more."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.exporters import Table, write_table
from qualcode.exporters.stubs import Asked, Described, Drawn, Variable, r, spss, stata, write_stubs
from qualcode.exporters.stubs.cells import Cells, is_number
from qualcode.exporters.stubs.names import shortened, unique, usable
from qualcode.text import one_line

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "a\"b'c`d'${e}\\f\n/* g */ // h /// !mac &x @y %z \u202e\x1b\0 é 漢 😀"
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.text(
    "\"'`$\\/*!&@a \n.", max_size=300
)

FULL = Described(
    "m.csv",
    "The matrix of codes in m.csv",
    (
        Variable("respondent", "Respondent", width=4),
        Variable("weight", "Survey weight: w", "number", 5, 3),
        Variable("stratum", "Stratum: s", width=5),
        Variable("psu", "Cluster (PSU): p", width=7),
        Variable("region", "Region “North” & $South", width=5),
        Variable("population", "population", "number", 3),
        Variable("Q1_status", "Q1: status (Why?)", "status", 11),
        Variable("Q1__access", "Q1: access (Access)", "code"),
        Variable(
            "Q1__resources_training_and_technical_assistance",
            f"Q1: resources/training-and-technical-assistance ({'Training ' * 9})",
            "code",
        ),
        Variable("Q1__uncodable", "Q1: uncodable (Cannot be coded)", "code"),
    ),
    (
        Asked(
            "Q1",
            "Why? /* no comment",
            "Rule majority, base answered",
            ("Q1__access", "Q1__resources_training_and_technical_assistance"),
        ),
    ),
    Drawn("weight", "stratum", "psu", "population", "centered"),
    "region",
)

STATA = r"""* The matrix of codes in m.csv
* Run it in the folder that holds the data (see cd)
version 14
clear
import delimited using "m.csv", ///
    delimiters(",") varnames(nonames) rowrange(2) encoding("utf-8") ///
    bindquote(strict) maxquotedrows(unlimited) ///
    stringcols( ///
    1 3 4 5 7 ///
    ) ///
    numericcols( ///
    2 6 8 9 10 ///
    )
rename ( ///
    v1 v2 v3 v4 v5 v6 v7 v8 v9 v10 ///
    ) ( ///
    respondent weight stratum psu region population Q1_status Q1__access ///
    Q1__resour__technical_assistance Q1__uncodable ///
    )
label variable respondent "Respondent"
label variable weight "Survey weight: w"
label variable stratum "Stratum: s"
label variable psu "Cluster (PSU): p"
mata: st_varlabel("region", "Region “North” & " + char(36) + "South")
label variable population "population"
label variable Q1_status "Q1: status (Why?)"
label variable Q1__access "Q1: access (Access)"
label variable Q1__resour__technical_assistance "Q1: resources/training-and-technical-assistance (Training Training Training Tra…"
mata: st_global("Q1__resour__technical_assistance[label]", "Q1: resources" + char(47) + "training-and-technical-assistance (Training Training Training Training Training Training Training Training Training )")
label variable Q1__uncodable "Q1: uncodable (Cannot be coded)"
label define no_yes 0 "No" 1 "Yes"
label values ///
    Q1__access Q1__resour__technical_assistance Q1__uncodable ///
    no_yes
egen long stratum_id = group(stratum)
egen long psu_id = group(psu)
svyset psu_id [pweight=weight], strata(stratum_id) fpc(population) singleunit(centered)
egen long group_id = group(region), label
* Q1: Why?    no comment
* Rule majority, base answered. Who is outside the base stays in the design
generate byte Q1_base = !missing(Q1__access)
foreach code of varlist ///
    Q1__access Q1__resour__technical_assistance ///
    {
    capture noisily svy, subpop(Q1_base): proportion `code'
    capture noisily svy, subpop(Q1_base): tabulate group_id `code', row percent
}
"""  # noqa: E501 - as Stata gets it


def labelled(label: str, data: str = "m.csv") -> Described:
    variables = (
        Variable("respondent", label),
        Variable("weight", label, "number"),
        Variable("q_status", label, "status", 11),
        Variable("q__a", label, "code"),
        Variable("q__b", label, "code"),
    )
    asked = (Asked("q", label, label, ("q__a", "q__b")),)
    return Described(data, label, variables, asked, Drawn("weight"))


def test_stata_gets_what_it_always_got() -> None:
    assert stata.render(FULL) == STATA


@given(texts)
def test_stata_sees_no_macro_and_no_comment_in_a_label(label: str) -> None:
    script = stata.render(labelled(label, data=label))
    body = script.partition("foreach")[0].replace("`\"`macval(data)'\"'", '"data"')
    code = "\n".join(line for line in body.split("\n") if not line.startswith("*"))
    assert not set("`$\\") & set(script.replace("`code'", "").replace("`\"`macval(data)'\"'", ""))
    assert "//" not in code.replace(" ///\n", " \n")
    assert "/*" not in script
    assert "*/" not in script
    assert all(line.count('"') % 2 == 0 for line in code.split("\n"))
    wanted = one_line(label)
    if len(wanted) <= 80:
        assert _stata_label(script, "q__a") == wanted
    else:
        assert _stata_label(script, "q__a") == wanted[:79] + "…"
        (whole,) = re.findall(r'^mata: st_global\("q__a\[label\]", (.*)\)$', script, re.MULTILINE)
        assert _from_mata(whole) == wanted


def _stata_label(script: str, name: str) -> str:
    plain = re.findall(rf'^label variable {name} "(.*)"$', script, re.MULTILINE)
    by_mata = re.findall(rf'^mata: st_varlabel\("{name}", (.*)\)$', script, re.MULTILINE)
    (found,) = [*plain, *map(_from_mata, by_mata)]
    return found


def _from_mata(expression: str) -> str:
    found = ""
    for text, number in re.findall(r'"([^"]*)"|char\((\d+)\)', expression):
        found += chr(int(number)) if number else text
    assert re.fullmatch(r'(?:"[^"]*"|char\(\d+\))(?: \+ (?:"[^"]*"|char\(\d+\)))*', expression)
    return found


@given(texts)
def test_spss_reads_a_label_as_it_is(label: str) -> None:
    written = spss.quoted(label)
    pieces = written.split(" +\n      ")
    assert all(re.fullmatch(r"'(?:[^'\n]|'')*'", piece) for piece in pieces)
    read = "".join(piece[1:-1].replace("''", "'") for piece in pieces)
    wanted = one_line(label)
    if len(wanted.encode()) <= 255:
        assert read == wanted
    else:
        assert len(read.encode()) <= 255
        assert read.endswith("...")
        assert wanted.startswith(read[:-3])
    assert not re.search(r"[!&@]\w", written)


@given(texts)
def test_a_comment_of_spss_is_one_line_with_a_period_at_its_end(label: str) -> None:
    lines = spss.render(labelled(label)).split("\n")
    comments = [line for line in lines if line.startswith("*")]
    assert len(comments) == 5
    assert all(line.endswith(".") for line in comments)
    assert max(len(line.encode()) for line in lines) <= 400


@given(texts)
def test_r_reads_a_label_as_it_is(label: str) -> None:
    written = r.quoted(label)
    assert written.isascii()
    assert re.fullmatch(r'"(?:[^"\\]|\\["\\]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"', written)
    read = re.sub(
        r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))",
        lambda found: found[3] or chr(int(found[1] or found[2], 16)),
        written[1:-1],
    )
    assert read == one_line(label)


@given(texts)
def test_a_comment_of_r_is_one_line(label: str) -> None:
    assert len(r.render(labelled(label)).split("\n")) == len(r.render(labelled("x")).split("\n"))


def test_r_takes_the_design_as_the_study_has_it() -> None:
    script = r.render(FULL)
    assert (
        "design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight,"
        ' fpc = make.formula("population"), nest = TRUE, data = data)'
    ) in script
    assert 'options(survey.lonely.psu = "adjust")' in script
    assert "svychisq" in script
    simple = Described("m.csv", "", FULL.variables, FULL.questions, Drawn(), "region")
    assert "svydesign(ids = ~1, weights = rep(1, nrow(data)), data = data)" in r.render(simple)
    assert "fisher.test" in r.render(simple)
    assert "svychisq" not in r.render(simple)


def test_a_set_of_spss_holds_the_themes_and_a_single_theme_makes_none() -> None:
    script = spss.render(FULL)
    (themes,) = re.findall(r"VARIABLES=\n((?:    .*\n)+?)    VALUE=1", script)
    assert themes.split() == list(FULL.questions[0].themes)
    alone = (Asked("Q1", "", "", ("Q1__access",)),)
    assert "MRSETS" not in spss.render(Described("m.csv", "", FULL.variables, alone, Drawn()))


def test_the_scripts_are_replaced_at_once(tmp_path: Path) -> None:
    (tmp_path / "m.R").write_text("before")
    written = write_stubs(tmp_path / "m.csv", FULL)
    assert [path.name for path in written] == ["m.R", "m.sps", "m.do"]
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert all(b"before" not in path.read_bytes() for path in written)


names = st.lists(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=90)
    | st.sampled_from(("if", "ALL", "str12", "2020", "_n", "a-b", "A_b", "a/b", "Größe", "x" * 40)),
    min_size=1,
    max_size=12,
)


@given(names)
def test_names_can_be_used_in_every_language(given_: list[str]) -> None:
    found = unique([usable(name) for name in given_])
    assert len({name.casefold() for name in found}) == len(given_)
    for name in found:
        assert name[0].isalpha()
        assert all(each.isalpha() or each in "0123456789_" for each in name)
        assert name.lower() not in {"if", "all", "str12", "true", "with", "long"}


@given(names, st.sampled_from([(32, len), (64, lambda text: len(text.encode()))]))
def test_short_names_are_unique_and_short_enough(
    given_: list[str], limit: tuple[int, object]
) -> None:
    most, size = limit
    found = shortened([usable(name) for name in given_], most, size)  # type: ignore[arg-type]
    assert len({name.casefold() for name in found}) == len(given_)
    assert all(size(name) <= most for name in found)  # type: ignore[operator]
    assert all(name[0].isalpha() for name in found)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Q1__a-b/c", "Q1__a_b_c"),
        ("How many?", "How_many_"),
        ("2020", "x2020"),
        ("_x", "x_x"),
        ("if", "if_"),
        ("Str9", "Str9"),
        ("str9", "str9_"),
        ("", "x"),
        ("Gro\u0308\u00dfe", "Größe"),
    ],
)
def test_a_name_stays_as_near_as_it_can(name: str, shown: str) -> None:
    assert usable(name) == shown


def test_a_number_that_repeats_is_not_one_that_is_there() -> None:
    assert unique(["a", "a_2", "A", "a"]) == ("a", "a_2", "A_3", "a_4")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("1", True), ("-1.50", True), ("0.5", True), ("007", False), ("1e5", False), (".5", False)],
)
def test_a_number_is_what_every_program_takes_for_one(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_number(text) is is_one


def test_cells_tell_what_a_column_is() -> None:
    cells = Cells()
    for cell in ("1", "", "2.25", "10"):
        cells.add(cell)
    told = cells.told(Variable("a", "A"), is_label=False)
    assert (told.kind, told.width, told.decimals) == ("number", 4, 2)
    assert cells.told(Variable("a", "A"), is_label=True).kind == "text"
    assert cells.are_groups
    for number in range(20):
        cells.add(f"é\r{number}")
    told = cells.told(Variable("a", "A"), is_label=False)
    assert (told.kind, told.width, told.has_breaks) == ("text", 5, True)
    assert not cells.are_groups


def hostile(folder: Path) -> tuple[str, Described]:
    """A matrix whose labels, names and cells are all hostile, written into a folder."""
    data = "m$x`y' & !z #.csv"
    variables = (
        Variable("respondent", HOSTILE, width=60),
        Variable("weight", HOSTILE, "number", 3, 1),
        Variable(f"größe_{'x' * 70}", HOSTILE, width=200),
        Variable(f"größe_{'x' * 71}", HOSTILE * 9, width=9),
        Variable("site", "Site", width=1),
        Variable("q_status", HOSTILE, "status", 11),
        Variable("q__a", HOSTILE, "code"),
        Variable("q__b", "", "code"),
    )
    rows = [
        (
            f'r"{n},',
            1.5,
            one_line(HOSTILE),
            "x\"y'",
            "ab"[n % 2],
            "substantive",
            n // 2 % 2,
            n % 3 > 0,
        )
        for n in range(40)
    ]
    table = Table(
        "m", tuple(each.name for each in variables), [(*row[:-1], int(row[-1])) for row in rows]
    )
    write_table(folder / data, table)
    asked = (Asked("q", HOSTILE, HOSTILE, ("q__a", "q__b")),)
    described = Described(data, HOSTILE, variables, asked, Drawn("weight"), "site")
    write_stubs(folder / "m.csv", described)
    return one_line(HOSTILE), described


def run(folder: Path, *words: str) -> str:
    if not shutil.which(words[0]):
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run(
        words, capture_output=True, encoding="utf-8", check=False, timeout=120, cwd=folder
    )
    if "there is no package called" in done.stderr:
        pytest.skip("the package survey is not installed")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_r_runs_a_hostile_script(tmp_path: Path) -> None:
    label, described = hostile(tmp_path)
    say = 'sink(nullfile()); source("m.R"); sink()\n'
    say += 'writeLines(c(attr(data$q__a, "label"), names(data), data[[3]][1]), useBytes = TRUE)\n'
    say += "cat(nrow(data), names(tests))\n"
    (tmp_path / "say.R").write_text(say)
    lines = run(tmp_path, "Rscript", "say.R").split("\n")
    assert lines == [label, *(each.name for each in described.variables), label, "40 q__a q__b"]


def test_pspp_runs_a_hostile_script(tmp_path: Path) -> None:
    label, _ = hostile(tmp_path)
    syntax = (tmp_path / "m.sps").read_text("utf-8")
    syntax += "SAVE TRANSLATE /OUTFILE='out.csv' /TYPE=CSV /REPLACE.\nDISPLAY LABELS.\n"
    (tmp_path / "more.sps").write_text(syntax, "utf-8")
    shown = " ".join(run(tmp_path, "pspp", "-O", "format=txt", "more.sps").split())
    assert "error" not in shown
    out = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert len(out) == 40
    assert label.replace('"', '""') in out[0]
