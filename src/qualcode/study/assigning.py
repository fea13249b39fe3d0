"""Who codes what: a share of the answers by two coders or more, the rest by one.

Answers stand in the order of chance of a seed (permanent random numbers, Ohlsson 1995), stratum by
stratum; the first of each stratum are coded by several. So a larger share later keeps those that
were drawn before, and answers that arrive later find their place. Coders are then dealt out so that
everybody's load, in every stratum and with every partner, stays even.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.store import assignments, codebook, coders, journal, responses
from qualcode.store.assignments import Assigned
from qualcode.study import design

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qualcode.model import Coder, Question
    from qualcode.store.assignments import Workload
    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Plan:
    """How answers are dealt out: `double` is the share coded by `several` coders."""

    double: float = 0.0
    several: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Dealt:
    """What was dealt out of a question: new assignments, by how many answers and coders."""

    question: str
    answers: int
    added: int
    double: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """An answer to be dealt out: whose it is, and in which stratum."""

    respondent_id: int
    name: str
    stratum: str = ""


def assign(
    database: Database,
    names: Sequence[str],
    questions: Sequence[Question],
    plan: Plan,
    *,
    by: str,
) -> list[Dealt]:
    """Deal the answers to some questions, or to all with a codebook, out to coders, in one step.

    What is assigned stays, and who has coded an answer already keeps it. Raises `InputError` for
    fewer coders than an answer needs, a share outside 0 to 1, and a coder named twice.
    """
    with database.transaction():
        people, remarks = _people(database, names)
        if not 0 <= plan.double <= 1:
            raise InputError(f"a share lies between 0 and 1, not at {plan.double:g}")
        if plan.double and len(people) < plan.several:
            raise InputError(
                f"{plan.several} coders cannot code one answer where {len(people)} are named",
                hint="name more with --coder",
            )
        questions = questions or tuple(
            each for each in responses.questions(database) if codebook.codes_for(database, each.key)
        )
        if not questions:
            raise InputError(
                "no question has a codebook", hint="`qualcode codebook apply` adds one"
            )
        detail = {"coders": [one.name for one in people], "double": plan.double, "seed": plan.seed}
        keys = [question.key for question in questions]
        step = journal.add_note(database, "assign", by=by, detail={**detail, "questions": keys})
        dealt = [_deal(database, people, question, plan, step) for question in questions]
    return [Dealt(one.question, one.answers, one.added, one.double, remarks) for one in dealt]


def workloads(database: Database) -> list[Workload]:
    """What every coder is to code, by question, and what of it is done."""
    return assignments.workloads(database)


def _people(database: Database, names: Sequence[str]) -> tuple[list[Coder], tuple[str, ...]]:
    found = [coders.find_or_add(database, name) for name in names]
    people = [coder for coder, _ in found]
    if len({coder.id for coder in people}) < len(people):
        raise InputError("a coder is named twice", hint="name each coder once")
    return people, tuple(remark for _, remark in found if remark)


def _deal(
    database: Database, people: Sequence[Coder], question: Question, plan: Plan, step: int
) -> Dealt:
    units = list(_units(database, question))
    there = assignments.of_question(database, question.id)
    known = {one.id for one in people}
    kept = {respondent: list(found) for respondent, found in there.items()}
    for respondent, found in assignments.coded_already(database, question.id).items():
        own = kept.setdefault(respondent, [])
        own += [coder for coder in found if coder in known and coder not in own]
    wanted = wanted_coders(units, plan)
    dealt = deal(units, wanted, [one.id for one in people], kept, plan.seed)
    new = list(_new(database, question, units, dealt, there, plan))
    assignments.add(database, question.id, step, new)
    double = sum(len(found) > 1 for found in dealt.values())
    return Dealt(question.key, len(units), len(new), double)


def _new(
    database: Database,
    question: Question,
    units: Sequence[Unit],
    dealt: Mapping[int, Sequence[int]],
    there: Mapping[int, Sequence[int]],
    plan: Plan,
) -> Iterator[Assigned]:
    """Give what was not assigned before, at the end of everybody's queue."""
    ranks = assignments.last_ranks(database, question.id)
    shares = probabilities(units, plan)
    for unit in chance(units, plan.seed):
        for coder in dealt[unit.respondent_id]:
            if coder not in there.get(unit.respondent_id, ()):
                ranks[coder] = ranks.get(coder, 0) + 1
                yield Assigned(unit.respondent_id, coder, ranks[coder], shares[unit.stratum])


