"""What an audit gives: findings, what could not be checked, and how much was; also for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.audit.checks.agreeing import HEDGE_RULE
from qualcode.audit.checks.rules import RULES

if TYPE_CHECKING:
    from qualcode.audit.findings import Finding
    from qualcode.audit.manuscript import Place
    from qualcode.audit.printed import Rounding


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A number or a word that was seen and could not be checked, and why."""

    place: Place
    shown: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was checked.

    Every percentage is one of `confirmed`, `failed` (an error) and `unchecked`; those that were
    `set_aside` because they are no shares of respondents are among the unchecked. The ways of
    being confirmed overlap.
    """

    percentages: int
    confirmed: int
    failed: int
    unchecked: int
    set_aside: int
    by_study: int
    by_counts: int
    by_grim: int
    by_table: int
    tables: int
    closed_sets: int
    several_answer_sets: int
    quantifiers: int


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found, worst first, and what it could not check.

    `roundings` are those that explain every number whose count and base are known.
    """

    source: str
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...]
    counts: Counts
    roundings: tuple[Rounding, ...]
    notes: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        """Whether nothing is an error."""
        return not any(finding.level == "error" for finding in self.findings)


def as_plain(report: AuditReport) -> dict[str, Any]:
    """The report as plain values for JSON."""
    return {
        "source": report.source,
        "passed": report.is_passed,
        "counts": {name: getattr(report.counts, name) for name in Counts.__slots__},
        "findings": [
            {
                "level": one.level,
                "check": one.check,
                "place": _plain_place(one.place),
                "shown": one.shown,
                "wrong": one.wrong,
                "right": one.right,
            }
            for one in report.findings
        ],
        "unchecked": [
            {"place": _plain_place(one.place), "shown": one.shown, "reason": one.reason}
            for one in report.unchecked
        ],
        "roundings": list(report.roundings),
        "notes": list(report.notes),
        "quantifier_rule": [
            {"words": [_readable(words) for words in rule.words], "means": rule.means,
             "source": rule.source}
            for rule in RULES
        ],
        "hedge_rule": HEDGE_RULE,
    }  # fmt: skip


def _plain_place(place: Place) -> dict[str, Any]:
    numbers = {
        name: getattr(place, name)
        for name in ("line", "paragraph", "table", "row", "cell", "part")
        if getattr(place, name)
    }
    return {**numbers, "text": str(place)}


def _readable(words: str) -> str:
    """Give the words of a rule without the signs of its pattern."""
    plain = words.replace("(?:the|a) ", "").replace("(?: of)?", "").replace("[ -]", " ")
    plain = plain.replace("(?:vast|great|overwhelming|large)", "vast").replace("(?:a|one)", "a")
    return plain.replace("(?:one|body)?", "").replace("(?:ne|body)?", "ne")
