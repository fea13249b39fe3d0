"""The sentences of a manuscript, with the numbers and the names that were found in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.audit.beside import Beside, Stated, beside, stated
from qualcode.audit.percents import percentages
from qualcode.audit.ranges import ranges, without_digits
from qualcode.audit.sections import standings
from qualcode.audit.sentences import quotations, sentences
from qualcode.audit.whom import everybody, speaks_of_part
from qualcode.audit.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qualcode.audit.manuscript import Manuscript
    from qualcode.audit.names import Finder, Found
    from qualcode.audit.percents import Hit
    from qualcode.audit.sections import Standing
    from qualcode.audit.sentences import Span

_ALL_PERCENTAGES = re.compile(
    r"\b(?:percentages|shares|per\s?cents|figures)\b[^.]{0,80}\b(?:of|on|to|base)\b", re.IGNORECASE
)
_ALL_WEIGHTED = re.compile(
    r"\b(?:percentages|shares|estimates|figures)\b[^.]{0,60}\b(?:are|were)\s(?:all\s)?weighted\b|"
    r"\ball\b[^.]{0,30}\bweighted\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text, in one kind of space, with the names that were found in it.

    `counting` is its text without the numbers of labels and ranges, which count nobody.
    """

    standing: Standing
    start: int
    text: str
    counting: str
    themes: tuple[Found, ...]
    groups: tuple[Found, ...]
    labels: tuple[Found, ...]
    hits: tuple[Hit, ...]
    own: tuple[Beside, ...]
    quoted: tuple[Span, ...]
    stated: Stated
    is_part: bool

    def is_quoted(self, offset: int) -> bool:
        """Whether a character stands inside the words of somebody else."""
        return self.standing.paragraph.kind == "quotation" or any(
            first <= offset < last for first, last in self.quoted
        )


@dataclass(slots=True)
class Remarks:
    """What the text says of all its percentages: their base, and whether they are weighted."""

    bases: list[int] = field(default_factory=list)
    are_weighted: bool = False
    stated: set[int] = field(default_factory=set)


def read_sentences(
    manuscript: Manuscript,
    finders: tuple[Finder, Finder, Finder],
    known_bases: Collection[int],
) -> list[Sentence]:
    """Every sentence of the text, headings and captions included.

    The finders are those of themes, of groups, and of what rows of the manuscript's tables are
    called that are no themes.
    """
    everyone = everybody((plain(one.text) for one in manuscript.paragraphs()), known_bases)
    found: list[Sentence] = []
    for standing in standings(manuscript):
        text = plain(standing.paragraph.text)
        quoted = quotations(text)
        for start, end in sentences(text):
            found.append(_sentence(standing, start, text[start:end], quoted, finders, everyone))
    return found


def remarks(found: Sequence[Sentence]) -> Remarks:
    """What the sentences say of all percentages, and the bases that any of them states."""
    told = Remarks()
    for sentence in found:
        told.stated.update(sentence.stated.firm, sentence.stated.loose)
        if sentence.standing.paragraph.kind == "text" and _ALL_PERCENTAGES.search(sentence.text):
            told.bases += sentence.stated.firm
        told.are_weighted = told.are_weighted or bool(_ALL_WEIGHTED.search(sentence.text))
    return told


def _sentence(
    standing: Standing,
    start: int,
    text: str,
    quoted: list[Span],
    finders: tuple[Finder, Finder, Finder],
    everyone: re.Pattern[str],
) -> Sentence:
    themes, groups, labels = (tuple(finder.find(text)) for finder in finders)
    unlabelled = without_digits(text, ((group.start, group.end) for group in groups))
    hits = percentages(unlabelled)
    counting = without_digits(unlabelled, (span[:2] for span in ranges(unlabelled)))
    own = beside(counting, hits)
    end = start + len(text)
    return Sentence(
        standing,
        start,
        text,
        counting,
        themes,
        groups,
        labels,
        tuple(hits),
        tuple(own),
        tuple((a - start, b - start) for a, b in quoted if a < end and b > start),
        stated(counting, own),
        speaks_of_part(text, everyone),
    )
