r"""A document as LaTeX, to be read by ``\input`` into a paper: tables by the booktabs package.

Every character that means something to TeX is written so that it is printed as it is; others stay
as they are, in UTF-8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.exporters.documents.parts import described, plain, tabled, together
from qualcode.exporters.documents.text import cells
from qualcode.exporters.documents.widths import characters
from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.exporters.documents import Document, Grid, Quote, Section
    from qualcode.exporters.figures import Figure

_PAGE = 40
"""Lines of a table that is kept on one page; a longer one goes on over pages, by longtable."""

_LINE = 70
"""Characters that a line of a page holds, roughly."""

_SMALL_LINE = 88
"""The same in footnote size, in which a table is set whose columns are too many."""

_GAP, _SMALL_GAP = 2, 3
"""Characters of the space between columns, at the size of the text and in footnote size."""

_LEAST = 10
"""Characters that a broken column has at the least."""

_WIDE = 30
"""Characters from which on a column of words is broken into lines."""

_BREAK = "\0"
_SPECIAL = str.maketrans(
    {
        **{character: f"\\{character}" for character in "{}$&#%_"},
        **{character: f"{{{character}}}" for character in "[]*"},  # options of the end of a row
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "'": r"\textquotesingle{}",
        "`": r"\textasciigrave{}",
        '"': r"{\char34}",  # \textquotedbl is not there in every encoding of fonts
        _BREAK: "\\allowbreak{}%\n",
        "\ufffe": "\ufffd",
        "\uffff": "\ufffd",
    }
)
_LIGATURE = re.compile(r"([-,])(?=\1)")
_UNBROKEN = re.compile(r"(\S{25})(?=\S)")
_LONG_LINE = re.compile(r"(\S[^\n]{400,}?) ")


def render(document: Document) -> str:
    """The document; a comment at its top says what the paper's preamble has to load."""
    parts = [_needs(document), rf"\section*{{{escaped(document.title)}}}"]
    for section in document.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _needs(document: Document) -> str:
    grids = [grid for section in document.sections for _, grid in _grids(section)]
    packages = ["booktabs"] if grids else []
    packages += ["longtable"] if any(_layout(grid).is_long for grid in grids) else []
    lines = [
        *("% In the preamble:" for _ in packages[:1]),
        *(rf"%   \usepackage{{{name}}}" for name in packages),
        "% LaTeX of 2020 or newer. XeLaTeX and LuaLaTeX print every character that their font",
        r"% has; pdfLaTeX those of \usepackage[T1]{fontenc}.",
    ]
    return "\n".join(lines)


def _grids(section: Section) -> Iterator[tuple[str, Grid]]:
    """Every table of a section that has columns, with its caption."""
    if section.grid and section.grid.columns:
        yield section.heading, section.grid
    if section.figure and (data := tabled(section)):
        yield section.figure.title, data


def _section(section: Section) -> Iterator[str]:
    grid = section.grid if section.grid and section.grid.columns else None
    if section.paragraphs or section.figure or section.quotes or not grid:
        yield rf"\subsection*{{{escaped(section.heading)}}}"
    yield from (escaped(plain(paragraph)) for paragraph in section.paragraphs)
    notes = [_note(note) for note in section.notes]
    if grid:
        yield from _table(section.heading, grid, notes)
    if section.figure:
        yield from _figure(section.figure, tabled(section))
    for under, quotes in together(section):
        yield from _quotes(under, quotes)
    if not grid:
        yield from notes


def _table(caption: str, grid: Grid, notes: list[str]) -> Iterator[str]:
    layout = _layout(grid)
    if layout.is_long:
        yield "\n".join(_over_pages(caption, grid, layout))
        yield from notes
    else:
        yield "\n".join(_on_a_page(caption, grid, layout, notes))


def _figure(figure: Figure, data: Grid | None) -> Iterator[str]:
    yield "% What the figure shows; its picture, as .pdf or .png, takes \\includegraphics."
    if data:
        yield from _table(figure.title, data, [_note(described(figure))])
    else:
        yield _note(described(figure))


def _quotes(under: str, quotes: Sequence[Quote]) -> Iterator[str]:
    if under:
        yield rf"\subsubsection*{{{escaped(under)}}}"
    for quote in quotes:
        by = f"\n\n\\hfill --- {escaped(quote.by)}" if quote.by else ""
        yield f"\\begin{{quote}}\n{escaped(quote.text)}{by}\n\\end{{quote}}"


