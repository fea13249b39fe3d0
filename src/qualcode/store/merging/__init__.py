"""Bringing copies of a study together: every act once, and in any order the same.

Nothing here looks at which file is which or which came first. Acts, answers, versions and people
are sets that are united by global ids; whatever has one value has the time of its last change
beside it, and the later wins; all else is worked out from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.store import codebook_settling, journal
from qualcode.store.merging import answers, books, outcome, people, rest, steps
from qualcode.store.merging.beside import beside
from qualcode.store.merging.context import Brought, Difference, Merging, next_id

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from qualcode.store.connection import Database

_CACHE = 128_000
"""Kilobytes in memory for the study: its index of random global ids is written all over."""

__all__ = ["Brought", "Difference", "Merged", "beside", "merge"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What copies brought, and what was changed on both sides.

    `is_unlike` says that the statuses of answers have to be worked out anew.
    """

    copies: tuple[Brought, ...]
    differences: tuple[Difference, ...]
    is_unlike: bool

    @property
    def is_nothing(self) -> bool:
        """Whether everything was there already."""
        return all(copy == Brought(copy.file) for copy in self.copies)


def merge(
    study: Database,
    copies: Sequence[Database],
    *,
    by: str,
    same: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Merged:
    """Bring copies into a study, inside one transaction; they have to be `beside` it.

    `same` are names of coders who are one person in all copies. Raises `Conflict` for two people
    of one name.
    """
    study.run(f"PRAGMA cache_size = -{_CACHE}")
    with study.transaction():
        first_act = next_id(study, "act")
        kept = codebook_settling.kept_beside(study)
        differences: list[Difference] = []
        mergings = []
        folded = {name.casefold() for name in same}
        for place, copy in enumerate(copies):
            merging = Merging(study, copy, place, Brought(Path(copy.path).name), differences)
            _bring(merging, folded)
            mergings.append(merging)
            if progress:
                progress(place + 1, len(copies) + 1)
        if next_id(study, "act") > first_act:
            differences += outcome.settle(study, first_act)
        differences += outcome.keep_codes(study, kept)
        merged = Merged(
            tuple(merging.brought for merging in mergings),
            tuple(differences),
            any(merging.is_unlike for merging in mergings),
        )
        _log(study, merged, by)
    return merged


def _bring(merging: Merging, same: Collection[str]) -> None:
    people.bring(merging, same)
    answers.bring(merging)
    rest.bring_settings(merging)
    steps.bring_steps(merging)
    books.bring(merging)
    steps.bring_acts(merging)
    rest.bring_agreement(merging)
    rest.bring_queues(merging)
    rest.bring_places(merging)
    rest.bring_assignments(merging)
    rest.bring_repeats(merging)


def _log(study: Database, merged: Merged, by: str) -> None:
    for copy in merged.copies:
        if copy != Brought(copy.file):
            study.run(
                "INSERT INTO merged (at, by_name, file, steps, acts) VALUES (?, ?, ?, ?, ?)",
                (journal.now(), by, copy.file, copy.steps, copy.acts),
            )
