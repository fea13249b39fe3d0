"""What a person may say about a survey file; whatever is left out is detected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qualcode.errors import InputError
from qualcode.importers.keys import check_keys
from qualcode.text import BLANKS


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a survey file.

    `questions` are pairs of a key and a column (in a long table of a key and a question);
    none means that they are detected. `header_row` counts from 1, 0 means that it is found.
    `keep_as_attribute` names columns that have to exist and become attributes whatever they
    hold: weights, strata. `known_questions` are pairs of a key and a question that an earlier
    long table had; they keep their keys, and the file need not have them. Nor need it have the
    columns that are `known_dropped` from an earlier file; where they are, they are left out.
    """

    id_column: str = ""
    questions: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    layout: Literal["", "wide", "long"] = ""
    sheet: str = ""
    header_row: int = 0
    blanks: frozenset[str] = BLANKS
    keep_as_attribute: tuple[str, ...] = ()
    known_questions: tuple[tuple[str, str], ...] = ()
    known_dropped: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise InputError for options that contradict each other or name no possible key."""
        check_keys([key for key, _ in self.questions])
        asked = [column for _, column in self.questions]
        for column in asked:
            if asked.count(column) > 1:
                raise InputError("the column is named for two questions", column=column)
        uses = {
            "--id": [self.id_column] if self.id_column else [],
            "--question": asked,
            "--drop": list(self.dropped),
        }
        for one, other in (("--id", "--question"), ("--id", "--drop"), ("--question", "--drop")):
            for column in uses[one]:
                if column in uses[other]:
                    raise InputError(f"named for {one} and for {other}", column=column)
        for column in self.keep_as_attribute:
            for option in ("--question", "--drop"):
                if column in uses[option]:
                    raise InputError(f"named as an attribute and for {option}", column=column)
