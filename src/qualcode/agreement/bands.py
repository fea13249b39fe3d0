"""What a coefficient is commonly called, always with who called it so.

A band is read off the lower end of the interval: a point estimate of few units says little. The
chance that a coefficient reaches a threshold is Gwet's cumulative membership probability (Gwet
2014, ch. 6), from the normal distribution.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.model import Estimate

RELY, TENTATIVE = 0.8, 0.667

_LANDIS_KOCH = (
    (0.8, "almost perfect"),
    (0.6, "substantial"),
    (0.4, "moderate"),
    (0.2, "fair"),
    (0.0, "slight"),
)


def landis_koch(value: float) -> str:
    """The word of Landis & Koch (1977, p. 165) for a kappa; bands end at .20, .40, .60, .80."""
    if value < 0:
        return "poor"
    return next((word for limit, word in _LANDIS_KOCH if value > limit), "slight")


def krippendorff(value: float) -> str:
    """What Krippendorff (2019, p. 356) advises at this alpha."""
    if value >= RELY:
        return "rely on it"
    return "tentative conclusions only" if value >= TENTATIVE else "do not rely on it"


def band(alpha: Estimate) -> str:
    """One line on an alpha, by the lower end of its interval, with citations; empty without."""
    if alpha.value is None:
        return ""
    if alpha.low is None:
        return "no interval, so no band"
    low = max(alpha.low, -1.0)
    return (
        f"lower limit {low:.2f}: {krippendorff(low)} (Krippendorff 2019); "
        f"{landis_koch(low)} (Landis & Koch 1977)"
    )


def probability_of(estimate: Estimate, threshold: float) -> float | None:
    """The probability that the coefficient is `threshold` or more; None without an error."""
    if estimate.value is None or estimate.se is None:
        return None
    if estimate.se == 0:
        return float(estimate.value >= threshold)
    normal = NormalDist(estimate.value, estimate.se)
    inside = normal.cdf(1) - normal.cdf(-1)
    if inside == 0 or threshold > 1:
        return 0.0
    return max(0.0, min(1.0, (normal.cdf(1) - normal.cdf(max(threshold, -1.0))) / inside))
