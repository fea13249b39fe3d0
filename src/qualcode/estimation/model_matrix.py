"""Attributes as the columns of a regression: numbers as they are, categories as 0/1 columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray

INTERCEPT = "intercept"

_TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """An attribute of n respondents: `values` (n), NaN where it is not known.

    With `levels` it is a category and the values are places in them; the category that the others
    are compared with is the first one.
    """

    name: str
    values: FloatArray
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a regression: a number, or a category against the `reference`."""

    attribute: str
    level: str
    reference: str
    values: FloatArray


def numeric(name: str, values: npt.ArrayLike) -> Attribute:
    """An attribute that is a number; NaN or infinite where it is not known."""
    found = np.asarray(values, dtype=np.float64)
    return Attribute(name, np.where(np.isfinite(found), found, np.nan))


def categorical(
    name: str, numbers: IntArray, levels: Sequence[str], reference: str | None = None
) -> Attribute:
    """An attribute that is one of `levels`, by its place in them, -1 where it is not known.

    The others are compared with `reference`, by default the first level. Raises InputError for
    a reference that is no level.
    """
    first = levels[0] if reference is None and levels else reference
    if first not in levels:
        raise InputError(f"“{first}” is no category of {name}", hint=f"take one of {list(levels)}")
    order = [first, *(level for level in levels if level != first)]
    places = np.array([order.index(level) for level in levels], dtype=np.float64)
    known = numbers >= 0
    values = np.full(numbers.size, np.nan)
    values[known] = places[numbers[known]]
    return Attribute(name, values, tuple(str(level) for level in order))


def columns_of(attribute: Attribute, rows: IntArray) -> list[Column]:
    """The columns that an attribute gives the respondents `rows`.

    Categories that none of them is in are left out; the first one left is compared with.
    """
    values = attribute.values[rows]
    if not attribute.levels:
        return [Column(attribute.name, "", "", values)]
    name, levels = attribute.name, attribute.levels
    first, *others = np.unique(values).astype(int).tolist() or [0]
    return [
        Column(name, levels[place], levels[first], (values == place).astype(np.float64))
        for place in others
    ]


def known_rows(attributes: Sequence[Attribute], domain: BoolArray) -> IntArray:
    """The respondents of the `domain` (n) for whom every attribute is known."""
    known = domain.copy()
    for attribute in attributes:
        known &= ~np.isnan(attribute.values)
    return np.flatnonzero(known)


def redundant(columns: Sequence[Column]) -> list[Column]:
    """The columns that follow from the intercept and those before them."""
    if not columns:
        return []
    table = np.column_stack([np.ones(columns[0].values.size), *(c.values for c in columns)])
    length = np.sqrt((table**2).sum(axis=0))
    left = np.abs(np.diagonal(np.linalg.qr(table / np.where(length > 0, length, 1), mode="r")))
    if left.size <= len(columns):
        return list(columns[left.size - 1 :])
    return [c for c, rest in zip(columns, left[1:].tolist(), strict=True) if rest < _TINY]
