"""What a study says about how its answers are to be suggested for, kept in its settings."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, NotFound
from qualcode.store import codebook, journal, responses, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Configured:
    """`context` are the attributes that a question's answers are read with, by its key.

    `thresholds` override the common threshold of single codes, by path; `language` is a code
    that spaCy knows.
    """

    language: str = "en"
    context: dict[str, list[str]] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)

    def context_of(self, question: str) -> tuple[str, ...]:
        """The attributes that a question's answers are read with."""
        return tuple(self.context.get(question, ()))


def read(database: Database) -> Configured:
    """What the study says."""
    return Configured(**settings.read(database, "suggestions", {}))


def change(
    database: Database,
    *,
    context: Mapping[str, Sequence[str]],
    thresholds: Mapping[str, str],
    language: str | None = None,
    by: str,
) -> Configured:
    """Change parts of it; an empty list or value takes one away, None leaves it as it is.

    Raises `NotFound` for an unknown question, attribute or code, `InputError` for a threshold
    that is no share or a language that is none.
    """
    with database.transaction():
        old = read(database)
        for key, names in context.items():
            _check_known(f"question “{key}”", key, [q.key for q in responses.questions(database)])
            for name in names:
                _check_known(f"attribute “{name}”", name, responses.attributes(database))
        paths = [code.path for book in codebook.codebooks(database) for code in book.codes]
        for path in thresholds:
            _check_known(f"code “{path}”", path, [*paths, *old.thresholds])
        new = Configured(
            old.language if language is None else _checked_language(language),
            _without_empty(
                old.context | {key: list(dict.fromkeys(names)) for key, names in context.items()}
            ),
            _without_empty(old.thresholds | {p: _share(p, text) for p, text in thresholds.items()}),
        )
        if new != old:
            clock = journal.next_clock(database)
            settings.write(database, "suggestions", asdict(new), clock=clock)
            detail = {"suggestions": asdict(new)}
            journal.add_note(database, "design", by=by, detail=detail, clock=clock)
    return replace(new)


def _check_known(what: str, name: str, there_are: Sequence[str]) -> None:
    if name not in there_are:
        raise NotFound(f"there is no {what}", wanted=name, there_are=there_are)


def _without_empty(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value}


def _share(path: str, text: str) -> float | None:
    if not text:
        return None
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share < 1:
        raise InputError(f"the threshold “{text}” of {path} is no share between 0 and 1")
    return share


def _checked_language(language: str) -> str:
    if not language:
        return Configured().language
    if not (language.isascii() and language.isalpha() and len(language) in (2, 3)):
        raise InputError(f"“{language}” is no language: write its code, for example en or de")
    from qualcode.suggest.words import pipeline  # noqa: PLC0415 - it loads numpy, then spaCy

    pipeline(language.lower())
    return language.lower()
