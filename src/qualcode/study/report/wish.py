"""What a report is to hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode.study.frequencies import Wish


@dataclass(frozen=True, slots=True)
class ReportWish:
    """How themes are counted (`counting`), and which quotes are printed.

    `quotes` are printed for a theme at the most; `voices` are the attributes by which whoever said
    it is described.
    """

    counting: Wish = field(default_factory=Wish)
    quotes: int = 3
    voices: tuple[str, ...] = ()
