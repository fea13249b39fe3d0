"""From what people hand over to rating patterns: lists with None, numpy arrays, triples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from qualcode.agreement.patterns import MISSING, distinct
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from qualcode.agreement.disagreement import FloatArray, IntArray

Ratings: TypeAlias = "Sequence[Sequence[Hashable | None]] | np.ndarray[Any, Any]"

_LOOKUP = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Ratings of n units by r coders, equal rows counted once.

    `rows` (P × r) holds the distinct rows as indices into `categories`, -1 for a rating that
    was never given; `counts` (P) is how many units have each row.
    """

    rows: IntArray
    counts: IntArray
    categories: tuple[Hashable, ...]

    @property
    def weights(self) -> FloatArray:
        """The counts as one line of weights (1 × P)."""
        return self.counts[None, :].astype(np.float64)

    @property
    def units(self) -> int:
        """How many units there are, rated or not."""
        return int(self.counts.sum())


def tabulate(
    ratings: Ratings, categories: Sequence[Hashable] | None = None, *, ordered: bool = False
) -> Table:
    """Count the rows of `ratings`, units × coders.

    In lists None or NaN is a rating that was never given; in float arrays NaN, in masked arrays
    the mask, in object arrays None. Without `categories` those that occur are taken, in
    ascending order; where the order matters (`ordered`) they must be numbers then. Raises
    InputError for ragged rows, a repeated category and a value that is not among `categories`.
    """
    given = None if categories is None else _checked(categories)
    codes, found = _from_array(ratings, given) if _is_numeric(ratings) else (None, ())
    if codes is None:
        codes, found = _from_rows(ratings, given, ordered=ordered)
    return from_codes(codes, found)


def from_codes(codes: IntArray, categories: Sequence[Hashable]) -> Table:
    """Count the rows of category indices (n × r, -1 for a rating that was never given).

    The indices are taken as they are: 0 to ``len(categories) - 1``.
    """
    rows, counts = distinct(codes, len(categories) + 1)
    return Table(rows, counts, tuple(categories))


def ratings_from_triples(
    triples: Iterable[tuple[Hashable, Hashable, Hashable]],
    coders: Sequence[Hashable] | None = None,
) -> tuple[list[Hashable], list[Hashable], list[list[Hashable | None]]]:
    """Units, coders and the units × coders ratings from (unit, coder, category) triples.

    Units come in the order in which they occur, and so do coders unless they are given. Raises
    InputError where a coder rates a unit twice or is not one of the `coders`.
    """
    names: dict[Hashable, int] = {name: g for g, name in enumerate(coders or ())}
    cells: dict[Hashable, dict[int, Hashable]] = {}
    for unit, coder, category in triples:
        if coder not in names:
            if coders is not None:
                raise unknown_coder(coder, names)
            names[coder] = len(names)
        row = cells.setdefault(unit, {})
        if names[coder] in row:
            raise rated_twice(unit, coder)
        row[names[coder]] = category
    rows = [[row.get(g) for g in range(len(names))] for row in cells.values()]
    return list(cells), list(names), rows


def unknown_coder(coder: object, there_are: Iterable[object]) -> InputError:
    """The error for a coder who is not in the list."""
    known = ", ".join(f"“{name}”" for name in there_are)
    return InputError(f"there is no coder “{coder}”", hint=f"the coders are {known or 'none'}")


def rated_twice(unit: object, coder: object) -> InputError:
    """The error for two ratings where there can be one."""
    return InputError(
        f"coder “{coder}” rates unit “{unit}” twice",
        hint="keep one rating of each coder and unit; a recode is a coder of its own",
    )


def _checked(categories: Sequence[Hashable]) -> tuple[Hashable, ...]:
    found = tuple(c.item() if isinstance(c, np.generic) else c for c in categories)
    if len(set(found)) < len(found):
        raise InputError("a category is listed twice", hint="list every category once")
    return found


def _outside(value: object) -> InputError:
    return InputError(
        f"the rating {value!r} is not one of the categories",
        hint="add it to the categories, or give None where the coder did not see the unit",
    )


def _is_numeric(ratings: Ratings) -> bool:
    return isinstance(ratings, np.ndarray) and ratings.dtype.kind in "iufb"


