"""A study that says it is sensitive: for its owner alone, and quoted in no message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import privacy
from qualcode.store import journal, maintenance, settings
from qualcode.study import backups

if TYPE_CHECKING:
    from qualcode.study import Study

OWNER_ALONE = 0o600


def is_sensitive(study: Study) -> bool:
    """Whether the study says so."""
    return bool(settings.read(study.database, "sensitive"))


def change(study: Study, *, wanted: bool, by: str) -> None:
    """Say whether a study is sensitive, and give it and its backups the rights that go with it.

    Said again, the rights are set again. Raises `QualcodeError` where they cannot be.
    """
    if wanted:
        study.database.keep_private()
        _set_rights(study, OWNER_ALONE)
        _write(study, wanted=wanted, by=by)
    else:
        _write(study, wanted=wanted, by=by)
        _set_rights(study, privacy.mode_of_new_files())


def _write(study: Study, *, wanted: bool, by: str) -> None:
    with study.database.transaction():
        if is_sensitive(study) != wanted:
            settings.write(study.database, "sensitive", value=wanted)
            journal.add_note(study.database, "design", by=by, detail={"sensitive": wanted})


def _set_rights(study: Study, mode: int) -> None:
    folder = backups.read_plan(study.database).place(study.path)
    for path in (study.path, *(backup.path for backup in backups.present(folder))):
        maintenance.set_rights(path, mode)
