"""The bytes of a text file as text, or one clear error."""

from __future__ import annotations

import codecs
import re
from html import unescape

from qualcode.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "a zip archive (a Word document under another name?)"),
    (b"\xd0\xcf\x11\xe0", "an old or a locked Office document"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
)
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_OVERLONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,})")


def decoded(content: bytes, source: str, codec: str = "utf-8") -> str:
    """The text of a file, with line ends as newlines; `codec` is what holds without a mark.

    Raises InputError for an empty or a binary file and, with its line, for the first byte that
    cannot be read.
    """
    if not content:
        raise InputError("the file is empty", source=source)
    for magic, kind in _OTHER_KINDS:
        if content.startswith(magic):
            raise InputError(f"this is {kind}, not a text file", source=source)
    codec = next((named for bom, named in _BOMS if content.startswith(bom)), codec)
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start + 1} of the file is not {codec.upper().removesuffix('-SIG')}",
            source=source,
            row=content.count(b"\n", 0, error.start) + 1,
            hint="save the file as UTF-8",
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _BINARY.search(text):
        raise InputError(
            f"this is not a text file (it holds U+{ord(found[0]):04X})",
            source=source,
            row=text.count("\n", 0, found.start()) + 1,
        )
    if not text.strip():
        raise InputError("the file holds no text", source=source)
    return text


def resolved(text: str) -> str:
    """`text` with its character references resolved, but for numbers that are no character."""
    return unescape(_OVERLONG_REFERENCE.sub("\N{REPLACEMENT CHARACTER}", text))
