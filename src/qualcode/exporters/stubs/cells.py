"""What the cells of a column are like, as far as the languages have to know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.exporters.stubs import Kind, Variable

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,14})(?:\.([0-9]+))?")
"""With more digits before the point it is an identifier, and would not be kept exactly."""

_FEW = 12


def is_number(text: str) -> bool:
    """Whether every program reads `text` as a number, and as nothing but that: 007 is none."""
    return _NUMBER.fullmatch(text) is not None


@dataclass(slots=True)
class Cells:
    """The cells of a column that have been seen; `few` are their values, as long as they are few.

    An empty cell is no value.
    """

    width: int = 1
    decimals: int = 0
    are_numbers: bool = True
    have_breaks: bool = False
    few: set[str] = field(default_factory=set)

    def add(self, cell: str) -> None:
        """See one more."""
        if not cell or cell in self.few:
            return
        self.width = max(self.width, len(cell.encode()))
        self.have_breaks = self.have_breaks or "\n" in cell or "\r" in cell
        number = _NUMBER.fullmatch(cell) if self.are_numbers else None
        self.are_numbers = number is not None
        if number:
            self.decimals = max(self.decimals, len(number[1] or ""))
        if len(self.few) <= _FEW:
            self.few.add(cell)

    @property
    def are_groups(self) -> bool:
        """Whether there are so few values, and at least two, that they make groups."""
        return 1 < len(self.few) <= _FEW

    def told(self, variable: Variable, *, is_label: bool) -> Variable:
        """What a column is, now that its cells are known: numbers, unless it `is_label`."""
        are_numbers = self.are_numbers and self.few and not is_label
        kind: Kind = "number" if are_numbers else "text"
        return replace(
            variable,
            kind=kind,
            width=self.width,
            decimals=self.decimals,
            has_breaks=self.have_breaks,
        )
