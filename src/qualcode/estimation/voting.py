"""What each coder made of each answer: the input of every consensus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from qualcode.estimation.arrays import BoolArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """n answers (one a respondent), r coders.

    `coded` (r × n) says which answers each coder has coded, with a code or without: an answer
    that a coder did not code is no vote of theirs, one coded without a code is a vote against
    each. `marks` holds for each coder two arrays of equal length, answer and code indices.
    """

    coded: BoolArray
    marks: tuple[tuple[IntArray, IntArray], ...]
    coders: tuple[str, ...]

    @property
    def answers(self) -> int:
        """How many answers there are, coded or not."""
        return int(self.coded.shape[1])

    @property
    def voters(self) -> IntArray:
        """How many coders have coded each answer (n)."""
        total = np.zeros(self.answers, dtype=_smallest(len(self.coders)))
        for line in self.coded:
            total += line
        return total

    def counts(self, codes: int) -> IntArray:
        """How many coders applied each code to each answer (codes × n)."""
        counts = np.zeros((codes, self.answers), dtype=_smallest(len(self.coders)))
        flat = counts.reshape(-1)
        for answer, code in self.marks:
            # A place that comes twice, from two passages, counts once.
            flat[code.astype(np.intp) * self.answers + answer] += 1
        return counts


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What the adjudicators settled: arrays of equal length of answers, codes, and 0 or 1."""

    answers: IntArray
    codes: IntArray
    values: IntArray


def votes(
    answers: int,
    coders: Sequence[str],
    decided: tuple[npt.ArrayLike, npt.ArrayLike],
    applied: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    codes: int,
) -> Votes:
    """The votes on so many `answers` from index arrays.

    `decided` are answer and coder of whatever a coder has coded; `applied` are answer, coder and
    code of each coding, and an answer that holds one is coded by that coder even if it is not
    among `decided`. Raises InputError for indices outside their range or of unequal number.
    """
    limits = {"answer": answers, "coder": len(coders), "code": codes}
    names = tuple(limits)
    seen = [_indices(name, part, limits[name]) for name, part in zip(names, decided, strict=False)]
    marks = [_indices(name, part, limits[name]) for name, part in zip(names, applied, strict=True)]
    for parts in (seen, marks):
        if len({part.size for part in parts}) > 1:
            raise InputError("index arrays of unequal length", hint="give one of each for a vote")
    coded = np.zeros((len(coders), answers), dtype=np.bool_)
    coded[seen[1], seen[0]] = True
    coded[marks[1], marks[0]] = True
    by_coder = [marks[1] == g for g in range(len(coders))]
    found = tuple((marks[0][own], marks[2][own]) for own in by_coder)
    return Votes(coded, found, tuple(coders))


def verdicts_on_answers(
    decided: npt.ArrayLike, applied: tuple[npt.ArrayLike, npt.ArrayLike], codes: int
) -> Verdicts:
    """Verdicts on whole answers: every code is settled on each `decided` answer.

    `applied` are the answers and codes of what was applied there; all other codes were not.
    """
    answers = np.unique(np.asarray(decided, dtype=np.intp))
    answer, code = (np.asarray(part, dtype=np.intp) for part in applied)
    if not np.isin(answer, answers).all():
        raise InputError("a code is applied to an answer without a verdict")
    table = np.zeros((answers.size, codes), dtype=np.uint8)
    table[np.searchsorted(answers, answer), code] = 1
    return Verdicts(
        np.repeat(answers, codes), np.tile(np.arange(codes), answers.size), table.ravel()
    )


def _indices(name: str, given: npt.ArrayLike, limit: int) -> IntArray:
    found = np.asarray(given)
    if found.size == 0:
        return np.zeros(0, dtype=np.intp)
    if found.dtype.kind not in "iu" or not 0 <= found.min() <= found.max() < limit:
        raise InputError(f"{name} indices do not fit", hint=f"give numbers from 0 to {limit - 1}")
    return found.ravel()


def _smallest(most: int) -> np.dtype[np.integer]:
    return np.dtype(np.min_scalar_type(most))
