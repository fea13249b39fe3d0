"""How the coded answers came to be coded: by chance, or because something chose them.

A queue can be steered: answers of which a model is unsure come first, or those that seem to hold
a code. Percentages of such answers are wrong, by a lot. But every queue that leaves anything to
chance goes down one order of all answers, which depends on its seed alone; what is coded from the
beginning of that order, up to the first answer that is not, is a simple random sample, whoever
coded it and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import QualcodeError
from qualcode.estimation.reading import chosen, leading, size, unpacked, within
from qualcode.store import queues, tabulation
from qualcode.study.frequencies.coded import ONE_CODER

if TYPE_CHECKING:
    from qualcode.estimation import Bases
    from qualcode.estimation.arrays import BoolArray
    from qualcode.store.connection import Database
    from qualcode.study.frequencies.coded import Coded


@dataclass(frozen=True, slots=True, eq=False)
class RandomPart:
    """The first `depth` of `population` answers in the order of chance of a seed, all coded.

    `left_out` answers are coded and come later in the order. `next_one` is the respondent whose
    answer has to be coded for the sample to grow.
    """

    seed: int
    depth: int
    population: int
    drawn: BoolArray
    left_out: int
    next_one: str

    def bases(self, found: Bases) -> Bases:
        """The bases of the sample."""
        return within(found, self.drawn)


def steered(database: Database, coded: Coded, bases: Bases, rule: str) -> int:
    """How many coded answers something other than chance chose, beyond the random sample.

    Only what a coder chose so and coded counts, and under a rule of one coder only theirs.
    """
    packed = tabulation.steered(database, coded.question.id)
    if not packed.numbers:
        return 0
    people = [(coder.id, coder.name) for coder in coded.people]
    if rule.startswith(ONE_CODER):
        people = [one for one in people if one[1] == rule.removeprefix(ONE_CODER)]
    numbers = unpacked(packed.numbers, packed.bits)
    mask = chosen(coded.answers, coded.votes, numbers, people, coded.respondents)
    mask = mask & bases.answered & ~bases.uncoded
    if not mask.any():
        return 0
    part = _deepest(database, coded, bases.answered & ~bases.uncoded)
    return size(mask & ~part.drawn if part else mask)


def random_part(database: Database, coded: Coded, is_coded: BoolArray) -> RandomPart:
    """The random sample of a question, the largest where there are several seeds.

    Raises `QualcodeError` where chance has drawn nothing, or its first answer is not coded.
    """
    found = _deepest(database, coded, is_coded)
    key = coded.question.key
    if found is None:
        raise QualcodeError(
            f"no answers to {key} were drawn by chance",
            hint="`qualcode queue STUDY --coder NAME --order random` draws some",
        )
    if not found.depth:
        raise QualcodeError(
            f"none of the answers to {key} that chance drew is coded yet, from the first one on",
            hint=f"code the answer of {found.next_one} first",
        )
    return found


def _deepest(database: Database, coded: Coded, is_coded: BoolArray) -> RandomPart | None:
    seeds = tabulation.seeds_of_chance(database, coded.question.id)
    if not seeds:
        return None
    _, names = queues.population(database, coded.question.id)
    parts = [_part(coded, names, seed, is_coded) for seed in seeds]
    return max(parts, key=lambda part: part.depth)


def _part(coded: Coded, names: list[str], seed: int, is_coded: BoolArray) -> RandomPart:
    # It loads what suggestions need, and hardly any study comes here.
    from qualcode.suggest import order_of_chance  # noqa: PLC0415

    order = order_of_chance((f"{coded.question.key}\0{name}" for name in names), seed)
    drawn, depth = leading(coded.answers, order, is_coded)
    left_out = size(is_coded & coded.answers.is_answered & ~drawn)
    next_one = names[int(order[depth])] if depth < len(names) else ""
    return RandomPart(seed, depth, len(names), drawn, left_out, next_one)
