"""Reports: a document of headed sections, and the forms that it can be given.

A form is a module of this package with ``render(document) -> str``. Cells arrive as they are to be
read; every form makes text from elsewhere harmless in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["text", "markdown", "html"]
FORMS: tuple[Form, ...] = ("text", "markdown", "html")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that is read, not computed with: its cells are texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def is_numeric(self, place: int) -> bool:
        """Whether a column reads as numbers, dashes apart, and so is set to the right."""
        cells = [row[place] for row in self.rows if row[place].strip("– ")]
        return bool(cells) and all(cell.lstrip("−-.<≥ ")[:1].isdigit() for cell in cells)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, then paragraphs, a table, and notes below it; each may be missing."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    grid: Grid | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A report."""

    title: str
    sections: tuple[Section, ...]


def render(document: Document, form: Form) -> str:
    """The document as plain text, Markdown, or one self-contained HTML page."""
    text: str = import_module(f"{__name__}.{form}").render(document)
    return text
