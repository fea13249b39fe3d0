"""The answers on which coders differ, worst codes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qualcode.agreement import assess_codes
from qualcode.store import assignments, codebook, coders, queries, ratings, verdicts
from qualcode.study.agreement.disagreements import apart
from qualcode.study.agreement.measure import as_codings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qualcode.model import Code, Question
    from qualcode.store.connection import Database
    from qualcode.store.ratings import Ratings
    from qualcode.study.adjudication.case import State

Sets: TypeAlias = dict[int, frozenset[int]]
"""The codes, by their ids, of each coder of an answer."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """An answer on which coders differ: on which codes, and on which they all agree.

    `alpha` is the lowest among the codes in dispute, 1 where none is defined; `distance` the mean
    MASI distance of the coder pairs.
    """

    response_id: int
    disputed: frozenset[int]
    agreed: frozenset[int]
    alpha: float
    distance: float


def coded(database: Database, question: Question) -> tuple[Ratings, tuple[Code, ...]]:
    """What coders put on the answers that wait for nobody, and the codes that they can get."""
    raw = ratings.ratings(database, question.id, coders.coders(database)).at_work
    return raw, codebook.codes_for(database, question.key)


def sets_of(raw: Ratings) -> dict[int, Sets]:
    """The codes of each coder on every answer that anybody coded, by the answers' places."""
    found: dict[int, dict[int, set[int]]] = {}
    for unit, coder in zip(*raw.seen, strict=True):
        found.setdefault(unit, {})[coder] = set()
    for unit, coder, code_id in zip(*raw.applied, strict=True):
        found[unit][coder].add(code_id)
    return {
        unit: {coder: frozenset(codes) for coder, codes in sorted(by_coder.items())}
        for unit, by_coder in sorted(found.items())
    }


def differing(sets: Sets) -> tuple[frozenset[int], frozenset[int]]:
    """The codes that some and not all have put on an answer, and those that all have."""
    some = frozenset[int]().union(*sets.values())
    every = some.intersection(*sets.values())
    return some - every, every


def disputes(database: Database, question: Question, code_id: int = 0) -> list[Dispute]:
    """The answers in dispute, or those on which a code is: worst code first, then most apart."""
    raw, codes = coded(database, question)
    if not codes:
        return []
    alpha = {
        code.id: 1.0 if one.alpha.value is None else one.alpha.value
        for code, one in zip(codes, assess_codes(as_codings(raw, codes)), strict=True)
    }
    known: dict[tuple[frozenset[int], frozenset[int]], float] = {}
    found = []
    for unit, sets in sets_of(raw).items():
        disputed, agreed = differing(sets)
        if disputed and (not code_id or code_id in disputed):
            worst = min(alpha[one] for one in disputed)
            distance = apart(list(sets.values()), known)
            found.append(Dispute(raw.responses[unit], disputed, agreed, worst, distance))
    return sorted(found, key=lambda one: (one.alpha, -one.distance))


def case_ids(database: Database, question: Question, code_id: int = 0) -> list[int]:
    """The answers in dispute in their order, then others with a verdict or a question.

    With a code, those alone on which it is in dispute. None waits for one of its coders.
    """
    ids = [one.response_id for one in disputes(database, question, code_id)]
    if code_id:
        return ids
    others = verdicts.settled(database, question.id)
    others |= queries.sent_back(database, question.id)
    return ids + sorted(others - assignments.all_pending(database, question.id) - {*ids})


def states(
    database: Database, questions: Sequence[Question], ids: Iterable[int]
) -> dict[int, State]:
    """What became of each of some answers: a verdict counts more than a question."""
    settled: set[int] = set()
    asked: set[int] = set()
    for question in questions:
        settled |= verdicts.settled(database, question.id)
        asked |= queries.sent_back(database, question.id)
    return {
        one: "settled" if one in settled else "sent back" if one in asked else "open" for one in ids
    }
