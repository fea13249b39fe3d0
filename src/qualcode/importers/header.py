"""Where the header of a table is, how many rows it has and what the columns are called."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.importers.names import is_respondent_name
from qualcode.importers.table import letters
from qualcode.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.importers.table import Table

_TOP = 60
_LAST_START = 20
_IMPORT_ID = '{"ImportId"'
_OPEN_ENDED = "open-ended response"
_WHOLE = frozenset({_OPEN_ENDED, "response"})
_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table.

    `row` is the first row of the header (0 where a format has none) and `height` the number
    of its rows. `names` has an empty text for a column without a name, `texts` what a column
    asks. `notes` say what was recognised, `open_ended` which columns the survey tool calls so.
    """

    row: int
    height: int
    names: tuple[str, ...]
    texts: tuple[str, ...]
    notes: tuple[str, ...] = ()
    open_ended: frozenset[int] = frozenset()

    @property
    def last_row(self) -> int:
        """The last row before the answers."""
        return self.row + self.height - 1 if self.row else 0

    @property
    def unnamed(self) -> tuple[int, ...]:
        """The places of the columns without a name."""
        return tuple(index for index, name in enumerate(self.names) if not name)

    def find(self, column: str) -> int | None:
        """The place of a column by its name, else by a text that no other column has."""
        wanted = column.strip()
        if wanted and wanted in self.names:
            return self.names.index(wanted)
        if wanted and self.texts.count(wanted) == 1:
            return self.texts.index(wanted)
        return None


def find_header(table: Table, row: int = 0) -> Header:
    """The header of `table`: in row `row`, or found where that is 0.

    Raises InputError for an empty table, for a row that is no header and for a name that
    stands twice.
    """
    if table.header:
        names = tuple(name.strip() for name in table.header)
        header = Header(0, 0, names, names)
    else:
        top = list(islice(table.rows(), max(_TOP, row + 3)))
        start = _given(table, top, row) if row else _found(table, top)
        header = _read(table, top, start)
        header = replace(header, notes=_skipped(top, start) + header.notes)
    _refuse_repeated(table, header)
    return header


def _given(table: Table, top: list[list[str]], row: int) -> int:
    if not 0 < row <= len(top) or not _filled(top[row - 1]):
        raise InputError("there is no header in this row", source=table.path, row=row)
    return row - 1


def _found(table: Table, top: list[list[str]]) -> int:
    """The place of the first row that is not a title: a title fills less than the table does."""
    starts = [index for index, cells in enumerate(top) if _filled(cells)]
    if not starts:
        raise InputError("the file is empty", source=table.path)
    counts = sorted(_filled(top[index]) for index in starts)
    usual = counts[len(counts) * 3 // 4]
    for index in starts:
        if index >= _LAST_START:
            break
        if not _is_title(top, index, usual):
            return index
    return starts[0]


def _is_title(top: list[list[str]], index: int, usual: int) -> bool:
    cells = top[index]
    if _filled(cells) > max(1, usual // 2) or usual <= 1:
        return False
    if any(is_respondent_name(cell) for cell in cells) or _continues(top, index):
        return False
    if len(cells) >= usual and not cells[0].strip() and all(map(str.strip, cells[1:usual])):
        return False
    below = next((row for row in top[index + 1 :] if _filled(row) > max(1, usual // 2)), None)
    return below is not None and _looks_like_header(below)


def _looks_like_header(cells: list[str]) -> bool:
    named = [cell.strip() for cell in cells if cell.strip()]
    return len(set(named)) == len(named) and not any(_NUMBER.fullmatch(name) for name in named)


def _filled(cells: Iterable[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _continues(top: list[list[str]], start: int) -> bool:
    """Whether the next row says which part of a question a column holds (SurveyMonkey)."""
    if start + 1 >= len(top):
        return False
    upper, lower = top[start], top[start + 1]
    kinds = any(cell.strip().lower() in _WHOLE for cell in lower)
    empty_first = bool(lower) and not lower[0].strip() and bool(upper[0].strip())
    return kinds and empty_first


def _read(table: Table, top: list[list[str]], start: int) -> Header:
    names = tuple(cell.strip() for cell in top[start])
    for height in (3, 2):
        last = top[start + height - 1] if start + height <= len(top) else []
        if any(cell.lstrip().startswith(_IMPORT_ID) for cell in last):
            asked = top[start + 1] if height > 2 else [""] * len(names)  # noqa: PLR2004
            _same_width(table, names, asked, start + 2)
            _same_width(table, names, last, start + height)
            texts = tuple(text.strip() or name for name, text in zip(names, asked, strict=True))
            note = f"header of {height} rows, as Qualtrics writes it"
            return Header(start + 1, height, names, texts, (note,))
    if _continues(top, start):
        lower = top[start + 1]
        _same_width(table, names, lower, start + 2)
        joined = _join(names, lower)
        note = "header of 2 rows, as SurveyMonkey writes it"
        places = frozenset(i for i, cell in enumerate(lower) if cell.strip().lower() == _OPEN_ENDED)
        return Header(start + 1, 2, joined, joined, (note,), places)
    return Header(start + 1, 1, names, names)


def _same_width(
    table: Table, names: tuple[str, ...], cells: list[str] | tuple[str, ...], row: int
) -> None:
    if len(cells) != len(names):
        message = (
            f"this row of the header has {counted(len(cells), 'cell')}, the first {len(names)}"
        )
        column = letters(min(len(cells), len(names)))
        raise InputError(message, source=table.path, row=row, column=column)


def _join(upper: tuple[str, ...], lower: list[str]) -> tuple[str, ...]:
    names, question = [], ""
    for above, part in zip(upper, map(str.strip, lower), strict=True):
        question = above or (question if part else "")
        whole = not part or part.lower() in _WHOLE
        names.append(question if whole else " – ".join(filter(None, (question, part))))
    return tuple(names)


def _skipped(top: list[list[str]], start: int) -> tuple[str, ...]:
    titles = [" ".join(filter(None, map(str.strip, cells))) for cells in top[:start]]
    shown = next(filter(None, titles), "")
    if not shown:
        return ()
    rows = f"rows 1–{start}" if start > 1 else "row 1"
    cut = 60
    shown = shown if len(shown) <= cut else shown[:cut] + "…"
    return (f"{rows} above the header skipped: “{' '.join(shown.split())}”",)


def _refuse_repeated(table: Table, header: Header) -> None:
    counts = Counter(name for name in header.names if name)
    name, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if count > 1:
        places = [letters(index) for index, each in enumerate(header.names) if each == name]
        raise InputError(
            f"the header stands {count} times: in the columns {', '.join(places)}",
            source=table.path,
            row=header.row or None,
            column=name,
        )
    if not counts:
        raise InputError("no column has a name", source=table.path, row=header.row or None)
