"""Where sentences, their parts, and quotations begin and end; offsets are half-open."""

from __future__ import annotations

import re

_END = re.compile(r"""[.!?]["'”’)\]]*\s{1,99}(?=["'“‘(\[]*[A-Z0-9<≈~])""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|al|ca|approx|resp|incl|fig|figs|tab|no|nos|dr|mr|ms|mrs|prof|st|"
    r"eq|ref|refs|vol|pp|sec|min|max|est|etc|c|p|n|k|[a-z]\.[a-z])|\b[A-Z])$",
    re.IGNORECASE,
)
_PART = re.compile(
    r";\s{1,9}|,?\s{1,9}(?=(?:while|whereas|although|but|compared (?:with|to)|in contrast)\b)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^“”]{1,5000}”|«[^«»]{1,5000}»|„[^„“”]{1,5000}[“”]")
_STRAIGHT = re.compile(r'"[^"]{1,5000}"')
_FEWEST_WORDS = 4
LONGEST = 1_500
"""Characters that a sentence may have."""

Span = tuple[int, int]


def sentences(text: str) -> list[Span]:
    """The sentences of a paragraph; together they are all of it, one that never ends in pieces."""
    spans: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if text[end.start()] == "." and _ABBREVIATION.search(
            text, max(start, end.start() - 8), end.start()
        ):
            continue
        spans.append((start, end.end()))
        start = end.end()
    spans.append((start, len(text)))
    cut = [
        (first, min(end, first + LONGEST))
        for begin, end in spans
        for first in range(begin, end, LONGEST)
    ]
    return [span for span in cut if text[span[0] : span[1]].strip()]


def parts(text: str, start: int, end: int) -> list[Span]:
    """The parts of a sentence that each say something of their own."""
    spans: list[Span] = []
    for cut in _PART.finditer(text, start, end):
        spans.append((start, cut.end()))
        start = cut.end()
    return [*spans, (start, end)]


def quotations(text: str) -> list[Span]:
    """Where somebody else is speaking: quotation marks around four words or more."""
    found = [match.span() for match in _QUOTED.finditer(text)]
    if text.count('"') % 2 == 0:
        found += [match.span() for match in _STRAIGHT.finditer(text)]
    return sorted(
        (start, end) for start, end in found if len(text[start:end].split()) >= _FEWEST_WORDS
    )
