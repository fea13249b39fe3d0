"""Tables written to files: the ending of the file picks the format.

A format is a module of this package with ``EXTENSIONS`` and ``write(path, table) -> Written``.
The one named like the ending is asked first, so that no other has to be imported for it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from qualcode.errors import InputError
from qualcode.exporters.atomic import replacing
from qualcode.exporters.table import Table, Written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Table", "Written", "extensions", "write_table", "write_text"]


class _Format(Protocol):
    EXTENSIONS: tuple[str, ...]

    def write(self, path: Path, table: Table) -> Written: ...


def write_table(path: Path, table: Table) -> Written:
    """Write `table` to `path`, replacing at once what was there; nothing changes on a failure.

    Raises InputError for an ending without a format and for what the format cannot hold,
    NotFound for a missing folder, Conflict for what must not be replaced, QualcodeError for
    what the disk refuses.
    """
    ending = path.suffix.lower()
    for format_ in _formats(ending.removeprefix(".")):
        if ending in format_.EXTENSIONS:
            return format_.write(path, table)
    raise InputError(
        f"no format for a file “{path.name}”", hint=f"the endings are {', '.join(extensions())}"
    )


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, line ends as they are; fails as `write_table` does."""
    with replacing(path) as file:
        try:
            file.write(text.encode())
        except UnicodeEncodeError:
            raise InputError("half of a character (a surrogate) is no text", source=path) from None


def extensions() -> tuple[str, ...]:
    """List the endings that `write_table` takes, with their dots."""
    return tuple(sorted(ending for format_ in _formats() for ending in format_.EXTENSIONS))


def _formats(first: str = "") -> Iterator[_Format]:
    names = sorted(info.name for info in iter_modules(__path__))
    for name in sorted(names, key=lambda name: name != first):
        module = import_module(f"{__name__}.{name}")
        if hasattr(module, "EXTENSIONS"):
            yield cast("_Format", module)
