"""What to count, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

SampleOf: TypeAlias = Literal["all", "random"]
EstimateBy: TypeAlias = Literal["human", "machine", "corrected"]

THRESHOLD = 5
"""Counts below it are hidden unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the themes of a question are to be counted; an empty part takes its default.

    `by` are attributes, shown one after the other; with `is_crossed` the two of them are crossed.
    `rule` is that of the consensus, `base` whom the percentages are of. `is_unweighted` leaves the
    survey's design aside, `is_internal` shows small cells, `with_pending` counts for the lead what
    is hidden until every coder of an answer has decided it. Of a `sample` that is random only the
    answers count that chance would have drawn first. The machine's side of an `estimate` is that of
    a `corpus`, scored into that folder, where one is named.
    """

    by: tuple[str, ...] = ()
    is_crossed: bool = False
    base: str = ""
    rule: str = ""
    estimate: EstimateBy = "human"
    is_unweighted: bool = False
    is_internal: bool = False
    with_pending: bool = False
    threshold: int = THRESHOLD
    sample: SampleOf = "all"
    corpus: Path | None = None

    def __post_init__(self) -> None:
        if len(set(self.by)) < len(self.by):
            raise InputError("an attribute is named twice", hint="name each attribute once")
        if self.corpus and self.estimate == "human":
            raise InputError(
                "a corpus is a machine's side, and a human estimate has none",
                hint="add --estimate corrected",
            )
        if self.corpus and self.by:
            raise InputError(
                "a scored corpus holds no attributes, so there are no groups of it",
                hint="leave --by out",
            )
        if self.is_crossed and len(self.by) != 2:  # noqa: PLR2004 – a table has two sides
            raise InputError(
                f"{len(self.by)} attributes cannot be crossed", hint="name two attributes"
            )
