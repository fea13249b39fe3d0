"""What a single cell of a table says: a percentage, a count, a count and a base, a label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.audit.columns import is_combined
from qualcode.audit.printed import parse_printed
from qualcode.audit.words import DIGITS, count_value

if TYPE_CHECKING:
    from qualcode.audit.printed import Printed

_NUMBER = "(?:[0-9]{1,4}(?:[.,·][0-9]{1,8})?|[.·][0-9]{1,8})"
_MARKS = r"[\s*†‡§¶#a-d]{0,5}"
_ALONE = re.compile(rf"(?P<sign>[<>≤≥~≈]?)\s?(?P<number>{_NUMBER})\s?%?{_MARKS}")
_BEGINS = re.compile(rf"\s*(?:[<>≤≥~≈]\s?)?{_NUMBER}(?!\s?%)")
_COUNT_FIRST = re.compile(rf"({DIGITS}\s?(?:/\s?{DIGITS}\s?)?[(\[]\s?)({_NUMBER})(\s?[)\]].*)")
_COUNT = re.compile(rf"(?:n\s?=\s?)?({DIGITS}){_MARKS}")
_RATIO = re.compile(rf"({DIGITS})\s?(?:/|of|out of)\s?({DIGITS})")
_BASE_ROW = re.compile(
    r"\W*(?:(?:un)?weighted\s)?(?:base|bases|n|total n|n asked|asked|answered|coded|sample size|"
    r"(?:number of )?(?:respondents|participants)(?:\s\(n\))?|all respondents)\W*",
    re.IGNORECASE,
)
_TOTAL_ROW = re.compile(
    r"\W*(?:grand )?(?:total|sum|all|altogether)\W*(?:\(n\))?\W*", re.IGNORECASE
)
_WHOLE = (99, 101)


def with_sign(text: str, header: str) -> str:
    """A cell of a column of percentages with the sign that its header has for it."""
    if "%" in text:
        return text
    if is_combined(header) and (match := _COUNT_FIRST.match(text)):
        return f"{match[1]}{match[2]} %{match[3]}"
    match = _BEGINS.match(text)
    return f"{match[0]} %{text[match.end() :]}" if match else text


def number_in(text: str) -> Printed | None:
    """The number that a cell is, with or without a sign and marks of notes."""
    match = _ALONE.fullmatch(text)
    return parse_printed(match["number"]) if match and not match["sign"] else None


def counts_in(text: str) -> tuple[int | None, int | None]:
    """The count and the base that a cell is: of “53/144” both, of “53” the first."""
    if match := _RATIO.match(text):
        return count_value(match[1]), count_value(match[2])
    match = _COUNT.fullmatch(text)
    return (count_value(match[1]), None) if match else (None, None)


def is_base_label(label: str) -> bool:
    """Whether a row gives the bases of the columns."""
    return _BASE_ROW.fullmatch(label) is not None


def is_total_label(label: str) -> bool:
    """Whether a row adds up the others, or stands for all respondents."""
    return _TOTAL_ROW.fullmatch(label) is not None


def is_whole(percent: Printed | None) -> bool:
    """Whether a total is 100 % but for rounding."""
    low, high = _WHOLE
    return percent is not None and low <= percent.value <= high
