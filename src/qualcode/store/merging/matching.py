"""Which rows of a copy are in the study already, and under which numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.store.connection import Database

Row: TypeAlias = tuple[Any, ...]


class Numbers(dict[Any, Any]):
    """From the number of a row in a copy to its number in the study; None stays None.

    Copies share their past, so the first rows have the same numbers: up to `shared`.
    """

    def __init__(self) -> None:
        super().__init__({None: None})
        self.shared = 0

    def __missing__(self, number: int) -> int:
        if number > self.shared:
            raise KeyError(number)
        return number


@dataclass
class Matched:
    """How the rows of a table of a copy stand to those of the study.

    `unlike` are rows, here and in the copy, that are the same thing and differ; `new` are rows
    of the copy that the study does not have.
    """

    numbers: Numbers = field(default_factory=Numbers)
    unlike: list[tuple[Row, Row]] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)


def match(study: Database, copy: Database, table: str, columns: str) -> Matched:
    """Match the rows of a table by the first of some columns; the others are compared.

    In memory are only the rows behind the past that both share.
    """
    listed = f"SELECT id, {columns} FROM {table} ORDER BY id"
    found = Matched()
    here, there = study.stream(listed), copy.stream(listed)
    one, two = next(here, None), next(there, None)
    while one is not None and two is not None and one[:2] == two[:2]:
        if one != two:
            found.unlike.append((one, two))
        found.numbers.shared = one[0]
        one, two = next(here, None), next(there, None)
    rest = {row[1]: row for row in _from(one, here)}
    for row in _from(two, there):
        known = rest.get(row[1])
        if known is None:
            found.new.append(row)
            continue
        found.numbers[row[0]] = known[0]
        if known[2:] != row[2:]:
            found.unlike.append((known, row))
    return found


def shared(study: Database, copy: Database, table: str) -> int:
    """The last number up to which both have the same rows of a table, by their global ids."""
    listed = f"SELECT id, uid FROM {table} ORDER BY id"
    last = 0
    for one, two in zip(study.stream(listed), copy.stream(listed), strict=False):
        if one != two:
            break
        last = one[0]
    return last


def _from(first: Row | None, rest: Iterator[Row]) -> Iterator[Row]:
    if first is not None:
        yield first
        yield from rest
