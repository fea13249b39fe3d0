"""How far people agree with each other on the codes that a machine is judged on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from qualcode.store import coders, learning
from qualcode.suggest.evaluation import LEAST_USES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database

Sets = dict[int, frozenset[str]]
"""The codes that a coder gave, by answer."""


@dataclass(frozen=True, slots=True)
class SharedCode:
    """One code between people: of `n` times that either of a pair used it, how often both did.

    The F1 of one coder against the other is the same the other way round. It is None where the
    code came up too seldom.
    """

    code: str
    n: int
    f1: float | None


@dataclass(frozen=True, slots=True)
class Shared:
    """Agreement on `n` answers that two people coded; of several pairs, added up.

    `micro_f1` pools all codes, `macro_f1` is the mean over those that came up often enough;
    None where there is nothing to judge by.
    """

    n: int
    micro_f1: float | None
    macro_f1: float | None
    codes: tuple[SharedCode, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The answers that each coder coded, each pair of coders that share some, and all pairs."""

    coders: dict[str, int]
    pairs: dict[tuple[str, str], Shared]
    together: Shared


def people(database: Database, question: Question, paths: Mapping[int, str]) -> People:
    """Everybody who coded answers to a question, on the codes of these ids and paths."""
    own: dict[str, Sets] = {}
    for coder in coders.coders(database):
        given = learning.own_codes(database, question.id, coder.id)
        if given:
            own[coder.name] = {
                answer: frozenset(paths[code] for code in codes if code in paths)
                for answer, codes in given.items()
            }
    order = list(paths.values())
    shared = {
        (one, other): tally
        for one, other in combinations(own, 2)
        if (tally := _tally(own[one], own[other])).n
    }
    return People(
        {name: len(sets) for name, sets in own.items()},
        {pair: tally.shared(order) for pair, tally in shared.items()},
        sum(shared.values(), _Tally()).shared(order),
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """How often both and how often either of two coders used a code, on `n` answers."""

    n: int = 0
    both: Counter[str] = field(default_factory=Counter)
    either: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: _Tally) -> _Tally:
        return _Tally(self.n + other.n, self.both + other.both, self.either + other.either)

    def shared(self, paths: Sequence[str]) -> Shared:
        """The figures, with the codes in the order of `paths`."""
        codes = tuple(
            SharedCode(path, self.either[path], self._f1(path, LEAST_USES)) for path in paths
        )
        judged = [code.f1 for code in codes if code.f1 is not None]
        both, either = self.both.total(), self.either.total()
        return Shared(
            self.n,
            2 * both / (both + either) if either else None,
            sum(judged) / len(judged) if judged else None,
            codes,
        )

    def _f1(self, path: str, least: int) -> float | None:
        both, either = self.both[path], self.either[path]
        return 2 * both / (both + either) if either >= least else None


def _tally(one: Sets, other: Sets) -> _Tally:
    answers = one.keys() & other.keys()
    both = Counter(code for answer in answers for code in one[answer] & other[answer])
    either = Counter(code for answer in answers for code in one[answer] | other[answer])
    return _Tally(len(answers), both, either)
