"""Agreement on where something is and what it is: Krippendorff's alphas for unitizing.

A continuum (a text of so many characters or clauses) is cut by each coder into units with a code
and gaps between them. Krippendorff, Mathet, Bouvry & Widlöcher (2016); Krippendorff (2019,
section 12.6). Several continua are one corpus: lengths are summed, alphas never averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from qualcode.agreement.intervals import (
    NO_PAIRABLE_UNITS,
    NO_VARIATION,
    ONE_CODER,
    ONE_UNIT,
    percentiles,
)
from qualcode.agreement.resampling import unit_weights
from qualcode.errors import InputError
from qualcode.model import Estimate

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from qualcode.agreement.disagreement import FloatArray, IntArray

Unit: TypeAlias = "tuple[int, int, Hashable]"
Continuum: TypeAlias = "tuple[Sequence[Sequence[Unit] | None], int]"

GAP = 0


def unitize(coders: Sequence[Sequence[Unit] | None], length: int) -> dict[str, Estimate]:
    """``u_alpha``, ``binary_alpha`` and ``cu_alpha`` of one continuum of `length`.

    Each coder gives a list of (start, end, code), half-open, not overlapping; an empty list saw
    the continuum and coded nothing, None did not see it. ``u_alpha`` takes boundaries and codes
    together, ``binary_alpha`` only whether a stretch is coded at all, ``cu_alpha`` the codes
    where both coders coded, in the form of 2019: chance from the lengths that can be paired. One
    continuum is one unit, so there is no interval. Raises InputError for a unit outside the
    continuum, an empty one, and units of one coder that overlap.
    """
    return unitize_all([(coders, length)])


def unitize_all(
    continua: Sequence[Continuum], resamples: int = 2000, seed: int = 0
) -> dict[str, Estimate]:
    """The same over several continua, each as (coders, length).

    There is no published standard error: intervals are percentiles of `resamples` draws of whole
    continua, the same for the same `seed`.
    """
    values: dict[Hashable, int] = {}
    parts = [_measure(coders, length, values) for coders, length in continua]
    kept = [part for part in parts if part is not None]
    names = ("u_alpha", "binary_alpha", "cu_alpha")
    if not kept:
        alone = any(length and _coders(coders) == 1 for coders, length in continua)
        reason = ONE_CODER if alone else NO_PAIRABLE_UNITS
        return {name: Estimate(reason=reason) for name in names}
    stacked = _Lengths.stack(kept, len(values) + 1)
    found = stacked.alphas(np.ones((1, len(kept))))
    single = ONE_UNIT if len(kept) == 1 else ""
    drawn: dict[str, list[FloatArray]] = {name: [] for name in names}
    if not single:
        for weights in unit_weights(len(kept), resamples, seed):
            for name, value in stacked.alphas(weights).items():
                drawn[name].append(value)
    return {
        name: _estimate(float(found[name][0]), drawn[name], single, stacked, name) for name in names
    }


def _estimate(
    value: float, drawn: list[FloatArray], single: str, lengths: _Lengths, name: str
) -> Estimate:
    if np.isnan(value):
        nothing = name == "cu_alpha" and not lengths.coded.sum()
        return Estimate(reason=NO_PAIRABLE_UNITS if nothing else NO_VARIATION)
    return percentiles(value, np.concatenate(drawn) if drawn else np.zeros(0), single)


def _coders(coders: Sequence[Sequence[Unit] | None]) -> int:
    return sum(units is not None for units in coders)


@dataclass(frozen=True, slots=True, eq=False)
class _Lengths:
    """Of D continua: `shared` (D × V × V) the lengths that two coders give the values c and k.

    Value 0 is the gap. `squares` (D) is the sum of K over values, `paired` (D) the same over
    the parts of units that another coder coded too.
    """

    shared: FloatArray
    squares: FloatArray
    paired: FloatArray

    @staticmethod
    def stack(parts: list[tuple[FloatArray, float, float]], size: int) -> _Lengths:
        shared = np.zeros((len(parts), size, size))
        for place, (own, _, _) in enumerate(parts):
            shared[place, : own.shape[0], : own.shape[1]] = own
        return _Lengths(
            shared,
            np.array([part[1] for part in parts]),
            np.array([part[2] for part in parts]),
        )

    @property
    def coded(self) -> FloatArray:
        """The lengths that both coded."""
        return self.shared[:, 1:, 1:]

    def alphas(self, weights: FloatArray) -> dict[str, FloatArray]:
        """The three alphas for every line of weights (B × D), NaN without variation."""
        lengths = np.einsum("bd,dck->bck", weights, self.shared)
        whole = np.empty((weights.shape[0], 2, 2))
        whole[:, 0, 0] = lengths[:, GAP, GAP]
        whole[:, 0, 1] = lengths[:, GAP, 1:].sum(axis=1)
        whole[:, 1, 0] = lengths[:, 1:, GAP].sum(axis=1)
        whole[:, 1, 1] = lengths[:, 1:, 1:].sum(axis=(1, 2))
        squares, paired = weights @ self.squares, weights @ self.paired
        return {
            "u_alpha": _alpha(lengths, squares),
            "binary_alpha": _alpha(whole, squares),
            "cu_alpha": _alpha(lengths[:, 1:, 1:], paired),
        }


def _alpha(lengths: FloatArray, squares: FloatArray) -> FloatArray:
    """1 - observed over expected lengths off the diagonal (Krippendorff et al. 2016).

    Expected is l.. (l_c. l_.k - [c = k] K_c) / (l..² - sum K), so off the diagonal K is in the
    denominator only.
    """
    off = 1 - np.eye(lengths.shape[1])
    margin = lengths.sum(axis=2)
    total = margin.sum(axis=1)
    seen = (lengths * off).sum(axis=(1, 2))
    chance = ((margin @ off) * margin).sum(axis=1)
    varied = (margin > 0).sum(axis=1) > 1
    with np.errstate(invalid="ignore", divide="ignore"):
        value = 1 - seen * (total**2 - squares) / (total * chance)
    return np.where(varied, value, np.nan)


def _measure(
    coders: Sequence[Sequence[Unit] | None], length: int, values: dict[Hashable, int]
) -> tuple[FloatArray, float, float] | None:
    """Give the shared lengths and both sums of K of one continuum; None with nothing to pair."""
    if length < 0:
        raise InputError(f"a continuum of length {length}", hint="give its length from 0 up")
    units = [_checked(g, own, length) for g, own in enumerate(coders) if own is not None]
    for own in units:
        for _, _, code in own:
            values.setdefault(code, len(values) + 1)
    if len(units) < 2 or length == 0:  # noqa: PLR2004
        return None
    ends = [cut for own in units for start, end, _ in own for cut in (start, end)]
    cuts = np.unique([0, length, *ends])
    widths = np.diff(cuts).astype(np.float64)
    painted = np.stack([_paint(own, cuts, values) for own in units])
    size = len(values) + 1
    shared = np.zeros(size * size)
    for g in range(len(units)):
        for h in range(len(units)):
            if g != h:
                shared += np.bincount(
                    painted[g] * size + painted[h], weights=widths, minlength=size * size
                )
    lengths = np.array([end - start for own in units for start, end, _ in own], dtype=np.float64)
    gaps = len(units) * length - lengths.sum()
    squares = float((lengths**2).sum() + gaps)
    paired = _paired_squares(painted, widths, units, cuts)
    return shared.reshape(size, size) / (len(units) - 1), squares, paired


def _paint(own: Sequence[Unit], cuts: IntArray, values: dict[Hashable, int]) -> IntArray:
    """Give the value of one coder on each stretch between two cuts."""
    painted = np.zeros(cuts.size - 1, dtype=np.intp)
    for start, end, code in own:
        first, last = np.searchsorted(cuts, (start, end))
        painted[first:last] = values[code]
    return painted


def _paired_squares(
    painted: IntArray, widths: FloatArray, units: list[list[Unit]], cuts: IntArray
) -> float:
    """Sum the squared lengths that each unit shares with anything another coder coded."""
    coded = painted != GAP
    total = 0.0
    for g, own in enumerate(units):
        others = np.delete(coded, g, axis=0).any(axis=0) * widths
        before = np.concatenate([[0.0], np.cumsum(others)])
        for start, end, _ in own:
            first, last = np.searchsorted(cuts, (start, end))
            total += float(before[last] - before[first]) ** 2
    return total


def _checked(coder: int, own: Sequence[Unit], length: int) -> list[Unit]:
    """Give the units of one coder in their order."""
    ordered = sorted(own, key=lambda unit: (unit[0], unit[1]))
    reached = 0
    for start, end, code in ordered:
        if not 0 <= start < end <= length:
            raise InputError(
                f"coder {coder + 1} has “{code}” from {start} to {end} in a text of {length}",
                hint="give every unit as start < end, half-open, inside the text",
            )
        if start < reached:
            raise InputError(
                f"units of coder {coder + 1} overlap at {start}",
                hint="give one code to each stretch, or measure codes one at a time",
            )
        reached = end
    return ordered
