"""Delimited text: .csv, .tsv and .txt, whatever stands between the cells."""

from __future__ import annotations

import csv
import re
from collections import Counter
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.importers.encoding import MARK, MARKING, find_encoding
from qualcode.importers.table import label, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

LONGEST_CELL = 64_000_000
"""Characters that one cell may hold; a longer one is a quote left open."""

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NONE = "\x1f"
_QUOTED = re.compile(r'"(?:[^"]|"")*"?')
_SAMPLE_ROWS = 100
_SAMPLE_CHARACTERS = 1 << 20


class DelimitedTable:
    """A text file with one delimiter between cells; every cell exactly as given."""

    header: tuple[str, ...] = ()
    sheet = ""
    size = 0

    def __init__(self, path: Path) -> None:
        self.path = path
        self._encoding = find_encoding(path, self._bad_cell)
        with self._open(self._encoding.codec) as file:
            self._delimiter = _find_delimiter(_beginning(file), _preferred(path))
        named = _DELIMITERS.get(self._delimiter, repr(self._delimiter))
        usual = self._delimiter in {_preferred(path)[0], _NONE}
        self.notes = tuple(
            note
            for note in (self._encoding.note, "" if usual else f"cells separated by {named}")
            if note
        )

    def rows(self) -> Iterator[list[str]]:
        """Every record; an empty line is an empty row.

        Raises InputError with the row where a quote opens that is never closed, or where
        text follows a closing quote.
        """
        csv.field_size_limit(LONGEST_CELL)
        with self._open(self._encoding.codec) as file:
            reader = csv.reader(file, delimiter=self._delimiter, strict=True)
            try:
                yield from _without_directive(reader)
            except csv.Error as error:
                raise self._broken(error) from None
            except UnicodeDecodeError as error:
                raise InputError("the file changed while it was read", source=self.path) from error

    @contextmanager
    def _open(self, codec: str, errors: str = "strict") -> Iterator[TextIO]:
        with self.path.open(encoding=codec, errors=errors, newline="") as file:
            yield file

    def _bad_cell(self, codec: str) -> tuple[int | None, str | None]:
        """The row and the column of the first byte that `codec` cannot read."""
        csv.field_size_limit(LONGEST_CELL)
        with self._open(codec, MARKING) as file:
            delimiter = _find_delimiter(_beginning(file), _preferred(self.path))
            file.seek(0)
            names: list[str] = []
            for number, row in enumerate(csv.reader(file, delimiter=delimiter), 1):
                names = names or row
                for index, cell in enumerate(row):
                    if MARK in cell:
                        return number, letters(index) if row is names else label(names, index)
        return None, None

    def _broken(self, error: csv.Error) -> InputError:
        """The error that names the cell which `csv` could not read, found by reading again."""
        number, names, lines = 1, [""], list[str]()
        with self._open(self._encoding.codec) as file:
            reader = csv.reader(_recorded(file, lines), delimiter=self._delimiter, strict=True)
            with suppress(csv.Error):
                for row in reader:
                    names = names if any(names) else row
                    lines.clear()
                    number += 1
        if "end of data" in str(error):
            message = "a quote that opens here is never closed"
        elif "field larger" in str(error):
            message = f"a cell of more than {LONGEST_CELL:,} characters; is a quote left open?"
        else:
            message = "text after a closing quote; a quote inside a quoted cell is written twice"
        column = label(names, _failing_cell("".join(lines), self._delimiter))
        return InputError(message, source=self.path, row=number, column=column)


def _recorded(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    for line in file:
        lines.append(line)
        yield line


def _failing_cell(record: str, delimiter: str) -> int:
    """The place of the first cell that goes on after its closing quote, else of the last."""
    cell = at = 0
    while True:
        if quoted := _QUOTED.match(record, at):
            at = quoted.end()
            if record[at : at + 1] not in {delimiter, "\r", "\n", ""}:
                return cell
        at = record.find(delimiter, at) + 1
        if not at:
            return cell
        cell += 1


def _preferred(path: Path) -> str:
    return "\t,;|" if path.suffix.lower() == ".tsv" else ",;\t|"


def _beginning(file: Iterable[str]) -> list[str]:
    lines: list[str] = []
    room = _SAMPLE_CHARACTERS
    for line in file:
        lines.append(line)
        room -= len(line)
        if room < 0:
            break
    return lines


def _without_directive(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows, with the line ``sep=`` that Excel writes and reads made an empty one."""
    rows = iter(reader)
    for first in rows:
        yield [] if _directive(first) else first
        break
    yield from rows


def _directive(cells: list[str]) -> bool:
    return bool(cells) and cells[0].lower().startswith("sep=") and not any(cells[1:])


def _find_delimiter(lines: list[str], candidates: str) -> str:
    """The candidate under which most rows have the same number of cells, more than one.

    Where none separates at least half of the rows alike the file has one column.
    """
    told = lines[0].rstrip("\r\n") if lines else ""
    if told.lower().startswith("sep=") and len(told) == len("sep=;"):
        return told[-1]
    best, best_score = _NONE, (0.0, 0)
    for delimiter in candidates:
        score = _score(lines, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    if best == _NONE and (first := next(filter(str.strip, lines), "")):
        best = next((delimiter for delimiter in candidates if delimiter in first), _NONE)
    return best


def _score(lines: list[str], delimiter: str) -> tuple[float, int]:
    widths: list[int] = []
    try:
        for row in islice(csv.reader(lines, delimiter=delimiter, strict=True), _SAMPLE_ROWS):
            widths += [len(row)] if row else []
    except csv.Error:
        widths += [0]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0, 0
    width, count = max(several.items(), key=lambda item: (item[1], item[0]))
    share = count / len(widths)
    return (round(share, 1), width) if share >= 1 / 2 else (0.0, 0)
