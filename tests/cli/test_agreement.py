"""`agreement` and `disagreements`: what they print, in every form, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from coded import TWO, library
from qualcode import Study
from studies import BOOK, body, content, make, read_jsonl, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

FORMS = ("table", "json", "csv", "markdown", "html")
HOSTILE = "<script>alert('x')</script> & \"q\" |pipe| [a](b) \x1b[31m \u202e é"
NAME = "<b>o'neil</b> & | co"


@pytest.fixture
def two(small: Path) -> Path:
    """The small study, coded by ana and ben."""
    take_in_codings(small, *TWO)
    return small


@pytest.fixture(scope="module")
def library_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library(tmp_path_factory.mktemp("library"))


def is_estimate(value: object) -> bool:
    if not (isinstance(value, dict) and set(value) == {"value", "se", "low", "high", "reason"}):
        return False
    numbers = [value[name] for name in ("value", "se", "low", "high")]
    return all(number is None or isinstance(number, float) for number in numbers)


def strictly(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


ESTIMATES = {
    *("percent_agreement", "positive_agreement", "negative_agreement", "cohen_kappa"),
    *("fleiss_kappa", "conger_kappa", "alpha", "gwet_ac1", "brennan_prediger"),
}
OVERALL = {"alpha_masi", "alpha_jaccard", "exact_match", "mean_alpha", "pooled_kappa"}


def assert_as_the_contract_says(found: dict[str, Any]) -> None:
    assert {"question", "coders", "n_responses", "n_multiply_coded"} < set(found)
    assert set(found["overall"]) == OVERALL
    assert all(is_estimate(each) for each in found["overall"].values())
    for code in found["codes"]:
        assert {"code", "n", "positives", "prevalence", "flags"} < set(code)
        assert all(is_estimate(code[name]) for name in ESTIMATES)
        assert list(code["positives"]) == found["coders"]
        shares = [code["prevalence"], code["percent_agreement"]["value"]]
        assert all(share is None or 0 <= share <= 1 for share in shares)
    for pair in found["pairs"]:
        assert {"coders", "n", "codes"} <= set(pair)
        assert all(is_estimate(code["cohen_kappa"]) for code in pair["codes"])


def test_the_json_is_what_the_contract_says(library_study: Path, qualcode: Command) -> None:
    done = qualcode("agreement", library_study, "--json")
    assert (done.code, done.err) == (0, "")
    found = strictly(done.out)
    assert_as_the_contract_says(found)
    assert (found["question"], found["coders"]) == ("q1", ["ana", "ben", "cho"])
    assert (found["n_responses"], found["n_multiply_coded"]) == (137, 137)
    assert [pair["coders"] for pair in found["pairs"]] == [
        ["ana", "ben"],
        ["ana", "cho"],
        ["ben", "cho"],
    ]
    assert found["overall"]["pooled_kappa"]["reason"] == "not_two_coders"
    assert qualcode("agreement", library_study, "--format", "json").out == done.out


CASES: dict[str, tuple[str, ...]] = {
    "nothing coded": (),
    "one coder": TWO[:5],
    "one coder of no code": ("r1,why,ana,,,",),
    "no overlap": (TWO[0], TWO[6]),
    "one unit": (TWO[0], TWO[5]),
    "nobody used a code": ("r1,why,ana,,,", "r1,why,ben,,,", "r2,why,ana,,,", "r2,why,ben,,,"),
    "all the same": tuple(f"{who},why,{c},reach,," for who in ("r1", "r2") for c in ("a", "b")),
    "three": (*TWO, "r1,why,cho,reach,,"),
    "with clauses": (*TWO, "r1,why,ana,reach,0,3", "r1,why,ben,cost,4,9"),
}


@pytest.mark.parametrize("ci", ["analytic", "bootstrap"])
@pytest.mark.parametrize("case", CASES)
def test_every_degenerate_study_gives_a_report_in_every_form(
    small: Path, case: str, ci: str, qualcode: Command
) -> None:
    if CASES[case]:
        take_in_codings(small, *CASES[case])
    call = ("agreement", small, "--question", "why", "--ci", ci, "--resamples", 100)
    for form in FORMS:
        done = qualcode(*call, "--format", form)
        assert (done.code, done.err) == (0, ""), form
        assert not re.search(r"\b(nan|inf|None)\b", body(done.out), re.IGNORECASE)
    assert_as_the_contract_says(strictly(qualcode(*call, "--json").out))


def test_a_question_without_any_answer_gives_a_report(tmp_path: Path, qualcode: Command) -> None:
    study = make(tmp_path, "id,why,how\n1,,a\n2,,b\n")
    for form in FORMS:
        assert qualcode("agreement", study, "--question", "why", "--format", form).code == 0
    found = qualcode("agreement", study, "--question", "why", "--json").json
    assert (found["n_responses"], found["coders"], found["pairs"]) == (0, [], [])


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no question": ((), 2, "why, how"),
    "an unknown question": (("--question", "wy"), 3, "did you mean “why”?"),
    "an unknown coder": (("--question", "why", "--coder", "an"), 3, "did you mean “ana”?"),
    "a coder twice": (("--question", "why", "--coder", "ana", "--coder", "ANA"), 2, "twice"),
    "too few resamples": (("--question", "why", "--resamples", "3"), 2, "100"),
    "an unknown interval": (("--question", "why", "--ci", "exact"), 2, "analytic"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_one_error(two: Path, case: str, qualcode: Command) -> None:
    words, exit_code, told = REFUSED[case]
    done = qualcode("agreement", two, *words)
    assert (done.code, done.out) == (exit_code, "")
    assert told in done.err
    assert len(done.err.splitlines()) <= 2


def test_a_study_of_one_question_needs_no_question(tmp_path: Path, qualcode: Command) -> None:
    study = make(tmp_path, questions=(("why", "why"),))
    assert qualcode("agreement", study, "--json").json["question"] == "why"


def test_without_a_codebook_it_says_what_to_do(tmp_path: Path, qualcode: Command) -> None:
    done = qualcode("agreement", make(tmp_path, books=()), "--question", "why")
    assert (done.code, done.out) == (2, "")
    assert "codebook apply" in done.err


def test_coders_are_limited_by_name(two: Path, qualcode: Command) -> None:
    take_in_codings(two, "r1,why,cho,cost,,")
    call = ("agreement", two, "--question", "why", "--json")
    assert qualcode(*call).json["coders"] == ["ana", "ben", "cho"]
    named = qualcode(*call, "--coder", "BEN", "--coder", "ana").json
    assert named["coders"] == ["ben", "ana"]
    reach = next(code for code in named["codes"] if code["code"] == "reach")
    assert reach["positives"] == {"ben": 1, "ana": 2}
    alone = qualcode(*call, "--coder", "ana").json
    assert alone["overall"]["alpha_masi"]["reason"] == "one_coder"


def test_bootstrap_intervals_are_those_of_the_seed(library_study: Path, qualcode: Command) -> None:
    def run(seed: int) -> Any:
        words = ("--ci", "bootstrap", "--resamples", 200, "--seed", seed)
        return qualcode("agreement", library_study, *words, "--json").json

    one, again, other = run(1), run(1), run(2)
    assert one == again
    assert one["overall"]["alpha_masi"]["low"] != other["overall"]["alpha_masi"]["low"]
    assert one["overall"]["alpha_masi"]["value"] == other["overall"]["alpha_masi"]["value"]


def test_the_report_has_every_part(library_study: Path, qualcode: Command) -> None:
    report = qualcode("agreement", library_study).out
    for heading in (
        "What was compared",
        "Overall",
        "What to do next",
        "Codes, worst first",
        "Codes: other coefficients",
        "Pairs of coders",
        "If one coder is left out",
        "Which code the other used instead",
        "By level of the codebook",
        "Over time",
        "How many more answers to double-code",
        "Methods paragraph",
        "References",
    ):
        assert f"\n{heading}\n" in report
    assert "137 substantive answers, 137 (100.0 %)" in report
    assert "Krippendorff, K. (2019)" in report


def test_the_csv_reads_back(library_study: Path, qualcode: Command) -> None:
    done = qualcode("agreement", library_study, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    found = qualcode("agreement", library_study, "--json").json["codes"]
    assert [row["code"] for row in rows] == [code["code"] for code in found]
    for row, code in zip(rows, found, strict=True):
        assert row["positives_ana"] == str(code["positives"]["ana"])
        value = code["alpha"]["value"]
        assert row["alpha"] == ("" if value is None else repr(value))
        assert row["alpha_reason"] == (code["alpha"]["reason"] or "")


class _Page(HTMLParser):
    """A page read strictly: what opens is closed, in order."""

    VOID: ClassVar[set[str]] = {"meta"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A study in which every name that a person chooses is meant to do harm."""
    quoted = HOSTILE.replace('"', '""')
    survey = f'id,"{quoted}"\n<i>1</i>,"{quoted}"\n2,b\n'
    yaml = json.dumps(HOSTILE.replace("\x1b", "").replace("\u202e", ""))
    book = BOOK.replace("Small", yaml, 1).replace("name: Costs", f"name: {yaml}")
    study = make(tmp_path, survey, [book], questions=(("q", HOSTILE),), id_column="id")
    rows = [f"<i>1</i>,q,{NAME},reach,,", "<i>1</i>,q,ben,cost,,", f"2,q,{NAME},reach,,"]
    take_in_codings(study, *rows, "2,q,ben,,,")
    return study


