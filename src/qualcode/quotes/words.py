"""Words that can be compared: letters and digits without case, accents and what is not seen.

Compatible forms are one (NFKD), marks, raised figures, soft hyphens and zero-width characters
are nothing, and an apostrophe or a bracket between two letters is part of the word: ``don’t``,
``[T]he``, ``officer(s)``. Each character of a script without spaces is a word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPTS = "\u0e01-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_UNSPACED = f"[{_SCRIPTS}\uf900-\ufaff\U00020000-\U0003ffff]"
_SPACED = f"(?:(?!{_UNSPACED})[^\\W_])+"
_WORD = re.compile(f"{_UNSPACED}|{_SPACED}")
_JOINED_WORD = re.compile(rf"{_UNSPACED}|{_SPACED}(?:['\[\]()]{_SPACED})*")
_JOINER = re.compile(r"(?<=[^\W_])['\[\]()](?=[^\W_])")
_IS_UNSPACED = re.compile(_UNSPACED)
_APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in the text as given."""

    text: str
    start: int
    end: int


class _Folds(dict[int, str]):
    """What each code point is compared as, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        self[point] = found = _fold(chr(point))
        return found


def _fold(mark: str) -> str:
    if mark in _APOSTROPHES:
        return "'"
    if unicodedata.decomposition(mark).startswith("<super>"):
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", mark).casefold())
    return "".join(one for one in plain if unicodedata.category(one) not in _UNSEEN)


_UNSEEN = frozenset({"Mn", "Mc", "Me", "Cf"})
_FOLDS = _Folds()


def folded(text: str) -> str:
    """`text` without case, accents and what is not seen."""
    return text.lower() if text.isascii() and "`" not in text else text.translate(_FOLDS)


def plain_words(text: str) -> list[str]:
    """The words of a text in their order."""
    return _WORD.findall(_JOINER.sub("", folded(text)))


def words(text: str) -> Iterator[Word]:
    """The words of a text with their places, in order; the marks after a word belong to it."""
    plain = folded(text)
    if len(plain) == len(text) and text.isascii():
        places: range | list[int] = range(len(text))
    else:
        places = [at for at, mark in enumerate(text) for _ in _FOLDS[ord(mark)]]
    for match in _JOINED_WORD.finditer(plain):
        end = places[match.end() - 1] + 1
        while end < len(text) and not _FOLDS[ord(text[end])]:
            end += 1
        yield Word(_JOINER.sub("", match[0]), places[match.start()], end)


def is_unspaced(word: str) -> bool:
    """Whether a word is one character of a script that puts no space between words."""
    return word >= "\u0e01" and _IS_UNSPACED.match(word) is not None
