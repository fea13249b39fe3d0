"""What is suppressed is missing everywhere alike, and cannot be worked out from one call."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from qualcode.study.design import Design

from .made import TREE, coded, library, report, rows, small, study_of, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Theme c is rare in one group, and b rare in all."""
    codings = [
        *coded(range(30), "ana", "a/x"),
        *coded(range(25, 42), "ana", "a/y"),
        *coded([1, 2, 41], "ana", "b"),
        *coded([*range(0, 40, 2), 1, 3], "ana", "c"),
        *coded(range(54, 60), "ana", "dk"),
    ]
    done = {int(line.split(",")[0][1:]) for line in codings}
    codings += coded(sorted(set(range(60)) - done), "ana", "")
    return small(tmp_path_factory.mktemp("small"), codings, n=60, design=Design(weight="weight"))


def test_small_counts_are_missing_in_json(study: Path) -> None:
    found = rows(table(study, by=("group",)))
    assert found["b"]["suppressed"]
    for name in ("k", "percent", "low", "high", "percent_of_responses", "weighted_percent"):
        assert found["b"][name] is None
    for name in ("weighted_se", "weighted_low", "weighted_total", "weighted_total_se", "deff"):
        assert found["b"][name] is None
    assert found["b"]["n"] == 60
    assert all(cell["suppressed"] for cell in found["b"]["rules"].values())
    small_one, partner = found["c"]["groups"]
    assert small_one["suppressed"]
    assert partner["suppressed"]  # else it could be subtracted from all
    assert (found["c"]["k"], found["c"]["suppressed"]) == (22, False)
    assert small_one["n"] == 30
    assert all(row["percent_of_responses"] is None for row in found.values())


def test_tests_on_hidden_cells_are_missing(study: Path) -> None:
    found = {test["code"]: test for test in table(study, by=("group",))["tests"]}
    assert found["c"]["suppressed"]
    for name in ("statistic", "ndf", "ddf", "p", "p_holm", "p_bh", "cramers_v", "odds_ratio"):
        assert found["c"][name] is None
    assert found["a"]["p"] is not None


def test_internally_everything_is_shown(study: Path) -> None:
    found = table(study, by=("group",), is_internal=True)
    text = json.dumps(found)
    assert '"suppressed": true' not in text
    assert rows(found)["b"]["k"] == 3
    assert found["suppression"] is None
    assert any("Not for publication" in note for note in found["notes"])


def test_the_threshold_can_be_raised(study: Path) -> None:
    hidden = [
        sum(cell["suppressed"] for row in found["rows"] for cell in (row, *row["groups"]))
        for threshold in (5, 10, 15)
        for found in [table(study, by=("group",), threshold=threshold)]
    ]
    assert hidden == sorted(hidden)
    assert hidden[0] < hidden[-1]


def cells_of(text: str, form: str) -> list[list[str]]:
    """The cells of every table of a page, as texts."""
    if form == "csv":
        return [row for row in csv.reader(io.StringIO(text)) if len(row) > 1]
    if form == "html":
        lines = re.findall(r"<tr>(.*?)</tr>", text)
        found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in lines]
        return [[cell.replace("&#x27;", "'").replace("&lt;", "<") for cell in row] for row in found]
    if form == "markdown":
        lines = [line for line in text.splitlines() if line.startswith("| ")]
        found = [[cell.strip() for cell in line[1:-1].split(" | ")] for line in lines]
        plain = [[re.sub(r"\\(.)", r"\1", cell) for cell in row] for row in found]
        return [row for row in plain if not set("".join(row)) <= set("-: ")]
    lines = [line for line in text.splitlines() if line.endswith(r" \tabularnewline")]
    found = [line.removesuffix(r" \tabularnewline").split(" & ") for line in lines]
    return [[_untex(cell) for cell in row] for row in found]


def _untex(cell: str) -> str:
    cell = cell.strip().removeprefix(r"\raggedright ").replace(r"\textquotesingle{}", "'")
    cell = cell.replace(r"\textless{}", "<").replace("{[}", "[").replace("{]}", "]")
    return re.sub(r"\\([%&#_$])", r"\1", cell).replace("{}", "").strip()


