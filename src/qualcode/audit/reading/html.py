"""A web page: what a reader sees of it, as paragraphs and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from qualcode.audit.reading.collecting import Collector
from qualcode.audit.reading.decoding import decoded, resolved
from qualcode.audit.reading.grid import Spanning, laid_out
from qualcode.audit.reading.tags import without_hidden

if TYPE_CHECKING:
    from qualcode.audit.manuscript import Kind, Manuscript, Place, Table

_CHARSET = re.compile(rb"""(?:charset|encoding)\s{0,5}=\s{0,5}["']?([\w-]{1,30})""", re.IGNORECASE)
_KNOWN_CHARSETS = {
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "macintosh": "mac-roman",
}
_BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section
    summary table ul
    """.split()  # noqa: SIM905
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STRUCK = frozenset({"del", "s", "strike"})
_LONGEST_MARK = 3
_DEEPEST_TABLE = 50


def read_html(content: bytes, source: str) -> Manuscript:
    """The manuscript; scripts, drawings and what is struck out are no part of it.

    Raises InputError where the bytes are not a page that can be read.
    """
    named = _CHARSET.search(content[:4096])
    codec = _KNOWN_CHARSETS.get(named[1].decode("ascii").lower(), "utf-8") if named else "utf-8"
    return _parsed(decoded(content, source, codec), source).manuscript()


def tables_in(page: str, source: str) -> list[Table]:
    """The tables of a piece of a page."""
    return _parsed(page, source).found_tables


class _Gathered(Collector):
    """Remembers the tables by themselves, too."""

    def __init__(self, source: str) -> None:
        super().__init__(source, has_lines=False)
        self.found_tables: list[Table] = []

    def table(self, table: Table) -> None:
        super().table(table)
        if table.rows:
            self.found_tables.append(table)


def _parsed(page: str, source: str) -> _Gathered:
    found = _Gathered(source)
    parser = _Parser(found)
    parser.feed(without_hidden(page, source))
    parser.close()
    parser.finish()
    return found


@dataclass(slots=True)
class _OpenTable:
    """A table whose end has not come yet; `cell` is None between cells."""

    place: Place
    rows: list[list[Spanning]] = field(default_factory=list)
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    caption: list[str] = field(default_factory=list)
    in_caption: bool = False
    in_head: bool = False
    headers: int = 0
    only_headers: bool = True
    is_row_open: bool = False

    def close_cell(self) -> None:
        if self.cell is not None:
            self.rows[-1].append(Spanning(_spaced(self.cell), *self.spans))
            self.cell = None

    def close_row(self) -> None:
        """Count the row to the header if it belongs to it and all above do."""
        self.close_cell()
        if not self.is_row_open:
            return
        self.is_row_open = False
        if not self.rows[-1]:
            self.rows.pop()
        elif (self.in_head or self.only_headers) and self.headers == len(self.rows) - 1:
            self.headers = len(self.rows)

    def open_row(self) -> None:
        self.rows.append([])
        self.is_row_open = self.only_headers = True


class _Parser(HTMLParser):
    """Follows the tags; text goes to the innermost open cell, else to the open paragraph."""

    def __init__(self, found: _Gathered) -> None:
        super().__init__(convert_charrefs=False)
        self._found = found
        self._text: list[str] = []
        self._kind: Kind = "text"
        self._level = 0
        self._quoted = self._struck = 0
        self._raised: list[tuple[list[str], int]] = []
        self._tables: list[_OpenTable] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _STRUCK:
            self._struck += 1
        elif tag == "sup":
            self._raised.append((self._target(), len(self._target())))
        elif tag == "q":
            self.handle_data("“")
        elif tag == "br":
            self.handle_data(" ")
        elif tag in {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}:
            self._open_in_table(tag, dict(attrs))
        elif tag in _BLOCKS:
            self._open_block(tag)
            if "note" in (dict(attrs).get("class") or "").split():
                self._kind = "note"

    def handle_endtag(self, tag: str) -> None:
        if tag in _STRUCK:
            self._struck = max(0, self._struck - 1)
        elif tag == "sup":
            self._drop_mark()
        elif tag == "q":
            self.handle_data("”")
        elif tag in {"table", "caption", "thead", "tr", "td", "th"}:
            self._close_in_table(tag)
        elif tag in _BLOCKS:
            self._break()
            if tag == "blockquote":
                self._quoted = max(0, self._quoted - 1)

    def handle_data(self, data: str) -> None:
        if not self._struck:
            self._target().append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(resolved(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self.handle_data(resolved(f"&#{name};"))

    def finish(self) -> None:
        """Close what the page left open."""
        while self._tables:
            self._close_in_table("table")
        self._break()

    def _target(self) -> list[str]:
        if self._tables:
            table = self._tables[-1]
            if table.in_caption:
                return table.caption
            if table.cell is not None:
                return table.cell
        return self._text

    def _drop_mark(self) -> None:
        """Take back a raised mark, such as that of a footnote, which would read as a digit."""
        if self._raised:
            target, since = self._raised.pop()
            if len("".join(target[since:]).strip()) <= _LONGEST_MARK:
                del target[since:]

    def _open_block(self, tag: str) -> None:
        self._break()
        self._quoted += tag == "blockquote"
        self._level = _HEADINGS.get(tag, 0)
        if self._level:
            self._kind = "heading"
        elif tag == "figcaption":
            self._kind = "caption"

    def _break(self) -> None:
        """End the paragraph; within a cell, only the word."""
        if self._target() is not self._text:
            self._target().append(" ")
            return
        kind: Kind = "quotation" if self._quoted and self._kind == "text" else self._kind
        self._found.paragraph(_spaced(self._text), kind=kind, level=self._level)
        self._text.clear()
        self._kind, self._level = "text", 0

    def _open_in_table(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "table":
            if len(self._tables) < _DEEPEST_TABLE:
                self._break()
                self._tables.append(_OpenTable(self._found.next_table()))
            return
        if not self._tables:
            return
        table = self._tables[-1]
        if tag == "caption":
            table.in_caption = True
        elif tag in {"td", "th"}:
            self._open_cell(table, tag, attributes)
        else:
            table.close_row()
            if tag == "tr":
                table.open_row()
            else:
                table.in_head = tag == "thead"

    @staticmethod
    def _open_cell(table: _OpenTable, tag: str, attributes: dict[str, str | None]) -> None:
        table.close_cell()
        if not table.is_row_open:
            table.open_row()
        table.only_headers = table.only_headers and tag == "th"
        table.spans = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        table.cell = []

    def _close_in_table(self, tag: str) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        if tag == "caption":
            table.in_caption = False
        elif tag in {"td", "th"}:
            table.close_cell()
        else:
            table.close_row()
            table.in_head = table.in_head and tag != "thead"
        if tag == "table":
            self._tables.pop()
            caption = _spaced(table.caption)
            self._found.paragraph(caption, kind="caption")
            self._found.table(
                laid_out(table.rows, table.place, self._found.source, table.headers, caption)
            )


def _spaced(parts: list[str]) -> str:
    return re.sub(r"[ \t\n\r\f]+", " ", "".join(parts)).strip()


def _span(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 5 else 1  # noqa: PLR2004
