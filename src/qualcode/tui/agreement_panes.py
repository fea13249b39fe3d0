"""What the agreement screen is made of: interval bars, a heat map of coders, and the trend."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len

from qualcode.text import one_line
from qualcode.tui.lines import Line, Lines, Piece, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Key

    from qualcode.agreement import CodeAgreement, PairAgreement
    from qualcode.errors import QualcodeError
    from qualcode.model import Estimate
    from qualcode.study.agreement import AgreementReport, SavedRun
    from qualcode.tui.app import StudyApp

RELY, TENTATIVE = 0.8, 0.667
_LEVELS = ("agreement--low", "agreement--middle", "agreement--high")
_SPARKS = "▁▂▃▄▅▆▇█"
_NAME = 28
_LOW = 13
_OVERALL = 38
_CODER = 11
_CELL = 4
_WIDEST_CELL = 8
_SIDE_BY_SIDE = 70
_REASONS = {
    "no_pairable_units": "no answer coded by two",
    "no_variation": "no variation",
    "one_coder": "one coder",
    "not_two_coders": "for two coders",
    "one_unit": "one answer",
}


STEPS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -9999, "end": 9999}
"""How far a key moves in a list."""


def command_of(app: StudyApp, event: Key) -> str | None:
    """The command of a key, after what the settings say."""
    key = event.character if event.is_printable and event.character else event.key
    return app.keymap.command_at.get(key)


def in_words(app: StudyApp, error: QualcodeError) -> str:
    """An error and what to do about it, for a heading."""
    return app.in_short(error) + (f"; {error.hint}" if error.hint else "")


def in_short(reason: str | None) -> str:
    """Why an estimate has no value, in a few words."""
    return _REASONS.get(reason or "", "")


def level(value: float | None) -> str:
    """The style of a value: below .667, below .800, or above (Krippendorff 2019)."""
    if value is None:
        return "agreement--dim"
    return _LEVELS[(value >= TENTATIVE) + (value >= RELY)]


def bar(estimate: Estimate, width: int) -> list[Piece]:
    """An interval on 0 to 1: a dot, a line from end to end, ticks at .667 and .8."""
    cells = ["·"] * width
    for tick in (TENTATIVE, RELY):
        cells[_cell(tick, width)] = "┊"
    if estimate.value is None:
        return [("".join(cells), "agreement--dim")]
    if estimate.low is not None and estimate.high is not None:
        for place in range(_cell(estimate.low, width), _cell(estimate.high, width) + 1):
            cells[place] = "━"
    at = _cell(estimate.value, width)
    style = level(estimate.value)
    return [("".join(cells[:at]), style), ("●", style), ("".join(cells[at + 1 :]), style)]


def _cell(value: float, width: int) -> int:
    return max(0, min(round(value * (width - 1)), width - 1))


class Pane(Lines):
    """A pane of the agreement screens."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "agreement--key",
        "agreement--dim",
        "agreement--name",
        "agreement--text",
        "agreement--chosen",
        *_LEVELS,
    }


