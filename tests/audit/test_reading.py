"""Manuscripts of every format become paragraphs and tables, whatever the bytes are."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.audit import Known, Manuscript, Table, as_plain, audit, read_manuscript
from qualcode.errors import InputError

from .made import FORMATS, STUDY, document, docx, packed, paragraph


def texts(manuscript: Manuscript) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in manuscript.paragraphs()]


def grid(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_markdown_is_read_down_to_its_words() -> None:
    page = read_manuscript(
        b"---\ntitle: T\nabstract: |\n  Some 12 %.\n---\n# A *b*\n\nOf **144**, 36.8\\% named\n`x`"
        b"[^1] and [this](u).\n\n```\n9 %\n```\n<!-- 8 %\n -->~~7 %~~ *6*&nbsp;% x^2^\n\n> said\n\n"
        b"1. one\n2. two\n\nEnd\n---\n\n: A caption\n",
        "page.md",
    )
    assert texts(page) == [
        ("heading", "Abstract"),
        ("text", "  Some 12 %."),
        ("heading", "A b"),
        ("text", "Of 144, 36.8% named\nx and this."),
        ("text", " 6\u00a0% x"),
        ("quotation", "said"),
        ("text", "one"),
        ("text", "two"),
        ("heading", "End"),
        ("caption", "A caption"),
    ]
    fourth = list(page.paragraphs())[3]
    assert (str(fourth.place), str(fourth.at(len(fourth.text)))) == ("line 8", "line 9")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.md", "A|B\n-|-\nx|5 \\| 6\ny|7\n"),
        ("page.md", "text\n\n| A | B |\n|:--|--:|\n| x | 5 \\| 6 |\n| y | 7 |\n\nmore"),
        ("page.txt", "A\tB\nx\t5 | 6\ny\t7\n"),
        ("page.txt", "A  B\n─  ─────\nx  5 | 6\ny  7\n"),
        ("page.md", "<table><tr><th>A<th>B<tr><td>x<td>5 | 6<tr><td>y<td>7</table>\n"),
        ("page.html", "<table><tr><th>A<th>B<tr><td>x<td>5 | 6<tr><td>y<td>7</table>"),
    ],
)
def test_tables_are_recognised(name: str, text: str) -> None:
    (table,) = read_manuscript(text.encode(), name).tables()
    assert grid(table) == [["A", "B"], ["x", "5 | 6"], ["y", "7"]]
    assert table.headers == 1
    assert table.rows[1][1].place.cell == 2


def test_notes_below_a_ruled_table_are_no_rows_of_it() -> None:
    text = "Theme    %\n───────  ────\nParking  36.8\n  Several answers were possible.\n"
    page = read_manuscript(text.encode(), "page.txt")
    assert [len(table.rows) for table in page.tables()] == [2]
    assert texts(page) == [("note", text.split("\n")[3])]


def test_a_page_is_what_a_reader_sees() -> None:
    page = read_manuscript(
        b"<html><head><title>1 %</title><style>p{width:2%}</style></head><body><h2>Head</h2>"
        b"<p>One<sup>a</sup> 3&nbsp;% <del>4 %</del><p class='note'>below<script>'5 %'</script>"
        b"<blockquote><p>said</p></blockquote><svg><text>6 %</text></svg>a <5 & b<!-- 7 % -->",
        "page.html",
    )
    assert texts(page) == [
        ("heading", "Head"),
        ("text", "One 3\u00a0%"),
        ("note", "below"),
        ("quotation", "said"),
        ("text", "a <5 & b"),
    ]
    assert [str(one.place) for one in page.paragraphs()][:2] == ["paragraph 1", "paragraph 2"]


def test_cells_that_span_stand_in_every_place() -> None:
    page = read_manuscript(
        b"<table><caption>T</caption><tr><th rowspan=2>a<th colspan=2>G<tr><th>n<th>%"
        b"<tr><td>x<td>1<td>2</table>",
        "page.htm",
    )
    (table,) = page.tables()
    assert grid(table) == [["a", "G", "G"], ["a", "n", "%"], ["x", "1", "2"]]
    assert (table.headers, table.caption) == (2, "T")
    assert [cell.is_repeated for cell in table.rows[0]] == [False, False, True]
    assert str(table.rows[1][2].place) == "table 1, row 2, cell 2"


WORD = document(
    paragraph("Results", "berschrift1")
    + "<w:p><w:r><w:t>36.8 %</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
    "<w:t>2</w:t></w:r><w:del><w:r><w:delText>9 %</w:delText></w:r></w:del>"
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>8 %</w:t></w:r>"
    "<w:ins><w:r><w:t xml:space='preserve"
    "'> of 144</w:t></w:r></w:ins></w:p>"
    "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr>"
    + paragraph("Theme")
    + "</w:tc><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
    + paragraph("All")
    + "</w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>"
    + paragraph("")
    + f"</w:tc><w:tc>{paragraph('n')}</w:tc><w:tc>{paragraph('%')}</w:tc></w:tr></w:tbl>"
)
STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style '
    'w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'
)


def test_a_word_document_is_what_would_be_printed() -> None:
    notes = document(paragraph("5 % at the foot")).replace("document", "footnotes")
    page = read_manuscript(packed(WORD, styles=STYLES, footnotes=notes), "page.docx")
    assert texts(page) == [
        ("heading", "Results"),
        ("text", "36.8 % of 144"),
        ("text", "5 % at the foot"),
    ]
    (table,) = page.tables()
    assert grid(table) == [["Theme", "All", "All"], ["Theme", "n", "%"]]
    assert table.headers == 1
    assert [str(one.place) for one in page.paragraphs()] == [
        "paragraph 1",
        "paragraph 2",
        "footnotes, paragraph 1",
    ]


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
)
HOSTILE = [
    ("a.pdf", b"%PDF-1.7", "of this kind cannot be read"),
    ("a.md", b"", "the file is empty"),
    ("a.md", b" \n\n", "holds no text"),
    ("a.md", b"%PDF-1.7", "this is a PDF"),
    ("a.txt", b"PK\x03\x04....", "a zip archive"),
    ("a.txt", b"one\ntwo \xff\xfe", "a.txt, row 2: byte 9 of the file is not UTF-8"),
    ("a.txt", b"one\n\x00\x01", "row 2: this is not a text file"),
    ("a.md", b"x" * (9 << 20), "more than 8 MB"),
    ("a.html", b"x" * (33 << 20), "more than 32 MB"),
    ("a.html", b"<table><tr>" + b"<td colspan=1000>x" * 300, "more than 200,000 cells"),
    ("a.html", b"<script>" * 9, "holds no text"),
    ("a.docx", b"PK\x03\x04" + bytes(99), "not a Word document, or it is damaged"),
    ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(99), "an old Word document, or one with a password"),
    ("a.docx", zipped("hello.txt", b"x"), "a zip archive but not a Word document"),
    ("a.docx", zipped("word/document.xml", b"<a><b></a>"), "is not sound XML (line 1)"),
    ("a.docx", zipped("word/document.xml", b"<a>" + b" " * (70 << 20)), "more than 64 MB"),
    ("a.docx", packed(ENTITIES), "declares entities"),
    ("a.docx", docx([("", "36.8 %")])[:-40], "damaged"),
    ("a.docx", docx([]), "holds no text"),
]


@pytest.mark.parametrize(("name", "content", "words"), HOSTILE, ids=lambda value: str(value)[:24])
def test_hostile_input_is_one_clear_error(name: str, content: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_manuscript(content, name)
    assert words in caught.value.message
    assert caught.value.message.startswith(name)
    assert "\n" not in caught.value.message


WORDS = (
    "36.8 %|53|of|144|(|)|[|]|,|;|%|n = |k = |parking|opening hours|harbour|95 % CI|29.4|–|to|and|"
    "respectively|\n|\n\n|# Abstract|Table 1.|<table>|<td>|<tr>|</table>|most|respondents|named|"
    'one|<5|“|”|"|.|. |twenty|hundred|weighted|&nbsp;|&#99999999999;|<![|<!--|-->|\\|*|_|`|```|\t|'
    "\u2009|0 of 0|1000 %|of the 0|total|base|theme|<script>|'|=|n (%)|1,5 %|2019|\u0661"
)
PIECES = st.sampled_from([*WORDS.split("|"), "|", "|---|---|"])


@given(st.lists(PIECES, max_size=60), st.booleans())
def test_no_text_crashes_the_audit(pieces: list[str], is_spaced: bool) -> None:  # noqa: FBT001
    content = (" " if is_spaced else "").join(pieces).encode()
    for ending in (".md", ".txt", ".html"):
        for known in (STUDY, Known()):
            try:
                as_plain(audit(read_manuscript(content, f"page{ending}"), known))
            except InputError as error:
                assert error.message.startswith("page")  # noqa: PT017


@given(st.binary(max_size=400), st.sampled_from(FORMATS))
def test_no_bytes_crash_the_reading(content: bytes, ending: str) -> None:
    try:
        audit(read_manuscript(content, f"page{ending}"), STUDY)
    except InputError as error:
        assert error.message.startswith(f"page{ending}")  # noqa: PT017


@given(st.integers(0, 800), st.integers(0, 255))
def test_no_damaged_word_document_crashes_the_reading(at: int, value: int) -> None:
    content = bytearray(docx([("#", "Results"), ("", "Of the 144 asked, 36.8 % named parking.")]))
    content[at % len(content)] = value
    try:
        audit(read_manuscript(bytes(content), "page.docx"), STUDY)
    except InputError as error:
        assert error.message.startswith("page.docx")  # noqa: PT017
