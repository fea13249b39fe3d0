"""The groups of a table: the values of an attribute, or of two crossed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.estimation.reading import as_integers, counted, crossed, relabelled

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qualcode.estimation.arrays import BoolArray, IntArray
    from qualcode.store.tabulation import Column
    from qualcode.study.frequencies.wish import Wish

MOST_GROUPS = 100
CROSS = " × "

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The groups of n respondents by an attribute: `place` (n) in `values`, -1 for no value."""

    attribute: str
    values: tuple[str, ...]
    place: IntArray

    def sizes(self, base: BoolArray) -> list[int]:
        """How many of the base are in each group."""
        return counted(self.place, base, len(self.values))

    def reordered(self, values: Sequence[str]) -> Groups:
        """The same groups in another order; `values` names all of them."""
        new = {value: number for number, value in enumerate(values)}
        numbers = [new[value] for value in self.values]
        return Groups(self.attribute, tuple(values), relabelled(self.place, numbers))


def groups_of(wish: Wish, columns: dict[str, Column]) -> tuple[Groups, ...]:
    """The groups by every attribute, in their order, or by the two of them crossed.

    Raises `InputError` for an attribute of so many values that no table could show them.
    """
    found = tuple(groups_by(name, columns[name]) for name in wish.by)
    if wish.is_crossed:
        found = (_crossed(*found),)
    for one in found:
        if len(one.values) > MOST_GROUPS:
            raise InputError(
                f"{one.attribute} has {len(one.values):,} values, too many to be groups",
                hint=f"{MOST_GROUPS} is the most: sum it up in an attribute with fewer",
            )
    return found


def groups_by(name: str, column: Column) -> Groups:
    """The groups by one attribute in their natural order.

    Values that differ only in the spaces around them are one; an empty one is none.
    """
    values = in_order({value.strip() for value in column.values} - {""})
    place = {value: number for number, value in enumerate(values)}
    numbers = [place.get(value.strip(), -1) for value in column.values]
    return Groups(name, values, relabelled(as_integers(column.numbers), numbers))


def _crossed(first: Groups, second: Groups) -> Groups:
    """The combinations that somebody has."""
    width = len(second.values)
    place, cells = crossed(first.place, second.place, width)
    values = tuple(
        f"{first.values[cell // width]}{CROSS}{second.values[cell % width]}" for cell in cells
    )
    return Groups(f"{first.attribute}{CROSS}{second.attribute}", values, place)


def in_order(values: Collection[str]) -> tuple[str, ...]:
    """Numbers by their size; all else by the alphabet, with 9 before 10 and 5–9 before 10–19."""
    numbers = {value: number_of(value) for value in values}
    if None in numbers.values():
        return tuple(sorted(values, key=_runs))
    return tuple(sorted(values, key=lambda value: (numbers[value], value)))


def _runs(value: str) -> tuple[list[tuple[int, str]], str]:
    """A text as runs of digits, which stand at odd places, and of all else."""
    parts = enumerate(_DIGITS.split(value.casefold()))
    runs = [_run(text.lstrip("0") if place % 2 else text, place) for place, text in parts]
    return runs, value


def _run(text: str, place: int) -> tuple[int, str]:
    """Order digits by how many there are first."""
    return (len(text) if place % 2 else 0, text)


def number_of(value: str) -> float | None:
    """The number that a value is, None where it is none."""
    if "_" in value:
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
