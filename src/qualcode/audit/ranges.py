"""Ranges of numbers, such as “from 25,001 to 100,000”: they say of whom, and count nobody.

Texts are those of `words.plain`; offsets are half-open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from qualcode.audit.words import DIGITS, count_value, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_N = rf"(?<![0-9A-Za-z_.,·]){DIGITS}(?![.,·][0-9])"
_END = r"(?!\s?%|\s?/|\s(?:per\s?cent|(?:out\s)?of)\b|-?points?\b)"
_UNDER = (
    r"(?:\b(?:up to|under|below|less than|fewer than|smaller than|younger than|at most|"
    r"(?:no|not) more than|a maximum of)\s|[<≤]\s?)"
)
_OVER = (
    r"(?:\b(?:above|over|more than|greater than|larger than|older than|at least|no fewer than|"
    r"upwards? of|exceeding|beyond|a minimum of)\s|[>≥]\s?)"
)
_RANGE = re.compile(
    rf"(?:\bfrom\s)?(?P<low>{_N})(?:\s?-\s?|\s(?:up\s)?to\s|\sthrough\s)(?P<high>{_N}){_END}"
    rf"|\bbetween\s(?P<low2>{_N})\sand\s(?P<high2>{_N}){_END}"
    rf"|{_UNDER}(?P<high3>{_N}){_END}"
    rf"|{_OVER}(?P<low3>{_N}){_END}"
    rf"|(?P<low4>{_N})(?:\s?\+|\s(?:or|and)\s(?:more|over|above|older|larger|greater|up)\b(?!\sthan))"
    rf"|(?P<high4>{_N})\sor\s(?:less|fewer|under|below|smaller|younger)\b(?!\sthan)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 2
_TELLING = 1_000


class Range(NamedTuple):
    """Numbers from `low` to `high`; an open end is None."""

    low: int | None
    high: int | None

    def is_like(self, other: Range) -> bool:
        """Whether both are the same, but for whether the ends belong to them."""
        return _is_near(self.low, other.low) and _is_near(self.high, other.high)

    @property
    def is_telling(self) -> bool:
        """Whether it can stand for a group by itself: “more than 20” is said of many things."""
        return None not in self or max(self.low or 0, self.high or 0) >= _TELLING


class Span(NamedTuple):
    """A range in a text, from `start` to `end`."""

    start: int
    end: int
    range: Range


def ranges(text: str) -> Iterator[Span]:
    """The ranges of whole numbers in a text; shares in percent are none."""
    for match in _RANGE.finditer(text):
        ends = {name.rstrip("234"): n for name, n in match.groupdict().items() if n}
        low, high = (count_value(ends[name]) if name in ends else None for name in ("low", "high"))
        if low is None or high is None or low < high:
            yield Span(match.start(), match.end(), Range(low, high))


def range_of(label: str) -> Range | None:
    """The range that a label is, alone or with a unit: “25,001 to 100,000 people”."""
    label = plain(label).strip()
    found = list(ranges(label))
    if len(found) != 1:
        return None
    rest = label[: found[0].start] + label[found[0].end :]
    is_bare = len(_WORDS.findall(rest)) <= _MOST_WORDS and not re.search("[0-9]", rest)
    return found[0].range if is_bare else None


def without_digits(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with letters for the numbers in `spans`; the length does not change."""
    for start, end in spans:
        blank = re.sub(r"[0-9](?:[0-9,.'\u00a0]*[0-9])?", _letters, text[start:end])
        text = text[:start] + blank + text[end:]
    return text


def _letters(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _is_near(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1
