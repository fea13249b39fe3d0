"""A file is replaced whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode import privacy
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

_STUDY = b"SQLite format 3\0"


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a new file that takes the place of `path` when the block ends without an error.

    Whatever goes wrong, the old file is untouched and nothing else is left behind. Raises
    NotFound for a missing folder, Conflict for a folder, a device or an SQLite file (a study
    is never replaced by a table), QualcodeError for what the disk refuses. The rights of the old
    file are kept; what comes from a sensitive study is for its owner alone.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = _check(path, target)
        temporary = target.with_name(f".qualcode-{secrets.token_hex(8)}.tmp")
        try:
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                temporary.chmod(mode & ~privacy.OTHERS if privacy.is_private() else mode)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise QualcodeError(f"{path} cannot be written: {error.strerror or error}") from error


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Write `lines` to `path` as UTF-8 and count them.

    Raises InputError, with the row, for text that UTF-8 cannot hold; else as `replacing`.
    """
    row = 0
    with replacing(path) as file:
        for row, line in enumerate(lines, start=1):
            try:
                file.write(line.encode())
            except UnicodeEncodeError:
                raise InputError(
                    "half of a character (a surrogate) is no text", source=path, row=row
                ) from None
    return row


def _check(path: Path, target: Path) -> int | None:
    """Return the mode of the file that is there, None where there is none."""
    if not target.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}")
    if target.is_dir():
        raise Conflict(f"{path} is a folder")
    if not target.exists():
        return None
    if not target.is_file():
        raise Conflict(f"{path} is not a file that can be replaced")
    if not os.access(target, os.W_OK):
        raise QualcodeError(f"{path} cannot be written: it is read-only")
    with target.open("rb") as file:
        if file.read(len(_STUDY)) == _STUDY:
            raise Conflict(f"{path} is a study or another database: not replaced")
    return target.stat().st_mode & 0o777
