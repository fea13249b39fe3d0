"""Figures of a study: themes, themes by group, agreement, the flow of respondents, a trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.agreement import FEW
from qualcode.exporters.figures import Chart, Flow, Point, Series, Stage
from qualcode.store import responses
from qualcode.study.agreement.wording import REASONS, number
from qualcode.study.frequencies.wording import BASES, count, percent, whole
from qualcode.study.quotes import stated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.agreement import CodeAgreement
    from qualcode.store.connection import Database
    from qualcode.study.agreement import AgreementReport
    from qualcode.study.frequencies import Cell, FrequencyReport, Row
    from qualcode.study.frequencies.trend import TrendReport

_MARKS = ((0.667, "tentative .667"), (0.8, "reliable .800"))
_MOST_LINES = 6
_SUPPRESSED = "suppressed"


def themes_figure(report: FrequencyReport) -> Chart:
    """The themes of a question as bars with 95 % intervals, the most frequent first.

    A theme is followed by those below it. What is suppressed has no bar.
    """
    rows = _most_frequent_first(report.rows)
    return Chart(
        kind="bars",
        title=f"{report.question.key}: {report.question.text}",
        categories=tuple(_label(row) for row in rows),
        series=(Series("all", tuple(_point(row.cell) for row in rows)),),
        axis=_axis(report),
        unit="%",
        note=_note(report),
    )


def groups_figure(report: FrequencyReport) -> Chart:
    """The themes at the top of the codebook by the groups of the report's first attribute.

    A theme that no group has a number of is left out, and counted in the note.
    """
    grouping = report.groupings[0]
    top = [row for row in _most_frequent_first(report.rows) if not row.code.depth]
    rows = [row for row in top if _known(row)]
    series = tuple(
        Series(
            f"{group.value} (n = {whole(group.n)})",
            tuple(_point(row.groups[0][place], is_short=True) for row in rows),
        )
        for place, group in enumerate(grouping.groups)
    )
    return Chart(
        kind="bars",
        title=f"{report.question.key} by {grouping.attribute}: {report.question.text}",
        categories=tuple(row.code.name for row in rows),
        series=series,
        axis=_axis(report),
        unit="%",
        note=f"{_left_out(len(top) - len(rows))}{_note(report)}",
    )


def agreement_figure(report: AgreementReport) -> Chart:
    """Krippendorff's alpha of every code with its interval, the best first."""
    codes = sorted(report.codes, key=_best_first)
    return Chart(
        kind="dots",
        title=f"Agreement on {report.question.key}: {report.question.text}",
        categories=tuple(code.code for code in codes),
        series=(Series("α", tuple(_alpha(code) for code in codes)),),
        axis="Krippendorff's α with its 95 % interval",
        limits=(min(0.0, *(_low(code) for code in codes), 0.0), 1.0),
        marks=_MARKS,
        note=(
            f"{count(report.n_multiply_coded)} answers coded by two coders or more; rare: fewer"
            f" than {FEW} expected uses, where no interval holds its level."
        ),
    )


def flow_figure(database: Database, report: FrequencyReport) -> Flow:
    """From those who were invited to those whose answer has a theme."""
    n, asked_by_rule = report.n, bool(report.question.asked_if)
    there = responses.respondent_count(database)
    invited = stated.read(database).invited
    stages = [Stage("Invited", invited)] if invited else []
    stages.append(Stage("Took part", there, _aside(invited, there, "did not take part")))
    before = there
    for name, base, why in (
        ("Asked", "asked", "not asked, by rule" if asked_by_rule else "not asked"),
        ("Answered", "answered", "left it blank"),
        ("Coded", "coded", "don't know, refused, cannot be coded, or not coded yet"),
        ("With a theme", "any_code", "coded without a theme"),
    ):
        size = n[base]
        aside = _aside(before, size, why) if size is not None else ()
        stages.append(Stage(name, size, aside))
        before = size if size is not None else 0
    return Flow(
        f"Respondents of {report.question.key}: {report.question.text}",
        tuple(stages),
        note=f"Rule {report.rule}." + " Nobody said how many were invited." * (not invited),
    )


