"""What in an answer could name somebody: a scan with three sources.

The study's own columns, the built-in and the study's own patterns, and a pipeline if there is one.
It helps a person to look; it does not make a text anonymous.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from typing import TYPE_CHECKING, TypeAlias

from qualcode.errors import InputError
from qualcode.quotes.found import Found
from qualcode.quotes.guesses import guesses
from qualcode.quotes.own import OwnValues
from qualcode.quotes.patterns import PATTERNS, Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    Entities: TypeAlias = Callable[[str], Iterable[tuple[int, int, str]]]

_LABELS = {
    "PERSON": "name",
    "PER": "name",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
}


class Scanner:
    """Scans texts; made once by `scanner`."""

    def __init__(
        self,
        own: OwnValues,
        patterns: Sequence[Pattern],
        pipeline: Entities | None,
        common: Collection[str],
        *,
        guess: bool,
    ) -> None:
        self._own = own
        self._patterns = tuple(patterns)
        self._pipeline = pipeline
        self._common = frozenset(common)
        self._guess = guess

    def scan(self, text: str) -> tuple[Found, ...]:
        """All that could name somebody in `text`, in order and without overlaps.

        Where finds overlap the longest is given whole and of the others what sticks out: what any
        source found is covered.
        """
        return tuple(_apart(text, self._all(text)))

    def _all(self, text: str) -> Iterator[Found]:
        yield from self._own.find(text)
        for pattern in self._patterns:
            yield from pattern.find(text)
        if self._pipeline:
            yield from _entities(self._pipeline, text)
        if self._guess:
            yield from guesses(text, self._common)


def scanner(
    own: Mapping[str, Iterable[str]],
    patterns: Mapping[str, str] | None = None,
    pipeline: Entities | None = None,
    *,
    common: Collection[str] = (),
    guess: bool = True,
) -> Scanner:
    """Make a scanner.

    `own` are the values of the study's own columns, by column; `patterns` are regular expressions
    by what they find; `pipeline` gives start, end and label of entities. Words in `common` (see
    `common_words`) are ordinary in this study. Without `guess` words with a capital are not
    asked about: in German every noun has one.

    Raises `InputError` for a pattern that is no regular expression or that matches nothing at all.
    """
    theirs = [_checked(name, expression) for name, expression in (patterns or {}).items()]
    own_values = OwnValues(own, common)
    return Scanner(own_values, [*theirs, *PATTERNS], pipeline, common, guess=guess)


def _checked(name: str, expression: str) -> Pattern:
    try:
        compiled = re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(f"the pattern “{name}” is no regular expression: {error}") from error
    if compiled.search("") or "found" in compiled.groupindex:
        raise InputError(f"the pattern “{name}” matches where nothing is")
    return Pattern(name, name, compiled)


def _entities(pipeline: Entities, text: str) -> Iterator[Found]:
    by = getattr(pipeline, "name", "pipeline")
    for start, end, label in pipeline(text):
        if label in _LABELS and 0 <= start < end <= len(text):
            yield Found(start, end, _LABELS[label], by)


def _apart(text: str, found: Iterable[Found]) -> list[Found]:
    """Take the longest first, of the others what they add; equals as they came, guesses last.

    A guess that covers a find that is none is as sure as that one.
    """
    taken: list[tuple[int, int]] = []
    kept: dict[tuple[int, int], Found] = {}
    for one in sorted(found, key=lambda one: (one.start - one.end, one.is_guess)):
        free = list(_free(text, one, taken))
        for span in free:
            insort(taken, span)
            kept[span] = Found(*span, one.kind, one.by)
        if not free and not one.is_guess:
            holder = taken[bisect_right(taken, (one.start, len(text))) - 1]
            if kept[holder].is_guess:
                kept[holder] = Found(*holder, one.kind, one.by)
    return [kept[span] for span in taken]


def _free(text: str, one: Found, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give a find whole, or the parts that nothing took and that hold a letter or a digit."""
    place = max(bisect_right(taken, (one.start, one.start)) - 1, 0)
    at, cut = one.start, False
    while place < len(taken) and taken[place][0] < one.end:
        start, end = taken[place]
        place += 1
        if end <= at:
            continue
        cut = True
        yield from _worth(text, at, start)
        at = end
    if cut:
        yield from _worth(text, at, one.end)
    else:
        yield one.start, one.end


def _worth(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    inside = [at for at in range(start, end) if text[at].isalnum()]
    if inside:
        yield inside[0], inside[-1] + 1