def _note(note: str) -> str:
    return rf"{{\footnotesize {escaped(note)}\par}}"


def _on_a_page(caption: str, grid: Grid, layout: _Layout, notes: list[str]) -> Iterator[str]:
    yield r"\begin{table}[htbp]"
    yield r"\centering\footnotesize" if layout.is_small else r"\centering"
    yield rf"\caption{{{escaped(caption)}}}"
    yield rf"\begin{{tabular}}{{{_columns(grid, layout.shares)}}}"
    yield r"\toprule"
    yield _row(grid.columns, layout.shares)
    yield r"\midrule"
    yield from (_row(row, layout.shares) for row in grid.rows)
    yield r"\bottomrule"
    yield r"\end{tabular}"
    if notes:
        yield r"\par\smallskip"
        yield from notes
    yield r"\end{table}"


def _over_pages(caption: str, grid: Grid, layout: _Layout) -> Iterator[str]:
    head = (r"\toprule", _row(grid.columns, layout.shares), r"\midrule")
    if layout.is_small:
        yield r"{\footnotesize"
    yield rf"\begin{{longtable}}{{{_columns(grid, layout.shares)}}}"
    yield rf"\caption{{{escaped(caption)}}}\tabularnewline"
    yield from (*head, r"\endfirsthead", *head, r"\endhead")
    yield from (r"\bottomrule", r"\endlastfoot")
    yield from (_row(row, layout.shares) for row in grid.rows)
    yield r"\end{longtable}}" if layout.is_small else r"\end{longtable}"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table is set; `shares` of a line are 0 for columns as wide as they need."""

    shares: tuple[float, ...]
    is_small: bool
    is_long: bool


def _layout(grid: Grid) -> _Layout:
    columns = zip(grid.columns, *grid.rows, strict=True)
    needs = [min(max(map(cells, column)), _LINE) for column in columns]
    broken = {
        place for place, need in enumerate(needs) if need > _WIDE and not grid.is_numeric(place)
    }
    wanted = sum(needs[place] for place in broken)
    free = _LINE - _GAP * len(needs) - (sum(needs) - wanted)
    is_small = free < _LEAST * len(broken)
    if is_small:
        found = characters(grid, _SMALL_LINE - _SMALL_GAP * len(needs))
        shares = [
            round(width / _SMALL_LINE, 2) if width < need else 0.0
            for width, need in zip(found, needs, strict=True)
        ]
    else:
        shares = [
            round(free / _LINE * need / wanted, 2) if place in broken else 0.0
            for place, need in enumerate(needs)
        ]
    return _Layout(tuple(shares), is_small, _lines(grid, shares, is_small=is_small) > _PAGE)


def _lines(grid: Grid, shares: Sequence[float], *, is_small: bool) -> float:
    """Give how many lines a table takes, roughly."""
    line = _SMALL_LINE if is_small else _LINE
    widths = [share * line or line for share in shares]
    lines = (
        max((cells(cell) / width for cell, width in zip(row, widths, strict=True)), default=0.0)
        for row in grid.rows
    )
    return sum(max(1.0, line) for line in lines)


def _columns(grid: Grid, widths: Sequence[float]) -> str:
    kinds = (
        rf"p{{{width}\linewidth}}" if width else "r" if grid.is_numeric(place) else "l"
        for place, width in enumerate(widths)
    )
    return f"@{{}}{''.join(kinds)}@{{}}"


def _row(row: tuple[str, ...], widths: Sequence[float]) -> str:
    shown = (
        rf"\raggedright {escaped(cell)}" if width and cell else escaped(cell)
        for cell, width in zip(row, widths, strict=True)
    )
    # In a ragged cell `\\` would end a line, not the row.
    return rf"{' & '.join(shown)} \tabularnewline"


def escaped(text: str) -> str:
    """A text that LaTeX prints as it is, on lines that no TeX is too small for."""
    breakable = _UNBROKEN.sub(rf"\1{_BREAK}", one_line(text).strip())
    return _LONG_LINE.sub("\\1\n", _LIGATURE.sub(r"\1{}", breakable.translate(_SPECIAL)))
