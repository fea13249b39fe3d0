"""Every error that qualcode raises on purpose.

::

    QualcodeError          one line and at most one hint, never a traceback      exit 1
    ├── InputError         something from outside is wrong: file, row, column    exit 2
    ├── NotFound           no such study, code, coder or question                exit 3
    ├── Conflict           would overwrite, key taken, study locked elsewhere    exit 4
    └── MissingExtra       an optional part is not installed                     exit 5

They are raised where the fact is known and caught in two places only: the command line's
group and the terminal application. Anything else is a bug and crashes loudly.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class QualcodeError(Exception):
    """Something that a person can understand and mend.

    `message` is one line; `hint`, if any, is one line that says what to do.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(QualcodeError):
    """Something from outside is wrong.

    `source` names the file, `row` the row of a table or the line of a text file (both count
    from 1, the header included), `column` the header of the column.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        source: object = "",
        row: int | None = None,
        column: str | None = None,
        hint: str = "",
    ) -> None:
        place = [str(source)] if source else []
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column “{column}”")
        super().__init__(f"{', '.join(place)}: {message}" if place else message, hint=hint)
        self.source = str(source)
        self.row = row
        self.column = column


class NotFound(QualcodeError):
    """A name that leads nowhere; the closest of `there_are` becomes the hint."""

    exit_code = 3

    def __init__(
        self, message: str, *, wanted: str = "", there_are: Iterable[str] = (), hint: str = ""
    ) -> None:
        if not hint and wanted:
            near = get_close_matches(wanted, list(there_are), n=1, cutoff=0.5)
            hint = f"did you mean “{near[0]}”?" if near else ""
        super().__init__(message, hint=hint)


class Conflict(QualcodeError):
    """Doing it would overwrite something, or somebody else holds it."""

    exit_code = 4


class MissingExtra(QualcodeError):
    """An optional part is needed: `extra` is its name in ``qualcode[extra]``."""

    exit_code = 5

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs an optional part that is not installed",
            hint=f"pip install 'qualcode[{extra}]'",
        )
        self.extra = extra
