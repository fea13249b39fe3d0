"""The clauses that coders marked, in the form that unitizing takes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from qualcode.store import ratings

if TYPE_CHECKING:
    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.store.ratings import Ratings

Unit = tuple[int, int, str]


def passages(
    database: Database, question: Question, raw: Ratings
) -> list[tuple[list[list[Unit] | None], int]]:
    """For each answer on which a clause was marked: each coder's passages, and its length.

    A coder who did not code the answer is None. A code on the whole answer is a passage as long
    as the answer. Where a coder put several codes on one place, their joint set is its value,
    since the passages of one coder must not overlap.
    """
    people = {coder.id: place for place, coder in enumerate(raw.coders)}
    units = {response_id: unit for unit, response_id in enumerate(raw.responses)}
    seen: dict[int, set[int]] = {}
    for unit, coder in zip(*raw.seen, strict=True):
        seen.setdefault(unit, set()).add(coder)
    found = []
    for response_id, length, marks in ratings.marked_passages(database, question.id):
        unit = units.get(response_id, -1)
        if len(seen.get(unit, ())) < 2:  # noqa: PLR2004
            continue
        by_coder: list[list[Unit] | None] = [
            [] if coder in seen[unit] else None for coder in range(len(people))
        ]
        for coder_id, spans in marks.items():
            if coder_id in people:
                by_coder[people[coder_id]] = apart(spans, length)
        found.append((by_coder, length))
    return found


def apart(spans: list[tuple[int | None, int | None, str]], length: int) -> list[Unit]:
    """Passages that do not overlap: where several codes meet, their joint set is the value."""
    whole = [(start or 0, length if end is None else end, code) for start, end, code in spans]
    cuts = sorted({cut for start, end, _ in whole for cut in (start, end)})
    units: list[Unit] = []
    for start, end in pairwise(cuts):
        codes = sorted({code for s, e, code in whole if s <= start and end <= e})
        if not codes:
            continue
        value = " + ".join(codes)
        begins = any(s == start for s, _, _ in whole)
        if units and units[-1][1] == start and units[-1][2] == value and not begins:
            units[-1] = (units[-1][0], end, value)
        else:
            units.append((start, end, value))
    return units
