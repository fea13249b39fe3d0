"""Coders at work on copies: bringing what each did back into one study."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from qualcode.errors import InputError, NotFound
from qualcode.store import coders, connection, intake, merging, responses
from qualcode.store.merging import Brought, Difference, Merged
from qualcode.study import Study
from qualcode.study import design as designs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qualcode.store.connection import Database

__all__ = ["Brought", "Difference", "Merged", "merge"]


def merge(
    path: Path,
    others: Sequence[Path],
    *,
    by: str,
    same: Sequence[str] = (),
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Merged:
    """Bring copies of a study into it: all or nothing, every act once, in any order the same.

    `same` are coders who are one person although copies have them as two. With `dry_run` the
    study stays as it is. Raises `Conflict` for a copy of another study and for two people of one
    name, `NotFound` and `InputError` for what is no copy, or the study itself.
    """
    for other in others:
        if other.exists() and path.exists() and other.samefile(path):
            raise InputError("is the study itself, not a copy of it", source=other)
    with ExitStack() as stack:
        study = stack.enter_context(_study(path, dry_run=dry_run))
        copies = [
            stack.enter_context(Study.open(other, readonly=True)).database for other in others
        ]
        with merging.beside(study, copies), study.transaction():
            merged = merging.merge(study, copies, by=by, same=same, progress=progress)
            _check_same(study, same)
            if merged.is_unlike:
                _reclassify(study)
    return merged


@contextmanager
def _study(path: Path, *, dry_run: bool) -> Iterator[Database]:
    """The study to write to, or a copy of it in memory that is thrown away."""
    database = Study.open(path, readonly=dry_run).database
    if dry_run:
        database = connection.in_memory(database)
    try:
        yield database
    finally:
        database.close()


def _check_same(study: Database, same: Sequence[str]) -> None:
    names = [coder.name for coder in coders.coders(study)]
    for name in same:
        if name.casefold() not in {known.casefold() for known in names}:
            raise NotFound(f"there is no coder “{name}”", wanted=name, there_are=names)


def _reclassify(study: Database) -> None:
    questions = {question.key: question.id for question in responses.questions(study)}
    rules = designs.read(study).asked_if
    intake.reclassify(study, designs.Classifier(questions, rules, designs.blanks(study)))
