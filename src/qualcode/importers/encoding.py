"""Which encoding a text file is in, decided by reading all of it once."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Locate = Callable[[str], tuple[int | None, str | None]]
    """From a codec to the row and the column of the first mark that decoding left."""

MARK = "\udfff"
"""Stands where a byte could not be decoded, under the error handler of the same name."""
MARKING = "qualcode.mark"

_CHUNK = 1 << 20
_LONGEST_LINE = 256 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "a zip archive (an .xlsx workbook under another name?)"),
    (b"\xd0\xcf\x11\xe0", "an old or a locked Office document"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b"))


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec and, where it is not the usual one, a note that names it."""

    codec: str
    note: str = ""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARK, error.end


codecs.register_error(MARKING, _mark)


def find_encoding(path: Path, locate: Locate, *, may_be_old: bool = True) -> Encoding:
    """The encoding of the text file at `path`.

    A byte-order mark decides; then zero bytes at every second place (UTF-16); then strict
    UTF-8 over the whole file; then, if it `may_be_old`, cp1252. `locate` finds the place of
    the first bad byte.

    Raises InputError for an empty or a binary file and for bytes that no encoding explains.
    """
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    _refuse_other_kinds(path, start)
    codec = next((codec for bom, codec in _BOMS if start.startswith(bom)), "")
    codec = codec or _utf16_without_mark(start)
    if codec:
        _refuse_undecodable(path, codec, locate)
        return Encoding(codec, "" if codec == "utf-8-sig" else f"read as {codec.upper()}")
    if start.count(0) * 10 > len(start) * 7:
        raise InputError("this is not a text file", source=path)
    if _first_bad_byte(path, "utf-8") is None:
        return Encoding("utf-8-sig")
    if not may_be_old or _is_mostly_utf8(path):
        _refuse_undecodable(path, "utf-8", locate)
    if start.translate(None, _CONTROLS) != start:
        raise InputError("this is not a text file", source=path)
    _refuse_undecodable(path, "cp1252", locate)
    return Encoding("cp1252", "read as Windows-1252 (cp1252), because it is not UTF-8")


def _refuse_other_kinds(path: Path, start: bytes) -> None:
    if not start:
        raise InputError("the file is empty", source=path)
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            raise InputError(f"this is {kind}, not a text file", source=path)


def _utf16_without_mark(start: bytes) -> str:
    even, odd = start[::2], start[1::2]
    if not odd:
        return ""
    zero_even, zero_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    rare, usual = 0.01, 0.4
    if zero_odd > usual and zero_even < rare:
        return "utf-16-le"
    if zero_even > usual and zero_odd < rare:
        return "utf-16-be"
    return ""


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file; a line that would not fit into memory is refused."""
    since_line_end = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since_line_end = since_line_end + len(chunk) if end < 0 else len(chunk) - end
            if since_line_end > _LONGEST_LINE:
                raise InputError(f"a line of more than {_LONGEST_LINE >> 20} MB", source=path)
            yield chunk


def _first_bad_byte(path: Path, codec: str) -> int | None:
    """How many bytes stand before the first that `codec` cannot read; None if there is none."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    done = 0
    try:
        for chunk in _chunks(path):
            waiting = len(decoder.getstate()[0])
            decoder.decode(chunk)
            done += len(chunk)
        waiting = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return done - waiting + error.start
    return None


def _is_mostly_utf8(path: Path) -> bool:
    """Whether more characters beyond ASCII are sound UTF-8 than not."""
    decoder = codecs.getincrementaldecoder("utf-8")(MARKING)
    sound = broken = 0
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        marks = text.count(MARK)
        broken += marks
        sound += len(text) - marks - len(text.encode("ascii", "ignore"))
    return sound > broken


def _refuse_undecodable(path: Path, codec: str, locate: Locate) -> None:
    offset = _first_bad_byte(path, codec)
    if offset is None:
        return
    with path.open("rb") as file:
        file.seek(offset)
        bad = file.read(1)
    row, column = locate(codec)
    shown = f"byte {offset + 1} of the file (0x{bad.hex()})" if bad else "the end of the file"
    raise InputError(
        f"{shown} is not {codec.upper().removesuffix('-SIG')}",
        source=path,
        row=row,
        column=column,
        hint="save the file as UTF-8",
    )
