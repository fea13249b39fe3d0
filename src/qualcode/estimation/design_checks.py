"""What can be wrong with the columns of a design: one error that counts and shows it."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from qualcode.estimation.arrays import BoolArray, FloatArray, IntArray

_SHOWN = 5
_PLURAL = {"weight": "weights", "stratum": "strata", "PSU": "PSUs", "fpc": "values of the fpc"}


def rule(given: str, there_are: Sequence[str]) -> None:
    """Raise InputError where there is no such rule for strata with one PSU."""
    if given not in there_are:
        raise InputError(
            f"there is no rule “{given}” for a stratum with one PSU",
            hint=f"take one of {', '.join(there_are)}",
        )


def lengths(n: int, columns: Mapping[str, object]) -> None:
    """Raise InputError for a column that does not hold one value for each respondent."""
    for name, column in columns.items():
        if column is not None and not _has_length(column, n):
            raise InputError(
                f"the {name} do not fit {n} respondents", hint="give one value for each respondent"
            )


def weights(given: npt.ArrayLike, names: Sequence[str] | None) -> FloatArray:
    """The weights as numbers; raises InputError unless all are above 0."""
    found = _numbers(given)
    refuse(~(found > 0) | np.isinf(found), "weight", "missing or not a number above 0", names)
    return found


def labels(
    what: str, numbers: IntArray, found: Sequence[object], names: Sequence[str] | None
) -> None:
    """Raise InputError where a label is missing: None, NaN or without a visible character."""
    missing = [label is None or label != label or not str(label).strip() for label in found]  # noqa: PLR0124 – NaN
    if any(missing):
        refuse(np.array(missing)[numbers], what, "missing", names)


def fractions(
    fpc: npt.ArrayLike,
    strata: IntArray,
    psus: IntArray,
    labels_: Sequence[object],
    names: Sequence[str] | None,
) -> FloatArray:
    """The share of PSUs drawn in each stratum (H), from shares or from numbers of PSUs."""
    given = _numbers(fpc)
    refuse(~(given > 0), "fpc", "missing or not a number above 0", names)
    low, high = np.full(psus.size, np.inf), np.zeros(psus.size)
    np.minimum.at(low, strata, given)
    np.maximum.at(high, strata, given)
    if (low != high).any():
        raise InputError(f"the fpc varies within {_strata(low != high, labels_)}")
    if (high > 1).any() and (high < 1).any():
        raise InputError(
            "the fpc is above 1 in some strata and below in others",
            hint="give numbers of PSUs, or the share that was drawn, in all of them",
        )
    found = psus / high if (high > 1).any() else high
    if (found > 1).any():
        raise InputError(
            f"the fpc is smaller than the number of PSUs in {_strata(found > 1, labels_)}",
            hint="it is how many PSUs the population of the stratum holds",
        )
    return np.asarray(found, dtype=np.float64)


def lonely(psus: IntArray, fraction: FloatArray, found: Sequence[object]) -> None:
    """Raise InputError for strata with one PSU, unless that is all there is in the population."""
    alone = (psus == 1) & (fraction < 1)
    if alone.any():
        raise InputError(
            f"no variance can be computed within {_strata(alone, found)}: one PSU",
            hint="join strata, or choose certainty or centered for a stratum with one PSU",
        )


def refuse(wrong: BoolArray, what: str, how: str, names: Sequence[str] | None) -> None:
    """Raise InputError where something is `wrong` (n), with how many and the first of them."""
    places = np.flatnonzero(wrong)
    if not places.size:
        return
    first = [names[i] if names else f"row {i + 1}" for i in places[:_SHOWN].tolist()]
    rest = ", …" if places.size > _SHOWN else ""
    count = f"{places.size} {_PLURAL[what]} are" if places.size > 1 else f"1 {what} is"
    raise InputError(f"{count} {how}: {', '.join(first)}{rest}")


def _numbers(given: npt.ArrayLike) -> FloatArray:
    """Give the numbers, NaN for what is none."""
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_number(one) for one in np.asarray(given, dtype=np.object_)])


def _number(given: Any) -> float:
    try:
        return float(given)
    except (TypeError, ValueError):
        return np.nan


def _has_length(column: object, n: int) -> bool:
    shape = column.shape if isinstance(column, np.ndarray) else None
    return shape == (n,) if shape is not None else isinstance(column, Sized) and len(column) == n


def _strata(wrong: BoolArray, found: Sequence[object]) -> str:
    places = np.flatnonzero(wrong)
    first = ", ".join(f"“{found[i]}”" for i in places[:_SHOWN].tolist())
    rest = ", …" if places.size > _SHOWN else ""
    return f"{places.size} strata ({first}{rest})" if places.size > 1 else f"stratum {first}"
