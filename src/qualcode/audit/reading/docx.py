"""A Word document: paragraphs, tables, footnotes; what was deleted or is hidden is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.audit.reading.collecting import Collector
from qualcode.audit.reading.grid import Spanning, laid_out
from qualcode.audit.reading.package import Package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qualcode.audit.manuscript import Kind, Manuscript, Place

_HEADING = re.compile(r"heading\s?([1-9])")
_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText"})
_WORDS = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})
_LONGEST_MARK = 3
_NOTES = (("footnotes.xml", "footnotes"), ("endnotes.xml", "endnotes"))


def read_docx(content: bytes, source: str) -> Manuscript:
    """The manuscript; footnotes and endnotes follow the text.

    Raises InputError for what is no Word document, is damaged, or would exhaust the memory.
    """
    package = Package(content, source)
    styles = _styles(package)
    found = Collector(source, has_lines=False)
    _read_part(package, package.main, found, styles)
    for name, part in _NOTES:
        if path := package.beside(name):
            found.restart(part)
            _read_part(package, path, found, styles)
    return found.manuscript()


def _read_part(package: Package, path: str, found: Collector, styles: Mapping[str, str]) -> None:
    reader = _Reader(found, styles)
    package.parse(path, reader.begin, reader.end, reader.text)


def _styles(package: Package) -> dict[str, str]:
    """Give the names of the styles, in lower case, under their ids."""
    names: dict[str, str] = {}
    open_style = [""]

    def begin(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "style":
            open_style[0] = attributes.get("styleId", "")
        elif tag == "name" and open_style[0]:
            names.setdefault(open_style[0], attributes.get("val", "").lower())

    if path := package.beside("styles.xml"):
        package.parse(path, begin, lambda _: None, lambda _: None)
    return names


@dataclass(slots=True)
class _OpenParagraph:
    text: list[str] = field(default_factory=list)
    style: str = ""
    level: int = 0


@dataclass(slots=True)
class _OpenCell:
    text: list[str] = field(default_factory=list)
    columns: int = 1
    merge: str = ""  # "restart", or "continue" for a cell that belongs to the one above


@dataclass(slots=True)
class _OpenTable:
    place: Place
    rows: list[list[_OpenCell]] = field(default_factory=list)
    headers: int = 0


class _Reader:
    """Follows the elements of a part and hands its paragraphs and tables to `found`."""

    def __init__(self, found: Collector, styles: Mapping[str, str]) -> None:
        self._found = found
        self._styles = styles
        self._paragraphs: list[_OpenParagraph] = []
        self._tables: list[_OpenTable] = []
        self._cells: list[_OpenCell] = []
        self._run: list[str] = []
        self._in_run = self._is_raised = self._is_hidden = False
        self._in_text = False
        self._left_out = 0

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._left_out += tag in _LEFT_OUT
        if self._left_out:
            return
        if tag == "p":
            self._paragraphs.append(_OpenParagraph())
        elif tag == "r":
            self._flush_run()
            self._in_run = True
        elif tag == "t":
            self._in_text = True
        elif tag in _WORDS and self._paragraphs:
            self._run.append(_WORDS[tag])
        elif tag in {"tbl", "tr", "tc", "gridSpan", "vMerge", "tblHeader", "gridBefore"}:
            self._begin_in_table(tag, attributes.get("val", ""))
        else:
            self._property(tag, attributes.get("val", ""))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in _LEFT_OUT:
            self._left_out -= 1
        if self._left_out:
            return
        if tag == "t":
            self._in_text = False
        elif tag == "r":
            self._flush_run()
            self._in_run = False
        elif tag == "p":
            self._flush_run()
            self._close_paragraph()
        elif tag == "tc" and len(self._cells) > 0:
            self._cells.pop()
        elif tag == "tbl" and self._tables:
            self._close_table(self._tables.pop())

    def text(self, data: str) -> None:
        """Characters come."""
        if self._in_text and not self._left_out:
            self._run.append(data)

    def _property(self, tag: str, value: str) -> None:
        """What is said of the run or of the paragraph."""
        if tag == "vertAlign" and self._in_run:
            self._is_raised = value == "superscript"
        elif tag == "vanish" and self._in_run:
            self._is_hidden = value not in _OFF
        elif self._paragraphs and tag == "pStyle":
            self._paragraphs[-1].style = self._styles.get(value, value.lower())
        elif self._paragraphs and tag == "outlineLvl" and value.isascii() and value.isdigit():
            level = int(value[:3]) + 1
            self._paragraphs[-1].level = level if level < 10 else 0  # noqa: PLR2004

    def _flush_run(self) -> None:
        text = "".join(self._run)
        self._run.clear()
        is_mark = self._is_raised and len(text.strip()) <= _LONGEST_MARK
        if text and self._paragraphs and not is_mark and not self._is_hidden:
            self._paragraphs[-1].text.append(text)
        self._is_raised = self._is_hidden = False

    def _close_paragraph(self) -> None:
        if not self._paragraphs:
            return
        closed = self._paragraphs.pop()
        text = " ".join("".join(closed.text).split(" "))
        if self._cells:
            self._cells[-1].text.append(text)
            return
        kind, level = _kind(closed)
        self._found.paragraph(text, kind=kind, level=level)

    def _begin_in_table(self, tag: str, value: str) -> None:
        if tag == "tbl":
            self._tables.append(_OpenTable(self._found.next_table()))
        elif self._tables and tag == "tr":
            self._tables[-1].rows.append([])
        elif self._tables and self._tables[-1].rows:
            self._begin_in_row(self._tables[-1], tag, value)

    def _begin_in_row(self, table: _OpenTable, tag: str, value: str) -> None:
        row = table.rows[-1]
        if tag == "tc":
            row.append(_OpenCell())
            self._cells.append(row[-1])
        elif tag == "tblHeader" and table.headers == len(table.rows) - 1 and value not in _OFF:
            table.headers = len(table.rows)
        elif tag == "gridBefore":
            row.append(_OpenCell(columns=_number(value)))
        elif tag == "gridSpan" and row:
            row[-1].columns = _number(value)
        elif tag == "vMerge" and row:
            row[-1].merge = value or "continue"

    def _close_table(self, table: _OpenTable) -> None:
        rows = _merged(table.rows)
        self._found.table(laid_out(rows, table.place, self._found.source, table.headers))


def _kind(paragraph: _OpenParagraph) -> tuple[Kind, int]:
    style = paragraph.style
    if found := _HEADING.fullmatch(style):
        return "heading", int(found[1])
    if style in {"title", "abstract title", "abstracttitle"}:
        return "heading", 1
    if paragraph.level:
        return "heading", paragraph.level
    if "caption" in style:
        return "caption", 0
    if "note" in style and "foot" not in style and "end" not in style:
        return "note", 0
    return ("quotation", 0) if "quote" in style or "block text" in style else ("text", 0)


def _merged(rows: list[list[_OpenCell]]) -> list[list[Spanning]]:
    """Give the cells of each row, those merged downwards once, with the rows that they take."""
    found: list[list[Spanning]] = []
    owners: dict[int, tuple[int, int]] = {}
    for row in rows:
        column = 0
        found.append([])
        for cell in row:
            if cell.merge == "continue" and column in owners:
                r, c = owners[column]
                above = found[r][c]
                found[r][c] = Spanning(above.text, above.columns, above.rows + 1)
            else:
                owners[column] = len(found) - 1, len(found[-1])
                found[-1].append(Spanning(" ".join(cell.text).strip(), cell.columns))
            column += cell.columns
    return found


def _number(value: str) -> int:
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 4 else 1  # noqa: PLR2004
