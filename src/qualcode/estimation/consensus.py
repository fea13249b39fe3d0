"""What several coders made of an answer, as one value for each code.

The rules of the consensus are those of the coding literature (Krippendorff 2019, ch. 7; Gwet 2014,
ch. 1): *any* coder, the *majority*, all of them (*unanimous*), what an adjudicator settled, or
one coder alone. "Coded it and applied no code" is a vote against; an answer that a coder did not
code is no vote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.estimation.arrays import BoolArray, ByteArray, IntArray
    from qualcode.estimation.codetree import CodeTree
    from qualcode.estimation.voting import Verdicts, Votes

ABSENT, UNRESOLVED, PRESENT = np.uint8(0), np.uint8(1), np.uint8(2)

RULES = ("any", "majority", "unanimous", "adjudicated")
_ONE_CODER = "coder:"


@dataclass(frozen=True, slots=True, eq=False)
class Consensus:
    """`values` (C × n) are `ABSENT`, `UNRESOLVED` or `PRESENT`; `coded` (n) where there is one.

    A parent is present where it or a theme under it is, after consensus: a respondent counts
    once. It is unresolved where none of these is present and one is unresolved.
    """

    values: ByteArray
    coded: BoolArray
    rule: str

    @property
    def answers(self) -> int:
        """How many answers there are, coded or not."""
        return int(self.coded.size)

    def present(self, code: int) -> BoolArray:
        """The answers to which a code applies (n)."""
        return np.asarray(self.values[code] == PRESENT)

    def indicators(self) -> Iterator[BoolArray]:
        """The same of every code, one after the other."""
        return (self.present(code) for code in range(self.values.shape[0]))

    def any_of(self, codes: BoolArray) -> BoolArray:
        """The answers to which one of the `codes` (C) applies (n)."""
        found = np.zeros(self.answers, dtype=np.bool_)
        for code in np.flatnonzero(codes):
            found |= self.values[code] == PRESENT
        return found

    def unresolved(self, base: BoolArray) -> IntArray:
        """How many answers of the `base` (n) are unresolved under each code (C)."""
        return np.array([np.count_nonzero((line == UNRESOLVED) & base) for line in self.values])


def default_rule(given: Votes) -> str:
    """The rule to take unless told otherwise: majority, with one coder any."""
    return "any" if len(given.coders) == 1 else "majority"


def consensus_of(
    given: Votes, tree: CodeTree, rule: str = "majority", verdicts: Verdicts | None = None
) -> Consensus:
    """The consensus of the coders on every answer and code.

    `rule` is ``any``, ``majority`` (more than half of those who coded the answer; a tie is
    unresolved), ``unanimous``, ``adjudicated`` (the verdict where there is one, else unresolved)
    or ``coder:NAME``. Raises InputError for another rule, NotFound for a coder that there is not.
    """
    if rule.startswith(_ONE_CODER):
        alone = _only(given, rule.removeprefix(_ONE_CODER))
        return _with_parents(_ruled(alone, len(tree), "any"), tree, alone.coded[0], rule)
    if rule not in RULES:
        raise InputError(
            f"there is no rule “{rule}”", hint=f"take one of {', '.join(RULES)}, coder:NAME"
        )
    coded = given.voters > 0
    if rule != "adjudicated":
        return _with_parents(_ruled(given, len(tree), rule), tree, coded, rule)
    values = np.zeros((len(tree), given.answers), dtype=np.uint8)
    values[:, coded] = UNRESOLVED
    if verdicts is not None:
        values[verdicts.codes, verdicts.answers] = np.where(verdicts.values, PRESENT, ABSENT)
        coded[verdicts.answers] = True
    return _with_parents(values, tree, coded, rule)


def _only(given: Votes, name: str) -> Votes:
    if name not in given.coders:
        raise NotFound(f"there is no coder “{name}”", wanted=name, there_are=given.coders)
    g = given.coders.index(name)
    return type(given)(given.coded[g : g + 1], (given.marks[g],), (name,))


def _ruled(given: Votes, codes: int, rule: str) -> ByteArray:
    """Put the values in the place of the counts, line by line: 50 codes of a million are 50 MB."""
    counts, voters = given.counts(codes), given.voters
    values = (
        np.zeros(counts.shape, dtype=np.uint8) if counts.itemsize > 1 else counts.view(np.uint8)
    )
    for line, count in zip(values, counts, strict=True):
        if rule == "any":
            line[:] = PRESENT * (count > 0)
        elif rule == "unanimous":
            line[:] = PRESENT * ((count > 0) & (count == voters))
        else:
            against = voters - count
            tie = (count == against) & (count > 0)
            line[:] = PRESENT * (count > against) + UNRESOLVED * tie
    return values


def _with_parents(values: ByteArray, tree: CodeTree, coded: BoolArray, rule: str) -> Consensus:
    parents, themes = tree.parents, tree.are_themes
    for code in tree.deepest_first:
        above = parents[code]
        if above >= 0 and themes[code] and themes[above]:
            np.maximum(values[above], values[code], out=values[above])
    return Consensus(values, coded, rule)
