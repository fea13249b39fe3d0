"""Finding a code by typing a part of its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.tui.view import Finding

if TYPE_CHECKING:
    from qualcode.model import Code


def with_typed(typed: str, codes: tuple[Code, ...]) -> Finding:
    """The codes that a typed text means, best first: names that begin so, then words, then parts.

    Keys and keywords count after names; retired codes are left out.
    """
    wanted = typed.strip().casefold()
    if not wanted:
        return Finding(typed)
    ranked = sorted(
        (rank, place, code.id)
        for place, code in enumerate(codes)
        if not code.is_retired and (rank := _rank(wanted, code)) is not None
    )
    return Finding(typed, tuple(code_id for _, _, code_id in ranked))


def _rank(wanted: str, code: Code) -> int | None:
    name = code.name.casefold()
    if name.startswith(wanted):
        return 0
    if f" {wanted}" in name:
        return 1
    if wanted in name:
        return 2
    if wanted in code.path.casefold():
        return 3
    if any(wanted in keyword.casefold() for keyword in code.keywords):
        return 4
    return None


def after_key(finding: Finding, key: str, codes: tuple[Code, ...]) -> Finding | None:
    """The search after a key that is typed or moves in it; None for any other."""
    if key in ("up", "down", "tab", "shift+tab"):
        step = 1 if key in ("down", "tab") else -1
        return replace(finding, chosen=(finding.chosen + step) % max(len(finding.hits), 1))
    if key == "backspace":
        return with_typed(finding.typed[:-1], codes)
    if len(key) == 1 or key == "space":
        return with_typed(finding.typed + (" " if key == "space" else key), codes)
    return None
