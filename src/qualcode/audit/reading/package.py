"""The parts of a Word document, read so that no file can exhaust the memory."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.parsers import expat

from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Begin = Callable[[str, Mapping[str, str]], None]
    End = Callable[[str], None]
    Text = Callable[[str], None]

LARGEST_PART = 64 << 20
"""Bytes that one part may unpack to."""

_MAIN = "word/document.xml"
_OFFICE_DOCUMENT = "/relationships/officeDocument"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)
"""What the standard library raises on a damaged archive, or one of a kind that it cannot read."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


class Package:
    """The archive that a .docx is; `source` names it in errors."""

    def __init__(self, content: bytes, source: str) -> None:
        self._source = source
        if content.startswith(_OLD_OFFICE):
            raise InputError(
                "this is an old Word document, or one with a password",
                source=source,
                hint="save it as .docx without a password",
            )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._members = {member.filename: member for member in self._archive.infolist()}
        except _BROKEN:
            raise self._refused("this is not a Word document, or it is damaged") from None
        self.main = self._main()

    def beside(self, name: str) -> str:
        """The part called `name` in the folder of the document, empty if there is none."""
        path = posixpath.join(posixpath.dirname(self.main), name)
        return path if path in self._members else ""

    def parse(self, name: str, begin: Begin, end: End, text: Text) -> None:
        """Follow the elements of a part by their local names.

        Raises InputError for a part that is too large, broken, or declares entities.
        """
        content = self._read(name)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._no_doctype
        parser.StartElementHandler = lambda tag, attributes: begin(
            _local(tag), {_local(key): value for key, value in attributes.items()}
        )
        parser.EndElementHandler = lambda tag: end(_local(tag))
        parser.CharacterDataHandler = text
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            line = getattr(error, "lineno", 1)
            raise self._refused(f"the part {name} is not sound XML (line {line})") from None

    def _read(self, name: str) -> bytes:
        member = self._members[name]
        if member.flag_bits & 1:
            raise self._refused("the document is locked with a password")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise self._refused("the document is packed in an unusual way")
        try:
            with self._archive.open(member) as file:
                content = file.read(LARGEST_PART + 1)
        except _BROKEN:
            raise self._refused(f"the part {name} is damaged") from None
        if len(content) > LARGEST_PART:
            raise self._refused(f"the part {name} unpacks to more than {LARGEST_PART >> 20} MB")
        return content

    def _main(self) -> str:
        """Give the part that holds the text, which the package names."""
        named: list[str] = []

        def begin(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "Relationship" and attributes.get("Type", "").endswith(_OFFICE_DOCUMENT):
                named.append(attributes.get("Target", "").lstrip("/"))

        if "_rels/.rels" in self._members:
            self.parse("_rels/.rels", begin, lambda _: None, lambda _: None)
        found = next((name for name in [*named, _MAIN] if name in self._members), "")
        if not found:
            raise self._refused("this is a zip archive but not a Word document")
        return found

    def _no_doctype(self, *_: object) -> None:
        raise self._refused("the document declares entities, which no word processor does")

    def _refused(self, message: str) -> InputError:
        return InputError(message, source=self._source)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
