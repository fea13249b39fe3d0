"""Word files: what Word, LibreOffice and screen readers get."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from qualcode.errors import InputError, MissingExtra
from qualcode.exporters.documents import Document, Grid, Quote, Ref, Section, write_document
from qualcode.exporters.documents.widths import points, widths
from qualcode.exporters.figures import Chart, Point, Series, alt_text, raster

docx = pytest.importorskip("docx")

if TYPE_CHECKING:
    from pathlib import Path

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHART = Chart("bars", "Needs", ("a",), (Series("all", (Point(1.0),)),), "%")
GRID = Grid(("theme", "%"), (("Cost", "12.0"), ("Access", "3.0")), names=((0, 1, "cost/%"),))
TOLD = Section(
    "Themes",
    (("It was ", Ref("12.0 %", "cost/%"), " of all, ", Ref("no", "gone"), "."),),
    GRID,
    ("A note.",),
    CHART,
    (Quote("Cost", "too dear\nfor us", "man"), Quote("", "مرحبا hello", "")),
)


def picture(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        summed = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + summed

    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.exporters.figures.png", lambda _: picture(900, 600))


def written(folder: Path, *sections: Section, title: str = "Report"):  # noqa: ANN201
    write_document(folder / "t.docx", Document(title, sections))
    return docx.Document(str(folder / "t.docx"))


def test_the_document_is_told_by_styles_of_word(tmp_path: Path) -> None:
    file = written(tmp_path, TOLD)
    assert [(each.style.name, each.text) for each in file.paragraphs] == [
        ("Title", "Report"),
        ("Heading 1", "Themes"),
        ("Normal", "It was 12.0 % of all, no."),
        ("Caption", "Table 1. Themes"),
        ("Note", ""),
        ("Caption", "Figure 1. Needs"),
        ("Normal", ""),
        ("Heading 2", "Cost"),
        ("Quote", "too dear\nfor us"),
        ("Quote Source", "— man"),
        ("Quote", "مرحبا hello"),
        ("Note", "A note."),
    ]


def test_tables_and_figures_are_numbered_through(tmp_path: Path) -> None:
    file = written(tmp_path, TOLD, TOLD)
    captions = [each.text for each in file.paragraphs if each.style.name == "Caption"]
    assert captions == [
        f"{what}. {of}"
        for what, of in (
            ("Table 1", "Themes"),
            ("Figure 1", "Needs"),
            ("Table 2", "Themes"),
            ("Figure 2", "Needs"),
        )
    ]


def test_the_cells_of_a_table_are_whole_and_its_numbers_stand_to_the_right(tmp_path: Path) -> None:
    (table,) = written(tmp_path, TOLD).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["theme", "%"],
        ["Cost", "12.0"],
        ["Access", "3.0"],
    ]
    assert table.style.name == "Report Table"
    sides = [[cell.paragraphs[0].alignment for cell in row.cells] for row in table.rows]
    assert {left for left, _ in sides} == {None}
    assert {right for _, right in sides} == {docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT}


def test_a_header_is_repeated_and_rows_are_not_split_but_for_long_ones(tmp_path: Path) -> None:
    grid = Grid(("a",), (("short",), ("x" * 601,)))
    (table,) = written(tmp_path, Section("h", grid=grid)).tables
    marks = [[each.tag.removeprefix(W) for each in row._tr.trPr] for row in table.rows]
    assert marks == [["cantSplit", "tblHeader"], ["cantSplit"], []]


def test_a_reference_leads_to_the_bookmark_of_its_cell(tmp_path: Path) -> None:
    body = written(tmp_path, TOLD).element.body
    (link,) = body.iter(f"{W}hyperlink")
    (mark,) = body.iter(f"{W}bookmarkStart")
    assert link.get(f"{W}anchor") == mark.get(f"{W}name") == "cell_1"
    assert "".join(each.text for each in mark.getparent().iter(f"{W}t")) == "12.0"
    (end,) = body.iter(f"{W}bookmarkEnd")
    assert end.get(f"{W}id") == mark.get(f"{W}id")


def test_a_figure_is_a_picture_with_its_words_that_fits_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shape,) = written(tmp_path, Section("h", figure=CHART)).inline_shapes
    assert shape._inline.docPr.get("descr") == alt_text(CHART)
    assert shape._inline.docPr.get("name") == "Figure 1"
    assert shape.width.mm <= 164
    monkeypatch.setattr("qualcode.exporters.figures.png", lambda _: picture(100, 2000))
    (shape,) = written(tmp_path, Section("h", figure=CHART)).inline_shapes
    assert shape.height.mm <= 222
    assert abs(shape.height / shape.width - 20) < 0.1


def test_the_picture_that_the_extra_draws_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("resvg_py")
    monkeypatch.setattr("qualcode.exporters.figures.png", raster.png)
    (shape,) = written(tmp_path, Section("h", figure=CHART)).inline_shapes
    assert 50 < shape.width.mm <= 164


def test_text_in_a_right_to_left_script_runs_from_the_right(tmp_path: Path) -> None:
    paragraphs = ("مرحبا abc", "abc مرحبا", "12 שלום", "12")
    file = written(tmp_path, Section("h", paragraphs, Grid(("שלום",), ())))
    found = [each for each in file.paragraphs if each.style.name == "Normal"]
    assert [len([*each._p.iter(f"{W}bidi")]) for each in found] == [1, 0, 1, 0]
    assert [len([*each._p.iter(f"{W}rtl")]) for each in found] == [1, 0, 1, 0]
    (table,) = file.tables
    assert [*table._tbl.iter(f"{W}bidi")]


def test_a_text_of_forty_thousand_characters_is_whole(tmp_path: Path) -> None:
    long = "x" * 40_000
    section = Section("h", (long,), Grid(("a",), ((long,),)), quotes=(Quote("", long, ""),))
    file = written(tmp_path, section, title=long)
    assert [each.text for each in file.paragraphs].count(long) == 3
    assert file.tables[0].cell(1, 0).text == long


def test_the_page_is_a4_and_names_nobody(tmp_path: Path) -> None:
    file = written(tmp_path, TOLD, title="A \0 title\n of two lines")
    page, about = file.sections[0], file.core_properties
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert (about.title, about.language) == ("A ␀ title  of two lines", "en")
    assert {about.author, about.last_modified_by, about.comments} == {""}
    with zipfile.ZipFile(tmp_path / "t.docx") as package:
        assert not [name for name in package.namelist() if "thumbnail" in name]


def test_the_same_document_is_the_same_file(tmp_path: Path) -> None:
    written(tmp_path, TOLD)
    before = (tmp_path / "t.docx").read_bytes()
    written(tmp_path, TOLD)
    assert (tmp_path / "t.docx").read_bytes() == before
    with zipfile.ZipFile(io.BytesIO(before)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}


def test_rows_are_counted_and_a_table_without_columns_is_no_error(tmp_path: Path) -> None:
    empty = (Section("Nothing", grid=Grid((), ())), Section("No row", grid=Grid(("a",), ())))
    assert write_document(tmp_path / "t.docx", Document("", (TOLD, *empty))).rows == 2
    assert len(docx.Document(str(tmp_path / "t.docx")).tables) == 2


def test_without_the_extra_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.docx").write_bytes(b"old")
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtra) as error:
        write_document(tmp_path / "t.docx", Document("t", ()))
    assert error.value.hint == "pip install 'qualcode[docx]'"
    assert (tmp_path / "t.docx").read_bytes() == b"old"


def test_a_figure_that_cannot_be_drawn_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> bytes:
        raise InputError("too many series")

    (tmp_path / "t.docx").write_bytes(b"old")
    monkeypatch.setattr("qualcode.exporters.figures.png", refuse)
    with pytest.raises(InputError):
        write_document(tmp_path / "t.docx", Document("t", (TOLD,)))
    assert (tmp_path / "t.docx").read_bytes() == b"old"


@pytest.mark.parametrize(
    "row",
    [("a", "b"), ("x" * 500, "12.0"), ("word " * 90, "7 – 9"), tuple("abcdefghijkl")],
)
def test_a_table_is_no_wider_than_its_page(row: tuple[str, ...]) -> None:
    grid = Grid(tuple(f"column {n}" for n in range(len(row))), (row,))
    found = widths(grid, 9000)
    assert sum(found) <= 9000
    assert min(found) > 300


def test_words_give_way_and_numbers_do_not() -> None:
    wide = widths(Grid(("theme", "%"), (("word " * 90, "12.0 – 14.0"),)), 9000)
    narrow = widths(Grid(("theme", "%"), (("word", "12.0 – 14.0"),)), 9000)
    assert wide[1] == narrow[1]
    assert sum(wide) > 8900


def test_more_columns_have_smaller_letters() -> None:
    sizes = [points(Grid(tuple("x" * n), ())) for n in (3, 8, 12)]
    assert sizes == [9.0, 8.0, 7.0]
