"""The attributes that divide respondents into a few groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.store import responses
from qualcode.study import design

if TYPE_CHECKING:
    from qualcode.store.connection import Database

MOST = 12
"""An attribute with more values than this divides nobody into groups."""


def groupings(database: Database) -> dict[str, tuple[str, ...]]:
    """The attributes of two to twelve values, and these in the order in which they come.

    Columns of weights and the like are none.
    """
    drawn = design.read(database).columns
    names = [name for name in responses.attributes(database) if name not in drawn]
    found: dict[str, dict[str, None]] = {name: {} for name in names}
    for _, known in responses.respondents(database):
        for name in list(found):
            value = known.get(name, "").strip()
            if value:
                found[name].setdefault(value)
            if len(found[name]) > MOST:
                del found[name]
    return {name: tuple(values) for name, values in found.items() if len(values) > 1}
