"""What a screen shows at one moment, as one value that every pane draws from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.model import Code, Hint
    from qualcode.quotes import Found
    from qualcode.study.coding import Answer, Span
    from qualcode.study.quotes.clearing import Quotable


@dataclass(frozen=True, slots=True)
class Finding:
    """A code being looked for: what was typed, the hits, and which of them is meant."""

    typed: str = ""
    hits: tuple[int, ...] = ()
    chosen: int = 0

    @property
    def code_id(self) -> int:
        """The code that Enter would toggle, 0 if none."""
        return self.hits[self.chosen] if self.hits else 0


@dataclass(frozen=True, slots=True)
class View:
    """One moment of the coding screen.

    `number` counts from 1 among the `total` answers of the filter; `coded` is out of
    `substantive` answers of the question. `answer` is None where the filter lets none through,
    `hint` where nothing is suggested.
    """

    question_key: str
    question_text: str
    coder: str
    codes: tuple[Code, ...]
    answer: Answer | None
    number: int
    total: int
    coded: int
    substantive: int
    filter_name: str = ""
    clause: Span | None = None
    clause_number: str = ""
    touched: Code | None = None
    finding: Finding | None = None
    pace: int = 0
    is_grouping: bool = False
    hint: Hint | None = None
    message: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One moment of the clearing screen.

    `number` counts from 1 among the `total` answers of the filter; what was found in the answer
    stands under the digits `numbered`, as far as there are any. Without an answer, `nothing` says
    why.
    """

    question_key: str
    question_text: str
    answer: Quotable | None
    number: int
    total: int
    filter_name: str = ""
    clause: Span | None = None
    clause_number: str = ""
    numbered: tuple[Found, ...] = ()
    nothing: str = ""
