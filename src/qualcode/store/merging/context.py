"""What the parts of a merge share: both files, the numbers found so far, and what to report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.store.merging.matching import Numbers

if TYPE_CHECKING:
    from qualcode.store.connection import Database

About: TypeAlias = Literal[
    "coding", "quote", "verdict", "answer", "attribute", "codebook", "coder", "setting", "rule"
]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was changed on both sides, and by which rule it was settled."""

    about: About
    message: str


@dataclass
class Brought:
    """What one copy brought: how many of each thing, and who and which codes were new."""

    file: str
    steps: int = 0
    acts: int = 0
    respondents: int = 0
    answers: int = 0
    changed_answers: int = 0
    questions: int = 0
    codebook_versions: int = 0
    coders: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


@dataclass
class Merging:
    """One copy on its way into a study.

    `place` is its place among the copies, `first_step` the first step that it brought; `is_unlike`
    says that the two sides differ in what the statuses of answers follow from.
    """

    study: Database
    copy: Database
    place: int
    brought: Brought
    differences: list[Difference]
    questions: Numbers = field(default_factory=Numbers)
    respondents: Numbers = field(default_factory=Numbers)
    responses: Numbers = field(default_factory=Numbers)
    coders: Numbers = field(default_factory=Numbers)
    steps: Numbers = field(default_factory=Numbers)
    versions: Numbers = field(default_factory=Numbers)
    codes: Numbers = field(default_factory=Numbers)
    first_step: int = 0
    is_unlike: bool = False
    _known: dict[tuple[bool, int], bool] = field(default_factory=dict)

    def name(self, about: About, message: str) -> None:
        """Report a difference."""
        self.differences.append(Difference(about, message))

    def both_changed(self, here: int, there: int) -> bool:
        """Whether each side made its change without knowing the other's; before steps come in."""
        return bool(here and there) and not (
            self._knows(there, in_copy=False) or self._knows(here, in_copy=True)
        )

    def _knows(self, clock: int, *, in_copy: bool) -> bool:
        key = (in_copy, clock)
        if key not in self._known:
            database = self.copy if in_copy else self.study
            found = database.value("SELECT 1 FROM step WHERE clock = ?", (clock,))
            self._known[key] = found is not None
        return self._known[key]


def next_id(database: Database, table: str) -> int:
    """The number that the next row of a table gets."""
    return (database.value(f"SELECT max(id) FROM {table}") or 0) + 1
