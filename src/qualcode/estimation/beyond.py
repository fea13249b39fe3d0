"""The machine's side where the population is a corpus of which the study is a random sample.

Of the corpus only sums are known: how likely the models called each family of codes on all of its
answers. The coded answers are in it too. There the mean of all models counts answers that most of
them have learned from; it is replaced by the one model that has not, as everywhere else
(cross-prediction: Zrnic & Candès 2024).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.corrected import Corrected, Moments, correct_to
from qualcode.estimation.reading import places, size
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.estimation.arrays import BoolArray, FloatArray
    from qualcode.estimation.machine import MachineScores
    from qualcode.estimation.reading import Answered
    from qualcode.estimation.sampled import Sample

FAR_APART = 5.0
"""Standard errors; a sample by chance lies this far from its population once in a million."""
_LEAST_EXPECTED = 5.0


@dataclass(frozen=True, slots=True)
class CorpusSums:
    """Of `answers` of a corpus the sums of probabilities by path, and of their squares.

    Both are whole numbers: probabilities are counted in parts of which 1 has `unit`.
    """

    answers: int
    sums: Mapping[str, int]
    squares: Mapping[str, int]
    unit: int

    def alone(self, path: str) -> Estimate:
        """The machine's mean of a code, which is biased by nobody knows how much."""
        return Estimate(self.sums.get(path, 0) / self.unit / self.answers)


@dataclass(frozen=True, slots=True, eq=False)
class Beyond:
    """A corpus as seen from the study.

    `own` are the probabilities of the study's answers, of coded ones by the model that has not
    learned from them; `mean` those of the `taught` ones as the corpus was scored.
    """

    corpus: CorpusSums
    own: MachineScores
    mean: MachineScores
    taught: BoolArray

    def moments(self, code: int) -> Moments:
        """The machine's probabilities of a code in the corpus."""
        n, unit, path = self.corpus.answers, self.corpus.unit, self.own.tree.paths[code]
        mine, shared = self.own.of(code)[self.taught], self.mean.of(code)[self.taught]
        total = self.corpus.sums.get(path, 0) / unit + float((mine - shared).sum())
        square = self.corpus.squares.get(path, 0) / unit**2 + float((mine**2 - shared**2).sum())
        mean = total / n
        return Moments(n, mean, max(0.0, square / n - mean**2))

    def correct(self, code: int, present: BoolArray, sample: Sample, study: BoolArray) -> Corrected:
        """A code's share in the corpus; `study` (n) are its answers among the respondents."""
        coded = sample.drawn & study
        return correct_to(present, self.own.of(code), sample, coded, self.moments(code))

    def apart(self, code: int, study: BoolArray) -> float:
        """By how many standard errors the machine's mean in the study is off that in the corpus.

        0 where it expects too few with the code, or too few without, to tell.
        """
        whole, n = self.moments(code), size(study)
        left = 1 - n / whole.n
        expected = n * min(whole.mean, 1 - whole.mean)
        if left <= 0 or whole.variance == 0 or expected < _LEAST_EXPECTED:
            return 0.0
        error = math.sqrt(whole.variance / n * left)
        return (float(self.own.of(code)[study].mean()) - whole.mean) / error


def taught_answers(given: Answered, ids: Sequence[int]) -> BoolArray:
    """Whose answers have these ids (n)."""
    mask = np.zeros(given.status.size, dtype=np.bool_)
    place = places(given.ids, np.array(ids, dtype=np.int64))
    mask[given.respondents[place[place >= 0]]] = True
    return mask


def is_equal(weights: FloatArray) -> bool:
    """Whether all weights are the same."""
    return not weights.size or bool(np.ptp(weights) == 0)
