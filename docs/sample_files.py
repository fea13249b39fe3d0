"""What the paper page links to: figures, the report and tables of the sample study, as files."""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from qualcode.cli import demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STUDY = "paper.db"
ASKED = {
    "Q5": "What are your biggest concerns about technology in these cases?",
    "Q6": "What resources, training or assistance will your agency need over the next ten years?",
}
"""The questions of one codebook."""

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


def corpus(run: Callable[[list[str], Path], str], folder: Path) -> None:
    """The answers to one question as a corpus, and a study of some drawn from it by chance."""
    people = _rows(folder / "survey.csv")
    (folder / "answers").mkdir()
    for number, some in enumerate((people[:80], people[80:])):
        columns = {
            "respondent": [one["respondent_id"] for one in some],
            "question": ["Q5"] * len(some),
            "text": [one[ASKED["Q5"]] for one in some],
        }
        parquet.write_table(pa.table(columns), folder / "answers" / f"{number}.parquet")
    drawn = random.Random(3).sample([one for one in people if one[ASKED["Q5"]]], 80)
    names = {one["respondent_id"] for one in drawn}
    codings = _rows(folder / demo.CODINGS)
    kept = [row for row in codings if row["respondent"] in names and row["question"] == "Q5"]
    said = ({key: one[text] for key, text in ASKED.items()} for one in drawn)
    ids = ({"id": one["respondent_id"]} for one in drawn)
    _write(folder / "drawn.csv", [one | other for one, other in zip(ids, said, strict=True)])
    _write(folder / "drawn-codings.csv", kept)
    questions = [word for key in ASKED for word in ("--question", f"{key}={key}")]
    asked = ["--id", "id", *questions, "--codebook", demo.CODEBOOKS[2]]
    run(["new", "drawn.db", "drawn.csv", *asked], folder)
    run(["import-codings", "drawn.db", "drawn-codings.csv"], folder)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


def make(run: Callable[[list[str], Path], str], folder: Path) -> dict[str, bytes]:
    """The files, each by the command that anybody would type."""
    for words in FILES.values():
        run(list(words), folder)
    return {name: (folder / name).read_bytes() for name in FILES}
