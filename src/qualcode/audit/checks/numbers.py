"""Every single number: whether it is possible, what its count and base give, and the study's.

A number gets one verdict: the first check that it fails, or the ways in which it was confirmed,
or the reason why it could not be checked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.audit.checks.arithmetic import arithmetic, confirmed
from qualcode.audit.checks.bases import (
    fallback_bases,
    fitting_bases,
    has_base,
    own_bases,
    without_base,
)
from qualcode.audit.checks.repeats import against_tables
from qualcode.audit.checks.study import compare, interval_finding
from qualcode.audit.findings import Outcome, Way, finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.audit.checks.bases import Surroundings
    from qualcode.audit.checks.study import Compared
    from qualcode.audit.findings import Finding
    from qualcode.audit.mentions import Mention

_ALL = 100


def check_numbers(mentions: Iterable[Mention], around: Surroundings) -> list[Outcome]:
    """Check each number; digits that were cut off where others are rounded are an error."""
    outcomes = [_check(mention, around) for mention in mentions]
    pinned = [one.roundings for one in outcomes if one.is_pinned and one.roundings]
    do_round = any("truncation" not in roundings for roundings in pinned)
    return [_with_cut_off(outcome, do_round=do_round) for outcome in outcomes]


def _check(mention: Mention, around: Surroundings) -> Outcome:
    if mention.aside:
        return Outcome(mention, unchecked=mention.aside)
    compared = compare(mention, around.known, around.stated)
    if wrong := _impossible(mention, compared):
        return Outcome(mention, (wrong,))
    if compared.how == "equal":
        return _equal(mention, compared, around)
    if compared.how == "differs":
        return Outcome(mention, (_differing(mention, compared),))
    return _alone(mention, compared, around)


def _impossible(mention: Mention, compared: Compared) -> Finding | None:
    """Say what no base is needed for."""
    percent = mention.percent
    if percent is not None and percent.value > _ALL:
        return finding("error", "grim", mention, "a share cannot be above 100 %")
    if mention.n == 0:
        return finding("error", "counts", mention, "there is no share of a base of 0")
    if mention.is_count_sure and (mention.k or 0) > (mention.n or mention.k or 0):
        return finding("error", "counts", mention, f"{mention.k} cannot be of {mention.n}")
    if compared.how == "suppressed":
        right = "print no number, only that it is below the limit"
        return finding("error", "suppressed", mention, "the study suppresses this cell", right)
    return _outside(mention)


def _outside(mention: Mention) -> Finding | None:
    """Say that an interval does not hold its percentage."""
    if mention.percent is None or mention.interval is None or mention.hedge:
        return None
    low, high = mention.interval
    at = mention.percent.value
    if low.value - low.unit <= at <= high.value + high.unit and low.value <= high.value:
        return None
    return finding("error", "interval", mention, f"the interval {low} to {high} does not hold it")


def _equal(mention: Mention, compared: Compared, around: Surroundings) -> Outcome:
    findings = list(interval_finding(mention, compared))
    if mention.percent is not None and not has_base(mention, around):
        findings.append(without_base(mention, _named_base(compared, around)))
    is_pinned = compared.n is not None and not mention.hedge
    return Outcome(
        mention,
        tuple(findings),
        frozenset[Way]({"study"}),
        roundings=compared.roundings if is_pinned else frozenset(),
        is_pinned=is_pinned,
    )


def _named_base(compared: Compared, around: Surroundings) -> str:
    if compared.n is None or compared.cell is None or compared.cell.k is None:
        return ""
    name = around.known_bases.get(compared.n, "")
    return f"{compared.cell.k} of {compared.n}{f' ({name})' if name else ''}"


def _differing(mention: Mention, compared: Compared) -> Finding:
    """Say the most telling thing about a number that is not the study's."""
    bases, right = own_bases(mention), compared.right
    wrong = "this is not what the study's table has"
    return arithmetic(mention, bases, right) or finding("error", "study", mention, wrong, right)


def _alone(mention: Mention, compared: Compared, around: Surroundings) -> Outcome:
    """Check a number that the study's table says nothing of."""
    if mention.percent is None:
        return against_tables(
            mention, around, Outcome(mention, unchecked="not in the study's table")
        )
    if _is_weighted(mention, around):
        return against_tables(
            mention, around, Outcome(mention, unchecked="weighted, and not in the study's table")
        )
    bases = own_bases(mention) or fallback_bases(mention, around)
    if not bases:
        return _baseless(mention, compared, around)
    if wrong := arithmetic(mention, bases, compared.right or fitting_bases(mention, around)):
        return Outcome(mention, (wrong,))
    return against_tables(mention, around, confirmed(mention, bases))


def _is_weighted(mention: Mention, around: Surroundings) -> bool:
    own = mention.k is not None and mention.n is not None
    return mention.is_weighted or (around.are_weighted and bool(mention.themes) and not own)


def _baseless(mention: Mention, compared: Compared, around: Surroundings) -> Outcome:
    """Say that a number has no base, and which would fit."""
    checked = against_tables(mention, around, Outcome(mention, unchecked="no base"))
    if checked.findings or checked.ways:
        return checked
    if mention.percent is not None and mention.percent.value in {0, _ALL} and not mention.themes:
        return replace(checked, unchecked="any base gives 0 and 100 %")
    fitting = fitting_bases(mention, around)
    if not fitting and around.known_bases and not mention.hedge and not mention.is_of_responses:
        wrong = "no base stands beside it, and none that is known gives it"
        return Outcome(mention, (finding("error", "grim", mention, wrong, compared.right),))
    return replace(checked, findings=(without_base(mention, fitting),))


def _with_cut_off(outcome: Outcome, *, do_round: bool) -> Outcome:
    mention = outcome.mention
    if outcome.roundings != frozenset({"truncation"}) or mention.percent is None:
        return outcome
    wrong = f"{mention.percent} % comes only from cutting digits off, not from rounding"
    above = replace(mention.percent, units=mention.percent.units + 1)
    said = finding("error" if do_round else "warning", "grim", mention, wrong, f"{above} %")
    return replace(outcome, findings=(*outcome.findings, said))
