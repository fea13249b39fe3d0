"""Which rows of a copy are in the study already, and under which numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Row: TypeAlias = tuple[Any, ...]


@dataclass
class Numbers:
    """From the number of a row in a copy to its number in the study.

    Copies share their past, so the first rows have the same numbers: up to `shared`.
    """

    shared: int = 0
    others: dict[int, int] = field(default_factory=dict)

    def __getitem__(self, number: int) -> int:
        return number if number <= self.shared else self.others[number]

    def __setitem__(self, number: int, here: int) -> None:
        self.others[number] = here

    def __contains__(self, number: int) -> bool:
        return number <= self.shared or number in self.others

    def of(self, number: int | None) -> int | None:
        """The number in the study, None for None."""
        return None if number is None else self[number]


@dataclass
class Matched:
    """How the rows of a table of a copy stand to those of the study.

    `unlike` are rows, here and in the copy, that are the same thing and differ; `new` are rows
    of the copy that the study does not have.
    """

    numbers: Numbers = field(default_factory=Numbers)
    unlike: list[tuple[Row, Row]] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)


def match(here: Iterator[Row], there: Iterator[Row]) -> Matched:
    """Match rows by their second column; the first is their number, and both come in its order.

    In memory are only the rows behind the past that both share.
    """
    found = Matched()
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


def _from(first: Row | None, rest: Iterator[Row]) -> Iterator[Row]:
    if first is not None:
        yield first
        yield from rest
