"""Confidence intervals in a text: which numbers are bounds, and of which percentage.

Texts are those of `words.plain`; offsets are half-open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from qualcode.audit.printed import Printed, parse_printed
from qualcode.audit.words import COUNT

if TYPE_CHECKING:
    from collections.abc import Sequence

Bounds: TypeAlias = tuple[Printed, Printed]

_BOUND = "(?:[0-9]{1,3}(?:[.,·][0-9]{1,8})?|[.·][0-9]{1,8})"
CALLED = (
    r"(?:(?:wilson|bootstrap(?:ped)?|exact|percentile|logit|score|clopper-pearson|weighted)\s)?"
)
CONFIDENCE = (
    r"(?:CIs?\b|C\.I\.|KI\b|CrI\b|HDI\b|"
    r"(?:confidence|credible|uncertainty|compatibility)\s(?:intervals?|limits?)\b)"
)
_INTERVAL_WORDS = re.compile(
    rf"(?:[89][0-9](?:[.,][0-9])?\s?-?(?:%|per\s?cent)[\s-]{{0,2}})?{CALLED}{CONFIDENCE}"
    rf"(?:\s(?:of|from|was|is|ranged from)\b|[\s,:=]){{0,3}}[(\[]?\s?(?P<low>{_BOUND})\s?%?"
    rf"\s?(?:[,;]|-|to\b|and\b)\s?(?P<high>{_BOUND})(?:\s?%)?\s?[)\]]?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    rf"\s?,?\s?(?:\[\s?(?P<low>{_BOUND})\s?%?\s?(?:[,;]|-|to\b)\s?(?P<high>{_BOUND})\s?%?\s?\]"
    rf"|\(\s?(?P<low2>{_BOUND})\s?%?\s?(?:;|-|to\b)\s?(?P<high2>{_BOUND})\s?%?\s?\)"
    rf"|\(\s?(?P<low3>[0-9]{{1,3}}\.[0-9]{{1,8}})\s?%?\s?,\s?(?P<high3>[0-9]{{1,3}}\.[0-9]{{1,8}})"
    rf"\s?%?\s?\))",
    re.IGNORECASE,
)
_OWN_COUNTS = re.compile(
    rf"(?:[(\[]|\b[nk]\s?=)\s?{COUNT}(?:\s?(?:/|out of|of)\s?(?:(?:the|all)\s)?{COUNT})?|"
    rf"{COUNT}\s?(?:/|out of|of)\s?(?:(?:the|all)\s)?{COUNT}",
    re.IGNORECASE,
)
_STATISTIC = re.compile(
    r"[0-9]|\b(?:ratio|odds|kappa|alpha|mean|median|difference|coefficient|AC1|(?-i:a?OR|RR|HR))\b|"
    r"κ|α|β",
    re.IGNORECASE,
)


def stated_intervals(text: str) -> list[tuple[int, int, Bounds]]:
    """The intervals that a text names as such, with where their words begin and end."""
    return [
        (match.start(), match.end(), _bounds(match)) for match in _INTERVAL_WORDS.finditer(text)
    ]


def bracketed(text: str, at: int, percent: Printed) -> tuple[int, Bounds] | None:
    """The bounds in brackets right after a percentage that ends at `at`, and where they end."""
    match = _BRACKETED.match(text, at)
    if not match or not _is_believable(percent, _bounds(match)):
        return None
    return match.end(), _bounds(match)


def following(
    text: str, at: int, until: int, stated: Sequence[tuple[int, int, Bounds]]
) -> tuple[int, Bounds] | None:
    """The stated interval of a percentage that ends at `at`, and how far its words reach.

    It stands before `until`; one that follows another statistic is that statistic's. Where a
    count stands between the two, the words of the percentage end at `at`.
    """
    for start, end, bounds in stated:
        if at <= start < until:
            between = text[at:start]
            if _STATISTIC.search(_OWN_COUNTS.sub(" ", between)):
                return None
            return (at if re.search("[0-9]", between) else end), bounds
    return None


def is_interval(text: str) -> Bounds | None:
    """The bounds that a text consists of, such as the cell “24.2–39.2”."""
    match = _BRACKETED.fullmatch(f"[{text.strip().strip('[]()')}]")
    return _bounds(match) if match else None


def _is_believable(printed: Printed, bounds: Bounds) -> bool:
    """Whether bounds in brackets are those of `printed` and not two numbers of references."""
    low, high = bounds
    if low.value <= printed.value <= high.value:
        return True
    return low.value < high.value and printed.decimals > 0 and low.decimals == printed.decimals


def _bounds(match: re.Match[str]) -> Bounds:
    named = {key.rstrip("23"): value for key, value in match.groupdict().items() if value}
    return parse_printed(named["low"]), parse_printed(named["high"])
