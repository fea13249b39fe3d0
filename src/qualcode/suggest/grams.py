"""The pieces of a text that features are made of: words, pairs of words, parts of words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
"""Thai, Lao, Burmese, Khmer, Han and kana: scripts that put no space between words."""

UNSPACED = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]{{2,}}")
_PART_LENGTHS = (3, 4, 5)
LONGEST_CACHED = 40
"""What is cut from longer words is not remembered: they seldom come again and have many parts."""


def normalise(text: str) -> str:
    """`text` in lower case and without accents; the length may change."""
    text = text.lower()
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in apart if not unicodedata.combining(mark))


def placed(text: str) -> tuple[str, list[int]]:
    """`normalise` of a text in lower case, and from which place in it each character comes."""
    if text.isascii():
        return text, list(range(len(text)))
    found = [(mark, place) for place, each in enumerate(text) for mark in normalise(each)]
    return "".join(mark for mark, _ in found), [place for _, place in found]


def words(text: str) -> list[str]:
    """The words of a normalised text: two letters or digits and more, in order.

    Where a script puts no space between words, each of its characters is a word.
    """
    return _WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the `words` of a normalised text stand, half-open."""
    return [match.span() for match in _WORD.finditer(text)]


def word_grams(text: str) -> list[str]:
    """The words of a normalised text and its pairs of neighbouring words."""
    single = words(text)
    return single + [f"{a} {b}" for a, b in pairwise(single)]


def parts(word: str) -> tuple[str, ...]:
    """The runs of 3 to 5 characters of a word with a space at either end.

    What scikit-learn calls ``char_wb``: a word shorter than a run is one run, taken once.
    """
    padded = f" {word} "
    found: list[str] = []
    for length in _PART_LENGTHS:
        if len(padded) <= length:
            found.append(padded)
            break
        found += [padded[i : i + length] for i in range(len(padded) - length + 1)]
    return tuple(found)


_remembered_parts = lru_cache(maxsize=8_000)(parts)


def part_grams(text: str) -> list[str]:
    """The parts of all words (between white space) of a normalised text."""
    found: list[str] = []
    for word in text.split():
        found += parts(word) if len(word) > LONGEST_CACHED else _remembered_parts(word)
    return found
