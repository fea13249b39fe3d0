"""Reading a manuscript: .md, .txt, .html and .docx, from bytes to paragraphs and tables.

Only the standard library is used. Whatever the bytes are, the outcome is a manuscript or one
InputError with the source and, where there is one, the line.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from qualcode.audit.reading.docx import read_docx
from qualcode.audit.reading.html import read_html
from qualcode.audit.reading.markdown import read_markdown
from qualcode.audit.reading.plain import read_plain
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.audit.manuscript import Manuscript

LARGEST = 32 << 20
"""Bytes that a manuscript with pictures may have."""
LARGEST_TEXT = 8 << 20
"""Bytes that a manuscript of characters alone may have."""

_READERS: dict[str, Callable[[bytes, str], Manuscript]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".qmd": read_markdown,
    ".rmd": read_markdown,
    ".txt": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
}
ENDINGS = (".md", ".txt", ".html", ".docx")
"""The endings that are promised; others of the same formats are read as well."""


def read_manuscript(content: bytes, source: str) -> Manuscript:
    """The manuscript in `content`; the ending of `source` says in which format it is.

    Raises InputError for another ending, a file that is too large, or one that is not what its
    ending says.
    """
    ending = PurePath(source).suffix.lower()
    reader = _READERS.get(ending)
    if reader is None:
        raise InputError(
            "a manuscript of this kind cannot be read",
            source=source,
            hint=f"the endings are {', '.join(ENDINGS)}",
        )
    largest = LARGEST if ending in {".docx", ".html", ".htm"} else LARGEST_TEXT
    if len(content) > largest:
        raise InputError(f"a manuscript of more than {largest >> 20} MB", source=source)
    return reader(content, source)
