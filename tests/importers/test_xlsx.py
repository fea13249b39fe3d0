"""What holds for .xlsx."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from qualcode.errors import InputError, NotFound
from qualcode.importers import ReadOptions, read_survey

from .files import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

DATA = (("id", "age", "why"), (1, 30, "because it is good"), (2, 40, "so it goes on"))
FAR = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
    b'spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


def with_sheet(path: Path, content: bytes) -> Path:
    source = write_xlsx(path.with_name("source.xlsx"), {"Data": DATA})
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name.endswith("sheet1.xml") else old.read(name))
    return path


def test_numbers_and_dates_read_as_a_person_sees_them(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, ["id", "a", "b", "c", "d", "e", "why"])
    sheet.write_row(1, 0, [5, 2.5, 0.1 + 0.2, 12345678901234, True])
    sheet.write_datetime(1, 5, dt.datetime(2024, 1, 31), day)  # noqa: DTZ001
    sheet.write_formula(1, 6, '="be"&"cause"', None, "because")
    sheet.write_row(2, 0, [6, -1, 1e-7, 1e20, False])
    sheet.write_datetime(2, 5, dt.datetime(2024, 1, 31, 4, 5, 6), moment)  # noqa: DTZ001
    sheet.write_formula(2, 6, "=1/0", None, "#DIV/0!")
    book.close()
    survey = read_survey(path)
    rows = list(survey.rows())
    assert rows[0] == (
        2, "5", ("because",), ("2.5", "0.3", "12345678901234", "TRUE", "2024-01-31"),
    )  # fmt: skip
    assert rows[1][3] == ("-1", "1e-07", "100000000000000000000", "FALSE", "2024-01-31T04:05:06")
    assert any("G3" in note and "formula" in note for note in survey.plan.notes)


def test_the_sheet_with_the_survey_is_chosen_and_said(tmp_path: Path) -> None:
    about = [("What this is",), ("A survey of many people, see the other sheet",)]
    path = write_xlsx(tmp_path / "s.xlsx", {"About": about, "Data": DATA, "Empty": ()})
    survey = read_survey(path)
    assert (survey.plan.sheet, survey.plan.n_rows) == ("Data", 2)
    assert any("“Data” read, not “About”" in note for note in survey.plan.notes)


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    other = (("id", "why"), ("9", "another answer"))
    path = write_xlsx(tmp_path / "s.xlsx", {"Data": DATA, "Second": other})
    assert read_survey(path).plan.sheet == "Data"
    survey = read_survey(path, ReadOptions(sheet="Second"))
    assert list(survey.rows()) == [(2, "9", ("another answer",), ())]
    with pytest.raises(NotFound) as caught:
        read_survey(path, ReadOptions(sheet="Third"))
    assert "Second" in caught.value.hint


def test_a_table_that_does_not_start_in_the_corner_keeps_its_place(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(), (), *(("", *row) for row in DATA)]
    survey = read_survey(write_xlsx(tmp_path / "s.xlsx", {"Data": rows}))
    assert [row[:3] for row in survey.rows()] == [
        (4, "1", ("because it is good",)),
        (5, "2", ("so it goes on",)),
    ]


def test_merged_answers_are_said(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 2, "A title over three columns")
    for number, row in enumerate(DATA, 1):
        sheet.write_row(number, 0, row)
    sheet.merge_range(4, 1, 5, 1, "50")
    sheet.write_row(4, 2, ["one more reason"])
    sheet.write_column(4, 0, [3, 4])
    book.close()
    survey = read_survey(path)
    assert [row[3] for row in survey.rows()] == [("30",), ("40",), ("50",), ("",)]
    assert any("B5:B6" in note for note in survey.plan.notes)


def test_a_far_cell_is_an_error_and_not_the_end_of_the_process(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="XFD1048576"):
        read_survey(with_sheet(tmp_path / "s.xlsx", FAR))


@pytest.mark.parametrize("keep", [0, 1, 10, 200, 2000])
def test_a_cut_workbook_is_refused(tmp_path: Path, keep: int) -> None:
    path = write_xlsx(tmp_path / "s.xlsx", {"Data": DATA})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match=r"s\.xlsx"):
        read_survey(path)


def test_a_workbook_that_is_another_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match=r"s\.xlsx"):
        read_survey(path)


@pytest.mark.parametrize("content", [b"", b"<worksheet>", b"not xml <<<", FAR[:200]])
def test_a_broken_sheet_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"s\.xlsx"):
        read_survey(with_sheet(tmp_path / "s.xlsx", content))


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "s.xlsx", {"Data": DATA})
    monkeypatch.setattr("qualcode.importers.workbook_guard.LARGEST_CONTENT", 1000)
    with pytest.raises(InputError, match="unpacks"):
        read_survey(path)
