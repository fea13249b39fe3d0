"""A page in every format, and the study that it reports."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING, TypeAlias

from qualcode.audit import (
    AuditReport,
    Known,
    KnownBase,
    KnownCell,
    KnownTheme,
    audit,
    read_manuscript,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Block: TypeAlias = tuple[str, str] | list[list[str]]
"""A heading ("#", words), a paragraph ("", words), or a table: rows of cells, the header first."""
FORMATS = (".md", ".txt", ".html", ".docx")


def cell(k: int, n: int, low: float, high: float) -> KnownCell:
    return KnownCell(k, n, 100 * k / n, low, high)


BRANCH = {
    ("branch", "harbour"): cell(17, 38, 30.2, 60.3),
    ("branch", "mill street"): cell(36, 106, 25.7, 43.4),
}
STUDY = Known(
    themes=(
        KnownTheme("Parking", cell(53, 144, 29.4, 44.9), "Q1", "access/parking", BRANCH),
        KnownTheme("Opening hours", cell(38, 144, 19.9, 34.1), "Q1", "opening-hours"),
        KnownTheme("Training and friendly staff", cell(18, 144, 8.1, 18.9), "Q1", "staff"),
        KnownTheme("Quiet rooms", cell(9, 144, 3.3, 11.5), "Q1", "quiet-rooms"),
        KnownTheme("Prayer room", KnownCell(n=144, is_suppressed=True), "Q1", "prayer-room"),
        KnownTheme("Don't know", cell(4, 144, 1.1, 6.9), "Q1", "dk", is_status=True),
    ),
    bases=(
        KnownBase("asked", 144, "Q1"),
        KnownBase("answered", 137, "Q1"),
        KnownBase("coded", 132, "Q1"),
    ),
    closed=(("Up to 25,000", "25,001 to 100,000", "More than 100,000"),),
)


def write(blocks: Sequence[Block], ending: str) -> bytes:
    """The page as a file of this kind."""
    return {".md": _markdown, ".txt": _plain, ".html": _html, ".docx": docx}[ending](blocks)


def audited(blocks: Sequence[Block], ending: str = ".md", known: Known = STUDY) -> AuditReport:
    return audit(read_manuscript(write(blocks, ending), f"page{ending}"), known)


def told(text: str, known: Known = STUDY) -> list[str]:
    """The checks that one paragraph of Markdown fails, with their levels."""
    report = audit(read_manuscript(text.encode(), "page.md"), known)
    return [f"{finding.level} {finding.check}" for finding in report.findings]


def _markdown(blocks: Sequence[Block]) -> bytes:
    parts = []
    for block in blocks:
        if isinstance(block, list):
            lines = [f"| {' | '.join(row)} |" for row in block]
            rule = f"|{'---|' * len(block[0])}"
            parts.append("\n".join([lines[0], rule, *lines[1:]]))
        else:
            parts.append(f"## {block[1]}" if block[0] else block[1].replace("%", "\\%"))
    return "\n\n".join(parts).encode()


def _plain(blocks: Sequence[Block]) -> bytes:
    parts = []
    for block in blocks:
        if isinstance(block, list):
            widths = [max(len(row[place]) for row in block) + 2 for place in range(len(block[0]))]
            lines = [
                "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                for row in block
            ]
            rule = "".join(("-" * (width - 2)).ljust(width) for width in widths)
            parts.append("\n".join([lines[0], rule, *lines[1:]]))
        else:
            parts.append(f"{block[1]}\n{'=' * len(block[1])}" if block[0] else block[1])
    return "\n\n".join(parts).encode()


def _html(blocks: Sequence[Block]) -> bytes:
    parts = ['<!doctype html><meta charset="utf-8"><title>12 %</title><body>']
    for block in blocks:
        if isinstance(block, list):
            rows = [
                "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
                for tag, row in zip(["th", *["td"] * len(block)], block, strict=False)
            ]
            parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            tag = "h2" if block[0] else "p"
            parts.append(f"<{tag}>{escape(block[1])}</{tag}>".replace(" %", "&nbsp;%"))
    return "\n".join(parts).encode()


def docx(blocks: Sequence[Block]) -> bytes:
    """A Word document, as small as one can be."""
    return packed(document("".join(_docx_block(block) for block in blocks)))


def document(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxml'
        f'formats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    )


def packed(xml: str, **others: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
        for name, content in others.items():
            archive.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def paragraph(text: str, style: str = "") -> str:
    """A paragraph in several runs, as word processors write them."""
    head = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    middle = len(text) // 2
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{escape(run)}</w:t></w:r>'
        for run in (text[:middle], text[middle:])
    )
    return f"<w:p>{head}{runs}</w:p>"


def _docx_block(block: Block) -> str:
    if isinstance(block, list):
        rows = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in block)
        return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    return paragraph(block[1], "Heading2" if block[0] else "")
