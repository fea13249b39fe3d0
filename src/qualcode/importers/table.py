"""What every survey format gives: rows of text cells, as often as one asks for them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK = 4096
"""Rows that are looked at together: enough to be fast, little to hold."""


class Table(Protocol):
    """A table in a file.

    `header` is given by formats whose rows carry their own names; where it is empty, the
    header stands among the rows. `notes` say what a person should know about how it was read.
    """

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def sheet(self) -> str:
        """The name of the sheet, empty where the format has none."""

    @property
    def size(self) -> int:
        """Cells of the sheet, 0 where the format has none."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, or nothing."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks of one line."""

    def rows(self) -> Iterator[list[str]]:
        """Every row from the first on; the n-th is row n of the file, empty rows included."""


def letters(index: int) -> str:
    """The name that a spreadsheet gives to the column at `index`, counted from 0: A, B … AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def label(names: list[str] | tuple[str, ...], index: int) -> str:
    """The name of the column at `index`, its letter where it has none."""
    name = names[index].strip() if index < len(names) else ""
    return name or letters(index)


def blocks(rows: Iterator[list[str]], first: int) -> Iterator[tuple[int, list[list[str]]]]:
    """`rows` in blocks, each with the number of its first row; `first` is that of the first."""
    while block := list(islice(rows, BLOCK)):
        yield first, block
        first += len(block)
