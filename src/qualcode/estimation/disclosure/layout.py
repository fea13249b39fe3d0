"""A table of themes as numbered cells, and everything that a reader knows about them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.estimation.arrays import IntArray
    from qualcode.estimation.codetree import CodeTree

Fact: TypeAlias = tuple[dict[int, int], float, float]
"""Cells with their factors, and between which two numbers their sum lies."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Columns that are parts of another: `parts` are its groups, `whole` all of them together.

    Respondents of the whole who are in no group are known by subtraction: their counts, which no
    column prints, are protected as well.
    """

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ThemeTable:
    """Counts `k` (C × L) of codes in columns, their bases `n` (L), and how these hang together.

    The first column is the whole base. `any_code` is how many of it have any theme, where that is
    printed beside it; `is_any_code` tells that they are the base.
    """

    k: IntArray
    n: IntArray
    tree: CodeTree
    breakdowns: tuple[Breakdown, ...] = ()
    any_code: int | None = None
    is_any_code: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The cells by number: bases (L), counts code after code (C × L), the number with any theme.

    The first `printed` columns are those of the table; there is one more for each breakdown that
    leaves respondents out. `sums` are wholes and their parts.
    """

    k: IntArray
    n: IntArray
    tree: CodeTree
    printed: int
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    any_code: int | None
    is_any_code: bool

    @property
    def values(self) -> list[int]:
        """What the cells hold."""
        last = [] if self.any_code is None else [self.any_code]
        return [*self.n.tolist(), *self.k.ravel().tolist(), *last]

    @property
    def any_code_cell(self) -> int:
        """The cell of the number with any theme, if there is one."""
        return self.cell(len(self.tree), 0)

    def cell(self, code: int, column: int) -> int:
        """The cell of a count; that of the base under code -1."""
        return self.n.size * (code + 1) + column

    def row(self, code: int) -> IntArray:
        """The cells of a code; those of the bases under code -1."""
        return np.arange(self.cell(code, 0), self.cell(code + 1, 0))

    def facts(self) -> list[Fact]:
        """Everything that is known about the cells."""
        sums = [fact for code in range(-1, len(self.tree)) for fact in self.sums_of(code)]
        return [*sums, *self._within_bases(), *self._nets(), *self._any_theme()]

    def sums_of(self, code: int) -> Iterator[Fact]:
        """The wholes of one row are the sums of their parts."""
        for whole, parts in self.sums:
            factors = {self.cell(code, part): -1 for part in parts}
            yield {self.cell(code, whole): 1} | factors, 0, 0

    def _within_bases(self) -> Iterator[Fact]:
        for code in range(len(self.tree)):
            for column in range(self.n.size):
                yield {self.cell(code, column): 1, self.cell(-1, column): -1}, -inf, 0

    def _nets(self) -> Iterator[Fact]:
        """Give what holds of a parent: no smaller than a child, and, if so, no larger than all.

        That nobody has the parent alone is no secret where it holds throughout.
        """
        parents = self.tree.parents
        for parent in range(len(self.tree)):
            children = np.flatnonzero((parents == parent) & self.tree.are_themes)
            is_net = children.size and (self.k[parent] <= self.k[children].sum(axis=0)).all()
            for column in range(self.n.size):
                own = {self.cell(parent, column): 1}
                for child in children.tolist():
                    yield own | {self.cell(child, column): -1}, 0, inf
                if is_net:
                    yield own | {self.cell(c, column): -1 for c in children.tolist()}, -inf, 0

    def _any_theme(self) -> Iterator[Fact]:
        """Give what the number with any theme says: each has one of the codes at the top."""
        tops = np.flatnonzero((self.tree.parents < 0) & self.tree.are_themes).tolist()
        if self.any_code is not None:
            factors = {self.cell(code, 0): 1 for code in tops}
            yield factors | {self.any_code_cell: -1}, 0, inf
            yield {self.any_code_cell: 1, self.cell(-1, 0): -1}, -inf, 0
            for code in tops:
                yield {self.any_code_cell: 1, self.cell(code, 0): -1}, 0, inf
        for column in range(self.n.size) if self.is_any_code else ():
            factors = {self.cell(code, column): 1 for code in tops}
            yield factors | {self.cell(-1, column): -1}, 0, inf


def layout(table: ThemeTable) -> Layout:
    """The cells of a table; raises InputError for counts that contradict each other."""
    k, n = np.asarray(table.k, dtype=np.int64), np.asarray(table.n, dtype=np.int64)
    if k.shape != (len(table.tree), n.size):
        raise InputError(f"counts of shape {k.shape} for {len(table.tree)} codes × {n.size} bases")
    sums = []
    for breakdown in table.breakdowns:
        parts = breakdown.parts
        rest_k = k[:, breakdown.whole] - k[:, list(parts)].sum(axis=1)
        rest_n = n[breakdown.whole] - n[list(parts)].sum()
        if rest_n:
            parts = (*parts, n.size)
            k, n = np.column_stack([k, rest_k]), np.append(n, rest_n)
        elif rest_k.any():
            raise InputError("the counts of the groups do not add up, though their bases do")
        sums.append((breakdown.whole, parts))
    if (k < 0).any() or (k > n).any():
        raise InputError("a count is below 0, above its base, or the groups exceed the whole")
    return Layout(k, n, table.tree, table.n.size, tuple(sums), table.any_code, table.is_any_code)
