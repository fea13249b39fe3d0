"""How a table is laid out: which cells belong together, and of which base they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from qualcode.audit.beside import stated
from qualcode.audit.cells import counts_in, is_base_label, is_total_label, is_whole, number_in
from qualcode.audit.columns import BASE_IN_HEADER, columns, header_rows
from qualcode.audit.grim import share
from qualcode.audit.intervals import is_interval
from qualcode.audit.printed import explaining
from qualcode.audit.ranges import ranges, without_digits
from qualcode.audit.words import COUNT, count_value, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from qualcode.audit.columns import Role
    from qualcode.audit.printed import Printed
    from qualcode.audit.sections import Surrounded

_OF_BASES = re.compile(r"\bn\s?=|\bbases?\b", re.IGNORECASE)
_NO_BASE = re.compile(r"(?:\b(?:table|tab\.|note|in|since)\s|[p<>]\s?[=<>]?\s?|\.)$", re.IGNORECASE)
_COUNTS: frozenset[Role] = frozenset({"count", "base", "ratio"})


@dataclass(frozen=True, slots=True)
class Counted:
    """A count and a base beside a percentage; the count stands in the column `at`."""

    k: int | None = None
    n: int | None = None
    at: int | None = None


class Layout:
    """A table with its header and its labels told apart; rows and columns count from 0."""

    def __init__(self, around: Surrounded, known_bases: Collection[int]) -> None:
        self.around = around
        self.rows = around.table.rows
        self.headers = header_rows(around.table)
        self.columns = columns(around, self.headers)
        self.labels = tuple(self._label(row) for row in range(len(self.rows)))
        self.totals = frozenset(row for row in self.body() if is_total_label(self.labels[row]))
        self._known_bases = frozenset(known_bases)
        self._are_bases: dict[tuple[int, int], bool] = {}
        self._below: dict[tuple[int, int], tuple[int, ...]] = {}

    def body(self) -> range:
        """The rows below the header."""
        return range(self.headers, len(self.rows))

    def text(self, row: int, column: int) -> str:
        """The text of a cell, in one kind of space."""
        return plain(self.rows[row][column].text).strip()

    def with_role(self, *roles: Role) -> list[int]:
        """The columns that hold one of these."""
        return [place for place, column in enumerate(self.columns) if column.role in roles]

    @cached_property
    def said_bases(self) -> tuple[int, ...]:
        """The bases that the caption and the notes state."""
        return tuple(dict.fromkeys(n for n in _said_bases(self.around) if n > 0))

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """For each row what stands in the first of two columns of labels, else nothing."""
        labels = self._label_columns
        found = [""] * len(self.rows)
        if len(labels) > 1:
            for row in self.body():
                above = found[row - 1] if row > self.headers else ""
                found[row] = self.text(row, labels[0]) or above
        return tuple(found)

    def bases_of(self, row: int, column: int) -> tuple[int, ...]:
        """The bases of a cell: its row's, its column's, or for all respondents the caption's."""
        for text in (self.labels[row], self.variables[row], self.columns[column].header):
            if base := BASE_IN_HEADER.search(text):
                return (count_value(base[1]),)
        found = self._bases_below(column, row if row in self.totals else -1)
        return found if found or self.columns[column].words else self.said_bases

    def counts_of(self, row: int, column: int) -> Counted:
        """The count and the base in the columns that belong to the percentages of `column`."""
        k = n = at = None
        for near in self.beside(column, *_COUNTS):
            first, second = counts_in(self.text(row, near))
            if second is not None:
                k, n, at = first, second, near
            elif self._is_of_bases(near, column):
                n = first if n is None else n
            elif k is None:
                k, at = first, near
        if n is None:
            n = next(self._shared_bases(row, column), None)
        return Counted(k, n, at)

    def _shared_bases(self, row: int, column: int) -> Iterator[int]:
        """Give the bases that stand beside other percentages of the same respondents."""
        for other in self.with_role("percent"):
            if other != column and self.columns[other].words == self.columns[column].words:
                for near in self.beside(other, *_COUNTS):
                    k, n = counts_in(self.text(row, near))
                    if n is not None:
                        yield n
                    elif k is not None and self._is_of_bases(near, other):
                        yield k

    def holds_bases(self, column: int) -> bool:
        """Whether a column of counts has one known base in all rows."""
        found = {counts_in(self.text(row, column)) for row in self.body()}
        (k, n), *others = found
        return not others and n is None and k in self._known_bases and len(self.body()) > 1

    def interval_of(self, row: int, column: int) -> tuple[Printed, Printed] | None:
        """The interval in the columns that belong to the percentages of `column`."""
        if near := self.beside(column, "interval"):
            return is_interval(self.text(row, near[0]))
        low, high = self.beside(column, "low"), self.beside(column, "high")
        if not (low and high):
            return None
        ends = number_in(self.text(row, low[0])), number_in(self.text(row, high[0]))
        return (ends[0], ends[1]) if ends[0] and ends[1] else None

    def beside(self, column: int, *roles: Role) -> list[int]:
        """The columns of these roles that belong to the percentages of `column`."""
        percents, wanted = self.with_role("percent"), self.with_role(*roles)
        if column not in percents or len(percents) == 1:
            return wanted
        words = self.columns[column].words
        same = [place for place in wanted if self.columns[place].words == words]
        if sum(self.columns[place].words == words for place in percents) > 1:
            return [place for place in same if self._percents_of(place, percents) == column]
        shared = ("base",) if "base" in roles else ()
        return same or [p for p in self.with_role(*shared) if not self.columns[p].words]

    @cached_property
    def _label_columns(self) -> list[int]:
        return self.with_role("label")[:2] or [0]

    def _label(self, row: int) -> str:
        texts = [self.text(row, column) for column in self._label_columns]
        return next((text for text in reversed(texts) if text), "")

    def _percents_of(self, column: int, percents: Sequence[int]) -> int:
        """Give the percentages that a column stands next to: counts may come before them."""
        counts_lead = any(place < percents[0] for place in self.with_role(*_COUNTS))
        right = [place for place in percents if place > column]
        left = [place for place in percents if place < column]
        if right and (not left or (counts_lead and self.columns[column].role in _COUNTS)):
            return right[0]
        return left[-1]

    def _bases_below(self, column: int, row: int) -> tuple[int, ...]:
        """Give what the rows of bases and of totals, but for `row`, have for a column."""
        if (column, row) not in self._below:
            self._below[column, row] = tuple(
                dict.fromkeys(
                    n
                    for other in self.body()
                    if is_base_label(self.labels[other]) or (other in self.totals and other != row)
                    for n in self._base_in(other, column)
                )
            )
        return self._below[column, row]

    def _base_in(self, row: int, column: int) -> Iterator[int]:
        for near in (column, *self.beside(column, "count", "base")):
            text = self.text(row, near)
            k, n = counts_in(text)
            is_share = near == column and ("%" in text or is_whole(number_in(text)))
            if k and n is None and not is_share:
                yield k

    def _is_of_bases(self, column: int, percents: int) -> bool:
        """Whether a column of counts holds bases: the same in all rows, or only known ones."""
        if self.columns[column].role == "base":
            return True
        if (column, percents) not in self._are_bases:
            self._are_bases[column, percents] = self._seems_of_bases(column, percents)
        return self._are_bases[column, percents]

    def _seems_of_bases(self, column: int, percents: int) -> bool:
        rows = [row for row in self.body() if row not in self.totals]
        values = [k for row in rows if (k := counts_in(self.text(row, column))[0]) is not None]
        if len(values) > 1 and len(set(values)) == 1:
            return sum(self._is_counted(row, column, percents) for row in rows) * 2 <= len(values)
        return bool(values) and all(value in self._known_bases for value in values)

    def _is_counted(self, row: int, column: int, percents: int) -> bool:
        """Whether the percentage of a row is what a column is of some base."""
        percent = number_in(self.text(row, percents))
        k = counts_in(self.text(row, column))[0]
        if percent is None or k is None:
            return False
        bases = {*self.bases_of(row, percents), *self._known_bases}
        return any(n >= k and n > 0 and explaining(percent, share(k, n)) for n in bases)


def _said_bases(around: Surrounded) -> Iterator[int]:
    text = f"{around.caption}. {around.notes}"
    text = without_digits(text, (span[:2] for span in ranges(text)))
    said = stated(text)
    yield from (*said.firm, *said.loose)
    for sentence in re.split(r"[.\n]\s", text):
        if _OF_BASES.search(sentence):
            for match in re.finditer(COUNT, sentence, re.IGNORECASE):
                if not _NO_BASE.search(sentence[: match.start()]):
                    yield count_value(match[0])
