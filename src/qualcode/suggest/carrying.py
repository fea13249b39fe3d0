"""The words that carry suggestions, for many answers at once and without scoring any again.

What a word adds to the log-odds of a code is what its n-grams add: the word itself, half of each
pair with a neighbour, and its parts; one that comes again counts once. `evidence.explain` checks
what it shows by scoring the answer without it; this costs a fraction of the scoring instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.suggest.lexicon import Lexicon
from qualcode.suggest.words import stop_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.lexicon import Cut
    from qualcode.suggest.scoring import Scorer

MOST = 4
_OF_BEST, _OF_ALL = 0.25, 0.1
"""A word is shown if it adds so much of what the best one adds, and of what all words add."""

_AT_ONCE = 1_000
"""Pairs of a text and a code whose words are weighed together."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The distinct words of some texts, in order of the texts.

    Text i has ``counts[i]`` of them from ``first[i]`` on; `place` is where a word first stands
    among all words of all texts.
    """

    first: NDArray[np.intp]
    counts: NDArray[np.intp]
    place: NDArray[np.intp]
    is_stop: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Grams:
    """The n-grams of some texts, in order of the texts (`first` and `counts` as for words).

    N-gram `column` counts for `word` by `amount`.
    """

    first: NDArray[np.intp]
    counts: NDArray[np.intp]
    word: NDArray[np.intp]
    column: NDArray[np.intp]
    amount: NDArray[np.float64]


class Carriers:
    """Finds the words that carry codes."""

    def __init__(self, scorer: Scorer) -> None:
        words, parts = scorer.features.words_, scorer.features.parts_
        self._scorer = scorer
        self._idf = np.concatenate([words.idf, parts.idf])
        self._width = len(words.terms)
        self._lexicon = Lexicon(scorer.features, stop_words(scorer.keywords.language))
        pairs = [(term.split(" "), i) for i, term in enumerate(words.terms) if " " in term]
        keys = [words.column(a) * self._width + words.column(b) for (a, b), _ in pairs]
        order = np.argsort(np.array(keys, np.int64))
        self._pair_keys = np.array(keys, np.int64)[order]
        self._pair_columns = np.array([i for _, i in pairs], np.intp)[order]

    def find(
        self, texts: Sequence[str], rows: NDArray[np.intp], codes: NDArray[np.intp]
    ) -> NDArray[np.int32]:
        """Where the words stand that carry a code in a text, for pairs of their numbers.

        The texts are in lower case. Gives m × 3, in order: the number of the pair, start and end;
        at most `MOST` of a pair.
        """
        found: list[tuple[int, int, int]] = []
        for start in range(0, len(rows), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            own, numbers = np.unique(rows[part], return_inverse=True)
            some = [texts[i] for i in own]
            cut = self._lexicon.cut(some)
            words, grams = self._grams(cut, len(some))
            pairs, kept = self._chosen(words, grams, numbers, codes[part])
            spans = self._lexicon.spans(some, cut, words.place[kept])
            lines = zip((start + pairs).tolist(), spans, strict=True)
            found += [(pair, *span) for pair, span in lines]
        return np.array(found, np.int32).reshape(-1, 3)

    def _chosen(
        self, words: _Words, grams: _Grams, texts: NDArray[np.intp], codes: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Pairs and the words chosen of each, in order of the text."""
        counts = words.counts[texts]
        base = np.cumsum(counts) - counts
        pair = np.repeat(np.arange(len(texts)), counts)
        word = _ranges(words.first[texts], counts)
        shift = base - words.first[texts]
        added = self._added(grams, texts, codes, shift, len(word)) * ~words.is_stop[word]
        order = np.lexsort((-added, pair))
        rank = np.arange(len(word)) - base[pair]
        best = np.maximum.reduceat(np.append(added, 0), base)
        total = np.bincount(pair, np.maximum(added, 0), minlength=len(texts))
        least = np.maximum(_OF_BEST * best, np.minimum(_OF_ALL * total, best))[pair]
        keep = order[(added[order] > 0) & (added[order] >= least) & (rank < MOST)]
        keep = keep[np.lexsort((words.place[word[keep]], pair[keep]))]
        return pair[keep], word[keep]

    def _added(
        self,
        grams: _Grams,
        texts: NDArray[np.intp],
        codes: NDArray[np.intp],
        shift: NDArray[np.intp],
        size: int,
    ) -> NDArray[np.float64]:
        """What each word of each pair adds; `shift` leads from a word's number to its place."""
        counts = grams.counts[texts]
        gram = _ranges(grams.first[texts], counts)
        pull = self._scorer.pull(grams.column[gram], np.repeat(codes, counts))
        place = grams.word[gram] + np.repeat(shift, counts)
        added = np.bincount(place, pull * grams.amount[gram], minlength=size)
        return np.asarray(added, dtype=np.float64)

    def _grams(self, cut: Cut, size: int) -> tuple[_Words, _Grams]:
        """The distinct words and the n-grams of so many texts."""
        kinds, kind = np.unique(cut.entry, return_inverse=True)
        known = [self._lexicon.entries[i] for i in kinds]
        number = np.array([entry.number for entry in known], np.intp)[kind]
        column = np.array([entry.column for entry in known], np.intp)[kind]
        is_stop = np.array([entry.is_stop for entry in known], np.bool_)[kind]
        key = cut.text * (number.max(initial=0) + 1) + number
        _, place, word = np.unique(key, return_index=True, return_inverse=True)
        words = _Words(*_runs(cut.text[place], size), place, is_stop[place])
        owner, own = _each(kind[place], [entry.columns for entry in known])
        beside, pairs = self._neighbours(cut.text, column)
        return words, self._weighed(
            cut.text[place],
            np.concatenate([owner, word[beside], word[beside + 1]]),
            np.concatenate([own, pairs, pairs]).astype(np.intp),
            np.append(np.ones(len(own)), np.full(2 * len(pairs), 0.5)),
            size,
        )

    def _neighbours(
        self, text: NDArray[np.intp], column: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The first of two words that are a known pair, and the pair's column; once in a text."""
        near = (text[:-1] == text[1:]) & (column[:-1] >= 0) & (column[1:] >= 0)
        beside = np.flatnonzero(near)
        keys = column[beside] * self._width + column[beside + 1]
        place = np.searchsorted(self._pair_keys, keys)
        is_known = np.append(self._pair_keys, -1)[place] == keys
        beside, place = beside[is_known], place[is_known]
        _, once = np.unique(text[beside] * len(self._pair_keys) + place, return_index=True)
        return beside[once], self._pair_columns[place[once]]

    def _weighed(
        self,
        text_of: NDArray[np.intp],
        word: NDArray[np.intp],
        column: NDArray[np.intp],
        part: NDArray[np.float64],
        size: int,
    ) -> _Grams:
        """The n-grams in order of their texts, weighed as TF-IDF does; each kind has length 1."""
        text = text_of[word]
        order = np.argsort(text, kind="stable")
        text, word, column, part = text[order], word[order], column[order], part[order]
        kind = 2 * text + (column >= self._width)
        weight = self._idf[column]
        lengths = np.sqrt(np.bincount(kind, part * weight**2, minlength=2 * size))
        return _Grams(*_runs(text, size), word, column, part * weight / lengths[kind])


def _runs(text: NDArray[np.intp], size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where in a sorted array each of so many texts begins, and how often it is there."""
    counts = np.bincount(text, minlength=size)
    return np.cumsum(counts) - counts, counts


def _each(
    kinds: NDArray[np.intp], lists: Sequence[NDArray[np.int32]]
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """The lists of many kinds, one after the other, and the place of each one's kind."""
    sizes = np.array([len(one) for one in lists], np.intp)
    flat = np.concatenate([np.zeros(0, np.int32), *lists])
    counts = sizes[kinds]
    owner = np.repeat(np.arange(len(kinds)), counts)
    return owner, flat[_ranges((np.cumsum(sizes) - sizes)[kinds], counts)]


def _ranges(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """The numbers of ranges that begin at `starts` and are so long, one range after the other."""
    return np.repeat(starts - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
