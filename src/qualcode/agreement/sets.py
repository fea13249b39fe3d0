"""Distances of label sets: Jaccard and MASI, over the distinct sets, blockwise.

Jaccard is ``1 - |A∩B| / |A∪B|``; MASI is ``1 - M |A∩B| / |A∪B|`` with M = 1 for equal sets, 2/3
where one holds the other, 1/3 where they overlap otherwise, 0 for disjoint ones (Passonneau
2006) – exact thirds. Two empty sets are equal: distance 0; an empty set and another: 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from qualcode.agreement.table import Table, from_codes
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from qualcode.agreement.disagreement import FloatArray, IntArray
    from qualcode.agreement.table import Ratings

SetDistance: TypeAlias = Literal["masi", "jaccard"]
Bits: TypeAlias = npt.NDArray[np.uint64]

WORD, HALF = 64, 32
_BLOCK = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """The distance of V distinct sets of codes.

    `bits` (V × words) holds each set as bits, 64 codes to a word; `kind` names the distance.
    """

    bits: Bits
    kind: SetDistance

    @property
    def size(self) -> int:
        """How many distinct sets there are."""
        return int(self.bits.shape[0])

    @property
    def total(self) -> float:
        """The sum of the distances over all ordered pairs of sets."""
        return float(self.mix(np.ones((1, self.size))).sum())

    def between(self, first: IntArray, second: IntArray) -> FloatArray:
        """The distance of sets by their indices."""
        kind = np.uint8 if self.bits.shape[1] == 1 else np.uint16
        common, one, other = np.zeros((3, first.size), dtype=kind)
        for word in self.bits.T:
            a, b = word[first], word[second]
            common += np.bitwise_count(a & b)
            one += np.bitwise_count(a)
            other += np.bitwise_count(b)
        return distances(common, one, other, self.kind)

    def mix(self, shares: FloatArray) -> FloatArray:
        """The distances times `shares` (B × V), a block of rows at a time, each pair once.

        The sets are taken in the order of their sizes, so that the rows of a block have one size
        and a distance is looked up under the other set's size and the number of common codes.
        """
        sizes = _count(self.bits)
        order = np.argsort(sizes, kind="stable")
        bits, sizes, ordered = _narrow(self.bits[order]), sizes[order], shares[:, order]
        kinds, place = np.unique(sizes, return_inverse=True)
        width = int(sizes.max(initial=0)) + 1
        offset = (place * width).astype(np.min_scalar_type(kinds.size * width))
        mixed = np.zeros_like(ordered)
        room = np.empty(max(_BLOCK, self.size))
        lookups = distances(np.arange(width), kinds[:, None], kinds[:, None, None], self.kind)
        for start, stop in _blocks(sizes):
            lookup = lookups[place[start]].ravel()
            index = _common(bits[start:stop], bits[start:]) + offset[start:]
            block = room[: index.size].reshape(index.shape)
            lookup.take(index, mode="clip", out=block)
            mixed[:, start:stop] += ordered[:, start:] @ block.T
            mixed[:, stop:] += ordered[:, start:stop] @ block[:, stop - start :]
        mixed[:, order] = mixed.copy()
        return mixed


def _blocks(sizes: IntArray) -> Iterator[tuple[int, int]]:
    """Give blocks of rows of one size: the first row and the one after the last."""
    edges = [0, *(np.flatnonzero(np.diff(sizes)) + 1).tolist(), sizes.size]
    for first, last in pairwise(edges):
        start = first
        while start < last:
            stop = min(last, start + max(1, _BLOCK // (sizes.size - start)))
            yield start, stop
            start = stop


def _narrow(bits: Bits) -> npt.NDArray[np.unsignedinteger]:
    """Give the same bits in words half as wide where these are enough."""
    if bits.shape[1] == 1 and bits.max(initial=0) < 2**HALF:
        return bits.astype(np.uint32)
    return bits


def distances(
    common: IntArray, first: IntArray, second: IntArray | int, kind: SetDistance
) -> FloatArray:
    """The distance from the sizes of the intersection and of both sets, element by element."""
    together = np.add(first, second, dtype=np.float64) - common
    apart = together - common
    if kind == "masi":
        apart += common * ((2 - (common == np.minimum(first, second))) * (apart > 0)) / 3
    return apart / np.maximum(together, 1)


def distance(first: frozenset[Hashable], second: frozenset[Hashable], kind: SetDistance) -> float:
    """The distance of two sets."""
    common, one = np.array([len(first & second)]), np.array([len(first)])
    return float(distances(common, one, len(second), kind)[0])


def _common(
    first: npt.NDArray[np.unsignedinteger], second: npt.NDArray[np.unsignedinteger]
) -> IntArray:
    """Count the codes common to each of the `first` and each of the `second` sets."""
    total: IntArray = np.bitwise_count(first[:, None, 0] & second[None, :, 0])
    for word in range(1, first.shape[1]):
        more = np.bitwise_count(first[:, None, word] & second[None, :, word])
        total = np.add(total, more, dtype=np.uint16)
    return total


def _count(bits: Bits) -> IntArray:
    if bits.shape[1] == 1:
        return np.bitwise_count(bits[:, 0])
    total: IntArray = np.bitwise_count(bits).sum(axis=1, dtype=np.int32)
    return total


def distinct_sets(bits: Bits) -> tuple[Bits, IntArray]:
    """The distinct rows of `bits` (n × words), and which of them each row is (n)."""
    if bits.shape[1] == 1 and bits.max(initial=0) < 2**HALF:
        return _distinct_halves(bits[:, 0])
    order = np.lexsort(bits.T)
    ordered = bits[order]
    new = np.ones(bits.shape[0], dtype=np.bool_)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    index = np.empty(bits.shape[0], dtype=np.intp)
    index[order] = np.cumsum(new) - 1
    return ordered[new], index


def _distinct_halves(sets: npt.NDArray[np.uint64]) -> tuple[Bits, IntArray]:
    """Give the same for sets below 2**32: one fast sort of the set and its place together."""
    keys = np.sort(sets << np.uint64(HALF) | np.arange(sets.size, dtype=np.uint64))
    ordered, place = keys >> np.uint64(HALF), (keys & np.uint64(2**HALF - 1)).astype(np.intp)
    new = np.ones(sets.size, dtype=np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    index = np.empty(sets.size, dtype=np.intp)
    index[place] = np.cumsum(new) - 1
    return ordered[new][:, None], index


def set_table(ratings: Ratings, kind: SetDistance) -> tuple[Table, Sets]:
    """Count the rows of `ratings`, units × coders, whose cells are sets of codes or None.

    Raises InputError for ragged rows and for a rating that is not a set.
    """
    place: dict[frozenset[Hashable], int] = {}
    rows = [[_place(cell, place) for cell in _row(row)] for row in ratings]
    if len({len(row) for row in rows}) > 1:
        raise InputError(
            "the units do not all have the same number of ratings",
            hint="give every unit one rating per coder, None where the coder did not see it",
        )
    codes = np.array(rows, dtype=np.intp).reshape(len(rows), len(rows[0]) if rows else 0)
    table = from_codes(codes, tuple(place))
    return table, Sets(_bits(list(place)), kind)


def _row(row: Any) -> list[Any]:
    if isinstance(row, str | bytes | set | frozenset) or not hasattr(row, "__iter__"):
        raise InputError(
            "ratings are a table of units × coders", hint="give one row of sets per unit"
        )
    return list(row)


def _place(cell: Any, place: dict[frozenset[Hashable], int]) -> int:
    if cell is None or (isinstance(cell, float) and cell != cell):  # noqa: PLR0124
        return -1
    if not isinstance(cell, frozenset | set):
        raise InputError(
            f"the rating {cell!r} is not a set of codes",
            hint="give a frozenset: empty for “saw it, applied none”, None for “did not see it”",
        )
    return place.setdefault(frozenset(cell), len(place))


def _bits(sets: list[frozenset[Hashable]]) -> Bits:
    codes: dict[Hashable, int] = {}
    for one in sets:
        for code in one:
            codes.setdefault(code, len(codes))
    bits = np.zeros((len(sets), max(1, -(-len(codes) // WORD))), dtype=np.uint64)
    for row, one in enumerate(sets):
        for code in one:
            word, bit = divmod(codes[code], WORD)
            bits[row, word] |= np.uint64(1) << np.uint64(bit)
    return bits
