"""What the paper page links to: figures, the report and tables of the sample study, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STUDY = "paper.db"
WAVES = ("up to 25,000", "25,001 to 100,000", "above 100,000")
CLEARED = {
    "Q1": ("R013", "R018", "R019", "R026"),
    "Q5": ("R001", "R013", "R018", "R026", "R032", "R078"),
}
"""Answers that are cleared as they are, beside those that the page clears."""

FILES = {
    "themes.svg": ("figure", STUDY, "themes", "themes.svg", "--question", "Q5"),
    "groups.svg": (
        *("figure", STUDY, "groups", "groups.svg", "--question", "Q5", "--by", "agency_type"),
    ),
    "agreement.svg": ("figure", STUDY, "agreement", "agreement.svg", "--question", "Q5"),
    "flow.svg": ("figure", STUDY, "flow", "flow.svg", "--question", "Q1"),
    "trend.svg": (
        *("figure", STUDY, "trend", "trend.svg", "--question", "Q5", "--wave"),
        "jurisdiction_size",
        *(word for wave in WAVES for word in ("--order", wave)),
    ),
    **{
        name: (
            *("report", STUDY, name, "--question", "Q1", "--question", "Q5"),
            *("--by", "agency_type", "--voice", "agency_type"),
            *("--title", "Technology in investigations: a synthetic sample"),
        )
        for name in ("report.html", "report.docx")
    },
    "codebook.md": ("export", STUDY, "codebook", "codebook.md"),
    "frequencies.xlsx": (
        *("frequencies", STUDY, "--question", "Q5", "--by", "agency_type"),
        *("--out", "frequencies.xlsx"),
    ),
    "frequencies.tex": (
        *("frequencies", STUDY, "--question", "Q5", "--by", "agency_type"),
        *("--out", "frequencies.tex"),
    ),
    "paper.qmd": ("report", STUDY, "paper.qmd", "--question", "Q5"),
}


def clear(run: Callable[[list[str], Path], str], folder: Path) -> None:
    """Clear the quotes that the page prints."""
    for question, respondents in CLEARED.items():
        for respondent in respondents:
            words = ["clear", STUDY, "--coder", "pi", "--question", question]
            run([*words, "--respondent", respondent], folder)


def make(run: Callable[[list[str], Path], str], folder: Path) -> dict[str, bytes]:
    """The files, each by the command that anybody would type."""
    for words in FILES.values():
        run(list(words), folder)
    return {name: (folder / name).read_bytes() for name in FILES}
