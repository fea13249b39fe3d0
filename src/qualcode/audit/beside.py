"""The count and the base that stand beside a percentage, and the bases that a text states.

“38 of 144 (26.4 %)”, “26.4 % (n = 38)”, “(38; 26.4 %)”, “of the 144 asked, 26.4 %” and their
kin. Texts are those of `words.plain`, sentence by sentence; offsets are half-open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.audit.words import COUNT, DID, NO_NOUNS, PEOPLE, UNITS, VERBS, count_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.audit.percents import Hit

_THE = r"(?:(?:the|all|these|those|our|its|their|a total of|which)\s){0,3}"
_OF = rf"\s?(?:/|out of|of|from)\s?{_THE}"
_WORD = r"(?:\s[A-Za-z][\w'-]*)"
_EQUALS = r"\s?=\s?"


def _count(name: str) -> str:
    return f"(?P<{name}>{COUNT})"


_BEFORE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 53 of the 144 respondents asked (36.8 %; 53/144, 36.8 %
        rf"{_count('k')}(?:{_OF}|{_WORD}{{1,3}}\s(?:out of|of)\s{_THE})(?:[a-z-]+\s)?"
        rf"{_count('n')}{_WORD}{{0,8}}\s?"
        rf"(?:[(\[,;:=-]\s?|,?\s(?:or|i\.e\.,?|that is,?|equals|is|are|were|was)\s){{0,2}}$",
        # k = 53, n = 144; 36.8 %
        rf"\bk{_EQUALS}{_count('k')}\s?[,;]\s?n{_EQUALS}{_count('n')}\s?[)\],;:]?\s?[(\[]?\s?$",
        # (n = 53; 36.8 %
        rf"\b(?P<letter>[nNk]){_EQUALS}{_count('x')}\s?[)\],;:]?\s?[(\[]?\s?$",
        # (53; 36.8 %
        rf"[(\[]\s?{_count('k')}\s?[,;]\s?$",
        # 53 (36.8 %; 53 respondents (36.8 %; 53, or 36.8 %
        rf"{_count('k')}(?P<words>{_WORD}{{0,4}})\s?(?:[(\[]\s?|,\s(?:or|i\.e\.,?|that is,?)\s)$",
    )
)
_AFTER = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 36.8 % (k = 53, n = 144)
        rf"[(\[,;\s]{{0,3}}k{_EQUALS}{_count('k')}\s?[,;]\s?n{_EQUALS}{_count('n')}\b",
        # 36.8 % (n = 53 of 144); 36.8 % (n = 53/144)
        rf"[(\[,;\s]{{0,3}}[nk]{_EQUALS}{_count('k')}{_OF}{_count('n')}",
        # 36.8 % (n = 53)
        rf"[(\[,;:\s]{{0,3}}(?P<letter>[nNk]){_EQUALS}{_count('x')}",
        # 36.8 % (53/144); 36.8 %, 53 of the 144
        rf"\s?[(\[,;:]\s?(?:or\s)?{_count('k')}{_OF}(?:[a-z-]+\s)?{_count('n')}",
        # 36.8 % (53), 36.8 % (53 respondents)
        rf"\s?[(\[]\s?{_count('k')}(?P<words>{_WORD}{{0,3}})\s?(?=[)\],;])",
        # 36.8 % of the 144 asked
        rf"\s?[)\]]?\s(?:of|among|from)\s{_THE}(?:[a-z-]+\s)?{_count('n')}(?!\s?%)",
    )
)
_LATER = re.compile(
    rf"\(\s?(?:(?:[nk]{_EQUALS})?{_count('k')}{_OF}{_count('n')}|"
    rf"(?P<letter>[nNk]){_EQUALS}{_count('x')}|{_count('alone')}\s?\))",
    re.IGNORECASE,
)

_NOT_COUNTED = re.compile(
    r"(?:\b(?:to|than|over|under|above|below|least|most|from|aged?|top|per|in|since|by|until|"
    r"during|table|tab\.?|figure|fig\.?|section|question|item|wave|phase|study|grade|level|version|"
    r"appendix|chapter|page|p\.|part|step|model|reference|type|group|between|first|last|nearly)"
    r"\s|[-<>≤≥±$#=§]\s?)$",
    re.IGNORECASE,
)
_NAMED_BY = re.compile(rf"\b{VERBS}\sby\s(?:only\s|just\s)?$", re.IGNORECASE)
_UNIT = re.compile(rf"\s(?:{UNITS})\b", re.IGNORECASE)
_NO_COUNT_AFTER = re.compile(rf"\s(?:{UNITS}|{NO_NOUNS})\b", re.IGNORECASE)
_PEOPLE_THERE = re.compile(
    rf"\b(?:{PEOPLE}|{DID}|{VERBS}|of them|did|had|were|was)\b", re.IGNORECASE
)
_STATED = re.compile(
    rf"\b(?:n{_EQUALS}|base(?:\sof|\sis|\swas|:|\s=)?\s(?:all\s|the\s){{0,2}}){_count('n1')}"
    rf"|\b(?P<in>of|among|amongst|from|across|by|for)\s(?P<the>{_THE})(?:[a-z-]+\s)?{_count('n2')}"
    rf"(?P<after>(?:\s[a-z][\w'-]*){{1,4}}|(?=\s?(?:[,.;)]|$)))"
    rf"|{_count('n3')}\s(?:[a-z-]+\s){{0,2}}(?:(?:{PEOPLE})\b|(?:were\s|was\s)?{DID}\b)",
    re.IGNORECASE,
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_ANAPHORA = re.compile(
    r"\b(?:of|among)\s(?:these|those|them|whom|which|this group)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a percentage; `either` is an “n = 53” that may be count or base.

    `start` and `end` reach over all of it and the percentage. A count that is only near and may
    be about something else is not `is_sure`.
    """

    start: int
    end: int
    k: int | None = None
    n: int | None = None
    either: int | None = None
    is_sure: bool = True


