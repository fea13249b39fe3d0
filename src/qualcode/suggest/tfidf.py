"""TF-IDF of one kind of n-grams: sublinear, smoothed, each row of length 1.

The same numbers as scikit-learn's `TfidfVectorizer` (a test holds them together), several times
as fast where words come again, and a state that is two plain arrays.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from qualcode.suggest.grams import LONGEST_CACHED, part_grams, parts, word_grams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Kind = Literal["word", "part"]
_CACHED = 30_000


class Tfidf:
    """Weights of n-grams. `terms` are in order of their columns, `idf` is as long."""

    def __init__(self, kind: Kind, terms: Sequence[str], idf: NDArray[np.float64]) -> None:
        self.kind: Kind = kind
        self.terms = list(terms)
        self.idf = idf.astype(np.float32)
        self._column = {term: column for column, term in enumerate(self.terms)}
        self._of_word: dict[str, list[int]] = {}

    @classmethod
    def fit(cls, kind: Kind, texts: Sequence[str], most: int) -> Tfidf:
        """Learn from normalised texts the `most` n-grams that occur in the most of them."""
        grams = word_grams if kind == "word" else part_grams
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(grams(text)))
        chosen = seen if len(seen) <= most else dict(_commonest(seen, most))
        terms = sorted(chosen)
        counts = np.array([seen[term] for term in terms], dtype=np.float64)
        return cls(kind, terms, np.log((1 + len(texts)) / (1 + counts)) + 1)

    def transform(self, texts: Sequence[str]) -> Any:
        """The TF-IDF of normalised texts, n × terms, CSR of float32; unknown n-grams count 0."""
        columns = self._words if self.kind == "word" else self._parts
        found = [columns(text) for text in texts]
        ends = np.cumsum([0, *map(len, found)])
        flat = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=int(ends[-1]))
        shape = (len(found), len(self.terms))
        rows = sparse.csr_matrix((np.ones(len(flat), np.float32), flat, ends), shape=shape)
        rows.sum_duplicates()
        rows.data = (1 + np.log(rows.data)) * self.idf[rows.indices]
        _normalise(rows)
        return rows

    def column(self, gram: str) -> int:
        """The column of an n-gram, -1 if it is unknown."""
        return self._column.get(gram, -1)

    def _words(self, text: str) -> list[int]:
        column = self._column
        return [column[gram] for gram in word_grams(text) if gram in column]

    def _parts(self, text: str) -> list[int]:
        known, column = self._of_word, self._column
        found: list[int] = []
        for word in text.split():
            if (columns := known.get(word)) is None:
                columns = [column[part] for part in parts(word) if part in column]
                if len(word) <= LONGEST_CACHED:
                    if len(known) >= _CACHED:
                        known.clear()
                    known[word] = columns
            found += columns
        return found


def _commonest(seen: Counter[str], most: int) -> list[tuple[str, int]]:
    return sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:most]


def _normalise(rows: Any) -> None:
    lengths = np.sqrt(np.add.reduceat(np.append(rows.data**2, 0), rows.indptr[:-1]))
    sizes = np.diff(rows.indptr)
    lengths[(sizes == 0) | (lengths == 0)] = 1
    rows.data /= np.repeat(lengths, sizes).astype(np.float32)
