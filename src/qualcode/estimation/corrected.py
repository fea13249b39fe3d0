"""Frequencies from human codes on a sample and machine probabilities on all answers.

The mean of the machine's probabilities over all N answers, tuned by λ, plus the mean error on the
n that people coded: the survey statistician's difference estimator (Cassel, Särndal & Wretman
1976), known as prediction-powered inference with power tuning (Angelopoulos, Duchi & Zrnic 2023,
PPI++) and, with unequal probabilities, as design-based supervised learning (Egami, Hinck, Stewart
& Wei 2023). It is unbiased however wrong the machine is, provided that the sample is random and
that no answer's own codes went into its probability. The interval is about the N answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qualcode.estimation.distributions import NORMAL_95, normal_two_sided
from qualcode.estimation.effects import Effect
from qualcode.estimation.proportions import wilson
from qualcode.estimation.reasons import EMPTY_BASE, NO_VARIATION, NOTHING_CODED
from qualcode.model import Estimate

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, FloatArray
    from qualcode.estimation.sampled import Sample

LEAST_POSITIVES = 5
"""With fewer human positives the machine is left out: its error cannot be told."""

_LEAST_VARIANCE = 0.25


@dataclass(frozen=True, slots=True)
class Corrected:
    """The share of a code among `population` answers, `n` of them coded, `k` with the code.

    `human` is from the coded answers alone. `method` is ``human`` where that is also the
    `estimate`, because there were too few positives or every answer is coded. `tuning` is λ, how
    much of the machine is used.
    """

    estimate: Estimate
    human: Estimate
    method: Literal["corrected", "human"]
    tuning: float
    k: int
    n: int
    population: int


@dataclass(frozen=True, slots=True)
class Moments:
    """The machine's probabilities in a population of `n` answers: their mean and variance."""

    n: int
    mean: float
    variance: float


def correct(
    present: BoolArray,
    machine: FloatArray,
    sample: Sample,
    domain: BoolArray,
    tuning: float | None = None,
) -> Corrected:
    """The corrected share of a code within the `domain` (N).

    `present` (N) holds the human codes, of which only those in the sample are looked at,
    `machine` (N) cross-fitted probabilities from 0 to 1. Give groups the `tuning` of the whole:
    a few coded answers do not tell a λ of their own.
    """
    whole = _moments(machine[domain], sample.weights[domain])
    return correct_to(present, machine, sample, sample.drawn & domain, whole, tuning)


def correct_to(
    present: BoolArray,
    machine: FloatArray,
    sample: Sample,
    coded: BoolArray,
    whole: Moments,
    tuning: float | None = None,
) -> Corrected:
    """The same where of the population nothing is known but how the machine sees it on the whole.

    `coded` (N) are the answers of the sample.
    """
    n, population = int(np.count_nonzero(coded)), whole.n
    if population == 0 or n == 0:
        nothing = Estimate(reason=NOTHING_CODED if population else EMPTY_BASE)
        return Corrected(nothing, nothing, "human", 0.0, 0, n, population)
    y, f = present[coded].astype(np.float64), machine[coded]
    heft = sample.heft[coded]
    k = int(y.sum())
    human = _human(y, heft)
    if tuning is None:
        tuning = _tuning(y, f, heft, whole.variance)
    theta = float(tuning * whole.mean + _mean(y - tuning * f, heft))
    is_possible = k >= LEAST_POSITIVES and 1 < n < population and 0 < theta < 1
    if not is_possible:
        return Corrected(human, human, "human", tuning, k, n, population)
    variance = sample.variance(y - tuning * f, coded, population)
    simple = theta * (1 - theta) * (heft**2).sum() / heft.sum() ** 2 * (1 - n / population)
    variance = max(variance, _LEAST_VARIANCE * float(simple))
    found = interval(theta, variance)
    return Corrected(found, human, "corrected", tuning, k, n, population)


def machine_alone(machine: FloatArray, weights: FloatArray, domain: BoolArray) -> Estimate:
    """The mean of the machine's probabilities within the `domain` (N).

    It is biased, and by how much it cannot tell: there is no interval.
    """
    if not domain.any():
        return Estimate(reason=EMPTY_BASE)
    return Estimate(_mean(machine[domain], weights[domain]))


def interval(theta: float, variance: float) -> Estimate:
    """Wilson's interval of a share, 0 < theta < 1, for the sample size that has this variance."""
    effective = theta * (1 - theta) / variance
    return Estimate(theta, math.sqrt(variance), *wilson(effective * theta, effective))


def corrected_difference(first: Corrected, second: Corrected) -> Effect:
    """The difference between two groups without an answer in common: their variances add."""
    one, other = first.estimate, second.estimate
    if one.value is None or other.value is None:
        return Effect(Estimate(reason=one.reason or other.reason))
    value = one.value - other.value
    se = math.hypot(one.se or 0.0, other.se or 0.0)
    if not (one.se and other.se):
        return Effect(Estimate(value, reason=NO_VARIATION))
    half = NORMAL_95 * se
    ends = max(-1.0, value - half), min(1.0, value + half)
    return Effect(Estimate(value, se, *ends), normal_two_sided(value / se))


def _moments(machine: FloatArray, weights: FloatArray) -> Moments:
    if not machine.size:
        return Moments(0, 0.0, 0.0)
    mean = _mean(machine, weights)
    return Moments(machine.size, mean, _mean((machine - mean) ** 2, weights))


def _tuning(y: FloatArray, f: FloatArray, heft: FloatArray, spread: float) -> float:
    """Give λ, the covariance on the sample over the variance on all answers, from 0 to 1."""
    if spread == 0 or y.size < 2:  # noqa: PLR2004 – a covariance
        return 0.0
    together = _mean((y - _mean(y, heft)) * (f - _mean(f, heft)), heft) * y.size / (y.size - 1)
    return min(1.0, max(0.0, together / spread))


def _human(y: FloatArray, heft: FloatArray) -> Estimate:
    """Give the share on the sample alone with Wilson's interval for its effective size."""
    p = _mean(y, heft)
    effective = float(heft.sum() ** 2 / (heft**2).sum())
    se = math.sqrt(p * (1 - p) / effective)
    return Estimate(p, se, *wilson(effective * p, effective))


def _mean(values: FloatArray, weights: FloatArray) -> float:
    return float(values @ weights / weights.sum())
