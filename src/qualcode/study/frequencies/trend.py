"""Whether themes become more or less frequent from wave to wave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode import estimation
from qualcode.errors import InputError
from qualcode.estimation.reading import inside
from qualcode.privacy import is_private
from qualcode.study.frequencies.counting import counted, refuse_unknown
from qualcode.study.frequencies.groups import MOST_GROUPS, Groups, groups_by, number_of
from qualcode.study.frequencies.tabulate import reported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation import Trend
    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.counting import Counted
    from qualcode.study.frequencies.report import FrequencyReport
    from qualcode.study.frequencies.wish import Wish


@dataclass(frozen=True, slots=True)
class TrendRow:
    """The trend of a theme, with p-values of its slope after Holm and Benjamini–Hochberg.

    `trend` is None where it rests on a hidden cell.
    """

    code: Code
    trend: Trend | None
    p_holm: float | None = None
    p_bh: float | None = None


@dataclass(frozen=True, slots=True)
class TrendReport:
    """Frequencies by wave, and their trends; `scores` are what the waves stand for, in order."""

    frequencies: FrequencyReport
    wave: str
    scores: tuple[float, ...]
    rows: tuple[TrendRow, ...]


def trend(
    database: Database, question: Question, wave: str, wish: Wish, order: Sequence[str] = ()
) -> TrendReport:
    """The trends of the themes over the values of the attribute `wave`.

    Waves that are numbers, such as years, are their own scores; others are 1, 2, 3 in their order,
    which is that of the alphabet unless `order` names them all. Raises what `tabulate` does, and
    `InputError` for an order that does not fit and for fewer than two waves.
    """
    found = counted(database, question, wish, [wave])
    refuse_unknown(found)
    groups = _ordered(groups_by(wave, found.coded.columns[wave]), order)
    scores = _scores(groups, is_ordered=bool(order))
    report = reported(found, (groups,), wish)
    trends = _trends(found, groups, scores)
    ps = [one.slope.p for one in trends]
    rows = [
        TrendRow(row.code, one, *adjusted)
        for row, one, adjusted in zip(
            report.rows,
            trends,
            zip(estimation.holm(ps), estimation.benjamini_hochberg(ps), strict=True),
            strict=True,
        )
    ]
    secret = {test.code.path for test in report.tests if test.is_suppressed}
    return TrendReport(
        report,
        wave,
        scores,
        tuple(TrendRow(row.code, None) if row.code.path in secret else row for row in rows),
    )


def _trends(found: Counted, groups: Groups, scores: Sequence[float]) -> list[Trend]:
    where = inside(found.domain, groups.place)
    cells = estimation.Cells(found.design, where, len(groups.values))
    return [
        estimation.trend(cells.totals(found.agreed.present(place)), scores, found.design.df)
        for place in found.coded.themes
    ]


def _ordered(groups: Groups, order: Sequence[str]) -> Groups:
    """The waves in the order that was asked for."""
    known = set(groups.values)
    if len(known) < 2:  # noqa: PLR2004 – a trend
        raise InputError(f"{groups.attribute} has fewer than two values: there is no trend")
    if len(known) > MOST_GROUPS:
        raise InputError(
            f"{groups.attribute} has {len(known):,} values, too many to be waves",
            hint=f"{MOST_GROUPS} is the most: sum it up in an attribute with fewer",
        )
    if not order:
        return groups
    if len(order) != len(known) or set(order) != known:
        raise InputError(
            f"the order does not name every wave of {groups.attribute} once",
            hint="" if is_private() else f"they are {', '.join(groups.values)}",
        )
    return groups.reordered(order)


def _scores(groups: Groups, *, is_ordered: bool) -> tuple[float, ...]:
    numbers = [number_of(value) for value in groups.values]
    known = tuple(number for number in numbers if number is not None)
    if len(known) == len(numbers) and not is_ordered:
        return known
    return tuple(float(place) for place in range(1, len(numbers) + 1))
