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

ASKED = (Filter("asked"), "asked about")
SPLIT = (Filter("split"), "to code anew after a split")
PLAIN_FILTERS = (
    (Filter(), "every answer"),
    (Filter("uncoded"), "not coded yet"),
    (Filter("coded"), "coded"),
    (Filter("flagged"), "flagged"),
    ASKED,
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


_ASSIGNED = "assigned to you"


def usual(session: CodingSession) -> tuple[Filter, str]:
    """What a coder walks through unless they filter: queue, else assignment, else every answer."""
    queue = session.drawn_queue
    if queue is None:
        return (Filter("assigned"), _ASSIGNED) if session.is_assigned else (Filter(), "")
    code = session.code_by_id.get(queue.code_id)
    name = dict(ORDERS).get(queue.kind) or f"more of {code.name if code else 'a code that is gone'}"
    return Filter("queue", queue_id=queue.id), name


class Walk(Cursor):
    """The one owner of the cursor, and of how far the coder is.

    `queue` holds the ids of the answers that the filter lets through; codes go on the `clause`;
    `coded` of the `to_code` answers are done: the coder's own, or all substantive ones.
    """

    def __init__(self, session: CodingSession) -> None:
        super().__init__(lambda answer: session.answer(answer).response.text)
        self._session = session
        self.filter_by(*usual(session))
        self._count_all()

    def _count_all(self) -> None:
        is_all = self.filter.kind == ("assigned" if self._session.is_assigned else "all")
        self.to_code = len(self.queue) if is_all else self._session.to_code_count()
        self.recount()

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
        self._count_all()
        return self.response_id == shown

    def recount(self) -> None:
        """Count anew what the coder has coded."""
        self.coded = self._session.coded_count()

    def count(self, change: Change) -> None:
        """Progress is about the answers that there are to code, as they stand now."""
        answer = change.response_id
        if self._session.is_grouping and self._session.is_assigned:
            self.recount()
        elif self._session.where_is(answer)[0] == answer and self._session.counts(answer):
            self.coded += change.newly_coded

    # -- answers that come a second time

    @property
    def following(self) -> int | None:
        """The next answer that may be shown, if there is one."""
        self._put_off(self.place + 1)
        following = super().following
        return following if following and self._session.is_ready(following) else None

    def visit(self, place: int) -> bool:
        """Go to a place of the queue, or the nearest that there is; whether it is another one."""
        place = max(0, min(place, len(self.queue) - 1))
        if place > self.place:
            self._put_off(place)
        while self.place < place and not self._session.is_ready(self.queue[place]):
            place -= 1
        while 0 < place < self.place and not self._session.is_ready(self.queue[place]):
            place -= 1
        return super().visit(place)

    def _put_off(self, place: int) -> None:
        """Let what is at a place come last while it may not be shown."""
        for _ in range(place, len(self.queue)):
            if self._session.is_ready(self.queue[place]):
                return
            self.queue.append(self.queue.pop(place))

    def show(self, response_id: int) -> None:
        """Go to an answer, with another filter if this one hides it."""
        if self.visit_answer(response_id):
            return
        if response_id < 0:
            self.filter_by(Filter("assigned"), _ASSIGNED)
            self.visit_answer(response_id)
            return
        status = self._session.answer(response_id).response.status
        for wanted, name in PLAIN_FILTERS:
            if wanted.kind == ("all" if status == "substantive" else status):
                self.filter_by(wanted, name)
        self.visit_answer(response_id)
