"""Small cells: which must not be printed, and cells without what must not be known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.estimation import suppress, suppress_counts
from qualcode.estimation.reading import theme_table
from qualcode.study.frequencies.report import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.study.frequencies.wish import Wish

LEAST_BASE = 10


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a table of themes must not show.

    `cells` are rows of themes with the whole base first, `bases` are the columns whose n is
    hidden. `added` cells are hidden only to protect others.
    """

    cells: tuple[tuple[bool, ...], ...]
    bases: tuple[bool, ...]
    is_of_responses: bool
    is_any_code: bool
    added: int

    @property
    def count(self) -> int:
        """How many cells are hidden."""
        return sum(map(sum, self.cells))


@dataclass(frozen=True, slots=True)
class Counts:
    """A table to protect: `k` a row a theme, `n` their bases, the whole base first.

    `parts` are a column and those that it is divided into. `any_code` of the whole base have any
    theme, None where that is printed of nobody.
    """

    paths: tuple[str, ...]
    k: tuple[tuple[int, ...], ...]
    n: tuple[int, ...]
    parts: tuple[tuple[int, tuple[int, ...]], ...] = ()
    any_code: int | None = None
    is_any_code: bool = False


def nothing_hidden(table: Counts) -> Hidden:
    """A table that shows everything."""
    return Hidden(
        tuple(tuple(False for _ in row) for row in table.k),
        tuple(False for _ in table.n),
        is_of_responses=False,
        is_any_code=False,
        added=0,
    )


def hidden(table: Counts, threshold: int) -> Hidden:
    """What must not be shown of a table; all of it where some cell cannot be protected."""
    made = theme_table(
        table.k,
        table.n,
        table.paths,
        table.parts,
        table.any_code,
        is_any_code=table.is_any_code,
    )
    found = suppress(made, threshold, LEAST_BASE)
    if found.unprotected:
        return _everything(table)
    return Hidden(
        tuple(map(tuple, found.cells.tolist())),
        tuple(found.bases.tolist()),
        found.responses,
        found.any_code,
        found.added,
    )


def _everything(table: Counts) -> Hidden:
    """Hide all cells, and the bases of all groups."""
    return Hidden(
        tuple(tuple(True for _ in row) for row in table.k),
        tuple(place > 0 for place in range(len(table.n))),
        is_of_responses=True,
        is_any_code=True,
        added=len(table.k) * len(table.n),
    )


def small_counts(counts: Sequence[int], n: int, wish: Wish) -> list[bool]:
    """Which counts of a row, whose sum everybody can work out, must not be shown; each is of n."""
    if wish.is_internal or not counts:
        return [False for _ in counts]
    if 0 < n < max(LEAST_BASE, wish.threshold):
        return [True for _ in counts]
    table = suppress_counts([list(counts)], wish.threshold)
    few = [count > 0 and (count < wish.threshold or n - count < wish.threshold) for count in counts]
    return [
        is_few or is_partner for is_few, is_partner in zip(few, table[0].tolist(), strict=False)
    ]


def without(cell: Cell, *, is_hidden: bool, is_base_hidden: bool) -> Cell:
    """A cell as it may be shown."""
    if is_hidden or is_base_hidden:
        return Cell(None, None if is_base_hidden else cell.n, is_suppressed=True)
    return cell


def shown(count: int, wish: Wish, least: int = 0) -> int | None:
    """A count as it may be shown: not if it is small, which is below the threshold or `least`."""
    if wish.is_internal or not 0 < count < max(least, wish.threshold):
        return count
    return None
