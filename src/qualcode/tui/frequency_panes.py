"""What the frequencies screen is made of: a bar with its interval for each theme and group."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from qualcode.tui.agreement_panes import Pane
from qualcode.tui.lines import padded, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.model import Estimate
    from qualcode.study.frequencies import Cell, FrequencyReport
    from qualcode.tui.lines import Line, Piece

_NUMBERS = 24
"""Cells that count, percentage and interval take."""
_LEAST_BAR, _MOST_BAR = 6, 50
_NAME = 26
_LOW = 12
_TESTS = {"rao_scott": "Rao–Scott", "pearson": "Pearson", "fisher": "Fisher"}
_SCALES = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0)


def scale_of(cells: Iterable[Cell]) -> float:
    """The share at the end of a bar: the least round one that every interval fits on."""
    ends = [cell.best.high or cell.best.value or 0.0 for cell in cells]
    return next(scale for scale in _SCALES if scale >= min(max(ends, default=0.0), 1.0))


def bar(found: Estimate, scale: float, width: int) -> list[Piece]:
    """A bar up to the share, and its interval as a line over and beyond it."""
    if found.value is None:
        return [(" " * width, "")]
    low, high = (found.value if end is None else end for end in (found.low, found.high))
    begin, at, end = (_cell(share, scale, width) for share in (low, found.value, high))
    full = "█" * begin + "▓" * (at - begin)
    return [(full, "frequency--bar"), ("─" * (end - at), "frequency--interval"), _rest(width - end)]


def _cell(share: float, scale: float, width: int) -> int:
    return max(0, min(round(share / scale * width), width))


def _rest(width: int) -> Piece:
    return " " * width, ""


def _numbers(cell: Cell) -> str:
    found = cell.best
    if found.value is None or cell.k is None:
        return f"{'–':>6}".ljust(_NUMBERS)
    share = f"{100 * found.value:.1f}%"
    ends = "" if found.low is None or found.high is None else f"{100 * found.low:.0f}–"
    ends += "" if found.high is None else f"{100 * found.high:.0f}"
    return f"{cell.k:>6,} {share:>7}  {ends:<7}".ljust(_NUMBERS)


class _Bars(Pane):
    """A pane of bars."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"frequency--bar", "frequency--interval"}

    _report: FrequencyReport | None = None
    _chosen = 0

    def show(self, report: FrequencyReport, chosen: int) -> None:
        """Draw another moment."""
        self._report, self._chosen = report, chosen
        self.redraw()


class ThemesPane(_Bars):
    """The codes in the order of the codebook, then what says what an answer is."""

    _top = 0

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """A head, and the codes that fit around the one chosen."""
        report = self._report
        if report is None:
            return
        if not report.rows:
            yield [("   no theme in the codebook of this question", "agreement--dim")]
            return
        scale = scale_of(row.cell for row in report.rows)
        name = max(min(_NAME, width - 3 - _NUMBERS - _LEAST_BAR), 8)
        bars = max(min(width - name - _NUMBERS - 4, _MOST_BAR), 1)
        head = f"   {'code':<{name}} {'k':>6} {'percent':>7}".ljust(name + _NUMBERS + 4)
        yield [(f"{head}{'0':<{max(bars - 4, 1)}}{scale:4.0%}", "agreement--dim")]
        room = max(height - 1 - (len(report.statuses) + 1 if report.statuses else 0), 1)
        if not self._top <= self._chosen < self._top + room:
            self._top = self._chosen - room // 2
        self._top = max(0, min(self._top, len(report.rows) - room))
        shown = report.rows[self._top : self._top + room]
        for place, row in enumerate(shown, start=self._top):
            is_chosen = place == self._chosen
            label = padded("  " * row.code.depth + row.code.name, name)
            yield [
                (" ▶ " if is_chosen else "   ", "agreement--key"),
                (label, "agreement--chosen" if is_chosen else "agreement--name"),
                (f" {_numbers(row.cell)}", "agreement--text"),
                *bar(row.cell.best, scale, bars),
            ]
        if report.statuses:
            yield []
        for status in report.statuses:
            label = padded(status.code.name, name)
            yield [(f"   {label} {_numbers(status.cell)}", "agreement--dim")]


class GroupsPane(_Bars):
    """The theme chosen in each group, and whether the groups differ."""

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """What the code means, then its groups as far as they fit."""
        report = self._report
        if report is None or not report.rows:
            return
        row = report.rows[self._chosen]
        yield [(f" {row.code.name}", "agreement--name")]
        if height > _LOW:
            for line in paragraph(row.code.definition, width - 2, "agreement--dim", most=3):
                yield [(" ", ""), *line]
            yield []
        if not report.groupings:
            yield [(" ← → shows it by an attribute", "agreement--dim")]
            return
        grouping, cells = report.groupings[0], row.groups[0]
        yield [(f" by {grouping.attribute}", "agreement--key")]
        yield from self._test(report)
        scale = scale_of(cells)
        bars = max(min(width - _NUMBERS - 2, _MOST_BAR), 1)
        room = max((height - (9 if height > _LOW else 4)) // 2, 1)
        for group, cell in list(zip(grouping.groups, cells, strict=True))[:room]:
            n = "" if group.n is None else f"  n = {group.n:,}"
            yield [(f" {padded(group.value or '(none)', width - 12)}{n}", "agreement--text")]
            yield [(f" {_numbers(cell)}", "agreement--dim"), *bar(cell.best, scale, bars)]
        if len(grouping.groups) > room:
            more = len(grouping.groups) - room
            yield [(f" and {more:,} more: qualcode frequencies --by", "agreement--dim")]

    def _test(self, report: FrequencyReport) -> Iterable[Line]:
        code = report.rows[self._chosen].code
        for test in report.tests:
            if test.code.id == code.id and test.association.p is not None:
                p, holm = test.association.p, test.p_holm
                name = _TESTS[test.association.name]
                adjusted = "" if holm is None else f", {holm:.3f} after Holm"
                yield [(f" {name} p = {p:.3f}{adjusted}", "agreement--dim")]
