"""A scan of answers for what could name somebody, with what this study knows of its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.quotes import Scanner, installed_pipeline, personal_columns, scanner
from qualcode.store import responses
from qualcode.study.quotes import stated

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


def study_scanner(database: Database) -> Scanner:
    """A scanner that knows the ids, names and addresses of the study, and its patterns."""
    values = _values(database)
    own = {name: values[name] for name in columns(database) if name in values}
    return scanner(own, stated.read(database).patterns, installed_pipeline())


def _values(database: Database) -> dict[str, list[str]]:
    names = responses.attributes(database)
    values: dict[str, list[str]] = {RESPONDENT: [], **{name: [] for name in names}}
    for respondent, known in responses.respondents(database):
        values[RESPONDENT].append(respondent)
        for name in names:
            values[name].append(known.get(name, ""))
    return values
