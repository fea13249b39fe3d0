"""The quotes that a report prints: cleared ones, a few for each theme, each once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qualcode.errors import NotFound
from qualcode.exporters.documents import Quote
from qualcode.quotes import choose
from qualcode.store import responses
from qualcode.study.frequencies.hiding import LEAST_BASE
from qualcode.study.quotes.cleared import cleared
from qualcode.study.quotes.themed import themed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies import FrequencyReport
    from qualcode.study.quotes.cleared import Cleared


def printed_quotes(
    database: Database, report: FrequencyReport, most: int, voices: Sequence[str] = ()
) -> tuple[Quote, ...]:
    """Quotes in the order of the codebook, each under one theme.

    Somebody is described by the attributes `voices` as far as at least ten who answered are alike
    in them. Raises `NotFound` for an attribute that there is not.
    """
    _check(database, voices)
    themes = themed(database, report.question, report.rule)
    free = cleared(database, report.question)
    described = _Descriptions(database, report.question, voices)
    printed: set[int] = set()
    quotes: list[Quote] = []
    for row in report.rows:
        having = themes.candidates(row.code, list(free))
        own = [one for one in having if row.code in themes.themes_of[one.id]]
        for choice in choose([one for one in own if one.id not in printed], most):
            found = free[choice.candidate.id]
            printed.add(found.response_id)
            quotes.append(Quote(row.code.name, found.printed, described.of(found)))
    return tuple(quotes)


def _check(database: Database, names: Iterable[str]) -> None:
    known = responses.attributes(database)
    for name in names:
        if name not in known:
            raise NotFound(f"there is no attribute “{name}”", wanted=name, there_are=known)


class _Descriptions:
    """Describes who said something by as many attributes as leave ten who answered alike."""

    def __init__(self, database: Database, question: Question, names: Sequence[str]) -> None:
        self._names = names
        self._alike: Counter[tuple[str, ...]] = Counter()
        for _, known in responses.substantive_of(database, question.id) if names else ():
            values = tuple(known.get(name, "") for name in names)
            self._alike.update(values[:length] for length in range(1, len(names) + 1))

    def of(self, one: Cleared) -> str:
        """The words, empty where even the first attribute would say too much."""
        values = tuple(one.attributes.get(name, "") for name in self._names)
        for length in range(len(values), 0, -1):
            if self._alike[values[:length]] >= LEAST_BASE:
                return ", ".join(value for value in values[:length] if value)
        return ""
