"""The middle of the coding screen: the question, the answer, and the code last touched."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from qualcode.text import one_line
from qualcode.tui.codebook import FAMILIES, family_of
from qualcode.tui.lines import Line, Lines, Piece, Wrapping, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.model import Code, Coding
    from qualcode.study.coding import Answer, Span
    from qualcode.tui.commands import Keymap
    from qualcode.tui.view import View

_EXCERPT = 40
_LOW, _ROOMY = 14, 30
"""Heights up to which, and from which on, less or more of the question is shown."""


class AnswerPane(Lines):
    """Question and answer with the respondent's attributes; below them what a code means.

    `top` is the first line of the answer that is shown: it follows `view.scroll`, and a clause
    that is picked is brought into sight.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "answer--key",
        "answer--dim",
        "answer--question",
        "answer--text",
        "answer--clause",
        "answer--warning",
        "answer--name",
        *FAMILIES,
        *(f"{family}-span" for family in FAMILIES),
    }
    DEFAULT_CSS = ""

    view: View | None = None
    top = 0

    def __init__(self, keymap: Keymap, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keymap = keymap
        self._wrapping = Wrapping("", 1)
        self._clause: Span | None = None

    def show(self, view: View) -> None:
        """Draw another moment."""
        self.view = view
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """Question above, answer in the middle, the code last touched below."""
        view = self.view
        if view is None:
            return []
        inner = max(width - 1, 1)
        head = self._head(view, inner, height)
        if view.answer is None:
            return _indented([*head, [], [("No answer here.", "answer--dim")]])
        room = max(height - len(head) - 1, 1)
        meaning = self._meaning(view, inner)
        promised = min(len(meaning), max(room // 3, min(room - 3, 6)))
        marks = self._marks(view, view.answer, inner, max((room - promised) // 2, 1))
        space = max(room - promised - len(marks) - 2, 1)
        text = self._text(view, view.answer, inner, space)
        left = room - len(text) - len(marks) - 2
        meaning = meaning[: max(left, 0)]
        filler: list[Line] = [[]] * (left - len(meaning))
        return _indented([*head, [], *text, [], *marks, *filler, [], *meaning])

    def _head(self, view: View, width: int, height: int) -> list[Line]:
        lines: list[Line] = [self._where(view)]
        most = 1 if height <= _LOW else 2 if height < _ROOMY else 4
        lines += paragraph(view.question_text, width, "answer--question", most=most)
        if view.answer and view.answer.attributes and height > _LOW:
            shown = " · ".join(
                f"{name}: {value}" for name, value in view.answer.attributes.items() if value
            )
            most = 2 if height < _ROOMY else 4
            lines += paragraph(shown, width, "answer--dim", most=most)
        return lines

    def _where(self, view: View) -> list[Piece]:
        where = f"{view.number:,} of {view.total:,}" if view.total else "0"
        pieces: list[Piece] = [(view.question_key, "answer--key"), (f"  {where}", "answer--dim")]
        if view.answer:
            if view.answer.state.is_decided:
                pieces.append(("  ✓ decided", "answer--key"))
            elif view.answer.state.is_coded:
                pieces.append(("  ✓ coded", "answer--dim"))
            if view.clause_number:
                pieces.append((f"  clause {view.clause_number}", "answer--key"))
            if view.answer.response.version > 1:
                pieces.append((f"  version {view.answer.response.version}", "answer--warning"))
        if view.filter_name:
            pieces.append((f"  {view.filter_name}", "answer--key"))
        if view.answer:
            pieces.append((f"  {view.answer.response.respondent}", "answer--dim"))
        return pieces

    # -- the answer

    def _text(self, view: View, answer: Answer, width: int, height: int) -> list[Line]:
        text = answer.response.text
        if answer.response.status != "substantive":
            word = "not asked" if answer.response.status == "not_asked" else "blank"
            return [[(f"({word}) ", "answer--dim"), (text[:width], "answer--text")]]
        if self._wrapping.text != text or self._wrapping.width != width:
            self._wrapping = Wrapping(text, width)
        shown, is_more = self._scrolled(view, height)
        styles = self._spans(view, answer)
        lines = [_styled(text, start, end, styles) for start, end in shown]
        if is_more:
            key = self._keymap.shown("scroll-down")
            lines[-1] = [(f"… more below: {key}", "answer--dim")]
        if self.top:
            key = self._keymap.shown("scroll-up")
            lines[0] = [(f"… more above: {key}", "answer--dim")]
        return lines

    def _scrolled(self, view: View, height: int) -> tuple[list[Span], bool]:
        """The lines in sight, and whether there are more below."""
        self.top = view.scroll
        if view.clause and view.clause != self._clause:
            line = self._wrapping.line_of(view.clause[0])
            if line <= self.top or line >= self.top + height - 1:
                self.top = max(line - height // 3, 0)
        elif view.clause:
            self.top = self._top_of_clause
        self._clause, self._top_of_clause = view.clause, self.top
        there = len(self._wrapping.lines(self.top, self.top + height + 1))
        if there < height and self.top:
            self.top = max(self.top - height + there, 0)
            if len(self._wrapping.lines(self.top, self.top + height)) < height:
                self.top = 0
        shown = self._wrapping.lines(self.top, self.top + height + 1)
        return shown[:height], len(shown) > height

    def _spans(self, view: View, answer: Answer) -> list[tuple[int, int, str]]:
        by_id = {code.id: code for code in view.codes}
        spans = [
            (coding.start, coding.end, f"{family_of(view.codes, by_id[coding.code_id])}-span")
            for coding in answer.state.codings
            if coding.start is not None and coding.end is not None and coding.code_id in by_id
        ]
        if view.clause:
            spans.append((*view.clause, "answer--clause"))
        return spans
