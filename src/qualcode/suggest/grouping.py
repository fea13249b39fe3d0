"""Identical answers as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError
from qualcode.text import bare, is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Grouped:
    """The distinct answers that are not blank, in the order in which they first come.

    `members` says for each answer that is not blank which of them it is.
    """

    texts: list[str]
    contexts: list[tuple[str, ...]]
    members: NDArray[np.intp]

    def mean(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean line of each distinct answer, of a table with a line for each answer."""
        total = np.zeros((len(self.texts), table.shape[1]))
        np.add.at(total, self.members, table)
        return total / np.bincount(self.members, minlength=len(self.texts))[:, None]


def grouped(texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()) -> Grouped:
    """Group answers by what they say, without case and outer space, and by their context.

    Raises `InputError` where there are contexts but not one for each answer.
    """
    if contexts and len(contexts) != len(texts):
        raise InputError(f"{len(texts)} answers have {len(contexts)} contexts")
    number: dict[tuple[str, tuple[str, ...]], int] = {}
    kept: list[str] = []
    members: list[int] = []
    for place, text in enumerate(texts):
        if is_blank(text):
            continue
        key = bare(text), tuple(contexts[place]) if contexts else ()
        if key not in number:
            number[key] = len(kept)
            kept.append(text)
        members.append(number[key])
    about = [context for _, context in number] if contexts else []
    return Grouped(kept, about, np.array(members, dtype=np.intp))