@dataclass(slots=True)
class Stated:
    """The bases that a sentence states: `firm` in so many words, `loose` as numbers of people.

    `refers_back` says that it speaks “of these”.
    """

    firm: list[int] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    refers_back: bool = False


def beside(text: str, hits: Sequence[Hit]) -> list[Beside]:
    """For each of the `hits` of a sentence the count and the base that are its own."""
    edges = [Beside(hit.start, max(hit.end, hit.reach)) for hit in hits]
    if not hits:
        return edges
    before_first = _before(text, 0, edges[0].start)
    orders = (_take_before, _take_after) if before_first else (_take_after, _take_before)
    for take in orders:
        for place in range(len(edges)):
            take(text, edges, place)
    for place in range(len(edges)):
        _take_later(text, edges, place)
    return edges


def stated(text: str, taken: Sequence[Beside] = ()) -> Stated:
    """The bases that a sentence states outside what is `taken` as a percentage's own."""
    found = Stated(refers_back=_ANAPHORA.search(text) is not None)
    for match in _STATED.finditer(text):
        name = next(name for name in ("n1", "n2", "n3") if match[name])
        start = match.start(name)
        if name != "n3" and any(own.start <= start < own.end for own in taken):
            continue
        before = text[max(0, start - 12) : start]
        if (name == "n2" and not _is_base(text, match)) or (
            name == "n3" and _NOT_COUNTED.search(before)
        ):
            continue
        (found.loose if name == "n3" else found.firm).append(count_value(match[name]))
    found.firm += [own.n for own in taken if own.n is not None and own.n not in found.firm]
    return found


def _is_base(text: str, match: re.Match[str]) -> bool:
    """Whether the number after “of” and its like is one of people, and no year or measure."""
    if _NO_COUNT_AFTER.match(text, match.end("n2")):
        return False
    are_people = _PEOPLE_THERE.search(match["after"] or "") is not None
    if match["the"] or are_people:
        return True
    return match["in"].lower() in {"of", "among", "amongst"} and not _YEAR.fullmatch(match["n2"])


