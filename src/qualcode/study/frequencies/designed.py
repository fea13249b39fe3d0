"""The design of a survey as the engine takes it, from the columns that the study names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.estimation import survey_design
from qualcode.estimation.reading import as_floats, as_integers, labelled
from qualcode.store import tabulation
from qualcode.study import design as study_design

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from qualcode.estimation import Design
    from qualcode.store.connection import Database
    from qualcode.store.tabulation import Column


@dataclass(frozen=True, slots=True, eq=False)
class Designed:
    """The design that is counted with, and the columns that it rests on.

    `columns` maps weight, stratum, psu and fpc to the names of their columns; it is empty for a
    simple random sample without weights.
    """

    design: Design
    columns: dict[str, str]


def designed(
    database: Database, n: int, attributes: Sequence[str], *, is_plain: bool
) -> tuple[dict[str, Column], Designed]:
    """Some attributes and the design of n respondents; with `is_plain` the design is left aside.

    Raises `InputError` with the first respondents whose weight, stratum or cluster cannot serve.
    """
    stated = study_design.Design() if is_plain else study_design.read(database)
    wanted = {name: getattr(stated, name) for name in ("weight", "stratum", "psu", "fpc")}
    used = {name: column for name, column in wanted.items() if column}
    numbers = [used[name] for name in ("weight", "fpc") if name in used]
    labels = [used[name] for name in ("stratum", "psu") if name in used]
    names = list(dict.fromkeys([*attributes, *labels]))
    found, measured = tabulation.attributes(database, names, numbers)
    columns = dict(zip(names, found, strict=True))
    values = dict(zip(numbers, measured, strict=True))
    parts: dict[str, Any] = {
        "weights": as_floats(values[used["weight"]]) if "weight" in used else None,
        "fpc": as_floats(values[used["fpc"]]) if "fpc" in used else None,
        "lonely": stated.lonely_psu or "error",
        "names": tabulation.RespondentNames(database, n),
    }
    grouped: dict[str, Column] = {
        name: columns[used[name]] for name in ("stratum", "psu") if name in used
    }
    return columns, Designed(_design(n, parts, grouped), used)


def _design(n: int, parts: dict[str, Any], grouped: dict[str, Column]) -> Design:
    """Number the labels, which is fast; where something is wrong they are wanted as they are."""
    is_whole = all(value.strip() for column in grouped.values() for value in column.values)
    try:
        if is_whole:
            numbers: dict[str, Any] = {
                name: as_integers(column.numbers) for name, column in grouped.items()
            }
            return survey_design(n, **parts, **numbers)
    except InputError:
        pass
    labels: dict[str, Any] = {
        name: labelled(column.numbers, column.values) for name, column in grouped.items()
    }
    try:
        return survey_design(n, **parts, **labels)
    except InputError as error:
        raise InputError(
            f"the survey's design cannot be used: {error.message}",
            hint="`qualcode design` changes it, with --lonely-psu for a stratum of one PSU;"
            " --unweighted counts without it",
        ) from error
