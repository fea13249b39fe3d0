"""What the columns of a table hold, by their headers and, where these leave it open, by cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from qualcode.audit.ranges import ranges
from qualcode.audit.words import DIGITS, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qualcode.audit.manuscript import Cell, Table
    from qualcode.audit.sections import Surrounded

Role: TypeAlias = Literal[
    "label", "percent", "count", "base", "ratio", "interval", "low", "high", "other", "unknown"
]
"""What a column holds; a ratio is “53/144”, low and high are the bounds of an interval."""

BASE_IN_HEADER = re.compile(rf"[(\[,;]?\s?\b[nN]\s?=\s?({DIGITS})\s?[)\]]?")
_PERCENT = re.compile(r"%|\bper\s?cent\b|\bpercent(?:age)?s?\b|\bpct\b|\bshares?\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:8|9)[0-9](?:[.,][0-9])?\s?-?(?:%|per\s?cent)", re.IGNORECASE)
_INTERVAL = re.compile(
    r"\bC\.?I\.?s?\b|\bKI\b|\bCrI\b|\bconfidence\b|\bintervals?\b|\blimits\b", re.IGNORECASE
)
_LOW = re.compile(r"\b(?:low(?:er)?|LL|LCL)\b|^\W*(?:from|min)\W*$|^\W*2[.,]5\s?%", re.IGNORECASE)
_HIGH = re.compile(r"\b(?:high|upper|UL|UCL)\b|^\W*(?:to|max)\W*$|^\W*97[.,]5\s?%", re.IGNORECASE)
_RATIO = re.compile(r"\bk\s?/\s?n\b|\bn\s?/\s?N\b|\bcount\s?/\s?(?:base|total)\b", re.IGNORECASE)
_BASE = re.compile(
    r"^\W*(?:(?-i:N)|base|bases|asked|answered|coded|n asked|n answered|total n|sample size|"
    r"(?:respondents|number) (?:asked|answered)|unweighted n|unweighted base|denominator)\W*$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?:k|n|no\.?|count(?:s|ed)?|number|freq(?:uency|uencies|\.)?|mentions?|cases|respondents|"
    r"participants|answers|f)\b|#",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"^\W*(?:p|p[- ]?values?|p,.*|p_?holm|p_?bh|sig\.?|se|s\.e\.?|se of.*|sd|df|f|t|z|v|phi|b|β|"
    r"χ.*|chi.*|test|statistic|total|rank|year|wave|version|deff|weight|line|page|q)\W*$|"
    r"\b(?:kappa|alpha|odds|ratio|mean|median|standard error|design effect|AC1|(?-i:a?OR|RR|HR))\b|"
    r"κ|α|\bp\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"\b(?:difference|change|increase|decrease|growth)\b|Δ", re.IGNORECASE)
_RESPONSES = re.compile(
    r"\bof (?:all )?(?:responses|mentions|codings|statements|answers given)\b", re.IGNORECASE
)
_AGREEMENT = re.compile(r"\b(?:agreement|agreed)\b", re.IGNORECASE)
_WEIGHTED = re.compile(r"\bweighted\b", re.IGNORECASE)
_PLAIN_WORDS = re.compile(
    r"\b(?:all|total|overall|respondents?|percent(?:age)?s?|per|cent|shares?|of|the|who|named|it|"
    r"them|mentioned|theme|with|n|k|number|count|counts|frequency|mentions?|base|asked|answered|"
    r"coded|weighted|unweighted|estimate|estimates|ci|confidence|intervals?|low|high|lower|upper|"
    r"limit|limits|from|to|wilson|cases|responses|answers|agencies|participants|se|in|and|a|this|"
    r"everybody|sample|whole|any|result|results|value|values)\b|[^\w\s]|[0-9]|_",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"^[<>≤≥~≈-]?\s?[(\[]?[0-9.,·]")
_THEMES = re.compile(r"\W*(?:sub-?)?(?:themes?|codes?|topics?|categor(?:y|ies))\b", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{2}")
_DECIMALS = re.compile(r"[0-9]+[.,·][0-9]")
_COMBINED = re.compile(r"\b(?:n|k|no\.?|count|f|freq\w*)\b\s?[,/]?\s?[(\[]?\s?%", re.IGNORECASE)


_MOST_LABELS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its role, the words of its header without their role, and what they say.

    `words` are empty for all respondents.
    """

    role: Role
    header: str
    words: str = ""
    is_weighted: bool = False
    is_unweighted: bool = False
    is_of_responses: bool = False
    is_agreement: bool = False


def header_rows(table: Table) -> int:
    """How many rows at the top are header: those that the format says, else those of words."""
    rows = table.rows
    declared = min(table.headers, len(rows) - 1)
    if declared == 0 and len(rows) > 1 and _is_of_words(rows[0]):
        declared = 1
    while 0 < declared < min(3, len(rows) - 1) and _goes_on(rows, declared):
        declared += 1
    return max(0, declared)


def columns(around: Surrounded, headers: int) -> tuple[Column, ...]:
    """The columns of a table; one without a sign is of percentages where the caption says so."""
    table = around.table
    found = [_column(table, headers, place) for place in range(len(table.rows[0]))]
    if any(column.role == "percent" for column in found) or not _says_percent(around.said):
        return tuple(found)
    return tuple(
        replace(column, role="percent")
        if _may_be_percent(column, _body(table, headers, place))
        else column
        for place, column in enumerate(found)
    )


