"""Where a coder is: the answers of a filter, and how many of the question are coded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.model import Filter
from qualcode.tui.cursor import Cursor

if TYPE_CHECKING:
    from array import array

    from qualcode.model import Change
    from qualcode.store.queues import Kind
    from qualcode.study import CodingSession

SPLIT = (Filter("split"), "to code anew after a split")
PLAIN_FILTERS = (
    (Filter(), "every answer"),
    (Filter("uncoded"), "not coded yet"),
    (Filter("coded"), "coded"),
    (Filter("flagged"), "flagged"),
    SPLIT,
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
    """What a coder walks through unless they filter: queue, else assignment, else every answer."""
    queue = session.drawn_queue
    if queue is None:
        return (Filter("assigned"), "assigned to you") if session.is_assigned else (Filter(), "")
    code = session.code_by_id.get(queue.code_id)
    name = dict(ORDERS).get(queue.kind) or f"more of {code.name if code else 'a code that is gone'}"
    return Filter("queue", queue_id=queue.id), name


class Walk(Cursor):
    """The one owner of the cursor, and of how far the coder is.

    `queue` holds the ids of the answers that the filter lets through; codes go on the `clause`;
    `coded` of the `substantive` answers of the question are done.
    """

    def __init__(self, session: CodingSession) -> None:
        super().__init__(lambda answer: session.answer(answer).response.text)
        self._session = session
        self.filter_by(*usual(session))
        everything = self.queue if self.filter.kind == "all" else session.queue()
        self.coded, self.substantive = session.coded_count(), len(everything)

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
        self.walk_through(self._session.queue(wanted))
        self.filter, self.filter_name = wanted, "" if wanted.kind == "all" else name

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
        if self.visit_answer(response_id):
            return
        status = self._session.answer(response_id).response.status
        for wanted, name in PLAIN_FILTERS:
            if wanted.kind == ("all" if status == "substantive" else status):
                self.filter_by(wanted, name)
        self.visit_answer(response_id)
