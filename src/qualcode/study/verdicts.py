"""Verdicts of an adjudicator from a file into the study, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.importers import read_codings
from qualcode.store import codings, verdicts
from qualcode.store.journal import Act
from qualcode.store.verdicts import Verdict
from qualcode.study.incoming import Places

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.importers import CodingRow
    from qualcode.model import Code
    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class ImportedVerdicts:
    """What a file of verdicts brought; `changed` are answers whose verdict is new or another."""

    rows: int
    answers: int
    changed: int
    adjudicators: tuple[str, ...]


@dataclass
class _Settled:
    """What the rows of a file say of one answer."""

    adjudicator: int
    row: CodingRow
    codes: dict[int, Code] = field(default_factory=dict)


def import_verdicts(database: Database, path: Path, *, by: str) -> ImportedVerdicts:
    """Take codings in a file for what its coders settled as adjudicators.

    Each answer in the file gets the codes that its rows name, and no other; answers that it does
    not name keep theirs. Raises `InputError` naming row and column, also where two adjudicators
    settle one answer, a code is on a part only, or one that stands alone is beside another.
    """
    with database.transaction():
        places = Places(database, str(path))
        found: dict[int, _Settled] = {}
        rows = 0
        for rows, row in enumerate(read_codings(path), start=1):  # noqa: B007 - the last is meant
            _take(places, row, found)
        changed = _write(database, found, places.file, by)
    names = tuple(places.names.values())
    return ImportedVerdicts(rows, len(found), changed, names)


def _take(places: Places, row: CodingRow, found: dict[int, _Settled]) -> None:
    adjudicator = places.coder(row)
    response_id, _ = places.response(row)
    settled = found.setdefault(response_id, _Settled(adjudicator, row))
    if settled.adjudicator != adjudicator:
        raise places.wrong(
            row, f"the answer of {row.respondent} is settled by {settled.row.coder} too", "coder"
        )
    if row.start is not None:
        raise places.wrong(row, "a verdict is on the whole answer", "start")
    if row.code:
        code = places.code(row)
        settled.codes[code.id] = code
        alone = [one for one in settled.codes.values() if one.stands_alone]
        if alone and len(settled.codes) > 1:
            raise places.wrong(row, f"“{alone[0].path}” cannot stand beside another code", "code")


def _write(database: Database, found: dict[int, _Settled], file: str, by: str) -> int:
    acts: dict[int, list[Act]] = {}
    for response_id, settled in found.items():
        old = verdicts.of(database, response_id)
        codes = tuple(sorted(settled.codes))
        if old and (old.adjudicator, _counted(database, old)) == (settled.adjudicator, codes):
            continue
        acts.setdefault(settled.adjudicator, []).append(
            Act(
                "adjudicate",
                response_id,
                source=f"import {file}",
                before=old.text if old else None,
                after=Verdict(settled.adjudicator, codes).text,
            )
        )
    for coder_id, own in acts.items():
        codings.perform(database, coder_id, "import-verdicts", own, by=by)
    return sum(map(len, acts.values()))


def _counted(database: Database, verdict: Verdict) -> tuple[int, ...]:
    return tuple(sorted(verdicts.counts(database, verdict).codes))
