"""The middle of the adjudication screen: the answer, what each coder made of it, the verdict."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len

from qualcode.study.adjudication.case import REASONS
from qualcode.tui.answer import TextPane, indented, where
from qualcode.tui.codebook import FAMILIES, family_of
from qualcode.tui.lines import Line, Piece, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.model import Coding
    from qualcode.study.adjudication.case import Asked, Case, Side
    from qualcode.tui.view import CaseView

MARKS = {"open": "·", "settled": "✓", "sent back": "?"}
"""The marks of what became of a case."""
_COLUMN, _GAP = 20, 2
"""How many cells a coder has at the least, and how many are between two."""
_EXCERPT = 200
_LEAST = 3
"""So many lines are left for the answer."""


class CasePane(TextPane["CaseView"]):
    """Question and answer; below them the coders side by side, and what became of it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *FAMILIES,
        *(f"{family}-span" for family in FAMILIES),
    }

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The answer gets what the coders and the verdict leave, and a few lines at the least."""
        view = self.view
        if view is None:
            return []
        inner = max(width - 1, 1)
        head = self.head(where(view, _state(view)), view, (inner, height))
        case = view.answer
        if case is None:
            return indented([*head, [], *paragraph(view.nothing, inner, "answer--dim")])
        room = max(height - len(head) - 2, 1)
        verdict = _most(self._outcome(view, case, inner), max(room // 2, 1))
        sides = [*_agreed(case, inner), *_beside(case, inner, is_named=view.is_named)]
        sides = _most(sides, max(room - len(verdict) - _LEAST - 1, 0))
        space = max(room - len(verdict) - len(sides) - 1, 1)
        text = self.part(case.response.text, (inner, space), None, _spans(case))
        filler: list[Line] = [[]] * (space - len(text))
        return indented([*head, [], *text, [], *sides, *filler, [], *verdict])

    def _outcome(self, view: CaseView, case: Case, width: int) -> list[Line]:
        """What became of it: the verdict, and what was asked."""
        lines = self._verdict(case, width)
        for asked in case.asked:
            words = _question(case, asked, is_named=view.is_named)
            is_over = asked.query.is_answered or case.verdict is not None
            style = "answer--dim" if is_over else "answer--warning"
            lines += paragraph(words, width, style, most=3)
        return lines

    def _verdict(self, case: Case, width: int) -> list[Line]:
        key = self._keymap.shown
        if case.verdict is None:
            majority = "" if case.majority is None else f" {key('accept')} takes the majority,"
            words = (
                f"No verdict yet. 1 … {min(len(case.sides), 9)} take one whole, letters put codes"
                f" together,{majority} {key('ask')} asks."
            )
            return paragraph(words, width, "answer--dim", most=3)
        names = " · ".join(code.name for code in case.of(case.verdict.codes)) or "no code"
        lines = paragraph(f"✓ {names}", width, "answer--name", most=3)
        reason = REASONS.get(case.verdict.reason, case.verdict.reason)
        why = ": ".join(part for part in (f"by {case.adjudicator}", reason) if part)
        lines += paragraph(why, width, "answer--dim", most=2)
        if case.verdict.memo:
            lines += paragraph(f"{key('memo')} {case.verdict.memo}", width, "answer--dim", most=2)
        return lines


def _most(lines: list[Line], most: int) -> list[Line]:
    """As many lines as there is room for, and how many more there are."""
    if len(lines) <= most:
        return lines
    more: Line = [(f"… {len(lines) - most + 1} more lines", "answer--dim")]
    return [*lines[: most - 1], more] if most else []


def _state(view: CaseView) -> Iterator[Piece]:
    state = view.answer.state if view.answer else "open"
    if state == "settled":
        yield "  ✓ settled", "answer--key"
    elif state == "sent back":
        yield "  ? sent back", "answer--warning"


def _agreed(case: Case, width: int) -> list[Line]:
    names = " · ".join(code.name for code in case.of(case.agreed))
    if not names or len(case.sides) < 2:  # noqa: PLR2004 - one alone agrees with nobody
        return []
    return [*paragraph(f"all agree: {names}", width, "answer--text", most=2), []]


def _beside(case: Case, width: int, *, is_named: bool) -> list[Line]:
    """The coders side by side, as many in a row as there is room for."""
    across = max(min(len(case.sides), (width + _GAP) // (_COLUMN + _GAP)), 1)
    cell = max((width + _GAP) // across - _GAP, 1)
    lines: list[Line] = []
    for first in range(0, len(case.sides), across):
        columns = [
            _column(case, side, first + place, cell, is_named=is_named)
            for place, side in enumerate(case.sides[first : first + across], start=1)
        ]
        lines += [*([[]] if lines else ()), *(_row(cells, cell) for cells in zip_longest(*columns))]
    return lines


def _row(cells: Iterable[Line | None], cell: int) -> Line:
    pieces: list[Piece] = []
    gap = 0
    for line in cells:
        used = sum(cell_len(text) for text, _ in line or [])
        pieces += [(" " * gap, ""), *(line or [])]
        gap = max(cell + _GAP - used, 0)
    return pieces


def _column(case: Case, side: Side, number: int, width: int, *, is_named: bool) -> list[Line]:
    """What one coder made of it: their own codes, clauses, flag and memo."""
    digit = f"{number} " if number <= 9 else ""  # noqa: PLR2004 - there is no tenth digit
    name = side.coder.name if is_named else side.letter
    lines = paragraph(f"{digit}{name}", width, "answer--key", most=1)
    own = [one for one in side.state.codings if one.code_id in case.disputed]
    for coding in (*own, *(one for one in side.state.codings if one not in own)):
        lines += _coding(case, coding, width)
    if not side.state.codings:
        lines += paragraph("○ saw it, no code", width, "answer--dim", most=1)
    elif not own:
        lines += paragraph("○ nothing beyond that", width, "answer--dim", most=1)
    if side.state.is_flagged:
        lines += paragraph("! flagged", width, "answer--warning", most=1)
    if side.state.memo:
        lines += paragraph(f"; {side.state.memo}", width, "answer--dim", most=3)
    return lines


def _coding(case: Case, coding: Coding, width: int) -> list[Line]:
    """A code in dispute; one that all agree on is told where it is on a clause."""
    codes = case.of([coding.code_id])
    is_disputed = coding.code_id in case.disputed
    clause = _clause(case, coding)
    if not codes or not (is_disputed or clause):
        return []
    name, family = codes[0].name, family_of(case.codes, codes[0])
    if is_disputed:
        named = paragraph(name, max(width - 2, 1), "answer--name", most=2)
        lines: list[Line] = [
            [("  " if place else "● ", family), *line] for place, line in enumerate(named)
        ]
    else:
        lines = paragraph(f"· {name}", width, "answer--dim", most=1)
    return [*lines, *(paragraph(f"  “{clause}”", width, "answer--dim", most=2) if clause else ())]


def _clause(case: Case, coding: Coding) -> str:
    if coding.start is None or coding.end is None:
        return ""
    return case.response.text[coding.start : min(coding.end, coding.start + _EXCERPT)]


def _question(case: Case, asked: Asked, *, is_named: bool) -> str:
    names = {side.letter: side.coder.name for side in case.sides}
    to = names.get(asked.letter, asked.letter) if is_named else asked.letter
    state = "answered" if asked.query.is_answered else "asked"
    return f"{MARKS['sent back']} {state}{f' {to}' if to else ''}: {asked.query.text}"


def _spans(case: Case) -> Sequence[tuple[int, int, str]]:
    return [
        (coding.start, coding.end, f"{family_of(case.codes, code)}-span")
        for side in case.sides
        for coding in side.state.codings
        for code in case.of([coding.code_id])
        if coding.start is not None and coding.end is not None
    ]
