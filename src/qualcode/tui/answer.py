"""The middle of the coding screen: the question, the answer, and the code last touched."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from qualcode.tui import hints
from qualcode.tui.codebook import FAMILIES, family_of
from qualcode.tui.lines import Line, Lines, Piece, Wrapping, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.model import Code, Coding
    from qualcode.study.coding import Answer, Span
    from qualcode.tui.commands import Keymap
    from qualcode.tui.view import CaseView, QuoteView, View

Shown = TypeVar("Shown", "View", "QuoteView", "CaseView")
"""What a screen with a text in its middle shows at one moment."""

_EXCERPT = 40
_LOW, _ROOMY = 14, 30
"""Heights up to which, and from which on, less or more than the answer is shown."""
_FEW = 3
"""With fewer lines for the answer, none is given away to say that there are more."""


class TextPane(Lines, Generic[Shown]):
    """A pane with a text in it that may be long: a part of it is seen, the rest scrolled to."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "answer--key",
        "answer--dim",
        "answer--question",
        "answer--text",
        "answer--clause",
        "answer--warning",
        "answer--name",
    }
    DEFAULT_CSS = ""

    view: Shown | None = None
    _top = 0
    _height = 1
    _clause: Span | None = None

    def __init__(self, keymap: Keymap, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keymap = keymap
        self._wrapping = Wrapping("", 1)

    def head(self, where: Line, view: Shown, size: tuple[int, int]) -> list[Line]:
        """Where one is, the question, and whose answer it is, for a pane of a size."""
        width, height = size
        lines: list[Line] = [where]
        most = 1 if height <= _LOW else 2 if height < _ROOMY else 4
        lines += paragraph(view.question_text, width, "answer--question", most=most)
        attributes = view.answer.attributes if view.answer else {}
        if attributes and height > _LOW:
            shown = " · ".join(f"{name}: {value}" for name, value in attributes.items() if value)
            most = 2 if height < _ROOMY else 4
            lines += paragraph(shown, width, "answer--dim", most=most)
        return lines

    def show(self, view: Shown) -> None:
        """Draw another moment; another answer is shown from its beginning."""
        if _id(view) != _id(self.view):
            self._top, self._clause = 0, None
        self.view = view
        self.redraw()

    def needs(self, text: str, width: int, most: int) -> int:
        """How many lines a text needs, or `most` if it needs more."""
        if self._wrapping.text != text or self._wrapping.width != width:
            self._wrapping = Wrapping(text, width)
        return self._wrapping.count(most)

    def part(
        self,
        text: str,
        size: tuple[int, int],
        clause: Span | None,
        styles: Sequence[tuple[int, int, str]],
    ) -> list[Line]:
        """What is seen of a text in so many columns and lines, and whether there is more.

        A clause is scrolled to when it is picked; of the styles the last one counts.
        """
        width, height = size
        self.needs(text, width, height)
        there = self._bring_into_sight(clause, height)
        shown = self._wrapping.lines(self._top, self._top + height)
        first, last = (shown[0][0], shown[-1][1]) if shown else (0, 0)
        near = [style for style in styles if style[0] < last and first < style[1]]
        lines = [_styled(text, start, end, near) for start, end in shown]
        if height < _FEW:
            return lines
        if there > self._top + height:
            lines[-1] = [(f"… more below: {self._keymap.shown('scroll-down')}", "answer--dim")]
        if self._top:
            lines[0] = [(f"… more above: {self._keymap.shown('scroll-up')}", "answer--dim")]
        return lines

    def _bring_into_sight(self, clause: Span | None, height: int) -> int:
        """Scroll to a clause that was just picked; how many lines there are, as far as known."""
        if clause and clause != self._clause:
            line = self._wrapping.line_of(clause[0])
            if line <= self._top or line >= self._top + height - 1:
                self._top = line - height // 3
        self._clause, self._height = clause, height
        there = self._wrapping.count(max(self._top, 0) + height + 1)
        self._top = max(0, min(self._top, there - height))
        return there

    def scroll_by(self, lines: int) -> None:
        """Scroll a long answer."""
        self._top += lines
        self.redraw()

    def scroll_page(self, pages: int) -> None:
        """Scroll a long answer so that two lines of the page before stay in sight."""
        self.scroll_by(pages * max(self._height - 2, 1))


class AnswerPane(TextPane["View"]):
    """Question and answer with the respondent's attributes; below them what a code means."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "answer--evidence",
        "answer--bar",
        *FAMILIES,
        *(f"{family}-span" for family in FAMILIES),
    }

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """Question above, answer in the middle, the code last touched below."""
        view = self.view
        if view is None:
            return []
        inner = max(width - 1, 1)
        head = self.head(where(view, _marks_of(view)), view, (inner, height))
        if view.answer is None:
            return indented([*head, [], [("No answer here.", "answer--dim")]])
        room = max(height - len(head) - 1, 1)
        meaning = self._meaning(view, inner)
        strip = self._suggestions(view, inner, room)
        room -= len(strip)
        least = max(room // 3, min(room - 3, 6)) if height > _LOW else 0
        promised = min(len(meaning), least)
        marks = self._marks(view, view.answer, inner, max((room - promised) // 2, 1))
        space = max(room - promised - len(marks) - 2, 1)
        text = self._text(view, view.answer, inner, space)
        left = room - len(text) - len(marks) - 2
        meaning = meaning[: max(left, 0)]
        filler: list[Line] = [[]] * (left - len(meaning))
        return indented([*head, [], *text, [], *marks, *filler, *strip, [], *meaning])

    def _suggestions(self, view: View, width: int, room: int) -> list[Line]:
        """The ranked suggestions, or why there are none on a blind answer."""
        if view.answer and view.answer.is_blind:
            return [[("blind: suggestions show once you have decided", "answer--dim")]]
        most = 2 if room <= _LOW else 3 if room < _ROOMY - 6 else 5
        return hints.strip(view, width, most)

    # -- the answer

    def _text(self, view: View, answer: Answer, width: int, height: int) -> list[Line]:
        text = answer.response.text
        if answer.response.status != "substantive":
            word = "not asked" if answer.response.status == "not_asked" else "blank"
            return [[(f"({word}) ", "answer--dim"), (text[:width], "answer--text")]]
        return self.part(text, (width, height), view.clause, self._spans(view, answer))

    def _spans(self, view: View, answer: Answer) -> list[tuple[int, int, str]]:
        by_id = {code.id: code for code in view.codes}
        spans = [
            (coding.start, coding.end, f"{family_of(view.codes, by_id[coding.code_id])}-span")
            for coding in answer.state.shown
            if coding.start is not None and coding.end is not None and coding.code_id in by_id
        ]
        if view.clause:
            spans.append((*view.clause, "answer--clause"))
        evidence = [(start, end, "answer--evidence") for start, end in hints.underlined(view)]
        return [*evidence, *spans]

    # -- what stands on it, and what a code means

    def _marks(self, view: View, answer: Answer, width: int, most: int) -> list[Line]:
        """What stands on the answer: its codes, flag, memo, and what to know about it."""
        by_id = {code.id: code for code in view.codes}
        notes = self._notes(answer, by_id, width)
        codes: list[Line] = [
            _applied(view, by_id[coding.code_id], coding, answer.response.text)
            for coding in answer.state.shown
            if coding.code_id in by_id
        ]
        if answer.state.is_decided and not answer.state.codings:
            codes.append([("○ saw it, no code", "answer--dim")])
        room = max(most - len(notes), 1)
        if len(codes) > room:
            codes[room - 1 :] = [[(f"● and {len(codes) - room + 1} more codes", "answer--dim")]]
        return [*codes, *notes]

    def _notes(self, answer: Answer, by_id: dict[int, Code], width: int) -> list[Line]:
        lines: list[Line] = []
        if answer.twins:
            words = f"×{answer.twins + 1} identical answers, coded along"
            lines.append([(words, "answer--warning")])
        if answer.earlier:
            names = ", ".join(by_id[code].name for code in answer.earlier if code in by_id)
            lines += paragraph(
                f"The answer has changed since you coded it: {names or 'no code'}."
                f" {self._keymap.shown('confirm')} takes that over.",
                width,
                "answer--warning",
                most=4,
            )
        for asked in answer.asked:
            words = f"asked about this: {asked}"
            lines += paragraph(words, width, "answer--warning", most=4)
        if answer.asked:
            words = f"{self._keymap.shown('decide')} answers: it takes what then stands"
            lines.append([(words, "answer--dim")])
        for code in split_on(answer, by_id):
            names = " or ".join(
                each.name for each in by_id.values() if each.path in code.split_into
            )
            lines += paragraph(
                f"{code.name} was split: put on {names}, which takes its place.",
                width,
                "answer--warning",
                most=4,
            )
        if answer.state.is_flagged:
            key = self._keymap.shown("flag")
            lines.append([(f"{key} flagged for discussion", "answer--warning")])
        if answer.state.memo:
            words = f"{self._keymap.shown('memo')} {answer.state.memo}"
            lines += paragraph(words, width, "answer--dim", most=2)
        return lines

    def _meaning(self, view: View, width: int) -> list[Line]:
        code = view.touched
        if code is None:
            key = self._keymap.shown
            hint = (
                f"A letter puts a code on or takes it off. {key('decide')} decides,"
                f" {key('clause-next')} picks a clause, {key('help')} explains the rest."
            )
            return paragraph(hint, width, "answer--dim")
        lines: list[Line] = [[(code.name, "answer--name"), (f"  {code.path}", "answer--dim")]]
        if code.definition:
            lines += paragraph(code.definition, width, "answer--text", most=4)
        for sign, items in (("+", code.include), ("−", code.exclude), ("e.g.", code.examples)):
            if items:
                lines += _hanging(sign, " · ".join(items), width)
        return lines


def _id(view: View | QuoteView | CaseView | None) -> int:
    return view.answer.response.id if view and view.answer else 0


def _marks_of(view: View) -> Iterator[Piece]:
    if view.answer and view.answer.state.is_decided:
        yield "  ✓ decided", "answer--key"
    elif view.answer and view.answer.state.is_coded:
        yield "  ✓ coded", "answer--dim"


def where(view: View | QuoteView | CaseView, marks: Iterable[Piece]) -> list[Piece]:
    """Which answer of how many it is, the marks on it, and whose it is."""
    place = f"{view.number:,} of {view.total:,}" if view.total else "0"
    pieces: list[Piece] = [
        (view.question_key, "answer--key"),
        (f"  {place}", "answer--dim"),
        *marks,
    ]
    if view.clause_number:
        pieces.append((f"  clause {view.clause_number}", "answer--key"))
    if view.answer and view.answer.response.version > 1:
        pieces.append((f"  version {view.answer.response.version}", "answer--warning"))
    if view.filter_name:
        pieces.append((f"  filter: {view.filter_name}", "answer--key"))
    if view.answer:
        pieces.append((f"  {view.answer.response.respondent}", "answer--dim"))
    return pieces


def indented(lines: Iterable[Line]) -> Iterable[Line]:
    """Lines with a margin to the left."""
    return [[(" ", ""), *line] for line in lines]


def _hanging(sign: str, text: str, width: int) -> Iterator[Line]:
    room = width - len(sign) - 1
    for number, line in enumerate(paragraph(text, room, "answer--dim", most=4)):
        yield [(f"{'' if number else sign:{len(sign) + 1}}", "answer--dim"), *line]


def _styled(text: str, start: int, end: int, spans: Sequence[tuple[int, int, str]]) -> Line:
    cuts = sorted({start, end, *(cut for s, e, _ in spans for cut in (s, e) if start < cut < end)})
    pieces = []
    for a, b in pairwise(cuts):
        style = "answer--text"
        for s, e, name in spans:
            if s <= a and b <= e:
                style = name
        pieces.append((text[a:b], style))
    return pieces


def split_on(answer: Answer, by_id: dict[int, Code]) -> list[Code]:
    """The codes on an answer that were split since."""
    there = [by_id[code] for code in sorted(answer.state.whole) if code in by_id]
    return [code for code in there if code.split_into]


def _applied(view: View, code: Code, coding: Coding, text: str) -> Line:
    pieces: list[Piece] = [("● ", family_of(view.codes, code)), (code.name, "answer--name")]
    if coding.start is not None and coding.end is not None:
        clause = text[coding.start : min(coding.end, coding.start + _EXCERPT)]
        more = "…" if coding.end > coding.start + _EXCERPT else ""
        pieces.append((f"  “{clause}{more}”", "answer--dim"))
    return pieces
