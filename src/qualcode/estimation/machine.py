"""The machine's side of an estimate: probabilities of answers as columns over respondents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.corrected import Corrected, correct, machine_alone
from qualcode.estimation.reading import places
from qualcode.estimation.sample_size import more_answers
from qualcode.estimation.sampled import random_sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.codetree import CodeTree
    from qualcode.estimation.reading import Answered
    from qualcode.estimation.sample_size import MoreAnswers
    from qualcode.estimation.sampled import Sample
    from qualcode.model import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class MachineScores:
    """Probabilities of n respondents (n × k), 0 where there is no answer.

    `column_of` says which column is that of each code of the tree, -1 for none.
    """

    p: npt.NDArray[np.float32]
    column_of: tuple[int, ...]
    tree: CodeTree

    def of(self, code: int) -> FloatArray:
        """The probability of a code (n): of a parent, that it or any code below it fits."""
        none = np.ones(self.p.shape[0])
        for one in range(len(self.tree.paths)):
            if self.column_of[one] >= 0 and _is_in(self.tree, one, code):
                none *= 1 - self.p[:, self.column_of[one]]
        return 1 - none


def _is_in(tree: CodeTree, code: int, family: int) -> bool:
    path, top = tree.paths[code], tree.paths[family]
    return path == top or path.startswith(f"{top}/")


def machine_scores(
    given: Answered,
    ids: IntArray,
    p: npt.NDArray[np.float32],
    paths: Sequence[str],
    tree: CodeTree,
) -> MachineScores:
    """Scores of answers by id (m × k, codes by path) as columns over respondents.

    Answers without a score have 0 everywhere; scores of other answers are passed over.
    """
    place = places(given.ids, ids)
    known = place >= 0
    table = np.zeros((given.status.size, p.shape[1]), dtype=np.float32)
    table[given.respondents[place[known]]] = p[known]
    number = {path: column for column, path in enumerate(paths)}
    return MachineScores(table, tuple(number.get(path, -1) for path in tree.paths), tree)


def sample_of(
    given: Answered, drawn: BoolArray | None, coded: BoolArray, weights: FloatArray
) -> tuple[Sample | None, str]:
    """The random sample among the respondents (n), or None and what stands in the way.

    Without `drawn` every answer is in it.
    """
    population = given.is_answered
    chosen = population if drawn is None else drawn & population
    sample, _, why = random_sample(chosen, coded & population, weights=weights)
    return sample, why


def corrected_by_group(
    scores: MachineScores,
    code: int,
    present: BoolArray,
    sample: Sample,
    population: BoolArray,
    groups: Sequence[tuple[IntArray, int]],
) -> tuple[Corrected, list[list[Corrected]]]:
    """A code's corrected share in the population (n), and in the groups of each grouping.

    A grouping is the place of each respondent among so many groups, -1 for none. The groups take
    the tuning of the whole.
    """
    machine = scores.of(code)
    whole = correct(present, machine, sample, population)
    return whole, [
        [
            correct(present, machine, sample, population & (place == g), whole.tuning)
            for g in range(count)
        ]
        for place, count in groups
    ]


def machine_by_group(
    scores: MachineScores,
    code: int,
    weights: FloatArray,
    population: BoolArray,
    groups: Sequence[tuple[IntArray, int]],
) -> tuple[Estimate, list[list[Estimate]]]:
    """A code's mean probability in the population (n), and in the groups of each grouping."""
    machine = scores.of(code)
    return machine_alone(machine, weights, population), [
        [machine_alone(machine, weights, population & (place == g)) for g in range(count)]
        for place, count in groups
    ]


def still_to_code(found: Corrected, half_width: float) -> MoreAnswers:
    """What it takes for an interval of ± `half_width`."""
    return more_answers(found, half_width)
