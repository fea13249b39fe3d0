"""What the home screen is made of: the questions of a study, and all about the one chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.message import Message

from qualcode.text import one_line
from qualcode.tui.agreement_panes import Pane, bar, in_short, level
from qualcode.tui.lines import padded, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.events import Click

    from qualcode.study.home import Home, Progress, QuestionState
    from qualcode.tui.commands import Keymap
    from qualcode.tui.lines import Line, Piece

_KEY = 14
_NUMBERS = 37
"""Cells that answers, percentage, alpha and what waits take in the list."""
_LABEL = 15
_LEAST_BAR, _MOST_BAR = 4, 40
_ALPHA_BAR = 12
_LEAST_CODERS = 3


@dataclass(frozen=True, slots=True)
class HomeView:
    """One moment of the home screen: what is known of the study, and the question chosen."""

    study: str
    home: Home
    chosen: int
    is_fresh: bool = True

    @property
    def state(self) -> QuestionState | None:
        """What is known of the question chosen."""
        questions = self.home.questions
        return questions[self.chosen] if questions else None


def meter(done: int, total: int, width: int) -> list[Piece]:
    """A bar of exactly `width` cells that is full where all is done, and only there."""
    if done >= total > 0:
        return [("━" * width, "home--done")]
    halves = min(round(2 * width * done / total), 2 * width - 1) if total else 0
    halves = max(halves, 1) if done and width else max(halves, 0)
    drawn = "━" * (halves // 2) + "╸" * (halves % 2)
    return [(drawn, "home--bar"), ("─" * (width - len(drawn)), "agreement--dim")]


def percent(done: int, total: int) -> str:
    """A share in four cells; 100 % is all, and 0 % is none."""
    if not total:
        return "   –"
    share = round(100 * done / total)
    if done and not share:
        return " <1%"
    return f"{min(share, 99) if done < total else 100:>3}%"


class _HomePane(Pane):
    """A pane of the home screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"home--bar", "home--done", "home--wait"}
    _view: HomeView | None = None

    def show(self, view: HomeView) -> None:
        """Draw another moment."""
        self._view = view
        self.redraw()


class HomeHeading(_HomePane):
    """The study, and whose view of it this is."""

    def lines(self, width: int, height: int) -> Iterable[Line]:  # noqa: ARG002
        """Two lines."""
        view = self._view
        if view is None:
            return
        home = view.home
        books = ", ".join(f"“{book.name}” version {book.version}" for book in home.codebooks)
        facts = f"{home.respondents:,} respondents · {books or 'no codebook yet'}"
        yield [(f" {view.study}  ", "agreement--key"), (facts, "agreement--dim")]
        whose = f"the work of {home.viewer}" if home.viewer else "the whole study, for its lead"
        if home.viewer and not home.is_whole:
            whose += "; what others coded stays hidden"
        state = "" if home.is_measured and view.is_fresh else "  measuring …"
        yield [
            (f" {whose}", "agreement--text"),
            (f"  {self._backup(home)}", "agreement--dim" if home.backup else "home--wait"),
            (state, "agreement--dim"),
        ]

    def _backup(self, home: Home) -> str:
        if home.backup is None:
            return "no backup yet"
        return f"last backup {home.backup.made:%Y-%m-%d %H:%M} UTC"


