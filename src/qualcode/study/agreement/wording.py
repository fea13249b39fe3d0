"""How agreement is put into words and digits for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.model import Estimate

REASONS = {
    "no_pairable_units": "no answer was coded by two",
    "no_variation": "no variation",
    "one_coder": "one coder",
    "not_two_coders": "for two coders only",
    "one_unit": "one answer: no interval",
    "no_disagreement": "no disagreement yet",
}
"""What the reasons of an undefined estimate mean."""


def number(value: float | None, digits: int = 3) -> str:
    """A value with a fixed number of decimals, a dash where there is none."""
    # Adding zero takes the sign off a zero that rounding has made.
    return "–" if value is None else f"{round(value, digits) + 0.0:.{digits}f}"


def with_reason(estimate: Estimate) -> str:
    """The value, or why there is none."""
    if estimate.value is None:
        return f"– ({REASONS.get(estimate.reason or '', estimate.reason)})"
    return number(estimate.value)


def interval(estimate: Estimate) -> str:
    """The 95 % interval, or why there is none."""
    if estimate.low is None or estimate.high is None:
        return REASONS.get(estimate.reason or "", "") if estimate.value is not None else ""
    return f"{estimate.low:.3f} to {estimate.high:.3f}"


def in_one(estimate: Estimate) -> str:
    """The value with its 95 % interval behind it, or a dash."""
    if estimate.low is None or estimate.high is None:
        return number(estimate.value)
    return f"{number(estimate.value)} ({interval(estimate)})"


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal."""
    return "–" if share is None else f"{100 * share:.1f}"


def count(n: int) -> str:
    """A whole number with thousands set apart."""
    return f"{n:,}"
