"""The answers that people coded, as a probability sample of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError
from qualcode.estimation.reasons import NOT_RANDOM, NOTHING_CODED

if TYPE_CHECKING:
    import numpy.typing as npt

    from qualcode.estimation.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The `drawn` (N) of N answers, with the `probability` (N) that each had to be drawn.

    `weights` (N) are those of the respondents. `is_simple`: all probabilities and weights alike.
    """

    drawn: BoolArray
    probability: FloatArray
    weights: FloatArray
    is_simple: bool

    @property
    def heft(self) -> FloatArray:
        """How many answers, in weights, a drawn one stands for (N); 0 for the others."""
        probability = np.where(self.drawn, self.probability, 1.0)
        return np.where(self.drawn, self.weights / probability, 0.0)

    def variance(self, residual: FloatArray, coded: BoolArray, population: int) -> float:
        """The variance of the mean of what people and machine differ by.

        `residual` (n) belongs to the `coded` (N) of `population` answers. Simple random sampling:
        ``s² / n (1 - n / N)`` (Cochran 1977, ch. 2). Else that of independent draws, Poisson
        sampling, around the mean (Särndal, Swensson & Wretman 1992, ch. 5).
        """
        n = residual.size
        if self.is_simple:
            return float(residual.var(ddof=1)) / n * (1 - n / population)
        heft = self.heft[coded]
        apart = heft * (residual - residual @ heft / heft.sum())
        return float(((1 - self.probability[coded]) * apart**2).sum() / heft.sum() ** 2)


def random_sample(
    drawn: BoolArray,
    coded: BoolArray,
    probability: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
) -> tuple[Sample | None, str, str]:
    """The sample, or None with a reason and what stands in the way.

    `drawn` (N) are the answers that chance chose, `coded` (N) those that people coded,
    `probability` (N) is NaN where nobody knows it, None for a simple random sample. Answers that
    are coded but were not drawn are no part of it. It is no random sample while a drawn answer
    waits to be coded, or where its probability is not known.
    """
    size = drawn.size
    chance = np.full(size, np.count_nonzero(drawn) / max(size, 1))
    given = chance if probability is None else np.asarray(probability, dtype=np.float64)
    heavy = np.ones(size) if weights is None else np.asarray(weights, dtype=np.float64)
    if not drawn.shape == coded.shape == given.shape == heavy.shape:
        raise InputError("the columns of a sample are of unequal length")
    if not coded.any():
        return None, NOTHING_CODED, "no answer has been coded"
    if not drawn.any():
        return None, NOT_RANDOM, "no answer was drawn at random"
    waiting = int(np.count_nonzero(drawn & ~coded))
    if waiting:
        return None, NOT_RANDOM, f"{waiting} of the answers drawn at random are not coded yet"
    known = (given > 0) & (given <= 1)
    unknown = int(np.count_nonzero(drawn & ~known))
    if unknown:
        return None, NOT_RANDOM, f"{unknown} answers were drawn with an unknown probability"
    is_simple = bool(np.ptp(given[drawn]) == 0 and np.ptp(heavy) == 0)
    return Sample(drawn, given, heavy, is_simple), "", ""
