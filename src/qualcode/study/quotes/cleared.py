"""What all people together say of an answer as a quote.

An answer is cleared where somebody cleared it and nobody withholds it. What any of those who looked
at it replaced stays replaced; where replacements meet, the whole of them becomes an ellipsis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.quotes import Replacement, redacted
from qualcode.quotes.redaction import ELLIPSIS
from qualcode.store import quotes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.store.quotes import Said, State, Text


_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Together:
    """The state of an answer, what is replaced in it, and who said so."""

    state: State = "open"
    replacements: tuple[Replacement, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleared:
    """A quote as it may be printed, and the whole answer that it was made of.

    `label` names it without naming who said it: the first digits of the answer's global id.
    """

    response_id: int
    label: str
    respondent: str
    attributes: dict[str, str]
    answer: str
    printed: str
    replacements: tuple[Replacement, ...]
    people: tuple[str, ...]


def together(said: Iterable[Said]) -> Together:
    """What the words of several people on one answer come to."""
    words = [one for one in said if one.clearing.state != "open" or one.clearing.replaced]
    states = {one.clearing.state for one in words}
    state: State = (
        "withheld" if "withheld" in states else "cleared" if "cleared" in states else "open"
    )
    replaced = sorted(
        {Replacement(*part) for one in words for part in one.clearing.replaced}, key=_at
    )
    return Together(state, tuple(_merged(replaced)), tuple(one.person for one in words))


def _at(one: Replacement) -> tuple[int, int, str]:
    return one.start, one.end, one.text


def _merged(replaced: list[Replacement]) -> list[Replacement]:
    merged: list[Replacement] = []
    for one in replaced:
        if merged and one.start < merged[-1].end:
            merged[-1] = Replacement(merged[-1].start, max(one.end, merged[-1].end), ELLIPSIS)
        else:
            merged.append(one)
    return merged


def all_together(database: Database, question: Question) -> dict[int, Together]:
    """What was said of the answers to a question as they stand, in the order of the file."""
    said: dict[int, list[Said]] = {}
    for one in quotes.all_of(database, question.id):
        said.setdefault(one.response_id, []).append(one)
    return {answer: together(words) for answer, words in said.items()}


def cleared(database: Database, question: Question) -> dict[int, Cleared]:
    """The quotes of a question that may leave the study, by answer, in the order of the file."""
    agreed = {
        answer: found
        for answer, found in all_together(database, question).items()
        if found.state == "cleared"
    }
    return {
        text.response_id: _as_printed(text, agreed[text.response_id])
        for text in quotes.texts(database, list(agreed))
    }


def _as_printed(text: Text, found: Together) -> Cleared:
    return Cleared(
        text.response_id,
        text.uid[:_DIGITS],
        text.respondent,
        text.attributes,
        text.text,
        redacted(text.text, found.replacements),
        found.replacements,
        found.people,
    )
