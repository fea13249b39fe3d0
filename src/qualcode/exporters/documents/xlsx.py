"""A document as an Excel workbook: a sheet a table, and a last one for what is no table.

Every cell is a text that sets nothing off; what reads as a number stands to the right. The values
of a chart alone are numbers, for the chart of Excel beside them is drawn from them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from qualcode.errors import InputError, QualcodeError
from qualcode.exporters.atomic import replacing
from qualcode.exporters.documents.charts import write_chart
from qualcode.exporters.documents.parts import described, plain, quoted, tabled
from qualcode.exporters.documents.sheets import write_lines, write_row
from qualcode.exporters.documents.text import cells
from qualcode.exporters.figures import Chart
from qualcode.exporters.table import Written
from qualcode.exporters.xlsx import MAX_COLUMNS, MAX_ROWS, sheet_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from qualcode.exporters.documents import Document, Grid, Section


_NARROWEST, _WIDEST = 8, 60
"""Characters that a column has at the least and at the most."""

_LONGEST_NAME = 31
_A4 = 9

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes it as UTC
"""The same document gives the same bytes, whenever it is written."""


def write(path: Path, document: Document) -> Written:
    """Write `document`; headers stand bold and stay in view, notes below their table.

    Raises InputError for a table with more rows or columns than a sheet has.
    """
    from xlsxwriter.exceptions import XlsxWriterException  # noqa: PLC0415

    for section in document.sections:
        for _, grid in _grids(section):
            _refuse_too_large(grid)
    with replacing(path) as file:
        try:
            return _write(file, document)
        except XlsxWriterException as error:
            raise QualcodeError(f"{path} cannot be written: {error}", hint="use .csv") from error


def _grids(section: Section) -> Iterator[tuple[str, Grid]]:
    """Every table of a section, with the name of its sheet; but for that of a chart."""
    if section.grid:
        yield section.heading, section.grid
    if section.figure and not isinstance(section.figure, Chart) and (data := tabled(section)):
        yield section.figure.title, data
    if section.quotes:
        yield f"Quotes {section.heading}" if section.grid else section.heading, quoted(section)


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
    book.set_properties({"created": _CREATED})
    taken: set[str] = set()
    rows = cut = 0
    for section in document.sections:
        below = (section.heading, *map(plain, section.paragraphs), *section.notes)
        for name, grid in _grids(section):
            sheet = _new_sheet(book, name, taken)
            is_own = grid is section.grid
            cut += _write_table(book, sheet, grid, below if is_own else ())
            rows += len(grid.rows) if is_own else 0
        if isinstance(section.figure, Chart):
            sheet = _new_sheet(book, f"Figure {section.heading}", taken)
            cut += write_chart(book, sheet, section.figure, described(section.figure))
    sheet = _new_sheet(book, "Notes", taken)
    cut += _write_words(book, sheet, document)
    book.close()
    return Written(rows, cut)


def _new_sheet(book: Workbook, name: str, taken: set[str]) -> Worksheet:
    """Give a sheet that is printed as wide as the paper."""
    sheet = book.add_worksheet(_free_name(name, taken))
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    return sheet


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
    aligned = [_aligned(grid, place) for place in range(len(grid.columns))]
    formats = [book.add_format(one) for one in aligned]
    bold = [book.add_format({"bold": True, "bottom": 1, **one}) for one in aligned]
    cut = write_row(sheet, 0, grid.columns, bold)
    cut += sum(write_row(sheet, number, row, formats) for number, row in enumerate(grid.rows, 1))
    for place, column in enumerate(zip(grid.columns, *grid.rows, strict=True)):
        longest = max(cells(text[:_WIDEST]) for text in column)
        sheet.set_column(place, place, min(max(longest + 1, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    # Numbers are texts here by intent: no green corner in each of their cells.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(grid.rows) + 1}"})
    return cut + write_lines(sheet, len(grid.rows) + 2, words, book.add_format())


def _aligned(grid: Grid, place: int) -> dict[str, object]:
    """How the cells of a column stand: numbers to the right, what is long on several lines."""
    if grid.is_numeric(place):
        return {"align": "right", "valign": "top"}
    is_long = any(cells(row[place][: 2 * _WIDEST]) > _WIDEST for row in grid.rows)
    return {"valign": "top", "text_wrap": is_long}


def _write_words(book: Workbook, sheet: Worksheet, document: Document) -> int:
    """Write the title, and the sections without a table, and count the cells that were cut."""
    sheet.set_column(0, 0, 2 * _WIDEST)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    cut, row = write_lines(sheet, 0, (document.title,), bold), 2
    for section in document.sections:
        if section.grid is None:
            words = (*map(plain, section.paragraphs), *section.notes)
            cut += write_lines(sheet, row, (section.heading,), bold)
            cut += write_lines(sheet, row + 1, words, wrapped)
            row += len(words) + 2
    return cut
