"""How the respondents were drawn: weights, strata, clusters, populations.

A stratified sample of primary sampling units (PSUs), drawn with replacement or, where it is known
how many there were, without. Whatever was drawn within a PSU needs no description: the variance
is that of PSU totals, the *ultimate cluster* (Kish 1965, ch. 6; Cochran 1977, ch. 11; Lumley
2010, ch. 2 and 3, whose R package ``survey`` gives the same numbers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from qualcode.estimation import design_checks as check
from qualcode.estimation.arrays import numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from qualcode.estimation.arrays import FloatArray, IntArray

Lonely: TypeAlias = Literal["error", "certainty", "centered"]

LONELY_RULES: tuple[Lonely, ...] = get_args(Lonely)


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """n respondents in H strata and M PSUs.

    `weights` (n) are above 0. `stratum` (n) numbers the strata, `psu` (n) the PSUs of all strata;
    `psu` is None where every respondent is one. `stratum_of_psu` is M, or n without `psu`.
    `psus` (H) counts the PSUs of each stratum, `fraction` (H) is the share of its PSUs that was
    drawn, 0 where that is not known.
    """

    weights: FloatArray
    stratum: IntArray
    psu: IntArray | None
    stratum_of_psu: IntArray
    psus: IntArray
    fraction: FloatArray
    lonely: Lonely
    is_weighted: bool

    @property
    def n(self) -> int:
        """How many respondents there are."""
        return int(self.weights.size)

    @property
    def strata(self) -> int:
        """How many strata there are (H)."""
        return int(self.psus.size)

    @property
    def df(self) -> int:
        """Degrees of freedom: PSUs less strata, those of the whole sample for every part of it."""
        return int(self.psus.sum()) - self.strata

    @property
    def is_simple(self) -> bool:
        """Whether this is a simple random sample without weights from a population of any size."""
        plain = self.psu is None and self.strata <= 1 and not self.is_weighted
        return plain and not self.fraction.any()

    @property
    def is_census(self) -> bool:
        """Whether every PSU of every stratum was drawn, so that nothing is left to chance."""
        return bool((self.fraction >= 1).all())

    @property
    def scale(self) -> FloatArray:
        """What the squared deviations of PSU totals are multiplied by in each stratum (H).

        A stratum with one PSU adds nothing under ``certainty``; under ``centered`` it adds its
        squared total, which is the deviation from the mean of linearised values over the whole
        sample, 0 (R's rule ``adjust``).
        """
        many = self.psus > 1
        usual = np.where(many, self.psus / np.maximum(self.psus - 1, 1), self.lonely == "centered")
        return np.asarray((1 - self.fraction) * usual)

    @property
    def centring(self) -> FloatArray:
        """What the squared total of each stratum (H) is multiplied by, and taken off."""
        return np.where(self.psus > 1, self.scale / np.maximum(self.psus, 1), 0.0)


def survey_design(
    n: int,
    *,
    weights: npt.ArrayLike | None = None,
    stratum: Sequence[object] | npt.NDArray[np.generic] | None = None,
    psu: Sequence[object] | npt.NDArray[np.generic] | None = None,
    fpc: npt.ArrayLike | None = None,
    lonely: Lonely = "error",
    names: Sequence[str] | None = None,
) -> Design:
    """The design of a sample of n respondents; what is left out is 1, all, none.

    `stratum` and `psu` are labels; equal labels of PSUs in two strata are two PSUs. `fpc` is, the
    same within a stratum, either how many PSUs its population holds or the share that was drawn.
    Raises InputError, with how many there are and the first of them (by `names`, else by row
    from 1), for weights that are missing or not above 0, missing labels, an `fpc` that varies
    within a stratum or is smaller than its PSUs, and strata with one PSU unless `lonely` says
    what to do with them.
    """
    check.rule(lonely, LONELY_RULES)
    check.lengths(n, {"weights": weights, "strata": stratum, "PSUs": psu, "fpc": fpc})
    drawn = np.ones(n) if weights is None else check.weights(weights, names)
    strata, labels = _labelled("stratum", stratum, n, names)
    within, _ = _labelled("PSU", psu, n, names) if psu is not None else (None, ())
    clusters, stratum_of_psu = _nested(strata, within)
    psus = np.bincount(stratum_of_psu, minlength=len(labels))
    fraction = np.zeros(len(labels))
    if fpc is not None:
        fraction = check.fractions(fpc, strata, psus, labels, names)
    if lonely == "error":
        check.lonely(psus, fraction, labels)
    return Design(
        drawn, strata, clusters, stratum_of_psu, psus, fraction, lonely, weights is not None
    )


def _labelled(
    what: str,
    given: Sequence[object] | npt.NDArray[np.generic] | None,
    n: int,
    names: Sequence[str] | None,
) -> tuple[IntArray, tuple[object, ...]]:
    if given is None:
        return np.zeros(n, dtype=np.intp), ("all",) if n else ()
    numbers, labels = numbered(given)
    check.labels(what, numbers, labels, names)
    return numbers, labels


def _nested(strata: IntArray, within: IntArray | None) -> tuple[IntArray | None, IntArray]:
    """Number the PSUs across strata; give the stratum of each, too."""
    if within is None:
        return None, strata
    width = int(within.max(initial=0)) + 1
    found, clusters = np.unique(strata * width + within, return_inverse=True)
    if found.size == strata.size:
        return None, strata
    return clusters.ravel(), found // width
