"""A scan of answers for what could name somebody, with what this study knows of its people."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from qualcode.quotes import (
    Scanner,
    common_words,
    installed_pipeline,
    personal_columns,
    scanner,
)
from qualcode.store import quotes, responses
from qualcode.study.quotes import stated
from qualcode.study.suggestions import configured

if TYPE_CHECKING:
    from qualcode.store.connection import Database

RESPONDENT = "respondent"
"""How the column that tells the respondents apart is called here."""


def columns(database: Database) -> dict[str, str]:
    """The columns that hold ids, names or addresses, and why they are taken for that."""
    values = _values(database)
    found = personal_columns(
        {name: column for name, column in values.items() if name != RESPONDENT}
    )
    named = dict.fromkeys(stated.read(database).columns, "named by hand")
    return {RESPONDENT: "tells the respondents apart", **found, **named}


_KNOWN = 5_000
"""So many answers are enough to learn which words are common in them."""
_CAPITALS = frozenset({"de", "lb"})
"""Languages in which a capital does not make a name."""


def study_scanner(database: Database) -> Scanner:
    """A scanner that knows the ids, names and addresses of the study, and its patterns."""
    values = _values(database)
    language = configured.read(database).language
    answers = (text for _, text in islice(quotes.all_texts(database), _KNOWN))
    return scanner(
        {name: values[name] for name in columns(database) if name in values},
        stated.read(database).patterns,
        installed_pipeline(language),
        common=common_words(answers),
        guess=language not in _CAPITALS,
    )


def _values(database: Database) -> dict[str, list[str]]:
    names = responses.attributes(database)
    values: dict[str, list[str]] = {RESPONDENT: [], **{name: [] for name in names}}
    for respondent, known in responses.respondents(database):
        values[RESPONDENT].append(respondent)
        for name in names:
            values[name].append(known.get(name, ""))
    return values
