"""Two coders at a time, and all coders but one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from qualcode.agreement.binary import code_tables
from qualcode.agreement.measures import columns
from qualcode.agreement.overall import (
    mean_alpha,
    pooled_kappa,
    reason_of,
    set_alpha,
    set_rows,
)

if TYPE_CHECKING:
    from qualcode.agreement.codings import Codings
    from qualcode.model import Estimate


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two coders on the `n` units that both have seen: Cohen's kappa by code, and pooled."""

    coders: tuple[str, str]
    n: int
    cohen_kappa: dict[str, Estimate]
    pooled_kappa: Estimate


@dataclass(frozen=True, slots=True)
class WithoutCoder:
    """Agreement of the others when one `coder` is left out, on `n` units that two of them saw."""

    coder: str
    n: int
    alpha: dict[str, Estimate]
    mean_alpha: Estimate
    alpha_masi: Estimate


def compare_pairs(codings: Codings) -> tuple[PairAgreement, ...]:
    """Every pair of coders, whether or not they share a unit (Light 1971 averages these)."""
    return tuple(_pair(codings, g, h) for g, h in combinations(range(len(codings.coders)), 2))


def _pair(codings: Codings, g: int, h: int) -> PairAgreement:
    two = codings.among([g, h])
    tables = code_tables(two)
    kappas = columns(tables.table, tables.weights)["cohen_kappa"].estimates()
    return PairAgreement(
        (two.coders[0], two.coders[1]),
        int(two.pairable.sum()),
        dict(zip(two.codes, kappas, strict=True)),
        pooled_kappa(two, reason_of(two)).estimates()[0],
    )


def leave_one_out(codings: Codings) -> tuple[WithoutCoder, ...]:
    """Agreement without each coder in turn: who pulls it down."""
    return tuple(_without(codings, g) for g in range(len(codings.coders)))


def _without(codings: Codings, coder: int) -> WithoutCoder:
    rest = codings.among([g for g in range(len(codings.coders)) if g != coder])
    tables = code_tables(rest)
    alphas = columns(tables.table, tables.weights)["alpha"].estimates()
    rows, bits = set_rows(rest)
    return WithoutCoder(
        codings.coders[coder],
        int(rest.pairable.sum()),
        dict(zip(rest.codes, alphas, strict=True)),
        mean_alpha(rest, reason_of(rest)).estimates()[0],
        set_alpha(rows, bits, "masi"),
    )
