"""The words of a file as somebody could copy them out of it, whatever its format."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from qualcode.errors import InputError, NotFound, QualcodeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LARGEST = 64 << 20
"""Bytes that a file, or what is packed in it, may have."""

_TAG = re.compile(r"<!--|-->|<[^<>]*>")
_INLINE = re.compile(
    r"</?(?:a|b|i|em|strong|span|sup|sub|mark|small|bdi|tspan|w:r|w:t|r|t)\b[^<>]*>"
)
_TEX_LETTERS = {
    r"\textquotesingle": "'",
    r"\textbackslash": "\\",
    r"\textasciicircum": "^",
    r"\textasciitilde": "~",
    r"\textless": "<",
    r"\textgreater": ">",
    r"\textbar": "|",
}
_TEX_BREAK = re.compile(r"\\allowbreak(?:\{\})?%\n")
_TEX_NAMED = re.compile(r"(\\text[a-z]+)\{\}")
_TEX_CHARACTER = re.compile(r"\{\\char34\}")
_TEX_ESCAPED = re.compile(r"\\([{}$&#%_])|\{([\[\]*]?)\}")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]+\*?")


def words_of(path: Path) -> str:
    """The text of a file. Raises `NotFound`, and `InputError` for what cannot be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except OSError as error:
        raise QualcodeError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > LARGEST:
        raise InputError(f"more than {LARGEST >> 20} MB", source=path)
    if content.startswith(b"PK\x03\x04"):
        return "\n".join(_packed(content, path))
    read = _READERS.get(path.suffix.lower(), str)
    return read(content.decode("utf-8", errors="replace"))


def _packed(content: bytes, path: Path) -> Iterator[str]:
    """Give the text of every part of a Word document, a workbook or the like."""
    room = LARGEST
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if not member.filename.endswith((".xml", ".html", ".xhtml", ".txt")):
                    continue
                with archive.open(member) as part:
                    text = part.read(room + 1)
                room -= len(text)
                if room < 0:
                    raise InputError(f"unpacks to more than {LARGEST >> 20} MB", source=path)
                yield _marked_up(text.decode("utf-8", errors="replace"))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError("is damaged, or locked with a password", source=path) from error


def _marked_up(text: str) -> str:
    return html.unescape(_TAG.sub(" ", _INLINE.sub("", text)))


def _tex(text: str) -> str:
    text = _TEX_BREAK.sub("", text)
    text = _TEX_NAMED.sub(lambda found: _TEX_LETTERS.get(found[1], " "), text)
    text = _TEX_CHARACTER.sub('"', text)
    text = _TEX_ESCAPED.sub(lambda found: found[1] or found[2] or "", text)
    return _TEX_COMMAND.sub(" ", text)


def _json(text: str) -> str:
    try:
        return "\n".join(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        return text


def _json_lines(text: str) -> str:
    return "\n".join(_json(line) for line in text.splitlines())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield str(name)
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>#|~&$^@])")


def _markdown(text: str) -> str:
    return _marked_up(_ESCAPED.sub(lambda found: html.escape(found[1]), text).replace("\n> ", "\n"))


_READERS: dict[str, Callable[[str], str]] = {
    ".html": _marked_up,
    ".htm": _marked_up,
    ".svg": _marked_up,
    ".xml": _marked_up,
    ".md": _markdown,
    ".qmd": _markdown,
    ".rmd": _markdown,
    ".tex": _tex,
    ".json": _json,
    ".jsonl": _json_lines,
}
