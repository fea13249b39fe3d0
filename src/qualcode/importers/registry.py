"""Which module reads which ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qualcode.importers.table import Table

_DELIMITED = (".csv", ".tsv", ".txt")


def extensions() -> tuple[str, ...]:
    """The endings of files that can be read."""
    return (".csv", ".tsv", ".txt", ".xlsx", ".jsonl")


def open_tables(path: Path, sheet: str = "") -> Sequence[Table]:
    """The tables in the file at `path`: one, or one for each sheet that may be meant.

    Raises InputError for a file of another kind, NotFound where there is no file.
    """
    if path.is_dir():
        raise InputError("this is a folder, not a file", source=path)
    if not path.exists():
        raise NotFound(f"there is no file {path}")
    try:
        return _open(path, path.suffix.lower(), sheet)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", source=path) from error


def _open(path: Path, ending: str, sheet: str) -> Sequence[Table]:
    if ending == ".xlsx":
        from qualcode.importers.xlsx import open_workbook  # noqa: PLC0415 - only for .xlsx

        return open_workbook(path, sheet)
    if ending not in extensions():
        raise InputError(
            f"files ending in “{ending}” are not read",
            source=path,
            hint="save it as one of " + " ".join(extensions()),
        )
    if sheet:
        raise InputError(f"a {ending} file has no sheets", source=path, hint="leave out --sheet")
    if ending in _DELIMITED:
        from qualcode.importers.delimited import DelimitedTable  # noqa: PLC0415 - only for .csv

        return [DelimitedTable(path)]
    from qualcode.importers.jsonl import JsonLines  # noqa: PLC0415 - only for .jsonl

    return [JsonLines(path)]
