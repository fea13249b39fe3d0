"""The table of themes before anything is hidden, and its rows and tests as they may be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode.estimation import (
    Association,
    Weighted,
    adjusted,
    crosstab,
    frequencies,
    odds_ratio,
    of_responses,
)
from qualcode.estimation.reading import marked, nested, size
from qualcode.model import Estimate
from qualcode.study.frequencies.hiding import Counts, hidden, nothing_hidden, shown, without
from qualcode.study.frequencies.report import Cell, Group, Grouping, Row, Test

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.estimation import CodeByGroup, Effect, Share
    from qualcode.estimation.arrays import BoolArray
    from qualcode.model import Code
    from qualcode.study.frequencies.counting import Counted
    from qualcode.study.frequencies.groups import Groups
    from qualcode.study.frequencies.hiding import Hidden
    from qualcode.study.frequencies.wish import Wish


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Themes in the whole base of n respondents and in groups; everything as it is.

    `by` holds for each grouping what it does to each theme, `sizes` how many are in its groups.
    """

    themes: tuple[Code, ...]
    n: int
    shares: tuple[Share, ...]
    groups: tuple[Groups, ...]
    sizes: tuple[list[int], ...]
    by: tuple[tuple[CodeByGroup, ...], ...]

    def counts(self) -> tuple[tuple[int, ...], ...]:
        """How many have each theme, in all and in every group."""
        return tuple(
            (share.k, *(one.k for found in self.by for one in found[place].shares))
            for place, share in enumerate(self.shares)
        )

    def bases(self) -> tuple[int, ...]:
        """How many there are in all and in every group."""
        return (self.n, *(size for sizes in self.sizes for size in sizes))

    def columns(self) -> Iterator[range]:
        """The columns of each grouping, where the whole base is the first."""
        start = 1
        for sizes in self.sizes:
            yield range(start, start + len(sizes))
            start += len(sizes)

    def parts(self, base: BoolArray) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Columns and those that they are divided into.

        Groups that lie within those of another attribute, as counties in regions, divide these:
        who reads both can subtract.
        """
        columns = list(self.columns())
        for number, own in enumerate(columns):
            found = [
                [above[max(place, 0)] for place in places]
                for other, above in enumerate(columns)
                if (len(above), other) < (len(own), number)
                and (places := self._within(number, other, base)) is not None
            ]
            for wholes in found or [[0 for _ in own]]:
                for whole in dict.fromkeys(wholes):
                    yield whole, tuple(c for c, w in zip(own, wholes, strict=True) if w == whole)

    def _within(self, inner: int, outer: int, base: BoolArray) -> list[int] | None:
        one = self.groups[inner]
        return nested(one.place, self.groups[outer].place, base, len(one.values))

    def groupings(self, covered: Hidden) -> tuple[Grouping, ...]:
        """The groups as they may be shown."""
        return tuple(
            _grouping(one, sizes, [covered.bases[column] for column in columns], self.n)
            for one, sizes, columns in zip(self.groups, self.sizes, self.columns(), strict=True)
        )


def _grouping(found: Groups, sizes: list[int], are_hidden: list[bool], n: int) -> Grouping:
    groups = tuple(
        Group(found.attribute, value, None if is_hidden else count)
        for value, count, is_hidden in zip(found.values, sizes, are_hidden, strict=True)
    )
    return Grouping(found.attribute, groups, None if any(are_hidden) else n - sum(sizes))


def measured(found: Counted, groups: tuple[Groups, ...]) -> Table:
    """The table of a question."""
    places = found.coded.themes

    def indicators() -> Iterator[BoolArray]:
        return (found.agreed.present(place) for place in places)

    return Table(
        tuple(found.coded.codes[place] for place in places),
        size(found.domain),
        frequencies(indicators(), found.domain, found.design),
        groups,
        tuple(one.sizes(found.domain) for one in groups),
        tuple(
            crosstab(indicators(), found.domain, found.design, one.place, len(one.values))
            for one in groups
        ),
    )


def protected(found: Counted, table: Table, wish: Wish) -> Hidden:
    """What of the table must not be shown."""
    themes = marked(found.coded.themes, len(found.coded.codes))
    with_theme = size(found.domain & found.agreed.any_of(themes))
    any_code = found.bases.n["any_code"]
    is_base = found.base == "any_code"
    counts = Counts(
        tuple(code.path for code in table.themes),
        table.counts(),
        table.bases(),
        tuple(table.parts(found.domain)),
        any_code if with_theme == any_code and not is_base else None,
        is_any_code=is_base,
    )
    if wish.is_internal:
        return nothing_hidden(counts)
    covered = hidden(counts, wish.threshold)
    if with_theme != any_code and covered.count:
        # It bounds what is hidden all the same, in a way that was not looked into.
        return replace(covered, is_any_code=True)
    return covered


def rows_of(
    found: Counted,
    table: Table,
    covered: Hidden,
    by_rule: Sequence[dict[str, Cell]],
    wish: Wish,
) -> tuple[Row, ...]:
    """The rows of the table as they may be shown."""
    leaves = [bool(found.coded.tree.are_leaves[place]) for place in found.coded.themes]
    parts = of_responses([share.k for share in table.shares], leaves)
    unresolved = found.agreed.unresolved(found.domain).tolist()
    rows = []
    for place, code in enumerate(table.themes):
        is_hidden = covered.cells[place][0]
        share = table.shares[place]
        everybody = None if found.unknown else share
        cell = without(
            _with_row_share(cell_of(share, found), share, everybody),
            is_hidden=is_hidden,
            is_base_hidden=covered.bases[0],
        )
        is_part_known = not (covered.is_of_responses or found.unknown)
        ties = unresolved[found.coded.themes[place]]
        rows.append(
            Row(
                code,
                cell,
                parts[place] if is_part_known else None,
                None if is_hidden else shown(ties, wish),
                tuple(_cells(found, table, covered, place)),
                by_rule[place] if by_rule else {},
            )
        )
    return tuple(rows)


def _cells(found: Counted, table: Table, covered: Hidden, place: int) -> Iterator[tuple[Cell, ...]]:
    """One theme in the groups of each grouping."""
    everybody = None if covered.cells[place][0] or found.unknown else table.shares[place]
    for by, columns in zip(table.by, table.columns(), strict=True):
        yield tuple(
            without(
                _with_row_share(cell_of(share, found), share, everybody),
                is_hidden=covered.cells[place][column],
                is_base_hidden=covered.bases[column],
            )
            for share, column in zip(by[place].shares, columns, strict=True)
        )


def cell_of(share: Share, found: Counted) -> Cell:
    """A share as a cell, without what is not known while answers wait to be coded."""
    if not found.unknown:
        total = share.total if found.is_whole else None
        return Cell(share.k, share.n, share.unweighted, share.weighted, total)
    nothing = Estimate(reason=found.unknown)
    weighted = Weighted(nothing, None, share.weighted.df) if share.weighted else None
    return Cell(share.k, share.n, nothing, weighted)


def _with_row_share(cell: Cell, share: Share, everybody: Share | None) -> Cell:
    """Add which part of all with the code are in this group."""
    if everybody is None or not everybody.k:
        return cell
    weighted = None
    if share.total and everybody.total and everybody.total.value:
        weighted = (share.total.value or 0.0) / everybody.total.value
    return replace(cell, of_row=share.k / everybody.k, weighted_of_row=weighted)


def tests_of(found: Counted, table: Table, covered: Hidden) -> Iterator[Test]:
    """Whether the groups of each grouping differ in each theme; a family is a grouping."""
    for groups, by, columns in zip(table.groups, table.by, table.columns(), strict=True):
        associations = [_association(one, found) for one in by]
        for place, (ps, one) in enumerate(zip(adjusted(associations), by, strict=True)):
            code = table.themes[place]
            if any(covered.cells[place][column] for column in columns):
                blank = Association(associations[place].name)
                yield Test(code, groups.attribute, blank, is_suppressed=True)
            else:
                odds = None if found.unknown else _odds_ratio(one)
                yield Test(code, groups.attribute, associations[place], *ps, odds)


def _association(one: CodeByGroup, found: Counted) -> Association:
    return Association(one.test.name, reason=found.unknown) if found.unknown else one.test


def _odds_ratio(one: CodeByGroup) -> Effect | None:
    """The odds ratio of two groups; Woolf's error is that of a simple random sample."""
    if len(one.shares) != 2 or any(share.weighted for share in one.shares):  # noqa: PLR2004
        return None
    (a, b), (c, d) = ((share.k, share.n - share.k) for share in one.shares)
    return odds_ratio(a, b, c, d)
