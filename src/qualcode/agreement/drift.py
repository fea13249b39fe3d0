"""Drift: agreement and prevalence batch by batch, each batch tested against the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement.binary import APPLIED, code_tables
from qualcode.agreement.bootstrap import generator
from qualcode.agreement.classes import code_classes
from qualcode.agreement.correction import benjamini_hochberg, holm
from qualcode.agreement.measures import columns
from qualcode.agreement.overall import mean_alpha, reason_of
from qualcode.agreement.tally import tally
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from qualcode.agreement.binary import CodeTables
    from qualcode.agreement.classes import Classes
    from qualcode.agreement.codings import Codings
    from qualcode.agreement.disagreement import FloatArray
    from qualcode.model import Estimate


@dataclass(frozen=True, slots=True)
class BatchCode:
    """One code in one batch, over the batch's units that two coders or more saw.

    `prevalence` is by coder, None for a coder who saw none of them. `p` is the permutation
    test's for alpha here against alpha elsewhere, None where either is undefined; `p_holm` and
    `p_bh` are adjusted over the codes of the batch.
    """

    code: str
    n: int
    prevalence: dict[str, float | None]
    percent_agreement: Estimate
    alpha: Estimate
    p: float | None
    p_holm: float | None = None
    p_bh: float | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: its name, how many of its units two coders or more saw, its codes."""

    name: str
    n: int
    mean_alpha: Estimate
    codes: tuple[BatchCode, ...]


def drift(
    codings: Codings, batches: Sequence[Hashable], permutations: int = 999, seed: int = 0
) -> tuple[Batch, ...]:
    """Each batch of units, in the order in which they first occur.

    `batches` names the batch of every unit, None for a unit that belongs to none. The test
    draws `permutations` random batches of the same number of pairable units: p is the share of
    |alpha inside - alpha outside| at least as large as the one seen, both counted with the one
    seen (Phipson & Smyth 2010); a draw in which either is undefined counts as large. Raises
    InputError where the batches are not one per unit.
    """
    if len(batches) != codings.units:
        raise InputError(
            f"{len(batches)} batch names for {codings.units} units", hint="give one per unit"
        )
    names = list(dict.fromkeys(name for name in batches if name is not None))
    place = {name: k for k, name in enumerate(names)}
    number = np.array([place.get(name, -1) for name in batches], dtype=np.intp)
    everywhere = codings.select(number >= 0)
    whole = code_tables(everywhere)
    return tuple(
        _batch(str(name), codings.select(number == k), whole, permutations, seed + k)
        for k, name in enumerate(names)
    )


def _batch(name: str, inside: Codings, whole: CodeTables, permutations: int, seed: int) -> Batch:
    tables = code_tables(inside)
    ps = _tests(tables, whole, permutations, seed)
    found = columns(tables.table, tables.weights)
    agreement, alphas = found["percent_agreement"].estimates(), found["alpha"].estimates()
    prevalence = _prevalence(tables)
    n = int(inside.pairable.sum())
    codes = [
        BatchCode(code, n, dict(zip(inside.coders, rates, strict=True)), pa, alpha, p)
        for code, rates, pa, alpha, p in zip(
            inside.codes, prevalence, agreement, alphas, ps, strict=True
        )
    ]
    adjusted = zip(codes, holm(ps), benjamini_hochberg(ps), strict=True)
    done = tuple(replace(code, p_holm=h, p_bh=b) for code, h, b in adjusted)
    return Batch(name, n, mean_alpha(inside, reason_of(inside)).estimates()[0], done)


def _prevalence(tables: CodeTables) -> list[list[float | None]]:
    sums = tally(tables.table, tables.weights * tables.table.pairable)
    positives, rated = sums.margins[:, :, APPLIED].tolist(), sums.rated.tolist()
    return [
        [k / n if n else None for k, n in zip(ks, ns, strict=True)]
        for ks, ns in zip(positives, rated, strict=True)
    ]


def _tests(
    tables: CodeTables, whole: CodeTables, permutations: int, seed: int
) -> list[float | None]:
    classes = code_classes(whole)
    inside = _aligned(code_classes(tables), classes)
    rng = generator(seed)
    return [
        permutation_p(classes, every, own, permutations, rng)
        for every, own in zip(classes.counts, inside, strict=True)
    ]


def _aligned(own: Classes, whole: Classes) -> FloatArray:
    """Give the counts of `own` classes in the columns of the `whole`."""
    same = (own.applied[:, None] == whole.applied) & (own.given[:, None] == whole.given)
    counts: FloatArray = own.counts @ same
    return counts


def permutation_p(
    classes: Classes,
    every: FloatArray,
    own: FloatArray,
    permutations: int,
    rng: np.random.Generator,
) -> float | None:
    """The p-value of alpha in `own` units against the rest of `every` (both K counts).

    Permuting units between the two is drawing own's number of units without replacement.
    """
    seen = _gap(classes, own[None], every[None])[0]
    if np.isnan(seen):
        return None
    used = every > 0
    pool = every[used].astype(np.int64)
    drawn = np.zeros((permutations, every.size))
    size = int(own.sum())
    drawn[:, used] = rng.multivariate_hypergeometric(
        pool, size, size=permutations, method="marginals"
    )
    gaps = _gap(classes, drawn, every[None])
    large = np.isnan(gaps) | (gaps >= seen - 1e-12)
    return float((1 + large.sum()) / (permutations + 1))


def _gap(classes: Classes, inside: FloatArray, every: FloatArray) -> FloatArray:
    return np.abs(classes.alpha(inside) - classes.alpha(every - inside))
