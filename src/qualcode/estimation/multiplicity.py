"""Many tests at once: one family is all themes of one question by one attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.agreement.correction import benjamini_hochberg, holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation.independence import Association

__all__ = ["adjusted", "benjamini_hochberg", "holm", "legend", "stars"]

_LEVELS = ((0.001, "***"), (0.01, "**"), (0.05, "*"), (0.10, "†"))


def adjusted(tests: Sequence[Association]) -> list[tuple[float | None, float | None]]:
    """The p-values of a family after Holm (1979) and after Benjamini & Hochberg (1995).

    A test without a p-value has none afterwards and does not count in the family.
    """
    ps = [test.p for test in tests]
    return list(zip(holm(ps), benjamini_hochberg(ps), strict=True))


def stars(p: float | None) -> str:
    """The mark of a p-value: † below .10, * below .05, ** below .01, *** below .001, else none."""
    if p is None:
        return ""
    return next((mark for level, mark in _LEVELS if p < level), "")


def legend() -> str:
    """What the marks mean."""
    marks = [f"{mark} p < {f'{level:g}'.removeprefix('0')}" for level, mark in _LEVELS[::-1]]
    return ", ".join(marks)
