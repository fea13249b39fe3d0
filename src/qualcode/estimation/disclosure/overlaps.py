"""Which figures of an overlap to hide: how many have two themes, and which combinations.

The numbers with one theme, with two, and with exactly one combination hang together: each is the
sum of combinations. A pair is small where few have both, few have one without the other, or few
have neither; a combination where few have it.
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

MOST_KINDS = 400
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


@dataclass(frozen=True, slots=True)
class HiddenOverlap:
    """The `pairs` that must not be shown, the smaller place first, and the `kinds`."""

    pairs: frozenset[Kind]
    kinds: frozenset[Kind]


def suppress_overlap(table: OverlapTable, threshold: int = 5) -> HiddenOverlap:
    """What of an overlap to hide, the number with each theme that is no secret being printed.

    Every hidden number is left a range of whole numbers `threshold` wide or more, given all that
    is shown; where that cannot be done all pairs and combinations are hidden.
    """
    cells = _cells(table, threshold)
    values = [table.n, *cells.values()]
    hidden = np.array([False, *(_is_hidden(table, cell, threshold) for cell in cells)])
    are_kinds_shown = sum(k < threshold for k in table.kinds.values()) <= MOST_KINDS
    if not are_kinds_shown:
        hidden[[place for place, (what, _) in enumerate(cells, start=1) if what == "kind"]] = True
    cost = np.array([np.inf, *(_cost(table, cell, k) for cell, k in cells.items())])
    width = np.full(hidden.size, threshold)
    protection = Protection(published(values, _facts(table, cells)), hidden, cost, width)
    sensitive = [
        place
        for place, ((what, _), k) in enumerate(cells.items(), start=1)
        if hidden[place] and k and (are_kinds_shown or what != "kind")
    ]
    if protect_all(protection, sorted(sensitive, key=lambda place: -values[place])):
        protection.hidden[1:] = True
    found = [
        cell for cell, is_one in zip(cells, protection.hidden[1:].tolist(), strict=True) if is_one
    ]
    kinds = {kind for what, kind in found if what == "kind"}
    if not are_kinds_shown or all(protection.hidden[1:]):
        kinds = set(table.kinds)
    return HiddenOverlap(
        frozenset(pair for what, pair in found if what == "pair"), frozenset(kinds)
    )


def _cells(table: OverlapTable, threshold: int) -> dict[tuple[str, Kind], int]:
    """The counts that are looked into, by what they are of.

    Of the combinations those that are small and some that might have to be hidden for their sake.
    Those of no theme, one and two are among them even if nobody has them: a reader cannot know.
    """
    places = range(len(table.k))
    found: dict[tuple[str, Kind], int] = {
        ("theme", (place,)): table.k[place][place] for place in places
    }
    found |= {("pair", (i, j)): table.k[i][j] for i, j in combinations(places, 2)}
    by_size = sorted(table.kinds, key=lambda kind: (table.kinds[kind], kind))
    small = [kind for kind in by_size if table.kinds[kind] < threshold]
    taken = [*small[-MOST_KINDS:], *by_size[len(small) :][:MOST_KINDS]]
    possible = chain.from_iterable(combinations(places, size) for size in range(3))
    return found | {
        ("kind", kind): table.kinds.get(kind, 0) for kind in dict.fromkeys([*taken, *possible])
    }


def _is_hidden(table: OverlapTable, cell: tuple[str, Kind], threshold: int) -> bool:
    what, places = cell
    if what == "theme":
        return places[0] in table.secret
    if what == "kind":
        # One that nobody has is not printed either.
        return table.kinds.get(places, 0) < threshold
    i, j = places
    both, one, other = table.k[i][j], table.k[i][i], table.k[j][j]
    few = min(both, one - both, other - both) < threshold
    neither = table.n - one - other + both
    is_small = both > 0 and (few or 0 < neither < threshold)
    return is_small or bool({i, j} & table.secret)


def _cost(table: OverlapTable, cell: tuple[str, Kind], k: int) -> float:
    """How dear it is to hide a count: combinations go before pairs, themes stay."""
    what, _ = cell
    return {"theme": np.inf, "pair": float(k + table.n), "kind": float(k + 1)}[what]


def _facts(table: OverlapTable, cells: Mapping[tuple[str, Kind], int]) -> list[Fact]:
    """All of the base, and those with a theme or two, are the sums of combinations."""
    place = {cell: number for number, cell in enumerate(cells, start=1)}
    kinds = [kind for what, kind in cells if what == "kind"]
    sums = [(0, ()), *((place[cell], cell[1]) for cell in cells if cell[0] != "kind")]
    return [_sum(table, number, themes, kinds, place) for number, themes in sums]


def _sum(
    table: OverlapTable,
    number: int,
    themes: Kind,
    kinds: Sequence[Kind],
    place: Mapping[tuple[str, Kind], int],
) -> Fact:
    parts = [kind for kind in kinds if set(themes) <= set(kind)]
    known = sum(
        k
        for kind, k in table.kinds.items()
        if set(themes) <= set(kind) and ("kind", kind) not in place
    )
    factors = {number: 1} | {place["kind", kind]: -1 for kind in parts}
    return factors, float(known), float(known)
