"""The surveys whose numbers were made with R's survey package, and these numbers."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.design import survey_design

if TYPE_CHECKING:
    from typing import Any

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.design import Design

HERE = Path(__file__).parent
LIBRARY = HERE.parent / "study" / "library"

THEMES = ("theme_clients", "theme_marketing", "theme_reactive", "theme_training")
ATTRIBUTES = ("jurisdiction", "unit")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def survey() -> dict[str, list[str]]:
    """The columns of the synthetic survey."""
    rows = rows_of(HERE / "survey_synthetic.csv")
    return {name: [row[name] for row in rows] for name in rows[0]}


@cache
def survey_expected() -> dict[tuple[str, str, str, str, str], float]:
    rows = rows_of(HERE / "survey_synthetic_expected.csv")
    keys = ("design", "quantity", "item", "group", "stat")
    return {tuple(row[key] for key in keys): float(row["value"]) for row in rows}


def survey_designs() -> dict[str, Design]:
    columns = survey()
    weights = np.array(columns["weight"], dtype=float)
    n = weights.size
    return {
        "full": survey_design(n, weights=weights, stratum=columns["stratum"], psu=columns["psu"]),
        "weights_only": survey_design(n, weights=weights),
    }


def theme(name: str) -> tuple[BoolArray, BoolArray]:
    """Who has a theme, and who is in its base."""
    cells = np.array(survey()[name])
    return cells == "1", cells != ""


def grouped(attribute: str) -> tuple[IntArray, list[str]]:
    values = survey()[attribute]
    labels = sorted(set(values))
    return np.array([labels.index(value) for value in values]), labels


def years() -> FloatArray:
    return np.array(survey()["years"], dtype=float)


@cache
def library() -> dict[str, Any]:
    """The library study as index arrays: decided and applied, with codes, coders, respondents."""
    people = rows_of(LIBRARY / "library_respondents.csv")
    codings = rows_of(LIBRARY / "library_codings.csv")
    place = {row["respondent_id"]: i for i, row in enumerate(people)}
    paths = ["access", "access/hours", "access/parking", "space", "space/quiet", "staff"]
    paths += ["staff/friendly", "dont_know", "uncodable"]
    statuses = ["", "", "", "", "", "", "", "dont_know", "uncodable"]
    coders = ["ana", "ben", "cho"]
    seen = [(place[row["respondent_id"]], coders.index(row["coder"])) for row in codings]
    applied = [
        (*cell, paths.index(row["code"]))
        for cell, row in zip(seen, codings, strict=True)
        if row["code"] != "none"
    ]
    for i, row in enumerate(people):
        if row["q1_status"] in statuses[-2:]:
            applied += [(i, g, paths.index(row["q1_status"])) for g in range(3)]
    status = [1 if row["q1_status"] == "blank" else 2 for row in people]
    return {
        "n": len(people),
        "people": people,
        "paths": paths,
        "statuses": statuses,
        "coders": coders,
        "decided": tuple(np.array(seen).T),
        "applied": tuple(np.array(applied).T),
        "status": np.array(status, dtype=np.uint8),
    }
