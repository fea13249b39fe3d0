"""Numbers of the text against the rows of the manuscript's own tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.audit.checks.agreeing import agreeing, same
from qualcode.audit.checks.bases import own_bases, rows_of
from qualcode.audit.findings import Outcome, Way, finding

if TYPE_CHECKING:
    from qualcode.audit.checks.bases import Surroundings
    from qualcode.audit.mentions import Mention

_MOST_SHOWN = 3


def against_tables(mention: Mention, around: Surroundings, outcome: Outcome) -> Outcome:
    """Set a number of the text against the same theme's row in the manuscript's tables."""
    rows = [row for row in rows_of(mention, around) if _is_comparable(mention, row)]
    if not rows:
        return outcome
    if any(_is_same(mention, row) for row in rows):
        ways: frozenset[Way] = outcome.ways | {"table"}
        return replace(outcome, ways=ways, unchecked="")
    if mention.is_part or (mention.groups and not mention.is_group_sure):
        return outcome
    there = dict.fromkeys(f"{row.shown} ({row.place})" for row in rows[:_MOST_SHOWN])
    wrong = f"table {rows[0].table} has another number for {mention.theme}"
    return Outcome(mention, (finding("error", "table", mention, wrong, ", ".join(there)),))


def _is_comparable(mention: Mention, row: Mention) -> bool:
    """Whether a row's number should be the same: of the same base, as far as both say one."""
    if mention.percent is None and (row.k is None or mention.k is None):
        return False
    bases = own_bases(mention)
    there = own_bases(row)
    return not bases or not there or any(n in there for n in bases)


def _is_same(mention: Mention, row: Mention) -> bool:
    if mention.k is not None and row.k is not None and mention.is_count_sure and mention.k != row.k:
        return False
    if mention.percent is None or row.percent is None:
        return True
    if mention.hedge:
        return bool(agreeing(mention.percent, mention.hedge, row.percent.value))
    return same(mention.percent, row.percent)
