"""Which part of a manuscript a block stands in, and what surrounds a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.audit.manuscript import Paragraph, Table
from qualcode.audit.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.audit.manuscript import Manuscript

_NUMBERED = r"\W*(?:[0-9]{1,2}(?:\.[0-9]{1,2})*\.?\s+)?"
_SUMMARY = (
    r"(?:(?:structured|executive|plain[- ]language|lay)\s)?(?:abstract|summary)|highlights|"
    r"key\s(?:findings|points|messages|results)|in brief|at a glance|main (?:findings|results)"
)
_SUMMARY_HEADING = re.compile(rf"{_NUMBERED}(?:{_SUMMARY})\W*", re.IGNORECASE)
_SUMMARY_START = re.compile(rf"\W*(?:{_SUMMARY})\s?(?:[:.]|-\s)", re.IGNORECASE)
_REFERENCES = re.compile(
    rf"{_NUMBERED}(?:references|bibliography|works cited|literature(?: cited)?|sources)\W*",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"\W*(?:table|tab\.|exhibit)\s?[A-Z]?[0-9]+", re.IGNORECASE)
_NOTE = re.compile(
    r"\W*(?:notes?\b|base\b|bases\b|sources?\b|percent|per cent|%|several\b|multiple\b|more than|"
    r"respondents (?:could|may|were)|participants could|n\s?=|total\b|weighted|unweighted|"
    r"columns?\b|rows?\b|figures\b|shares\b|because\b|one answer|a\s|[*†‡])",
    re.IGNORECASE,
)
_LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A paragraph with the headings above it and the part of the manuscript that it is in."""

    paragraph: Paragraph
    headings: str
    is_summary: bool = False
    is_references: bool = False


@dataclass(frozen=True, slots=True)
class Surrounded:
    """A table with its caption, the notes below it and the headings above."""

    table: Table
    caption: str
    notes: str
    headings: str

    @property
    def said(self) -> str:
        """Everything that is said about the table."""
        return f"{self.caption}\n{self.notes}"


def standings(manuscript: Manuscript) -> Iterator[Standing]:
    """Every paragraph with where it stands."""
    headings: dict[int, str] = {}
    summary = references = 0
    for paragraph in manuscript.paragraphs():
        text = plain(paragraph.text)
        if paragraph.kind == "heading":
            level = paragraph.level or 1
            headings = {above: words for above, words in headings.items() if above < level}
            headings[level] = text
            summary = summary if 0 < summary < level else 0
            references = references if 0 < references < level else 0
            if _SUMMARY_HEADING.fullmatch(text):
                summary = level
            if _REFERENCES.fullmatch(text):
                references = level
        begins = paragraph.kind == "text" and _SUMMARY_START.match(text) is not None
        trail = "\n".join(headings.values())
        yield Standing(paragraph, trail, summary > 0 or begins, references > 0)


def surroundings(manuscript: Manuscript) -> Iterator[Surrounded]:
    """Every table with what surrounds it."""
    blocks = manuscript.blocks
    headings: dict[int, str] = {}
    for place, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            if block.kind == "heading":
                level = block.level or 1
                headings = {above: words for above, words in headings.items() if above < level}
                headings[level] = plain(block.text)
            continue
        caption = [block.caption, *_caption(blocks, place)]
        yield Surrounded(
            block,
            plain("\n".join(dict.fromkeys(words for words in caption if words))),
            plain("\n".join(_notes(blocks, place))),
            "\n".join(headings.values()),
        )


def _caption(blocks: tuple[Paragraph | Table, ...], place: int) -> Iterator[str]:
    """Give the paragraphs before and after the table that are its caption."""
    before = blocks[place - 1] if place else None
    if isinstance(before, Paragraph) and _is_caption(before):
        yield before.text
        above = blocks[place - 2] if place > 1 else None
        if isinstance(above, Paragraph) and above.kind != "heading" and _CAPTION.match(above.text):
            yield above.text
        return
    title = before
    if isinstance(title, Paragraph) and place > 1 and title.kind == "text":
        numbered = blocks[place - 2]  # a number alone on its line, then the title
        if isinstance(numbered, Paragraph) and _CAPTION.fullmatch(numbered.text.strip(" .:")):
            yield title.text
            return
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    if isinstance(after, Paragraph) and _is_caption(after) and not _captions_next(blocks, place):
        yield after.text


def _captions_next(blocks: tuple[Paragraph | Table, ...], place: int) -> bool:
    """Whether the paragraph after the table is the caption of the table that follows it."""
    return (
        place + 2 < len(blocks)
        and isinstance(blocks[place + 2], Table)
        and getattr(blocks[place + 1], "kind", "") != "caption"
    )


def _is_caption(paragraph: Paragraph) -> bool:
    return paragraph.kind == "caption" or _CAPTION.match(plain(paragraph.text)) is not None


def _notes(blocks: tuple[Paragraph | Table, ...], place: int) -> Iterator[str]:
    for block in blocks[place + 1 : place + 9]:
        if not isinstance(block, Paragraph) or block.kind == "heading":
            return
        if _is_caption(block) and block.kind == "caption":
            continue
        is_note = block.kind == "note" or _NOTE.match(plain(block.text)) is not None
        if not is_note or len(block.text) > _LONGEST_NOTE:
            return
        yield block.text
