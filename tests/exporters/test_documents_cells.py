"""Whatever the form of a document, the cells of its tables are the same."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

from qualcode.exporters.documents import Document, Grid, Section, render, write_document
from qualcode.exporters.documents.text import cells
from qualcode.exporters.xlsx import MAX_CELL
from qualcode.text import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = (
    "",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+1",
    "-1",
    "a\0b\x07\x1b[31m\x7f\x9b",
    "a\r\nb\rc\nd\te",
    r"\input{/etc/passwd} \\ \[x\] $x_1^2$ #1 100% {} ~ %",
    r"\end{tabular}\write18{ls}",
    "[1ex]",
    "*",
    "``quoted'' --- ?` !` ,, << >>",
    "a & b | c || d",
    "\\|",
    "\\",
    "<script>alert(1)</script>&amp;&#60;<!--",
    "]]></td><td>",
    "<r>foo</r>",
    "![x](y) **b** _i_ `c` <http://e.org> ~~s~~ ^1 :smile: @you #1",
    "\u202eabc\u202c \u200f\u2067x\u2069 \u05d0\u05d1",
    "مرحبا",
    "👩‍👩‍👧 😀 漢字 e\u0301 \u0301",
    "\u2028\u2029\x85\ufeff",
    "\ufffe\uffff",
    '"quoted", and, commas',
    "x" * 40_000,
    "word " * 8_000,
    "\\" * 40_000,
    "0",
    "– 12.5 %",
)

short = [text for text in HOSTILE if len(text) < 100]
texts = st.one_of(
    st.sampled_from(short), st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=5)
)
whole = [[cell, "7"] for cell in HOSTILE]


def document(rows: list[list[str]]) -> Document:
    grid = Grid(tuple(rows[0]), tuple(tuple(row) for row in rows))
    return Document("title", (Section("heading", grid=grid),))


def expected(rows: list[list[str]], seen: Callable[[str], str]) -> list[list[str]]:
    return [[seen(cell) for cell in row] for row in (rows[0], *rows)]


def in_xml(text: str) -> str:
    return re.sub("[\ufffe\uffff]", "\ufffd", text)


@given(tables)
@example(whole)
def test_csv_holds_every_cell_exactly(rows: list[list[str]]) -> None:
    csv.field_size_limit(10_000_000)
    found = list(csv.reader(io.StringIO(render(document(rows), "csv"), newline="")))
    assert found[0] == ["heading"]
    assert found[1:] == expected(rows, str)


@given(tables)
@example(whole)
def test_html_shows_every_cell(rows: list[list[str]]) -> None:
    reader = _HtmlTable()
    reader.feed(render(document(rows), "html"))
    reader.close()
    assert reader.rows == expected(rows, visible)


class _HtmlTable(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag == "tr":
            self.rows.append([])
        elif tag in {"th", "td"}:
            self.rows[-1].append("")
            self.is_inside = True

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag not in {"th", "td"}

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.rows[-1][-1] += data


@given(tables)
@example(whole)
def test_markdown_shows_every_cell(rows: list[list[str]]) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(render(document(rows), "markdown"))
    found: list[list[str]] = []
    for before, token in pairwise(tokens):
        if token.type == "tr_open":
            found.append([])
        if before.type in {"th_open", "td_open"}:
            found[-1].append("".join(child.content for child in token.children or ()))
    assert found == expected(rows, lambda cell: one_line(cell).strip())


@given(tables)
@example(whole)
def test_text_shows_every_cell(rows: list[list[str]]) -> None:
    header, rule, *lines = render(document(rows), "text").split("\n")[5:-1]
    found = [_cut(line, [len(part) for part in rule.split("  ")]) for line in (header, *lines)]
    assert found == expected(rows, lambda cell: one_line(cell).strip())


def _cut(line: str, widths: list[int]) -> list[str]:
    """The cells of a line of a table whose columns are so wide, two spaces apart."""
    ends = [sum(widths[: place + 1]) + 2 * place for place in range(len(widths))]
    found: list[str] = []
    start = at = 0
    for end in ends:
        first = start
        while start < len(line) and at + _width(line[start]) <= end:
            at += _width(line[start])
            start += 1
        found.append(line[first:start].strip())
        # A mark that takes no place belongs to the character before it.
        start, at = start + 2, at + 2
    return found


_width = cache(cells)


@given(tables)
@example(whole)
@example([["[a]", "7"]] * 60)
def test_latex_shows_every_cell(rows: list[list[str]]) -> None:
    wanted = expected(rows, lambda cell: in_xml(one_line(cell).strip()))
    assert _latex_rows(render(document(rows), "latex")) == wanted


_TEX = re.compile(
    r"(?P<row>\\tabularnewline\n)|(?P<cell>&)|(?P<nothing>\\allowbreak\{\}%\n|\\raggedright |\{\})"
    r"|\{(?P<kept>[\[\]*])\}|(?P<quote>\{\\char34\})|(?P<name>\\text[a-z]+)\{\}"
    r"|\\(?P<escaped>[{}$&#%_])|(?P<plain>[^\\{}$&#%_^~<>|'`\"])"
)
_NAMES = {
    r"\textbackslash": "\\",
    r"\textasciicircum": "^",
    r"\textasciitilde": "~",
    r"\textless": "<",
    r"\textgreater": ">",
    r"\textbar": "|",
    r"\textquotesingle": "'",
    r"\textasciigrave": "`",
}


def _latex_rows(source: str) -> list[list[str]]:
    """The rows of the one table; fails for a character that TeX would take for its own."""
    is_long = "longtable" in source.partition("section")[0]
    _, _, body = source.partition("\\toprule\n")
    head, _, rest = body.partition("\\midrule\n")
    rows = rest.partition("\\endlastfoot\n")[2] if is_long else rest
    rows = rows.partition("\\end{longtable}" if is_long else "\\bottomrule")[0]
    found, at = [[""]], 0
    source = head + rows
    while at < len(source):
        token = _TEX.match(source, at)
        assert token, source[at : at + 40]
        at = token.end()
        match token.lastgroup:
            case "row":
                found.append([""])
            case "cell":
                found[-1].append("")
            case "quote":
                found[-1][-1] += '"'
            case "name":
                found[-1][-1] += _NAMES[token["name"]]
            case "kept" | "escaped" | "plain" as kind:
                found[-1][-1] += token[kind].replace("\n", " ")
            case _:
                continue
    return [[cell.strip() for cell in row] for row in found[:-1]]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents") / "t.xlsx"


@given(rows=tables)
@example(rows=whole)
@settings(max_examples=40)
def test_a_workbook_holds_every_cell_as_a_text(rows: list[list[str]], workbook: Path) -> None:
    write_document(workbook, document(rows))
    sheet = CalamineWorkbook.from_path(workbook).get_sheet_by_index(0)
    width, found = len(rows[0]), sheet.to_python(skip_empty_area=False)
    padded = [(row + [""] * width)[:width] for row in found[: len(rows) + 1]]
    assert padded == expected(rows, _in_a_cell)


def _in_a_cell(text: str) -> str:
    seen = in_xml(visible(text))
    note = f"… [cut, {len(text)} characters]"
    return seen if len(seen) <= MAX_CELL else seen[: MAX_CELL - len(note)] + note


def test_cells_that_a_workbook_cuts_are_counted(workbook: Path) -> None:
    written = write_document(workbook, document(whole))
    assert (written.rows, written.cut_cells) == (len(HOSTILE), 3)


@pytest.mark.parametrize("tex", ["xelatex", "pdflatex"])
def test_latex_prints_a_page(tex: str, tmp_path: Path) -> None:
    if not shutil.which(tex):
        pytest.skip(f"{tex} is not installed")
    rows = [[cell, "1"] for cell in HOSTILE if tex == "xelatex" or visible(cell).isascii()]
    section = Section("a_b & c", ("50 % of {them}",), Grid(("x", "y"), tuple(map(tuple, rows))))
    longer = Section("More", grid=Grid(("x", "y"), tuple(map(tuple, rows * 3))), notes=("1 < 2",))
    write_document(tmp_path / "tables.tex", Document("All", (section, longer)))
    source = (tmp_path / "tables.tex").read_text("utf-8")
    packages = "\n".join(re.findall(r"%\s+(\\usepackage\{\w+\})\n", source))
    paper = f"\\documentclass{{article}}\n{packages}\n\\usepackage[T1]{{fontenc}}\n"
    paper += "\\begin{document}\n\\input{tables}\n\\end{document}\n"
    (tmp_path / "paper.tex").write_text(paper, "utf-8")
    done = subprocess.run(
        [tex, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
    )
    said = done.stdout.decode("utf-8", "replace")
    if ".sty' not found" in said:
        pytest.skip("a package of LaTeX is not installed")
    assert done.returncode == 0, said[-3000:]
    assert (tmp_path / "paper.pdf").stat().st_size > 1000
