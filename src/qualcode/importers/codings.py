"""Codings made elsewhere, long (a row for each code) or wide (a 0/1 column for each code)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qualcode.errors import InputError
from qualcode.importers.body import Body
from qualcode.importers.header import find_header
from qualcode.importers.names import QUESTION, RESPONDENT, plain
from qualcode.importers.registry import open_tables
from qualcode.privacy import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Whose: TypeAlias = tuple[str, str, str]
    """Respondent, question, coder."""

_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class CodingRow:
    """One code that one coder put on one answer; `code` is empty for “saw it, applied no code”.

    `row` is the row of the file, `code` the path as written; `start` and `end` are code
    points of the text, None for the whole answer.
    """

    row: int
    respondent: str
    question: str
    coder: str
    code: str
    start: int | None = None
    end: int | None = None


def read_codings(path: Path, sheet: str = "") -> Iterator[CodingRow]:
    """The codings in the file at `path`, in its order; a column `code` makes it long.

    Raises InputError with row and column for a missing column, an empty cell that says whose
    coding it is, a mark other than 0 and 1 and a span that is none.
    """
    table = open_tables(path, sheet)[0]
    body = Body(table, find_header(table))
    places: dict[str, int] = {}
    for index, name in enumerate(body.header.names):
        places.setdefault(_known(name), index)
    for name in ("respondent", "question", "coder"):
        if name not in places:
            raise InputError(
                "there is no such column", source=path, row=body.header.row or None, column=name
            )
    return _long(body, places) if "code" in places else _wide(body, places)


def _known(name: str) -> str:
    """The name of the part that a column plays, or the name itself."""
    meant = plain(name)
    if meant in RESPONDENT:
        return "respondent"
    if meant in QUESTION:
        return "question"
    return meant if meant in {"coder", "code", "start", "end"} else name


def _whose(body: Body, places: Mapping[str, int], number: int, row: list[str]) -> Whose:
    for name in ("respondent", "question", "coder"):
        if not row[places[name]].strip():
            raise _wrong(body, "the cell is empty", number, places[name])
    return row[places["respondent"]], row[places["question"]].strip(), row[places["coder"]]


def _wrong(body: Body, message: str, number: int, index: int) -> InputError:
    column = body.header.names[index]
    return InputError(message, source=body.table.path, row=number, column=column)


def _long(body: Body, places: Mapping[str, int]) -> Iterator[CodingRow]:
    code = places["code"]
    for numbers, block in body.blocks():
        for number, row in zip(numbers, block, strict=True):
            span = _span(body, places, number, row)
            whose = _whose(body, places, number, row)
            yield CodingRow(number, *whose, row[code].strip(), *span)


def _span(
    body: Body, places: Mapping[str, int], number: int, row: list[str]
) -> tuple[int, int] | tuple[None, None]:
    cells = {name: row[places[name]].strip() for name in ("start", "end") if name in places}
    if not any(cells.values()):
        return None, None
    for name in ("start", "end"):
        cell = cells.get(name, "")
        if not (cell.isascii() and cell.isdigit() and len(cell) <= _MOST_DIGITS):
            message = f"{quoted(cell)} is no whole number; a span has a start and an end"
            raise _wrong(body, message, number, places.get(name, places["code"]))
    start, end = int(cells["start"]), int(cells["end"])
    if start >= end:
        message = f"the span ends at {end}, before or where it starts ({start})"
        raise _wrong(body, message, number, places["end"])
    if not row[places["code"]].strip():
        raise _wrong(body, "a span without a code", number, places["code"])
    return start, end


def _wide(body: Body, places: Mapping[str, int]) -> Iterator[CodingRow]:
    whose = {places[name] for name in ("respondent", "question", "coder")}
    codes = [
        (index, name) for index, name in enumerate(body.header.names) if name and index not in whose
    ]
    if not codes:
        raise InputError(
            "there is no column “code” and no column for a code",
            source=body.table.path,
            row=body.header.row or None,
        )
    return _marks(body, places, codes)


def _marks(
    body: Body, places: Mapping[str, int], codes: list[tuple[int, str]]
) -> Iterator[CodingRow]:
    for numbers, block in body.blocks():
        for number, row in zip(numbers, block, strict=True):
            whose = _whose(body, places, number, row)
            if not any(row[index].strip() for index, _ in codes):
                continue  # nothing is said about an answer that the coder did not see
            applied = [name for index, name in codes if _is_marked(body, number, row, index)]
            for name in applied or [""]:
                yield CodingRow(number, *whose, name)


def _is_marked(body: Body, number: int, row: list[str], index: int) -> bool:
    cell = row[index].strip()
    if cell not in {"", "0", "1"}:
        raise _wrong(body, f"{quoted(cell[:40])} is neither 0 nor 1", number, index)
    return cell == "1"