def trend_figure(report: TrendReport, most: int = _MOST_LINES) -> Chart:
    """The themes at the top that are most frequent, over the waves.

    One with a number in fewer than two waves has no trend and is left out.
    """
    found = report.frequencies
    grouping = found.groupings[0]
    top = [row for row in _most_frequent_first(found.rows) if not row.code.depth]
    rows = [row for row in top if _known(row) > 1][:most]
    return Chart(
        kind="lines",
        title=f"{found.question.key} over {report.wave}: {found.question.text}",
        categories=tuple(f"{group.value} (n = {whole(group.n)})" for group in grouping.groups),
        series=tuple(
            Series(row.code.name, tuple(_point(cell, is_short=True) for cell in row.groups[0]))
            for row in rows
        ),
        axis=_axis(found),
        unit="%",
        note=f"{_left_out(len(top) - len(rows))}{_note(found)}",
    )


def _known(row: Row) -> int:
    """Count the groups that a theme has a number in."""
    return sum(cell.best.value is not None and not cell.is_suppressed for cell in row.groups[0])


def _left_out(n: int) -> str:
    if not n:
        return ""
    return "One theme is left out. " if n == 1 else f"{count(n)} themes are left out. "


def _aside(before: int, now: int, why: str) -> tuple[tuple[str, int], ...]:
    return ((why, before - now),) if before > now else ()


def _most_frequent_first(rows: Sequence[Row]) -> list[Row]:
    """Families by the share of their head, each with its members in the same way."""
    share = {row.code.path: row.cell.best.value or 0.0 for row in rows}

    def key(row: Row) -> list[tuple[float, str]]:
        parts = row.code.path.split("/")
        paths = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        return [(-share.get(path, 0.0), path) for path in paths]

    return sorted(rows, key=key)


def _label(row: Row) -> str:
    return f"{'– ' * row.code.depth}{row.code.name}"


def _axis(report: FrequencyReport) -> str:
    weighted = "weighted " * report.is_weighted
    base = report.base.replace("_", " ")
    return f"{weighted}percent of {BASES[report.base]} ({base}, n = {whole(report.n[report.base])})"


def _point(cell: Cell, *, is_short: bool = False) -> Point:
    """The share of a cell in percent; where it is hidden or unknown, why."""
    found = cell.best
    if cell.is_suppressed:
        return Point(None, words=_SUPPRESSED)
    if found.value is None:
        return Point(None, words="no number")
    words = f"{percent(found.value)} %"
    if not is_short:
        words += f" ({whole(cell.k)} of {whole(cell.n)})"
    low, high = (None if end is None else 100 * end for end in (found.low, found.high))
    return Point(100 * found.value, low, high, words)


def _note(report: FrequencyReport) -> str:
    found = report.suppressed
    words = f"Lines are 95 % intervals. Rule {report.rule}."
    if found is None or not found.hidden:
        return words
    return f"{words} Suppressed: counts below {found.threshold}, and what would give them away."


def _best_first(code: CodeAgreement) -> tuple[float, str]:
    value = code.alpha.value
    return (2.0 if value is None else -value, code.code)


def _low(code: CodeAgreement) -> float:
    ends = (code.alpha.low, code.alpha.value)
    return min((end for end in ends if end is not None), default=0.0)


def _alpha(code: CodeAgreement) -> Point:
    found = code.alpha
    rare = ", rare" if any("rare" in flag for flag in code.flags) else ""
    if found.value is None:
        return Point(None, words=f"{REASONS.get(found.reason or '', 'undefined')}{rare}")
    return Point(found.value, found.low, found.high, f"{number(found.value, 2)}{rare}")
