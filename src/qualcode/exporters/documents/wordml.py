"""Elements of WordprocessingML: runs, paragraphs, cells and the styles of a report."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml

from qualcode.exporters.documents.sheets import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from qualcode.exporters.documents import Paragraph, Ref

_LONG = 600
"""Characters of a cell whose row may go on over the end of a page."""

_STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
 <w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr>
 <w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>
  <w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>
 <w:next w:val="Normal"/><w:link w:val="TitleChar"/><w:uiPriority w:val="10"/><w:qFormat/>
 <w:pPr><w:keepNext/><w:keepLines/><w:spacing w:after="240" w:line="240" w:lineRule="auto"/></w:pPr>
 <w:rPr><w:b/><w:bCs/><w:sz w:val="36"/><w:szCs w:val="36"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>
 <w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:link w:val="Heading1Char"/>
 <w:uiPriority w:val="9"/><w:qFormat/>
 <w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="360" w:after="120"/>
  <w:outlineLvl w:val="0"/></w:pPr>
 <w:rPr><w:b/><w:bCs/><w:sz w:val="27"/><w:szCs w:val="27"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/>
 <w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:link w:val="Heading2Char"/>
 <w:uiPriority w:val="9"/><w:qFormat/>
 <w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="80"/>
  <w:outlineLvl w:val="1"/></w:pPr>
 <w:rPr><w:b/><w:bCs/><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/>
 <w:link w:val="QuoteChar"/><w:uiPriority w:val="29"/><w:qFormat/>
 <w:pPr><w:keepNext/><w:spacing w:before="80" w:after="20"/>
  <w:ind w:left="400" w:right="400"/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="QuoteSource"><w:name w:val="Quote Source"/>
 <w:basedOn w:val="Quote"/><w:uiPriority w:val="29"/><w:qFormat/>
 <w:pPr><w:keepNext w:val="0"/><w:spacing w:before="0" w:after="140"/></w:pPr>
 <w:rPr><w:color w:val="595959"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/><w:basedOn w:val="Normal"/>
 <w:next w:val="Normal"/><w:uiPriority w:val="35"/><w:qFormat/>
 <w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="200" w:after="80" w:line="240"
  w:lineRule="auto"/></w:pPr>
 <w:rPr><w:b/><w:bCs/><w:sz w:val="19"/><w:szCs w:val="19"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Note"><w:name w:val="Note"/>
 <w:basedOn w:val="Normal"/><w:qFormat/>
 <w:pPr><w:spacing w:after="40" w:line="240" w:lineRule="auto"/></w:pPr>
 <w:rPr><w:color w:val="595959"/><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableText"><w:name w:val="Table Text"/>
 <w:basedOn w:val="Normal"/><w:qFormat/>
 <w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/></w:pPr>
 <w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="Reference"><w:name w:val="Reference"/>
 <w:qFormat/><w:rPr><w:color w:val="0B57A4"/><w:u w:val="single"/></w:rPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="Report Table"/>
 <w:basedOn w:val="TableNormal"/><w:qFormat/>
 <w:tblPr><w:tblBorders>
  <w:top w:val="single" w:sz="8" w:space="0" w:color="404040"/>
  <w:bottom w:val="single" w:sz="8" w:space="0" w:color="404040"/>
  <w:insideH w:val="single" w:sz="4" w:space="0" w:color="D0D0D0"/></w:tblBorders>
  <w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>
 </w:tblPr>
 <w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>
  <w:bottom w:val="single" w:sz="8" w:space="0" w:color="404040"/></w:tcBorders>
  <w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style>
"""


def restyled(styles: Any) -> None:
    """Give a file the styles of a report, in place of its own of the same names."""
    for style in parse_xml(f"<w:styles {nsdecls('w')}>{_STYLES}</w:styles>"):
        name = style.get(qn("w:styleId"))
        for old in [each for each in styles if each.get(qn("w:styleId")) == name]:
            styles.remove(old)
        styles.append(style)


def element(tag: str, *children: Any, **values: object) -> Any:
    """An element with its attributes and what is in it."""
    found = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        found.set(qn(f"w:{name}"), str(value))
    found.extend(children)
    return found


def paragraph(style: str, words: Paragraph, *, marks: Mapping[str, str] | None = None) -> Any:
    """A paragraph in a style; its references lead to `marks`, bookmarks by the names of cells."""
    parts = (words,) if isinstance(words, str) else words
    runs = [run for part in parts for run in _runs(part, marks or {})]
    text = "".join(part if isinstance(part, str) else part.text for part in parts)
    return _paragraph(style, runs, is_rtl=is_right_to_left(text))


def cell(text: str, width: int, size: float, mark: str, *, is_right: bool, is_bold: bool) -> Any:
    """A cell of a table, `width` in twips and `size` in points; `mark` names it for references."""
    halves = int(2 * size)
    looks = [element("b"), element("bCs")] if is_bold else []
    run = _run(text, *looks, element("sz", val=halves), element("szCs", val=halves))
    inside = _paragraph("TableText", [*_marked(run, mark)], is_rtl=is_right_to_left(text))
    if is_right:
        inside.pPr.append(element("jc", val="right"))
    return element("tc", element("tcPr", element("tcW", w=width, type="dxa")), inside)


def row(cells: Iterable[Any], *, is_header: bool) -> Any:
    """A row of a table; a header stands at the top of each page that the table goes on over."""
    found = element("tr", element("trPr"), *cells)
    is_short = all(len(each.xpath("string(.)")) <= _LONG for each in found[1:])
    if is_short:
        found[0].append(element("cantSplit"))
    if is_header:
        found[0].append(element("tblHeader"))
    return found


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of a text is of a script that is written from the right."""
    kinds = map(unicodedata.bidirectional, text)
    return next((kind != "L" for kind in kinds if kind in {"L", "R", "AL"}), False)


def _paragraph(style: str, runs: Iterable[Any], *, is_rtl: bool) -> Any:
    looks = [element("bidi")] if is_rtl else []
    return element("p", element("pPr", element("pStyle", val=style), *looks), *runs)


def _runs(part: str | Ref, marks: Mapping[str, str]) -> Iterator[Any]:
    if isinstance(part, str):
        yield _run(part)
    elif part.target in marks:
        run = _run(part.text, element("rStyle", val="Reference"))
        yield element("hyperlink", run, anchor=marks[part.target], history=1)
    else:
        yield _run(part.text)


def _run(text: str, *looks: Any) -> Any:
    """Give a run of text; line ends and tabs are those of Word."""
    shown = seen(text)
    rtl = [element("rtl")] if is_right_to_left(shown) else []
    found = element("r", element("rPr", *looks, *rtl))
    found.text = shown
    return found


def _marked(run: Any, mark: str) -> Iterator[Any]:
    if not mark:
        yield run
        return
    number = mark.rpartition("_")[2]
    yield element("bookmarkStart", id=number, name=mark)
    yield run
    yield element("bookmarkEnd", id=number)
