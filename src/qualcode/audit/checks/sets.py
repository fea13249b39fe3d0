"""Sets of shares: what excludes each other adds to 100, what may stand together need not.

A set is closed where the table says so, where its total is 100 %, where its counts add to their
base, or where the study knows its labels as the values of one attribute; in the text only by these
(`wholes`). It is of several answers where the table says so or its rows are themes of a question
whose answers may have many.
Of any other set only one thing is concluded: a sum just above 100, by more than rounding and by
less than a tenth, is a closed set with a wrong number, or one that must say what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.audit.checks.wholes import wholes
from qualcode.audit.findings import Finding
from qualcode.audit.labels import Labels
from qualcode.audit.printed import rounded
from qualcode.audit.sentences import parts
from qualcode.audit.tabled import theme_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qualcode.audit.findings import Outcome
    from qualcode.audit.known import Known
    from qualcode.audit.manuscript import Place
    from qualcode.audit.mentions import Mention
    from qualcode.audit.names import Finder
    from qualcode.audit.passages import Sentence
    from qualcode.audit.tabled import ReadTable

Kind: TypeAlias = Literal["closed", "several", "open"]

_SEVERAL = re.compile(
    r"\b(?:several|multiple|more than one|two or more)\s(?:\w+\s){0,2}?(?:answers?|responses?|"
    r"themes?|mentions?|codes?|options?|choices?|categor\w+|units?|possible)\b|"
    r"\bmulti(?:ple)?[- ]?(?:response|answer|cod)\w*|\b(?:not|n't|need not|cannot)\s(?:have to\s)?"
    r"(?:add|sum|total)\b|\b(?:exceeds?|more than|above|over)\s(?:a total of\s)?100\b|"
    r"\boverlap\w*|\bnot (?:mutually )?exclusive\b|\b(?:check|select|tick|mark)(?:ed)? all\b|"
    r"\bmore than one\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"(?<!not )(?<!n't )\b(?:add(?:s|ed)?|sum(?:s|med)?)\s(?:up\s)?to\s(?:about\s)?100\b|"
    r"(?<!not )\bmutually exclusive\b|(?<!than )\b(?:one|single|exactly one)\s(?:answer|choice|"
    r"response|code|category)\b|(?<!not )\bexclusive (?:categories|codes|answers)\b|"
    r"\bto 100\b[^.]{0,40}\brounding\b|\brounding\b[^.]{0,40}\bto 100\b",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\b(?:the (?:rest|remaining|remainder|others?)|remaining)\b|"
    r"\bmen\b.*\bwomen\b|\bwomen\b.*\bmen\b|\bmales?\b.*\bfemales?\b|\bfemales?\b.*\bmales?\b|"
    r"\byes\b.*\bno\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"(?:%|per\s?cent)\s(?:of|among|in|at)\b", re.IGNORECASE)
_HUNDRED, _HIGHEST = 100, 110
_TOTAL = (99, 101)
_MOST_SHOWN = 5
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class SetOfShares:
    """Shares that belong together, at the place of the first; `what` names them."""

    place: Place
    what: str
    kind: Kind
    members: tuple[Mention, ...]

    @property
    def total(self) -> Fraction:
        """What the shares add to."""
        return sum((one.percent.value for one in self.members if one.percent), Fraction(0))

    @property
    def low(self) -> Fraction:
        """The least that rounded or cut-off shares of a whole add to."""
        return _HUNDRED - self._units()

    @property
    def high(self) -> Fraction:
        """The most that rounded shares of a whole add to: half a unit more for each."""
        return _HUNDRED + self._units() / 2

    @property
    def decimals(self) -> int:
        """The decimals of the shares."""
        return max((one.percent.decimals for one in self.members if one.percent), default=0)

    def _units(self) -> Fraction:
        return sum((one.percent.unit for one in self.members if one.percent), Fraction(0))


def sets_of(
    tables: Iterable[ReadTable],
    sentences: Iterable[tuple[Sentence, tuple[Mention, ...]]],
    known: Known,
    themes: Finder,
) -> list[SetOfShares]:
    """The sets of the tables, by columns or by rows, and of the sentences with their mentions."""
    found = [one for table in tables for one in _of_table(table, known, themes)]
    pairs = list(sentences)
    whole = [
        SetOfShares(members[0].place, "these shares", "closed", members)
        for members in wholes(pairs, known)
    ]
    taken = {member for one in whole for member in one.members}
    listed = [one for pair in pairs for one in _of_sentence(*pair)]
    return [*found, *whole, *(one for one in listed if taken.isdisjoint(one.members))]


def check_sets(sets: Iterable[SetOfShares], outcomes: list[Outcome]) -> list[Finding]:
    """Say which sets do not add to 100.

    Where a member has already failed by itself the sum is added to what is said of it: `outcomes`
    are changed in place.
    """
    findings: list[Finding] = []
    failed = {one.mention: place for place, one in enumerate(outcomes) if one.is_failed}
    for one in sets:
        if not (wrong := _wrong(one)):
            continue
        failing = next((failed[member] for member in one.members if member in failed), None)
        if failing is not None:
            outcomes[failing] = _also(outcomes[failing], one)
        else:
            findings.append(_finding(one, wrong))
    return findings


def _wrong(one: SetOfShares) -> str:
    total, high = one.total, one.high
    if one.kind == "several" or one.low <= total <= high or any(m.hedge for m in one.members):
        return ""
    shown = rounded(total, one.decimals)
    if one.kind == "closed":
        return f"{one.what} exclude each other and add to {shown} %"
    return f"{one.what} add to {shown} %" if high < total <= _HIGHEST else ""


def _finding(one: SetOfShares, wrong: str) -> Finding:
    shown = " + ".join(str(member.percent) for member in one.members[:_MOST_SHOWN])
    more = len(one.members) - _MOST_SHOWN
    shown = f"{shown} + {more} more" if more > 0 else shown
    right = (
        f"100 %, by rounding {rounded(one.low, one.decimals)} to {rounded(one.high, one.decimals)}"
    )
    if one.kind == "open":
        right += "; if several answers were possible, say so beside them"
    return Finding("error", "sum", one.place, shown, wrong, right)


def _also(outcome: Outcome, one: SetOfShares) -> Outcome:
    first, *rest = outcome.findings
    total = rounded(one.total, one.decimals)
    said = replace(first, wrong=f"{first.wrong}; with it {one.what} add to {total} %")
    return replace(outcome, findings=(said, *rest))


def _of_table(table: ReadTable, known: Known, themes: Finder) -> Iterator[SetOfShares]:
    cells = {
        (mention.row, mention.column): mention
        for mention in table.mentions
        if mention.percent is not None and not mention.aside
    }
    by_rows = list(_across(table, cells))
    if by_rows:
        yield from by_rows
        return
    blocks = list(_blocks(table, cells))
    for column in sorted({column for _, column in cells}):
        for rows in blocks:
            members = tuple(cells[row, column] for row in rows if (row, column) in cells)
            if len(members) >= _FEWEST:
                kind = _kind(table, rows, members, known, themes)
                header = (
                    f" “{table.columns[column].header}”" if table.columns[column].header else ""
                )
                what = f"the rows of table {table.number}, column{header or f' {column + 1}'},"
                yield SetOfShares(members[0].place, what, kind, members)


def _across(table: ReadTable, cells: dict[tuple[int, int], Mention]) -> Iterator[SetOfShares]:
    """Give the rows as sets, in a table where most of them add to 100."""
    rows: dict[int, list[Mention]] = {}
    for (row, _), mention in sorted(cells.items(), key=lambda item: item[0]):
        if not table.columns[mention.column].is_of_responses:
            rows.setdefault(row, []).append(mention)
    sets = [
        SetOfShares(members[0].place, f"the cells of row {row + 1}", "closed", tuple(members))
        for row, members in rows.items()
        if len(members) >= _FEWEST
    ]
    whole = [one for one in sets if one.low <= one.total <= one.high]
    if len(whole) >= _FEWEST and len(whole) * 2 >= len(sets):
        yield from sets


def _blocks(table: ReadTable, cells: dict[tuple[int, int], Mention]) -> Iterator[list[int]]:
    """Give the rows that belong together: between headings within the table, of one variable."""
    block: list[int] = []
    for row in table.body():
        is_heading = not any((row, other) in cells for other in range(len(table.columns)))
        is_next = bool(block) and table.variables[row] != table.variables[block[-1]]
        if is_heading or is_next:
            yield block
            block = []
        if not is_heading:
            block.append(row)
    yield block


def _kind(
    table: ReadTable,
    rows: Sequence[int],
    members: Sequence[Mention],
    known: Known,
    themes: Finder,
) -> Kind:
    labels = [table.labels[row] for row in rows]
    said = table.around.said
    if _CLOSED.search(said) or _are_values(labels, known):
        return "closed"
    if _SEVERAL.search(said):
        return "several"
    named = [name for label in labels if (name := theme_named(label, themes))]
    is_of_study = any(not theme.is_status for name in named for theme in known.named(name))
    if is_of_study and not table.columns[members[0].column].is_of_responses:
        return "several"
    if _has_whole_total(table, members[0].column) or _counts_are_whole(members):
        return "closed"
    return "open"


def _are_values(labels: Sequence[str], known: Known) -> bool:
    """Whether labels are values of which everybody has one."""
    for values in known.closed:
        same, alike = {value.casefold(): value for value in values}, Labels(values)
        named = [same.get(label.casefold()) or alike.exactly(label) for label in labels]
        if all(named) and len(set(named)) == len(named):
            return True
    return False


def _has_whole_total(table: ReadTable, column: int) -> bool:
    low, high = _TOTAL
    return any(
        mention.column == column
        and mention.row in table.totals
        and mention.percent is not None
        and low <= mention.percent.value <= high
        for mention in table.mentions
    )


def _counts_are_whole(members: Sequence[Mention]) -> bool:
    counts = [member.k for member in members if member.k is not None]
    bases = {member.n for member in members} if members[0].n else set(members[0].bases)
    return len(counts) == len(members) > 1 and sum(counts) in bases


def _of_sentence(sentence: Sentence, mentions: tuple[Mention, ...]) -> Iterator[SetOfShares]:
    """Give the shares that a sentence lists, where no theme is among them.

    Two are a set only where the words say that there is nothing else, or name two groups.
    """
    if sentence.themes or _SEVERAL.search(sentence.text):
        return
    pairs = list(zip(sentence.hits, mentions, strict=True))
    are_groups = len({group.name for group in sentence.groups}) > 1
    for start, end in parts(sentence.text, 0, len(sentence.text)):
        here = [one for hit, one in pairs if start <= hit.start < end and not one.aside]
        is_whole = _REST.search(sentence.text, start, end) or (
            are_groups and not _WITHIN.search(sentence.text, start, end)
        )
        alike = len({one.percent.decimals for one in here if one.percent}) == 1
        if len(here) >= (_FEWEST if is_whole else _FEWEST + 1) and alike:
            yield SetOfShares(here[0].place, "the shares of this sentence", "open", tuple(here))
