"""A document as a Word file, by the extra ``docx``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from qualcode.errors import MissingExtra
from qualcode.exporters.atomic import replacing
from qualcode.exporters.table import Written

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.exporters.documents import Document


def write(path: Path, document: Document) -> Written:
    """Write `document` on A4, its headings, captions, quotes and tables in styles of Word.

    Raises MissingExtra where python-docx is not installed, and for a figure where nothing is
    there that makes a picture of it.
    """
    if find_spec("docx") is None:
        raise MissingExtra("a Word document", "docx")
    from qualcode.exporters.documents.word import packed  # noqa: PLC0415 - it needs the extra

    with replacing(path) as file:
        file.write(packed(document))
    return Written(sum(len(each.grid.rows) for each in document.sections if each.grid))
