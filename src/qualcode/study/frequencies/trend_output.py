"""Trends as JSON and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.estimation import legend
from qualcode.exporters.documents import Document, Grid, Section
from qualcode.study.frequencies.as_document import shown
from qualcode.study.frequencies.as_json import as_json as frequencies_as_json
from qualcode.study.frequencies.as_json import estimate
from qualcode.study.frequencies.notes import on_counting, on_design, on_suppression
from qualcode.study.frequencies.wording import HIDDEN, NONE, label, number, p_value, starred, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.estimation import Effect
    from qualcode.study.frequencies.trend import TrendReport, TrendRow


def as_json(report: TrendReport) -> dict[str, Any]:
    """The frequencies by wave with a trend of each theme; what is suppressed is null."""
    return {
        **frequencies_as_json(report.frequencies),
        "wave": report.wave,
        "scores": list(report.scores),
        "trends": [_row(row) for row in report.rows],
        "notes": list(notes(report)),
    }


def _row(row: TrendRow) -> dict[str, Any]:
    found = row.trend
    return {
        "code": row.code.path,
        "slope": estimate(found.slope.estimate) if found else None,
        "p": found.slope.p if found else None,
        "p_holm": row.p_holm,
        "p_bh": row.p_bh,
        "odds_ratio": estimate(found.odds_ratio.estimate, 1.0) if found else None,
        "odds_ratio_p": found.odds_ratio.p if found else None,
        "df": found.df if found else None,
        "suppressed": found is None,
    }


def as_document(report: TrendReport) -> Document:
    """A column a wave, and how much a theme gains or loses from one to the next."""
    frequencies = report.frequencies
    (grouping,) = frequencies.groupings
    columns = (
        "theme",
        *(f"{group.value} (n = {whole(group.n)})" for group in grouping.groups),
        "change in points",
        "95 % interval",
        "p",
        "p, Holm",
        "p, BH",
        "odds ratio",
    )
    rows = tuple(
        (label(row.code), *(shown(cell) for cell in row.groups[0]), *_cells(own))
        for row, own in zip(frequencies.rows, report.rows, strict=True)
    )
    section = Section(f"By {report.wave}", grid=Grid(columns, rows), notes=tuple(notes(report)))
    key = frequencies.question.key
    return Document(f"Trends of {key}: {frequencies.question.text}", (section,))


def _cells(row: TrendRow) -> Iterator[str]:
    if row.trend is None:
        yield from (HIDDEN for _ in range(6))
        return
    slope = row.trend.slope
    yield _number(slope.estimate.value, 100)
    yield _interval(slope, 100)
    yield p_value(slope.p)
    yield starred(row.p_holm)
    yield p_value(row.p_bh)
    odds = row.trend.odds_ratio
    ends = f" ({_interval(odds, 1)})" if odds.estimate.low is not None else ""
    yield f"{_number(odds.estimate.value, 1)}{ends}"


def _number(value: float | None, factor: int) -> str:
    return NONE if value is None else number(factor * value, 2)


def _interval(effect: Effect, factor: int) -> str:
    low, high = effect.estimate.low, effect.estimate.high
    if low is None or high is None:
        return NONE
    return f"{_number(low, factor)} to {_number(high, factor)}"


def notes(report: TrendReport) -> Iterator[str]:
    """What has to be said with the trends."""
    yield from on_counting(report.frequencies)
    yield from on_design(report.frequencies)
    yield from on_suppression(report.frequencies)
    scores = ", ".join(f"{score:g}" for score in report.scores)
    yield (
        f"Trend over {report.wave}, scored {scores}: the change of the percentage, in points, and"
        " of the odds for one more of the score, by linear and logistic regression under the"
        f" design. One family of {len(report.rows)} tests of the change in points: p after Holm and"
        f" after Benjamini and Hochberg; stars follow Holm's: {legend()}."
    )
    (grouping,) = report.frequencies.groupings
    if grouping.empty:
        yield f"Nobody in the base: {report.wave} {', '.join(grouping.empty)}."
    if grouping.without:
        yield f"{grouping.without:,} of the base have no value of {report.wave} and are left out."
