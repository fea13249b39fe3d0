"""What an output says of itself: `_qualcode.json` beside its parts.

Readers of Parquet pass over files whose names begin with `_`.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, NotFound, QualcodeError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "_qualcode.json"
FORMAT = 1
_PART = re.compile(r"part-\d{5,}\.parquet")


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the output: what it was made from, and what is in it."""

    name: str
    input: str
    answers: int
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class MachineSide:
    """The sums, in millionths, of the probabilities that models in `parts` gave each code.

    Of a code with others below it the probability is that any of the family fits.
    """

    parts: int
    sums: dict[str, int]
    squares: dict[str, int]


@dataclass(frozen=True, slots=True)
class Scored:
    """How one question was scored. `digest` is of all that its model was made from."""

    key: str
    codebooks: list[tuple[str, int]]
    digest: str
    labels: int
    calibrated: bool
    settings: dict[str, Any]
    thresholds: dict[str, float]
    answers: int
    blank: int
    machine: MachineSide | None


@dataclass(frozen=True, slots=True)
class Record:
    """A whole output; it is the same whatever engine made it."""

    version: str
    top: int
    questions: list[Scored]
    parts: list[Part]

    def question(self, key: str) -> Scored | None:
        """How a question was scored, None where it was not."""
        return next((one for one in self.questions if one.key == key), None)


def write(folder: Path, record: Record) -> None:
    """Write it into the folder of its parts. Raises `QualcodeError` where that cannot be."""
    content = {"format": FORMAT, **asdict(record)}
    try:
        with (folder / NAME).open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise QualcodeError(f"{folder} cannot be written: {error.strerror}") from None


def read(folder: Path) -> Record:
    """What an output says, its parts being there as it says.

    Raises `NotFound` where there is no such folder, `InputError` for one that `suggest` has not
    written, or from which something is missing.
    """
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}")
    try:
        content = json.loads((folder / NAME).read_text("utf-8"))
        record = _parsed(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(
            f"{folder} is no output of `qualcode suggest --input`",
            hint=f"its {NAME} is missing or damaged",
        ) from None
    for part in record.parts:
        path = folder / part.name
        if not path.is_file() or path.stat().st_size != part.size:
            raise InputError("this part is missing or was changed", source=path)
    return record


def _parsed(content: Any) -> Record:
    if content["format"] != FORMAT:
        raise ValueError
    return Record(
        str(content["version"]),
        int(content["top"]),
        [_question(each) for each in content["questions"]],
        [_part(**each) for each in content["parts"]],
    )


def _part(name: str, input: str, answers: int, rows: int, size: int) -> Part:  # noqa: A002
    if not _PART.fullmatch(name):
        raise ValueError
    return Part(name, str(input), int(answers), int(rows), int(size))


def _machine(parts: int, sums: dict[str, int], squares: dict[str, int]) -> MachineSide:
    whole = ({path: int(value) for path, value in each.items()} for each in (sums, squares))
    return MachineSide(int(parts), *whole)


def _question(content: dict[str, Any]) -> Scored:
    machine = content.pop("machine")
    books = [(str(name), int(version)) for name, version in content.pop("codebooks")]
    side = _machine(**machine) if machine else None
    if not {"seed", "vectors", "together"} <= content["settings"].keys():
        raise ValueError
    return Scored(**content, codebooks=books, machine=side)
