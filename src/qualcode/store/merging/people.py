"""The coders of a copy: known by uid, told apart from others of the same name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qualcode.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Collection

    from qualcode.store.connection import Database
    from qualcode.store.merging.context import Merging


@dataclass(frozen=True, slots=True)
class _Person:
    """A coder with every uid that copies gave them; `id` is 0 while not in the study."""

    id: int
    name: str
    clock: int
    uids: frozenset[bytes]

    @property
    def folded(self) -> str:
        return self.name.casefold()


def _people(database: Database) -> list[_Person]:
    uids: dict[int, set[bytes]] = {}
    for coder_id, uid in database.rows(
        "SELECT id, uid FROM coder UNION ALL SELECT coder_id, uid FROM coder_alias"
    ):
        uids.setdefault(coder_id, set()).add(uid)
    return [
        _Person(coder_id, name, clock, frozenset(uids[coder_id]))
        for coder_id, name, clock in database.rows("SELECT id, name, clock FROM coder ORDER BY id")
    ]


def bring(merging: Merging, same: Collection[str]) -> None:
    """Bring in the coders of a copy; those named in `same` (without case) are one person.

    Raises `Conflict` where two people would have one name.
    """
    here = {person.id: person for person in _people(merging.study)}
    new: list[tuple[int, _Person]] = []
    for other in _people(merging.copy):
        found = _found(merging, other, list(here.values()), same)
        if found is None:
            new.append((other.id, replace(other, id=0)))
            continue
        merging.coders[other.id] = found.id
        here[found.id] = _joined(merging, here[found.id], other)
    _refuse_overlapping(merging, [*here.values(), *(person for _, person in new)])
    _write(merging.study, list(here.values()))
    for number, person in new:
        merging.coders[number] = _add(merging.study, person)
    merging.brought.coders = [person.name for _, person in new]


def _found(
    merging: Merging, other: _Person, here: list[_Person], same: Collection[str]
) -> _Person | None:
    found = [person for person in here if person.uids & other.uids]
    if not found and other.folded in same:
        found = [person for person in here if person.folded == other.folded]
    if len(found) > 1:
        names = " and ".join(f"“{person.name}”" for person in found)
        raise Conflict(
            f"{names} are two people in {merging.study.path} and one in {merging.copy.path}",
            hint="merge the copy where they are one with the others first",
        )
    return found[0] if found else None


def _joined(merging: Merging, here: _Person, there: _Person) -> _Person:
    clock, name = max((here.clock, here.name), (there.clock, there.name))
    if here.name != there.name and merging.both_changed(here.clock, there.clock):
        merging.name(
            "coder",
            f"“{here.name}” and “{there.name}” are two new names of one coder;"
            f" “{name}” was given later and stands",
        )
    return replace(here, name=name, clock=clock, uids=here.uids | there.uids)


def _refuse_overlapping(merging: Merging, people: list[_Person]) -> None:
    count = Counter(person.folded for person in people)
    twice = [person for person in people if count[person.folded] > 1]
    names = {person.folded: person.name for person in reversed(twice)}
    if names:
        listed = ", ".join(f"“{name}”" for name in names.values())
        first = next(iter(names.values()))
        raise Conflict(
            f"{listed}: another coder of that name is in {merging.copy.path}",
            hint=f"rename one with `qualcode coder rename`, or, if they are one person, merge"
            f" with --same {first}",
        )


def _write(study: Database, people: list[_Person]) -> None:
    before = {person.id: person for person in _people(study)}
    changed = [person for person in people if person != before[person.id]]
    # Two coders may have swapped their names.
    study.run_many(
        "UPDATE coder SET name = hex(uid), folded = hex(uid) WHERE id = ?",
        ((person.id,) for person in changed),
    )
    for person in changed:
        study.run("DELETE FROM coder_alias WHERE coder_id = ?", (person.id,))
        study.run(
            "UPDATE coder SET uid = ?, name = ?, folded = ?, clock = ? WHERE id = ?",
            (min(person.uids), person.name, person.folded, person.clock, person.id),
        )
        _write_aliases(study, person.id, person)


def _add(study: Database, person: _Person) -> int:
    number = study.run(
        "INSERT INTO coder (uid, name, folded, clock) VALUES (?, ?, ?, ?)",
        (min(person.uids), person.name, person.folded, person.clock),
    )
    _write_aliases(study, number, person)
    return number


def _write_aliases(study: Database, number: int, person: _Person) -> None:
    study.run_many(
        "INSERT INTO coder_alias (uid, coder_id) VALUES (?, ?)",
        ((uid, number) for uid in sorted(person.uids)[1:]),
    )
