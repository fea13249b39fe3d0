"""Wherever a hostile text stands, every form of a document shows it and does nothing else."""

from __future__ import annotations

import csv
import re
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from qualcode.errors import InputError
from qualcode.exporters.documents import (
    ENDINGS,
    Document,
    Grid,
    Quote,
    Ref,
    Section,
    write_document,
)
from qualcode.exporters.figures import Chart, Flow, Point, Series, Stage
from qualcode.exporters.xlsx import MAX_CELL
from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = {
    "formula": "=cmd|' /C calc'!A0",
    "reference": "=Sheet1!$A$1",
    "plus": "+1+cmd|'x'!A1",
    "at": "@SUM(1+1)*cmd|'x'!A1",
    "hyperlink": '=HYPERLINK("http://e.org","x")',
    "address": "http://e.org www.e.org a@e.org mailto:a@e.org",
    "controls": "a\0b\x07\x1b]0;title\x07\x1b[31m\x7f\x9b31m",
    "lines": "one\r\n\r\ntwo\n\n    three\n\t- four\n1. five\n+ six\n===\n---\n```\n~~~\n:::",
    "latex": r"\input{/etc/passwd} \end{quote}\write18{ls} $x_1^2$ #1 100% {} ~ \\[1ex] ^^M",
    "html": "</td></blockquote></style><script>alert(1)</script><img src=x onerror=a(1)>&amp;<!--",
    "svg": "</desc></svg><svg onload='alert(1)'><foreignObject><script>1</script>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "markdown": "![x](http://e.org/y.png) [a](javascript:1) **b** `c` <http://e.org> | d | # *",
    "list": "- a",
    "rich": "<r><t>x</t></r>",
    "cdata": "]]><![CDATA[ <?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc'>]>&y;",
    "field": '{ HYPERLINK "http://e.org" } { INCLUDETEXT "/etc/passwd" } \x13 PAGE \x14 \x15',
    "bidi": "\u202egnp.exe\u202c \u2067x\u2069 \u200f\u05d0\u05d1 abc",
    "arabic": "مرحبا abc 12",
    "nothing": "\ufffe\uffff\ufeff",
    "surrogate": "a\ud800b\udfff",
    "number": "nan",
    "long": "x" * 40_000,
    "words": "word & <b> " * 1_000,
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.exporters.figures.png", lambda _: PIXEL)


def everywhere(text: str) -> Document:
    """The text in each place of a document that can hold one."""
    chart = Chart(
        "bars",
        text,
        (text, "b"),
        (Series(text, (Point(1.0, 0.5, 2.0, text), Point(None))), Series("y", (Point(1.0),) * 2)),
        text,
        marks=((1.0, text),),
        note=text,
    )
    flow = Flow(text, (Stage(text, 3), Stage(text, 2, ((text, 1),))), text)
    grid = Grid((text, "n"), ((text, "1"), (text, "2")), names=((0, 1, "cell-1"),))
    quotes = (Quote(text, text, text), Quote(text, "b", ""))
    words = ("so many (", Ref(text, "cell-1"), ") said ", text, Ref("1", "nowhere"))
    return Document(
        text,
        (Section(text, (text, words), grid, (text,), chart, quotes), Section(text, figure=flow)),
    )


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_shown_and_nothing_else(kind: str, ending: str, tmp_path: Path) -> None:
    text, path = HOSTILE[kind], tmp_path / f"t{ending}"
    if kind == "surrogate" and ending == ".csv":
        with pytest.raises(InputError, match="surrogate"):
            write_document(path, everywhere(text))
        return
    write_document(path, everywhere(text))

    found = pressed("".join(READERS[ending](path)))
    wanted = pressed(text if ending == ".csv" else visible(text))
    if ending in {".xlsx", ".docx", ".tex"}:
        wanted = re.sub("[\ufffe\uffff]", "\ufffd", wanted)
    if ending == ".xlsx" and len(text) > MAX_CELL:
        wanted = wanted[: MAX_CELL // 2]
    # The title, the heading, two paragraphs, the table, a note, the figure and the quotes; a name
    # of a chart is drawn in part, and so are long texts in a terminal.
    assert found.count(wanted) >= 6
    assert ending == ".csv" or not re.search("[\0-\x08\x0e-\x1f\x7f-\x9f\u202e\ud800]", found)


def pressed(text: str) -> str:
    """A text without its spaces: where a form breaks lines is its own."""
    return "".join(text.split())


def read_csv(path: Path) -> Iterator[str]:
    csv.field_size_limit(10_000_000)
    with path.open(newline="", encoding="utf-8") as file:
        yield from (cell for row in csv.reader(file) for cell in row)


def read_txt(path: Path) -> Iterator[str]:
    yield path.read_text("utf-8")


class _Page(HTMLParser):
    TAGS = re.compile(
        "html|head|meta|title|style|body|h[123]|p|a|div|table|thead|tbody|tr|th|td|figure|figcaption"
        "|details|summary|blockquote|footer|svg|desc|metadata|rect|g|text|tspan|path|line|circle"
        "|polygon|polyline|defs|pattern|clippath|ellipse"
    )
    UNSEEN = frozenset({"style", "metadata", "desc"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert self.TAGS.fullmatch(tag), tag
        if tag not in {"meta", "rect", "path", "line", "circle", "polygon", "polyline"}:
            self.inside.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in {"src", "style", "srcdoc", "action", "xlink:href"}, name
            if name == "href":
                assert value
                assert value.startswith("#")
                self.links.append(value)
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self.inside[-1:] == [tag]:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.UNSEEN & set(self.inside):
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def read_html(path: Path) -> Iterator[str]:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    page.close()
    assert page.inside == []
    assert page.links == ["#cell-1", "#nowhere"]
    assert page.ids.count("cell-1") == 1
    assert len(page.ids) == len(set(page.ids))
    yield from page.texts


def read_md(path: Path) -> Iterator[str]:
    reader = MarkdownIt("gfm-like")
    assert reader.linkify
    reader.linkify.set({"fuzzy_link": False, "fuzzy_email": False}).add("//", None)
    blocks = ("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td", "blockquote")
    fine = {f"{name}_{end}" for name in blocks for end in ("open", "close")} | {"inline"}
    spoken = {"text", "text_special", "softbreak", "hardbreak", "em_open", "em_close"}
    for token in reader.parse(path.read_text("utf-8")):
        if token.type == "html_block":
            assert token.content == "<!-- -->\n"
            continue
        assert token.type in fine, token
        for child in token.children or ():
            assert child.type in spoken, child
            yield child.content


_TEX = re.compile(
    r"(?P<nothing>^%[^\n]*\n|\\allowbreak\{\}%\n|[-,]?\{\}(?<!-\{\})(?<!,\{\})"
    r"|\\(?:sub){0,2}section\*|\\(?:begin|end)\{(?:table|quote|tabular|longtable)\}(?:\[htbp\])?"
    r"|\{@\{\}(?:[lr]|p\{[\d.]+\\linewidth\})+@\{\}\}"
    r"|\\(?:centering|toprule|midrule|bottomrule|par|smallskip|footnotesize|hfill|caption"
    r"|tabularnewline|raggedright|endfirsthead|endhead|endlastfoot)(?![a-zA-Z])| & )"
    r"|\{(?P<kept>[\[\]*])\}|(?P<quote>\{\\char34\})|(?P<name>\\text[a-z]+)\{\}"
    r"|\\(?P<escaped>[{}$&#%_])|(?P<group>[{}])|(?P<plain>[^\\{}$&#%_^~<>|'`\"])",
    re.MULTILINE,
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


def read_tex(path: Path) -> Iterator[str]:
    source, at, depth = path.read_text("utf-8"), 0, 0
    while at < len(source):
        token = _TEX.match(source, at)
        assert token, source[at : at + 60]
        at = token.end()
        match token.lastgroup:
            case "quote":
                yield '"'
            case "name":
                yield _NAMES[token["name"]]
            case "group":
                depth += 1 if token["group"] == "{" else -1
                assert depth >= 0
            case "kept" | "escaped" | "plain" as kind:
                yield token[kind]
    assert depth == 0


def parts_of(path: Path) -> dict[str, ET.Element]:
    """Every part of a package that is XML."""
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        assert not [name for name in package.namelist() if re.search("vba|macro|extern", name)]
        found = {name: ET.fromstring(package.read(name)) for name in names}
    relations = [one for name, part in found.items() if name.endswith(".rels") for one in part]
    assert not [one.attrib for one in relations if one.get("TargetMode") == "External"]
    return found


def local(one: ET.Element) -> str:
    return one.tag.rpartition("}")[2]


def read_docx(path: Path) -> Iterator[str]:
    body = parts_of(path)["word/document.xml"]
    tags = {local(one) for one in body.iter()}
    assert not tags & {"instrText", "fldSimple", "fldChar", "object", "altChunk", "script"}
    links = [one for one in body.iter() if local(one) == "hyperlink"]
    assert [[name.rpartition("}")[2] for name in one.attrib] for one in links] == [
        ["anchor", "history"]
    ]
    yield from (one.text or "" for one in body.iter() if local(one) == "t")


def read_xlsx(path: Path) -> Iterator[str]:
    parts = parts_of(path)
    for name, part in parts.items():
        tags = {local(one) for one in part.iter()}
        assert not tags & {"hyperlink", "definedName", "ddeLink", "oleObject"}, name
        formulas = [one.text or "" for one in part.iter() if local(one) == "f"]
        assert not formulas or name.startswith("xl/charts/"), name
        assert all(re.fullmatch(r"'.*'!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", one) for one in formulas)
    shared = [one for one in parts["xl/sharedStrings.xml"] if local(one) == "si"]
    texts = ["".join(one.itertext()) for one in shared]
    for name, part in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            for cell in (one for one in part.iter() if local(one) == "c"):
                value = next((one.text or "" for one in cell if local(one) == "v"), "")
                yield texts[int(value)] if cell.get("t") == "s" else value


READERS = {
    ".txt": read_txt,
    ".md": read_md,
    ".html": read_html,
    ".tex": read_tex,
    ".csv": read_csv,
    ".xlsx": read_xlsx,
    ".docx": read_docx,
}
