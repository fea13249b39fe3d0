"""The codebook as training data: each code written out as a few short answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qualcode.model import Code

MOST_EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Documents:
    """Pseudo-answers: their texts, the number of the code of each, and how much each counts.

    `shown` is what a person is shown of each.
    """

    texts: tuple[str, ...]
    shown: tuple[str, ...]
    codes: NDArray[np.intp]
    weights: NDArray[np.float64]

    def targets(self, width: int) -> NDArray[np.float64]:
        """Documents × codes, 1 at the code of each."""
        return np.eye(width)[self.codes]


def documents(codes: Sequence[Code]) -> Documents:
    """What a codebook says of its codes.

    One document ``name name definition`` counts 1; each example (at most 12), the inclusion
    rules together and the keywords together count ½. Exclusion rules name what other codes are
    about, so they are left out.
    """
    texts: list[str] = []
    shown: list[str] = []
    owners: list[int] = []
    weights: list[float] = []
    for number, code in enumerate(codes):
        halves = [*code.examples[:MOST_EXAMPLES], ". ".join(code.include), " ".join(code.keywords)]
        kept = [text for text in halves if not is_blank(text)]
        texts += [f"{code.name} {code.name} {code.definition}", *kept]
        shown += [code.definition or code.name, *kept]
        owners += [number] * (1 + len(kept))
        weights += [1.0] + [0.5] * len(kept)
    return Documents(tuple(texts), tuple(shown), np.array(owners, dtype=np.intp), np.array(weights))
