"""`audit`: exit codes, what it prints, planted quotes, and this project's own tables and report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]

PAGES = ROOT / "docs" / "sample"
QUOTED = "search and seizure issues - case law on phones changes all the time and nobody tells us"
SENTENCE = f"One wrote: “{QUOTED}”."


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The correct page without its quotation, which nobody has cleared here."""
    text = (PAGES / "manuscript.md").read_text("utf-8").partition(" One wrote:")[0]
    path = tmp_path / "paper.md"
    path.write_text(text + "\n", "utf-8")
    return path


def test_a_correct_page_passes(sample: Path, page: Path, qualcode: Command) -> None:
    done = qualcode("audit", sample, page, "--question", "Q5")
    assert (done.code, done.err) == (0, "")
    (line,) = done.out.splitlines()
    assert line.startswith("12 percentages: 12 confirmed, 0 failed, 0 not checked")
    assert "1 sets that add to 100, 1 sets of several answers, 2 quantifier words" in line


PLANTED = {
    "leak": "Search and seizure issues",
    "quantifier": "Most of the 131",
    "theme": "leadership",
    "study": "16.8 %",
    "grim": "36.2 %",
    "sum": "26 + 32 + 46",
    "counts": "13.7",
}


def test_every_planted_error_is_found_once(sample: Path, qualcode: Command) -> None:
    wrong = PAGES / "manuscript-wrong.md"
    done = qualcode("audit", sample, wrong, "--question", "Q5", "--question", "Q6", "--json")
    assert done.code == 1
    assert not done.json["passed"]
    found = {finding["check"]: finding for finding in done.json["findings"]}
    assert len(found) == len(done.json["findings"]) == len(PLANTED)
    assert {finding["level"] for finding in found.values()} == {"error"}
    for check, words in PLANTED.items():
        assert words in found[check]["shown"]
    assert "add to 104 %" in found["sum"]["wrong"]
    assert "18 of 144 is 12.5 %" in found["counts"]["wrong"]
    assert "of 126" not in found["study"]["right"]


def test_what_was_not_checked_and_the_rules_are_shown_on_request(
    sample: Path, page: Path, qualcode: Command
) -> None:
    page.write_text(page.read_text("utf-8") + "\nAgreement was 92 %.\n", "utf-8")
    short = qualcode("audit", sample, page, "--question", "Q5")
    done = qualcode("audit", sample, page, "--question", "Q5", "--all", "--rules")
    assert short.code == done.code == 0
    assert "unchecked:" not in short.out
    assert "rule:" not in short.out
    assert "“92 %”: agreement between coders" in done.out
    assert "rule: “most”, “" in done.out
    assert "“about” 40 % is 37.5 to 42.5 %" in done.out


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("none.md", None, 3), ("a.pdf", b"%PDF-1.7", 2), ("a.md", b"", 2), ("a.docx", b"PK", 2)],
)
def test_a_manuscript_that_cannot_be_read_is_one_clear_error(
    name: str, content: bytes | None, code: int, small: Path, qualcode: Command
) -> None:
    path = small.with_name(name)
    if content is not None:
        path.write_bytes(content)
    done = qualcode("audit", small, path)
    assert (done.code, done.out) == (code, "")
    assert name in done.err
    assert len(done.err.splitlines()) <= 2


@pytest.mark.parametrize("ending", [".md", ".txt", ".html", ".docx"])
def test_a_quote_that_nobody_cleared_is_found(
    ending: str, sample: Path, tmp_path: Path, qualcode: Command
) -> None:
    path = tmp_path / f"paper{ending}"
    if ending == ".docx":
        document = pytest.importorskip("docx").Document()
        document.add_heading("Results", 1)
        document.add_table(1, 1).cell(0, 0).text = SENTENCE
        document.save(str(path))
    else:
        text = f"<p>{SENTENCE}</p>" if ending == ".html" else SENTENCE
        path.write_text(f"{text}\n", "utf-8")
    done = qualcode("audit", sample, path, "--question", "Q7", "--json")
    assert done.code == 1
    (finding,) = done.json["findings"]
    assert (finding["level"], finding["check"]) == ("error", "leak")
    assert "R035 to Q5 that nobody cleared" in finding["wrong"]


@pytest.mark.parametrize("key", ["Q1", "Q5"])
def test_frequencies_as_they_are_written_pass(
    key: str, sample: Path, tmp_path: Path, qualcode: Command
) -> None:
    by = ("--by", "agency_type", "--by", "jurisdiction_size")
    for name, options in (("all.md", ()), ("groups.md", by), ("groups.html", by)):
        path = tmp_path / name
        assert qualcode("frequencies", sample, "--question", key, *options, "--out", path).code == 0
        done = qualcode("audit", sample, path, "--question", key, "--json")
        assert [finding["wrong"] for finding in done.json["findings"]] == []
        assert done.json["counts"]["by_study"] > 4


@pytest.mark.parametrize("by", ["agency_type", "jurisdiction_size"])
def test_the_report_and_the_data_of_its_figures_pass(
    by: str, sample: Path, tmp_path: Path, qualcode: Command
) -> None:
    path = tmp_path / "report.md"
    assert qualcode("report", sample, path, "--by", by, "--question", "Q5").code == 0
    done = qualcode("audit", sample, path, "--question", "Q5", "--json")
    assert [finding["wrong"] for finding in done.json["findings"]] == []
    assert done.json["counts"]["failed"] == 0
    assert done.json["counts"]["by_study"] > 40
