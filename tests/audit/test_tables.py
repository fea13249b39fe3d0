"""What the audit makes of tables: their columns, their bases, their sets."""

from __future__ import annotations

import pytest

from qualcode.audit import Known, audit, known_from_frequencies, read_manuscript

from .made import STUDY, told


def table(*rows: str, before: str = "", after: str = "") -> str:
    """A Markdown table of rows with bars between their cells, a caption and a note."""
    width = rows[0].count("|") + 1
    lines = [f"| {rows[0]} |", "|---" * width + "|", *(f"| {row} |" for row in rows[1:])]
    return "\n\n".join(part for part in (before, "\n".join(lines), after) if part)


N = "Table 1. Themes (N = 144)"
OF = "N = 144"
SIZES = "Size|%", "up to 25,000|27", "to 100,000|32"
UNITS = "Unit|%", "Children|49", "Sex|33", "Computers|40", "Other|34"
BRANCHES = "Branch||", "A|38|26.4", "B|106|73.6"
OFTEN = "|Often|Rarely|Never", "A (n = 38)|44.7 %|42.1 %|13.2 %"
OFTEN_B = "B (n = 106)|45.3 %|40.6 %|14.2 %"
SOUND = [
    table("Theme|n (%)", "Parking|53 (36.8)", "Opening hours|38 (26.4)", before=N),
    table("Theme|% (n)", "Parking|36.8 (53)", "Opening hours|26.4 (38)", before=N),
    table("Theme|k/n|%", "Parking|53/144|36.8", "Opening hours|38/144|26.4"),
    table("Theme|k|n|%|low|high", "Parking|53|144|36.8|29.4|44.9"),
    table("Theme|n|%", "Parking|144|36.8", "Opening hours|144|26.4"),
    table("Theme|n|%", "Parking|53|36.8", "Opening hours|38|26.4", "Base|144|"),
    table("Theme|%", "Parking|36.8", "Opening hours|26.4", "N|144"),
    table("Theme|All|Harbour", "Parking|36.8|44.7", "n|144|38", before="Table 1. Percent of all"),
    table(
        "Theme|All n|All %|Harbour n|Harbour %",
        "Parking|53|36.8|17|44.7",
        "Quiet rooms|9|6.3|2|5.3",
        after="Base: 144 asked; harbour 38.",
    ),
    table(" |All (N = 144)||Harbour (n = 38)|", "Theme|n|%|n|%", "Parking|53|36.8|17|44.7"),
    table("Theme|% [95 % CI]", "Parking|36.8 [29.4, 44.9]", after="Base: 144 respondents asked."),
    table("Theme|Count|Share|95% CI", "Parking|53|36.8 %|29.4 %–44.9 %", after=OF),
    table("Branch|Parking", "Harbour (n = 38)|44.7 %", "Mill street (n = 106)|34.0 %"),
    table("Theme|%", "Access > Parking|36.8", "Quiet rooms|6.3", after=OF),
    table("Theme|n|Percent", "Parking***|53|36.8*", "Quiet rooms|9|6.3 b", after=OF),
    table("Theme|κ|% agreement", "Parking|.81|95.1", "Quiet rooms|.70|98.6"),
    table("Parking|Harbour|Mill street|p", "Yes|17 (44.7 %)|36 (34.0 %)|.24", after="n = 38, 106"),
    table("Theme|k|%", "Parking|53|36.8", "Prayer room|<5|s", "Quiet rooms|9|6.3", after=OF),
    table("Theme|n|%|OR (95 % CI)", "Parking¹|53|36.8|1.8 (1.1–2.9)", "Any theme|9|6.3|", after=OF),
    table(*SIZES, "above|42", after=OF),
    table(*UNITS, after="N = 144; several were possible"),
    table(*UNITS, after=OF),
    table("Unit|%", "Children|39", "Sex|31", "Other|36", after="N = 144. Several answers."),
    table("|n|%", "Sex||", "Men|110|76.4", "Women|34|23.6", *BRANCHES, before=N),
    table("|Level|n|%", "Sex|Men|110|76.4", "|Women|34|23.6", "Size|A|38|26.4", "|B|106|73.6",
          before=N),
    table(*OFTEN, OFTEN_B),
]  # fmt: skip
UNSOUND = [
    (table("Theme|n (%)", "Parking|53 (36.8)", "Quiet rooms|9 (6.5)", before=N), ["error counts"]),
    (table("Theme|k/n|%", "Parking|53/137|36.8", "Opening hours|38/144|26.4"), ["error counts"]),
    (table("Theme|k|n|%|low|high", "Parking|53|144|36.8|29.4|43.9"), ["error interval"]),
    (table("Theme|n|%", "Parking|53|36.8", "Opening hours|38|26.4"), ["warning base"]),
    (table("Theme|All %|Harbour %", "Parking|36.8|43.7", "n|144|38"), ["error grim"]),
    (table("Theme|All %|Harbour %", "Parking|36.8|42.1", "n|144|38"), ["error study"]),
    (table("Branch|Parking", "Harbour (n = 38)|42.1 %", "Mill street (n = 106)|34.0 %"),
     ["error study"]),
    (table("Theme|k", "Parking|53", "Prayer room|3", after=OF), ["error suppressed"]),
    (table("Theme|k|%", "Parking|53|36.8", "Prayer room|3|s", after=OF), ["error suppressed"]),
    (table("Theme|k|%", "Parking|53|36.8", "Quiet rooms|9|6.3", "Loans|5|3.5", after=OF),
     ["error theme"]),
    (table(*SIZES, "above|45", after=OF), ["error sum"]),
    (table(*SIZES, "above|35", after="N = 144. Mutually exclusive categories."), ["error sum"]),
    (table("|n|%", "Sex||", "Men|110|76.4", "Women|40|27.8", *BRANCHES, before=N), ["error sum"]),
    (table(*OFTEN, OFTEN_B, "All (n = 144)|45.1 %|41.0 %|18.1 %"), ["error sum"]),
]  # fmt: skip


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_table_passes(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(("text", "checks"), UNSOUND)
def test_an_unsound_table_is_found(text: str, checks: list[str]) -> None:
    assert told(text) == checks


def test_a_column_without_a_base_is_said_once() -> None:
    text = table("Theme|%", "Parking|36.8", "Opening hours|26.4", "Quiet rooms|6.3")
    report = audit(read_manuscript(text.encode(), "page.md"), STUDY)
    assert [(f.level, f.check, f.place.row) for f in report.findings] == [("warning", "base", 2)]


def test_the_text_is_held_against_rows_that_are_no_themes() -> None:
    text = "Of all 144, {} % were men.\n\n" + table(
        "Sex|n|%", "Men|110|76.4", "Women|34|23.6", before=N
    )
    assert told(text.format("76.4"), Known()) == []
    assert told(text.format("67.4"), Known()) == ["error table"]


def test_the_summary_names_rows_of_the_table_and_the_reverse() -> None:
    page = "# Abstract\n\n{}\n\n# Results\n\n" + table(
        "Theme|k|%", "Parking|53|36.8", "Opening hours|38|26.4", "Quiet rooms|9|6.3", before=N
    )
    assert told(page.format("Parking (36.8 %) was named most.")) == []
    assert told(page.format("Parking and training and friendly staff led.")) == ["warning theme"]
    assert told(page.format("Parking and quiet rooms led.")) == ["note theme"]
    assert told(page.format("The theme “Longer loans” was new."), Known()) == ["error theme"]


FREQUENCIES = {
    "question": "Q1",
    "base": "answered",
    "n": {"asked": 144, "answered": 137, "coded": 132, "any_code": 0},
    "rows": [
        {
            "code": "access/parking", "name": "Parking", "k": 53, "n": 137, "percent": 38.686,
            "low": 30.9, "high": 47.1, "weighted_percent": 40.21, "weighted_low": 31.5,
            "weighted_high": 49.6, "percent_of_responses": 46.1, "suppressed": False,
            "groups": [
                {"attribute": "branch", "value": "harbour", "k": 17, "n": 36, "percent": 47.222,
                 "low": 32.0, "high": 63.0, "suppressed": False},
            ],
        },
        {
            "code": "prayer", "name": "Prayer room", "k": None, "n": 137, "percent": None,
            "low": None, "high": None, "suppressed": True, "groups": [],
        },
    ],
    "statuses": [{"status": "dont_know", "code": "dk", "k": 4, "percent": 2.92}],
}  # fmt: skip


def test_what_a_study_knows_comes_from_its_frequencies() -> None:
    other = {**FREQUENCIES, "rows": [
        {**FREQUENCIES["rows"][0], "groups": [  # type: ignore[dict-item, index]
            {"attribute": "branch", "value": "mill street", "k": 36, "n": 101, "percent": 35.64},
        ]},
    ]}  # fmt: skip
    known = known_from_frequencies([FREQUENCIES, other], closed=[("harbour", "mill street")])
    parking, prayer, status = known.themes
    assert {value for _, value in parking.groups} == {"harbour", "mill street"}
    assert prayer.overall.is_suppressed
    assert (status.name, status.overall.n, status.is_status) == ("Don't know", 137, True)
    assert known.bases_of("Q1") == {144: "asked", 137: "answered", 132: "coded"}
    assert known.closed == (("harbour", "mill street"),)


def test_a_weighted_table_as_this_project_prints_it_passes() -> None:
    known = known_from_frequencies([FREQUENCIES])
    rows = (
        "theme|k|n|%|weighted %|SE|95 % interval|deff|% of responses",
        "Parking|53|137|38.7|40.2|4.6|31.5 to 49.6|1.2|46.1",
        "Prayer room|s|137|s|s|s|s|s|s",
        "Does not know (don't know)|4|137|2.9|–|–|–|–|",
    )
    note = "*Intervals: 95 % of the weighted percentage. At 0 and 100 % no standard error exists.*"
    assert told(table(*rows, after=note), known) == []
    wrong = table(rows[0], rows[1].replace("40.2", "42.0"), *rows[2:], after=note)
    assert told(wrong, known) == ["error study"]
    by = table(
        "theme|all (n = 137)|harbour (n = 36)|test|p|V",
        "Parking|40.2 (53)|47.2 (17)|F 1.2|.21|0.02",
        "Prayer room|s|s|s|s|s",
        after="*In a group: percentage of the group who have the theme, and how many (k).*",
    )
    assert told(by, known) == []
    assert told(by.replace("47.2 (17)", "44.4 (16)"), known) == ["error study"]
