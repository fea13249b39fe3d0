"""Suggestions as they look: a digit, a bar, how likely, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from qualcode.text import one_line
from qualcode.tui.lines import padded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.model import Hint, Suggested
    from qualcode.tui.lines import Line, Piece
    from qualcode.tui.view import View

DIGITS = 9
_BAR = 5
_LEAST, _ALWAYS = 0.02, 3
"""What is less likely gets no digit, but for the first few."""


def bar(share: float, width: int = _BAR) -> str:
    """A bar of so many cells, to the half of one."""
    halves = round(min(max(share, 0.0), 1.0) * width * 2)
    return ("━" * (halves // 2) + "╸" * (halves % 2)).ljust(width)


def likeliness(hint: Hint, one: Suggested) -> str:
    """A percentage, or a word while there are too few labels for one."""
    return f"{one.probability:4.0%}" if hint.is_calibrated else one.wording


def offered(view: View) -> list[tuple[int, Suggested]]:
    """The suggestions shown with their digits, without codes that are gone."""
    if view.hint is None:
        return []
    there = {code.id for code in view.codes if not code.is_retired}
    return [
        (digit, one)
        for digit, one in enumerate(view.hint.suggested[:DIGITS], start=1)
        if one.code_id in there and (digit <= _ALWAYS or one.probability >= _LEAST)
    ]


def underlined(view: View) -> list[tuple[int, int]]:
    """The words that carry the suggestions: of those above the threshold, else of the first."""
    found = [one for _, one in offered(view)]
    chosen = [one for one in found if one.is_above] or found[:1]
    return sorted({span for one in chosen for span in one.words})


def strip(view: View, width: int, most: int) -> list[Line]:
    """The ranked suggestions, a line each, with the nearest example where there is room."""
    hint = view.hint
    if hint is None:
        return []
    name_of = {code.id: code.name for code in view.codes}
    lines: list[Line] = []
    for digit, one in offered(view):
        if len(lines) == most:
            break
        style = "answer--name" if one.is_above else "answer--dim"
        how = likeliness(hint, one).rjust(4 if hint.is_calibrated else 8)
        pieces: list[Piece] = [
            (f"{digit} ", "answer--key"),
            (bar(one.probability), "answer--bar"),
            (f" {how}  ", "answer--dim"),
            (name_of[one.code_id] + (" (in general)" if one.is_family else ""), style),
        ]
        lines.append([*pieces, *_example(one, pieces, width)])
    return lines


def _example(one: Suggested, before: list[Piece], width: int) -> Iterator[Piece]:
    room = width - sum(cell_len(one_line(text)) for text, _ in before) - 9
    if one.example and room > 12:  # noqa: PLR2004 - fewer cells say nothing
        yield f"  like “{padded(one.example, room).rstrip()}”", "answer--dim"
