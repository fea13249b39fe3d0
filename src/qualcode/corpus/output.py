"""A folder of results that appears under its name when it is complete."""

from __future__ import annotations

import glob
import os
import secrets
import shutil
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.errors import Conflict, InputError, NotFound, QualcodeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def checked(target: Path, patterns: Sequence[str]) -> Path:
    """The place of an output, which is absent or an empty folder.

    Raises `Conflict` where something is there, `NotFound` for a missing parent, `InputError` for
    a place in a folder whose files are read, `QualcodeError` where it cannot be written.
    """
    place = Path(os.path.realpath(target))
    if place.is_dir():
        if any(place.iterdir()):
            raise Conflict(f"{target} has files in it", hint="name a new folder")
    elif os.path.lexists(place):
        raise Conflict(f"{target} is there already and is no folder")
    for pattern in patterns:
        if _reads_from(pattern, place):
            raise InputError(
                f"{target} lies in the folder of the input {pattern}",
                hint="name a folder elsewhere: here it would become part of the corpus",
            )
    if not place.parent.is_dir():
        raise NotFound(f"there is no folder {target.parent}")
    if not os.access(place.parent, os.W_OK):
        raise QualcodeError(f"{target} cannot be written: {place.parent} is read-only")
    return place


def _reads_from(pattern: str, place: Path) -> bool:
    """Whether a pattern looks for files in a folder that it names, and `place` is in there."""
    named = list(takewhile(lambda part: not glob.has_magic(part), Path(pattern).parts))
    if not glob.has_magic(pattern) or not (named or "**" in pattern):
        return False
    return Path(os.path.realpath(Path(*named))) in place.parents


@contextmanager
def appearing(place: Path) -> Iterator[Path]:
    """A hidden folder beside `place` that takes its name when the block ends without an error.

    Else nothing is left of it. Raises `Conflict` where something came to be there meanwhile.
    """
    hidden = place.with_name(f".{place.name}-{secrets.token_hex(8)}.unfinished")
    try:
        hidden.mkdir()
    except OSError as error:
        raise QualcodeError(f"{place} cannot be written: {error.strerror}") from None
    try:
        yield hidden
        _sync(hidden)
        try:
            if place.is_dir():
                place.rmdir()
            hidden.rename(place)
        except OSError:
            raise Conflict(f"{place} has files in it by now", hint="name a new folder") from None
        _sync(place.parent)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Put on the disk what is in a folder, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
