"""The words that carry suggestions, for many answers at once and without scoring any again.

What a word adds to the log-odds of a code is what its n-grams add: the word itself, half of each
pair with a neighbour, and its parts. A word that comes again counts once. This is what
`evidence.explain` starts from; here it is all, so that it costs a fraction of the scoring.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.suggest.grams import LONGEST_CACHED, parts, placed, word_spans
from qualcode.suggest.words import stop_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.scoring import Scorer
    from qualcode.suggest.words import Span

MOST = 4
_OF_BEST, _OF_ALL = 0.25, 0.1
"""A word is shown if it adds so much of what the best one adds, and of what all words add."""

_AT_ONCE = 500
_CACHED = 30_000
_PIECE = re.compile(r"\S+")


_Piece = list[tuple[str, int, int, list[int]]]
"""What stands between two spaces: its words normalised, where they stand in it, their columns."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """Some texts cut into words, and the n-grams of these.

    `spans` (words × 2) are in order of the texts, those of text i from ``first[i]`` up to
    ``first[i + 1]``. An n-gram (`column`) counts for a `word` by its `amount`; those of text i
    stand from ``begins[i]`` up to ``begins[i + 1]``.
    """

    spans: NDArray[np.int32]
    is_stop: NDArray[np.bool_]
    first: NDArray[np.intp]
    word: NDArray[np.intp]
    column: NDArray[np.intp]
    amount: NDArray[np.float64]
    begins: NDArray[np.intp]


class Carriers:
    """Finds the words that carry codes; remembers how it cut the words that it has seen."""

    def __init__(self, scorer: Scorer) -> None:
        self._features = scorer.features
        self._scorer = scorer
        self._idf = np.concatenate([scorer.features.words_.idf, scorer.features.parts_.idf])
        self._stop = stop_words(scorer.keywords.language)
        self._pieces: dict[str, _Piece] = {}

    def find(
        self, texts: Sequence[str], rows: NDArray[np.intp], codes: NDArray[np.intp]
    ) -> NDArray[np.int32]:
        """Where the words stand that carry a code in a text, for pairs of their numbers.

        Gives m × 3, in order: the number of the pair, start and end; at most `MOST` of a pair.
        """
        found = [np.zeros((0, 3), np.int32)]
        for start in range(0, len(rows), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            own, numbers = np.unique(rows[part], return_inverse=True)
            cut = self._cut([texts[i] for i in own])
            lines = self._chosen(cut, numbers, codes[part])
            found.append(lines + np.array([start, 0, 0], np.int32))
        return np.concatenate(found)

    def _chosen(
        self, cut: _Cut, texts: NDArray[np.intp], codes: NDArray[np.intp]
    ) -> NDArray[np.int32]:
        counts = np.diff(cut.first)[texts]
        base = np.cumsum(counts) - counts
        pair = np.repeat(np.arange(len(texts)), counts)
        word = _ranges(cut.first[texts], counts)
        added = self._added(cut, texts, codes, base - cut.first[texts], len(word))
        added = np.where(cut.is_stop[word], 0, np.maximum(added, 0))
        order = np.lexsort((-added, pair))
        rank = np.arange(len(word)) - base[pair]
        best = np.maximum.reduceat(np.append(added, 0), base) * (counts > 0)
        total = np.bincount(pair, added, minlength=len(texts))
        enough = np.maximum(_OF_BEST * best, np.minimum(_OF_ALL * total, best))[pair]
        keep = (added[order] > 0) & (rank < MOST) & (added[order] >= enough)
        kept = np.sort(order[keep])
        return np.column_stack([pair[kept], cut.spans[word[kept]]]).astype(np.int32)

    def _added(
        self,
        cut: _Cut,
        texts: NDArray[np.intp],
        codes: NDArray[np.intp],
        shift: NDArray[np.intp],
        size: int,
    ) -> NDArray[np.float64]:
        """What each word of each pair adds; `shift` leads from the number of a word to its place."""
        counts = np.diff(cut.begins)[texts]
        gram = _ranges(cut.begins[texts], counts)
        pull = self._scorer.pull(cut.column[gram], np.repeat(codes, counts))
        place = cut.word[gram] + np.repeat(shift, counts)
        return np.bincount(place, pull * cut.amount[gram], minlength=size)

    def _cut(self, texts: Sequence[str]) -> _Cut:
        spans: list[Span] = []
        is_stop: list[bool] = []
        columns: list[int] = []
        sizes: list[int] = []
        sides: list[int] = []
        pairs: list[int] = []
        first = [0]
        column_of = self._features.word_column
        for text in texts:
            number: dict[str, int] = {}
            before = ""
            for word, start, end, own in self._words(text):
                if word not in number:
                    number[word] = len(spans)
                    spans.append((start, end))
                    is_stop.append(text[start:end] in self._stop)
                    columns += own
                    sizes.append(len(own))
                if before and (column := column_of(f"{before} {word}")) >= 0:
                    sides += (number[before], number[word])
                    pairs += (column, column)
                before = word
            first.append(len(spans))
        words = np.append(np.repeat(np.arange(len(sizes)), sizes), np.array(sides, np.intp))
        amounts = np.append(np.ones(len(columns)), np.full(len(pairs), 0.5))
        grams = np.append(np.array(columns, np.intp), np.array(pairs, np.intp))
        return self._weighed(spans, is_stop, np.array(first), words, grams, amounts)

    def _weighed(
        self,
        spans: list[Span],
        is_stop: list[bool],
        first: NDArray[np.intp],
        words: NDArray[np.intp],
        grams: NDArray[np.intp],
        amounts: NDArray[np.float64],
    ) -> _Cut:
        """The n-grams in order of their texts, weighed as TF-IDF does; each kind has length 1."""
        text = np.searchsorted(first, words, side="right") - 1
        order = np.argsort(text, kind="stable")
        text, words, grams, amounts = text[order], words[order], grams[order], amounts[order]
        kind = 2 * text + (grams >= len(self._features.words_.terms))
        weight = self._idf[grams]
        lengths = np.sqrt(np.bincount(kind, amounts * weight**2, minlength=2 * len(first)))
        begins = np.searchsorted(text, np.arange(len(first)))
        return _Cut(
            np.array(spans, np.int32).reshape(-1, 2),
            np.array(is_stop, np.bool_),
            first,
            words,
            grams,
            amounts * weight / lengths[kind],
            begins,
        )

    def _words(self, text: str) -> Iterator[tuple[str, int, int, list[int]]]:
        """The words of a text in order: normalised, where they stand, their own n-grams."""
        for match in _PIECE.finditer(text):
            piece = self._pieces.get(match[0])
            if piece is None:
                piece = self._piece(match[0])
                if len(match[0]) <= LONGEST_CACHED:
                    if len(self._pieces) >= _CACHED:
                        self._pieces.clear()
                    self._pieces[match[0]] = piece
            offset = match.start()
            for word, start, end, own in piece:
                yield word, offset + start, offset + end, own

    def _piece(self, piece: str) -> _Piece:
        plain, places = placed(piece)
        spans = word_spans(plain)
        of_all = set(parts(plain))
        found: list[tuple[str, int, int, list[int]]] = []
        for start, end in spans:
            word = plain[start:end]
            touching = of_all if len(spans) == 1 else of_all.intersection(parts(word))
            columns = [self._features.word_column(word), *map(self._features.part_column, touching)]
            known = [column for column in columns if column >= 0]
            found.append((word, places[start], places[end - 1] + 1, known))
        return found


def _ranges(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """The numbers of ranges that begin at `starts` and are so long, one range after the other."""
    return np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
