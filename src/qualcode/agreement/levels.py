"""Agreement at each level of the codebook: on the branch, if not on the leaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.agreement.overall import Overall, assess_overall

if TYPE_CHECKING:
    from qualcode.agreement.codings import Codings


@dataclass(frozen=True, slots=True)
class LevelAgreement:
    """Agreement when every code counts as what stands above it.

    `level` is 0 for the top of the codebook; codes higher up than the level stand for
    themselves. `level` is None for the closure: each code together with all above it.
    """

    level: int | None
    codes: tuple[str, ...]
    overall: Overall


def roll_up(codings: Codings) -> tuple[LevelAgreement, ...]:
    """Agreement level by level, from the codes as applied to the top, then on the closure.

    A flat codebook has one level and no closure.
    """
    depth = max((path.count("/") for path in codings.codes), default=0)
    levels: list[int | None] = [*range(depth, -1, -1)]
    if depth:
        levels.append(None)
    return tuple(_level(codings, level) for level in levels)


def _level(codings: Codings, level: int | None) -> LevelAgreement:
    raised = at_level(codings, level)
    return LevelAgreement(level, raised.codes, assess_overall(raised))


def at_level(codings: Codings, level: int | None) -> Codings:
    """The codings with every code raised to `level`, or joined by its ancestors for None."""
    targets = [_raised(path, level) for path in codings.codes]
    codes = tuple(dict.fromkeys(path for group in targets for path in group))
    place = {path: k for k, path in enumerate(codes)}
    return codings.recoded([[place[path] for path in group] for group in targets], codes)


def _raised(path: str, level: int | None) -> list[str]:
    parts = path.split("/")
    if level is None:
        return ["/".join(parts[: end + 1]) for end in range(len(parts))]
    return ["/".join(parts[: level + 1])]
