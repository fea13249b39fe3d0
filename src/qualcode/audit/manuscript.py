"""What a manuscript is to the audit: paragraphs and tables, in order, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind: TypeAlias = Literal["text", "heading", "caption", "quotation", "note"]
"""What a paragraph is; a note stands below a table."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person finds a piece; numbers count from 1 and are 0 where the format has none.

    Text files have lines, web pages and Word documents count paragraphs; the cells of a table
    count within it, its header included. `part` names what stands outside the text, such as
    the footnotes.
    """

    line: int = 0
    paragraph: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0
    part: str = ""

    def __str__(self) -> str:
        named = (
            ("line", self.line),
            ("paragraph", self.paragraph),
            ("table", self.table),
            ("row", self.row),
            ("cell", self.cell),
        )
        words = [f"{name} {number}" for name, number in named if number]
        return ", ".join([self.part, *words] if self.part else words)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of running text without its markup; line ends within it are kept.

    `level` is that of a heading, 1 for the highest, and 0 elsewhere.
    """

    text: str
    place: Place
    kind: Kind = "text"
    level: int = 0

    def at(self, offset: int) -> Place:
        """The place of the character at `offset`."""
        if not self.place.line:
            return self.place
        return replace(self.place, line=self.place.line + self.text.count("\n", 0, offset))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; one that spans several places stands in each, in all but the first `is_repeated`."""

    text: str
    place: Place
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangle of cells; the first `headers` rows say what the columns hold.

    `caption` is what the format itself ties to the table.
    """

    rows: tuple[tuple[Cell, ...], ...]
    place: Place
    headers: int = 1
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A manuscript from `source`; `notes` are one-line remarks on how it was read."""

    source: str
    blocks: tuple[Paragraph | Table, ...]
    notes: tuple[str, ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        """The running text, headings and captions included."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def tables(self) -> Iterator[Table]:
        """The tables in their order."""
        return (block for block in self.blocks if isinstance(block, Table))