def _take_before(text: str, edges: list[Beside], place: int) -> None:
    own = edges[place]
    if own.k is not None or own.n is not None or own.either is not None:
        return
    start = edges[place - 1].end if place else 0
    edges[place] = _before(text, start, own.start, own.end) or own


def _take_after(text: str, edges: list[Beside], place: int) -> None:
    own = edges[place]
    if own.k is not None or own.n is not None or own.either is not None:
        return
    end = edges[place + 1].start if place + 1 < len(edges) else len(text)
    for pattern in _AFTER:
        match = pattern.match(text, own.end, end)
        if match and not _belongs_to_next(text, match.end(), end, len(text)):
            found = _made(text, match, own.start, match.end())
            if found:
                edges[place] = found
                return


def _take_later(text: str, edges: list[Beside], place: int) -> None:
    """Take a count in brackets that comes later: “26.4 % named opening hours (38)”."""
    own = edges[place]
    if own.k is not None or own.n is not None or own.either is not None:
        return
    end = edges[place + 1].start if place + 1 < len(edges) else len(text)
    match = _LATER.search(text, own.end, end)
    if not match or ";" in text[own.end : match.start()] or match.start() - own.end > 100:  # noqa: PLR2004
        return
    if match["alone"]:
        if not 1900 <= count_value(match["alone"]) <= 2099:  # noqa: PLR2004
            edges[place] = Beside(own.start, own.end, count_value(match["alone"]), is_sure=False)
        return
    found = _made(text, match, own.start, own.end)
    edges[place] = found or own


def _before(text: str, start: int, end: int, reach: int = 0) -> Beside | None:
    for pattern in _BEFORE:
        window = max(start, end - 160)
        match = pattern.search(text, window, end)
        if match and (found := _made(text, match, match.start(), max(end, reach))):
            return found
    return None


def _belongs_to_next(text: str, at: int, end: int, length: int) -> bool:
    """Whether what ends at `at` leads up to the percentage that begins at `end`."""
    return end < length and re.fullmatch(r"[A-Za-z\s]{0,40}[(\[]\s?", text[at:end]) is not None


def _made(text: str, match: re.Match[str], start: int, end: int) -> Beside | None:
    """Make what a pattern found, or nothing where the number counts no respondents."""
    named = match.groupdict()
    if x := named.get("x"):
        value = count_value(x)
        letter = named.get("letter")
        if letter == "N":
            return Beside(start, end, n=value)
        return Beside(start, end, k=value) if letter == "k" else Beside(start, end, either=value)
    k, n = named.get("k"), named.get("n")
    if k is None:
        return (
            Beside(start, end, n=count_value(n or "")) if n and _counts(text, match, "n") else None
        )
    if n is not None:
        is_other = _UNIT.match(text, match.end("k"))
        return None if is_other else Beside(start, end, count_value(k), count_value(n))
    if not _counts(text, match, "k"):
        return None
    words = named.get("words") or ""
    return Beside(
        start, end, count_value(k), is_sure=not words or bool(_PEOPLE_THERE.search(words))
    )


def _counts(text: str, match: re.Match[str], name: str) -> bool:
    """Whether the number is one of respondents, and not a year, an age or a table's number."""
    start, end = match.span(name)
    if _NO_COUNT_AFTER.match(text, end):
        return False
    before = text[max(0, start - 14) : start]
    is_named = _NAMED_BY.search(text[max(0, start - 40) : start])
    if name == "k" and _NOT_COUNTED.search(before) and not is_named:
        return False
    year = 1900 <= count_value(match[name]) <= 2099  # noqa: PLR2004
    return not (year and re.search(r"\b(?:in|since|by|until|during|of|and)\s$|\($", before))
