"""Excel workbooks: one sheet, every cell a text, nothing that a text could set off.

Control characters are shown as visible ones, and a text longer than a cell may be is cut and
says so.
"""

from __future__ import annotations

import re
from itertools import chain
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from qualcode.errors import InputError, QualcodeError
from qualcode.exporters.atomic import replacing
from qualcode.exporters.table import Table, Written, as_text
from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from qualcode.exporters.table import Cell

EXTENSIONS = (".xlsx",)

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
"""The most that a cell holds, in UTF-16 units, as Excel counts."""

_MAX_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\n\t]")
NOT_IN_XML = re.compile("[\ufffe\uffff]")
_RESERVED = {"", "history"}


def write(path: Path, table: Table) -> Written:
    """Write `table`; the header stands bold and stays in view.

    Raises InputError for more rows or columns than a sheet has.
    """
    from xlsxwriter.exceptions import XlsxWriterException  # noqa: PLC0415

    if len(table.columns) > MAX_COLUMNS:
        raise InputError(f"{MAX_COLUMNS:,} columns are the most in .xlsx", hint="use .csv")
    with replacing(path) as file, TemporaryDirectory(prefix="qualcode-") as folder:
        try:
            return _write(file, table, folder)
        except XlsxWriterException as error:
            raise QualcodeError(f"{path} cannot be written: {error}", hint="use .csv") from error


def _write(file: BinaryIO, table: Table, folder: str) -> Written:
    from xlsxwriter import Workbook  # noqa: PLC0415

    options = {
        "constant_memory": True,
        "tmpdir": folder,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(file, options)
    sheet = book.add_worksheet(sheet_name(table.name))
    sheet.freeze_panes(1, 0)
    bold, plain = book.add_format({"bold": True}), book.add_format()
    try:
        written = _write_rows(sheet, table, bold, plain)
        book.close()
    finally:
        sheet.row_data_fh.close()  # XlsxWriter leaves it open where a row fails
    return written


def _write_rows(sheet: Worksheet, table: Table, bold: Format, plain: Format) -> Written:
    number = cut = 0
    for number, row in enumerate(chain((table.columns,), table.rows)):
        if number >= MAX_ROWS:
            raise InputError(f"{MAX_ROWS:,} rows are the most in .xlsx", hint="use .csv")
        cut += _write_row(sheet, number, row, plain if number else bold)
    return Written(number, cut)


def _write_row(sheet: Worksheet, number: int, row: Sequence[Cell], format_: Format) -> int:
    """Write one row and return how many of its cells were cut."""
    cut = 0
    for column, cell in enumerate(row):
        text, was_cut = fitting(NOT_IN_XML.sub("\ufffd", visible(as_text(cell))))
        cut += was_cut
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a text for its own markup and would write it as it is.
            sheet.write_rich_string(number, column, text[:1], format_, text[1:], format_)
        elif text:
            sheet.write_string(number, column, text, None if number else format_)
    return cut


def fitting(text: str) -> tuple[str, bool]:
    """A text that a cell can hold, and whether it had to be cut."""
    if _units(text) <= MAX_CELL:
        return text, False
    note = f"… [cut, {len(text)} characters]"
    return _first_units(text, MAX_CELL - _units(note)) + note, True


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _first_units(text: str, units: int) -> str:
    """Return what of `text` fits into so many UTF-16 units, never half of a character."""
    return text[:units].encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def sheet_name(name: str) -> str:
    """A name that a sheet can have."""
    clean = NOT_IN_XML.sub("_", _NOT_IN_NAMES.sub("_", visible(name)))
    short = _first_units(clean, _MAX_NAME).strip().strip("'")
    return "Sheet1" if short.lower() in _RESERVED else short
