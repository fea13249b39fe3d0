"""Plain text: paragraphs between blank lines, underlined headings, tables drawn with characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.audit.reading.collecting import Collector
from qualcode.audit.reading.decoding import decoded
from qualcode.audit.reading.texttables import (
    lined,
    pipe_rows,
    pipe_table,
    ruled_rows,
    ruled_table,
    tabbed_rows,
    tabbed_table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.audit.manuscript import Manuscript, Table

_UNDERLINE = re.compile(r"\s*([=═]{3,}|[-─—]{3,})\s*")
_ALONE = re.compile(
    r"(?:[0-9]{1,2}(?:\.[0-9]{1,2})*\.?\s+)?(?:(?:structured |executive |plain[- ]language )?"
    r"(?:abstract|summary)|highlights|key (?:findings|points|messages|results)|in brief|"
    r"at a glance|introduction|background|aims?|objectives?|methods?|results|findings|discussion|"
    r"conclusions?|limitations|references|bibliography|acknowledge?ments|appendix)\s*:?",
    re.IGNORECASE,
)
_LONGEST_HEADING = 100


def read_plain(content: bytes, source: str) -> Manuscript:
    """The manuscript; a heading is an underlined line, or the usual word alone on a line.

    Raises InputError where the bytes are not text.
    """
    lines = decoded(content, source).split("\n")
    found = Collector(source, has_lines=True)
    at = 0
    while at < len(lines):
        at += _block(lines, at, found)
    return found.manuscript()


def _block(lines: Sequence[str], at: int, found: Collector) -> int:
    """Read the block that begins at line `at`, counted from 0; give how many lines it has."""
    if not lines[at].strip():
        return 1
    if heading := _heading(lines, at, found):
        return heading
    if rows := _table_rows(lines, at):
        found.table(_table(lines[at : at + rows], at, found))
        return rows
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _begins_something(lines, end):
        end += 1
    below = at > 0 and lines[at - 1].strip() and found.ends_with_table()
    found.paragraph("\n".join(lines[at:end]), at + 1, "note" if below else "text")
    return end - at


def _begins_something(lines: Sequence[str], at: int) -> bool:
    return bool(_table_rows(lines, at)) or _is_underlined(lines, at)


def _is_underlined(lines: Sequence[str], at: int) -> bool:
    return (
        at + 1 < len(lines)
        and len(lines[at]) <= _LONGEST_HEADING
        and _UNDERLINE.fullmatch(lines[at + 1]) is not None
    )


def _heading(lines: Sequence[str], at: int, found: Collector) -> int:
    line = lines[at].strip()
    if _is_underlined(lines, at):
        found.paragraph(line, at + 1, "heading", 1 if lines[at + 1].strip()[0] in "=═" else 2)
        return 2
    if _ALONE.fullmatch(line):
        found.paragraph(line, at + 1, "heading", 2)
        return 1
    return 0


def _table_rows(lines: Sequence[str], at: int) -> int:
    return pipe_rows(lines, at) or ruled_rows(lines, at) or tabbed_rows(lines, at)


def _table(lines: Sequence[str], at: int, found: Collector) -> Table:
    places = lined(found.next_table(at + 1), len(lines))
    if pipe_rows(lines, 0):
        return pipe_table(lines, places, found.source, str.strip)
    if ruled_rows(lines, 0):
        return ruled_table(lines, places, found.source, str.strip)
    return tabbed_table(lines, places, found.source)
