"""The codes of a codebook as the engine sees them: which stands under which, which is a status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError
from qualcode.model import CODE_STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.estimation.arrays import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class CodeTree:
    """C codes by their paths (``access/parking``); `statuses` holds "" for a theme.

    A code with a status (``dont_know``, ``refused``, ``uncodable``) says what an answer is: it is
    no theme and counts for no code above it.
    """

    paths: tuple[str, ...]
    statuses: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def parents(self) -> IntArray:
        """The nearest code above each that is in the tree (C), -1 where there is none."""
        place = {path: number for number, path in enumerate(self.paths)}
        return np.array([_above(path, place) for path in self.paths], dtype=np.intp)

    @property
    def are_themes(self) -> BoolArray:
        """Which codes are themes (C)."""
        return np.array([not status for status in self.statuses], dtype=np.bool_)

    @property
    def are_leaves(self) -> BoolArray:
        """Which codes are themes without a theme under them (C)."""
        leaves = self.are_themes
        above = self.parents[leaves]
        leaves[above[above >= 0]] = False
        return leaves

    @property
    def deepest_first(self) -> list[int]:
        """All codes, each before the one above it."""
        return sorted(range(len(self)), key=lambda k: -self.paths[k].count("/"))


def code_tree(paths: Sequence[str], statuses: Sequence[str] = ()) -> CodeTree:
    """The tree of codes with these paths; without `statuses` all of them are themes.

    Raises InputError for a path that comes twice, a status that there is not, and lists of
    different lengths.
    """
    given = tuple(statuses) or ("",) * len(paths)
    if len(given) != len(paths):
        raise InputError(
            f"{len(given)} statuses for {len(paths)} codes", hint="give one for each, “” for themes"
        )
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if list(paths).count(path) > 1)
        raise InputError(f"the code “{twice}” is listed twice", hint="give each path once")
    for status in given:
        if status and status not in CODE_STATUSES:
            raise InputError(
                f"there is no status “{status}”", hint=f"take one of {', '.join(CODE_STATUSES)}"
            )
    return CodeTree(tuple(paths), given)


def _above(path: str, place: dict[str, int]) -> int:
    while path := path.rpartition("/")[0]:
        if path in place:
            return place[path]
    return -1
