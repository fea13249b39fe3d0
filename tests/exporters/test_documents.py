from __future__ import annotations

import csv
import re
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import Conflict, InputError
from qualcode.exporters.documents import (
    ENDINGS,
    FORMS,
    Document,
    Grid,
    Section,
    render,
    write_document,
)

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = 'a|b <script>alert(1)</script> [x](y) *z* `c` \x1b[31m \u202e & "q" \\ é'


def document(text: str) -> Document:
    grid = Grid(("code", "n"), ((text, "1,234"), ("b", "5")))
    return Document(text, (Section(text, (text,), grid, (text,)),))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "csv"])
def test_text_from_elsewhere_cannot_steer_any_form_that_is_read(form: str) -> None:
    text = render(document(HOSTILE), form)

    assert "\x1b" not in text
    assert "\u202e" not in text


def test_html_shows_hostile_text_as_text() -> None:
    reader = _Reader()
    reader.feed(render(document(HOSTILE), "html"))

    assert "script" not in reader.tags
    assert any("<script>alert(1)</script>" in text for text in reader.texts)


def test_html_fetches_nothing_and_forbids_it() -> None:
    page = render(document("plain"), "html")

    assert "http:" not in page
    assert "https:" not in page
    assert "src=" not in page
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_markdown_row_keeps_its_cells(text: str) -> None:
    lines = render(document(text), "markdown").splitlines()
    rows = [line for line in lines if line.startswith("| ")]

    for row in rows:
        unescaped = row.replace("\\\\", "").replace("\\|", "")
        assert unescaped.count("|") == 3


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    shown = render(document("a code"), "text").splitlines()

    assert "a code  1,234" in shown
    assert "b           5" in shown


def test_the_tables_of_a_document_stand_in_csv_under_their_headings() -> None:
    grid = Grid(("code", "n"), (("a, b", "1,234"),))
    sections = (Section("One", ("words",), grid, ("note",)), Section("No table"))
    text = render(Document("Title", (*sections, Section("Two", grid=grid))), "csv")

    assert text == (
        'One\ncode,n\n"a, b","1,234"\n'  # what comes first stands at the top
        '\nTwo\ncode,n\n"a, b","1,234"\n'
    )
    assert list(csv.reader(text.splitlines()))[3] == []


def test_a_table_in_latex_has_its_caption_its_rules_and_its_notes() -> None:
    text = render(document("a_b"), "latex")

    assert "\\usepackage{booktabs}" in text.partition("\\section")[0]
    assert "longtable" not in text
    _, _, table = text.partition("\\begin{table}")
    assert [line for line in table.splitlines()[1:] if line] == [
        r"\centering",
        r"\caption{a\_b}",
        r"\begin{tabular}{@{}lr@{}}",
        r"\toprule",
        r"code & n \tabularnewline",
        r"\midrule",
        r"a\_b & 1,234 \tabularnewline",
        r"b & 5 \tabularnewline",
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip",
        r"{\footnotesize a\_b\par}",
        r"\end{table}",
    ]


def test_a_long_table_in_latex_goes_on_over_pages() -> None:
    rows = tuple((f"code {n}", str(n)) for n in range(41))
    text = render(Document("t", (Section("h", grid=Grid(("code", "n"), rows)),)), "latex")

    assert "\\usepackage{longtable}" in text.partition("\\section")[0]
    assert text.count("code & n ") == 2
    assert "\\begin{table}" not in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_picks_the_form_and_the_old_file_is_replaced(
    ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"t{ending.upper()}"
    path.write_text("old")

    assert write_document(path, document(HOSTILE)).rows == 2
    assert path.read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["t.pdf", "t", "t.htm", "t.docm"])
def test_an_unknown_ending_is_one_error_that_lists_the_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=name) as error:
        write_document(tmp_path / name, document("x"))
    assert all(ending in error.value.hint for ending in ENDINGS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_failure_leaves_the_old_file(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"t{ending}"
    path.write_bytes(b"old")
    monkeypatch.setattr("qualcode.exporters.documents.xlsx.MAX_ROWS", 2)

    with pytest.raises(InputError):
        write_document(path, document("\ud800"))
    assert path.read_bytes() == b"old"
    (tmp_path / f"f{ending}").mkdir()
    with pytest.raises(Conflict):
        write_document(tmp_path / f"f{ending}", Document("t", ()))


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_workbook_has_a_sheet_a_table_with_its_header_in_view(tmp_path: Path) -> None:
    grid = Grid(("code", "n"), (("a", "1,234"),))
    sections = [Section(name, grid=grid) for name in ("By site", "by SITE", "x" * 40, "x" * 50)]
    write_document(tmp_path / "t.xlsx", Document("t", (*sections, Section("Words", ("one",)))))
    parts = parts_of(tmp_path / "t.xlsx")

    names = ["By site", "by SITE 2", "x" * 31, f"{'x' * 29} 2", "Notes"]
    assert all(f'name="{name}"' in parts["xl/workbook.xml"] for name in names)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in sheet
    assert 'topLeftCell="A2"' in sheet
    assert "<v>1,234</v>" not in sheet
    assert "<b/>" in parts["xl/styles.xml"]
    assert 'horizontal="right"' in parts["xl/styles.xml"]


def test_a_document_without_a_table_is_a_workbook_all_the_same(tmp_path: Path) -> None:
    written = write_document(tmp_path / "t.xlsx", Document("t", (Section("h", ("words",)),)))

    assert written.rows == 0
    assert "words" in parts_of(tmp_path / "t.xlsx")["xl/sharedStrings.xml"]


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_document_and_a_table_without_columns_are_no_error(form: str) -> None:
    assert "Traceback" not in render(Document("", ()), form)
    render(Document("t", (Section("h", grid=Grid((), ())),)), form)


def test_a_table_of_many_columns_of_words_is_set_small_in_latex_and_keeps_to_the_line() -> None:
    words = "a definition that goes on and on " * 4
    many = Grid(tuple("abcdefgh"), ((words,) * 7 + ("1",),))
    few = Grid(("a", "b"), ((words, "1"),))
    small, plain = (
        render(Document("t", (Section("h", grid=grid),)), "latex") for grid in (many, few)
    )

    assert "\\footnotesize" in small
    assert "\\footnotesize" not in plain
    shares = [float(each) for each in re.findall(r"p\{([\d.]+)\\linewidth\}", small)]
    assert len(shares) == 7
    assert 0.5 < sum(shares) < 0.8
