"""Answers that nobody cleared and that can be read in a text all the same."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.quotes.words import is_unspaced, plain_words, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.quotes.words import Word

_MARKUP = re.compile(
    r"<!--[^<>]{0,500}-->|</?[A-Za-z][^<>]*+>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});"
)
_BLOCK = re.compile(r"<!--|</?(?:br|p|div|li|ul|ol|t[dhr]|table|h[1-6]|hr|dd|dt)\b", re.IGNORECASE)
_BROKEN = re.compile(r"(?<=\w)[-\u2010\u00ad]\r?\n[ \t>]*+(?=\w)")
_BRACKETED = re.compile(r"\[[^\[\]]{0,200}\]|\([^()]{0,200}\)")
_NOTHING = "\u200b"


@dataclass(frozen=True, slots=True)
class Leak:
    """Words of an answer that stand in the text: which answer, the words as printed, and where.

    `words` are on one line, with whatever stands between them; `at` is their first code point.
    """

    answer: int
    words: str
    at: int


def leaks(
    text: str, answers: Iterable[tuple[int, str]], allowed: Iterable[str], run: int = 6
) -> list[Leak]:
    """Every run of `run` and more consecutive words of an answer that `text` holds.

    `answers` are pairs of a number and a text; they are read once and not kept. Words are
    compared without case, accents, punctuation, markup and whatever is not seen, so a quote is
    found across lines and cells; words that a report hyphenates at a line end and what it puts in
    brackets are read both with and without. A character of a script without spaces
    (Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan) counts as half a word.

    Runs inside one of the `allowed` texts are no leaks. A quote that goes on beyond what is
    allowed is one, from the first run that is not allowed. One leak is given for each unbroken
    run and answer, in the order of the answers and then of the text.

    An answer shorter than `run` words cannot be found, and neither can a paraphrase.
    """
    if run < 1:
        raise ValueError("a run has at least one word")
    excused = {
        shingle
        for one in allowed
        for reading in _readings(one)
        for _, shingle in _shingles(plain_words(reading), run)
    }
    printed = [_Printed(reading, excused, run) for reading in _readings(text)]
    if not any(one.places for one in printed):
        return []
    found: list[Leak] = []
    for number, answer in answers:
        told = [plain_words(reading) for reading in _readings(answer)]
        runs = {span for one in printed for span in one.runs_of(told)}
        found += [
            Leak(number, " ".join(text[start:end].split()), start)
            for start, end in _outermost(runs)
        ]
    return found


class _Printed:
    """One reading of the text, with the places of the runs that must not be in an answer."""

    def __init__(self, text: str, excused: set[tuple[str, ...]], run: int) -> None:
        self._run = run
        self._words: list[Word] = list(words(text))
        self.places: dict[tuple[str, ...], list[int]] = {}
        for place, shingle in _shingles([word.text for word in self._words], run):
            if shingle not in excused:
                self.places.setdefault(shingle, []).append(place)

    def runs_of(self, told: Iterable[Sequence[str]]) -> Iterator[tuple[int, int]]:
        """Give the runs that stand in one of these readings of an answer, as offsets."""
        shared = {
            shingle
            for one in told
            for _, shingle in _shingles(one, self._run)
            if shingle in self.places
        }
        ends = {place: place + len(shingle) for shingle in shared for place in self.places[shingle]}
        first = -1
        for place in sorted(ends):
            if place - 1 not in ends:
                first = place
            if place + 1 not in ends:
                yield self._words[first].start, self._words[ends[place] - 1].end


def _shingles(told: Sequence[str], run: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give every shortest run that is as long as `run` words, with its place."""
    end = length = 0
    for start, word in enumerate(told):
        while length < 2 * run and end < len(told):
            length += _halves(told[end])
            end += 1
        if length < 2 * run:
            return
        yield start, tuple(told[start:end])
        length -= _halves(word)


def _halves(word: str) -> int:
    return 1 if is_unspaced(word) else 2


def _outermost(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give those that lie in no other, in order."""
    reached = -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > reached:
            yield start, end
            reached = end


def _readings(text: str) -> list[str]:
    """Give the ways to read a text, all of its length: as it is, without markup, and so on."""
    unmarked = _BROKEN.sub(_blank, _MARKUP.sub(_unmarked, text)) if _MAY_BE_READ(text) else text
    unbracketed = _BRACKETED.sub(lambda found: " " * len(found[0]), unmarked)
    return list(dict.fromkeys((text, unmarked, unbracketed)))


_MAY_BE_READ = re.compile(r"[<&\n]").search


def _blank(found: re.Match[str]) -> str:
    return _NOTHING * len(found[0])


def _unmarked(found: re.Match[str]) -> str:
    if found[0].startswith("&"):
        return html.unescape(found[0]).ljust(len(found[0]), _NOTHING)
    return " " * len(found[0]) if _BLOCK.match(found[0]) else _blank(found)
