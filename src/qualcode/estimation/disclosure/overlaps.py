"""Which figures of an overlap to hide: how many have two themes, or which combination.

A pair is small where few have both, few have one without the other, or few have neither; a
combination where few have it. Two tables are protected, each by itself, from who knows how many
there are and how many have each theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from qualcode.estimation.disclosure.protection import Protection, protect_all
from qualcode.estimation.disclosure.published import published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.estimation.disclosure.layout import Fact

Kind: TypeAlias = tuple[int, ...]
"""The places of some themes: who has exactly these."""

MOST_KINDS = 150
"""So many combinations are looked into; with more small ones than these none is shown."""


@dataclass(frozen=True, slots=True)
class OverlapTable:
    """Counts of C themes in a base of `n`: `k` (C × C) have both, on the diagonal the one.

    `kinds` counts those who have exactly these themes. `secret` themes are hidden already.
    """

    n: int
    k: Sequence[Sequence[int]]
    kinds: Mapping[Kind, int]
    secret: frozenset[int] = frozenset()


def suppress_pairs(table: OverlapTable, threshold: int = 5) -> frozenset[Kind]:
    """The pairs of themes, the smaller place first, of which the number with both is hidden.

    Every hidden number is left a range of whole numbers `threshold` wide or more. Two who have
    one theme each, all else alike, might as well be one with both and one with neither: no other
    number would tell. Where there are too few of these all pairs of the rarer theme are hidden;
    then anybody might have it.
    """
    every = list(combinations(range(len(table.k)), 2))
    hidden = {pair for pair in every if set(pair) & table.secret}
    small = [pair for pair in every if pair not in hidden and _is_small(table, pair, threshold)]
    hidden |= set(small)
    for pair in small:
        if _exchangeable(table, pair) < threshold:
            rarer = min(pair, key=lambda place: (table.k[place][place], place))
            hidden |= {other for other in every if rarer in other}
    return frozenset(hidden)


def _is_small(table: OverlapTable, pair: Kind, threshold: int) -> bool:
    both, one, other = (table.k[i][j] for i, j in (pair, (pair[0], pair[0]), (pair[1], pair[1])))
    neither = table.n - one - other + both
    return both > 0 and (min(both, one - both, other - both) < threshold or 0 < neither < threshold)


def _exchangeable(table: OverlapTable, pair: Kind) -> int:
    """How far the number with both could differ, as far as that is easily seen."""
    themes = frozenset(pair)
    width = 0
    for rest in {frozenset(kind) - themes for kind in table.kinds}:
        alike = (rest, rest | {pair[0]}, rest | {pair[1]}, rest | themes)
        neither, one, other, both = (table.kinds.get(tuple(sorted(each)), 0) for each in alike)
        width += min(one, other) + min(neither, both)
    return width


def suppress_kinds(table: OverlapTable, threshold: int = 5) -> frozenset[Kind]:
    """The combinations that must not be shown, the number with each theme being known.

    Every hidden number is left a range of whole numbers `threshold` wide or more; where that
    cannot be done, or would take too long, none is shown.
    """
    small = [kind for kind, k in table.kinds.items() if k < threshold]
    if len(small) > MOST_KINDS:
        return frozenset(table.kinds)
    kinds = _looked_into(table, small)
    place = {kind: number for number, kind in enumerate(kinds)}
    values = [table.kinds.get(kind, 0) for kind in kinds]
    # A combination that nobody has is not shown either: a reader cannot know.
    hidden = np.array([value < threshold for value in values], dtype=np.bool_)
    first = len(values)
    themes = range(len(table.k))
    totals = [table.n, *(table.k[theme][theme] for theme in themes)]
    facts = [_sum(table, first, (), place)]
    facts += [_sum(table, first + 1 + theme, (theme,), place) for theme in themes]
    protection = Protection(
        published([*values, *totals], facts),
        np.append(hidden, [False, *(theme in table.secret for theme in themes)]),
        np.append(np.array(values, dtype=np.float64) + 1, np.full(len(totals), np.inf)),
        np.full(len(values) + len(totals), threshold),
    )
    wanted = [number for number in np.flatnonzero(hidden).tolist() if values[number]]
    if protect_all(protection, sorted(wanted, key=lambda number: -values[number])):
        return frozenset(table.kinds)
    return frozenset(
        kind for kind, is_one in zip(kinds, protection.hidden.tolist(), strict=False) if is_one
    )


def _looked_into(table: OverlapTable, small: Sequence[Kind]) -> list[Kind]:
    """The small combinations, those that might be hidden for their sake, and possible ones."""
    large = sorted(table.kinds.keys() - set(small), key=lambda kind: (table.kinds[kind], kind))
    places = range(len(table.k))
    possible = chain.from_iterable(combinations(places, size) for size in range(3))
    return list(dict.fromkeys([*small, *large[:MOST_KINDS], *possible]))


def _sum(table: OverlapTable, total: int, themes: Kind, place: Mapping[Kind, int]) -> Fact:
    """A total is the sum of its combinations, of which those not looked into are shown."""
    parts = {number: -1 for kind, number in place.items() if set(themes) <= set(kind)}
    shown = sum(
        k for kind, k in table.kinds.items() if kind not in place and set(themes) <= set(kind)
    )
    return {total: 1} | parts, float(shown), float(shown)
