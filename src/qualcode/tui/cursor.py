"""Where somebody is among answers: the one shown, a clause of it, and the way there."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from qualcode.text import clauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.study.coding import Span


class Cursor:
    """A place in a queue of answers, given as their ids.

    `clause` is the part of the answer shown that is picked, None for the whole.
    """

    def __init__(self, text_of: Callable[[int], str]) -> None:
        self._text_of = text_of
        self._visited: list[int] = []
        self.queue = array("q")
        self._go(0)

    @property
    def response_id(self) -> int:
        """The answer shown, 0 if none."""
        return self.queue[self.place] if self.queue else 0

    @property
    def following(self) -> int | None:
        """The next answer, if there is one."""
        return self.queue[self.place + 1] if self.place + 1 < len(self.queue) else None

    def walk_through(self, queue: array[int]) -> None:
        """Take other answers, from the one shown if it is among them."""
        shown = self.response_id
        self.queue = queue
        self._go(0)
        self.land_on(shown)

    def land_on(self, response_id: int) -> bool:
        """Show an answer; whether it is in the queue."""
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

    def visit_answer(self, response_id: int) -> bool:
        """Go to an answer; whether it is in the queue."""
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
        """No clause is picked."""
        self.clause: Span | None = None
        self.clause_number = ""

    def pick_clause(self, step: int) -> None:
        """Pick the next clause, or the one before, in a circle."""
        if not self.response_id:
            return
        if self._clauses is None:
            self._clauses = clauses(self._text_of(self.response_id))
        if not self._clauses:
            return
        if self.clause:
            place = (self._clauses.index(self.clause) + step) % len(self._clauses)
        else:
            place = 0 if step > 0 else len(self._clauses) - 1
        self.clause = self._clauses[place]
        self.clause_number = f"{place + 1} of {len(self._clauses)}"
