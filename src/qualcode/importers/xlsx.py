"""Excel workbooks, read as a person sees them: 5 is “5”, a date is 2024-01-31."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

from qualcode.errors import InputError, NotFound
from qualcode.importers.table import letters
from qualcode.importers.workbook_guard import inspect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from qualcode.importers.workbook_guard import Lost

Cell: TypeAlias = str | float | int | bool | dt.date | dt.time | dt.timedelta

_LARGEST_PLAIN = 1e21


class XlsxTable:
    """One sheet of a workbook."""

    header: tuple[str, ...] = ()

    def __init__(self, path: Path, sheet: CalamineSheet, notes: tuple[str, ...]) -> None:
        self.path = path
        self.sheet = sheet.name
        self.notes = notes
        self.size = sheet.height * sheet.width
        self._sheet = sheet

    def rows(self) -> Iterator[list[str]]:
        """Every row from the first of the sheet, each as wide as the widest."""
        start = self._sheet.start
        before = [""] * (start[1] if start else 0)
        for row in self._sheet.iter_rows():
            yield before + [cell if type(cell) is str else shown(cell) for cell in row]


def open_workbook(path: Path, sheet: str = "") -> list[XlsxTable]:
    """The sheet called `sheet`, else every visible sheet that holds something, in order.

    Raises InputError for what is no readable workbook, NotFound for a sheet it has not.
    """
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 - only for .xlsx

    lost = inspect(path)
    try:
        workbook = load_workbook(str(path))
        names = [sheet] if sheet else _visible(workbook)
        if sheet and sheet not in workbook.sheet_names:
            raise NotFound(
                f"{path}: there is no sheet “{sheet}”",
                wanted=sheet,
                there_are=workbook.sheet_names,
                hint="the sheets are: " + ", ".join(workbook.sheet_names),
            )
        sheets = [workbook.get_sheet_by_name(name) for name in names]
    except CalamineError as error:
        raise InputError(f"the workbook cannot be read: {error}", source=path) from error
    tables = [XlsxTable(path, each, _notes(each, lost)) for each in sheets if each.height]
    if not tables:
        raise InputError(
            "the workbook is empty" if not sheet else "the sheet is empty", source=path
        )
    return tables


def shown(cell: Cell) -> str:
    """What a cell that holds no text shows; numbers have at most 15 digits, as in Excel."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        if cell == int(cell) and abs(cell) < _LARGEST_PLAIN:
            return str(int(cell))
        return format(cell, ".15g")
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _visible(workbook: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - only for .xlsx

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _notes(sheet: CalamineSheet, lost: Lost) -> tuple[str, ...]:
    notes = []
    if lost.count:
        notes.append(
            f"{lost.count} cells of the workbook hold a formula without a result and are read as"
            f" empty; the first is {lost.first}"
        )
    merged = [
        f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if bottom > top
    ]
    if merged:
        more = f" and {len(merged) - 1} more" if len(merged) > 1 else ""
        notes.append(f"merged cells {merged[0]}{more}: the value counts for the first row only")
    return tuple(notes)
