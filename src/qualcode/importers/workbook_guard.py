"""A look into an .xlsx before it is opened: what would exhaust memory, what would be lost.

The reader lays a sheet out as a full rectangle, so two far cells in a small file can ask for
hundreds of gigabytes and end the process; here such a file becomes an error.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.importers.table import letters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_CONTENT = 4 << 30
"""Bytes that a workbook may unpack to."""
LARGEST_SHEET = 100_000_000
"""Cells that the rectangle of one sheet may have."""

_CHUNK = 1 << 20
_LONGEST_ROW = 8 << 20
_FILLED = re.compile(
    rb"""<(?:\w+:)?(?:c|row)\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]*)(\d{1,12})\d*["'][^>]*(?<!/)>"""
)
_COLUMN = re.compile(rb' r="([A-Za-z]+)')
_ROW = re.compile(rb' r="[A-Za-z]*(\d{1,12})')
_UNUSUAL = (
    (b"=", b"r ="),
    (b"'", b"r='"),
    *((space, sign) for space in (b"\n", b"\t", b"\r") for sign in (b"r" + space, space + b"r")),
)
"""Addresses that the two do not see; first a byte without which none is there, found faster."""
_FAR = re.compile(rb' r="(?:[A-Za-z]{2}|[A-Za-z]?\d{7})')
"""An address beyond column Z or row 999,999: most sheets have none, which is soon known."""
_NEAR_ROWS, _NEAR_COLUMNS = 999_999, 26
_FORMULA_OR_ERROR = ((b"<f", b"<f"), (b":", b":f"), (b'"e"', b'"e"'), (b"'", b"'e'"))
_LOST = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?r=["'](\w+)["'](?:[^>]*?\st=["']e["'][^>]*>|[^>]*>\s*"""
    rb"""<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>|</(?:\w+:)?c>))"""
)


@dataclass(slots=True)
class Lost:
    """Cells of a workbook that show something in a spreadsheet and have no value to read.

    They hold a formula that failed or one whose result was not stored; `first` is a cell.
    """

    count: int = 0
    first: str = ""


def inspect(path: Path) -> Lost:
    """The cells of a workbook that have no value to read.

    Raises InputError for what is no workbook and for one that is too large to open.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > LARGEST_CONTENT:
                raise InputError("the workbook unpacks to more than 4 GB", source=path)
            lost = Lost()
            for member in members:
                if member.filename.lower().endswith(".xml"):
                    _inspect_part(archive, member, lost)
            return lost
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(
            "this is not an .xlsx workbook, or it is damaged or locked",
            source=path,
            hint="open it in a spreadsheet program and save it as .xlsx or .csv",
        ) from error


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, lost: Lost) -> None:
    """Add to `lost` what the part holds; InputError if its cells lie too far apart.

    A quick look overestimates; only where that is too much each tag is read.
    """
    rows = columns = 0
    for content in _whole_tags(archive, part):
        if _has_any(content, _FORMULA_OR_ERROR):
            for match in _LOST.finditer(content):
                lost.count += 1
                lost.first = lost.first or match[1].decode("ascii", "replace")
        if _has_any(content, _UNUSUAL):
            rows = columns = LARGEST_SHEET
        elif _FAR.search(content):
            rows = max(rows, *map(int, set(_ROW.findall(content))), 0)
            columns = max(columns, *map(_number, set(_COLUMN.findall(content))), 0)
        elif b' r="' in content:
            rows, columns = max(rows, _NEAR_ROWS), max(columns, _NEAR_COLUMNS)
    if rows * columns > LARGEST_SHEET:
        _refuse_far_cells(archive, part)


def _has_any(content: bytes, signs: tuple[tuple[bytes, bytes], ...]) -> bool:
    return any(byte in content and sign in content for byte, sign in signs)


def _refuse_far_cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    rows = columns = 0
    for content in _whole_tags(archive, part):
        for column, row in set(_FILLED.findall(content)):
            rows, columns = max(rows, int(row)), max(columns, _number(column))
    if rows * columns > LARGEST_SHEET:
        raise InputError(
            f"a sheet reaches to cell {letters(columns - 1)}{rows}, too far to be read",
            source=archive.filename or "",
            row=rows,
            column=letters(columns - 1),
            hint="delete what stands outside the table",
        )


def _whole_tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content in parts that end where a row does, or at the end of a tag in a long row."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            content = rest + chunk
            end = content.rfind(b"</row>") + len(b"</row>")
            if end < len(b"</row>"):
                end = content.rfind(b">") + 1 if len(content) > _LONGEST_ROW else 0
            rest = content[end:]
            yield content[:end]
    yield rest


def _number(column: bytes) -> int:
    number = 0
    for letter in column.upper()[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number
