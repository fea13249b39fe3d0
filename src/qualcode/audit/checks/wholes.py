"""Shares in the text that are those of all values of one attribute, and so add to 100.

“26.4 % came from places of up to 25,000 people, 31.9 % from 25,001 to 100,000 and 41.7 % from
above” names each value once, right after its share or right before it, in a sentence, in
sentences that follow each other, or in a list. Shares of a group (“44.7 % of task forces”) and of
a theme are no parts of a whole, and sums far from 100 are not taken for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.audit.labels import Labels, is_telling
from qualcode.audit.names import Found, stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.audit.known import Known
    from qualcode.audit.mentions import Mention
    from qualcode.audit.passages import Sentence

_OF_GROUP = re.compile(
    r"[)\]]?\s(?:of|among|amongst|for|by|across|within)\s(?:(?:the|all|those|these)\s){0,2}"
    r"(?:[0-9,]+\s)?",
    re.IGNORECASE,
)
_GROUP_FIRST = re.compile(
    r"(?:\b(?:among|amongst|for|within|across|by|at)|(?:^|[,;:.]\s|\band\s|\bthan\s)of)\s"
    r"(?:(?:the|all|those|these)\s){0,2}$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_OF_WORD, _MOST_ENDING = 4, 3
_NEAR_WHOLE = (85, 115)


@dataclass(frozen=True, slots=True)
class _Share:
    """A share of the text with what stands between it and its neighbours in the sentence."""

    mention: Mention
    block: int
    before: str
    after: str


class _Values:
    """The values of an attribute, to be found in short: by a word that only one of them has."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values
        self._labels = Labels(values)
        every = [stem for value in values for stem in set(stems(value))]
        self._own = {
            stem: value
            for value in values
            for stem in stems(value)
            if every.count(stem) == 1 and len(stem) >= _LEAST_OF_WORD and not stem.isdigit()
        }

    def find(self, text: str) -> list[Found]:
        """The values in a text, in order."""
        if found := self._labels.find(text):
            return found
        words = ((match, stems(match[0])) for match in _WORD.finditer(text))
        return [
            Found(value, match.start(), match.end())
            for match, stem in words
            if stem and (value := self._value(stem[0]))
        ]

    def _value(self, word: str) -> str:
        return self._own.get(word) or next(
            (
                value
                for stem, value in self._own.items()
                if word.startswith(stem) and len(word) - len(stem) <= _MOST_ENDING
            ),
            "",
        )


def wholes(
    pairs: Iterable[tuple[Sentence, tuple[Mention, ...]]], known: Known
) -> Iterator[tuple[Mention, ...]]:
    """The shares that name all values of a closed set, each once."""
    runs = list(_runs(pairs))
    for values in known.closed:
        if len(values) < 2 or not all(is_telling(value) for value in values):  # noqa: PLR2004
            continue
        wanted = _Values(values)
        for run in runs:
            yield from _of_run(run, wanted)


def _of_run(run: Sequence[_Share], wanted: _Values) -> Iterator[tuple[Mention, ...]]:
    """Give the neighbouring shares of which each has another value after it, or before it."""
    size, at = len(wanted.values), 0
    sides = [[_value_after(share, wanted) for share in run]]
    sides.append([_value_before(share, wanted) for share in run])
    while at + size <= len(run):
        named = any(set(side[at : at + size]) == set(wanted.values) for side in sides)
        members = tuple(share.mention for share in run[at : at + size])
        if named and _are_of_one_base(members) and _is_near_whole(members):
            yield members
            at += size
        else:
            at += 1


def _value_after(share: _Share, wanted: _Values) -> str:
    found = next(iter(wanted.find(share.after)), None)
    if found is None or _OF_GROUP.fullmatch(share.after, 0, found.start):
        return ""
    return found.name


def _value_before(share: _Share, wanted: _Values) -> str:
    found = next(reversed(wanted.find(share.before)), None)
    if found is None or _GROUP_FIRST.search(share.before[: found.start]):
        return ""
    return found.name


def _runs(pairs: Iterable[tuple[Sentence, tuple[Mention, ...]]]) -> Iterator[list[_Share]]:
    """Give the shares that follow each other without a theme, a heading or a gap between them."""
    run: list[_Share] = []
    number, paragraph, is_about_theme = 0, None, False
    for sentence, mentions in pairs:
        if sentence.standing.paragraph is not paragraph:
            number, paragraph, is_about_theme = number + 1, sentence.standing.paragraph, False
        is_about_theme = bool(sentence.themes) or (is_about_theme and not sentence.stated.firm)
        shares = [] if is_about_theme else list(_shares(sentence, mentions, number))
        is_gap = bool(run and shares) and shares[0].block - run[-1].block > 1
        if is_about_theme or sentence.standing.paragraph.kind == "heading" or is_gap:
            yield run
            run = []
        run += shares
    yield run


def _shares(sentence: Sentence, mentions: Sequence[Mention], block: int) -> Iterator[_Share]:
    if len(mentions) != len(sentence.own):
        return
    for place, (own, mention) in enumerate(zip(sentence.own, mentions, strict=True)):
        if mention.percent is None or not mention.is_checked:
            continue
        since = sentence.own[place - 1].end if place else 0
        is_last = place + 1 == len(mentions)
        until = len(sentence.text) if is_last else sentence.own[place + 1].start
        before, after = sentence.text[since : own.start], sentence.text[own.end : until]
        yield _Share(mention, block, before, after)


def _are_of_one_base(members: Sequence[Mention]) -> bool:
    return len({one.n for one in members if one.n is not None}) < 2  # noqa: PLR2004


def _is_near_whole(members: Sequence[Mention]) -> bool:
    low, high = _NEAR_WHOLE
    return low <= sum(one.percent.value for one in members if one.percent) <= high
