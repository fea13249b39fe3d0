"""The codes of a codebook as the classes of a model, and sets of codes as 0/1 columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from qualcode.model import Code


@dataclass(frozen=True, slots=True)
class Classes:
    """What can be suggested: `paths` in the order of the codebook.

    `alone` (per class) says which stand alone on an answer. `family` (classes × classes) says in
    line p which classes are p or below p; `is_parent` which have any below them.
    """

    paths: tuple[str, ...]
    alone: NDArray[np.bool_]
    family: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def is_parent(self) -> NDArray[np.bool_]:
        """Which classes have others below them."""
        return np.asarray(self.family.sum(axis=1) > 1)


def usable(codes: Sequence[Code]) -> tuple[Code, ...]:
    """The codes that are not retired. Raises `InputError` where none is left."""
    left = tuple(code for code in codes if not code.is_retired)
    if not left:
        raise InputError(
            "there is no code to suggest", hint="apply a codebook with codes that are not retired"
        )
    return left


def classes(codes: Sequence[Code]) -> Classes:
    """The classes that codes make."""
    paths = tuple(code.path for code in codes)
    alone = np.array([code.stands_alone for code in codes], dtype=np.bool_)
    family = [[path == top or path.startswith(f"{top}/") for path in paths] for top in paths]
    return Classes(paths, alone, np.array(family, dtype=np.bool_))


def indicator(sets: Sequence[Collection[str]], paths: Sequence[str]) -> NDArray[np.float64]:
    """Answers × classes, 1 where the class is in the answer's set.

    A code that is not among `paths` (retired since, of another codebook) is passed over.
    """
    place = {path: column for column, path in enumerate(paths)}
    table = np.zeros((len(sets), len(paths)))
    for row, chosen in enumerate(sets):
        table[row, [place[path] for path in chosen if path in place]] = 1
    return table
