"""How frequencies are put into words and digits for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.estimation import stars
from qualcode.study.agreement.wording import count, number
from qualcode.study.agreement.wording import percent as _percent

if TYPE_CHECKING:
    from qualcode.model import Code, Estimate

__all__ = ["HIDDEN", "count", "number"]

HIDDEN = "s"
"""What stands in a suppressed cell."""

NONE = "–"
"""What stands where there is no number."""

RULES = {
    "any": "a code counts where any coder applied it",
    "majority": "a code counts where more than half of those who coded the answer applied it",
    "unanimous": "a code counts where all who coded the answer applied it",
    "adjudicated": "what the adjudicator settled counts, and nothing else",
}
BASES = {
    "asked": "all who were asked",
    "answered": "all who were asked and gave an answer",
    "coded": "all with a coded answer that is not don't know, refused or uncodable",
    "any_code": "all with at least one theme",
}
BASE_NAMES = {"asked": "asked", "answered": "answered", "coded": "coded", "any_code": "any code"}
STATUSES = {"dont_know": "don't know", "refused": "refused", "uncodable": "cannot be coded"}
PARTS = {
    "weight": "weights",
    "stratum": "strata",
    "psu": "clusters",
    "fpc": "finite populations",
}


def percent(share: float | None, *, is_hidden: bool = False) -> str:
    """A share as a percentage with one decimal, `s` where it is suppressed."""
    return HIDDEN if is_hidden else _percent(share)


def whole(n: int | None) -> str:
    """A count, `s` where it is suppressed."""
    return HIDDEN if n is None else count(n)


def interval(found: Estimate, *, is_hidden: bool = False) -> str:
    """The 95 % interval in percent, a dash where there is none."""
    if is_hidden:
        return HIDDEN
    if found.low is None or found.high is None:
        return NONE
    return f"{_percent(found.low)} to {_percent(found.high)}"


def p_value(p: float | None, *, is_hidden: bool = False) -> str:
    """A p-value with three decimals."""
    if is_hidden:
        return HIDDEN
    if p is None:
        return NONE
    return "<0.001" if p < 0.001 else number(p)  # noqa: PLR2004 – what three decimals can tell


def starred(p: float | None, *, is_hidden: bool = False) -> str:
    """A p-value and its stars."""
    return p_value(p, is_hidden=is_hidden) + ("" if is_hidden else stars(p))


def label(code: Code) -> str:
    """The name of a code, set in by its depth."""
    return f"{'· ' * code.depth}{code.name}"


def listed(words: list[str]) -> str:
    """Words as a list in a sentence."""
    if len(words) < 2:  # noqa: PLR2004 – a list
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
