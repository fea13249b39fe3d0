"""The codebooks of a copy: every version is kept, and the one with the latest step is present.

Codebooks are known by name, codes by uid. A code stands as the latest version that has it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from qualcode.store import codebook

if TYPE_CHECKING:
    from qualcode.store.connection import Database
    from qualcode.store.merging.context import Merging
    from qualcode.store.merging.matching import Row

_Stamp: TypeAlias = tuple[int, bytes]
"""When a version came: the clock and uid of its step."""

_VALUES = (
    "path, position, name, hotkey, definition, include, exclude, examples, keywords, is_exclusive,"
    " status, is_retired, merged_into, split_into"
)


def bring(merging: Merging) -> None:
    """Bring in the codebooks, their versions and codes; their steps have to be there."""
    here = dict(merging.study.rows("SELECT name, id FROM codebook"))
    for book, uid, name, questions in merging.copy.rows(
        "SELECT id, uid, name, questions FROM codebook ORDER BY id"
    ):
        number = here.get(name) or merging.study.run(
            "INSERT INTO codebook (uid, name, questions) VALUES (?, ?, ?)", (uid, name, questions)
        )
        merging.study.run(
            "UPDATE codebook SET uid = min(uid, ?) WHERE id = ? AND uid > ?", (uid, number, uid)
        )
        _bring_book(merging, book, number, questions)


def _bring_book(merging: Merging, book: int, here: int, questions: str) -> None:
    study, copy = merging.study, merging.copy
    ours, theirs = _stamps(study, here), _stamps(copy, book)
    _bring_versions(merging, book, here)
    _bring_codes(merging, book, here)
    present = max([*ours, *theirs])
    if not ours or max(theirs) > max(ours):
        study.run(
            "UPDATE codebook SET questions = ?, version_id = (SELECT codebook_version.id"
            " FROM codebook_version JOIN step ON step.id = step_id WHERE step.uid = ?)"
            " WHERE id = ?",
            (questions, present[1], here),
        )
    study.run("UPDATE code SET is_removed = (clock <> ?) WHERE codebook_id = ?", (present[0], here))
    if ours and max(ours) not in theirs and max(theirs) not in ours:
        _tell(merging, here, present)


def _stamps(database: Database, book: int) -> dict[_Stamp, int]:
    return {
        (clock, uid): number
        for clock, uid, number in database.rows(
            "SELECT clock, uid, codebook_version.id FROM codebook_version"
            " JOIN step ON step.id = step_id WHERE codebook_id = ?",
            (book,),
        )
    }


def _bring_versions(merging: Merging, book: int, here: int) -> None:
    there = _stamps(merging.study, here)
    for number, *stamp, version, text, step in merging.copy.rows(
        "SELECT codebook_version.id, clock, uid, number, text, step_id FROM codebook_version"
        " JOIN step ON step.id = step_id WHERE codebook_id = ? ORDER BY clock, uid",
        (book,),
    ):
        known = there.get((stamp[0], stamp[1]))
        if known is None:
            known = merging.study.run(
                "INSERT INTO codebook_version (codebook_id, number, text, step_id)"
                " VALUES (?, ?, ?, ?)",
                (here, version, text, merging.steps[step]),
            )
            merging.brought.codebook_versions += 1
        merging.versions[number] = known


def _codes(database: Database, book: int) -> list[Row]:
    return database.rows(
        f"SELECT id, uid, is_removed, clock, {_VALUES} FROM code WHERE codebook_id = ? ORDER BY id",
        (book,),
    )


def _bring_codes(merging: Merging, book: int, here: int) -> None:
    study = merging.study
    ours = _codes(study, here)
    theirs = _codes(merging.copy, book)
    by_uid = {row[1]: row for row in ours}
    # Whatever path a code gets now, another may have it still.
    study.run("UPDATE code SET is_removed = 1 WHERE codebook_id = ?", (here,))
    free = _unknown(ours, {row[1] for row in theirs})
    made_alike = codebook.shared_uids(study, here) | codebook.shared_uids(merging.copy, book)
    for row in theirs:
        known = by_uid.get(row[1])
        twin = None if known or row[2] else free.get(row[4])
        if twin and not made_alike.issuperset((twin[1], row[1])):
            known = free.pop(row[4])
        if known is None:
            merging.codes[row[0]] = study.run(
                f"INSERT INTO code (uid, codebook_id, is_removed, clock, {_VALUES})"
                f" VALUES (?, ?, 1, ?{', ?' * 14})",
                (row[1], here, *row[3:]),
            )
            merging.brought.codes.append(row[4])
            continue
        merging.codes[row[0]] = known[0]
        _join(study, known, row)


def _unknown(ours: list[Row], theirs: set[bytes]) -> dict[str, Row]:
    """The codes of the study of which the copy does not know the uid, by path.

    Where one is from when every copy drew uids of its own, the same path is the same code.
    """
    return {row[4]: row for row in ours if row[1] not in theirs and not row[2]}


def _join(study: Database, ours: Row, theirs: Row) -> None:
    """The code as the later of two versions says; its uid is the smaller one."""
    if (values := max(ours[3:], theirs[3:])) != ours[3:] or theirs[1] < ours[1]:
        names = ", ".join(f"{name.strip()} = ?" for name in _VALUES.split(","))
        study.run(
            f"UPDATE code SET uid = ?, clock = ?, {names} WHERE id = ?",
            (min(ours[1], theirs[1]), *values, ours[0]),
        )


def _tell(merging: Merging, book: int, present: _Stamp) -> None:
    name, number = merging.study.row(
        "SELECT name, number FROM codebook JOIN codebook_version"
        " ON codebook_version.id = version_id WHERE codebook.id = ?",
        (book,),
    )
    by = merging.study.value("SELECT by_name FROM step WHERE uid = ?", (present[1],))
    merging.name(
        "codebook",
        f"“{name}” went apart: its version {number} by {by} is the later one and stands; the other"
        " side's is kept among its versions",
    )
