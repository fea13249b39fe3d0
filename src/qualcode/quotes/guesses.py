"""Words with a capital that nothing but a name explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.quotes.found import Found
from qualcode.quotes.ordinary import EITHER, FUNCTION, NEVER, TIMES, is_within_sentence
from qualcode.quotes.patterns import NEXT, PARTICLE, is_acronym
from qualcode.quotes.words import folded, plain_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_WORD = re.compile(NEXT)
_SEVERAL = 4
_NEARLY_ALL = 0.8
_BETWEEN = re.compile(rf"(?:[ \t\u00a0]{{1,2}}|-){PARTICLE}{{0,2}}|\. (?<=St\. )")
_BEFORE = re.compile(rf"(?<!\w){PARTICLE}{{1,3}}\Z")
_AFTER = re.compile(r"-[^\W\d_]{2,20}+(?![\w-])")
_LONGEST_BEFORE = 20


def guesses(text: str, common: Collection[str] = ()) -> Iterator[Found]:
    """Words with a capital within a sentence that are no ordinary ones; side by side they are one.

    The first word of a sentence counts where the second has a capital too. A headline, with
    capitals everywhere, says nothing, and neither does a word that is all capitals.
    """
    places = [match.span() for match in _WORD.finditer(text)]
    if _is_headline(text, places):
        return
    for start, end in _side_by_side(text, places):
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


def _side_by_side(text: str, places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give the runs of capitals that begin with what may be a name, with their particles."""
    last: tuple[int, int] | None = None
    for start, end in places:
        if last and _BETWEEN.fullmatch(text, last[1], start) and not is_acronym(text[start:end]):
            last = last[0], end
            continue
        if last:
            yield _whole(text, *last)
        last = (start, end) if _may_be(text, (start, end)) else None
    if last:
        yield _whole(text, *last)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Give a name with the particles before it and the small second part of a double name."""
    before = _BEFORE.search(text, max(start - _LONGEST_BEFORE, 0), start)
    after = _AFTER.match(text, end)
    return before.start() if before else start, after.end() if after else end
