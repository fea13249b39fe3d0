"""Every single number: whether it is possible, what its count and base give, and the study's.

A number gets one verdict: the first check that it fails, or the ways in which it was confirmed,
or the reason why it could not be checked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode.audit.checks.agreeing import agreeing, same
from qualcode.audit.checks.study import compare, interval_finding
from qualcode.audit.findings import Outcome, Way, finding
from qualcode.audit.grim import fit, neighbours, says_something, share
from qualcode.audit.printed import Rounding, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qualcode.audit.checks.study import Compared
    from qualcode.audit.findings import Finding
    from qualcode.audit.known import Known
    from qualcode.audit.mentions import Mention
    from qualcode.audit.printed import Printed

_MOST_FITTING = 3
_ALL = 100


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What single numbers are checked against.

    `known_bases` are all bases that the study or the manuscript states, with their names;
    `default_bases` are those that the manuscript says all its percentages are of; `rows` are the
    numbers in its tables under the themes.
    """

    known: Known
    known_bases: Mapping[int, str]
    default_bases: tuple[int, ...]
    are_weighted: bool
    rows: Mapping[str, Sequence[Mention]]


def check_numbers(mentions: Iterable[Mention], around: Surroundings) -> list[Outcome]:
    """Check each number; digits that were cut off where others are rounded are an error."""
    outcomes = [_check(mention, around) for mention in mentions]
    pinned = [one.roundings for one in outcomes if one.is_pinned and one.roundings]
    do_round = any("truncation" not in roundings for roundings in pinned)
    return [_with_cut_off(outcome, do_round=do_round) for outcome in outcomes]


def _check(mention: Mention, around: Surroundings) -> Outcome:
    if mention.aside:
        return Outcome(mention, unchecked=mention.aside)
    compared = compare(mention, around.known)
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
    if mention.percent is not None and not _has_base(mention, around):
        findings.append(_without_base(mention, _named_base(compared, around)))
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
    right = compared.right
    bases, right = _own_bases(mention), compared.right
    wrong = "this is not what the study's table has"
    return _arithmetic(mention, bases, right) or finding("error", "study", mention, wrong, right)


def _arithmetic(mention: Mention, bases: tuple[int, ...], right: str) -> Finding | None:
    """Say that a number is not what its count and base give, or impossible for the base."""
    if wrong := _not_its_counts(mention, bases):
        return finding("error", "counts", mention, wrong, right)
    if wrong := _not_possible(mention, bases):
        return finding("error", "grim", mention, wrong, right)
    return None


def _own_bases(mention: Mention) -> tuple[int, ...]:
    bases = (mention.n,) if mention.n is not None else mention.bases
    return tuple(n for n in bases if n > 0)


def _alone(mention: Mention, compared: Compared, around: Surroundings) -> Outcome:
    """Check a number that the study's table says nothing of."""
    if mention.percent is None:
        return _against_tables(
            mention, around, Outcome(mention, unchecked="not in the study's table")
        )
    if _is_weighted(mention, around):
        return _against_tables(
            mention, around, Outcome(mention, unchecked="weighted, and not in the study's table")
        )
    bases = _own_bases(mention) or _fallback_bases(mention, around)
    if not bases:
        return _baseless(mention, compared, around)
    if wrong := _arithmetic(mention, bases, compared.right or _fitting(mention, around)):
        return Outcome(mention, (wrong,))
    return _against_tables(mention, around, _confirmed(mention, bases))


def _confirmed(mention: Mention, bases: tuple[int, ...]) -> Outcome:
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
    return " or ".join(f"{n:,}" for n in bases[:_MOST_FITTING])


def _is_weighted(mention: Mention, around: Surroundings) -> bool:
    own = mention.k is not None and mention.n is not None
    return mention.is_weighted or (around.are_weighted and bool(mention.themes) and not own)


def _fallback_bases(mention: Mention, around: Surroundings) -> tuple[int, ...]:
    """Give the bases for a number without one of its own: of all, of the paragraph, of its row."""
    if around.default_bases:
        return around.default_bases
    near = tuple(n for n in mention.nearby if _fits(mention, n))
    if near:
        return near
    rows = _rows(mention, around)
    found = [n for row in rows for n in ((row.n,) if row.n is not None else row.bases)]
    fitting = tuple(dict.fromkeys(n for n in found if _fits(mention, n)))
    return fitting or (() if rows or mention.table else tuple(n for n in mention.nearby if n > 0))


