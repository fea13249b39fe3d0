"""Made-up codings for the tests: the same for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qualcode.agreement import Codings, codings

if TYPE_CHECKING:
    import numpy.typing as npt

CODERS = ("ana", "bea", "cy", "dov", "eve", "fox", "gil", "hal", "ida", "jon")


def ratings(
    seed: int, units: int = 60, coders: int = 3, categories: int = 3, missing: float = 0.2
) -> list[list[int | None]]:
    """Ratings that agree more often than not, some of them missing."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(categories, size=units)
    noise = rng.integers(categories, size=(units, coders))
    rated = np.where(rng.random((units, coders)) < 0.7, truth[:, None], noise)
    absent = rng.random((units, coders)) < missing
    return [
        [None if gone else int(k) for k, gone in zip(row, out, strict=True)]
        for row, out in zip(rated.tolist(), absent.tolist(), strict=True)
    ]


def applied(
    seed: int, units: int, coders: int, codes: int, prevalence: float = 0.2, flip: float = 0.06
) -> npt.NDArray[np.bool_]:
    """Which coder applied which code to which unit (units × coders × codes)."""
    rng = np.random.default_rng(seed)
    truth = rng.random((units, 1, codes)) < prevalence
    return truth ^ (rng.random((units, coders, codes)) < flip)


def question(
    seed: int,
    units: int = 120,
    coders: int = 3,
    codes: tuple[str, ...] = ("a", "a/x", "a/y", "b", "b/z", "c"),
    missing: float = 0.15,
    prevalence: float = 0.2,
) -> Codings:
    """A whole question: several codes, some units unseen by some coders."""
    table = applied(seed, units, coders, len(codes), prevalence)
    saw = np.random.default_rng(seed + 1).random((units, coders)) >= missing
    unit, coder, code = np.nonzero(table & saw[:, :, None])
    return codings(saw, (unit, coder, code), CODERS[:coders], codes)


def rows_of(question: Codings, code: int) -> list[list[int | None]]:
    """One code as ratings: 1, 0, or None for a unit that the coder did not see."""
    columns = [question.applied(g)[:, code] for g in range(len(question.coders))]
    return [
        [int(column[i]) if question.saw[i, g] else None for g, column in enumerate(columns)]
        for i in range(question.units)
    ]


def sets_of(question: Codings) -> list[list[frozenset[str] | None]]:
    """Every unit and coder as a set of codes, None for a unit that the coder did not see."""
    tables = [question.applied(g) for g in range(len(question.coders))]
    return [
        [
            frozenset(question.codes[k] for k in np.flatnonzero(table[i]))
            if question.saw[i, g]
            else None
            for g, table in enumerate(tables)
        ]
        for i in range(question.units)
    ]
