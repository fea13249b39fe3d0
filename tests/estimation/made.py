"""Made-up surveys for the tests: the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.design import survey_design

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray
    from qualcode.estimation.design import Design


@dataclass(frozen=True)
class Survey:
    """A stratified, clustered, weighted survey with two themes and an attribute of groups."""

    weights: FloatArray
    stratum: IntArray
    psu: IntArray
    fpc: FloatArray | None
    group: IntArray
    present: BoolArray
    other: BoolArray
    base: BoolArray
    groups: int

    @property
    def n(self) -> int:
        return self.weights.size

    def design(self) -> Design:
        return survey_design(
            self.n, weights=self.weights, stratum=self.stratum, psu=self.psu, fpc=self.fpc
        )


def survey(
    seed: int,
    n: int = 120,
    strata: int = 3,
    psus: int = 5,
    groups: int = 3,
    *,
    with_fpc: bool = False,
) -> Survey:
    """Every stratum has `psus` PSUs, each with somebody in it; n is at least strata × psus."""
    rng = np.random.default_rng(seed)
    place = np.concatenate([np.arange(strata * psus), rng.integers(strata * psus, size=n)])[:n]
    place = rng.permutation(place)
    lean = rng.normal(0, 0.8, strata * psus)[place]
    group = rng.integers(-1, groups, n)
    log_odds = lean + 0.4 * group - 0.6
    stratum = place // psus
    return Survey(
        weights=rng.uniform(0.5, 4, n),
        stratum=stratum,
        psu=place % psus,
        fpc=(2.0 + stratum) * psus if with_fpc else None,
        group=group,
        present=rng.random(n) < 1 / (1 + np.exp(-log_odds)),
        other=rng.random(n) < 0.4,
        base=rng.random(n) < 0.85,
        groups=groups,
    )
