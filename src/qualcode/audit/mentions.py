"""A percentage or a count of a manuscript, with all that the checks need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualcode.audit.manuscript import Place
    from qualcode.audit.percents import Hedge, Use
    from qualcode.audit.printed import Printed


@dataclass(frozen=True, slots=True)
class Mention:
    """What was printed at a place, and what stands beside it.

    `k` and `n` are its own count and base, both None where none stands beside it; a count that
    is only near is not `is_count_sure`. `bases` are those that its sentence, its column or its
    table states, `nearby` others of the paragraph. `themes` are the names of the themes that it
    may be about, one where `is_theme_sure`; with `groups` likewise. A mention that `is_part` is
    about some respondents who are no known group. `aside` says why it is no share of
    respondents that can be checked, and is empty for one. `said` is what headings and captions
    say around it; `table` is the number of its table, 0 in the text.
    """

    place: Place
    shown: str
    percent: Printed | None = None
    use: Use = "share"
    hedge: Hedge = ""
    k: int | None = None
    n: int | None = None
    is_count_sure: bool = True
    bases: tuple[int, ...] = ()
    nearby: tuple[int, ...] = ()
    interval: tuple[Printed, Printed] | None = None
    themes: tuple[str, ...] = ()
    is_theme_sure: bool = False
    groups: tuple[str, ...] = ()
    is_group_sure: bool = False
    is_part: bool = False
    is_weighted: bool = False
    is_of_responses: bool = False
    is_range: bool = False
    is_summary: bool = False
    aside: str = ""
    said: str = ""
    table: int = 0
    row: int = 0
    column: int = 0

    @property
    def theme(self) -> str:
        """The theme that it is about without doubt, else empty."""
        return self.themes[0] if self.is_theme_sure and self.themes else ""

    @property
    def is_checked(self) -> bool:
        """Whether it is a share of respondents."""
        return not self.aside and not self.is_range

    @property
    def has_base(self) -> bool:
        """Whether a base stands beside it or where it belongs to."""
        return self.n is not None or bool(self.bases)
