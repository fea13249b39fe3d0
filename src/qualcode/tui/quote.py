"""The panes of the clearing screen: the quote as it stands and as it is printed; what was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar

from qualcode.tui.answer import TextPane, indented, where
from qualcode.tui.lines import Line, Lines, Piece, padded, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.quotes import Found
    from qualcode.study.coding import Span
    from qualcode.study.quotes.clearing import Quotable
    from qualcode.tui.commands import Keymap
    from qualcode.tui.view import QuoteView

STATES = {"open": "·", "cleared": "✓", "withheld": "−"}
"""The marks of what became of an answer as a quote."""
_SHORT_WORDS, _SHORT = 4, 30
"""An answer of fewer words and characters says little."""
_LOOKED_AT = 8
"""So many code points a cell of the printed quote are looked at."""
_FEW = 3
"""With fewer lines, none is given to how it is printed."""


class QuotePane(TextPane["QuoteView"]):
    """Question and answer, how it is printed, its themes, and who said what of it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "quote--found",
        "quote--number",
        "quote--gone",
        "quote--gone-clause",
        "quote--stands",
    }

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """Question above, the answer, how it is printed, and below what is known of it."""
        view = self.view
        if view is None:
            return []
        inner = max(width - 1, 1)
        head = self.head(where(view, _state(view)), view, (inner, height))
        if view.answer is None:
            return indented([*head, [], *paragraph(view.nothing, inner, "answer--dim")])
        room = max(height - len(head) - 1, 1)
        notes = _notes(view.answer, inner)[: max(room // 2 - 2, 0)]
        left = max(room - len(notes) - 2, 1)
        marked = Marked(view.answer, view.numbered)
        spare = left - 1 - self.needs(marked.text, inner, left)
        most = max(left // 3, spare, 1) if left > _FEW else 0
        printed = _printed(view.answer, inner, most)
        text = self.part(
            marked.text,
            (inner, max(left - len(printed), 1)),
            marked.span(*view.clause) if view.clause else None,
            marked.styles(view.clause),
        )
        filler: list[Line] = [[]] * (left - len(text) - len(printed))
        return indented([*head, [], *text, [], *printed, *filler, [], *notes])


def _state(view: QuoteView) -> Iterator[Piece]:
    state = view.answer.together.state if view.answer else "open"
    if state == "cleared":
        yield "  ✓ cleared", "answer--key"
    elif state == "withheld":
        yield "  − withheld", "answer--warning"


class Marked:
    """An answer with a digit before what was found, and after what is replaced what stands there.

    What is put in moves what comes after it: `span` says where a part of the answer is now.
    """

    def __init__(self, answer: Quotable, numbered: Sequence[Found]) -> None:
        self._answer = answer
        text = answer.response.text
        replaced = answer.together.replacements
        put_in = [(one.end, 0, f"→{one.text}", "quote--stands") for one in replaced]
        put_in += [
            (found.start, 1, f"{digit}\u00a0", "quote--number")
            for digit, found in enumerate(numbered, start=1)
        ]
        self._put_in = sorted(put_in)
        self._places = [at for at, *_ in self._put_in]
        self._moved = [0, *accumulate(len(words) for _, _, words, _ in self._put_in)]
        pieces, done = [], 0
        for at, _, words, _ in self._put_in:
            pieces += [text[done:at], words]
            done = at
        self.text = "".join((*pieces, text[done:]))

    def span(self, start: int, end: int) -> Span:
        """Where a part of the answer is, without what is put in at its edges."""
        return (
            start + self._moved[bisect_right(self._places, start)],
            end + self._moved[bisect_left(self._places, end)],
        )

    def styles(self, clause: Span | None) -> list[tuple[int, int, str]]:
        """How the parts look; the last one counts."""
        styles = [(*self.span(*clause), "answer--clause")] if clause else []
        answer = self._answer
        styles += [(*self.span(one.start, one.end), "quote--found") for one in answer.found]
        for one in answer.together.replacements:
            styles.append((*self.span(one.start, one.end), "quote--gone"))
            both = _both(clause, (one.start, one.end)) if clause else None
            if both:
                styles.append((*self.span(*both), "quote--gone-clause"))
        for number, (at, _, words, style) in enumerate(self._put_in):
            begin = at + self._moved[number]
            styles.append((begin, begin + len(words), style))
        return styles


def _both(one: Span, other: Span) -> Span | None:
    """What two parts have in common."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def _printed(answer: Quotable, width: int, most: int) -> list[Line]:
    """How it is printed, in so many lines at the most."""
    if not most:
        return []
    state = answer.together.state
    style = "answer--dim" if state == "withheld" else "answer--text"
    words = {
        "open": "as it would be printed:",
        "cleared": "as it will be printed:",
        "withheld": "withheld, so not printed:",
    }
    printed = f"“{answer.printed[: _LOOKED_AT * width * (most + 1)]}”"
    return [
        [(words[state], "answer--dim")],
        *paragraph(printed, width, style, most=most),
    ]


def _notes(answer: Quotable, width: int) -> list[Line]:
    """The themes, why it was chosen, what to beware of, and who said what."""
    themes = " · ".join(code.name for code in answer.themes)
    lines = paragraph(themes, width, "answer--name", most=2) if themes else []
    if answer.reasons:
        lines += paragraph(", ".join(answer.reasons), width, "answer--dim", most=2)
    if warnings := " · ".join(_warnings(answer)):
        lines += paragraph(warnings, width, "answer--warning", most=2)
    if said := " · ".join(_said(answer)):
        lines += paragraph(said, width, "answer--key", most=2)
    return lines


def _warnings(answer: Quotable) -> Iterator[str]:
    for code in answer.lone:
        yield f"nobody else speaks of “{code.name}”"
    text = answer.response.text
    if len(text) < _SHORT and len(text.split()) < _SHORT_WORDS:
        yield "a short answer"


def _said(answer: Quotable) -> Iterator[str]:
    for one in answer.said:
        if one.clearing.state != "open":
            yield f"{STATES[one.clearing.state]} {one.clearing.state} by {one.person}"
        elif one.clearing.replaced:
            yield f"{one.person} replaced {len(one.clearing.replaced)}"


class FoundPane(Lines):
    """What was found that may name somebody, each under its digit."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "codebook--hotkey",
        "codebook--name",
        "quote--dim",
        "quote--gone",
        "quote--stands",
    }

    view: QuoteView | None = None

    def __init__(self, keymap: Keymap, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keymap = keymap

    def show(self, view: QuoteView) -> None:
        """Draw another moment."""
        self.view = view
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """As many as fit; what more there is, and how to come to it."""
        view = self.view
        if view is None or view.answer is None:
            return []
        if not view.numbered:
            return indented(paragraph(self._none(view), width - 1, "quote--dim"))
        room = max((height - 3) // 2, 1)
        shown = view.numbered[:room]
        lines = [
            line
            for digit, found in enumerate(shown, start=1)
            for line in _entry(view.answer, found, digit, width)
        ]
        more = len(view.answer.found) - len(shown)
        if more:
            lines += [[], *indented(paragraph(self._more(more), width - 1, "quote--dim"))]
        return lines

    def _none(self, view: QuoteView) -> str:
        where = "in this clause" if view.clause else "that may name somebody"
        return f"Nothing was found {where}. A scan is no promise: read it."

    def _more(self, more: int) -> str:
        key = self._keymap.shown
        return (
            f"{more:,} more: {key('clause-next')} counts within a clause,"
            f" {key('replace-all')} replaces them all"
        )


def _entry(answer: Quotable, found: Found, digit: int, width: int) -> Iterator[Line]:
    is_gone = answer.is_replaced(found)
    words = answer.response.text[found.start : found.end]
    style = "quote--gone" if is_gone else "codebook--name"
    hiding = answer.hiding(found)
    kind = found.kind.removesuffix("?")
    how = [kind] if kind not in hiding else []
    how += ["a guess"] if found.is_guess else []
    yield [
        ("●" if is_gone else " ", "quote--stands"),
        (f" {digit} ", "codebook--hotkey"),
        (padded(words, max(width - 4, 1)).rstrip(), style),
    ]
    yield [
        (f"    → {hiding}", "quote--stands" if is_gone else "quote--dim"),
        (f"  {', '.join((*how, found.by))}", "quote--dim"),
    ]
