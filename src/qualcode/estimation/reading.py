"""Compact arrays from elsewhere as the arrays that the engine works on.

What is stored comes as numbers that each stand for several, with ids in the place of indices: here
they are taken apart and become places, counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.bases import Bases
from qualcode.estimation.codetree import code_tree
from qualcode.estimation.consensus import UNRESOLVED
from qualcode.estimation.disclosure.layout import Breakdown, ThemeTable
from qualcode.estimation.voting import Verdicts, Votes, verdicts_on_answers, votes
from qualcode.model import STATUSES

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from qualcode.estimation.arrays import BoolArray, ByteArray, FloatArray, IntArray
    from qualcode.estimation.consensus import Consensus
    from qualcode.estimation.model_matrix import Attribute

_SUBSTANTIVE = STATUSES.index("substantive")
_SPREAD = 16
_SMALL = 1_000_000


def unpacked(numbers: array[int], bits: Sequence[int]) -> tuple[IntArray, ...]:
    """The parts of numbers that each stand for several, the last part in the lowest bits.

    `bits` is how many the parts after the first take: (a << b₁ | b) << b₂ | c.
    """
    rest = as_integers(numbers)
    parts: list[IntArray] = []
    for width in reversed(bits):
        parts.append(rest & ((1 << width) - 1))
        rest = rest >> width
    return (rest, *reversed(parts))


def as_integers(numbers: array[int]) -> IntArray:
    """The numbers of an array of Python's own, which is not copied."""
    return np.frombuffer(numbers, dtype=f"i{numbers.itemsize}") if numbers else _none()


def _none() -> IntArray:
    return np.zeros(0, dtype=np.int64)


def places(ids: IntArray, wanted: IntArray) -> IntArray:
    """Where each of the `wanted` stands in `ids`, -1 where it does not."""
    if not ids.size or not wanted.size:
        return np.full(wanted.size, -1, dtype=np.int32)
    most = int(max(ids.max(), wanted.max()))
    if most <= _SMALL + _SPREAD * ids.size and min(ids.min(), wanted.min()) >= 0:
        table = np.full(most + 1, -1, dtype=np.int32)
        table[ids] = np.arange(ids.size, dtype=np.int32)
        return np.asarray(table[wanted])
    order = np.argsort(ids, kind="stable")
    near = np.minimum(np.searchsorted(ids[order], wanted), ids.size - 1)
    found = order[near]
    return np.where(ids[found] == wanted, found, -1).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What n respondents answered: `status` (n) is a place in `model.STATUSES`.

    `ids` and `respondents` are the substantive answers and whose they are, by place.
    """

    status: ByteArray
    ids: IntArray
    respondents: IntArray

    @property
    def is_answered(self) -> BoolArray:
        """Who gave a substantive answer (n)."""
        return np.asarray(self.status == _SUBSTANTIVE)


def answered(respondents: array[int], numbers: array[int], bits: Sequence[int]) -> Answered:
    """The answers to a question from numbers of respondent, answer and status.

    A respondent without any answer was not asked.
    """
    respondent, answer, status = unpacked(numbers, bits)
    place = places(as_integers(respondents), respondent)
    known = place >= 0
    found = np.zeros(len(respondents), dtype=np.uint8)
    found[place[known]] = status[known]
    substantive = known & (status == _SUBSTANTIVE)
    return Answered(found, answer[substantive], place[substantive])


def ballots(
    given: Answered,
    decided: tuple[IntArray, ...],
    applied: tuple[IntArray, ...],
    coders: Sequence[tuple[int, str]],
    codes: Sequence[int],
    also: str = "",
) -> Votes:
    """The votes on the answers of a question from ids of answers, coders and codes.

    `coders` are ids and names; those who coded none of the answers are left out, but for the one
    called `also`. What is on other answers, or with other codes, counts in nothing.
    """
    tables = np.array([number for number, _ in coders]), np.array(codes)
    seen, marks = _placed(given, decided, *tables), _placed(given, applied, *tables)
    at_work = np.array([name == also for _, name in coders], dtype=np.bool_)
    at_work[seen[1]] = at_work[marks[1]] = True
    number = np.cumsum(at_work) - 1
    return votes(
        given.status.size,
        [name for (_, name), is_one in zip(coders, at_work.tolist(), strict=True) if is_one],
        (seen[0], number[seen[1]]),
        (marks[0], number[marks[1]], marks[2]),
        len(codes),
    )


def _placed(
    given: Answered, found: tuple[IntArray, ...], coders: IntArray, codes: IntArray
) -> tuple[IntArray, ...]:
    """Give respondents, coders and codes by place, without what is none of these."""
    tables = (given.ids, coders, codes)
    parts = [places(table, part) for table, part in zip(tables, found, strict=False)]
    kept = np.logical_and.reduce([part >= 0 for part in parts])
    parts = [part[kept] for part in parts]
    return (given.respondents[parts[0]], *parts[1:])


def settled(
    given: Answered, found: Iterable[tuple[int, tuple[int, ...]]], codes: Sequence[int]
) -> Verdicts:
    """Verdicts from ids of answers and of the codes that hold on each."""
    known = list(found)
    pairs = [(answer, code) for answer, held in known for code in held]
    on = places(given.ids, np.array([answer for answer, _ in known], dtype=np.int64))
    answer = places(given.ids, np.array([answer for answer, _ in pairs], dtype=np.int64))
    code = places(np.array(codes), np.array([code for _, code in pairs], dtype=np.int64))
    kept = (answer >= 0) & (code >= 0)
    applied = given.respondents[answer[kept]], code[kept]
    return verdicts_on_answers(given.respondents[on[on >= 0]], applied, len(codes))


def relabelled(numbers: IntArray, places_: Sequence[int]) -> IntArray:
    """Each number's place in another numbering."""
    return np.array([*places_, -1], dtype=np.int32)[numbers]


