"""All coefficients of one table, or of many with the same patterns, with their errors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.alpha import alpha, alpha_deviations
from qualcode.agreement.coefficients import expected, observed
from qualcode.agreement.intervals import NOT_TWO_CODERS, ONE_UNIT, Column, line_reasons
from qualcode.agreement.linearised import deviations, standard_error
from qualcode.agreement.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qualcode.agreement.coefficients import Coefficient
    from qualcode.agreement.disagreement import FloatArray
    from qualcode.agreement.patterns import Patterns
    from qualcode.agreement.tally import Tally

MANY: tuple[Coefficient, ...] = (
    "percent_agreement",
    "brennan_prediger",
    "gwet_ac1",
    "fleiss_kappa",
    "conger_kappa",
)
TWO: dict[str, Coefficient] = {"cohen_kappa": "conger_kappa", "scott_pi": "fleiss_kappa"}
"""Coefficients of two coders: what they are over the units that both rated."""


def values(table: Patterns, weights: FloatArray, names: Iterable[str]) -> dict[str, FloatArray]:
    """The coefficients `names` for every line of `weights` (B × P), NaN where undefined."""
    wanted = list(names)
    sums = tally(table, weights)
    found: dict[str, FloatArray] = {
        name: _value(name, table, sums)[0] for name in MANY if name in wanted
    }
    if "alpha" in wanted:
        found["alpha"] = alpha(sums, table.disagreement.mix(sums.values))
    if any(name in wanted for name in TWO):
        both = tally(table, weights * table.pairable)
        for name, like in TWO.items():
            found[name] = np.where(sums.active == 2, _value(like, table, both)[0], np.nan)  # noqa: PLR2004
    return found


def _value(name: Coefficient, table: Patterns, sums: Tally) -> tuple[FloatArray, FloatArray]:
    chance = expected(name, sums, table.disagreement)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance > 0, 1 - observed(sums) / chance, np.nan), chance


def columns(table: Patterns, weights: FloatArray) -> dict[str, Column]:
    """Every coefficient with Gwet's standard error for every line of `weights` (B × P)."""
    sums = tally(table, weights)
    reasons = line_reasons(sums.active, sums.pairable, table.rows.shape[1])
    found: dict[str, Column] = {name: _column(name, table, weights, sums, reasons) for name in MANY}
    found["alpha"] = alpha_column(table, weights, sums, reasons)
    return found | _two_coders(table, weights, sums, reasons)


def _column(
    name: Coefficient, table: Patterns, weights: FloatArray, sums: Tally, reasons: list[str]
) -> Column:
    value, chance = _value(name, table, sums)
    error = standard_error(weights, deviations(name, table, sums, chance), sums.units)
    least = 0.0 if name == "percent_agreement" else -math.inf
    return Column(value, error, sums.units, reasons, least)


def alpha_column(
    table: Patterns, weights: FloatArray, sums: Tally, reasons: Sequence[str]
) -> Column:
    """Alpha with Gwet's standard error for every line of `weights` (B × P)."""
    mixed = table.disagreement.mix(sums.values)
    deviation, n = alpha_deviations(table, sums, mixed)
    return Column(alpha(sums, mixed), standard_error(weights, deviation, n), n, reasons)


def _two_coders(
    table: Patterns, weights: FloatArray, sums: Tally, reasons: list[str]
) -> dict[str, Column]:
    paired = [
        NOT_TWO_CODERS if active > 2 else reason  # noqa: PLR2004
        for reason, active in zip(reasons, sums.active.tolist(), strict=True)
    ]
    if all(reason not in ("", ONE_UNIT) for reason in paired):
        nothing = np.full(sums.units.shape, np.nan)
        return {name: Column(nothing, nothing, sums.units, paired) for name in TWO}
    shared = weights * table.pairable
    both = tally(table, shared)
    return {name: _column(like, table, shared, both, paired) for name, like in TWO.items()}
