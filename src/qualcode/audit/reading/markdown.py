"""Markdown, as Pandoc, Quarto and GitHub read it, down to its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.audit.reading.collecting import Collector
from qualcode.audit.reading.decoding import decoded, resolved
from qualcode.audit.reading.html import tables_in
from qualcode.audit.reading.texttables import (
    lined,
    pipe_rows,
    pipe_table,
    ruled_rows,
    ruled_table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.audit.manuscript import Kind, Manuscript

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_DIV = re.compile(r"\s*:{3,}(?!:)[^|]*")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*")
_ITEM = re.compile(r"\s*(?:[-*+]|[0-9]{1,3}[.)])\s+")
_QUOTE = re.compile(r"\s{0,3}>\s?")
_CAPTION = re.compile(r"\s{0,3}(?:[Tt]able)?:\s+")
_TABLE_TAG = re.compile(r"\s*<table\b", re.IGNORECASE)
_EMPHASISED = re.compile(r"(\*|_)(?=[^\s*_])(?:[^*_\\]|\\.){1,2000}\1")
_ABSTRACT = re.compile(r"abstract:\s*[|>]?[-+]?\s*(.*)", re.IGNORECASE)

_INLINE = (
    (re.compile(r"~~[^~\n]{1,500}~~"), ""),
    (re.compile(r"<sup>[^<>]{0,5}</sup>|\^[^\s^]{1,5}\^|\[\^[^\]\s]{1,50}\]", re.IGNORECASE), ""),
    (
        re.compile(r"!?\[([^\[\]]{0,2000})\](?:\([^()\s]{0,2000}[^()]{0,200}\)|\{[^{}]{0,200}\})"),
        r"\1",
    ),
    (re.compile(r"</?[a-zA-Z][^<>]{0,500}>"), " "),
    (re.compile(r"(?<!\\)`+"), ""),
    (re.compile(r"(?<![\\\w])(\*{1,3}|_{1,3})(?=[^\s*_])([^*_]{1,2000}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"(?<![\\\w])(\*{2})(?=\S)([^\n]{1,120}?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def read_markdown(content: bytes, source: str) -> Manuscript:
    """The manuscript; code, comments and what is struck out are no part of it.

    Raises InputError where the bytes are not text.
    """
    text = _without_comments(decoded(content, source))
    reader = _Reader(text.split("\n"), source)
    reader.read()
    return reader.found.manuscript()


def words(text: str) -> str:
    """`text` without the markup within a line; line ends stay."""
    for pattern, kept in _INLINE:
        text = pattern.sub(kept, text)
    return resolved(text)


def _without_comments(text: str) -> str:
    """Drop ``<!-- … -->`` but for its line ends; what is never closed reaches to the end."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end + 3
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join((*parts, text[at:]))


class _Reader:
    """Walks over the lines; `found` gathers the blocks."""

    def __init__(self, lines: Sequence[str], source: str) -> None:
        self.found = Collector(source, has_lines=True)
        self._lines = lines
        self._at = 0
        self._waiting: list[str] = []
        self._kind: Kind = "text"

    def read(self) -> None:
        """Read every line."""
        self._front_matter()
        while self._at < len(self._lines):
            self._at += self._special() or self._running()
        self._flush()

    def _front_matter(self) -> None:
        """Read the abstract out of a YAML header and pass over the rest of it."""
        if self._lines[0].strip() != "---":
            return
        end = next((i for i, x in enumerate(self._lines[1:], 1) if x.strip() in {"---", "..."}), 0)
        inside = False
        for number, line in enumerate(self._lines[1:end], 2):
            begins = _ABSTRACT.fullmatch(line)
            inside = bool(begins) or (inside and line[:1] in {" ", "\t", ""})
            if begins:
                self.found.paragraph("Abstract", number, "heading", 1)
            if inside:
                self.found.paragraph(words(begins[1] if begins else line), number)
        self._at = end + 1 if end else 0

    def _special(self) -> int:
        """How many lines are a block that is not running text, now read; 0 for none."""
        line = self._lines[self._at]
        if not line.strip():
            self._flush()
            return 1
        if fence := _FENCE.match(line):
            self._flush()
            return self._fenced(fence[1])
        if _DIV.fullmatch(line):
            self._flush()
            return 1
        if heading := _HEADING.fullmatch(line):
            self._flush()
            self.found.paragraph(words(heading[2]), self._at + 1, "heading", len(heading[1]))
            return 1
        return self._table()

    def _fenced(self, fence: str) -> int:
        rest = self._lines[self._at + 1 :]
        ends = (i for i, line in enumerate(rest, 2) if line.strip().startswith(fence))
        return next(ends, len(rest) + 1)

    def _table(self) -> int:
        for count, table in ((pipe_rows, pipe_table), (ruled_rows, ruled_table)):
            if rows := count(self._lines, self._at):
                self._flush()
                place = self.found.next_table(self._at + 1)
                lines = self._lines[self._at : self._at + rows]
                self.found.table(table(lines, lined(place, rows), self.found.source, words))
                return rows
        if _TABLE_TAG.match(self._lines[self._at]):
            return self._html_table()
        return 0

    def _html_table(self) -> int:
        self._flush()
        rest = self._lines[self._at :]
        rows = next((i for i, line in enumerate(rest, 1) if "</table" in line.lower()), len(rest))
        for table in tables_in("\n".join(rest[:rows]), self.found.source):
            self.found.embedded(table, self._at + 1)
        return rows

    def _running(self) -> int:
        line = self._lines[self._at]
        if self._waiting and (under := _UNDERLINE.fullmatch(line)):
            self._flush(level=1 if under[1].startswith("=") else 2)
            return 1
        kind: Kind = "quotation" if _QUOTE.match(line) else "text"
        if _CAPTION.match(line) and not self._waiting:
            kind, line = "caption", _CAPTION.sub("", line, count=1)
        if (item := _ITEM.match(line)) or kind not in {"text", self._kind}:
            self._flush()
            line = line[item.end() :] if item else line
        if not self._waiting:
            self._kind = kind
        self._waiting.append(_QUOTE.sub("", line, count=1) if kind == "quotation" else line)
        return 1

    def _flush(self, level: int = 0) -> None:
        """Close the paragraph that is open; with a `level` it is a heading."""
        if self._waiting:
            raw = "\n".join(self._waiting)
            if self._kind == "text" and _EMPHASISED.fullmatch(raw.strip()):
                self._kind = "note"
            text = words(raw)
            first = self._at + 1 - len(self._waiting)
            self.found.paragraph(text, first, "heading" if level else self._kind, level)
            self._waiting = []
        self._kind = "text"