def _may_be_percent(column: Column, cells: Sequence[str]) -> bool:
    if column.role == "unknown":
        return _has_numbers(cells)
    return column.role == "count" and any(_DECIMALS.match(cell) for cell in cells)


def _says_percent(said: str) -> bool:
    return _PERCENT.search(_LEVEL.sub(" ", said)) is not None


def _column(table: Table, headers: int, place: int) -> Column:
    header = " ".join(dict.fromkeys(_headings(table, headers, place))).strip()
    body = _body(table, headers, place)
    bare = BASE_IN_HEADER.sub(" ", header).strip()
    own = plain(table.rows[headers - 1][place].text) if headers else ""
    role = _role(BASE_IN_HEADER.sub(" ", own), bare, body, place)
    return Column(
        role,
        header,
        _own_words(bare),
        bool(_WEIGHTED.search(bare)),
        "unweighted" in bare.lower(),
        bool(_RESPONSES.search(bare)),
        bool(_AGREEMENT.search(bare)),
    )


def _own_words(header: str) -> str:
    """Give what a header says besides its role; a range of numbers is a group."""
    kept, at = [], 0
    for span in ranges(header):
        kept += [*_PLAIN_WORDS.sub(" ", header[at : span.start]).split(), header[span[0] : span[1]]]
        at = span.end
    return " ".join([*kept, *_PLAIN_WORDS.sub(" ", header[at:]).split()])


def _headings(table: Table, headers: int, place: int) -> Iterator[str]:
    """Give the words above a column; what stands over several is often written over the first."""
    for row in table.rows[:headers]:
        cells = [plain(cell.text).strip() for cell in row[: place + 1]]
        is_last = row is table.rows[headers - 1]
        above = cells[-1] or ("" if is_last else next((c for c in cells[:0:-1] if c), ""))
        yield above


def _role(own: str, header: str, body: Sequence[str], place: int) -> Role:
    """Read the role off the last header row, then off the whole header, then off the cells."""
    if place == 0 and not _is_mostly_numeric(body):
        return "label"
    named = next((role for w in dict.fromkeys((own, header)) if (role := _role_of_words(w))), None)
    signed = sum(bool(_PERCENT.search(cell)) for cell in body)
    if named in {"interval", "low", "high", "other"} or (named and signed * 2 <= len(body)):
        return named
    if signed:
        return "percent"
    return "label" if place < _MOST_LABELS and not _has_numbers(body) else "unknown"


def _role_of_words(words: str) -> Role | None:
    if bound := _bound(words):
        return bound
    rest = _LEVEL.sub(" ", words)
    roles: tuple[tuple[re.Pattern[str], str, Role], ...] = (
        (_CHANGE, words, "other"),
        (_PERCENT, rest, "percent"),
        (_OTHER, words, "other"),
        (_INTERVAL, words, "interval"),
        (_RATIO, words, "ratio"),
        (_BASE, words, "base"),
        (_COUNT, words, "count"),
    )
    return next((role for pattern, where, role in roles if pattern.search(where)), None)


def _bound(words: str) -> Role | None:
    """Give whether a header is that of one bound of an interval and of nothing else."""
    is_low, is_high = bool(_LOW.search(words)), bool(_HIGH.search(words))
    if is_low == is_high or _PLAIN_WORDS.sub(" ", words).strip():
        return None
    return "low" if is_low else "high"


def _body(table: Table, headers: int, place: int) -> list[str]:
    return [
        plain(row[place].text).strip()
        for row in table.rows[headers:]
        if not row[place].is_repeated and row[place].text.strip()
    ]


def _is_of_words(row: Sequence[Cell]) -> bool:
    texts = [plain(cell.text).strip() for cell in row if cell.text.strip()]
    return len(texts) > 1 and not any(_is_number(text) for text in texts)


def _is_number(text: str) -> bool:
    """Whether a cell is a number with its signs, and not a header that begins with one."""
    return _NUMERIC.match(text) is not None and _LETTERS.search(text) is None


def _goes_on(rows: Sequence[Sequence[Cell]], place: int) -> bool:
    """Whether the row at `place` belongs to the header: short words of roles, no numbers."""
    texts = [plain(cell.text).strip() for cell in rows[place] if not cell.is_repeated]
    filled = [BASE_IN_HEADER.sub(" ", text).strip() for text in texts if text]
    if len(filled) < 2 or any(_is_number(text) for text in filled):  # noqa: PLR2004
        return False
    return sum(_role_of_words(text) is not None for text in filled) * 2 >= len(filled)


def _has_numbers(cells: Sequence[str]) -> bool:
    return any(_NUMERIC.match(cell) for cell in cells)


def _is_mostly_numeric(cells: Sequence[str]) -> bool:
    return sum(bool(_NUMERIC.match(cell)) for cell in cells) * 2 > len(cells)


def is_combined(header: str) -> bool:
    """Whether a header such as “n (%)” puts the count before the percentage."""
    return _COMBINED.search(header) is not None


def is_theme_header(found: Sequence[Column], caption: str) -> bool:
    """Whether a table says that its rows are themes."""
    first = next((column.header for column in found if column.role == "label"), "")
    return bool(_THEMES.match(first) or (not first and _THEMES.search(caption)))
