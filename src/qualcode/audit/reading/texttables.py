"""Tables that are drawn with characters: with pipes, over a dashed rule, or with tabs."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.audit.reading.grid import Spanning, laid_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qualcode.audit.manuscript import Place, Table

_DELIMITER = re.compile(r"\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_RULE = re.compile(r"(?=.*[-─—=]{2})\s*(?:[-─—=]+(?:\s+|$)){2,}")
_RULE_PART = re.compile(r"[-─—=]+")
_PIPE = re.compile(r"(?<!\\)\|")


def pipe_rows(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` are a table with pipes, 0 for none: a header, a rule, rows."""
    if "|" not in lines[start] or start + 1 >= len(lines):
        return 0
    rule = lines[start + 1]
    if not ("|" in rule and _DELIMITER.fullmatch(rule)):
        return 0
    if len(_pipe_cells(lines[start])) != len(_pipe_cells(rule)):
        return 0
    end = start + 2
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        end += 1
    return end - start


def ruled_rows(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` are a table whose header has a broken rule below it."""
    if start + 2 >= len(lines) or not lines[start].strip():
        return 0
    if not _RULE.fullmatch(lines[start + 1]) or not lines[start + 2].strip():
        return 0
    gaps = [gap.span() for gap in re.finditer(r"\s+", lines[start + 1].strip("\n"))]
    end = start + 2
    while end < len(lines) and lines[end].strip() and _keeps(lines[end], gaps):
        end += 1
    return end - start if end > start + 2 else 0


def _keeps(line: str, gaps: Sequence[tuple[int, int]]) -> bool:
    """Whether a line leaves the gaps between the columns free, as a row does."""
    return all(not line.expandtabs()[first:last].strip() for first, last in gaps)


def tabbed_rows(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` have the same number of tabs; a table has two at least."""
    tabs = lines[start].strip(" ").count("\t")
    if not tabs or not lines[start].strip():
        return 0
    end = start
    while end < len(lines) and lines[end].strip() and lines[end].strip(" ").count("\t") == tabs:
        end += 1
    return end - start if end - start > 1 else 0


def lined(place: Place, rows: int) -> list[Place]:
    """The places of so many lines, the first of which is at `place`."""
    return [replace(place, line=place.line + row) for row in range(rows)]


def pipe_table(
    lines: Sequence[str], places: Sequence[Place], source: str, clean: Callable[[str], str]
) -> Table:
    """The table in the lines that `pipe_rows` counted; `clean` takes the markup off a cell."""
    kept = [lines[0], *lines[2:]]
    rows = [[Spanning(clean(cell)) for cell in _pipe_cells(line)] for line in kept]
    return _placed(rows, [places[0], *places[2:]], source)


def ruled_table(
    lines: Sequence[str], places: Sequence[Place], source: str, clean: Callable[[str], str]
) -> Table:
    """The table in the lines that `ruled_rows` counted; the rule says where columns begin."""
    starts = [part.start() for part in _RULE_PART.finditer(lines[1])]
    spans = list(zip([0, *starts[1:]], [*starts[1:], None], strict=True))
    kept = [
        (line, place)
        for line, place in zip(lines, places, strict=True)
        if not _RULE.fullmatch(line)
    ]
    rows = [
        [Spanning(clean(line.expandtabs()[first:last].strip())) for first, last in spans]
        for line, _ in kept
    ]
    return _placed(rows, [place for _, place in kept], source)


def tabbed_table(lines: Sequence[str], places: Sequence[Place], source: str) -> Table:
    """The table in the lines that `tabbed_rows` counted."""
    rows = [[Spanning(cell.strip()) for cell in line.strip(" ").split("\t")] for line in lines]
    return _placed(rows, places, source)


def _pipe_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner)]
    return cells[:-1] if len(cells) > 1 and not cells[-1] else cells


def _placed(rows: list[list[Spanning]], places: Sequence[Place], source: str) -> Table:
    """Lay out the rows; every row keeps the line that it stands on."""
    table = laid_out(rows, places[0], source, headers=1)
    lined = tuple(
        tuple(replace(cell, place=replace(cell.place, line=place.line)) for cell in row)
        for row, place in zip(table.rows, places, strict=True)
    )
    return replace(table, rows=lined)
