"""What a study says about its publication: who was invited, and where names are to be found."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import InputError, NotFound
from qualcode.store import journal, responses, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Stated:
    """`invited` is how many were asked to take part, 0 where nobody said.

    `columns` are attributes that hold names, beside those that are found; `patterns` are regular
    expressions by name, of what must not be printed.
    """

    invited: int = 0
    columns: list[str] = field(default_factory=list)
    patterns: dict[str, str] = field(default_factory=dict)


def read(database: Database) -> Stated:
    """What the study says."""
    return Stated(**settings.read(database, "publication", {}))


def change(
    database: Database,
    *,
    invited: int | None = None,
    columns: Sequence[str] = (),
    patterns: Mapping[str, str],
    by: str,
) -> Stated:
    """Change parts of it; a column that is named again and an empty pattern are taken away.

    Raises `NotFound` for an unknown column, `InputError` for a pattern that is no regular
    expression and for fewer invited than there are.
    """
    with database.transaction():
        old = read(database)
        for name in columns:
            if name not in responses.attributes(database):
                raise NotFound(
                    f"there is no column “{name}”",
                    wanted=name,
                    there_are=responses.attributes(database),
                )
        for name, pattern in patterns.items():
            _check(name, pattern)
        there = responses.respondent_count(database)
        if invited and invited < there:
            raise InputError(f"{invited:,} were invited, but {there:,} answered")
        kept = [name for name in old.columns if name not in columns]
        added = [name for name in columns if name not in old.columns]
        all_patterns = old.patterns | dict(patterns)
        new = Stated(
            old.invited if invited is None else invited,
            kept + added,
            {name: pattern for name, pattern in all_patterns.items() if pattern},
        )
        if new != old:
            clock = journal.next_clock(database)
            settings.write(database, "publication", asdict(new), clock=clock)
            detail = {"publication": asdict(new)}
            journal.add_note(database, "design", by=by, detail=detail, clock=clock)
    return new


def _check(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise InputError(f"the pattern {name} is no regular expression: {error}") from error
