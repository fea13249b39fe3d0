"""Answers as rows of numbers: a sparse block and, with word vectors, a dense one beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Rows:
    """n answers: `sparse` n × f (CSR) and `dense` n × d, both float32; d may be 0.

    The inner product of two rows is their similarity: the sum over both blocks.
    """

    sparse: Any
    dense: NDArray[np.float32]

    def __len__(self) -> int:
        return int(self.sparse.shape[0])

    @property
    def width(self) -> int:
        """The length of a weight vector, f + d."""
        return int(self.sparse.shape[1] + self.dense.shape[1])

    def take(self, index: NDArray[np.intp] | Sequence[int]) -> Rows:
        """The rows with these numbers, in that order."""
        return Rows(self.sparse[index], self.dense[index])

    def gram(self, other: Rows) -> NDArray[np.float64]:
        """The similarities of these rows (down) to the `other` ones (across)."""
        product = np.asarray((self.sparse @ other.sparse.T).toarray(), dtype=np.float64)
        if self.dense.shape[1]:
            product += self.dense @ other.dense.T
        return product

    def dot(self, weights: NDArray[np.float32]) -> NDArray[np.float64]:
        """The rows times `weights`, (f + d) × k."""
        wide = self.sparse.shape[1]
        product = np.asarray(self.sparse @ weights[:wide], dtype=np.float64)
        if self.dense.shape[1]:
            # In single precision the last bits would hang on how many rows come together.
            product += self.dense.astype(np.float64) @ weights[wide:].astype(np.float64)
        return product

    def combine(self, coefficients: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """The weights, (f + d) × k, that n × k `coefficients` of these rows amount to."""
        given = coefficients.astype(np.float32)
        return np.vstack([self.sparse.T @ given, self.dense.T @ given]).astype(np.float32)


def stacked(above: Rows, below: Rows) -> Rows:
    """The rows of `above`, then those of `below`."""
    return Rows(
        sparse.vstack([above.sparse, below.sparse], format="csr"),
        np.vstack([above.dense, below.dense]),
    )
