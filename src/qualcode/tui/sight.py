"""What is looked at, and who looks: a coder sees what they have decided, the lead everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from qualcode.model import Coder, Question


class Sight(Protocol):
    """A question and the coder who looks at it, None for the lead; a session is one, too."""

    @property
    def question(self) -> Question:
        """The question."""

    @property
    def coder(self) -> Coder | None:
        """Who looks."""


@dataclass(frozen=True, slots=True)
class Looking:
    """A sight without a session."""

    question: Question
    coder: Coder | None = None


def viewer_id(sight: Sight) -> int | None:
    """The coder to whom alone something is visible, None for the lead."""
    return sight.coder.id if sight.coder else None
