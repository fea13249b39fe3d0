"""What a Word file holds: styles, paragraphs, tables and pictures, by python-docx.

Text is text: it makes no field, no link out of the file and no macro. Control characters are shown
as visible ones, and what begins in a right-to-left script runs from the right. The same document
gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import docx
from docx.shared import Emu, Mm

from qualcode.exporters.documents.parts import described, pixels, together
from qualcode.exporters.documents.sheets import seen
from qualcode.exporters.documents.widths import points, widths
from qualcode.exporters.documents.wordml import cell, element, paragraph, restyled, row
from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docx.document import Document as File

    from qualcode.exporters.documents import Document, Grid, Quote, Section
    from qualcode.exporters.figures import Figure

_PAPER = Mm(210), Mm(297)
_MARGIN = Mm(23)
_ROOM = Mm(210 - 2 * 23), Mm(297 - 2 * 23 - 30)
"""What a picture may take, with its caption on the same page."""

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - python-docx takes it as UTC
_PACKED = (1980, 1, 1, 0, 0, 0)
_LONGEST_TITLE = 255


@dataclass(frozen=True, slots=True)
class _Pages:
    """A file that is being written; `marks` are the bookmarks of the names of cells."""

    file: File
    marks: Mapping[str, str]
    tables: Iterator[int] = field(default_factory=lambda: count(1))
    figures: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, *elements: Any) -> None:
        """Put elements at the end."""
        for each in elements:
            self.file.element.body.sectPr.addprevious(each)


def packed(document: Document) -> bytes:
    """The file."""
    pages = _Pages(_new(document.title), _marks(document))
    pages.add(paragraph("Title", document.title))
    for section in document.sections:
        _add_section(pages, section)
    saved = io.BytesIO()
    pages.file.save(saved)
    return _dated(saved)


def _new(title: str) -> File:
    file = docx.Document()
    restyled(file.styles.element)
    page, about = file.sections[0], file.core_properties
    page.page_width, page.page_height = _PAPER
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    about.title = seen(one_line(title))[:_LONGEST_TITLE]
    about.author = about.last_modified_by = about.comments = ""
    about.language = "en"
    about.created = about.modified = _MADE
    _drop_preview(file)
    return file


def _drop_preview(file: File) -> None:
    """Take the picture of an empty page out, which the template of python-docx has."""
    relations = file.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[name]


def _marks(document: Document) -> dict[str, str]:
    grids = (section.grid for section in document.sections if section.grid)
    names = dict.fromkeys(name for grid in grids for _, _, name in grid.names)
    return {name: f"cell_{number}" for number, name in enumerate(names, 1)}


def _add_section(pages: _Pages, section: Section) -> None:
    pages.add(paragraph("Heading1", section.heading))
    pages.add(*(paragraph("Normal", words, marks=pages.marks) for words in section.paragraphs))
    if section.grid and section.grid.columns:
        _add_table(pages, section.heading, section.grid)
    if section.figure:
        _add_figure(pages, section.figure)
    for under, quotes in together(section):
        _add_quotes(pages, under, quotes)
    pages.add(*(paragraph("Note", note) for note in section.notes))


def _add_table(pages: _Pages, caption: str, grid: Grid) -> None:
    room = _ROOM[0].twips
    sizes, size = widths(grid, room), points(grid)
    rights = [grid.is_numeric(place) for place in range(len(grid.columns))]
    names = {(number, column): name for number, column, name in grid.names}
    table = element(
        "tbl",
        element(
            "tblPr",
            element("tblStyle", val="ReportTable"),
            element("tblW", w=sum(sizes), type="dxa"),
            element("tblLayout", type="autofit"),
            element("tblLook", val="0020", firstRow="1"),
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in sizes)),
        _row(grid.columns, sizes, rights, size, is_header=True),
    )
    for number, cells in enumerate(grid.rows):
        marks = [pages.marks.get(names.get((number, at), ""), "") for at in range(len(cells))]
        table.append(_row(cells, sizes, rights, size, marks))
    pages.add(paragraph("Caption", f"Table {next(pages.tables)}. {caption}"))
    pages.add(table, paragraph("Note", ""))


def _row(
    cells: Sequence[str],
    sizes: Sequence[int],
    rights: Sequence[bool],
    size: float,
    marks: Sequence[str] = (),
    *,
    is_header: bool = False,
) -> Any:
    found = [
        cell(text, width, size, mark, is_right=is_right, is_bold=is_header)
        for text, width, is_right, mark in zip(
            cells, sizes, rights, marks or [""] * len(cells), strict=True
        )
    ]
    return row(found, is_header=is_header)


def _add_figure(pages: _Pages, figure: Figure) -> None:
    number = next(pages.figures)
    pages.add(paragraph("Caption", f"Figure {number}. {figure.title}"))
    run = pages.file.add_paragraph().add_run()
    picture = run.add_picture(io.BytesIO(pixels(figure)))
    scale = min(1.0, _ROOM[0] / picture.width, _ROOM[1] / picture.height)
    picture.width, picture.height = (
        Emu(int(picture.width * scale)),
        Emu(int(picture.height * scale)),
    )
    (about,) = run.element.xpath(".//wp:docPr")
    about.set("name", f"Figure {number}")
    about.set("descr", seen(described(figure)))


def _add_quotes(pages: _Pages, under: str, quotes: Sequence[Quote]) -> None:
    if under:
        pages.add(paragraph("Heading2", under))
    for quote in quotes:
        pages.add(paragraph("Quote", quote.text))
        if quote.by:
            pages.add(paragraph("QuoteSource", f"— {quote.by}"))


def _dated(saved: io.BytesIO) -> bytes:
    """Pack what was saved as if it had been packed at one fixed time."""
    packed_again = io.BytesIO()
    with (
        zipfile.ZipFile(saved) as before,
        zipfile.ZipFile(packed_again, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _PACKED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return packed_again.getvalue()
