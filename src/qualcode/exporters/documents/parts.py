"""What the forms of a document have in common: words, and what stands in tables."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from qualcode.exporters.documents import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.documents import Paragraph, Quote, Section
    from qualcode.exporters.figures import Figure

QUOTE_COLUMNS = ("theme", "quote", "by")


def plain(paragraph: Paragraph) -> str:
    """The words of a paragraph, its references among them."""
    if isinstance(paragraph, str):
        return paragraph
    return "".join(part if isinstance(part, str) else part.text for part in paragraph)


def together(section: Section) -> Iterator[tuple[str, list[Quote]]]:
    """The quotes of a section, those that follow each other under the same words together."""
    for under, quotes in groupby(section.quotes, lambda quote: quote.under):
        yield under, list(quotes)


def quoted(section: Section) -> Grid:
    """The quotes of a section as a table."""
    rows = tuple((quote.under, quote.text, quote.by) for quote in section.quotes)
    return Grid(QUOTE_COLUMNS, rows)


def described(figure: Figure) -> str:
    """What a figure shows, for whoever does not see it."""
    from qualcode.exporters.figures import alt_text  # noqa: PLC0415 - drawing is for few documents

    return alt_text(figure)


def drawn(figure: Figure) -> str:
    """A figure as SVG, without its title, which stands beside it."""
    from qualcode.exporters.figures import svg  # noqa: PLC0415

    return svg(replace(figure, title=""))


def pixels(figure: Figure) -> bytes:
    """A figure as PNG, without its title. Raises `MissingExtra` where nothing can make one."""
    from qualcode.exporters.figures import png  # noqa: PLC0415

    return png(replace(figure, title=""))


def tabled(section: Section) -> Grid | None:
    """The data of a section's figure as a table; None where it draws the section's own table."""
    from qualcode.exporters.figures import data_of  # noqa: PLC0415

    if section.figure is None or section.draws_grid:
        return None
    return Grid(*data_of(section.figure))