def crossed(first: IntArray, second: IntArray, width: int) -> tuple[IntArray, list[int]]:
    """The cells of two groupings that somebody is in, and each one's place among these.

    Cells are numbered with the second grouping varying fastest; who is in no group of either has
    the place -1.
    """
    cell = np.where((first >= 0) & (second >= 0), first.astype(np.int64) * width + second, -1)
    found, place = np.unique(cell, return_inverse=True)
    outside = int(found.size and found[0] < 0)
    return place.ravel() - outside, found[outside:].tolist()


def counted(group: IntArray, base: BoolArray, groups: int) -> list[int]:
    """How many of the base are in each group."""
    inside = group[base]
    return [int(n) for n in np.bincount(inside[inside >= 0], minlength=groups)]


def tied(found: Consensus, base: BoolArray) -> int:
    """How many answers of the base are unresolved under some code."""
    any_tie = np.zeros(found.answers, dtype=np.bool_)
    for line in found.values:
        any_tie |= line == UNRESOLVED
    return int(np.count_nonzero(any_tie & base))


def chosen(
    given: Answered,
    found: Votes,
    numbers: tuple[IntArray, ...],
    coders: Sequence[tuple[int, str]],
    respondents: array[int],
) -> BoolArray:
    """Whose answers were coded by a coder for whom something other than chance had chosen them.

    `numbers` are ids of respondents and of coders.
    """
    mask = np.zeros(given.status.size, dtype=np.bool_)
    names = dict(coders)
    place = places(as_integers(respondents), numbers[0])
    for number in np.unique(numbers[1]).tolist():
        if names.get(number) in found.coders:
            own = place[(numbers[1] == number) & (place >= 0)]
            mask[own] |= found.coded[found.coders.index(names[number]), own]
    return mask