def _units(database: Database, question: Question) -> Iterator[Unit]:
    column = design.read(database).stratum
    for number, name, attributes in assignments.to_assign(database, question.id):
        yield Unit(number, name, json.loads(attributes).get(column, "") if column else "")


def chance(units: Iterable[Unit], seed: int) -> list[Unit]:
    """The answers in the order of chance, which depends on the seed and whose they are alone."""
    key = seed.to_bytes(8, "little")

    def number(unit: Unit) -> tuple[bytes, str]:
        name = unit.name.encode("utf-8", "surrogatepass")
        return blake2b(name, key=key, digest_size=8).digest(), unit.name

    return sorted(units, key=number)


def _several(units: Sequence[Unit], plan: Plan) -> dict[str, int]:
    """How many of each stratum are coded by several: shares rounded so that the total is right."""
    sizes = Counter(unit.stratum for unit in units)
    counts: dict[str, int] = {}
    before = done = 0
    for stratum in sorted(sizes):
        before += sizes[stratum]
        counts[stratum] = round(plan.double * before) - done
        done += counts[stratum]
    return counts


def probabilities(units: Sequence[Unit], plan: Plan) -> dict[str, float]:
    """The probability of being coded by several, in each stratum."""
    sizes = Counter(unit.stratum for unit in units)
    return {stratum: n / sizes[stratum] for stratum, n in _several(units, plan).items()}


def wanted_coders(units: Sequence[Unit], plan: Plan) -> dict[int, int]:
    """How many coders each answer is to have."""
    left = _several(units, plan)
    wanted: dict[int, int] = {}
    for unit in chance(units, plan.seed):
        is_double = left[unit.stratum] > 0
        left[unit.stratum] -= is_double
        wanted[unit.respondent_id] = plan.several if is_double else 1
    return wanted


@dataclass
class _Loads:
    """How much everybody has: in all, in every stratum, and with every partner."""

    total: Counter[int] = field(default_factory=Counter)
    within: Counter[tuple[str, int]] = field(default_factory=Counter)
    pairs: Counter[frozenset[int]] = field(default_factory=Counter)

    def take(self, unit: Unit, coder: int, partners: Iterable[int]) -> None:
        self.total[coder] += 1
        self.within[unit.stratum, coder] += 1
        self.pairs.update(frozenset((coder, partner)) for partner in partners)

    def cost(self, unit: Unit, coder: int, partners: Sequence[int]) -> tuple[int, int, int]:
        """Give what makes a coder less fit to be next: partners, stratum, load."""
        together = sum(self.pairs[frozenset((coder, partner))] for partner in partners)
        return together, self.within[unit.stratum, coder], self.total[coder]


def deal(
    units: Sequence[Unit],
    wanted: Mapping[int, int],
    coders_: Sequence[int],
    kept: Mapping[int, Sequence[int]],
    seed: int,
) -> dict[int, list[int]]:
    """The coders of every answer: those that it has, and as many more as it is to have."""
    loads, dealt = _Loads(), {}
    order = chance(units, seed)
    for unit in order:
        own = list(kept.get(unit.respondent_id, ()))
        for place, coder in enumerate(own):
            loads.take(unit, coder, own[:place])
        dealt[unit.respondent_id] = own
    for unit in order:
        own = dealt[unit.respondent_id]
        while len(own) < wanted[unit.respondent_id]:
            free = [coder for coder in coders_ if coder not in own]
            if not free:
                break
            turn = _turn(unit, seed)
            best = min(
                free,
                key=lambda coder: (
                    *loads.cost(unit, coder, own),
                    (coders_.index(coder) + turn) % len(coders_),
                ),
            )
            loads.take(unit, best, own)
            own.append(best)
    return dealt


def _turn(unit: Unit, seed: int) -> int:
    """Where the round of coders begins for an answer, by chance."""
    name = unit.name.encode("utf-8", "surrogatepass")
    digest = blake2b(name, key=seed.to_bytes(8, "little"), digest_size=8, person=b"turn").digest()
    return int.from_bytes(digest, "little")