@pytest.mark.parametrize("form", ["html", "markdown", "latex"])
def test_all_forms_hold_the_same_cells(study: Path, form: str, qualcode: Command) -> None:
    call = ("frequencies", study, "--by", "group", "--by", "wave", "--format")
    wanted = cells_of(qualcode(*call, "csv").out, "csv")
    assert cells_of(qualcode(*call, form).out, form) == wanted
    assert sum(cell == "s" for row in wanted for cell in row) > 10


def test_the_terminal_holds_the_same_cells(study: Path, qualcode: Command) -> None:
    call = ("frequencies", study, "--by", "group", "--format")
    wanted = cells_of(qualcode(*call, "csv").out, "csv")
    lines = [" ".join(line.split()) for line in qualcode(*call, "table").out.splitlines()]
    for row in wanted:
        assert " ".join(" ".join(row).split()) in lines


def test_no_form_shows_what_is_hidden(study: Path, qualcode: Command) -> None:
    shown = cells_of(qualcode("frequencies", study, "--by", "group", "--format", "csv").out, "csv")
    line = next(row for row in shown if row[0] == "B")
    assert set(line[1:]) == {"s", "60"}
    assert not any(cell.startswith("0") for row in shown for cell in row if cell == "<5")


class Attacker:
    """Reads one document of JSON and bounds what it hides, by integer programming.

    Variables are the respondents of each theme in each group and in none; printed are the sums.
    """

    def __init__(self, found: dict[str, Any]) -> None:
        self.rows = found["rows"]
        self.groups = len(self.rows[0]["groups"])
        width = self.groups + 1  # one more for those in no group
        self.width = width
        size = len(self.rows) * width
        self.high = np.zeros(size)
        self.lines: list[Any] = []
        self.ends: list[tuple[float, float]] = []
        whole = self.rows[0]["n"]
        sizes = [group["n"] for group in self.rows[0]["groups"]]
        for r, row in enumerate(self.rows):
            for g in range(width):
                base = sizes[g] if g < self.groups else None
                self.high[r * width + g] = whole if base is None else base
            if row["k"] is not None:
                self._know({r * width + g: 1 for g in range(width)}, row["k"], row["k"])
            for g, group in enumerate(row["groups"]):
                if group["k"] is not None:
                    self._know({r * width + g: 1}, group["k"], group["k"])
        place = {row["code"]: r for r, row in enumerate(self.rows)}
        for r, row in enumerate(self.rows):
            if row["parent"]:
                for g in range(width):
                    above = place[row["parent"]] * width + g
                    self._know({above: 1, r * width + g: -1}, 0, np.inf)
        if None not in sizes:
            rest = whole - sum(sizes)
            self.high[self.groups :: width] = np.minimum(self.high[self.groups :: width], rest)

    def _know(self, factors: dict[int, int], low: float, high: float) -> None:
        line = np.zeros(self.high.size)
        for place, factor in factors.items():
            line[place] = factor
        self.lines.append(line)
        self.ends.append((low, high))

    def width_of(self, r: int, g: int | None) -> int:
        """How wide the range of a hidden cell is; g is None for the whole base."""
        goal = np.zeros(self.high.size)
        goal[
            r * self.width + g if g is not None else slice(r * self.width, (r + 1) * self.width)
        ] = 1
        if g is None:
            goal[:] = 0
            goal[r * self.width : (r + 1) * self.width] = 1
        facts = LinearConstraint(np.array(self.lines), *zip(*self.ends, strict=True))
        ends = [
            sign
            * milp(sign * goal, constraints=facts, integrality=1, bounds=Bounds(0, self.high)).fun
            for sign in (1, -1)
        ]
        return round(ends[1] - ends[0])


def widths(found: dict[str, Any]) -> list[int]:
    attacker = Attacker(found)
    hidden = []
    for r, row in enumerate(found["rows"]):
        if row["suppressed"]:
            hidden.append(attacker.width_of(r, None))
        hidden += [
            attacker.width_of(r, g) for g, cell in enumerate(row["groups"]) if cell["suppressed"]
        ]
    return hidden


@pytest.mark.parametrize("by", [("group",), ("wave",), ("size",)])
def test_one_table_gives_no_hidden_cell_away(study: Path, by: tuple[str, ...]) -> None:
    found = widths(table(study, by=by, is_unweighted=True))
    assert found
    assert min(found) >= 5


