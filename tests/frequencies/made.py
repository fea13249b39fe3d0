"""Studies to count, and what R's survey package says of two of them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coded import LIBRARY, LIBRARY_BOOK, coding_rows, library_triples
from qualcode import Study
from qualcode.study.design import Design
from qualcode.study.frequencies import Wish, tabulate
from qualcode.study.frequencies.as_json import as_json
from studies import make, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qualcode.study.frequencies import FrequencyReport

REFERENCE = Path(__file__).parents[1] / "estimation"
THEMES = ("theme_clients", "theme_marketing", "theme_reactive", "theme_training")
ATTRIBUTES = ("jurisdiction", "unit")

SURVEY_BOOK = "codebook: Themes\nversion: 1\ncodes:\n" + "".join(
    f"  - key: {name}\n    name: {name}\n" for name in THEMES
)

TREE = """\
codebook: Tree
version: 3
codes:
  - key: a
    name: A
    children:
      - key: x
        name: AX
      - key: y
        name: AY
  - key: b
    name: B
  - key: c
    name: C
  - key: dk
    name: Does not know
    status: dont_know
  - key: refused
    name: Refused
    status: refused
"""
"""Two families of themes and two statuses."""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def library_expected() -> list[dict[str, str]]:
    return rows_of(REFERENCE / "library_expected.csv")


def survey_expected() -> dict[tuple[str, str, str, str, str], float]:
    keys = ("design", "quantity", "item", "group", "stat")
    rows = rows_of(REFERENCE / "survey_synthetic_expected.csv")
    return {tuple(row[key] for key in keys): float(row["value"]) for row in rows}


def study_of(
    folder: Path,
    people: Iterable[Mapping[str, str]],
    codings: Sequence[str],
    book: str,
    design: Design | None = None,
) -> Path:
    """A study with one question, q1; an empty answer is a blank one."""
    listed = list(people)
    columns = list(listed[0])
    lines = [",".join(columns), *(",".join(row[name] for name in columns) for row in listed)]
    survey = "\n".join(lines) + "\n"
    study = make(
        folder, survey, [book], questions=(("q1", "q1"),), id_column="id", design=design or Design()
    )
    if codings:
        take_in_codings(study, *codings)
    return study


def library(folder: Path, design: Design | None = None) -> Path:
    """The library example with its weights, strata and attributes."""
    people = [
        {
            "id": row["respondent_id"],
            "q1": "" if row["q1_status"] == "blank" else f"answer of {row['respondent_id']}",
            **{name: row[name] for name in ("weight", "stratum", "site", "visitor")},
        }
        for row in rows_of(LIBRARY / "library_respondents.csv")
    ]
    codings = list(coding_rows(library_triples()))
    design = design or Design(weight="weight", stratum="stratum")
    return study_of(folder, people, codings, LIBRARY_BOOK, design)


def survey(folder: Path, design: Design) -> Path:
    """The synthetic survey, coded by one person."""
    rows = rows_of(REFERENCE / "survey_synthetic.csv")
    kept = ("stratum", "psu", "weight", "jurisdiction", "years", "unit")
    people = [
        {
            "id": row["respondent"],
            "q1": "" if row[THEMES[0]] == "" else f"what {row['respondent']} says",
            **{name: row[name] for name in kept},
        }
        for row in rows
    ]
    codings = []
    for row in rows:
        if row[THEMES[0]] != "":
            found = [name for name in THEMES if row[name] == "1"]
            codings += [f"{row['respondent']},q1,ana,{code},," for code in found or [""]]
    return study_of(folder, people, codings, SURVEY_BOOK, design)


SURVEY_DESIGNS = {
    "full": Design(weight="weight", stratum="stratum", psu="psu"),
    "weights_only": Design(weight="weight"),
}


def small(
    folder: Path,
    codings: Sequence[str],
    n: int = 20,
    *,
    design: Design | None = None,
    texts: Mapping[str, str] | None = None,
) -> Path:
    """A study of n respondents r0, r1 … with a group, a wave and a weight, under `TREE`."""
    people = [
        {
            "id": f"r{i}",
            "q1": (texts or {}).get(f"r{i}", f"text {i}"),
            "group": "one" if i % 2 else "two",
            "wave": str(2001 + i % 3),
            "size": ["5-9", "10-19", "20"][i % 3],
            "weight": str(1 + i % 4),
        }
        for i in range(n)
    ]
    return study_of(folder, people, codings, TREE, design)


def coded(who: Iterable[int], coder: str, code: str) -> list[str]:
    """Rows of codings: a code by a coder on some of the respondents of `small`."""
    return [f"r{i},q1,{coder},{code},," for i in who]


def report(study: Path, **wish: Any) -> FrequencyReport:
    with Study.open(study, readonly=True) as opened:
        return tabulate(opened.database, opened.question("q1"), Wish(**wish))


def table(study: Path, **wish: Any) -> dict[str, Any]:
    return as_json(report(study, **wish))


def rows(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in found["rows"]}