@pytest.mark.parametrize("command", ["agreement", "disagreements"])
def test_the_page_is_whole_and_needs_nothing(
    hostile: Path, command: str, qualcode: Command
) -> None:
    page = qualcode(command, hostile, "--format", "html").out
    read = _Page(page)
    assert read.tags <= {
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert read.attributes <= {
        *("lang", "charset", "http-equiv", "name", "content", "class", "dir", "scope"),
        *("role", "tabindex", "aria-label"),
    }
    assert "http:" not in page
    assert "https:" not in page
    assert any(NAME in text for text in read.texts)
    assert any("<script>alert('x')</script>" in text for text in read.texts)


@pytest.mark.parametrize("form", ["table", "markdown", "html", "json"])
@pytest.mark.parametrize("command", ["agreement", "disagreements"])
def test_no_name_steers_a_terminal(
    hostile: Path, command: str, form: str, qualcode: Command
) -> None:
    out = qualcode(command, hostile, "--format", form).out
    assert not set(out) & set("\x1b\u202e\x07\x9b")


@pytest.mark.parametrize("command", ["agreement", "disagreements"])
def test_markdown_shows_names_as_they_are(hostile: Path, command: str, qualcode: Command) -> None:
    out = qualcode(command, hostile, "--format", "markdown").out
    assert "<script>" not in out.replace("\\<", "")
    assert "\\<b\\>o'neil" in out
    tables = [line.replace("\\|", "") for line in out.splitlines() if line.startswith("|")]
    widths = [line.count("|") for line in tables]
    rules = [place for place, line in enumerate(tables) if set(line) <= set("|-: ")]
    assert rules
    for rule in rules:
        assert widths[rule - 1] == widths[rule] == widths[rule + 1]


def test_runs_are_kept_and_shown(two: Path, qualcode: Command) -> None:
    call = ("agreement", two, "--question", "why")
    assert qualcode(*call, "--history", "--json").json == []
    assert "None yet" in qualcode(*call, "--history").out
    saved = qualcode(*call, "--save", "--by", "ana", "--json")
    assert (saved.code, saved.err) == (0, f"kept in {two}\n")
    take_in_codings(two, "r1,why,cho,reach,,")
    qualcode(*call, "--save", "--by", "ben", "--ci", "bootstrap", "--resamples", "100")
    one, other = qualcode(*call, "--history", "--json").json
    assert one["result"] == saved.json
    assert [one["by"], other["by"]] == ["ana", "ben"]
    assert [one["coders"], other["coders"]] == [["ana", "ben"], ["ana", "ben", "cho"]]
    assert one["codebooks"] == [["Small", 1]]
    assert other["settings"] == {"ci": "bootstrap", "resamples": 100, "seed": 0}
    for form in FORMS:
        assert qualcode(*call, "--history", "--format", form).code == 0
    rows = list(csv.reader(io.StringIO(qualcode(*call, "--history", "--format", "csv").out)))
    assert len(rows) == 3
    assert len(qualcode(*call, "--save", "--history", "--json").json) == 3


def test_a_kept_run_is_in_the_journal(two: Path, qualcode: Command, tmp_path: Path) -> None:
    qualcode("agreement", two, "--question", "why", "--save", "--by", "ana")
    assert qualcode("export", two, "journal", tmp_path / "journal.jsonl").code == 0
    last = read_jsonl(tmp_path / "journal.jsonl")[-1]
    assert (last["act"], last["coder"], last["respondent"]) == ("agreement", "ana", None)
    about = json.loads(last["detail"])["about"]
    assert about == {"question": "why", "coders": ["ana", "ben"], "codebooks": [["Small", 1]]}
    assert qualcode("undo", two, "--coder", "ana", "--json").json["kind"] == "import-codings"
    assert len(qualcode("agreement", two, "--question", "why", "--history", "--json").json) == 1


def test_only_save_writes(two: Path, qualcode: Command) -> None:
    before = content(two)
    for words in (("agreement",), ("agreement", "--history"), ("disagreements",)):
        qualcode(words[0], two, "--question", "why", *words[1:])
    assert content(two) == before
    qualcode("agreement", two, "--question", "why", "--save")
    assert content(two) != before


def test_a_study_that_cannot_be_written_keeps_no_run(
    two: Path, qualcode: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda _, mode: mode != 2)
    assert qualcode("agreement", two, "--question", "why").code == 0
    done = qualcode("agreement", two, "--question", "why", "--save")
    assert (done.code, done.out) == (1, "")
    assert "cannot be written" in done.err.splitlines()[0]


def test_the_lead_sees_how_far_coders_agree_with_themselves(
    small: Path, qualcode: Callable[..., Done]
) -> None:
    asked = ("agreement", small, "--question", "why", "--repeats", "--lead")
    assert "Nobody codes an answer twice" in qualcode(*asked).out
    done = qualcode("assign", small, "--coder", "ana", "--question", "why", "--repeat", "0.5")
    assert "2 more come a second time" in done.err
    with Study.open(small) as opened:
        session, _ = opened.session("ana", "why")
        while (opening := session.opening()) is not None:
            session.toggle(opening, session.codes[0].id)
            session.decide(opening)
    (coder,) = qualcode(*asked, "--json").json["coders"]
    assert (coder["coder"], coder["repeats"], coder["n"]) == ("ana", 2, 2)
    assert coder["overall"]["exact_match"]["value"] == 1
    assert coder["codes"][0]["positives"] == {"first": 2, "second": 2}
    assert "Of 2 answers to be coded twice, 2 are decided twice." in qualcode(*asked).out
    head, *rows = qualcode(*asked, "--format", "csv").out.splitlines()
    assert head.startswith("coder,code,n,")
    assert rows[0].startswith("ana,reach,2,")


@pytest.mark.parametrize("given", [(), ("--lead", "--save"), ("--lead", "--history")])
def test_repeats_are_for_the_lead_alone(
    small: Path, qualcode: Callable[..., Done], given: tuple[str, ...]
) -> None:
    done = qualcode("agreement", small, "--question", "why", "--repeats", *given)
    assert (done.code, done.out) == (2, "")
    assert "--repeats goes with --lead" in done.err


def test_repeats_need_somebody_to_code_them(small: Path, qualcode: Callable[..., Done]) -> None:
    done = qualcode("assign", small, "--repeat", "0.1")
    assert done.code == 2
    assert "--repeat needs to know whose answers" in done.err
