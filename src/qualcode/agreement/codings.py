"""What several coders put on the answers to one question, in compact arrays.

This is the form in which a study hands its codings over: who saw which unit, and for every code
where which coder applied it. "Saw it, applied no code" and "did not see it" are different values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.sets import HALF, WORD
from qualcode.agreement.table import unknown_coder
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    import numpy.typing as npt

    from qualcode.agreement.disagreement import BoolArray, IntArray
    from qualcode.agreement.sets import Bits


@dataclass(frozen=True, slots=True, eq=False)
class Codings:
    """n units, r coders and the codes of a codebook.

    `saw` (n × r) tells who coded which unit, with a code or without. `marks` holds for each
    coder two arrays of equal length, code and unit indices: this coder applied that code there.
    `codes` are paths (``access/parking``), the part before the last ``/`` being the parent.
    `exclusive` are the indices of codes that must stand alone.
    """

    saw: BoolArray
    marks: tuple[tuple[IntArray, IntArray], ...]
    coders: tuple[str, ...]
    codes: tuple[str, ...]
    exclusive: frozenset[int] = frozenset()

    @property
    def units(self) -> int:
        """How many units there are, seen or not."""
        return int(self.saw.shape[0])

    @property
    def seen(self) -> IntArray:
        """How many coders have seen each unit (n)."""
        total = np.zeros(self.units, dtype=np.intp)
        for column in self.saw.T:  # much faster than a sum over short rows
            total += column
        return total

    @property
    def pairable(self) -> BoolArray:
        """Which units two coders or more have seen (n)."""
        return np.asarray(self.seen >= 2)  # noqa: PLR2004 – a pair

    def select(self, wanted: BoolArray) -> Codings:
        """The same for the `wanted` units (n) only."""
        place = np.cumsum(wanted) - 1
        marks = []
        for code, unit in self.marks:
            kept = wanted[unit]
            marks.append((code[kept], place[unit[kept]]))
        return Codings(self.saw[wanted], tuple(marks), self.coders, self.codes, self.exclusive)

    def among(self, kept: Sequence[int]) -> Codings:
        """The same for the coders with these indices only."""
        return Codings(
            self.saw[:, list(kept)],
            tuple(self.marks[g] for g in kept),
            tuple(self.coders[g] for g in kept),
            self.codes,
            self.exclusive,
        )

    @property
    def active(self) -> list[int]:
        """The coders who have seen any unit."""
        return [int(g) for g in np.flatnonzero(self.saw.any(axis=0))]

    def recoded(self, into: Sequence[Sequence[int]], codes: Sequence[str]) -> Codings:
        """The same with every code replaced: code k by all of ``into[k]``, indices of `codes`."""
        lengths = np.array([len(targets) for targets in into], dtype=np.intp)
        targets = np.array([t for row in into for t in row], dtype=np.intp)
        starts = np.cumsum(lengths) - lengths
        marks = []
        for code, unit in self.marks:
            times = lengths[code]
            offset = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
            new = targets[np.repeat(starts[code], times) + offset]
            keys = np.unique(new * max(self.units, 1) + np.repeat(unit, times))
            marks.append((keys // max(self.units, 1), keys % max(self.units, 1)))
        return Codings(self.saw, tuple(marks), self.coders, tuple(codes))

    def applied(self, coder: int) -> BoolArray:
        """Where one coder applied which code (n × codes)."""
        table = np.zeros((self.units, len(self.codes)), dtype=np.bool_)
        code, unit = self.marks[coder]
        table[unit, code] = True
        return table

    def bits(self) -> Bits:
        """The set of every unit and coder as bits (n × r × words), 64 codes to a word."""
        words = max(1, -(-len(self.codes) // WORD))
        sets = np.zeros((self.units, len(self.coders), words), dtype=np.uint64)
        codes = np.arange(len(self.codes))
        values = 2.0 ** (codes % HALF)  # sums of these are exact
        offset = codes // HALF * self.units
        for g, (code, unit) in enumerate(self.marks):
            place = unit if codes.size <= HALF else offset[code] + unit
            filled = np.bincount(place, values[code], minlength=2 * words * self.units)
            halves = filled.astype(np.uint64).reshape(words, 2, self.units)
            sets[:, g] = (halves[:, 0] | halves[:, 1] << np.uint64(HALF)).T
        return sets


def codings(
    saw: npt.ArrayLike,
    marks: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    coders: Sequence[str],
    codes: Sequence[str],
    exclusive: Iterable[str] = (),
) -> Codings:
    """Codings from arrays: `saw` is n × r, `marks` are unit, coder and code indices.

    Raises InputError where the shapes do not fit, an index is outside, a coder applied a code to
    a unit that they did not see, or a mark comes twice.
    """
    seen = np.asarray(saw, dtype=np.bool_)
    if seen.ndim != 2 or seen.shape[1] != len(coders):  # noqa: PLR2004
        raise InputError(
            f"saw has the shape {seen.shape} for {len(coders)} coders",
            hint="give one row per unit with one value per coder in it",
        )
    unit, coder, code = (np.asarray(part, dtype=np.intp).ravel() for part in marks)
    limits = (("unit", unit, seen.shape[0]), ("coder", coder, len(coders)))
    for name, index, limit in (*limits, ("code", code, len(codes))):
        if index.size != unit.size or (index.size and not 0 <= index.min() <= index.max() < limit):
            raise InputError(
                f"the {name} indices of the marks do not fit",
                hint=f"give one index from 0 to {limit - 1} for every mark",
            )
    names = tuple(codes)
    alone = frozenset(names.index(path) for path in exclusive if path in names)
    found = Codings(seen, _by_coder(unit, coder, code, len(coders)), tuple(coders), names, alone)
    _check(found)
    return found


def codings_from_triples(
    triples: Iterable[tuple[Hashable, str, str | None]],
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    exclusive: Iterable[str] = (),
) -> Codings:
    """Codings from (unit, coder, code) triples; the code None is "saw it, applied none".

    Units, and coders and codes unless given, come in the order in which they occur. Raises
    InputError for a coder or code that is not among those given, for a triple that comes twice,
    and for a None beside a code.
    """
    units: dict[Hashable, int] = {}
    people: dict[str, int] = {name: g for g, name in enumerate(coders or ())}
    places: dict[str, int] = {path: k for k, path in enumerate(codes or ())}
    seen: dict[tuple[int, int], set[str | None]] = {}
    for unit, coder, code in triples:
        if coders is not None and coder not in people:
            raise unknown_coder(coder, people)
        if codes is not None and code is not None and code not in places:
            raise InputError(f"there is no code “{code}”", hint="add it to the codes")
        if code is not None:
            places.setdefault(code, len(places))
        cell = (units.setdefault(unit, len(units)), people.setdefault(coder, len(people)))
        applied = seen.setdefault(cell, set())
        if code in applied or (applied and (code is None or None in applied)):
            raise _coded_twice(unit, coder, None if None in applied else code)
        applied.add(code)
    saw = np.zeros((len(units), len(people)), dtype=np.bool_)
    for cell in seen:
        saw[cell] = True
    marks = [(*cell, places[c]) for cell, applied in seen.items() for c in applied if c is not None]
    unit_, coder_, code_ = np.array(marks, dtype=np.intp).reshape(len(marks), 3).T
    return codings(saw, (unit_, coder_, code_), tuple(people), tuple(places), exclusive)


def _by_coder(
    unit: IntArray, coder: IntArray, code: IntArray, coders: int
) -> tuple[tuple[IntArray, IntArray], ...]:
    parts = []
    for g in range(coders):
        own = np.flatnonzero(coder == g)
        parts.append((code[own], unit[own]))
    return tuple(parts)


def _check(found: Codings) -> None:
    for g, (code, unit) in enumerate(found.marks):
        if not found.saw[unit, g].all():
            place = int(unit[~found.saw[unit, g]][0])
            raise InputError(
                f"coder “{found.coders[g]}” applied a code to unit {place} without having seen it",
                hint="mark as seen every unit that a coder has coded or decided",
            )
        keys = np.sort(code * max(found.units, 1) + unit)
        again = keys[1:][keys[1:] == keys[:-1]]
        if again.size:
            k, place = divmod(int(again[0]), found.units)
            raise _coded_twice(place, found.coders[g], found.codes[k])


def _coded_twice(unit: object, coder: str, code: str | None) -> InputError:
    if code is None:
        return InputError(
            f"coder “{coder}” has both a code and “no code” on unit “{unit}”",
            hint="give None only where the coder applied no code",
        )
    return InputError(
        f"coder “{coder}” codes unit “{unit}” twice with “{code}”",
        hint="give each code once per coder and unit; merge its spans first",
    )
