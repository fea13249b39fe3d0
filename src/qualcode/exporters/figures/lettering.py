"""Words in a picture: made harmless, measured without a font, broken into lines and cut.

Widths are those of a wide sans-serif (DejaVu Sans), so that narrower fonts fit as well.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from qualcode.text import one_line

LEADING = 1.25
"""The height of a line in sizes of its letters."""

_MOST_CHARACTERS = 400
_BOLD = 1.1
_NOT_IN_XML = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_WIDTHS = {
    letter: size
    for size, letters in (
        (0.33, " ',.IJijl"),
        (0.43, "!()-/:;[\\]frt|"),
        (0.53, '"*_`sz–'),
        (0.62, "?FLPTYacekovxy"),
        (0.69, "$0123456789ABCEKRSVXZbdghnpqu{}"),
        (0.79, "&DGHNOQUw"),
        (0.88, "#+<=>M^~"),
        (1.0, "%@Wm—…⸺"),
        (3.0, "⸻"),
        (10.0, "\ufdfd"),
    )
    for letter in letters
}
_UNKNOWN = 0.8
_WIDE = 1.0
_PICTURE = 1.4
_FIRST_PICTURE = 0x1F000
_RIGHT_TO_LEFT = {"R", "AL"}
_STRONG = {"L", *_RIGHT_TO_LEFT}
_LEFT_ISOLATE, _RIGHT_ISOLATE, _END_ISOLATE = "\u2066", "\u2067", "\u2069"


@dataclass(frozen=True, slots=True)
class Label:
    """Words as they are drawn: their lines, their size, and `full` where something was cut."""

    lines: tuple[str, ...]
    size: float
    full: str = ""

    @property
    def height(self) -> float:
        """The height of all lines."""
        return len(self.lines) * self.size * LEADING

    @property
    def width(self) -> float:
        """The width of the longest line."""
        return max((width(line, self.size) for line in self.lines), default=0.0)


def clean(text: str) -> str:
    """`text` in one line, without what XML cannot hold and what would steer a reader."""
    return one_line(text).translate(_NOT_IN_XML)


def width(text: str, size: float) -> float:
    """About how wide `text` is drawn, rather too wide than too narrow."""
    return size * sum(map(_width, text))


def fitted(text: str, room: float, size: float, lines: int = 1, *, is_bold: bool = False) -> Label:
    """`text` in at most `lines` lines that fit into `room`; what is cut ends in an ellipsis."""
    whole = clean(text)
    room = room / _BOLD if is_bold else room
    rows: list[str] = []
    start = whole[:_MOST_CHARACTERS]
    for piece in _pieces(start, room, size):
        if rows and width(f"{rows[-1]} {piece}", size) <= room:
            rows[-1] += f" {piece}"
        else:
            rows.append(piece)
    is_cut = len(rows) > lines or len(whole) > _MOST_CHARACTERS
    if is_cut:
        rows = rows[:lines] or [""]
        rows[-1] = _shortened(rows[-1], room, size)
    isolate = _isolate(start)
    return Label(
        tuple(f"{isolate}{row}{_END_ISOLATE}" if isolate else row for row in rows),
        size,
        whole if is_cut else "",
    )


def _pieces(text: str, room: float, size: float) -> list[str]:
    """The words of `text`, those that are wider than the room in parts."""
    pieces: list[str] = []
    for word in text.split():
        start = 0
        for end in range(1, len(word) + 1):
            if end - start > 1 and width(word[start:end], size) > room:
                pieces.append(word[start : end - 1])
                start = end - 1
        pieces.append(word[start:])
    return pieces


def _shortened(text: str, room: float, size: float) -> str:
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _isolate(text: str) -> str:
    """What begins an isolate that keeps right-to-left words from moving their neighbours."""
    ways = [way for letter in text if (way := unicodedata.bidirectional(letter)) in _STRONG]
    if not _RIGHT_TO_LEFT.intersection(ways):
        return ""
    return _RIGHT_ISOLATE if ways[0] in _RIGHT_TO_LEFT else _LEFT_ISOLATE


@cache
def _width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0.0
    if ord(letter) >= _FIRST_PICTURE:
        return _PICTURE
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return _WIDE
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(base, _UNKNOWN)
