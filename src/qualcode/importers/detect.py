"""Which columns of a wide table are open questions, and which one says who answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.importers.names import NOT_OPEN, OPEN, RESPONDENT, plain
from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qualcode.importers.header import Header

_PATTERNED = re.compile(
    r"[-+]?[\d.,\s]+(e[-+]?\d+)?\s*[%€$£]?"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,]+[\d:.]+\s*([ap]m)?\s*(Z|[-+]\d\d:?\d\d|[a-z]{2,4})?)?"
    r"|\d{1,2}:\d{2}(:\d{2})?(\s*[ap]m)?"
    r"|[^\s@]+@[^\s@]+\.[^\s@]+"
    r"|(https?://|www\.)\S+"
    r"|[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}"
    r"|[0-9a-f]{8}-[0-9a-f-]{20,}"
    r"|(?=\S*\d)[A-Za-z]{0,6}[-_]?[\w-]{2,40}",
    re.IGNORECASE,
)
_ASKING = re.compile(r"q(uestion)?\s?_?\d+\w{0,3}|.*\?\s*", re.IGNORECASE | re.DOTALL)
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

_PATTERN_SHARE = 0.8
_MOST_OPTIONS = 30
_TIMES_CHOSEN = 5
_FEW = 20


def find_id(
    header: Header, sample: Sequence[Sequence[str]], skip: Collection[int] = ()
) -> int | None:
    """The place of the column that says who answered.

    The first of the known names whose cells are filled and differ; else a column whose name
    ends in “id” and that does so; else the first known name, so that its repeated or missing
    cells are said instead of passed over. None if there is no such name.
    """
    places = {plain(name): index for index, name in enumerate(header.names) if index not in skip}
    known = [places[name] for name in RESPONDENT if name in places]
    ending = [
        index
        for index, name in enumerate(header.names)
        if re.search(r"([\s_.-]id|[a-z]I[dD])\Z", name) and index not in skip
    ]
    for index in (*known, *ending):
        cells = [row[index] for row in sample]
        if len(set(cells)) == len(cells) and all(map(str.strip, cells)):
            return index
    return known[0] if known else None


def is_open(header: Header, index: int, values: Sequence[str], blanks: Collection[str]) -> bool:
    """Whether the column at `index` holds answers in people's own words.

    `values` are its first cells. A closed question repeats few options; numbers, dates,
    addresses and marks follow a pattern; answers have words and seldom repeat.
    """
    name, text = header.names[index], header.texts[index]
    if plain(name) in NOT_OPEN:
        return False
    is_called_open = index in header.open_ended or any(
        OPEN.fullmatch(plain(words)) for words in (name, text)
    )
    asks = bool(_ASKING.fullmatch(text) or _ASKING.fullmatch(name))
    filled = [value.strip() for value in values if not is_blank(value, blanks)]
    if not filled:
        return text.endswith("?") or is_called_open
    patterned = sum(1 for value in filled if _PATTERNED.fullmatch(value[:200]))
    distinct = len({value.casefold() for value in filled})
    if patterned >= _PATTERN_SHARE * len(filled) or _is_closed(len(filled), distinct):
        return False
    if is_called_open:
        return True
    words = sum(map(_words, filled)) / len(filled)
    return _reads_open(words, distinct / len(filled), asks=asks, few=len(filled) < _FEW)


def _is_closed(filled: int, distinct: int) -> bool:
    return distinct <= _MOST_OPTIONS and filled >= _TIMES_CHOSEN * distinct


def _reads_open(words: float, distinct: float, *, asks: bool, few: bool) -> bool:
    """The decision from words an answer and the share of answers that differ."""
    sentence, phrase, half, fifth = 4, 2, 0.5, 0.2
    if words >= sentence:
        return distinct >= (half if few else fifth)
    if words >= phrase:
        return distinct >= half and asks
    return distinct >= half and asks and not few


def _words(text: str) -> float:
    unspaced = len(_WITHOUT_SPACES.findall(text, 0, 400))
    return unspaced / 2 if unspaced else len(text[:1000].split())
