"""Where a coder is: the answers of a filter, the one shown, a clause of it, and the way there."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from qualcode.model import Filter
from qualcode.text import clauses

if TYPE_CHECKING:
    from qualcode.model import Change
    from qualcode.store.queues import Kind
    from qualcode.study import CodingSession
    from qualcode.study.coding import Span

PLAIN_FILTERS = (
    (Filter(), "every answer"),
    (Filter("uncoded"), "not coded yet"),
    (Filter("coded"), "coded"),
    (Filter("flagged"), "flagged"),
    (Filter("split"), "to code anew after a split"),
    (Filter("blank"), "blank"),
    (Filter("not_asked"), "not asked"),
)
"""The filters that need no code and no text, and what they are called."""


ORDERS: tuple[tuple[Kind, str], ...] = (
    ("half", "half random, half uncertain"),
    ("random", "random"),
    ("uncertain", "uncertain, and unlike each other"),
)
"""The queues that need no code, and what they are called; the first is the one to take."""


def usual(session: CodingSession) -> tuple[Filter, str]:
    """What a coder walks through unless they filter: their queue, else every answer."""
    queue = session.drawn_queue
    if queue is None:
        return Filter(), ""
    code = session.code_by_id.get(queue.code_id)
    name = dict(ORDERS).get(queue.kind) or f"more of {code.name if code else 'a code that is gone'}"
    return Filter("queue", queue_id=queue.id), name


class Walk:
    """The one owner of the cursor, and of how far the coder is.

    `queue` holds the ids of the answers that the filter lets through; `clause` is the part of
    the answer shown that a code goes on, None for the whole; `coded` of the `substantive`
    answers of the question are done.
    """

    def __init__(self, session: CodingSession) -> None:
        self._session = session
        self._visited: list[int] = []
        self.queue = array("q")
        self.place = 0
        self.filter_by(*usual(session))
        everything = self.queue if self.filter.kind == "all" else session.queue()
        self.coded, self.substantive = session.coded_count(), len(everything)

    @property
    def response_id(self) -> int:
        """The answer shown, 0 if none."""
        return self.queue[self.place] if self.queue else 0

    @property
    def following(self) -> int | None:
        """The next answer, if there is one."""
        return self.queue[self.place + 1] if self.place + 1 < len(self.queue) else None

    def ahead(self, most: int) -> array[int]:
        """The answer shown and those after it, at most so many."""
        return self.queue[self.place : self.place + most] if self.queue else self.queue

    @property
    def left(self) -> int:
        """How many answers come after the one shown."""
        return max(len(self.queue) - self.place - 1, 0)

    def grow(self) -> None:
        """Take in what was added to the end of the queue; the place stays."""
        place = self.place
        self.queue = self._session.queue(self.filter)
        self.place = min(place, max(len(self.queue) - 1, 0))

    def filter_by(self, wanted: Filter, name: str) -> None:
        """Walk through the answers that a filter lets through, from the one shown if it is one."""
        shown = self.response_id
        self.queue = self._session.queue(wanted)
        self.filter, self.filter_name = wanted, "" if wanted.kind == "all" else name
        self._go(0)
        self.land_on(shown)

    def reread(self) -> bool:
        """Take in what others wrote; whether the answer shown is still the same."""
        shown = self.response_id
        now = self._session.where_is(shown)[0] if shown else 0
        # Under a filter the coder's own work would make answers vanish from under the hands.
        if self.filter.kind == "all" or now != shown:
            self.filter_by(self.filter, self.filter_name)
            self.land_on(now)
        everything = self.queue if self.filter.kind == "all" else self._session.queue()
        self.substantive = len(everything)
        self.recount()
        return self.response_id == shown

    def recount(self) -> None:
        """Count anew what the coder has coded."""
        self.coded = self._session.coded_count()

    def count(self, change: Change) -> None:
        """Progress is about the substantive answers as they stand now."""
        answer = change.response_id
        is_current = self._session.where_is(answer)[0] == answer
        if is_current and self._session.answer(answer).response.status == "substantive":
            self.coded += change.newly_coded

    def show(self, response_id: int) -> None:
        """Go to an answer, with another filter if this one hides it."""
        if self._visit_answer(response_id):
            return
        status = self._session.answer(response_id).response.status
        for wanted, name in PLAIN_FILTERS:
            if wanted.kind == ("all" if status == "substantive" else status):
                self.filter_by(wanted, name)
        self._visit_answer(response_id)

    def land_on(self, response_id: int) -> bool:
        """Show an answer; whether the filter lets it through."""
        try:
            self._go(self.queue.index(response_id))
        except ValueError:
            return False
        return True

    def visit(self, place: int) -> bool:
        """Go to a place of the queue, or the nearest that there is; whether it is another one."""
        place = max(0, min(place, len(self.queue) - 1))
        if not self.queue or place == self.place:
            return False
        self._visited.append(self.response_id)
        self._go(place)
        return True

    def _visit_answer(self, response_id: int) -> bool:
        before = self.response_id
        if not self.land_on(response_id):
            return False
        if before != response_id:
            self._visited.append(before)
        return True

    def back(self) -> bool:
        """Go to the answer visited before; whether there was one."""
        while self._visited:
            if self.land_on(self._visited.pop()):
                return True
        return False

    def _go(self, place: int) -> None:
        self.place = place
        self._clauses: list[Span] | None = None
        self.whole()

    # -- clauses

    def whole(self) -> None:
        """Codes go on the whole answer."""
        self.clause: Span | None = None
        self.clause_number = ""

    def pick_clause(self, step: int) -> None:
        """Codes go on the next clause, or the one before, in a circle."""
        if not self.response_id:
            return
        if self._clauses is None:
            self._clauses = clauses(self._session.answer(self.response_id).response.text)
        if not self._clauses:
            return
        if self.clause:
            place = (self._clauses.index(self.clause) + step) % len(self._clauses)
        else:
            place = 0 if step > 0 else len(self._clauses) - 1
        self.clause = self._clauses[place]
        self.clause_number = f"{place + 1} of {len(self._clauses)}"
