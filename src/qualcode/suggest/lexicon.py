"""Texts cut into words whose n-grams are looked up once, however often they come again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.suggest.grams import parts, placed, word_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.features import TextFeatures
    from qualcode.suggest.words import Span

_MOST_KEPT = 60_000
_PIECE = re.compile(r"\S+")
_ENDING = re.compile(r"['’]\w(?!\w)")
"""What belongs to the word before it for whoever reads, though not for the n-grams: isn't."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word in a piece of text between two spaces.

    Equal words have an equal `number`; `column` is the word's own, -1 if it is unknown; `columns`
    are this and those of its parts, in the piece, that are known. It stands at `span`.
    """

    number: int
    column: int
    columns: NDArray[np.int32]
    is_stop: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Cut:
    """The words of some texts, one text after the other.

    Each is an entry (`entry`, its number) in a `piece` of a `text` (theirs, from 0).
    """

    entry: NDArray[np.intp]
    text: NDArray[np.intp]
    piece: NDArray[np.intp]


class Lexicon:
    """The entries met so far: `entries` by their number."""

    def __init__(self, features: TextFeatures, stop: frozenset[str]) -> None:
        self._features = features
        self._stop = stop
        self._forget()

    def _forget(self) -> None:
        self.entries: list[Entry] = []
        self._of_piece: dict[str, list[int]] = {}
        self._words: dict[str, int] = {}

    def cut(self, texts: Sequence[str]) -> Cut:
        """Cut texts in lower case. The numbers of entries hold until texts are cut again."""
        if len(self.entries) > _MOST_KEPT:
            self._forget()
        known = self._of_piece
        found: list[int] = []
        sizes: list[int] = []
        counts: list[int] = []
        for text in texts:
            pieces = text.split()
            counts.append(len(pieces))
            for piece in pieces:
                entries = known[piece] if piece in known else self._learned(piece)
                found += entries
                sizes.append(len(entries))
        begins = np.cumsum(counts, dtype=np.intp) - counts
        of_text = np.repeat(np.repeat(np.arange(len(texts)), counts), sizes)
        of_piece = np.repeat(np.arange(len(sizes)), sizes) - begins[of_text]
        return Cut(np.array(found, np.intp), of_text, of_piece)

    def spans(self, texts: Sequence[str], cut: Cut, words: NDArray[np.intp]) -> list[Span]:
        """Where words (their numbers in `cut`, in order of the texts) stand in their texts."""
        found: list[Span] = []
        last, begins = -1, [0]
        columns = cut.text[words].tolist(), cut.piece[words].tolist(), cut.entry[words].tolist()
        for text, piece, entry in zip(*columns, strict=True):
            if text != last:
                last, begins = text, [match.start() for match in _PIECE.finditer(texts[text])]
            start, end = self.entries[entry].span
            found.append((begins[piece] + start, begins[piece] + end))
        return found

    def _learned(self, piece: str) -> list[int]:
        first = len(self.entries)
        plain, places = placed(piece)
        spans = word_spans(plain)
        of_piece = dict.fromkeys(parts(plain))
        for start, end in spans:
            word = plain[start:end]
            own = of_piece if len(spans) == 1 else dict.fromkeys(parts(word))
            column = self._features.word_column(word)
            columns = [self._features.part_column(part) for part in own if part in of_piece]
            known = np.array([one for one in (column, *columns) if one >= 0], np.int32)
            begin, stop = places[start], places[end - 1] + 1
            ending = _ENDING.match(piece, stop)
            number = self._words.setdefault(word, len(self._words))
            span = begin, ending.end() if ending else stop
            self.entries.append(Entry(number, column, known, piece[begin:stop] in self._stop, span))
        self._of_piece[piece] = list(range(first, len(self.entries)))
        return self._of_piece[piece]