@pytest.mark.parametrize("attribute", ["site", "visitor"])
@pytest.mark.parametrize("rule", ["any", "majority", "unanimous"])
def test_neither_does_one_of_the_library(tmp_path: Path, attribute: str, rule: str) -> None:
    found = table(library(tmp_path), by=(attribute,), rule=rule)
    assert all(width >= 5 for width in widths(found))


REGIONS = {"north": ("n1", "n2"), "south": ("s1", "s2")}


def regional(folder: Path) -> Path:
    """Counties in regions, and two attributes that overlap; three of n1 have the theme."""
    with_theme = {"n1": 3, "n2": 12, "s1": 20, "s2": 6}
    people, codings = [], []
    for region, counties in REGIONS.items():
        for county in counties:
            for i in range(30):
                name = f"{county}-{i}"
                people.append(
                    {
                        "id": name,
                        "q1": f"text {name}",
                        "region": region,
                        "county": county,
                        "first": "yes" if county in ("n1", "s2") else "no",
                        "second": "yes" if county == "s2" else "no",
                    }
                )
                code = "b" if i < with_theme[county] else ""
                codings.append(f"{name},q1,ana,{code},,")
    return study_of(folder, people, codings, TREE)


def test_groups_within_groups_are_protected_together(tmp_path: Path) -> None:
    """By county alone n1 takes s2 along; beside regions it has to take n2, which is in its own."""
    study = regional(tmp_path)
    alone = rows(table(study, by=("county",)))["b"]["groups"]
    assert [cell["value"] for cell in alone if cell["suppressed"]] == ["n1", "s2"]
    both = rows(table(study, by=("region", "county")))["b"]["groups"]
    assert [cell["value"] for cell in both if cell["suppressed"]] == ["n1", "n2"]
    other_way = rows(table(study, by=("county", "region")))["b"]["groups"]
    assert {"n1", "n2"} <= {cell["value"] for cell in other_way if cell["suppressed"]}


def test_two_tables_of_one_study_may_give_a_cell_away(tmp_path: Path) -> None:
    """What the docs say: every table is protected by itself, and two calls are two tables."""
    study = regional(tmp_path)
    one, other = (rows(table(study, by=(name,)))["b"]["groups"] for name in ("first", "second"))
    assert not any(cell["suppressed"] for cell in (*one, *other))
    first, second = (
        next(cell["k"] for cell in cells if cell["value"] == "yes") for cells in (one, other)
    )
    assert first - second == 3  # those of n1
    notes = " ".join(table(study, by=("county",))["notes"])
    assert "Tables of the same answers by other attributes were not looked into." in notes


def test_a_small_base_hides_its_size_too(tmp_path: Path) -> None:
    found = table(small(tmp_path, coded(range(8), "ana", "b"), n=8), by=("group",))
    assert found["n"] == {"asked": None, "answered": None, "coded": None, "any_code": None}
    for row in found["rows"]:
        assert (row["k"], row["n"], row["suppressed"]) == (None, None, True)
        assert all((cell["k"], cell["n"]) == (None, None) for cell in row["groups"])


def test_a_small_group_hides_its_size(tmp_path: Path) -> None:
    study = small(tmp_path, coded(range(24), "ana", "b"), n=24)
    found = rows(table(study, by=("size",)))["c"]["groups"]
    assert [cell["n"] for cell in found] == [None, None, None]


def test_statuses_are_suppressed_too(tmp_path: Path) -> None:
    codings = [*coded(range(30), "ana", "b"), *coded([30, 31], "ana", "dk")]
    codings += coded(range(32, 40), "ana", "refused")
    statuses = table(small(tmp_path, codings, n=40))["statuses"]
    assert [(row["k"], row["suppressed"]) for row in statuses] == [(None, True), (None, True)]


def test_a_report_holds_nothing_that_is_hidden(study: Path) -> None:
    """What screens and documents are made of has lost it already."""
    found = report(study, by=("group",))
    row = next(row for row in found.rows if row.code.path == "b")
    cells = [row.cell, *row.groups[0], *(row.by_rule or {}).values()]
    assert {(cell.k, cell.share.value, cell.weighted, cell.total) for cell in cells} == {
        (None, None, None, None)
    }
