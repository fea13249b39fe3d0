"""Many tests at once: Holm's (1979) and Benjamini & Hochberg's (1995) adjusted p-values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Holm's step-down: the family-wise error holds whatever the dependence; None stays None."""
    adjusted: list[float | None] = [None] * len(ps)
    known = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    running = 0.0
    for rank, (p, place) in enumerate(known):
        running = max(running, min(1.0, p * (len(known) - rank)))
        adjusted[place] = running
    return adjusted


def benjamini_hochberg(ps: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's step-up: the false discovery rate holds; None stays None."""
    adjusted: list[float | None] = [None] * len(ps)
    known = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    running = 1.0
    for rank in range(len(known), 0, -1):
        p, place = known[rank - 1]
        running = min(running, p * len(known) / rank)
        adjusted[place] = running
    return adjusted
