"""A document as one HTML page that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qualcode.exporters.documents.parts import described, drawn, tabled, together
from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.exporters.documents import Document, Grid, Paragraph, Quote, Section
    from qualcode.exporters.figures import Figure

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_STYLE = """
:root { color-scheme: light dark; --line: #8887; --found: #ffe9a8; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --found: #5a4a12; --link: #8ab8f0; } }
* { box-sizing: border-box; }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 66rem; margin: 2.5rem auto 4rem;
  padding: 0 1rem; overflow-wrap: break-word; }
h1 { font-size: clamp(1.5rem, 5vw, 2.1rem); line-height: 1.2; margin: 0 0 1.5rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p, blockquote { max-width: 46rem; margin: .6rem 0; }
a { color: var(--link); }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .92rem; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .9rem .35rem 0; text-align: start; vertical-align: top;
  border-bottom: 1px solid var(--line); max-width: 34rem; }
thead th { vertical-align: bottom; border-bottom: 2px solid #888; }
th:last-child, td:last-child { padding-right: .2rem; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
.words { min-width: 8rem; white-space: pre-line; }
.long { min-width: 14rem; white-space: pre-line; }
:target { background: var(--found); outline: .25rem solid var(--found); scroll-margin: 4rem; }
figure { margin: 1.25rem 0; }
figure svg { display: block; min-width: 34rem; max-width: 100%; height: auto; }
figure > .wide { margin: 0; }
figcaption, .note, summary { font-size: .88rem; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
.note { opacity: .82; }
summary { cursor: pointer; margin-top: .5rem; }
blockquote { border-inline-start: 3px solid var(--line); padding: .1rem 0 .1rem .9rem;
  padding-inline: .9rem 0; margin: .9rem 0; }
blockquote p { margin: 0; white-space: pre-line; }
blockquote footer { font-size: .88rem; opacity: .82; }
@media print {
  body { font-size: 10pt; max-width: none; margin: 0; padding: 0; }
  .wide { overflow: visible; }
  table { font-size: 8pt; }
  .words, .long, figure svg { min-width: 0; }
  thead { display: table-header-group; }
  tr, figure, blockquote { break-inside: avoid; }
  h1, h2, h3, figcaption { break-after: avoid; }
  details:not([open]) { display: none; }
  a { color: inherit; text-decoration: none; }
}
"""

_WORDS, _LONG = 16, 80
"""Characters from which on a column is of words, or of sentences, not to be pressed together."""


def render(document: Document) -> str:
    """The document; it runs no script and fetches nothing."""
    title = _safe(document.title)
    body = "\n".join(line for section in document.sections for line in _section(section))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1 dir="auto">{title}</h1>\n{body}\n</body>\n</html>\n'
    )


def _section(section: Section) -> Iterator[str]:
    yield f'<h2 dir="auto">{_safe(section.heading)}</h2>'
    yield from (f'<p dir="auto">{_words(paragraph)}</p>' for paragraph in section.paragraphs)
    if section.grid:
        yield from _table(section.heading, section.grid)
    if section.figure:
        yield from _figure(section.figure, tabled(section))
    for under, quotes in together(section):
        yield from _quotes(under, quotes)
    yield from (f'<p class="note" dir="auto">{_safe(note)}</p>' for note in section.notes)


def _words(paragraph: Paragraph) -> str:
    parts = (paragraph,) if isinstance(paragraph, str) else paragraph
    return "".join(
        _safe(part)
        if isinstance(part, str)
        else f'<a href="#{_safe(part.target)}">{_safe(part.text)}</a>'
        for part in parts
    )


def _figure(figure: Figure, data: Grid | None) -> Iterator[str]:
    yield "<figure>"
    yield f'<figcaption dir="auto">{_safe(figure.title)}</figcaption>'
    yield f"{_box(figure.title)}{_within(drawn(figure))}</div>"
    yield f"<details><summary>The figure in words{' and numbers' * bool(data)}</summary>"
    yield f'<p dir="auto">{_safe(described(figure))}</p>'
    if data:
        yield from _table(figure.title, data)
    yield "</details>"
    yield "</figure>"


def _within(svg: str) -> str:
    """Give the SVG of a file as it stands in a page: without what comes before its element."""
    return svg[svg.index("<svg") :].rstrip()


def _quotes(under: str, quotes: Sequence[Quote]) -> Iterator[str]:
    if under:
        yield f'<h3 dir="auto">{_safe(under)}</h3>'
    for quote in quotes:
        by = f'<footer dir="auto">— {_safe(quote.by)}</footer>' if quote.by else ""
        yield f'<blockquote><p dir="auto">{_safe(quote.text)}</p>{by}</blockquote>'


def _table(label: str, grid: Grid) -> Iterator[str]:
    kinds = [_kind(grid, place) for place in range(len(grid.columns))]
    names = {(row, column): name for row, column, name in grid.names}
    yield f"{_box(label)}<table>"
    header = _row("th", grid.columns, [f' scope="col"{kind}' for kind in kinds])
    yield f"<thead>{header}</thead>"
    yield "<tbody>"
    for number, row in enumerate(grid.rows):
        marks = [
            f' id="{_safe(names[number, place])}"{kind}' if (number, place) in names else kind
            for place, kind in enumerate(kinds)
        ]
        yield _row("td", row, marks)
    yield "</tbody></table></div>"


def _box(label: str) -> str:
    """Open a box that scrolls by itself; the keyboard reaches it, and so it needs a name."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{_safe(label)}">'


def _kind(grid: Grid, place: int) -> str:
    if grid.is_numeric(place):
        return ' class="number"'
    longest = max((len(row[place]) for row in grid.rows), default=0)
    kind = "long" if longest > _LONG else "words" if longest > _WORDS else ""
    return f' class="{kind}" dir="auto"' if kind else ' dir="auto"'


def _row(tag: str, cells: tuple[str, ...], marks: Sequence[str]) -> str:
    inner = "".join(
        f"<{tag}{mark}>{_safe(cell)}</{tag}>" for cell, mark in zip(cells, marks, strict=True)
    )
    return f"<tr>{inner}</tr>"


def _safe(text: str) -> str:
    return escape(visible(text))
