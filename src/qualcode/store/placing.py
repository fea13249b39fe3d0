"""A new file appears whole, on the disk and under its name, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.errors import Conflict, NotFound, QualcodeError

if TYPE_CHECKING:
    from collections.abc import Iterator


def refuse_existing(path: Path) -> None:
    """Raise `Conflict` if something stands at `path`, be it a link that leads nowhere."""
    if os.path.lexists(path):
        raise Conflict(f"{path} exists already", hint="choose another name; nothing is overwritten")


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give the path of a file to write; it gets the name `path` when the block ends well.

    Raises `Conflict` if `path` exists, then or at the end, `NotFound` for a missing folder,
    `QualcodeError` for what the disk refuses.
    """
    refuse_existing(path)
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}")
    try:
        folder = tempfile.TemporaryDirectory(
            prefix=".qualcode-", dir=path.parent, ignore_cleanup_errors=True
        )
    except OSError as error:
        raise QualcodeError(f"{path.parent} cannot be written: {error.strerror}") from error
    with folder as name:
        unfinished = Path(name) / "study"
        yield unfinished
        try:
            _place(unfinished, path)
        except OSError as error:
            raise QualcodeError(f"{path} cannot be written: {error.strerror}") from error


def _place(unfinished: Path, path: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        refuse_existing(path)
    except OSError:
        # Some file systems know no hard links.
        refuse_existing(path)
        unfinished.rename(path)
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
