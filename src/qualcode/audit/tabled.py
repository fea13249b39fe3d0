"""The percentages and counts in the tables of a manuscript."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode.audit.beside import beside
from qualcode.audit.cells import counts_in, is_base_label, is_total_label, is_whole, with_sign
from qualcode.audit.columns import BASE_IN_HEADER, is_theme_header
from qualcode.audit.layout import Counted, Layout
from qualcode.audit.mentions import Mention
from qualcode.audit.percents import percentages
from qualcode.audit.sections import surroundings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from qualcode.audit.columns import Column
    from qualcode.audit.manuscript import Manuscript
    from qualcode.audit.names import Finder
    from qualcode.audit.printed import Printed
    from qualcode.audit.sections import Surrounded

_WEIGHTED = re.compile(r"(?<![\w-])weighted\b", re.IGNORECASE)
_DIGIT = re.compile("[0-9]")
_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
_PATH = re.compile(r"\s?[/›»>:→]\s?")


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as the audit sees it, with its mentions; rows and columns count from 0.

    `labels` name the rows, `variables` are what stands in a first of two columns of labels,
    `totals` are the rows that add up the others, `counted` those with a number in them.
    """

    around: Surrounded
    number: int
    columns: tuple[Column, ...]
    headers: int
    labels: tuple[str, ...]
    variables: tuple[str, ...]
    totals: frozenset[int]
    counted: frozenset[int]
    mentions: tuple[Mention, ...]

    def body(self) -> Iterator[int]:
        """The rows below the header that are no totals and no bases."""
        return (
            row
            for row in range(self.headers, len(self.labels))
            if row not in self.totals and not is_base_label(self.labels[row])
        )


def read_tables(
    manuscript: Manuscript, themes: Finder, groups: Finder, known_bases: Collection[int]
) -> list[ReadTable]:
    """Every table of the manuscript, in order."""
    return [
        _Reading(Layout(around, known_bases), number, themes, groups).read()
        for number, around in enumerate(surroundings(manuscript), 1)
        if around.table.rows and around.table.rows[0]
    ]


def theme_named(label: str, themes: Finder) -> str:
    """The theme that a label is, alone or as the end of a path; empty if it is none."""
    bare = _ASIDE.sub("", label)
    return themes.exactly(label) or themes.exactly(bare) or themes.exactly(_PATH.split(bare)[-1])


