"""Exemplars of a theme that show its range: different groups, lengths and coders."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.quotes.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Length: TypeAlias = Literal["short", "middle", "long", ""]

_ALIKE = 0.8
_BY_LENGTH = 0.75
_BY_CODER = 0.5
_BY_AGREEMENT = 0.5
_BY_FOCUS = 0.5
_MOST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that has the theme.

    `groups` are the respondent's values by attribute, `coders` those who put the theme on the
    answer, and `codes` is how many other codes are on it.
    """

    id: int
    respondent: str
    text: str
    groups: Mapping[str, str]
    coders: frozenset[str]
    codes: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate that was chosen, and why, in words for people."""

    candidate: Candidate
    reasons: tuple[str, ...]


def choose(candidates: Iterable[Candidate], count: int) -> tuple[Choice, ...]:
    """Choose up to `count` answers that show the range of a theme, the most telling first.

    Each is the one that adds most to those before it: groups, a length (thirds of the theme's own
    answers) and coders that were not shown yet; then answers that more coders agreed on and that
    have fewer other codes. No respondent comes twice while others are left, and answers with
    nearly the same words never come twice. The order of the candidates does not matter.
    """
    theme = _Theme(sorted(candidates, key=lambda one: (one.id, one.respondent, one.text)))
    shown = _Shown()
    left = list(theme.candidates)
    chosen: list[Choice] = []
    while left and len(chosen) < count:
        left = [one for one in left if not shown.has_words(theme.words(one))]
        if not left:
            break
        fresh = [one for one in left if one.respondent not in shown.respondents] or left
        best = max(fresh, key=lambda one: (_gain(one, theme, shown), -one.id))
        chosen.append(Choice(best, tuple(_reasons(best, theme, shown))))
        shown.add(best, theme)
    return tuple(chosen)


def is_one_voice(candidates: Iterable[Candidate]) -> bool:
    """Whether all that is said of a theme is said by one respondent."""
    return len({one.respondent for one in candidates}) == 1


class _Theme:
    """What all the candidates have in common: their lengths, and how many speak for a group."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.most_coders = max((len(one.coders) for one in candidates), default=0) or 1
        told = {id(one): plain_words(one.text) for one in candidates}
        self._counts = {key: len(words) for key, words in told.items()}
        self._words = {
            id(one): frozenset(told[id(one)]) or frozenset({one.text.strip()}) for one in candidates
        }
        lengths = sorted(self._length(one) for one in candidates)
        self._short = lengths[(len(lengths) - 1) // 3] if lengths else 0
        self._long = lengths[2 * len(lengths) // 3] if lengths else 0

    @cached_property
    def voices(self) -> Counter[tuple[str, str]]:
        """How many respondents each group has here."""
        return Counter(
            {(one.respondent, *group): group for one in self.candidates for group in _groups(one)}
            .values()
        )  # fmt: skip

    def words(self, one: Candidate) -> frozenset[str]:
        """Give the different words of an answer, its text if it has none."""
        return self._words[id(one)]

    def length(self, one: Candidate) -> Length:
        """Say how long an answer is among the others, nothing where all are alike."""
        if self._short == self._long:
            return ""
        length = self._length(one)
        return "short" if length <= self._short else "long" if length >= self._long else "middle"

    def _length(self, one: Candidate) -> int:
        return self._counts[id(one)]


@dataclass
class _Shown:
    """What the answers chosen so far show, and how often."""

    groups: Counter[tuple[str, str]] = field(default_factory=Counter)
    lengths: Counter[Length] = field(default_factory=Counter)
    coders: Counter[str] = field(default_factory=Counter)
    respondents: set[str] = field(default_factory=set)
    last: frozenset[str] = frozenset()

    def add(self, one: Candidate, theme: _Theme) -> None:
        self.groups.update(_groups(one))
        self.lengths[theme.length(one)] += 1
        self.coders.update(one.coders)
        self.respondents.add(one.respondent)
        self.last = theme.words(one)

    def has_words(self, told: frozenset[str]) -> bool:
        """Say whether the last answer has nearly these words; those before it were asked before."""
        shared = len(self.last & told)
        return bool(self.last) and shared >= _ALIKE * (len(self.last) + len(told) - shared)


def _gain(one: Candidate, theme: _Theme, shown: _Shown) -> float:
    groups = [1 / (1 + shown.groups[group]) for group in _groups(one)]
    coders = [1 / (1 + shown.coders[coder]) for coder in one.coders]
    return (
        (sum(sorted(groups)) / len(groups) if groups else 0)
        + _BY_LENGTH / (1 + shown.lengths[theme.length(one)])
        + _BY_CODER * max(coders, default=0)
        + _BY_AGREEMENT * len(one.coders) / theme.most_coders
        + _BY_FOCUS / (1 + one.codes)
    )


def _reasons(one: Candidate, theme: _Theme, shown: _Shown) -> list[str]:
    new = [group for group in _groups(one) if group not in shown.groups]
    only = [group for group in new if theme.voices[group] == 1 and len(theme.voices) > 1]
    several = [group for group in new if theme.voices[group] > 1]
    told = [f"the only one with {name}: {value}" for name, value in only[:_MOST_GROUPS]]
    if shown.respondents:
        told += [
            f"the first with {name}: {value}" for name, value in several[: _MOST_GROUPS - len(told)]
        ]
    if length := theme.length(one):
        told.append(length)
    if len(one.coders) > 1:
        told.append(f"coded by {len(one.coders)} coders")
    elif shown.respondents and not any(coder in shown.coders for coder in one.coders):
        told += [f"coded by {coder}, who coded none of the others" for coder in one.coders]
    if not one.codes:
        told.append("about nothing else")
    if one.respondent in shown.respondents:
        told.append("another answer of a respondent who is quoted already")
    return told


def _groups(one: Candidate) -> list[tuple[str, str]]:
    return [(name, value) for name, value in sorted(one.groups.items()) if value.strip()]
