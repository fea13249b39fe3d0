"""One answer in dispute as a value: what each coder made of it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.model import AnswerState, Code, Coder, Question, Response
    from qualcode.store.queries import Query
    from qualcode.store.verdicts import Verdict

State: TypeAlias = Literal["open", "settled", "sent back"]
STATES: tuple[State, ...] = ("open", "settled", "sent back")
Wanted: TypeAlias = Literal["open", "settled", "sent back", "all"]

REASONS = {
    "rule_unclear": "the rule is unclear",
    "missed": "somebody missed it",
    "double_barrelled": "the answer says two things",
    "wrong_code": "a wrong code was taken",
    "other": "another reason",
}
"""Why coders differed: the words that are kept, and how they are said."""

Field: TypeAlias = Literal["examples", "include", "exclude"]

FIELDS: dict[Field, str] = {
    "examples": "an example of",
    "include": "what belongs to",
    "exclude": "what does not belong to",
}
"""The lists of a code that words of an answer can go to, and how they are said."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one coder made of an answer, under a letter that means somebody else on the next."""

    letter: str
    coder: Coder
    state: AnswerState


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about an answer: to whom, by a letter if the coder coded it, and by whom."""

    letter: str
    query: Query
    by: str


@dataclass(frozen=True, slots=True)
class Case:
    """An answer with what its coders made of it, and what became of it.

    `agreed` are the codes that all sides have, `disputed` those that some have. `codes` are those
    of the question, retired ones among them; `adjudicator` is whose the verdict is.
    """

    response: Response
    attributes: dict[str, str]
    question: Question
    codes: tuple[Code, ...]
    sides: tuple[Side, ...]
    agreed: frozenset[int]
    disputed: frozenset[int]
    verdict: Verdict | None
    adjudicator: str
    asked: tuple[Asked, ...]
    state: State

    def side(self, letter: str) -> Side:
        """What the coder of a letter made of it. Raises `NotFound`."""
        for side in self.sides:
            if side.letter == letter.upper():
                return side
        there = ", ".join(side.letter for side in self.sides)
        raise NotFound(f"there is no “{letter}” on this answer", hint=f"there are {there}")

    def of(self, code_ids: Iterable[int]) -> tuple[Code, ...]:
        """These codes, in the order of the codebook."""
        wanted = set(code_ids)
        return tuple(code for code in self.codes if code.id in wanted)

    @property
    def majority(self) -> frozenset[int] | None:
        """The codes that more than half have; None where one is with half of them."""
        votes = {one: sum(one in side.state.whole for side in self.sides) for one in self.disputed}
        if any(2 * count == len(self.sides) for count in votes.values()):
            return None
        return self.agreed | {one for one, count in votes.items() if 2 * count > len(self.sides)}
