"""A frequency report as a document: themes, groups, other rules, and what has to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.exporters.documents import Document, Grid, Section
from qualcode.study.frequencies.notes import on_counting, on_groups, on_rules, on_themes
from qualcode.study.frequencies.rules import RULES
from qualcode.study.frequencies.wording import (
    HIDDEN,
    NONE,
    STATUSES,
    count,
    interval,
    label,
    number,
    p_value,
    percent,
    starred,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.study.frequencies.report import (
        Cell,
        FrequencyReport,
        Row,
        StatusRow,
        Test,
    )

Percents: TypeAlias = Literal["column", "row"]
_MACHINE = ("corrected %", "95 % interval, corrected", "still to code for ±3")


def as_document(report: FrequencyReport, percents: Percents = "column") -> Document:
    """The report in the order in which it is read; percentages have one decimal.

    A column percentage is of a group, a row percentage of all who have the theme.
    """
    groups = (groups_section(report, place, percents) for place in range(len(report.groupings)))
    sections = (
        Section("What was counted", tuple(on_counting(report))),
        themes_section(report),
        *groups,
        _rules(report),
    )
    title = f"Frequencies of {report.question.key}: {report.question.text}"
    return Document(title, tuple(section for section in sections if section is not None))


def themes_section(report: FrequencyReport) -> Section:
    """The themes, with below them what answers are that say none."""
    columns = (*_columns(report), *_machine_columns(report))
    rows = [_theme(row, columns) for row in report.rows]
    rows += [_status(row, columns) for row in report.statuses]
    return Section("Themes", grid=Grid(columns, tuple(rows)), notes=tuple(on_themes(report)))


def _columns(report: FrequencyReport) -> tuple[str, ...]:
    if not report.is_weighted:
        return ("theme", "k", "n", "%", "95 % interval", "% of responses")
    has_totals = any(row.cell.total for row in report.rows)
    return (
        *("theme", "k", "n", "%", "weighted %", "SE", "95 % interval", "deff", "% of responses"),
        *(("total", "SE of total") if has_totals else ()),
    )


def _machine_columns(report: FrequencyReport) -> tuple[str, ...]:
    if report.machine is None:
        return ()
    if report.machine.kind == "machine":
        return ("machine %",)
    return _MACHINE


def _by_machine(row: Row) -> dict[str, str]:
    found = row.machine
    if found is None:
        is_hidden = row.cell.is_suppressed
        value = HIDDEN if is_hidden else NONE
        return dict.fromkeys((*_MACHINE, "machine %"), value)
    return {
        "machine %": percent(found.whole.value),
        _MACHINE[0]: percent(found.whole.value),
        _MACHINE[1]: interval(found.whole),
        _MACHINE[2]: NONE if found.more is None else count(found.more),
    }


def _theme(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    parts = {"theme": label(row.code), "% of responses": percent(row.of_responses)}
    parts |= _by_machine(row)
    if row.cell.is_suppressed and row.of_responses is None:
        parts["% of responses"] = HIDDEN
    return tuple((_cells(row.cell) | parts)[column] for column in columns)


def _status(row: StatusRow, columns: tuple[str, ...]) -> tuple[str, ...]:
    status = STATUSES[row.code.status]
    name = row.code.name if row.code.name.lower() == status else f"{row.code.name} ({status})"
    blank = dict.fromkeys(("% of responses", "machine %", *_MACHINE), "")
    shown = _cells(row.cell) | {"theme": name} | blank
    return tuple(shown[column] for column in columns)


def _cells(cell: Cell) -> dict[str, str]:
    """The cells of one row by the names of their columns."""
    is_hidden, weighted, total = cell.is_suppressed, cell.weighted, cell.total
    found = weighted.estimate if weighted else cell.share
    effect = weighted.design_effect if weighted else None
    return {
        "k": whole(cell.k),
        "n": whole(cell.n),
        "%": percent(cell.share.value, is_hidden=is_hidden),
        "weighted %": percent(found.value, is_hidden=is_hidden),
        "SE": percent(found.se, is_hidden=is_hidden),
        "95 % interval": interval(found, is_hidden=is_hidden),
        "deff": HIDDEN if is_hidden else number(effect, 2),
        "total": HIDDEN if is_hidden else _total(total.value if total else None),
        "SE of total": HIDDEN if is_hidden else _total(total.se if total else None),
    }


def _total(value: float | None) -> str:
    return NONE if value is None else f"{value:,.0f}"


def groups_section(report: FrequencyReport, place: int, percents: Percents = "column") -> Section:
    """One attribute: a column a group, and the test of each theme."""
    grouping = report.groupings[place]
    tests = {test.code.path: test for test in report.tests if test.by == grouping.attribute}
    has_odds = any(test.odds_ratio for test in tests.values())
    columns = (
        "theme",
        f"all (n = {whole(report.n[report.base])})",
        *(f"{group.value} (n = {whole(group.n)})" for group in grouping.groups),
        "test",
        "p",
        "p, Holm",
        "p, BH",
        "V",
        *(("odds ratio",) if has_odds else ()),
    )
    rows = tuple(
        (
            label(row.code),
            shown(row.cell, percents),
            *(shown(cell, percents) for cell in row.groups[place]),
            *_test(tests[row.code.path]),
            *((_odds(tests[row.code.path]),) if has_odds else ()),
        )
        for row in report.rows
    )
    return Section(
        f"By {grouping.attribute}",
        grid=Grid(columns, rows),
        notes=(_direction(report, percents), *on_groups(report, grouping)),
    )


def _direction(report: FrequencyReport, percents: Percents) -> str:
    kind = "weighted percentage" if report.is_weighted else "percentage"
    if percents == "row":
        return f"In a group: {kind} of all with the theme who are in the group, and how many (k)."
    return f"In a group: {kind} of the group who have the theme, and how many they are (k)."


def shown(cell: Cell, percents: Percents = "column") -> str:
    """A percentage with the number of respondents behind it."""
    if cell.is_suppressed:
        return HIDDEN
    share = cell.best.value
    if percents == "row":
        share = cell.of_row if cell.weighted is None else cell.weighted_of_row
    return f"{percent(share)} ({whole(cell.k)})"


_NAMES = {"rao_scott": "F", "pearson": "χ²", "fisher": "Fisher"}


def _test(test: Test) -> tuple[str, ...]:
    found, is_hidden = test.association, test.is_suppressed
    statistic = f" {found.statistic:.2f}" if found.statistic is not None else ""
    name = f"{_NAMES[found.name]}{statistic}" if found.p is not None else NONE
    return (
        HIDDEN if is_hidden else name,
        p_value(found.p, is_hidden=is_hidden),
        starred(test.p_holm, is_hidden=is_hidden),
        p_value(test.p_bh, is_hidden=is_hidden),
        HIDDEN if is_hidden else number(found.effect, 2),
    )


def _odds(test: Test) -> str:
    if test.is_suppressed:
        return HIDDEN
    found = test.odds_ratio.estimate if test.odds_ratio else None
    if found is None or found.value is None:
        return NONE
    return f"{number(found.value, 2)} ({number(found.low, 2)} to {number(found.high, 2)})"


def _rules(report: FrequencyReport) -> Section | None:
    """The same codings under other rules, side by side."""
    if not any(row.by_rule for row in report.rows):
        return None
    rows = tuple(tuple(_by_rule(row)) for row in report.rows)
    return Section(
        "By other rules of consensus",
        grid=Grid(("theme", *RULES), rows),
        notes=tuple(on_rules(report)),
    )


def _by_rule(row: Row) -> Iterator[str]:
    yield label(row.code)
    for rule in RULES:
        yield shown((row.by_rule or {})[rule])