def _fits(mention: Mention, n: int) -> bool:
    if mention.percent is None or n < 1:
        return False
    if mention.hedge:
        return True
    if mention.k is not None and mention.is_count_sure:
        return n >= mention.k and bool(agreeing(mention.percent, "", share(mention.k, n)))
    return fit(mention.percent, n).is_possible


def _has_base(mention: Mention, around: Surroundings) -> bool:
    return (
        mention.has_base
        or bool(around.default_bases)
        or any(_fits(mention, n) for n in mention.nearby)
        or any(row.has_base for row in _rows(mention, around))
    )


def _rows(mention: Mention, around: Surroundings) -> list[Mention]:
    """Give the numbers in the manuscript's tables that a number of the text may repeat."""
    if mention.table or not mention.is_theme_sure:
        return []
    found = [row for name in mention.themes for row in around.rows.get(name, ())]
    if mention.is_group_sure:
        return [row for row in found if row.groups == mention.groups]
    return found


def _baseless(mention: Mention, compared: Compared, around: Surroundings) -> Outcome:
    """Say that a number has no base, and which would fit."""
    checked = _against_tables(mention, around, Outcome(mention, unchecked="no base"))
    if checked.findings or checked.ways:
        return checked
    if mention.percent is not None and mention.percent.value in {0, _ALL} and not mention.themes:
        return replace(checked, unchecked="any base gives 0 and 100 %")
    fitting = _fitting(mention, around)
    if not fitting and around.known_bases and not mention.hedge and not mention.is_of_responses:
        wrong = "no base stands beside it, and none that is known gives it"
        return Outcome(mention, (finding("error", "grim", mention, wrong, compared.right),))
    return replace(checked, findings=(_without_base(mention, fitting),))


def _without_base(mention: Mention, fitting: str) -> Finding:
    right = f"say the base; {fitting} would fit" if fitting else "say of how many it is"
    return finding("warning", "base", mention, "no base stands beside it", right)


def _fitting(mention: Mention, around: Surroundings) -> str:
    """Name the known bases that would give a number."""
    percent = mention.percent
    if percent is None or mention.hedge:
        return ""
    named: list[str] = []
    for n, name in around.known_bases.items():
        if not _fits(mention, n):
            continue
        found = fit(percent, n)
        sure = mention.k is not None and mention.is_count_sure
        k = f"{mention.k}" if sure else f"{found.low}" if found.low == found.high else ""
        named.append(f"{k} of {n:,}".strip() + (f" ({name})" if name else ""))
        if len(named) == _MOST_FITTING:
            break
    return " or ".join(named)


def _against_tables(mention: Mention, around: Surroundings, outcome: Outcome) -> Outcome:
    """Set a number of the text against the same theme's row in the manuscript's tables."""
    rows = [row for row in _rows(mention, around) if _is_comparable(mention, row)]
    if not rows:
        return outcome
    if any(_is_same(mention, row) for row in rows):
        ways: frozenset[Way] = outcome.ways | {"table"}
        return replace(outcome, ways=ways, unchecked="")
    if mention.is_part or (mention.groups and not mention.is_group_sure):
        return outcome
    there = dict.fromkeys(f"{row.shown} ({row.place})" for row in rows[:_MOST_FITTING])
    wrong = f"table {rows[0].table} has another number for {mention.theme}"
    return Outcome(mention, (finding("error", "table", mention, wrong, ", ".join(there)),))


def _is_comparable(mention: Mention, row: Mention) -> bool:
    """Whether a row's number should be the same: of the same base, as far as both say one."""
    if mention.percent is None and (row.k is None or mention.k is None):
        return False
    bases = _own_bases(mention)
    there = _own_bases(row)
    return not bases or not there or any(n in there for n in bases)


def _is_same(mention: Mention, row: Mention) -> bool:
    if mention.k is not None and row.k is not None and mention.is_count_sure and mention.k != row.k:
        return False
    if mention.percent is None or row.percent is None:
        return True
    if mention.hedge:
        return bool(agreeing(mention.percent, mention.hedge, row.percent.value))
    return same(mention.percent, row.percent)


def _with_cut_off(outcome: Outcome, *, do_round: bool) -> Outcome:
    mention = outcome.mention
    if outcome.roundings != frozenset({"truncation"}) or mention.percent is None:
        return outcome
    wrong = f"{mention.percent} % comes only from cutting digits off, not from rounding"
    above = replace(mention.percent, units=mention.percent.units + 1)
    said = finding("error" if do_round else "warning", "grim", mention, wrong, f"{above} %")
    return replace(outcome, findings=(*outcome.findings, said))
