"""Of which base a number is, as far as a manuscript says it, and which known ones would fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.audit.checks.agreeing import agreeing
from qualcode.audit.findings import finding
from qualcode.audit.grim import fit, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.audit.findings import Finding
    from qualcode.audit.known import Known
    from qualcode.audit.mentions import Mention

_MOST_FITTING = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What single numbers are checked against.

    `known_bases` are all bases that the study or the manuscript states, with their names;
    `default_bases` are those that the manuscript says all its percentages are of; `rows` are the
    numbers in its tables under the themes; `stated` are the bases that its text states.
    """

    known: Known
    known_bases: Mapping[int, str]
    default_bases: tuple[int, ...]
    are_weighted: bool
    rows: Mapping[str, Sequence[Mention]]
    stated: frozenset[int] = frozenset()


def own_bases(mention: Mention) -> tuple[int, ...]:
    """The base beside a number, or else those of its sentence, its column or its table."""
    bases = (mention.n,) if mention.n is not None else mention.bases
    return tuple(n for n in bases if n > 0)


def fallback_bases(mention: Mention, around: Surroundings) -> tuple[int, ...]:
    """Give the bases for a number without one of its own: of all, of the paragraph, of its row."""
    if around.default_bases:
        return around.default_bases
    near = tuple(n for n in mention.nearby if _fits(mention, n))
    if near:
        return near
    rows = rows_of(mention, around)
    found = [n for row in rows for n in ((row.n,) if row.n is not None else row.bases)]
    fitting = tuple(dict.fromkeys(n for n in found if _fits(mention, n)))
    least = mention.k if mention.k is not None and mention.is_count_sure else 0
    near = tuple(n for n in mention.nearby if n >= max(1, least))
    return fitting or (() if rows or mention.table else near)


def has_base(mention: Mention, around: Surroundings) -> bool:
    """Whether a reader can tell of how many a number is."""
    return (
        mention.has_base
        or bool(around.default_bases)
        or any(_fits(mention, n) for n in mention.nearby)
        or any(row.has_base for row in rows_of(mention, around))
    )


def rows_of(mention: Mention, around: Surroundings) -> list[Mention]:
    """Give the numbers in the manuscript's tables that a number of the text may repeat."""
    if mention.table or not mention.is_theme_sure:
        return []
    found = [row for name in mention.themes for row in around.rows.get(name, ())]
    if mention.is_group_sure:
        return [row for row in found if row.groups == mention.groups]
    return found


def _fits(mention: Mention, n: int) -> bool:
    if mention.percent is None or n < 1:
        return False
    if mention.hedge:
        return True
    if mention.k is not None and mention.is_count_sure:
        return n >= mention.k and bool(agreeing(mention.percent, "", share(mention.k, n)))
    return fit(mention.percent, n).is_possible


def fitting_bases(mention: Mention, around: Surroundings) -> str:
    """Name the known bases that would give a number."""
    percent = mention.percent
    if percent is None or mention.hedge:
        return ""
    named: list[str] = []
    for n, name in around.known_bases.items():
        if not _fits(mention, n):
            continue
        found = fit(percent, n)
        sure = mention.k is not None and mention.is_count_sure
        k = f"{mention.k}" if sure else f"{found.low}" if found.low == found.high else ""
        named.append(f"{k} of {n:,}".strip() + (f" ({name})" if name else ""))
        if len(named) == _MOST_FITTING:
            break
    return " or ".join(named)


def without_base(mention: Mention, fitting: str) -> Finding:
    """The warning that a number has no base, with those that would fit."""
    right = f"say the base; {fitting} would fit" if fitting else "say of how many it is"
    return finding("warning", "base", mention, "no base stands beside it", right)
