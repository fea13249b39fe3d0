"""What the audit says: findings, and what it made of each number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from qualcode.audit.manuscript import Place
    from qualcode.audit.mentions import Mention
    from qualcode.audit.printed import Rounding

Level: TypeAlias = Literal["error", "warning", "note"]
"""An error is a number or a word that cannot stand; a warning is for a person to look at."""
Check: TypeAlias = Literal[
    "grim",
    "counts",
    "base",
    "sum",
    "study",
    "table",
    "interval",
    "theme",
    "suppressed",
    "quantifier",
    "leak",
]
Way: TypeAlias = Literal["study", "counts", "grim", "table"]
"""How a number was confirmed: by the study's table, by its own count and base, as a possible
share of its base, or by a table of the manuscript."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a place: what was `shown`, what is `wrong` and what would be `right`."""

    level: Level
    check: Check
    place: Place
    shown: str
    wrong: str
    right: str = ""

    def __str__(self) -> str:
        ending = f" → {self.right}" if self.right else ""
        return f"{self.place}: “{self.shown}”: {self.wrong}{ending}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one number.

    `ways` are those in which it was confirmed; `unchecked` says why it could not be checked.
    `roundings` explain it, where they could be told; they are `pinned` where count and base were
    known.
    """

    mention: Mention
    findings: tuple[Finding, ...] = ()
    ways: frozenset[Way] = frozenset()
    unchecked: str = ""
    roundings: frozenset[Rounding] = frozenset()
    is_pinned: bool = False

    @property
    def is_failed(self) -> bool:
        """Whether an error was found."""
        return any(finding.level == "error" for finding in self.findings)


def finding(level: Level, check: Check, mention: Mention, wrong: str, right: str = "") -> Finding:
    """A finding about a number."""
    return Finding(level, check, mention.place, mention.shown, wrong, right)
