"""Attributes as what a regression explains a theme by: numbers and categories."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.estimation import categorical as as_category
from qualcode.estimation import numeric as as_number
from qualcode.estimation.reading import as_integers, valued
from qualcode.study.frequencies.groups import MOST_GROUPS, groups_by, number_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from qualcode.estimation import Attribute
    from qualcode.store.tabulation import Column


def predictors(
    columns: dict[str, Column],
    on: Sequence[str],
    categorical: Collection[str],
    references: Mapping[str, str],
) -> list[Attribute]:
    """The attributes in their order; empty values are not known.

    Where all values are numbers, and more than two, the attribute is one.

    Raises `InputError` for an option on an attribute that is not among them, a reference that is
    no category, and an attribute of too many categories.
    """
    for name in (*categorical, *references):
        if name not in on:
            raise InputError(f"{name} is not among the attributes", hint=f"add --on {name}")
    return [
        _predictor(name, columns[name], name in categorical or name in references, references)
        for name in on
    ]


def _predictor(
    name: str,
    column: Column,
    is_category: bool,  # noqa: FBT001 – read where it is called
    references: Mapping[str, str],
) -> Attribute:
    if not is_category and _is_number(column):
        numbers = (number_of(value.strip()) for value in column.values)
        known = [math.nan if number is None else number for number in numbers]
        return as_number(name, valued(as_integers(column.numbers), known))
    groups = groups_by(name, column)
    if len(groups.values) > MOST_GROUPS:
        raise InputError(
            f"{name} has {len(groups.values):,} categories, too many to compare",
            hint=f"{MOST_GROUPS} is the most: sum it up in an attribute with fewer",
        )
    if not groups.values:
        raise InputError(f"{name} is empty for everybody", hint="leave it out")
    return as_category(name, groups.place, groups.values, references.get(name))


def _is_number(column: Column) -> bool:
    values = {value.strip() for value in column.values} - {""}
    return len(values) > 2 and all(number_of(value) is not None for value in values)  # noqa: PLR2004