def _from_array(
    ratings: Any, given: tuple[Hashable, ...] | None
) -> tuple[IntArray | None, tuple[Hashable, ...]]:
    """Give category indices of a numeric array, None where the slow way has to do."""
    if ratings.ndim != 2:  # noqa: PLR2004
        raise _not_a_table()
    missing = np.ma.getmaskarray(ratings) if np.ma.isMaskedArray(ratings) else None
    data = np.asarray(ratings)
    if data.dtype.kind == "f":
        absent = np.isnan(data)
        missing = absent if missing is None else missing | absent
    if missing is None:
        return _indices(data, data, given)
    codes, found = _indices(data[~missing], data[~missing], given)
    full = np.full(data.shape, MISSING, dtype=np.intp)
    full[~missing] = codes
    return full, found


def _indices(
    data: Any, seen: Any, given: tuple[Hashable, ...] | None
) -> tuple[IntArray, tuple[Hashable, ...]]:
    if seen.size == 0:
        return np.zeros(data.shape, dtype=np.intp), given or ()
    low, high = seen.min(), seen.max()
    whole = data.dtype.kind in "iub" or bool((np.floor(data) == data).all())
    if whole and float(high) - float(low) < _LOOKUP and abs(float(low)) < 2**53:
        return _looked_up(data, int(low), int(high), given)
    used, codes = np.unique(data, return_inverse=True)
    found: tuple[Hashable, ...] = tuple(used.tolist())
    return _renumbered(codes.reshape(data.shape), found, given)


def _looked_up(
    data: Any, low: int, high: int, given: tuple[Hashable, ...] | None
) -> tuple[IntArray, tuple[Hashable, ...]]:
    offsets = data.astype(np.intp) - low
    occurs = np.bincount(offsets.ravel(), minlength=high - low + 1) > 0
    used = np.flatnonzero(occurs)
    found: tuple[Hashable, ...] = tuple((used + low).tolist())
    if data.dtype.kind == "b":
        found = tuple(bool(value) for value in found)
    codes = offsets
    if used.size <= high - low:
        codes = (np.cumsum(occurs) - 1)[offsets]
    return _renumbered(codes, found, given)


def _renumbered(
    codes: IntArray, found: tuple[Hashable, ...], given: tuple[Hashable, ...] | None
) -> tuple[IntArray, tuple[Hashable, ...]]:
    if given is None or given == found:
        return codes, found
    place = {category: k for k, category in enumerate(given)}
    for value in found:
        if value not in place:
            raise _outside(value)
    return np.array([place[value] for value in found], dtype=np.intp)[codes], given


def _from_rows(
    ratings: Ratings, given: tuple[Hashable, ...] | None, *, ordered: bool
) -> tuple[IntArray, tuple[Hashable, ...]]:
    rows: list[list[Any]] = [_cells(row) for row in ratings]
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise InputError(
                f"unit {number} has {len(row)} ratings and the first unit has {width}",
                hint="give every unit one rating per coder, None where the coder did not see it",
            )
    place = {category: k for k, category in enumerate(given or ())}
    if given is None:
        used = {value for row in rows for value in row if not _is_missing(value)}
        place = {category: k for k, category in enumerate(_ascending(used, ordered=ordered))}
    codes = np.empty((len(rows), width), dtype=np.intp)
    for number, row in enumerate(rows):
        codes[number] = [_place(value, place) for value in row]
    return codes, tuple(place)


def _cells(row: Any) -> list[Any]:
    if isinstance(row, str | bytes) or not hasattr(row, "__iter__"):
        raise _not_a_table()
    cells: list[Any] = row.tolist() if isinstance(row, np.ndarray) else list(row)
    return cells


def _not_a_table() -> InputError:
    return InputError(
        "ratings are a table of units × coders",
        hint="give one row per unit, with one rating per coder in it",
    )


def _place(value: Any, place: dict[Hashable, int]) -> int:
    if _is_missing(value):
        return MISSING
    try:
        return place[value]
    except (KeyError, TypeError):
        raise _outside(value) from None


def _is_missing(value: Any) -> bool:
    return value is None or value is np.ma.masked or (isinstance(value, float) and value != value)  # noqa: PLR0124


def _ascending(used: set[Any], *, ordered: bool) -> list[Hashable]:
    if all(isinstance(value, int | float | np.number) for value in used):
        return sorted(used)
    if ordered:
        raise InputError(
            "the order of these categories is not known",
            hint="give categories=[…] from the lowest to the highest",
        )
    return sorted(used, key=lambda value: (type(value).__name__, str(value)))
