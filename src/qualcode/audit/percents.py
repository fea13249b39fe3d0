"""Finds percentages in a text, and tells shares of respondents from other uses of the sign.

Texts are those of `words.plain`; offsets are half-open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.audit.intervals import CALLED, CONFIDENCE, bracketed, following, stated_intervals
from qualcode.audit.printed import Printed, parse_printed
from qualcode.audit.words import SPELLED, count_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.audit.intervals import Bounds

Use: TypeAlias = Literal["share", "level", "change", "sum", "agreement"]
"""What a percentage is: of respondents, of confidence or significance, a change, a total of a
column, or how often coders agree."""
Hedge: TypeAlias = Literal[
    "", "about", "nearly", "just over", "over", "at least", "under", "at most"
]

_NUMBER = "(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,6}(?:[.,·][0-9]{1,8})?|[.·][0-9]{1,8})"
_SIGN = r"[\s]{0,3}(?:%|per[\s-]?cent\b|pct\b)(?![\s-]{0,2}points?\b)"
_PERCENT = re.compile(
    rf"(?<![0-9A-Za-z_.,·])(?P<number>{_NUMBER}){_SIGN}"
    rf"|(?P<spelled>{SPELLED})[\s-]per[\s-]?cent\b(?![\s-]{{0,2}}points?\b)",
    re.IGNORECASE,
)
_EARLIER = re.compile(rf"(?<![0-9A-Za-z_.,·/])(?P<number>{_NUMBER})\s?$")
_OF_COUNT = re.compile(r"(?:(?<!points\s)\bof\s(?:the\s|all\s)?|/\s?|=\s?)$", re.IGNORECASE)
_RANGE = re.compile(r"(?:\s?-\s?|\s(?:to|and|bis)\s)$")
_LISTED = re.compile(r"(?:,|,?\s(?:and|or|respectively))\s$")

_LEVEL_AFTER = re.compile(
    rf"[\s-]{{0,2}}{CALLED}(?:{CONFIDENCE}|confidence|credib|(?:significance\s)?levels?\b|"
    r"significance|power\b|quantile|percentile|limits?\b|intervals?\b|trimmed|winsor)",
    re.IGNORECASE,
)
_LEVEL_BEFORE = re.compile(
    r"(?:\bintervals?|\balpha|α|\bsignifican\w+|\bconfidence|\bpower|\bthreshold|\bcut-?off)(?:\slevel)?"
    r"(?:\s(?:of|at|was|is|to|set|set at|set to))?[\s=:]{0,3}$",
    re.IGNORECASE,
)
_CHANGE_AFTER = re.compile(
    r"\s(?:(?:more|fewer|less|higher|lower|greater|smaller|larger|faster|off)\s(?!than\s(?:once|[0-9]{1,3},[0-9]|x{4}))\w|"
    r"(?:increases?|decreases?|reductions?|rise|drop|growth|change|discount)\b)",
    re.IGNORECASE,
)
_CHANGE_BEFORE = re.compile(
    r"(?:\b(?:increas\w+|decreas\w+|ris\w+|rose|fell|fall\w*|dropp?\w*|grew|grow\w*|reduc\w+|"
    r"chang\w+|declin\w+|cut)\s(?:by|of)\s(?:about\s)?|(?:^|\(|(?<![0-9%])\s)[-+])$",
    re.IGNORECASE,
)
_SUM_BEFORE = re.compile(
    r"\b(?:add(?:s|ed|ing)?|sum(?:s|med|ming)?|total(?:s|led|ling)?|exceed(?:s|ed|ing)?|"
    r"equal(?:s|led)?)\b[^.;%]{0,30}$",
    re.IGNORECASE,
)
_AGREEMENT = re.compile(
    r"\b(?:inter-?\s?(?:coder|rater)|agreement|agreed|kappa|krippendorff|concordance|"
    r"coders|raters|reliability|double[- ]coded)\b",
    re.IGNORECASE,
)
_HEDGE_WORDS: tuple[tuple[Hedge, str, str], ...] = (
    ("just over", "just over|slightly over|slightly more than|a little over", "(?!)"),
    ("nearly", "nearly|almost|just under|just below|close to|slightly under", "(?!)"),
    ("at least", "at least|no fewer than|no less than", "≥|>="),
    ("at most", "at most|up to|no more than", "≤|<="),
    ("under", "under|below|less than|fewer than", "<"),
    ("over", "over|above|more than|upwards of|exceeding", ">"),
    ("about", "about|approximately|around|roughly|some|circa|ca\\.?|approx\\.?", "~|≈"),
)
_HEDGES = [
    (hedge, re.compile(rf"(?:\b(?:{words})\s|(?:{signs})\s?)$", re.IGNORECASE))
    for hedge, words, signs in _HEDGE_WORDS
]


@dataclass(frozen=True, slots=True)
class Hit:
    """A percentage in a text: what is printed, from `start` to the `end` of its sign.

    `interval` is the confidence interval beside it, whose text ends at `reach`; one end of a
    range from one share to another `is_range`.
    """

    start: int
    end: int
    printed: Printed
    use: Use = "share"
    hedge: Hedge = ""
    interval: Bounds | None = None
    reach: int = 0
    is_range: bool = False


def percentages(text: str) -> list[Hit]:
    """Every percentage in a sentence, in order; the bounds of an interval are none themselves."""
    stated = stated_intervals(text)
    hits: list[Hit] = []
    for match in _PERCENT.finditer(text):
        if not any(start <= match.start() < end for start, end, _ in stated):
            hits += _earlier(text, match, hits)
    hits = [_with_use(text, hit) for hit in hits]
    hits = _with_ranges(text, list(_with_bracketed(text, hits)))
    return [_with_stated(text, hits, place, stated) for place in range(len(hits))]


def hedge_before(text: str) -> Hedge:
    """The words at the end of `text` that make the number after them an inexact one."""
    return next((name for name, pattern in _HEDGES if pattern.search(text)), "")


def _earlier(text: str, match: re.Match[str], before: list[Hit]) -> Iterator[Hit]:
    """Give the percentage and those before it that share its sign: “15-85 %”, “15, 40 and 85 %”."""
    if match["spelled"]:
        yield Hit(match.start(), match.end(), Printed(count_value(match["spelled"])))
        return
    last = Hit(match.start(), match.end(), parse_printed(match["number"]))
    limit = before[-1].end if before else 0
    shared, is_range = _shared(text, last, limit)
    yield from shared
    yield replace(last, is_range=is_range)


def _shared(text: str, last: Hit, limit: int) -> tuple[list[Hit], bool]:
    """Give the percentages whose sign is that of `last`, and whether they are a range."""
    found: list[Hit] = []
    at = last.start
    while at > limit:
        is_range = not found and _RANGE.search(text, max(limit, at - 5), at)
        link = is_range or _LISTED.search(text, max(limit, at - 16), at)
        number = (
            _EARLIER.search(text, max(limit, link.start() - 16), link.start()) if link else None
        )
        if not link or not number:
            break
        printed = parse_printed(number["number"])
        if _OF_COUNT.search(text, limit, number.start()):
            break  # “9 of 45, or 20 %” is a count, its base and their percentage
        if printed.decimals != last.printed.decimals or printed.value > 100:  # noqa: PLR2004
            break
        if is_range and "and" not in link[0]:
            return [Hit(number.start(), number.end(), printed, is_range=True)], True
        if not found and link[0].strip() == ",":
            break  # “53, 36.8 %” is a count and its percentage
        found.insert(0, Hit(number.start(), number.end(), printed))
        at = number.start()
    is_between = len(found) == 1 and re.search(r"\bbetween\s$", text[limit : found[0].start])
    return [replace(hit, is_range=bool(is_between)) for hit in found], bool(is_between)


def _with_use(text: str, hit: Hit) -> Hit:
    after, before = hit.end, text[max(0, hit.start - 60) : hit.start]
    use: Use = "share"
    if _LEVEL_AFTER.match(text, after) or _LEVEL_BEFORE.search(before):
        use = "level"
    elif _CHANGE_AFTER.match(text, after) or _CHANGE_BEFORE.search(before):
        use = "change"
    elif hit.printed.value >= 100 and _SUM_BEFORE.search(before):  # noqa: PLR2004
        use = "sum"
    elif _AGREEMENT.search(text[max(0, hit.start - 80) : hit.start]) or _AGREEMENT.search(
        text[after : after + 25]
    ):
        use = "agreement"
    return replace(hit, use=use, hedge=hedge_before(before), reach=hit.end)


def _with_bracketed(text: str, hits: list[Hit]) -> Iterator[Hit]:
    """Attach the bounds in brackets right after a percentage; they are no percentages then."""
    reach = 0
    for hit in hits:
        if hit.start < reach:
            continue
        found = bracketed(text, hit.end, hit.printed) if hit.use == "share" else None
        if found:
            reach = found[0]
            yield replace(hit, interval=found[1], reach=reach)
        else:
            yield hit


def _with_stated(
    text: str, hits: list[Hit], place: int, stated: list[tuple[int, int, Bounds]]
) -> Hit:
    """Attach the interval that is named as one after the hit at `place` and before the next."""
    hit = hits[place]
    until = hits[place + 1].start if place + 1 < len(hits) else len(text)
    if hit.use != "share" or hit.interval:
        return hit
    found = following(text, hit.end, until, stated)
    return replace(hit, interval=found[1], reach=found[0]) if found else hit


def _with_ranges(text: str, hits: list[Hit]) -> list[Hit]:
    """Mark the ends of a range that both have their sign: “from 15 % to 85 %”."""
    for place in range(1, len(hits)):
        first, second = hits[place - 1 : place + 1]
        link = text[first.end : second.start]
        before = text[max(0, first.start - 12) : first.start]
        is_between = re.fullmatch(r"\sand\s", link) and re.search(r"\bbetween\s$", before)
        if is_between or re.fullmatch(r"\s?-\s?|\sto\s", link):
            hits[place - 1 : place + 1] = [
                replace(first, is_range=True),
                replace(second, is_range=True),
            ]
    return hits
