"""A corpus as pieces that are scored one by one: files, or row groups of larger ones."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.corpus.parquet import opened
from qualcode.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS = 100_000
"""A piece holds at most so many rows, unless one row group alone has more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some row groups of a file, `groups` being the first and the one behind the last.

    `first` rows of the file come before its `rows`. Its results are the part of that `number`.
    """

    number: int
    path: str
    groups: tuple[int, int]
    first: int
    rows: int

    @property
    def part(self) -> str:
        """The name of the file with its suggestions."""
        return f"part-{self.number:05}.parquet"


def files_of(patterns: Sequence[str]) -> list[Path]:
    """The files that match, by name; a file that has the very name of a pattern is meant by it.

    Raises `NotFound` for a pattern that none matches, `InputError` for a folder that one matches.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        paths = _named_by(pattern)
        if not paths:
            raise NotFound(f"no file matches “{pattern}”")
        for name in sorted(paths):
            if not os.path.isfile(name):  # noqa: PTH113 - false for a name that cannot be
                raise InputError(
                    "this is no file", source=name, hint="end the pattern in *.parquet"
                )
            found[Path(name).resolve()] = None
    return sorted(found)


def _named_by(pattern: str) -> list[str]:
    if os.path.isfile(pattern):  # noqa: PTH113 - false for a name that cannot be
        return [pattern]
    return glob.glob(pattern, recursive=True)  # noqa: PTH207 - absolute ones too


def pieces_of(files: Sequence[Path]) -> list[Piece]:
    """The pieces of a corpus in order. Raises `InputError` for a file that is not Parquet."""
    found: list[Piece] = []
    for path in files:
        for groups, first, rows in _cuts(str(path)):
            found.append(Piece(len(found), str(path), groups, first, rows))
    return found


def _cuts(path: str) -> Iterator[tuple[tuple[int, int], int, int]]:
    with opened(path) as file:
        about = file.metadata
        sizes = [about.row_group(group).num_rows for group in range(about.num_row_groups)]
    begin = first = rows = 0
    for group, size in enumerate(sizes):
        if rows and rows + size > MOST_ROWS:
            yield (begin, group), first, rows
            begin, first, rows = group, first + rows, 0
        rows += size
    yield (begin, len(sizes)), first, rows
