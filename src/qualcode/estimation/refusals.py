"""When a logistic regression would print numbers that mean nothing, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.estimation.model_matrix import redundant
from qualcode.estimation.reasons import (
    EMPTY_BASE,
    NO_DEGREES_OF_FREEDOM,
    NO_VARIATION,
    RANK_DEFICIENT,
    SEPARATION,
    TOO_FEW_EVENTS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.estimation.arrays import FloatArray
    from qualcode.estimation.model_matrix import Column

REFUSED_BELOW, WARNED_BELOW = 5, 10
"""Events for each coefficient: fewer than 10 may mislead (Peduzzi et al. 1996), fewer than 5 will
(Vittinghoff & McCulloch 2007)."""


def refusal(
    y: FloatArray, columns: Sequence[Column], names: Sequence[str], df: int
) -> tuple[str, str] | None:
    """Why `y` (m, 0/1) cannot be regressed on the columns, as reason and detail; None if it can.

    `names` are those of the attributes, `df` the degrees of freedom that are left.
    """
    if y.size == 0:
        return EMPTY_BASE, "nobody is in the base with every attribute known"
    return next(_obstacles(y, columns, names, df), None)


def _obstacles(
    y: FloatArray, columns: Sequence[Column], names: Sequence[str], df: int
) -> Iterator[tuple[str, str]]:
    with_code = int(y.sum())
    events = min(with_code, y.size - with_code)
    if events == 0:
        yield NO_VARIATION, f"{'everybody' if with_code else 'nobody'} has the code"
    constant = sorted(set(names) - {column.attribute for column in columns})
    alike = [f"{name} is the same for everybody" for name in constant]
    alike += [f"{_named(c)} follows from the attributes before it" for c in redundant(columns)]
    if alike:
        yield RANK_DEFICIENT, "; ".join(alike)
    separated = list(_separated(y, columns))
    if separated:
        yield SEPARATION, "; ".join(separated)
    if events < REFUSED_BELOW * len(columns):
        which = "with" if events == with_code else "without"
        yield TOO_FEW_EVENTS, f"{events} {which} the code for {len(columns)} coefficients"
    if df < 1:
        yield NO_DEGREES_OF_FREEDOM, "no more sampling units than strata and coefficients"


def _separated(y: FloatArray, columns: Sequence[Column]) -> Iterator[str]:
    """Name the categories in which all, or none, have the code."""
    rest: dict[tuple[str, str], FloatArray] = {}
    for column in columns:
        if not column.level:
            continue
        yield from _one_sided(y[column.values == 1], _named(column))
        key = column.attribute, column.reference
        rest[key] = rest.get(key, np.ones(y.size)) - column.values
    for (name, level), values in rest.items():
        yield from _one_sided(y[values == 1], f"{name} “{level}”")


def _one_sided(y: FloatArray, name: str) -> Iterator[str]:
    if y.min() == y.max():
        yield f"{'nobody' if y[0] == 0 else 'everybody'} with {name} has the code"


def _named(column: Column) -> str:
    return f"{column.attribute} “{column.level}”" if column.level else column.attribute
