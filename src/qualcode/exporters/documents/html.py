"""A document as one HTML page that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.documents import Document, Grid, Section

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 1rem 0; }
th, td { padding: .25rem .6rem; text-align: left; border-bottom: 1px solid #8886; }
th { border-bottom: 2px solid #888; }
.number { text-align: right; }
.note { font-size: .9rem; opacity: .8; }
"""


def render(document: Document) -> str:
    """The document; it runs no script and fetches nothing."""
    title = _safe(document.title)
    body = "\n".join(line for section in document.sections for line in _section(section))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{_safe(section.heading)}</h2>"
    yield from (f"<p>{_safe(paragraph)}</p>" for paragraph in section.paragraphs)
    if section.grid:
        yield from _table(section.grid)
    yield from (f'<p class="note">{_safe(note)}</p>' for note in section.notes)


def _table(grid: Grid) -> Iterator[str]:
    kinds = [
        ' class="number"' if grid.is_numeric(place) else "" for place in range(len(grid.columns))
    ]
    yield '<div class="wide"><table>'
    yield _row("th", grid.columns, kinds)
    yield from (_row("td", row, kinds) for row in grid.rows)
    yield "</table></div>"


def _row(tag: str, cells: tuple[str, ...], kinds: list[str]) -> str:
    inner = "".join(
        f"<{tag}{kind}>{_safe(cell)}</{tag}>" for cell, kind in zip(cells, kinds, strict=True)
    )
    return f"<tr>{inner}</tr>"


def _safe(text: str) -> str:
    return escape(visible(text))
