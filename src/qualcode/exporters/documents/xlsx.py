"""A document as an Excel workbook: a sheet a table, and a last one for what is no table.

Every cell is a text that sets nothing off; what reads as a number stands to the right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InputError, QualcodeError
from qualcode.exporters.atomic import replacing
from qualcode.exporters.documents.text import cells
from qualcode.exporters.table import Written
from qualcode.exporters.xlsx import (
    MAX_COLUMNS,
    MAX_ROWS,
    NOT_IN_XML,
    fitting,
    sheet_name,
)
from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from qualcode.exporters.documents import Document, Grid

_NARROWEST, _WIDEST = 8, 60
"""Characters that a column has at the least and at the most."""

_LONGEST_NAME = 31


def write(path: Path, document: Document) -> Written:
    """Write `document`; headers stand bold and stay in view, notes below their table.

    Raises InputError for a table with more rows or columns than a sheet has.
    """
    from xlsxwriter.exceptions import XlsxWriterException  # noqa: PLC0415

    for section in document.sections:
        if section.grid:
            _refuse_too_large(section.grid)
    with replacing(path) as file:
        try:
            return _write(file, document)
        except XlsxWriterException as error:
            raise QualcodeError(f"{path} cannot be written: {error}", hint="use .csv") from error


def _refuse_too_large(grid: Grid) -> None:
    if len(grid.columns) > MAX_COLUMNS:
        raise InputError(f"{MAX_COLUMNS:,} columns are the most in .xlsx", hint="use .csv")
    if len(grid.rows) >= MAX_ROWS:
        raise InputError(f"{MAX_ROWS:,} rows are the most in .xlsx", hint="use .csv")


def _write(file: BinaryIO, document: Document) -> Written:
    from xlsxwriter import Workbook  # noqa: PLC0415

    book = Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    taken: set[str] = set()
    rows = cut = 0
    for section in document.sections:
        if section.grid:
            sheet = book.add_worksheet(_free_name(section.heading, taken))
            words = (section.heading, *section.paragraphs, *section.notes)
            cut += _write_table(book, sheet, section.grid, words)
            rows += len(section.grid.rows)
    sheet = book.add_worksheet(_free_name("Notes", taken))
    cut += _write_words(book, sheet, document)
    book.close()
    return Written(rows, cut)


def _free_name(heading: str, taken: set[str]) -> str:
    """Give a name for a sheet that no other has, whatever the case."""
    name, number = sheet_name(heading), 1
    while name.lower() in taken:
        number += 1
        room = _LONGEST_NAME - len(f" {number}")
        name = f"{sheet_name(sheet_name(heading)[:room])} {number}"
    taken.add(name.lower())
    return name


def _write_table(book: Workbook, sheet: Worksheet, grid: Grid, words: Iterable[str]) -> int:
    """Write a table, with some words below, and count the cells that were cut."""
    aligned: list[dict[str, str]] = [
        {"align": "right"} if grid.is_numeric(place) else {} for place in range(len(grid.columns))
    ]
    formats = [book.add_format(one) for one in aligned]
    bold = [book.add_format({"bold": True, "bottom": 1, **one}) for one in aligned]
    cut = _write_row(sheet, 0, grid.columns, bold)
    cut += sum(_write_row(sheet, number, row, formats) for number, row in enumerate(grid.rows, 1))
    for place, column in enumerate(zip(grid.columns, *grid.rows, strict=True)):
        longest = max(cells(text[:_WIDEST]) for text in column)
        sheet.set_column(place, place, min(max(longest + 1, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    # Numbers are texts here by intent: no green corner in each of their cells.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(grid.rows) + 1}"})
    return cut + _write_lines(sheet, len(grid.rows) + 2, words, book.add_format())


def _write_words(book: Workbook, sheet: Worksheet, document: Document) -> int:
    """Write the title, and the sections without a table, and count the cells that were cut."""
    sheet.set_column(0, 0, 2 * _WIDEST)
    bold, plain = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    cut, row = _write_lines(sheet, 0, (document.title,), bold), 2
    for section in document.sections:
        if section.grid is None:
            words = (*section.paragraphs, *section.notes)
            cut += _write_lines(sheet, row, (section.heading,), bold)
            cut += _write_lines(sheet, row + 1, words, plain)
            row += len(words) + 2
    return cut


def _write_lines(sheet: Worksheet, first: int, texts: Iterable[str], format_: Format) -> int:
    return sum(_write_row(sheet, row, (text,), (format_,)) for row, text in enumerate(texts, first))


def _write_row(sheet: Worksheet, number: int, row: Sequence[str], formats: Sequence[Format]) -> int:
    """Write one row and return how many of its cells were cut."""
    cut = 0
    for column, (cell, format_) in enumerate(zip(row, formats, strict=True)):
        text, was_cut = fitting(NOT_IN_XML.sub("\ufffd", visible(cell)))
        cut += was_cut
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a text for its own markup and would write it as it is.
            sheet.write_rich_string(number, column, text[:1], format_, text[1:], format_)
        elif text:
            sheet.write_string(number, column, text, format_)
    return cut
