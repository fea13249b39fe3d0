"""Which questions suggestions are asked for, and how far each is; loads no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.store import codebook, suggestions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database


def with_codes(
    database: Database, questions: Sequence[Question]
) -> tuple[list[Question], list[Question]]:
    """The questions that have codes to suggest, and those that have none.

    Raises `InputError` where none has.
    """
    found: tuple[list[Question], list[Question]] = [], []
    for question in questions:
        codes = codebook.codes_for(database, question.key)
        found[all(code.is_retired for code in codes)].append(question)
    if not found[0]:
        keys = ", ".join(question.key for question in questions)
        raise InputError(
            f"there is no code to suggest for {keys}",
            hint="`qualcode codebook apply` adds a codebook",
        )
    return found


def place(database: Database, question: Question) -> tuple[int, int]:
    """How many answers are scored by the run under way, and how many there are."""
    run = suggestions.unfinished(database, question.id)
    return (run.done, run.total) if run else (0, suggestions.total(database, question.id))
