"""Whether a number is what its count and base give, and whether its base can give it at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.audit.checks.agreeing import agreeing
from qualcode.audit.findings import Outcome, Way, finding
from qualcode.audit.grim import fit, neighbours, says_something, share
from qualcode.audit.printed import Rounding, rounded

if TYPE_CHECKING:
    from qualcode.audit.findings import Finding
    from qualcode.audit.mentions import Mention
    from qualcode.audit.printed import Printed

_MOST_LISTED = 3


def arithmetic(mention: Mention, bases: tuple[int, ...], right: str) -> Finding | None:
    """Say that a number is not what its count and base give, or impossible for the base."""
    if wrong := _not_its_counts(mention, bases):
        return finding("error", "counts", mention, wrong, right)
    if wrong := _not_possible(mention, bases):
        return finding("error", "grim", mention, wrong, right)
    return None


def confirmed(mention: Mention, bases: tuple[int, ...]) -> Outcome:
    """Say in which way a number that fits its base is confirmed."""
    percent = mention.percent
    if percent is None or mention.is_of_responses:
        return Outcome(mention, unchecked="a share of the mentions, not of respondents")
    if counted := _by_counts(mention, percent, bases):
        ways: frozenset[Way] = frozenset({"counts"})
        return Outcome(mention, (), ways, roundings=counted, is_pinned=not mention.hedge)
    if mention.hedge:
        return Outcome(mention, unchecked=f"“{mention.hedge}” cannot be checked without a count")
    telling = [n for n in bases if says_something(percent, n)]
    if not telling:
        reason = f"every such percentage of {bases[0]:,} is possible"
        return Outcome(mention, unchecked=reason)
    found = [fit(percent, n).roundings for n in bases]
    roundings = frozenset[Rounding]().union(*found) if found else frozenset()
    return Outcome(mention, (), frozenset[Way]({"grim"}), roundings=roundings)


def _by_counts(mention: Mention, percent: Printed, bases: tuple[int, ...]) -> frozenset[Rounding]:
    if mention.k is None:
        return frozenset()
    fitting = [
        agreeing(percent, mention.hedge, share(mention.k, n)) for n in bases if n >= mention.k
    ]
    return next((roundings for roundings in fitting if roundings), frozenset())


def _not_its_counts(mention: Mention, bases: tuple[int, ...]) -> str:
    """Say that count and base give another number; empty where they do not, or are missing."""
    percent, k = mention.percent, mention.k
    if percent is None or k is None or not mention.is_count_sure or mention.is_of_responses:
        return ""
    usable = [n for n in bases if n >= k and n > 0]
    if not bases or mention.is_weighted or _by_counts(mention, percent, bases):
        return ""
    if not usable:
        return f"{k} cannot be of {_listed(bases)}"
    return ", ".join(
        f"{k} of {n} is {rounded(share(k, n), percent.decimals)} %" for n in usable[:2]
    )


def _not_possible(mention: Mention, bases: tuple[int, ...]) -> str:
    """Say that no count of any of `bases` gives the number; empty where one does."""
    percent = mention.percent
    if percent is None or mention.hedge or mention.is_of_responses or mention.is_weighted:
        return ""
    if not bases or any(fit(percent, n).is_possible for n in bases):
        return ""
    n = bases[0]
    near = " or ".join(f"{value} % ({k})" for k, value in neighbours(percent, n))
    return f"no count out of {_listed(bases)} gives {percent} %; the nearest of {n} are {near}"


def _listed(bases: tuple[int, ...]) -> str:
    return " or ".join(f"{n:,}" for n in bases[:_MOST_LISTED])
