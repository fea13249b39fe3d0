"""The kinds of arrays that the engine works on, and how labels become numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.integer]
ByteArray: TypeAlias = npt.NDArray[np.uint8]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


def numbered(labels: Sequence[Any] | npt.NDArray[Any]) -> tuple[IntArray, tuple[Any, ...]]:
    """Give each label a number from 0 (n), and the distinct labels in that order.

    Integers are numbered by size, everything else in the order in which it occurs.
    """
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iub":
        found, numbers = np.unique(labels, return_inverse=True)
        return numbers.ravel(), tuple(found.tolist())
    places: dict[Any, int] = {}
    count = len(labels)
    listed = labels.tolist() if isinstance(labels, np.ndarray) else labels
    numbers = np.fromiter((places.setdefault(label, len(places)) for label in listed), int, count)
    return numbers, tuple(places)
