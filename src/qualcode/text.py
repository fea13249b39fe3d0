"""The only rules about text: what is blank, what may be shown, where clauses begin and end.

Offsets everywhere are code points of the text as stored, half-open ``[start, end)``.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

BLANKS = frozenset({"", "-", ".", "na", "n/a"})
"""What counts as no answer unless a study says otherwise, in lower case and stripped."""

_NOTHING = "".join(
    chr(point)
    for first, last in (
        *((0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C)),
        *((0x115F, 0x1160), (0x1680, 0x1680), (0x17B4, 0x17B5), (0x180B, 0x180F)),
        *((0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x2800, 0x2800)),
        *((0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
        *((0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x1D173, 0x1D17A), (0xE0001, 0xE0001)),
        *((0xE0020, 0xE007F), (0xE0100, 0xE01EF)),
    )
    for point in range(first, last + 1)
)
"""Spaces, controls, and what is drawn as nothing."""


def counted(number: int, thing: str) -> str:
    """`number` and `thing` in words that agree: 1 cell, 2 cells."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def bare(text: str) -> str:
    """`text` in lower case, without the spaces and invisible characters around it."""
    return text.strip(_NOTHING).lower()


def is_blank(text: str, blanks: Collection[str] = BLANKS) -> bool:
    """Whether `text` says nothing: empty, only spaces or invisible characters, or in `blanks`.

    `blanks` are lower case; `text` is compared without case and without what surrounds it.
    """
    return bare(text) in blanks


_SUBSTITUTES: dict[int, int] = {
    **{point: 0x2400 + point for point in range(0x20) if chr(point) not in "\n\t"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
    **dict.fromkeys((0x061C, 0x200E, 0x200F, 0x2028, 0x2029), 0xFFFD),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x2070)), 0xFFFD),
    **dict.fromkeys(range(0xD800, 0xE000), 0xFFFD),
}
STEERING = re.compile("[" + "".join(re.escape(chr(point)) for point in _SUBSTITUTES) + "]")
"""Every code point that could steer a terminal."""


def visible(text: str) -> str:
    """`text` with every code point that could steer a terminal replaced by one that is seen.

    C0 controls become their pictures (U+2400 and on), DEL U+2421; C1 controls, bidirectional
    overrides, line separators and lone surrogates U+FFFD. Newline and tab stay. The length
    does not change, so offsets into `text` hold for the result.
    """
    return text.translate(_SUBSTITUTES) if STEERING.search(text) else text


def one_line(text: str) -> str:
    """`text` made visible, with newlines and tabs as spaces; the length does not change."""
    return visible(text).replace("\n", " ").replace("\t", " ")


_BOUNDARY = re.compile(
    r"""
    (?<![.!?])[.!?]++["'”’)\]]*+(?=\s|\Z)  # the end of a sentence; the rest keeps it linear
    | [。！？；、，]+                    # the same in scripts that put no space after it
    | [;\n\r]+
    | ,(?=\s)
    | \s[-–—]+\s
    | \s/\s | (?<=\w{3})/(?=\w{3})      # "training / funding", "training/funding", not "n/a"
    """,
    re.VERBOSE,
)
_JOINED = re.compile(r"\s(?=(?:and|but|because|so|while|whereas|although)\s)", re.IGNORECASE)
_SHORTEST_JOINED = 3
_LONG_ENOUGH = re.compile(rf"\s*+(?:\S++\s++){{{_SHORTEST_JOINED}}}\S")


def clauses(text: str) -> list[tuple[int, int]]:
    """The clauses of an answer, in order, as ``[start, end)``; together they hold every word.

    A clause ends at sentence punctuation, a line end, a semicolon, a comma, a dash or a slash
    between words, and before a conjunction that joins two parts of three words or more.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        spans += _split_joined(text, start, boundary.start())
        start = boundary.end()
    spans += _split_joined(text, start, len(text))
    return spans


def _split_joined(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for joint in _JOINED.finditer(text, start, end):
        before = text[start : joint.start()].split(maxsplit=_SHORTEST_JOINED)
        if len(before) >= _SHORTEST_JOINED and _LONG_ENOUGH.match(text, joint.end(), end):
            spans.append((start, joint.start()))
            start = joint.end()
    spans.append((start, end))
    return [span for part in spans if (span := _trimmed(text, *part))]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    if not (stripped := part.strip()):
        return None
    start += len(part) - len(part.lstrip())
    return start, start + len(stripped)


def lettered(number: int) -> str:
    """A name of letters for a number from 0: A to Z, then AA, AB and on."""
    letter = ascii_uppercase[number % 26]
    return lettered(number // 26 - 1) + letter if number >= 26 else letter  # noqa: PLR2004
