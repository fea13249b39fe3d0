"""Scoring any number of answers in memory that does not grow with them.

Answers come and go in chunks; at most two chunks for each process are under way. What was scored
a while ago is remembered, so each distinct text is scored once as long as it keeps coming.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.suggest.ranking import selected
from qualcode.suggest.workers import workers
from qualcode.text import bare

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from numpy.typing import NDArray

    from qualcode.suggest.scoring import Scorer
    from qualcode.suggest.workers import Found, Key

CHUNK = 2_000
_CHUNK_CHARACTERS = 1_000_000
_REMEMBERED = 50_000
_LONGEST_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be scored; `id` is whatever the caller knows it by."""

    id: Hashable
    text: str
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """The suggestions of one chunk: every code above its threshold and at least the first few.

    `ids` are the chunk's answers in the order they came. `row` (into `ids`), `code` (into the
    classes), `probability`, `is_above` and `evidence` are of one length, by answer and from the
    best down. `evidence` names at most four words of the answer that carry a code above its
    threshold, as they stand there, joined by ", "; it is empty for other codes.
    """

    ids: list[Hashable]
    row: NDArray[np.intp]
    code: NDArray[np.intp]
    probability: NDArray[np.float64]
    is_above: NDArray[np.bool_]
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found of one text: `scores` of the codes; lines of code, start and end of words."""

    scores: NDArray[np.float32]
    words: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Answers under way: their keys, those that were sent, and what was known of the others."""

    answers: list[Answer]
    keys: list[Key]
    new: list[Key]
    known: dict[Key, _Known]


def score_all(
    scorer: Scorer, answers: Iterable[Answer], *, top: int = 5, jobs: int = 1, chunk: int = CHUNK
) -> Iterator[Scored]:
    """Score answers in the order they come, with so many processes (1: in this one).

    A caller that writes down how many chunks it has taken can go on from there. The processes end
    with the iterator, at once when it is closed. Raises `QualcodeError` where one of them dies.
    """
    remembered: dict[Key, _Known] = {}
    waiting: deque[_Chunk] = deque()
    most = 2 * jobs if jobs > 1 else 0
    with workers(scorer, jobs) as crew:
        for part in _chunks(answers, chunk):
            waiting.append(_looked_up(part, remembered))
            crew.send(waiting[-1].new)
            if len(waiting) > most:
                yield _finished(waiting.popleft(), crew.receive(), scorer, top, remembered)
        while waiting:
            yield _finished(waiting.popleft(), crew.receive(), scorer, top, remembered)


def _chunks(answers: Iterable[Answer], size: int) -> Iterator[list[Answer]]:
    part: list[Answer] = []
    characters = 0
    for answer in answers:
        part.append(answer)
        characters += len(answer.text)
        if len(part) >= size or characters >= _CHUNK_CHARACTERS:
            yield part
            part, characters = [], 0
    if part:
        yield part


def _looked_up(part: list[Answer], remembered: dict[Key, _Known]) -> _Chunk:
    keys = [(bare(answer.text), answer.context) for answer in part]
    distinct = dict.fromkeys(keys)
    known = {key: remembered[key] for key in distinct if key in remembered}
    return _Chunk(part, keys, [key for key in distinct if key not in known], known)


def _finished(
    part: _Chunk, result: Found, scorer: Scorer, top: int, remembered: dict[Key, _Known]
) -> Scored:
    if len(remembered) + len(part.new) > _REMEMBERED:
        remembered.clear()
    known = dict(part.known)
    ends = np.searchsorted(result.words[:, 0], np.arange(len(part.new) + 1)).tolist()
    for place, key in enumerate(part.new):
        words = result.words[ends[place] : ends[place + 1], 1:]
        known[key] = _Known(result.scores[place], words)
        if len(key[0]) <= _LONGEST_REMEMBERED:
            remembered[key] = _Known(result.scores[place].copy(), words.copy())
    p = np.array([known[key].scores for key in part.keys], dtype=np.float64)
    rows, codes, probability, is_above = selected(p, scorer.classes, scorer.thresholds, top)
    evidence = _evidence(part, known, rows, codes)
    ids = [answer.id for answer in part.answers]
    return Scored(ids, rows, codes, probability, is_above, evidence)


def _evidence(
    part: _Chunk,
    known: dict[Key, _Known],
    rows: NDArray[np.intp],
    codes: NDArray[np.intp],
) -> list[str]:
    """The words that carry each code of an answer, for pairs of their numbers."""
    carried = [
        _quoted(answer.text, key[0], known[key].words)
        for answer, key in zip(part.answers, part.keys, strict=True)
    ]
    pairs = zip(rows.tolist(), codes.tolist(), strict=True)
    return [carried[row].get(code, "") for row, code in pairs]


def _quoted(text: str, plain: str, words: NDArray[np.int32]) -> dict[int, str]:
    """The words of each code as they stand in `text`; their places are those in the bare text.

    Words that touch (of a script without spaces) stay together.
    """
    if not len(words):
        return {}
    lower = text.lower()
    if len(lower) == len(text):
        shift = lower.index(plain)
        plain = text[shift : shift + len(plain)]
    found: dict[int, str] = {}
    last = -1
    for code, start, end in words.tolist():
        if code not in found:
            found[code] = plain[start:end]
        else:
            found[code] += ("" if start == last else ", ") + plain[start:end]
        last = end
    return found
