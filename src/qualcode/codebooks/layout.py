"""Where the lines of a YAML text lie, and how to change some without touching the others."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.codebooks.nodes import Node, Place

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """New words for ``text[start:end]``; `is_lines` where they are whole lines."""

    start: int
    end: int
    new: str
    is_lines: bool = False


class Layout:
    """The lines of `text`, numbered from 0, as YAML breaks them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in _BREAK.finditer(text))]
        first = re.search("\r\n|[\n\r]", text)
        self.newline = first[0] if first else "\n"

    def line(self, offset: int) -> int:
        """Find the line that holds the character at `offset`."""
        return bisect_right(self.starts, offset) - 1

    def last_line(self, node: Node) -> int:
        """Find the line on which `node` ends."""
        return self.line(max(node.start, node.end - 1))

    def start(self, line: int) -> int:
        """Find the offset of the first character of `line`; past the end the text's length."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def content(self, line: int) -> str:
        """Return the characters of `line` with its break."""
        return self.text[self.start(line) : self.start(line + 1)]

    def comment_column(self, line: int) -> int:
        """Where the comment begins on a line that holds nothing else, -1 on any other."""
        content = self.content(line).lstrip("\ufeff")
        bare = content.lstrip(" ")
        return len(content) - len(bare) if bare.startswith("#") else -1

    def item_lines(self, place: Place) -> range | None:
        """Find the lines of an item of a block list, with its comments; None if it has no own.

        Its comments are those directly above that are not indented deeper than its dash, which
        belong to what comes before, and those directly below that are.
        """
        column = place.siblings.column
        first = self._dash_line(place)
        if first is None:
            return None
        floor = -1
        if place.index:
            floor = self.last_line(place.siblings.items[place.index - 1])
        while first - 1 > floor and 0 <= self.comment_column(first - 1) <= column:
            first -= 1
        past = self.last_line(place.node) + 1
        while past < len(self.starts) and self.comment_column(past) > column:
            past += 1
        return range(first, past)

    def _dash_line(self, place: Place) -> int | None:
        if place.siblings.style == "flow":
            return None
        dash = " " * place.siblings.column + "-"
        for line in range(self.line(place.node.start), self.line(place.siblings.start) - 1, -1):
            if self.content(line).startswith(dash):
                return line
        return None

    def entry_below(self, mapping: Node, value: Node, entry: str) -> Edit:
        """Put `entry` into `mapping`, directly after the one that holds `value`."""
        if mapping.style == "flow":
            return Edit(value.end, value.end, f", {entry}")
        below = self.start(self.last_line(value) + 1)
        return self.lines_at(below, " " * mapping.column + entry)

    def lines_at(self, offset: int, block: str) -> Edit:
        """Put the lines of `block` at `offset`: the start of a line or the end of the text."""
        ends = _BREAK.search(block[-1:])
        return Edit(offset, offset, block if ends else block + self.newline, is_lines=True)

    def changed(self, edits: Iterable[Edit]) -> str:
        """Return the text after `edits`, which do not overlap."""
        parts: list[str] = []
        done = 0
        for edit in sorted(edits):
            parts.append(self.text[done : edit.start])
            before = next((part for part in reversed(parts) if part), "")
            if edit.is_lines and before and not _BREAK.search(before[-1]):
                parts.append(self.newline)
            parts.append(edit.new)
            done = edit.end
        return "".join((*parts, self.text[done:]))


def shifted(block: str, by: int) -> str:
    """Indent the lines of `block` by `by` columns more, or less where it is negative."""
    lines: list[str] = []
    start = 0
    for end in [*(found.end() for found in _BREAK.finditer(block)), len(block)]:
        line = block[start:end]
        if by < 0:
            line = line[min(-by, len(line) - len(line.lstrip(" "))) :]
        elif line and not _BREAK.fullmatch(line):
            line = " " * by + line
        lines.append(line)
        start = end
    return "".join(lines)
