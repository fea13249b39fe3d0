"""What other rules of consensus make of the same codings, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.estimation import bases_of, consensus_of, frequencies
from qualcode.estimation.reading import size
from qualcode.study.frequencies.counting import Counted
from qualcode.study.frequencies.hiding import Counts, hidden, nothing_hidden, without
from qualcode.study.frequencies.table import cell_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation import Share
    from qualcode.study.frequencies.hiding import Hidden
    from qualcode.study.frequencies.report import Cell
    from qualcode.study.frequencies.wish import Wish

RULES = ("any", "majority", "unanimous")


def by_rule(
    found: Counted, shares: Sequence[Share], wish: Wish, covered: Hidden
) -> list[dict[str, Cell]]:
    """For each theme its cell under every rule; empty with one coder, where all rules agree.

    `shares` are those of the rule in use. A theme that is hidden under it is hidden under all:
    they bound each other.
    """
    if len(found.coded.votes.coders) < 2:  # noqa: PLR2004
        return []
    rows: list[dict[str, Cell]] = [{} for _ in found.coded.themes]
    for rule in RULES:
        other = _under(rule, found)
        under = shares if other is found else _shares(other)
        own = _hidden(other, under, wish)
        for place, share in enumerate(under):
            rows[place][rule] = without(
                cell_of(share, other),
                is_hidden=own.cells[place][0] or covered.cells[place][0],
                is_base_hidden=own.bases[0] or covered.bases[0],
            )
    return rows


def _shares(found: Counted) -> tuple[Share, ...]:
    themes = (found.agreed.present(place) for place in found.coded.themes)
    return frequencies(themes, found.domain, found.design)


def _hidden(found: Counted, shares: Sequence[Share], wish: Wish) -> Hidden:
    counts = Counts(
        tuple(found.coded.codes[place].path for place in found.coded.themes),
        tuple((share.k,) for share in shares),
        (size(found.domain),),
    )
    return nothing_hidden(counts) if wish.is_internal else hidden(counts, wish.threshold)


def _under(rule: str, found: Counted) -> Counted:
    """The same question under another rule, in the same base."""
    if rule == found.rule:
        return found
    coded = found.coded
    agreed = consensus_of(coded.votes, coded.tree, rule)
    bases = bases_of(coded.answers.status, agreed, coded.tree)
    if found.part:
        bases = found.part.bases(bases)
    answered = size(bases.answered)
    n_coded = answered - size(bases.uncoded)
    return Counted(
        coded, rule, found.base, agreed, bases, bases.of(found.base), answered, n_coded, found.part
    )
