"""Reports: a document of headed sections, and the forms that it can be given.

A form is a module of this package with ``render(document) -> str``. Cells arrive as they are to be
read; every form makes text from elsewhere harmless in its own way, but for CSV, which is exact: it
is data, not a page. Workbooks and Word files are no text: `write_document` writes them like all the
others.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.errors import InputError
from qualcode.exporters import Written, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.exporters.figures import Figure

Form: TypeAlias = Literal["text", "markdown", "html", "latex", "csv"]
FORMS: tuple[Form, ...] = ("text", "markdown", "html", "latex", "csv")

_FORM_OF: dict[str, Form] = {
    ".txt": "text",
    ".md": "markdown",
    ".html": "html",
    ".tex": "latex",
    ".csv": "csv",
}
_FILES = {".xlsx": "xlsx", ".docx": "docx"}
ENDINGS = (*_FORM_OF, *_FILES)
"""The endings that `write_document` takes."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A few words, mostly a number, that lead to the cell of that name."""

    text: str
    target: str


Paragraph: TypeAlias = str | tuple[str | Ref, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that is read, not computed with: its cells are texts.

    `names` gives cells, by row and column, the name by which a `Ref` finds them.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: tuple[tuple[int, int, str], ...] = ()

    def is_numeric(self, place: int) -> bool:
        """Whether a column reads as numbers, dashes and suppressed cells apart.

        Such a column is set to the right.
        """
        cells = [row[place] for row in self.rows if row[place].strip("– ") not in {"", "s"}]
        return bool(cells) and all(cell.lstrip("−-.<≥ ")[:1].isdigit() for cell in cells)


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody answered, who said it in words that do not name them, and what it shows."""

    under: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, then paragraphs, a table, a figure, quotes, and notes; each may be missing.

    Quotes that follow each other under the same words stand together. A figure has its data beside
    it as a table, unless it draws the one of its section (`draws_grid`).
    """

    heading: str
    paragraphs: tuple[Paragraph, ...] = ()
    grid: Grid | None = None
    notes: tuple[str, ...] = ()
    figure: Figure | None = None
    quotes: tuple[Quote, ...] = ()
    draws_grid: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A report."""

    title: str
    sections: tuple[Section, ...]


def render(document: Document, form: Form) -> str:
    """The document as plain text, Markdown, one self-contained HTML page, LaTeX, or its tables."""
    text: str = import_module(f"{__name__}.{form}").render(document)
    return text


def write_document(path: Path, document: Document) -> Written:
    """Write `document` in the form that the ending of `path` says, replacing what was there.

    Gives how many rows the tables have, and how many cells a workbook could not hold whole. Raises
    InputError for an ending without a form and for what the form cannot hold, MissingExtra for a
    Word file where the extra ``docx`` is not installed; else as `exporters.write_table`.
    """
    ending = path.suffix.lower()
    if ending in _FILES:
        written: Written = import_module(f"{__name__}.{_FILES[ending]}").write(path, document)
        return written
    if ending not in _FORM_OF:
        raise InputError(
            f"no form of a report for a file “{path.name}”",
            hint=f"the endings are {', '.join(ENDINGS)}",
        )
    write_text(path, render(document, _FORM_OF[ending]))
    return Written(sum(len(each.grid.rows) for each in document.sections if each.grid))