class _Reading:
    """Reads the mentions of one table."""

    def __init__(self, layout: Layout, number: int, themes: Finder, groups: Finder) -> None:
        self._layout = layout
        self._number = number
        self._themes = themes
        self._groups = groups
        told = _WEIGHTED.search(layout.around.said) is not None
        self._are_themes = self._has_themes()
        self._is_weighted = told and not any(column.is_weighted for column in layout.columns)

    def read(self) -> ReadTable:
        """Read every row below the header."""
        layout = self._layout
        rows = (row for row in layout.body() if not is_base_label(layout.labels[row]))
        return ReadTable(
            layout.around,
            self._number,
            layout.columns,
            layout.headers,
            layout.labels,
            layout.variables,
            layout.totals,
            frozenset(row for row in layout.body() if self._is_counted(row)),
            tuple(mention for row in rows for mention in self._row(row)),
        )

    def _is_counted(self, row: int) -> bool:
        places = self._layout.with_role("percent", "count", "ratio")
        return any(_DIGIT.search(self._layout.text(row, place)) for place in places)

    def _row(self, row: int) -> Iterator[Mention]:
        percents = self._layout.with_role("percent")
        for column in percents:
            if self._layout.rows[row][column].is_repeated:
                continue
            if found := self._percent(row, column):
                yield found
            else:
                yield from self._counted(row, self._layout.counts_of(row, column))
        if not percents:
            yield from self._counts(row)

    def _counts(self, row: int) -> Iterator[Mention]:
        """Give the counts of a row in a table without percentages."""
        layout = self._layout
        counts = layout.with_role("count", "ratio")
        of_bases = [place for place in counts if layout.holds_bases(place)]
        base = counts_in(layout.text(row, of_bases[0]))[0] if of_bases else None
        for column in counts:
            if column not in of_bases:
                k, n = counts_in(layout.text(row, column))
                yield from self._counted(row, Counted(k, base if n is None else n, column))

    def _percent(self, row: int, place: int) -> Mention | None:
        layout, column = self._layout, self._layout.columns[place]
        text = with_sign(layout.text(row, place), column.header)
        hits = percentages(text)
        if not hits or hits[0].use == "level":
            return None
        hit, own = hits[0], beside(text, hits)[0]
        near = layout.counts_of(row, place)
        own_k = own.k if own.k is not None else own.either
        bare = Mention(
            place=layout.rows[row][place].place,
            shown=" ".join(layout.text(row, place).split()),
            percent=hit.printed,
            hedge=hit.hedge,
            k=near.k if own_k is None else own_k,
            n=near.n if own.n is None else own.n,
            bases=layout.bases_of(row, place),
            nearby=layout.said_bases,
            interval=hit.interval or layout.interval_of(row, place),
            is_weighted=column.is_weighted or (self._is_weighted and not column.is_unweighted),
            is_of_responses=column.is_of_responses,
            aside=self._aside(row, column, hit.printed),
        )
        return self._about(row, place, bare)

    def _aside(self, row: int, column: Column, percent: Printed) -> str:
        if column.is_agreement:
            return "agreement between coders"
        is_total = row in self._layout.totals and (is_whole(percent) or percent.value > 100)  # noqa: PLR2004
        return "a total of percentages" if is_total else ""

    def _counted(self, row: int, counted: Counted) -> Iterator[Mention]:
        """Give the count of a theme where no percentage stands beside it."""
        if counted.k is None or counted.at is None:
            return
        cell = self._layout.rows[row][counted.at]
        if cell.is_repeated or not self._theme(row):
            return
        bases, shown = self._layout.bases_of(row, counted.at), " ".join(cell.text.split())
        bare = Mention(cell.place, shown, k=counted.k, n=counted.n, bases=bases)
        yield self._about(row, counted.at, bare)

    def _about(self, row: int, place: int, mention: Mention) -> Mention:
        """Add the theme and the group, which stand before the row and above the column.

        Themes may stand above the columns as well, and groups before the rows.
        """
        layout, column = self._layout, self._layout.columns[place]
        label = _bare(layout.labels[row])
        theme, of = self._theme(row), column.words
        is_only = len(layout.with_role(column.role)) == 1
        if not theme and (theme := theme_named(column.words, self._themes)):
            of, is_only = ("" if is_total_label(label) else label), False
        group = self._group(of) or self._group(_bare(layout.variables[row]))
        return replace(
            mention,
            themes=(theme,) if theme else (),
            is_theme_sure=bool(theme),
            groups=(group,) if group else (),
            is_group_sure=bool(group),
            is_part=bool(of) and not group and not is_only,
            said=f"{layout.around.caption}\n{layout.around.headings}",
            table=self._number,
            row=row,
            column=place,
        )

    def _theme(self, row: int) -> str:
        """Give the theme that a row is about, in a table whose rows are themes."""
        if not self._are_themes:
            return ""
        return theme_named(_bare(self._layout.labels[row]), self._themes)

    def _has_themes(self) -> bool:
        """Whether more than one row is a theme, or half of them are, or the header says so.

        A single row among others may have the name of a theme by chance, such as “Other”.
        """
        layout = self._layout
        labels = [_bare(layout.labels[row]) for row in layout.body() if layout.labels[row]]
        themes = sum(bool(theme_named(label, self._themes)) for label in labels)
        is_said = is_theme_header(layout.columns, layout.around.caption)
        return themes > 1 or themes * 2 >= len(labels) or is_said

    def _group(self, words: str) -> str:
        """Give the group that a header or a label names, empty for none or several."""
        if group := self._groups.exactly(words):
            return group
        inside = {found.name for found in self._groups.find(words)}
        return inside.pop() if len(inside) == 1 else ""


def _bare(label: str) -> str:
    """Give a label without its base."""
    return BASE_IN_HEADER.sub("", label).strip()
