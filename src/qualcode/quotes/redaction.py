"""Parts of an answer replaced by bracketed words, and a log that does not say what was there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.quotes.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.quotes.found import Found

ELLIPSIS = "[…]"
"""What stands for words that are left out."""
_BRACKETED = re.compile(r"\[[^\[\]\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]{1,80}\]")
_LEAST_LETTERS = 3
_USUAL = {"mail": "e-mail"}


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands for the code points from `start` to `end`: words in square brackets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A line of the redaction log: where, what stands there now, and how much was taken away."""

    start: int
    end: int
    replacement: str
    length: int


def redacted(text: str, replacements: Iterable[Replacement]) -> str:
    """`text` with the replacements made, verbatim everywhere else.

    Raises `InputError` for a replacement outside the text, one that overlaps another or replaces
    nothing, one that is not words in square brackets on one line, and one that says what it hides.
    """
    parts: list[str] = []
    at = 0
    for one in _checked(text, replacements):
        parts += (text[at : one.start], one.text)
        at = one.end
    return "".join((*parts, text[at:]))


def log_of(text: str, replacements: Iterable[Replacement]) -> tuple[Removal, ...]:
    """The log of what `redacted` does, in the order of the text, without the words removed."""
    return tuple(
        Removal(one.start, one.end, one.text, one.end - one.start)
        for one in _checked(text, replacements)
    )


def suggested(found: Found) -> str:
    """The replacement for what a scan found: ``[name]``, ``[e-mail]``, ``[place]``."""
    kind = " ".join(re.sub(r"[\[\]?]", " ", found.kind).split())
    replacement = f"[{_USUAL.get(kind, kind)}]"
    return replacement if _BRACKETED.fullmatch(replacement) else ELLIPSIS


def as_text(replacements: Iterable[Replacement]) -> str:
    """The replacements as one line of JSON, from which `from_text` makes them again."""
    rows = [[one.start, one.end, one.text] for one in replacements]
    return json.dumps(rows, separators=(",", ":"))


def from_text(text: str) -> tuple[Replacement, ...]:
    """The replacements that `as_text` wrote. Raises `InputError` for anything else."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError("the replacements are no JSON") from error
    if not isinstance(rows, list):
        raise InputError("the replacements are no list")
    return tuple(_replacement(row) for row in rows)


def _replacement(row: object) -> Replacement:
    match row:
        case [int(start), int(end), str(text)] if not {type(start), type(end)} & {bool}:
            return Replacement(start, end, text)
    raise InputError("a replacement is a start, an end and a text")


def _checked(text: str, replacements: Iterable[Replacement]) -> list[Replacement]:
    """Give the replacements in the order of the text."""
    ordered = sorted(replacements, key=lambda one: (one.start, one.end))
    reached = 0
    for one in ordered:
        place = f"the replacement from {one.start} to {one.end}"
        if not 0 <= one.start <= one.end <= len(text):
            raise InputError(f"{place} is not inside the text of {len(text)} characters")
        if one.start == one.end:
            raise InputError(f"{place} replaces nothing")
        if one.start < reached:
            raise InputError(f"{place} overlaps the one before it")
        if not _BRACKETED.fullmatch(one.text) or not one.text[1:-1].strip():
            raise InputError(
                f"{place} is not words in square brackets on one line",
                hint="for example [county] or […]",
            )
        if _says(one.text, text[one.start : one.end]):
            raise InputError(f"{place} says what it hides")
        reached = one.end
    return ordered


def _says(replacement: str, removed: str) -> bool:
    hidden = plain_words(removed)
    is_name = sum(map(len, hidden)) >= _LEAST_LETTERS
    return is_name and set(hidden) <= set(plain_words(replacement))
