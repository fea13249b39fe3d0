"""Whom a percentage is of: the four bases of a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from qualcode.errors import InputError
from qualcode.model import STATUSES

if TYPE_CHECKING:
    from qualcode.estimation.arrays import BoolArray, ByteArray
    from qualcode.estimation.codetree import CodeTree
    from qualcode.estimation.consensus import Consensus

Base: TypeAlias = Literal["asked", "answered", "coded", "any_code"]

BASES: tuple[Base, ...] = get_args(Base)

_NOT_ASKED, _BLANK, _SUBSTANTIVE = range(len(STATUSES))


@dataclass(frozen=True, slots=True, eq=False)
class Bases:
    """Who of n respondents is in each base (n), and who is answered but `uncoded`."""

    asked: BoolArray
    answered: BoolArray
    coded: BoolArray
    any_code: BoolArray
    uncoded: BoolArray

    def of(self, base: str) -> BoolArray:
        """The respondents of one base (n); raises InputError for a name that is none."""
        if base not in BASES:
            raise InputError(f"there is no base “{base}”", hint=f"take one of {', '.join(BASES)}")
        mask: BoolArray = getattr(self, base)
        return mask

    @property
    def n(self) -> dict[Base, int]:
        """How many respondents there are in each base."""
        return {base: int(np.count_nonzero(self.of(base))) for base in BASES}

    @property
    def is_complete(self) -> bool:
        """Whether no answer waits to be coded."""
        return not self.uncoded.any()


def bases_of(status: ByteArray, found: Consensus, tree: CodeTree) -> Bases:
    """The bases of a question.

    `status` (n) is the place of each respondent's status in `model.STATUSES`: not asked, blank,
    substantive. *asked* is all but the not asked, *answered* that less the blank, *coded* the
    answers that are coded under the rule of the consensus less those whose consensus is a status,
    *any_code* those of them with a theme.
    """
    if status.shape != found.coded.shape or (status.size and int(status.max()) > _SUBSTANTIVE):
        raise InputError("the statuses do not fit the answers", hint="give 0, 1 or 2 for each")
    answered = status == _SUBSTANTIVE
    coded = answered & found.coded
    themes = tree.are_themes
    substantive = coded & ~found.any_of(~themes)
    return Bases(
        asked=status != _NOT_ASKED,
        answered=answered,
        coded=substantive,
        any_code=substantive & found.any_of(themes),
        uncoded=answered & ~coded,
    )
