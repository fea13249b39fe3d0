"""Whether a text holds words of an answer that nobody cleared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.privacy import is_private
from qualcode.quotes import Leak, leaks
from qualcode.store import codebook, quotes, responses
from qualcode.study.quotes.cleared import cleared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.store.connection import Database

RUN = 6
"""So many words in a row give an answer away."""


@dataclass(frozen=True, slots=True)
class Leaked:
    """Words of an answer in a text, and whose answer to which question it is."""

    leak: Leak
    respondent: str
    question: str

    def __str__(self) -> str:
        return f"“{self.leak.words}” is in the answer of {self.respondent} to {self.question}"


def leaked(database: Database, text: str) -> list[Leaked]:
    """Every run of six words or more of an answer that a text holds and nobody cleared.

    The wording of the questions and what the codebooks say of their codes may stand anywhere, but
    for their examples and for rules in words of an answer that was adjudicated.
    """
    found = leaks(text, quotes.all_texts(database), _allowed(database), RUN)
    return [_told(database, leak) for leak in found]


def refuse_leaks(database: Database, text: str, name: str) -> None:
    """Raise `QualcodeError` where a text that is to leave the study holds what may not."""
    found = leaked(database, text)
    if found:
        told = "“…”" if is_private() else found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise QualcodeError(
            f"{name} would hold words of an answer that nobody cleared: {told}{more}",
            hint="`qualcode clear` clears quotes; nothing was written",
        )


def _told(database: Database, leak: Leak) -> Leaked:
    response, _ = responses.response(database, leak.answer)
    return Leaked(leak, response.respondent, response.question)


def _allowed(database: Database) -> Iterator[str]:
    for question in responses.questions(database):
        yield question.text
        yield from (one.printed for one in cleared(database, question).values())
    quoted = codebook.words_of_cases(database)
    for book in codebook.codebooks(database):
        for code in book.codes:
            rules = (*code.include, *code.exclude)
            yield from (code.name, code.definition)
            yield from (one for one in rules if not quotes_case(one, quoted))


def quotes_case(rule: str, quoted: Sequence[str]) -> bool:
    """Whether a rule of a codebook holds words of adjudicated answers, or is one of them."""
    return rule in quoted or bool(leaks(rule, enumerate(quoted), (), RUN))
