"""Where two coders disagree: which code the other one used instead."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import BoolArray


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often one coder used `code` where another used `instead`, and neither used both.

    `instead` is empty where the other used nothing in its place. `coders` counts by who used
    `code` and who used `instead`, in this order.
    """

    code: str
    instead: str
    count: int
    coders: dict[tuple[str, str], int]


def confusions(codings: Codings) -> tuple[Confusion, ...]:
    """Who used which code instead, over the units where two coders' sets differ, most first.

    On each such unit every code that only the one coder used is set against every code that
    only the other used, or against nothing where the other's set lacks it and has no other.
    """
    counted: dict[tuple[int, int], dict[tuple[str, str], int]] = {}
    applied = [codings.applied(g) for g in range(len(codings.coders))]
    for g, h in combinations(range(len(applied)), 2):
        shared = (codings.saw[:, g] & codings.saw[:, h])[:, None]
        first = applied[g] & ~applied[h] & shared
        second = applied[h] & ~applied[g] & shared
        names = (codings.coders[g], codings.coders[h])
        for code, instead, swapped, count in _crossed(first, second):
            by = counted.setdefault((code, instead), {})
            by[names[::-1] if swapped else names] = count
    codes = (*codings.codes, "")
    found = (
        Confusion(codes[code], codes[instead], sum(by.values()), by)
        for (code, instead), by in counted.items()
    )
    return tuple(sorted(found, key=lambda c: (-c.count, c.code, c.instead)))


def _crossed(first: BoolArray, second: BoolArray) -> Iterator[tuple[int, int, bool, int]]:
    """Give both codes in their order, whether the second coder has the first, and how often."""
    kinds = first.shape[1]
    one, other = first.astype(np.float32), second.astype(np.float32)  # sums below 2**24 are exact
    table = one.T @ other
    for code, instead in np.argwhere(table).tolist():
        low, high = sorted((code, instead))
        yield low, high, code > instead, int(table[code, instead])
    for mine, theirs, swapped in ((one, other, False), (other, one, True)):
        alone = (theirs.sum(axis=1) == 0).astype(np.float32) @ mine
        for code in np.flatnonzero(alone).tolist():
            yield code, kinds, swapped, int(alone[code])
