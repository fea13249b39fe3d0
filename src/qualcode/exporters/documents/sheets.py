"""Rows of a sheet whose cells are texts that set nothing off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.exporters.xlsx import NOT_IN_XML, fitting
from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


def seen(text: str) -> str:
    """A text as XML can hold it."""
    return NOT_IN_XML.sub("\ufffd", visible(text))


def write_row(sheet: Worksheet, number: int, row: Sequence[str], formats: Sequence[Format]) -> int:
    """Write one row and return how many of its cells were cut."""
    return sum(
        write_cell(sheet, number, column, cell, format_)
        for column, (cell, format_) in enumerate(zip(row, formats, strict=True))
    )


def write_lines(sheet: Worksheet, first: int, texts: Iterable[str], format_: Format) -> int:
    """Write texts below each other and return how many were cut."""
    return sum(write_row(sheet, row, (text,), (format_,)) for row, text in enumerate(texts, first))


def write_cell(sheet: Worksheet, row: int, column: int, cell: str, format_: Format) -> bool:
    """Write a text and return whether it was cut."""
    text, was_cut = fitting(seen(cell))
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter takes such a text for its own markup and would write it as it is.
        sheet.write_rich_string(row, column, text[:1], format_, text[1:], format_)
    elif text:
        sheet.write_string(row, column, text, format_)
    return was_cut
