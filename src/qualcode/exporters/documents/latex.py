r"""A document as LaTeX, to be read by ``\input`` into a paper: tables by the booktabs package.

Every character that means something to TeX is written so that it is printed as it is; others stay
as they are, in UTF-8.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.exporters.documents.text import cells
from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.documents import Document, Grid, Section

_PAGE = 40
"""Lines of a table that is kept on one page; a longer one goes on over pages, by longtable."""

_LINE = 70
"""Characters that a line of a page holds, roughly."""

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
    grids = [section.grid for section in document.sections if section.grid]
    packages = ["booktabs"] if grids else []
    packages += ["longtable"] if any(map(_is_long, grids)) else []
    lines = [
        *("% In the preamble:" for _ in packages[:1]),
        *(rf"%   \usepackage{{{name}}}" for name in packages),
        "% LaTeX of 2020 or newer. XeLaTeX and LuaLaTeX print every character that their font",
        r"% has; pdfLaTeX those of \usepackage[T1]{fontenc}.",
    ]
    return "\n".join(lines)


def _section(section: Section) -> Iterator[str]:
    grid = section.grid if section.grid and section.grid.columns else None
    if section.paragraphs or not grid:
        yield rf"\subsection*{{{escaped(section.heading)}}}"
    yield from (escaped(paragraph) for paragraph in section.paragraphs)
    notes = [rf"{{\footnotesize {escaped(note)}\par}}" for note in section.notes]
    if grid is None:
        yield from notes
    elif _is_long(grid):
        yield "\n".join(_over_pages(section.heading, grid))
        yield from notes
    else:
        yield "\n".join(_on_a_page(section.heading, grid, notes))


def _on_a_page(caption: str, grid: Grid, notes: list[str]) -> Iterator[str]:
    widths = _widths(grid)
    yield r"\begin{table}[htbp]"
    yield r"\centering"
    yield rf"\caption{{{escaped(caption)}}}"
    yield rf"\begin{{tabular}}{{{_columns(grid, widths)}}}"
    yield r"\toprule"
    yield _row(grid.columns, widths)
    yield r"\midrule"
    yield from (_row(row, widths) for row in grid.rows)
    yield r"\bottomrule"
    yield r"\end{tabular}"
    if notes:
        yield r"\par\smallskip"
        yield from notes
    yield r"\end{table}"


def _over_pages(caption: str, grid: Grid) -> Iterator[str]:
    widths = _widths(grid)
    head = (r"\toprule", _row(grid.columns, widths), r"\midrule")
    yield rf"\begin{{longtable}}{{{_columns(grid, widths)}}}"
    yield rf"\caption{{{escaped(caption)}}}\tabularnewline"
    yield from (*head, r"\endfirsthead", *head, r"\endhead")
    yield from (r"\bottomrule", r"\endlastfoot")
    yield from (_row(row, widths) for row in grid.rows)
    yield r"\end{longtable}"


def _widths(grid: Grid) -> list[float]:
    """What share of a line each column is broken to, 0 for one that is as wide as it needs."""
    longest = [max(map(cells, column)) for column in zip(grid.columns, *grid.rows, strict=True)]
    is_broken = [
        length > _WIDE and not grid.is_numeric(place) for place, length in enumerate(longest)
    ]
    needs = [min(length, _LINE) for length in longest]
    broken = sum(need for need, is_ in zip(needs, is_broken, strict=True) if is_)
    free = _LINE - sum(need for need, is_ in zip(needs, is_broken, strict=True) if not is_)
    free = max(free - 2 * len(needs), _LINE // 4)
    return [
        round(free / _LINE * need / broken, 2) if is_ else 0.0
        for need, is_ in zip(needs, is_broken, strict=True)
    ]


def _is_long(grid: Grid) -> bool:
    widths = [width * _LINE or _LINE for width in _widths(grid)]
    lines = (
        max((cells(cell) / width for cell, width in zip(row, widths, strict=True)), default=0.0)
        for row in grid.rows
    )
    return sum(max(1.0, line) for line in lines) > _PAGE


def _columns(grid: Grid, widths: list[float]) -> str:
    kinds = (
        rf"p{{{width}\linewidth}}" if width else "r" if grid.is_numeric(place) else "l"
        for place, width in enumerate(widths)
    )
    return f"@{{}}{''.join(kinds)}@{{}}"


def _row(row: tuple[str, ...], widths: list[float]) -> str:
    shown = (
        rf"\raggedright {escaped(cell)}" if width else escaped(cell)
        for cell, width in zip(row, widths, strict=True)
    )
    # In a ragged cell `\\` would end a line, not the row.
    return rf"{' & '.join(shown)} \tabularnewline"


def escaped(text: str) -> str:
    """A text that LaTeX prints as it is, on lines that no TeX is too small for."""
    breakable = _UNBROKEN.sub(rf"\1{_BREAK}", one_line(text).strip())
    return _LONG_LINE.sub("\\1\n", _LIGATURE.sub(r"\1{}", breakable.translate(_SPECIAL)))