class Heading(Pane):
    """The question, and how many answers the numbers are about."""

    _said: tuple[str, str, str] = ("", "", "")

    def __init__(self, about: str = "Agreement on", *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._about = about

    def show(self, key: str, text: str, facts: str) -> None:
        """Draw another heading."""
        self._said = (key, text, facts)
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:  # noqa: ARG002
        """Two lines."""
        key, text, facts = self._said
        yield [(f" {self._about} {key}  ", "agreement--key"), (text, "agreement--name")]
        yield from ([(" ", ""), *line] for line in paragraph(facts, width - 1, "agreement--dim"))


class CodesPane(Pane):
    """The codes, worst first, each with alpha and its interval."""

    _codes: Sequence[CodeAgreement] = ()
    _chosen = 0
    _top = 0

    def show(self, codes: Sequence[CodeAgreement], chosen: int) -> None:
        """Draw another moment."""
        self._codes, self._chosen = codes, chosen
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """A head, the codes that fit around the one chosen, and more about that one."""
        if not self._codes:
            return
        detail = list(_detail(self._codes[self._chosen], width - 3))
        if height < _LOW:
            detail = detail[:2]
        room = max(height - 2 - len(detail), 1)
        if not self._top <= self._chosen < self._top + room:
            self._top = self._chosen - room // 2
        self._top = max(0, min(self._top, len(self._codes) - room))
        name = min(_NAME, max(width // 3, 12))
        bars = max(min(width - name - 35, 40), 10)
        head = f"   {'code':<{name}} {'n':>6} {'α':>6}  {'0':<{bars - 1}}1"
        yield [(head, "agreement--dim")]
        for place, code in enumerate(self._codes[self._top : self._top + room], start=self._top):
            yield self._line(code, place == self._chosen, name, bars)
        yield from ([] for _ in range(room - len(self._codes) + self._top + 1))
        yield from ([("   ", ""), *line] for line in detail)

    def _line(self, code: CodeAgreement, is_chosen: bool, name: int, bars: int) -> Line:  # noqa: FBT001
        value = code.alpha.value
        number = f"{value:>6.3f}" if value is not None else "     –"
        why = _REASONS.get(code.alpha.reason or "", "") if value is None else ""
        note = why or ("rare" if any("rare" in flag for flag in code.flags) else "")
        style = "agreement--chosen" if is_chosen else "agreement--name"
        return [
            (" ▶ " if is_chosen else "   ", "agreement--key"),
            (ending(code.code, name), style),
            (f" {code.n:>6,} ", "agreement--dim"),
            (number, level(value)),
            ("  ", ""),
            *bar(code.alpha, bars),
            (f"  {note}", "agreement--dim"),
        ]


def _detail(code: CodeAgreement, width: int) -> Iterable[Line]:
    """Who used the code how often, other coefficients, and what to know about the numbers."""
    yield [(code.code, "agreement--name")]
    used = ", ".join(f"{name} {times}" for name, times in code.positives.items())
    yield from paragraph(f"used by {used}", width, "agreement--text", most=2)
    others = (
        ("agree", code.percent_agreement),
        ("PA", code.positive_agreement),
        ("Cohen κ", code.cohen_kappa),
        ("Fleiss κ", code.fleiss_kappa),
        ("AC1", code.gwet_ac1),
    )
    shown = "  ".join(f"{name} {e.value:.3f}" for name, e in others if e.value is not None)
    yield [(shown, "agreement--dim")]
    notes = "; ".join(text for text in (*code.flags, code.band) if text)
    yield from paragraph(notes, width, "agreement--dim", most=2)


class CodersPane(Pane):
    """Overall numbers, the coders beside each other, and how agreement went."""

    _report: AgreementReport | None = None
    _runs: Sequence[SavedRun] = ()

    def show(self, report: AgreementReport, runs: Sequence[SavedRun]) -> None:
        """Draw a report."""
        self._report, self._runs = report, runs
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:  # noqa: ARG002
        """Overall, trend and heat map: side by side where the pane is wide and low."""
        report = self._report
        if report is None:
            return []
        overall = list(self._overall(report))
        if width < _SIDE_BY_SIDE:
            heat = heat_map(report.coders, report.pairs, width)
            return [*overall, [], *heat, [], *self._trend(report, width)]
        left = [*overall, *self._trend(report, _OVERALL)]
        right = list(heat_map(report.coders, report.pairs, width - _OVERALL))
        return [_beside(one, other, _OVERALL) for one, other in zip_longest(left, right)]

    def _overall(self, report: AgreementReport) -> Iterable[Line]:
        for label, found in (
            ("sets (MASI)", report.overall.alpha_masi),
            ("mean of codes", report.overall.mean_alpha),
            ("same set", report.overall.exact_match),
        ):
            value = "–" if found.value is None else f"{found.value:.3f}"
            limits = "" if found.low is None else f"  {found.low:.2f} to {found.high:.2f}"
            yield [
                (f" {label:<14}", "agreement--text"),
                (value, level(found.value)),
                (limits or f"  {_REASONS.get(found.reason or '', '')}", "agreement--dim"),
            ]

    def _trend(self, report: AgreementReport, width: int) -> Iterable[Line]:
        yield [(" over time (mean α)", "agreement--name")]
        batches = [(batch.name, batch.mean_alpha.value) for batch in report.batches]
        saved = [
            (run.time[:10], run.result["overall"]["mean_alpha"]["value"]) for run in self._runs
        ]
        for label, series in (("as coded", batches), ("kept runs", saved)):
            if series:
                yield [(f" {label:<10}", "agreement--dim"), *_spark(series[-(width - 12) :])]
                yield [(f"  {_ends(series)}", "agreement--dim")]
        if not batches and not saved:
            yield [("  needs 100 answers coded by two", "agreement--dim")]


def _beside(one: Line | None, other: Line | None, width: int) -> Line:
    left = list(one or ())
    used = sum(len(text) for text, _ in left)
    return [*left, (" " * (width - used), ""), *(other or ())]


def _spark(series: Sequence[tuple[str, float | None]]) -> list[Piece]:
    return [
        (_SPARKS[_cell(value, len(_SPARKS))] if value is not None else " ", level(value))
        for _, value in series
    ]


def _ends(series: Sequence[tuple[str, float | None]]) -> str:
    values = [value for _, value in series if value is not None]
    return f"{values[0]:.3f} … {values[-1]:.3f}" if values else "no value"


def heat_map(coders: Sequence[str], pairs: Sequence[PairAgreement], width: int) -> Iterable[Line]:
    """Coder × coder: pooled kappa above the diagonal, answers that both coded below it."""
    if len(coders) < 2:  # noqa: PLR2004
        yield [(" one coder so far", "agreement--dim")]
        return
    shown = coders[: max((width - _CODER) // _CELL, 1)]
    cell = min(max((width - _CODER) // len(shown), _CELL), _WIDEST_CELL)
    by_pair = {pair.coders: pair for pair in pairs}
    yield [
        (f" {'κ ↗  n ↙':<{_CODER - 1}}", "agreement--name"),
        *((ending(name, cell - 1, right=True, space=1), "agreement--dim") for name in shown),
    ]
    for row, name in enumerate(shown):
        line: list[Piece] = [(f" {ending(name, _CODER - 1)}", "agreement--text")]
        for column, other in enumerate(shown):
            pair = by_pair.get((name, other) if row < column else (other, name))
            line.append(_heat(pair, cell, is_above=column > row))
        yield line
    if len(shown) < len(coders):
        yield [(f" and {len(coders) - len(shown)} more: qualcode agreement", "agreement--dim")]


def _heat(pair: PairAgreement | None, cell: int, *, is_above: bool) -> Piece:
    if pair is None:
        return f"{'·':>{cell}}", "agreement--dim"
    if not is_above:
        n = f"{pair.n:,}"
        return f"{n if len(n) < cell else f'{pair.n // 1000}k':>{cell}}", "agreement--dim"
    value = pair.pooled_kappa.value
    if value is None:
        return f"{'–':>{cell}}", "agreement--dim"
    two, one = f"{value:.2f}", f"{value:.1f}"
    tries = (two, two.replace("0.", "."), one, one.replace("0.", "."))
    text = next((each for each in tries if len(each) < cell), tries[-1])
    return f"{text:>{cell}}", level(value)


def ending(text: str, width: int, *, right: bool = False, space: int = 0) -> str:
    """The end of a name, which tells coder-a from coder-b, exactly `width` cells wide.

    `right` puts it to the right; `space` cells before it are added.
    """
    text = one_line(text)
    if cell_len(text) > width:
        while cell_len(text) > width - 1:
            text = text[1:]
        text = f"…{text}"
    rest = " " * (width - cell_len(text))
    return " " * space + (rest + text if right else text + rest)


class Footer(Pane):
    """The keys of a screen."""

    def __init__(self, keys: Sequence[tuple[str, str]], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keys = keys

    def lines(self, width: int, height: int) -> Iterable[Line]:  # noqa: ARG002
        """One line."""
        pieces: list[Piece] = []
        for key, word in self._keys:
            pieces += [(f" {key} ", "agreement--key"), (f"{word} ", "agreement--text")]
        yield pieces
