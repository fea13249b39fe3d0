"""`frequencies`, `regress`, `overlap` and `trend`: what they print, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from frequencies.made import SURVEY_DESIGNS, coded, library, rows, small, survey
from studies import BOOK, body, content, make, plant, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

FORMS = ("table", "json", "csv", "markdown", "latex", "html")
HOSTILE = "<script>alert('x')</script> & \"q\" |pipe| [a](b) \x1b[31m \u202e é"


@pytest.fixture(scope="module")
def library_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def survey_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return survey(tmp_path_factory.mktemp("survey"), SURVEY_DESIGNS["full"])


def strictly(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


TOP = {
    *("question", "rule", "base", "estimate", "weighted", "n", "codebook_version", "rows"),
    *("statuses", "tests", "notes"),
}
ROW = {
    *("code", "name", "parent", "k", "n", "percent", "low", "high", "percent_of_responses"),
    *("estimate", "weighted_percent", "weighted_se", "weighted_low", "weighted_high"),
    *("interval", "df", "weighted_total", "weighted_total_se", "suppressed", "groups"),
}
GROUP = {
    *("attribute", "value", "k", "n", "percent", "low", "high", "weighted_percent"),
    *("weighted_se", "suppressed"),
}
STATUS = {"status", "code", "k", "percent"}
TEST = {"code", "by", "test", "statistic", "ndf", "ddf", "p", "p_holm", "p_bh"}


def assert_as_the_contract_says(found: dict[str, Any]) -> None:
    assert set(found) >= TOP
    assert set(found["n"]) == {"asked", "answered", "coded", "any_code"}
    assert isinstance(found["weighted"], bool)
    assert all(isinstance(note, str) for note in found["notes"])
    for row in found["rows"]:
        assert set(row) >= ROW
        assert set(row["estimate"]) == {"value", "se", "low", "high", "reason"}
        assert row["interval"] in {"wilson", "logit", "beta", None}
        assert isinstance(row["suppressed"], bool)
        assert all(set(group) >= GROUP for group in row["groups"])
        if row["suppressed"]:
            numbers = ROW - {"code", "name", "parent", "n", "estimate", "suppressed", "groups"}
            assert all(row[name] is None for name in numbers - {"df"})
    assert all(set(status) >= STATUS for status in found["statuses"])
    for test in found["tests"]:
        assert set(test) >= TEST
        assert test["test"] in {"rao_scott", "fisher", "pearson"}


@pytest.mark.parametrize("words", [(), ("--by", "site"), ("--unweighted",), ("--internal",)])
def test_the_json_is_what_the_contract_says(
    library_study: Path, words: tuple[str, ...], qualcode: Command
) -> None:
    done = qualcode("frequencies", library_study, *words, "--json")
    assert (done.code, done.err) == (0, "")
    found = strictly(done.out)
    assert_as_the_contract_says(found)
    assert (found["question"], found["estimate"], found["codebook_version"]) == ("q1", "human", 1)
    assert qualcode("frequencies", library_study, *words, "--format", "json").out == done.out


CASES: dict[str, list[str]] = {
    "nothing coded": [],
    "one answer": ["r0,q1,ana,b,,"],
    "no code": coded(range(20), "ana", ""),
    "everybody": coded(range(20), "ana", "a/x"),
    "statuses alone": coded(range(20), "ana", "dk"),
    "half": coded(range(10), "ana", "b"),
    "two who differ": [*coded(range(20), "ana", "b"), *coded(range(20), "ben", "c")],
}


@pytest.mark.parametrize("case", CASES)
def test_every_degenerate_study_gives_every_table(
    tmp_path: Path, case: str, qualcode: Command
) -> None:
    study = small(tmp_path, CASES[case])
    calls = [
        ("frequencies", study, "--by", "group", "--by", "wave"),
        ("frequencies", study, "--by", "group", "--internal", "--percent", "row"),
        ("frequencies", study, "--by", "group", "--by", "wave", "--cross"),
        ("frequencies", study, "--base", "asked"),
        ("frequencies", study, "--rule", "adjudicated"),
        ("overlap", study),
        ("overlap", study, "--nets", "--internal"),
        ("trend", study, "--wave", "wave"),
        ("trend", study, "--wave", "wave", "--internal"),
    ]
    # Two forms of each: over the cases every table is seen in every form, and every case too.
    for number, call in enumerate(calls, list(CASES).index(case)):
        for form in (FORMS[number % 6], FORMS[(number + 3) % 6]):
            done = qualcode(*call, "--format", form)
            assert (done.code, done.err) == (0, ""), (call, form)
            shown = body(done.out)
            assert not re.search(r"\b(nan|inf|None)\b", shown, re.IGNORECASE), (call, form)
        strictly(qualcode(*call, "--json").out)


def test_nothing_coded_is_no_error(tmp_path: Path, qualcode: Command) -> None:
    done = qualcode("frequencies", small(tmp_path, []), "--json")
    assert done.code == 0
    assert done.json["n"]["coded"] == 0
    assert all(row["percent"] is None for row in done.json["rows"])
    assert any("nothing coded" in note for note in done.json["notes"])


def test_the_answers_that_wait_are_told(tmp_path: Path, qualcode: Command) -> None:
    out = qualcode("frequencies", small(tmp_path, coded(range(12), "ana", "b"))).out
    assert "interim: 12 of 20 coded" in out


REFUSED: dict[str, tuple[tuple[object, ...], int, str]] = {
    "an unknown attribute": (("frequencies", "--by", "sit"), 3, "did you mean “site”?"),
    "an unknown question": (("frequencies", "--question", "q2"), 3, "q1"),
    "an unknown coder": (("frequencies", "--rule", "coder:an"), 3, "did you mean “ana”?"),
    "an unknown rule": (("frequencies", "--rule", "most"), 2, "majority"),
    "an unknown base": (("frequencies", "--base", "all"), 2, "any_code"),
    "a threshold of one": (("frequencies", "--threshold", "1"), 2, "threshold"),
    "one attribute crossed": (("frequencies", "--by", "site", "--cross"), 2, "two attributes"),
    "an attribute twice": (("frequencies", "--by", "site", "--by", "site"), 2, "twice"),
    "a random sample of nothing": (
        ("frequencies", "--sample", "random", "--base", "everybody"),
        2,
        "asked",
    ),
    "no code": (("regress", "--on", "site"), 2, "--code"),
    "no attribute": (("regress", "--code", "staff"), 2, "--on"),
    "an unknown code": (("regress", "--code", "stuff", "--on", "site"), 3, "staff"),
    "a code on an unknown attribute": (("regress", "--code", "staff", "--on", "x"), 3, "“x”"),
    "a status": (("regress", "--code", "uncodable", "--on", "site"), 2, "no theme"),
    "a reference without a value": (
        ("regress", "--code", "staff", "--on", "site", "--reference", "site"),
        2,
        "KEY=",
    ),
    "an unknown wave": (("trend", "--wave", "year"), 3, "“year”"),
    "a wave of one value": (("trend", "--wave", "stratum", "--order", "main"), 2, "every wave"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_one_error(
    library_study: Path, case: str, qualcode: Command
) -> None:
    (command, *words), exit_code, told = REFUSED[case]
    done = qualcode(command, library_study, *words)
    assert (done.code, done.out) == (exit_code, "")
    assert told in done.err
    assert len(done.err.splitlines()) <= 2


def test_several_questions_have_to_be_told_apart(small_built: Path, qualcode: Command) -> None:
    for words in (("frequencies",), ("overlap",), ("trend", "--wave", "region")):
        done = qualcode(words[0], small_built, *words[1:])
        assert (done.code, done.out) == (2, "")
        assert "why, how" in done.err


WEIGHTS = {"zero": "0", "negative": "-1", "missing": "", "no number": "heavy"}


@pytest.mark.parametrize("case", WEIGHTS)
def test_a_weight_that_is_none_is_refused_at_every_door(
    tmp_path: Path, case: str, qualcode: Command
) -> None:
    survey_file = tmp_path / "survey.csv"
    survey_file.write_text(f"id,q1,weight\n1,one,2\n2,two,{WEIGHTS[case]}\n3,three,1\n")
    words = (tmp_path / "s.db", survey_file, "--question", "q1=q1", "--id", "id")
    done = qualcode("new", *words, "--weight", "weight")
    assert done.code == 2
    assert "row 3" in done.err
    assert "weight" in done.err
    assert qualcode("new", *words).code == 0
    done = qualcode("design", tmp_path / "s.db", "--weight", "weight")
    assert done.code == 2
    assert "respondent 2" in done.err
    qualcode("codebook", "apply", tmp_path / "s.db", _book(tmp_path))
    plant(
        tmp_path / "s.db",
        """INSERT OR REPLACE INTO setting (name, value)
 VALUES ('design', '{"weight": "weight"}')""",
    )
    done = qualcode("frequencies", tmp_path / "s.db")
    assert (done.code, done.out) == (2, "")
    assert re.search(r"1 weight is .* above 0: 2", done.err)
    assert qualcode("frequencies", tmp_path / "s.db", "--unweighted").code == 0


def _book(folder: Path) -> Path:
    path = folder / "book.yaml"
    path.write_text(BOOK)
    return path


def test_a_stratum_with_one_psu_is_refused_until_somebody_decides(
    tmp_path: Path, qualcode: Command
) -> None:
    study = small(tmp_path, coded(range(20), "ana", "b"))
    plant(
        study,
        "UPDATE respondent SET attributes = json_set(attributes, '$.group', 'own')"
        " WHERE name = 'r4'",
    )
    qualcode("design", study, "--stratum", "group")
    done = qualcode("frequencies", study)
    assert (done.code, done.out) == (2, "")
    assert "stratum “own”: one PSU" in done.err
    assert "--lonely-psu" in done.err
    qualcode("design", study, "--lonely-psu", "certainty")
    assert qualcode("frequencies", study).code == 0


def test_tables_are_written_to_files(
    library_study: Path, tmp_path: Path, qualcode: Command
) -> None:
    call = ("frequencies", library_study, "--by", "site")
    for ending, form in (
        (".csv", "csv"),
        (".md", "markdown"),
        (".tex", "latex"),
    ):
        out = tmp_path / f"table{ending}"
        done = qualcode(*call, "--out", out)
        assert (done.code, done.out) == (0, "")
        assert str(out) in done.err
        assert out.read_text("utf-8") == qualcode(*call, "--format", form).out
    for ending in (".xlsx", ".docx"):
        out = tmp_path / f"table{ending}"
        assert qualcode(*call, "--out", out).code == 0
        assert out.read_bytes()[:2] == b"PK"
    out = tmp_path / "table.html"
    assert qualcode(*call, "--out", out).code == 0
    assert out.read_text("utf-8").count("<svg ") == 2
    with zipfile.ZipFile(tmp_path / "table.xlsx") as book:
        assert [name for name in book.namelist() if name.startswith("xl/charts/chart")] == [
            "xl/charts/chart1.xml",
            "xl/charts/chart2.xml",
        ]
    done = qualcode(*call, "--out", tmp_path / "table.docm")
    assert (done.code, done.out) == (2, "")
    assert ".xlsx" in done.err


def test_the_report_has_every_part(library_study: Path, qualcode: Command) -> None:
    out = qualcode("frequencies", library_study, "--by", "site").out
    for heading in (*("What was counted", "Themes", "By site", "By other rules of consensus"),):
        assert f"\n{heading}\n" in out
    assert "Asked 144, answered 137," in out
    assert "do not add to 100 %" in out
    assert "142 degrees of freedom" in out
    assert "† p < .1, * p < .05" in out


def test_row_percentages_stand_in_the_table(library_study: Path, qualcode: Command) -> None:
    call = ("frequencies", library_study, "--by", "visitor", "--unweighted", "--format", "csv")
    lines = list(csv.reader(io.StringIO(qualcode(*call, "--percent", "row").out)))
    parking = [line for line in lines if line and line[0] == "· Parking"][1]
    assert parking[1:4] == ["100.0 (53)", "81.1 (43)", "18.9 (10)"]
    found = rows(qualcode(*call[:-2], "--json").json)["access/parking"]
    assert found["groups"][0]["row_percent"] == pytest.approx(100 * 43 / 53)


def test_a_regression_is_printed(survey_study: Path, qualcode: Command) -> None:
    call = ("regress", survey_study, "--code", "theme_clients", "--on", "jurisdiction")
    call += ("--on", "years")
    for form in FORMS:
        assert qualcode(*call, "--format", form).code == 0
    out = qualcode(*call).out
    assert "Each attribute as a whole" in out
    assert "Survey-weighted logistic regression" in out
    found = strictly(qualcode(*call, "--json").out)
    assert {term["attribute"] for term in found["terms"]} == {"intercept", "jurisdiction", "years"}
    assert found["terms"][1]["crude"]["odds_ratio"] > 0


def test_a_regression_that_means_nothing_is_refused(tmp_path: Path, qualcode: Command) -> None:
    codings = [*coded(range(0, 20, 2), "ana", "b"), *coded(range(1, 20, 2), "ana", "")]
    study = small(tmp_path, codings)
    for words in ((), ("--json",)):
        done = qualcode("regress", study, "--code", "b", "--on", "group", "--internal", *words)
        assert (done.code, done.out) == (1, "")
        assert "always or never" in done.err
        assert "Firth" in done.err


def test_years_far_from_zero_can_be_regressed_on(tmp_path: Path, qualcode: Command) -> None:
    codings = [*coded([i for i in range(120) if i % 5 < 1 + i % 3], "ana", "b")]
    done_ = {int(line.split(",")[0][1:]) for line in codings}
    codings += coded(sorted(set(range(120)) - done_), "ana", "")
    study = small(tmp_path, codings, n=120)
    done = qualcode("regress", study, "--code", "b", "--on", "wave", "--json")
    assert done.code == 0
    assert done.json["terms"][1]["adjusted"]["odds_ratio"] > 1


def test_an_overlap_and_a_trend_are_printed(library_study: Path, qualcode: Command) -> None:
    out = qualcode("overlap", library_study).out
    assert "Respondents with both themes" in out
    assert "does not add to 100 %" in " ".join(out.split())
    out = qualcode("trend", library_study, "--wave", "visitor").out
    assert "change in points" in out


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A study in which every name that a person chooses is meant to do harm."""
    quoted = HOSTILE.replace('"', '""')
    lines = [f'{i},text {i},"{quoted if i % 2 else "plain"}"' for i in range(40)]
    survey_text = "\n".join((f'id,q,"{quoted}"', *lines)) + "\n"
    yaml = json.dumps(HOSTILE.replace("\x1b", "").replace("\u202e", ""))
    book = BOOK.replace("Small", yaml, 1).replace("name: Costs", f"name: {yaml}")
    study = make(tmp_path, survey_text, [book], questions=(("q", "q"),), id_column="id")
    plant(study, f"UPDATE question SET text = '{HOSTILE.replace(chr(39), chr(39) * 2)}'")
    take_in_codings(
        study, *(f"{i},q,<b>o'neil</b>,{'cost' if i % 3 else 'reach'},," for i in range(40))
    )
    return study


@pytest.mark.parametrize("form", [form for form in FORMS if form != "csv"])
def test_no_name_steers_a_terminal(hostile: Path, form: str, qualcode: Command) -> None:
    for words in (
        ("frequencies", hostile, "--by", HOSTILE),
        ("regress", hostile, "--code", "cost", "--on", HOSTILE),
        ("overlap", hostile),
        ("trend", hostile, "--wave", HOSTILE),
    ):
        done = qualcode(*words, "--format", form)
        assert done.code == 0, done.err
        assert not set(done.out) & set("\x1b\u202e\x07\x9b")
        if form == "html":
            assert "<script>" not in done.out


def test_nothing_is_written(library_study: Path, qualcode: Command) -> None:
    before = content(library_study)
    for words in (
        ("frequencies", "--by", "site"),
        ("regress", "--code", "parking", "--on", "site"),
        ("overlap",),
        ("trend", "--wave", "visitor"),
    ):
        assert qualcode(words[0], library_study, *words[1:]).code == 0
    assert content(library_study) == before