class QuestionsPane(_HomePane):
    """The questions: how far each is, how well its coders agree, and what waits."""

    _top = 0
    _each = 1

    class Picked(Message):
        """A question was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """A head, and the questions that fit around the one chosen, with their texts if all do."""
        view = self._view
        if view is None:
            return
        states, is_whole = view.home.questions, view.home.is_whole
        self._each = 2 if 2 * len(states) < height else 1
        room = max((height - 1) // self._each, 1)
        if not self._top <= view.chosen < self._top + room:
            self._top = view.chosen - room // 2
        self._top = max(0, min(self._top, len(states) - room))
        longest = max((cell_len(one.question.key) for one in states), default=0)
        key = min(max(longest, 8), _KEY, max(width - _NUMBERS - _LEAST_BAR, 4))
        bars = max(min(width - key - _NUMBERS, _MOST_BAR), 0)
        head = f"   {'question':<{key}} {'answers':>8}  {'coded':<{bars + 5}}"
        more = f" {'mean α':>7}  {'waiting':<8}" if is_whole else f"  {'waiting':<8}"
        yield [(head + more, "agreement--dim")]
        for place, state in enumerate(states[self._top : self._top + room], start=self._top):
            yield self._line(state, key, bars, is_chosen=place == view.chosen, is_whole=is_whole)
            if self._each > 1:
                yield [("   ", ""), (padded(state.question.text, width - 4), "agreement--dim")]

    def _line(
        self, state: QuestionState, key: int, bars: int, *, is_chosen: bool, is_whole: bool
    ) -> Line:
        done = coded_by_anyone(state)
        line: list[Piece] = [
            (" ▶ " if is_chosen else "   ", "agreement--key"),
            (
                padded(state.question.key, key),
                "agreement--chosen" if is_chosen else "agreement--name",
            ),
            (f" {state.answered:>8,}  ", "agreement--text"),
            *meter(done, state.to_code, bars),
            (f" {percent(done, state.to_code)}", "agreement--text"),
        ]
        if not is_whole:
            waits = f"{state.waiting:,}" if state.waiting else ""
            return [*line, (f"  {waits}", "home--wait")]
        agreed = state.agreed
        alpha = agreed.mean_alpha.value if agreed and agreed.mean_alpha else None
        shown = "…" if agreed is None else "–" if alpha is None else f"{alpha:.3f}"
        return [
            *line,
            (f" {shown:>7}  ", level(alpha)),
            (f"{state.waiting:,}" if state.waiting else "", "home--wait"),
        ]

    def on_click(self, event: Click) -> None:
        """Choose the question that was clicked."""
        place = self._top + (event.y - 1) // self._each
        if self._view and event.y >= 1 and place < len(self._view.home.questions):
            self.post_message(self.Picked(place))


def coded_by_anyone(state: QuestionState) -> int:
    """How many answers one coder or more coded, as far as is known yet."""
    most = max((one.coded for one in state.progress), default=0)
    return max(state.agreed.coded if state.agreed else 0, most)


class QuestionPane(_HomePane):
    """Everything about the question chosen: its answers, its coders, and what waits."""

    def __init__(self, keymap: Keymap, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keymap = keymap
        self._top = 0
        self._question = 0

    def scroll_page(self, direction: int) -> None:
        """Scroll the coders."""
        self.scroll_by(direction * _LEAST_CODERS)

    def scroll_by(self, lines: int) -> None:
        """Show coders further down or up."""
        self._top += lines
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        """The question, its coders as far as there is room, and below them what waits."""
        view = self._view
        state = view.state if view else None
        if view is None or state is None:
            return
        if state.question.id != self._question:
            self._question, self._top = state.question.id, 0
        above = list(self._above(state, width, height))
        below = list(self._below(state, width))
        room = max(height - len(above) - len(below) - 1, min(_LEAST_CODERS, len(state.progress)))
        yield from above
        yield from self._coders(state, width, room)
        if height > len(above) + len(below) + min(len(state.progress), room):
            yield []
        yield from below

    def _above(self, state: QuestionState, width: int, height: int) -> Iterable[Line]:
        is_low = height < 16  # noqa: PLR2004 - a terminal of 24 lines
        yield [(f" {state.question.key}", "agreement--key")]
        if state.question.text != state.question.key:
            most = 1 if is_low else 4
            for line in paragraph(state.question.text, width - 2, "agreement--name", most=most):
                yield [(" ", ""), *line]
        counts = state.counts
        parts = [f"{state.asked:,} asked", f"{state.answered:,} answered"]
        parts += [f"{counts['blank']:,} blank"] if counts["blank"] else []
        parts += [f"{counts['not_asked']:,} not asked"] if counts["not_asked"] else []
        for line in paragraph(" · ".join(parts), width - 2, "agreement--dim"):
            yield [(" ", ""), *line]
        if not is_low:
            yield []

    def _coders(self, state: QuestionState, width: int, room: int) -> Iterable[Line]:
        """Each coder's progress; the label says how many more there are."""
        people = state.progress
        if not people:
            yield _row("coders", ("nobody has coded yet", "agreement--dim"))
            return
        self._top = max(0, min(self._top, len(people) - room))
        shown = people[self._top : self._top + room]
        name = min(max(cell_len(one_line(one.coder)) for one in people), max(width // 4, 8))
        for place, one in enumerate(shown):
            label = "coders" if place == 0 and len(people) > 1 else "coded" if place == 0 else ""
            if place == 1 and len(people) > len(shown):
                label = f"{self._top + 1}–{self._top + len(shown)} of {len(people)}"
            yield _row(label, *self._coder(one, name, width))

    def _coder(self, one: Progress, name: int, width: int) -> Iterable[Piece]:
        total = one.to_code
        changed = f" {one.to_confirm:,} changed" if one.to_confirm else ""
        changed += f" {one.to_recode:,} split" if one.to_recode else ""
        digits = len(f"{total:,}")
        used = _LABEL + name + 1 + digits + 7 + cell_len(changed)
        style = "agreement--name" if one.coded else "agreement--dim"
        yield f"{padded(one.coder, name)} ", style
        yield from meter(one.coded, total, max(min(width - used, _MOST_BAR), 0))
        yield f"  {one.coded:>{digits},} ", "agreement--text"
        yield percent(one.coded, total), "agreement--text"
        yield changed, "home--wait"

    def _below(self, state: QuestionState, width: int) -> Iterable[Line]:
        """What is known of agreement, and what waits; a line each."""
        if state.said is not None:
            yield _row("agreement", *self._agreement(state, width))
            yield _row("differing", *self._differing(state))
            yield _row("adjudicate", *self._cases(state))
            yield _row("quotes", *self._quotes(state))
        elif state.to_confirm:
            yield _row("changed", (f"{state.to_confirm:,} to confirm", "home--wait"))
        if state.asked_about:
            key = self._keymap.shown("asked")
            words = f"{state.asked_about:,} to answer; {key} goes there"
            yield _row("asked", (words, "home--wait"))
        if state.to_recode:
            yield _row("after a split", (f"{state.to_recode:,} to code anew", "home--wait"))
        marks = f"{state.marked.flagged:,} flagged · {state.marked.memos:,} memos"
        marked: list[Piece] = [(marks, _faint(state.marked.flagged + state.marked.memos))]
        if state.to_review:
            marked.append((f" · {state.to_review:,} to review", "home--wait"))
        yield _row("marks", *marked)
        run = state.suggested
        if run is None:
            yield _row("suggestions", ("none yet: qualcode suggest", "agreement--dim"))
        else:
            when = run.finished[:16].replace("T", " ")
            yield _row("suggestions", (f"{run.answers:,} answers, {when} UTC", "agreement--text"))

    def _agreement(self, state: QuestionState, width: int) -> Iterable[Piece]:
        agreed = state.agreed
        if agreed is None:
            yield "measuring …", "agreement--dim"
            return
        alpha = agreed.mean_alpha
        if alpha is None or alpha.value is None:
            why = in_short(alpha.reason) if alpha else agreed.reason
            yield f"– {why}", "agreement--dim"
            return
        yield f"{alpha.value:.3f}", level(alpha.value)
        if alpha.low is not None and alpha.high is not None:
            yield f"  {alpha.low:.2f} to {alpha.high:.2f}  ", "agreement--dim"
            if width >= _LABEL + 35 + _ALPHA_BAR:
                yield from bar(alpha, _ALPHA_BAR)
        yield f"  {agreed.multiply_coded:,} coded twice", "agreement--dim"

    def _differing(self, state: QuestionState) -> Iterable[Piece]:
        if state.disagreements is None:
            yield "…", "agreement--dim"
            return
        if not state.disagreements:
            yield "none without a verdict", "agreement--dim"
            return
        yield f"{state.disagreements:,}", "home--wait"
        yield " without a verdict", "agreement--text"

    def _cases(self, state: QuestionState) -> Iterable[Piece]:
        cases = state.cases
        if cases is None:
            yield "…", "agreement--dim"
            return
        yield (
            f"{cases.to_settle:,} to settle",
            "home--wait" if cases.to_settle else "agreement--dim",
        )
        if cases.sent_back:
            yield f" · {cases.sent_back:,} sent back, not answered", "agreement--text"

    def _quotes(self, state: QuestionState) -> Iterable[Piece]:
        said = state.said
        waiting = "…" if state.open_quotes is None else f"{state.open_quotes:,}"
        yield f"{waiting} open", _faint(state.open_quotes)
        if said:
            kept = f" · {said.cleared:,} cleared · {said.withheld:,} withheld"
            yield kept, _faint(said.cleared + said.withheld)


def _faint(count: int | None) -> str:
    return "agreement--text" if count else "agreement--dim"


def _row(label: str, *pieces: Piece) -> Line:
    return [(f" {label:<{_LABEL - 1}}", "agreement--dim"), *pieces]
