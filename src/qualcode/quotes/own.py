"""The values of a study's own columns in its answers: whole, and the names that are in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.quotes.found import Found
from qualcode.quotes.ordinary import EITHER, NEVER, PARTICLES, is_within_sentence
from qualcode.quotes.words import is_unspaced, plain_words, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_LONGEST = 12
_LEAST = 3
_LEAST_DIGITS = 5
_DIGITS_OF_A_PHONE = 7
_WORDS_OF_AN_ID = 2
_BETWEEN = re.compile(r"[ \t\u00a0]{1,2}|[-‐]")


class OwnValues:
    """Looks for all values at once: each run of words is asked for in one dictionary.

    Each word of three letters and more of a name or before the @ of an address is looked for by
    itself, and so are double names and those with particles; a word that is ordinary or in
    `common` counts only with a capital within a sentence. Values of digits alone count from five
    digits on, because fewer are in every answer as counts and years.
    """

    def __init__(self, own: Mapping[str, Iterable[str]], common: Collection[str] = ()) -> None:
        self._columns = tuple(own)
        self._common = frozenset(common)
        self._entries: dict[str, tuple[int, str]] = {}
        self._lengths: dict[str, int] = {}
        for place, column in enumerate(self._columns):
            for value in own[column]:
                self._add_value(place, value)

    def find(self, text: str) -> Iterator[Found]:
        """The values in `text`, in order; names side by side are one."""
        last: Found | None = None
        for one in self._each(text):
            if last and _are_one(text, last, one):
                last = Found(last.start, one.end, last.kind, last.by)
                continue
            if last:
                yield last
            last = one
        if last:
            yield last

    def _each(self, text: str) -> Iterator[Found]:
        if not self._entries:
            return
        here = list(words(text))
        told = [_stem(text, word.text, word.start, word.end) for word in here]
        at = 0
        while at < len(here):
            length = self._longest(text, told, here[at].start, at)
            if not length:
                at += 1
                continue
            last = here[at + length - 1]
            column, kind = self._entries[" ".join(told[at : at + length])]
            cut = len(last.text) - len(told[at + length - 1])
            end = last.end - 2 if cut else last.end
            yield Found(here[at].start, end, kind, f"column {self._columns[column]}")
            at += length

    def _longest(self, text: str, told: Sequence[str], start: int, at: int) -> int:
        """Give how many words from here on are a value, the most that are."""
        lengths = self._lengths.get(told[at], 0)
        for length in range(min(_LONGEST, len(told) - at), 0, -1):
            is_one = lengths >> length & 1 and " ".join(told[at : at + length]) in self._entries
            if is_one and (length > 1 or self._is_sure(text, told[at], start)):
                return length
        return 0

    def _is_sure(self, text: str, word: str, start: int) -> bool:
        if word not in EITHER and word not in self._common:
            return True
        is_title = text[start].isupper() and text[start + 1 : start + 2].islower()
        return is_title and is_within_sentence(text, start)

    def _add_value(self, place: int, value: str) -> None:
        told = plain_words(value)
        kind = _kind(value, told)
        if _is_long_enough(told):
            self._add(told[:_LONGEST], place, kind)
        if kind not in {"name", "mail"}:
            return
        before, comma, after = value.partition(",")
        if comma and kind == "name":
            self._add((plain_words(after) + plain_words(before))[:_LONGEST], place, kind)
        for part in value.split():
            if len(double := plain_words(part)) > 1 and kind == "name":
                self._add(double[:_LONGEST], place, kind)
        for at, word in enumerate(told[:-1]):
            if word in PARTICLES and kind == "name":
                self._add(told[at : at + _LONGEST], place, kind)
        for word in plain_words(value.partition("@")[0]):
            if len(word) >= _LEAST and word.isalpha() and word not in NEVER:
                self._add([word], place, "name")

    def _add(self, told: Sequence[str], place: int, kind: str) -> None:
        if not told or (len(told) == 1 and told[0] in NEVER):
            return
        self._entries.setdefault(" ".join(told), (place, kind))
        self._lengths[told[0]] = self._lengths.get(told[0], 0) | 1 << len(told)


def _kind(value: str, told: Sequence[str]) -> str:
    if "@" in value.strip("@ "):
        return "mail"
    if not any(mark.isdigit() for mark in value):
        return "name"
    if sum(mark.isdigit() for mark in value) >= _DIGITS_OF_A_PHONE and not any(
        mark.isalpha() for mark in value
    ):
        return "phone" if len(told) > 1 or value.startswith("+") else "id"
    return "id" if len(told) <= _WORDS_OF_AN_ID else "address"


def _is_long_enough(told: Sequence[str]) -> bool:
    joined = "".join(told)
    if joined.isdecimal():
        return len(joined) >= _LEAST_DIGITS
    return len(joined) >= _LEAST or (len(joined) > 1 and all(map(is_unspaced, told)))


def _stem(text: str, word: str, start: int, end: int) -> str:
    """Give the word without the s of a possessive."""
    return word[:-1] if end - start > _LEAST and text[end - 2 : end] in {"'s", "’s"} else word


def _are_one(text: str, first: Found, second: Found) -> bool:
    return (
        first.kind == second.kind == "name"
        and first.by == second.by
        and _BETWEEN.fullmatch(text, first.end, second.start) is not None
    )
