"""Words with a capital that nothing but a name explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.quotes.found import Found
from qualcode.quotes.ordinary import EITHER, FUNCTION, NEVER, TIMES, is_within_sentence
from qualcode.quotes.patterns import NEXT, is_acronym
from qualcode.quotes.words import folded, plain_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_WORD = re.compile(NEXT)
_SEVERAL = 4
_NEARLY_ALL = 0.8
_BETWEEN = re.compile(r"[ \t\u00a0]{1,2}|-")


def guesses(text: str, common: Collection[str] = ()) -> Iterator[Found]:
    """Words with a capital within a sentence that are no ordinary ones; side by side they are one.

    The first word of a sentence counts where the second has a capital too. A headline, with
    capitals everywhere, says nothing, and neither does a word that is all capitals.
    """
    places = [match.span() for match in _WORD.finditer(text)]
    if _is_headline(text, places):
        return
    for start, end in _side_by_side(text, [one for one in places if _may_be(text, one)]):
        name = text[start:end]
        if plain_words(name)[1:]:
            yield Found(start, end, "name?", "pattern capitals")
        elif is_within_sentence(text, start) and not _is_usual(name, common):
            yield Found(start, end, "name?", "pattern capital")


def _is_headline(text: str, places: list[tuple[int, int]]) -> bool:
    """Whether words have capitals that are no names: small words do, or nearly all."""
    if len(places) < _SEVERAL:
        return False
    small = sum(
        end - start > 1 and folded(text[start:end]) in FUNCTION and is_within_sentence(text, start)
        for start, end in places
    )
    return small > 1 or len(places) > _NEARLY_ALL * len(text.split())


def _may_be(text: str, span: tuple[int, int]) -> bool:
    word = text[slice(*span)]
    plain = folded(word).replace("'", "")
    if len(plain) == 1 or is_acronym(word) or plain in NEVER:
        return False
    return is_within_sentence(text, span[0]) or plain not in EITHER


def _is_usual(name: str, common: Collection[str]) -> bool:
    plain = folded(name).replace("'", "")
    return plain in TIMES or plain in common


def _side_by_side(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last: tuple[int, int] | None = None
    for start, end in spans:
        if last and _BETWEEN.fullmatch(text, last[1], start):
            last = last[0], end
            continue
        if last:
            yield last
        last = start, end
    if last:
        yield last
