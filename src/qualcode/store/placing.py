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
    with _unfinished(path) as unfinished:
        yield unfinished
        try:
            _place(unfinished, path)
        except OSError as error:
            raise _unwritable(path, error) from error


@contextmanager
def replacement(path: Path) -> Iterator[Path]:
    """Give the path of a file to write; it takes the place of `path` when the block ends well.

    Raises `NotFound` for a missing folder, `QualcodeError` for what the disk refuses; then what
    stands at `path` is as it was.
    """
    with _unfinished(path) as unfinished:
        yield unfinished
        try:
            _sync(unfinished)
            unfinished.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> QualcodeError:
    return QualcodeError(f"{path} cannot be written: {error.strerror}")


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A file that nobody else can see, on the disk of `path`."""
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}")
    try:
        folder = tempfile.TemporaryDirectory(
            prefix=".qualcode-", dir=path.parent, ignore_cleanup_errors=True
        )
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    with folder as name:
        yield Path(name) / "study"


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    with suppress(OSError):
        folder = os.open(path, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _place(unfinished: Path, path: Path) -> None:
    _sync(unfinished)
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        refuse_existing(path)
    except OSError:
        # Some file systems know no hard links.
        refuse_existing(path)
        unfinished.rename(path)
    _sync_folder(path.parent)
