"""The middle of the coding screen: the question, the answer, and the code last touched."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING, ClassVar

from qualcode.text import one_line, visible
from qualcode.tui.codebook import FAMILIES, family_of
from qualcode.tui.lines import Line, Lines, Piece, paragraph, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.model import Code, Coding
    from qualcode.study.coding import Answer
    from qualcode.tui.view import View

_EXCERPT = 40
_ROOMY = 30


class AnswerPane(Lines):
    """Question and answer with the respondent's attributes; below them what a code means."""

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

    def show(self, view: View) -> None:
        """Draw another moment."""
        self.view = view
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """Question above, answer in the middle, the code last touched below."""
        view = self.view
        if view is None:
            return []
        inner = width - 2
        head = self._head(view, inner, height)
        if view.answer is None:
            body: list[Line] = [[("No answer here.", "answer--dim")]]
            return _indented([*head, [], *body])
        room = max(height - len(head) - 1, 1)
        foot = self._meaning(view, inner, max(room // 3, min(room - 3, 6)))
        marks = self._marks(view, view.answer, inner)[: max(room - len(foot) - 2, 1)]
        space = max(room - len(foot) - len(marks) - 2, 1)
        text = self._text(view, view.answer, inner, space)
        filler: list[Line] = [[]] * (space - len(text))
        return _indented([*head, [], *text, [], *marks, *filler, [], *foot])

    def _head(self, view: View, width: int, height: int) -> list[Line]:
        where = f"{view.number:,} of {view.total:,}" if view.total else "0"
        pieces: list[Piece] = [(view.question_key, "answer--key"), (f"  {where}", "answer--dim")]
        if view.filter_name:
            pieces.append((f" {view.filter_name}", "answer--key"))
        if view.answer:
            pieces.append((f"  {one_line(view.answer.response.respondent)}", "answer--dim"))
            if view.answer.response.version > 1:
                pieces.append((f"  version {view.answer.response.version}", "answer--warning"))
            if view.answer.state.is_decided:
                pieces.append(("  ✓ decided", "answer--key"))
            elif view.answer.state.is_coded:
                pieces.append(("  ✓ coded", "answer--dim"))
        lines: list[Line] = [pieces]
        lines += paragraph(one_line(view.question_text), width, "answer--question", most=2)
        if view.answer and view.answer.attributes:
            shown = " · ".join(
                f"{name}: {value}" for name, value in view.answer.attributes.items() if value
            )
            most = 1 if height < _ROOMY else 3
            lines += paragraph(one_line(shown), width, "answer--dim", most=most)
        return lines

    def _text(self, view: View, answer: Answer, width: int, height: int) -> list[Line]:
        text = visible(answer.response.text).replace("\t", " ")
        if answer.response.status != "substantive":
            word = "not asked" if answer.response.status == "not_asked" else "blank"
            return [[(f"({word}) ", "answer--dim"), (text.replace("\n", " "), "answer--text")]]
        styles = self._spans(view, answer)
        all_lines = list(islice(wrapped(text, width), view.scroll + height + 1))
        first = min(view.scroll, max(len(all_lines) - height, 0))
        shown = all_lines[first : first + height]
        lines = [_styled(text, start, end, styles) for start, end in shown]
        if first + height < len(all_lines) and lines:
            lines[-1] = [("… more below: PgDn", "answer--dim")]
        if first and lines:
            lines[0] = [("… more above: PgUp", "answer--dim")]
        return lines

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

    def _marks(self, view: View, answer: Answer, width: int) -> list[Line]:
        """What stands on the answer: its codes, flag, memo, and what to know about it."""
        by_id = {code.id: code for code in view.codes}
        lines: list[Line] = [
            _applied(view, by_id[coding.code_id], coding, answer.response.text)
            for coding in answer.state.codings
            if coding.code_id in by_id
        ]
        if answer.state.is_decided and not answer.state.codings:
            lines.append([("○ saw it, no code", "answer--dim")])
        if answer.twins:
            lines.append(
                [(f"×{answer.twins + 1} identical answers, coded along", "answer--warning")]
            )
        if answer.earlier:
            names = ", ".join(by_id[code].name for code in answer.earlier if code in by_id)
            lines += paragraph(
                f"The answer has changed since you coded it: {one_line(names) or 'no code'}."
                " + takes that over.",
                width,
                "answer--warning",
            )
        if answer.state.is_flagged:
            lines.append([("! flagged for discussion", "answer--warning")])
        if answer.state.memo:
            lines += paragraph(f"; {one_line(answer.state.memo)}", width, "answer--dim", most=2)
        return lines

    def _meaning(self, view: View, width: int, most: int) -> list[Line]:
        code = view.touched
        if code is None:
            hint = "A letter puts a code on or takes it off. Enter decides. F1 explains the rest."
            return paragraph(hint, width, "answer--dim")
        lines: list[Line] = [
            [(one_line(code.name), "answer--name"), (f"  {code.path}", "answer--dim")],
            *paragraph(one_line(code.definition), width, "answer--text", most=3),
        ]
        for sign, items in (("+", code.include), ("−", code.exclude), ("“”", code.examples)):
            for item in items:
                lines += paragraph(f"{sign} {one_line(item)}", width, "answer--dim", most=2)
        return lines[:most]


def _indented(lines: Iterable[Line]) -> Iterable[Line]:
    return [[(" ", ""), *line] for line in lines]


def _styled(text: str, start: int, end: int, spans: list[tuple[int, int, str]]) -> Line:
    cuts = sorted({start, end, *(cut for s, e, _ in spans for cut in (s, e) if start < cut < end)})
    pieces = []
    for a, b in pairwise(cuts):
        style = "answer--text"
        for s, e, name in spans:
            if s <= a and b <= e:
                style = name
        pieces.append((text[a:b], style))
    return pieces


def _applied(view: View, code: Code, coding: Coding, text: str) -> Line:
    pieces: list[Piece] = [
        ("● ", family_of(view.codes, code)),
        (one_line(code.name), "answer--name"),
    ]
    if coding.start is not None and coding.end is not None:
        clause = one_line(text[coding.start : coding.end])
        short = clause if len(clause) <= _EXCERPT else clause[: _EXCERPT - 1] + "…"
        pieces.append((f"  “{short}”", "answer--dim"))
    return pieces
