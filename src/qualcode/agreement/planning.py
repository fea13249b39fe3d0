"""How many answers have to be double-coded for an interval of a wanted width.

From a pilot: a standard error shrinks with the root of n, so ``n_pilot (w_pilot / w_wanted)²``
answers are needed, w being half the width of the interval (as in Gwet 2014, ch. 6). The answer is
checked by drawing samples of that size from the pilot's own rating patterns. Without a pilot: the
standard error of Cohen's kappa at a guessed kappa and prevalence (Fleiss, Cohen & Everitt 1969).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.binary import code_tables
from qualcode.agreement.bootstrap import resampled
from qualcode.agreement.classes import code_classes
from qualcode.agreement.contingency import kappa_error
from qualcode.agreement.measures import columns
from qualcode.agreement.student import t_quantile
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.agreement.classes import Classes
    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray
    from qualcode.model import Estimate

HALF_WIDTHS = (0.05, 0.10)
NO_DISAGREEMENT = "no_disagreement"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many double-coded answers bring alpha's interval of one code to ± `half_width`.

    `n` are double-coded now, `needed` in all, `more` still to do. `simulated` is half the width
    of the middle 95 % of alpha in samples of `needed` answers drawn from what is there: far above
    `half_width`, the root-n rule promises too much. Where nothing can be said the numbers are
    None and `reason` is that of alpha, or ``no_disagreement`` where the pilot shows none.
    """

    code: str
    half_width: float
    n: int
    needed: int | None = None
    more: int | None = None
    simulated: float | None = None
    reason: str | None = None


def plan(
    codings: Codings,
    half_widths: Sequence[float] = HALF_WIDTHS,
    simulations: int = 400,
    seed: int = 0,
) -> tuple[Plan, ...]:
    """A plan for each code and half-width, the codings so far being the pilot."""
    for width in half_widths:
        if not 0 < width < 1:
            raise InputError(f"a half-width of {width} cannot be planned", hint="take one like 0.1")
    tables = code_tables(codings)
    alphas = columns(tables.table, tables.weights)["alpha"].estimates()
    classes = code_classes(tables)
    n = int(codings.pairable.sum())
    found: list[Plan] = []
    for k, (code, alpha) in enumerate(zip(codings.codes, alphas, strict=True)):
        found += _plans(code, alpha, n, classes, k, half_widths, simulations, seed)
    return tuple(found)


def _plans(
    code: str,
    alpha: Estimate,
    n: int,
    classes: Classes,
    k: int,
    half_widths: Sequence[float],
    simulations: int,
    seed: int,
) -> Iterator[Plan]:
    for place, width in enumerate(half_widths):
        if not alpha.se:
            yield Plan(code, width, n, reason=alpha.reason or NO_DISAGREEMENT)
            continue
        pilot = t_quantile(0.975, n - 1) * alpha.se
        needed = math.ceil(n * (pilot / width) ** 2)
        more = max(0, needed - n)
        draws = _simulated(classes, k, needed, simulations, seed + len(half_widths) * k + place)
        yield Plan(code, width, n, needed, more, draws)


def _simulated(classes: Classes, k: int, size: int, simulations: int, seed: int) -> float | None:
    counts = classes.counts[k]
    used = counts > 0
    blocks = resampled(counts[used].astype(np.int64), simulations, seed, size=size)
    drawn = []
    for block in blocks:
        weights = np.zeros((block.shape[0], counts.size))
        weights[:, used] = block
        drawn.append(classes.alpha(weights))
    values: FloatArray = np.concatenate(drawn)
    values = values[~np.isnan(values)]
    if values.size < 2:  # noqa: PLR2004
        return None
    low, high = np.quantile(values, (0.025, 0.975))
    return float(high - low) / 2


def answers_for_guess(kappa: float, prevalence: float, half_width: float) -> int:
    """Answers that two coders must both code for Cohen's kappa ± `half_width`, without a pilot.

    Both coders are taken to use the code with the same `prevalence`. n = (z SE₁ / half_width)²
    with SE₁ the standard error of Fleiss, Cohen & Everitt (1969) at n = 1. Raises InputError for
    a kappa outside -1 to 1, a prevalence or half-width outside 0 to 1.
    """
    if not (-1 < kappa < 1 and 0 < prevalence < 1 and 0 < half_width < 1):
        raise InputError(
            "kappa, prevalence and half-width do not go together",
            hint="take a kappa below 1, and a prevalence and a half-width between 0 and 1",
        )
    p, q = prevalence, 1 - prevalence
    both = p * p + kappa * p * q
    table = np.array([[both, p - both], [p - both, 1 - 2 * p + both]])
    if table.min() < 0:
        raise InputError(
            f"no two coders have kappa {kappa} at prevalence {prevalence}",
            hint="take a larger kappa, or a prevalence nearer to one half",
        )
    error = kappa_error(table, 1 - np.eye(2), 1.0)
    return math.ceil((t_quantile(0.975, 10**9) * error / half_width) ** 2)
