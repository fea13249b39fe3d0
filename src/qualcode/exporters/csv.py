"""Comma- and tab-separated text: UTF-8, a newline after each row, quotes only where needed.

Read with ``csv.reader(file)`` of a file opened with ``newline=""``, every text is what it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.exporters.atomic import write_lines
from qualcode.exporters.table import Table, Written, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXTENSIONS = (".csv", ".tsv")

_QUOTED = re.compile('[",\t\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]|^\\s|\\s$')


def write(path: Path, table: Table) -> Written:
    """Write `table`; the ending of `path` says whether commas or tabs separate the columns."""
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    return Written(write_lines(path, lines(table, delimiter)) - 1)


def lines(table: Table, delimiter: str = ",") -> Iterator[str]:
    """The lines of `table`, each with its newline."""
    yield _line(list(table.columns), delimiter)
    for row in table.rows:
        yield _line([as_text(cell) for cell in row], delimiter)


def _line(cells: list[str], delimiter: str) -> str:
    if cells == [""]:
        return '""\n'  # an empty line would be read as no row
    return delimiter.join([_field(cell) for cell in cells]) + "\n"


def _field(text: str) -> str:
    if not _QUOTED.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