def leading(given: Answered, order: IntArray, is_coded: BoolArray) -> tuple[BoolArray, int]:
    """Whose answers come before the first in some order that is not coded, and how many they are.

    `order` numbers the substantive answers in the order of the respondents.
    """
    owners = np.flatnonzero(given.is_answered)[order]
    waiting = np.flatnonzero(~is_coded[owners])
    depth = int(waiting[0]) if waiting.size else owners.size
    mask = np.zeros(given.status.size, dtype=np.bool_)
    mask[owners[:depth]] = True
    return mask, depth


def within(found: Bases, drawn: BoolArray) -> Bases:
    """The bases of a sample of the answers, all of them coded."""
    nobody = np.zeros_like(drawn)
    return Bases(drawn, drawn, found.coded & drawn, found.any_code & drawn, nobody)


def theme_table(
    k: Sequence[Sequence[int]],
    n: Sequence[int],
    paths: Sequence[str],
    parts: Sequence[tuple[int, tuple[int, ...]]],
    any_code: int | None = None,
    *,
    is_any_code: bool = False,
) -> ThemeTable:
    """A table to protect: a row a theme, the whole base first, then groups.

    `parts` are a column and those that it is divided into.
    """
    counts = np.array(k, dtype=np.int64).reshape(len(paths), len(n))
    bases = np.array(n, dtype=np.int64)
    breakdowns = tuple(Breakdown(whole, inside) for whole, inside in parts)
    return ThemeTable(counts, bases, code_tree(paths), breakdowns, any_code, is_any_code)


def nested(inner: IntArray, outer: IntArray, base: BoolArray, groups: int) -> list[int] | None:
    """In which outer group each of the inner `groups` lies; None where one lies in several.

    Nobody in the base is then in an inner group and in no outer one. A group that nobody is in
    lies in none, which is -1.
    """
    inside = base & (inner >= 0)
    first = np.full(groups, -1)
    first[inner[inside]] = outer[inside]
    if (first[inner[inside]] != outer[inside]).any() or (outer[inside] < 0).any():
        return None
    return [int(place) for place in first]


def as_floats(numbers: array[float]) -> FloatArray:
    """The numbers of an array of Python's own, which is not copied."""
    return np.frombuffer(numbers) if numbers else np.zeros(0)


def labelled(numbers: array[int], labels: Sequence[str]) -> npt.NDArray[np.object_]:
    """The label of each number."""
    return np.array([*labels, ""], dtype=np.object_)[as_integers(numbers)]


def size(mask: BoolArray) -> int:
    """How many are marked."""
    return int(np.count_nonzero(mask))


def marked(places_: Sequence[int], length: int) -> BoolArray:
    """A mask of a length in which some places are marked."""
    mask = np.zeros(length, dtype=np.bool_)
    mask[list(places_)] = True
    return mask


def valued(numbers: IntArray, values: Sequence[float]) -> FloatArray:
    """The value of each number."""
    return np.array([*values, np.nan], dtype=np.float64)[numbers]


def all_known(attributes: Sequence[Attribute]) -> BoolArray:
    """Of whom every attribute is known; there is at least one."""
    return np.asarray(np.logical_and.reduce([~np.isnan(one.values) for one in attributes]))


def level_sizes(attribute: Attribute, base: BoolArray) -> list[int]:
    """How many of the base are in each category of an attribute."""
    values = attribute.values[base]
    known = values[~np.isnan(values)].astype(np.intp)
    return [int(n) for n in np.bincount(known, minlength=len(attribute.levels))]


def inside(base: BoolArray, group: IntArray) -> IntArray:
    """The group of everybody in the base, -1 for all others."""
    return np.where(base, group, -1)


def centred(attribute: Attribute) -> Attribute:
    """A number less its mean, so that the intercept is that of the middle; a category as it is."""
    if attribute.levels:
        return attribute
    return replace(attribute, values=attribute.values - np.nanmean(attribute.values))


def answers_of(given: Answered, present: BoolArray) -> list[int]:
    """The ids of the substantive answers of marked respondents, in the order of these."""
    kept = present[given.respondents]
    order = np.argsort(given.respondents[kept], kind="stable")
    return [int(number) for number in given.ids[kept][order]]
