"""How many more answers to code for an interval of a wanted width."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.estimation.corrected import interval
from qualcode.estimation.proportions import wilson

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.estimation.corrected import Corrected


@dataclass(frozen=True, slots=True)
class MoreAnswers:
    """Answers to code in all (`needed`) and still (`more`) for an interval of ± `half_width`.

    `by_hand` is how many it takes without the machine. At most all answers are coded. Without
    numbers `reason` says why there are none.
    """

    half_width: float
    needed: int | None = None
    more: int | None = None
    by_hand: int | None = None
    reason: str | None = None


def more_answers(found: Corrected, half_width: float = 0.03) -> MoreAnswers:
    """What it takes for ± `half_width` (0 to 1), the answers coded so far being the pilot.

    The variance of the residuals stays as it is and so does λ: the interval shrinks with the
    number of coded answers and with the share of all answers that are coded (Cochran 1977, ch.
    4). Raises InputError for a half-width outside 0 to 1.
    """
    if not 0 < half_width < 1:
        raise InputError(f"± {half_width} cannot be planned", hint="take one like 0.03")
    estimate, human = found.estimate, found.human
    if estimate.value is None or human.value is None:
        return MoreAnswers(half_width, reason=estimate.reason)
    p = human.value
    effective = p * (1 - p) / human.se**2 if human.se else found.n

    def by_hand(n: int) -> float:
        size = effective * n / found.n
        low, high = wilson(size * p, size)
        return (high - low) / 2

    def corrected(n: int) -> float:
        if found.method == "human" or not estimate.se or estimate.value is None:
            return by_hand(n)
        left = (1 / n - 1 / found.population) / (1 / found.n - 1 / found.population)
        ends = interval(estimate.value, estimate.se**2 * left)
        return ((ends.high or 0) - (ends.low or 0)) / 2

    needed, alone = (_first(how, half_width, found.population) for how in (corrected, by_hand))
    return MoreAnswers(half_width, needed, max(0, needed - found.n), alone)


def _first(half: Callable[[int], float], wanted: float, most: int) -> int:
    """Give the least number of answers with such an interval, all of them if need be."""
    return bisect_left(range(1, most), True, key=lambda n: half(n) <= wanted) + 1
