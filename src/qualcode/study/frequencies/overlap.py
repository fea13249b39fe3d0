"""Which themes go together, and which combinations of themes answers have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from qualcode import estimation
from qualcode.errors import InputError
from qualcode.estimation.disclosure.overlaps import (
    OverlapTable,
    suppress_kinds,
    suppress_pairs,
)
from qualcode.study.frequencies.counting import counted, refuse_unknown
from qualcode.study.frequencies.hiding import Counts, hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.estimation import Combination, Overlap
    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.counting import Counted
    from qualcode.study.frequencies.wish import Wish

MOST_THEMES = 62


@dataclass(frozen=True, slots=True)
class Together:
    """Two themes: `k` have both, `jaccard` is those over all who have either.

    `of_first` is the share of those with the first theme who have the second, `of_second` the
    other way round; `weighted` is the share of the base with both. All are None where hidden.
    """

    first: Code
    second: Code
    k: int | None
    jaccard: float | None = None
    of_first: float | None = None
    of_second: float | None = None
    weighted: float | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """`k` respondents have exactly these themes and no other; shares are of the base."""

    themes: tuple[Code, ...]
    k: int
    share: float
    weighted: float


@dataclass(frozen=True, slots=True)
class OverlapReport:
    """How the themes of a question overlap.

    `k` are the respondents with each theme, None where hidden. `pairs` are all pairs of themes,
    `kinds` combinations, the most frequent first; one of them is None unless both may be shown
    beside each other. `other` respondents have a combination that is not shown. `n` and `other`
    are None where the base is so small that nothing is shown. `is_too_mixed`: so many combinations
    are rare that none is shown.
    """

    question: Question
    wish: Wish
    coders: tuple[str, ...]
    codebooks: tuple[tuple[str, int], ...]
    rule: str
    base: str
    design: dict[str, str]
    is_weighted: bool
    n: int | None
    themes: tuple[Code, ...]
    k: tuple[int | None, ...]
    pairs: tuple[Together, ...] | None
    kinds: tuple[Kind, ...] | None
    other: int | None
    is_too_mixed: bool
    adds_up: bool
    interim: tuple[int, int] | None


def overlap(
    database: Database,
    question: Question,
    wish: Wish,
    *,
    are_nets: bool = False,
    are_kinds: bool = False,
) -> OverlapReport:
    """How the themes without sub-themes overlap, or with `are_nets` those at the top.

    By pairs, or with `are_kinds` by combinations: side by side they would give small numbers away.
    Internally both are given. Raises what `tabulate` does, and `QualcodeError` where the base has
    no figures yet.
    """
    found = counted(database, question, wish)
    refuse_unknown(found)
    places = _places(found, are_nets=are_nets)
    if len(places) > MOST_THEMES:
        raise InputError(
            f"{len(places)} themes are too many for a table of combinations",
            hint="--nets takes the themes at the top of the codebook",
        )
    lines = [found.agreed.present(place) for place in places]
    weights = found.design.weights
    together = estimation.overlap(lines, found.domain, weights)
    kinds = estimation.combinations(lines, found.domain, weights)
    themes = tuple(found.coded.codes[place] for place in places)
    table = OverlapTable(together.n, together.k.tolist(), {kind.codes: kind.k for kind in kinds})
    covered = _covered(themes, table, wish, are_kinds=are_kinds)
    return _report(found, themes, covered, together, kinds)


def _places(found: Counted, *, are_nets: bool) -> list[int]:
    tree = found.coded.tree
    if are_nets:
        return [place for place in found.coded.themes if tree.parents[place] < 0]
    return [place for place in found.coded.themes if tree.are_leaves[place]]


@dataclass(frozen=True, slots=True)
class _Covered:
    """What must not be shown; `is_base`: not even how many there are.

    `pairs` or `kinds` are None where none of them is shown at all.
    """

    wish: Wish
    themes: frozenset[int] = frozenset()
    pairs: frozenset[tuple[int, ...]] | None = frozenset()
    kinds: frozenset[tuple[int, ...]] | None = frozenset()
    is_base: bool = False


def _covered(
    themes: tuple[Code, ...], table: OverlapTable, wish: Wish, *, are_kinds: bool
) -> _Covered:
    if wish.is_internal:
        return _Covered(wish)
    counts = Counts(
        tuple(code.path for code in themes),
        tuple((table.k[place][place],) for place in range(len(themes))),
        (table.n,),
    )
    own = hidden(counts, wish.threshold)
    secret = frozenset(place for place, row in enumerate(own.cells) if row[0])
    made = replace(table, secret=secret)
    is_base = own.bases[0]
    if are_kinds:
        kinds = frozenset(table.kinds) if is_base else suppress_kinds(made, wish.threshold)
        return _Covered(wish, secret, None, kinds, is_base)
    every = frozenset(combinations(range(len(themes)), 2))
    pairs = every if is_base else suppress_pairs(made, wish.threshold)
    return _Covered(wish, secret, pairs, None, is_base)


def _report(
    found: Counted,
    themes: tuple[Code, ...],
    covered: _Covered,
    together: Overlap,
    kinds: tuple[Combination, ...],
) -> OverlapReport:
    coded, total = found.coded, float(found.design.weights[found.domain].sum())
    shown = [kind for kind in kinds if kind.codes not in (covered.kinds or ())]
    return OverlapReport(
        question=coded.question,
        wish=covered.wish,
        coders=coded.votes.coders,
        codebooks=coded.codebooks,
        rule=found.rule,
        base=found.base,
        design=coded.designed.columns,
        is_weighted=not found.design.is_simple,
        n=None if covered.is_base else together.n,
        themes=themes,
        k=tuple(
            None if place in covered.themes else int(together.k[place, place])
            for place in range(len(themes))
        ),
        pairs=None
        if covered.pairs is None
        else tuple(_pairs(themes, together, covered.pairs, total)),
        kinds=None
        if covered.kinds is None
        else tuple(_kind(themes, kind, together.n, total) for kind in shown),
        other=None if covered.is_base else together.n - sum(kind.k for kind in shown),
        is_too_mixed=bool(kinds) and not shown and not covered.is_base,
        adds_up=together.adds_up,
        interim=(found.n_coded, found.answered) if found.is_interim else None,
    )


def _kind(themes: tuple[Code, ...], kind: Combination, n: int, total: float) -> Kind:
    codes = tuple(themes[code] for code in kind.codes)
    return Kind(codes, kind.k, kind.k / n, kind.weighted / total)


def _pairs(
    themes: tuple[Code, ...],
    together: Overlap,
    hidden_ones: frozenset[tuple[int, ...]],
    total: float,
) -> Iterator[Together]:
    for i, j in combinations(range(len(themes)), 2):
        if (i, j) in hidden_ones:
            yield Together(themes[i], themes[j], None)
            continue
        yield Together(
            themes[i],
            themes[j],
            int(together.k[i, j]),
            together.jaccard(i)[j],
            together.given(i)[j],
            together.given(j)[i],
            float(together.weighted[i, j]) / total if total else None,
        )
