"""From answers to rows: TF-IDF of words and of their parts, context columns, word vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from qualcode.errors import InputError
from qualcode.suggest.grams import normalise
from qualcode.suggest.rows import Rows
from qualcode.suggest.tfidf import Tfidf
from qualcode.text import bare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_WORDS = 80_000
MOST_PARTS = 60_000
LEARN_FROM = 50_000
"""The most distinct answers that the vocabulary is learned from, drawn by the seed."""

VECTOR_WEIGHT = 0.5
CONTEXT_WEIGHT = 0.5
"""Similarities of word vectors and of context columns count so much beside the words' 1."""


class Vectors(Protocol):
    """Something that turns texts into vectors of length 1 (n × d, float32)."""

    width: int

    def transform(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of texts; 0 where nothing is known."""
        ...


class TextFeatures:
    """Rows of answers; fitted once on all answers of a question, without their codes.

    A context of an answer is one value per context column (the question, an attribute). A value
    that was not there when this was fitted counts 0.
    """

    def __init__(self, *, vectors: Vectors | None = None, seed: int = 0) -> None:
        self.vectors = vectors
        self.seed = seed

    def fit(self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()) -> TextFeatures:
        """Learn the vocabulary from distinct texts and the values of the context columns."""
        plain = sorted({normalise(text) for text in texts})
        if len(plain) > LEARN_FROM:
            chosen = np.random.default_rng(self.seed).choice(len(plain), LEARN_FROM, replace=False)
            plain = [plain[i] for i in sorted(chosen)]
        self.words_ = Tfidf.fit("word", plain, MOST_WORDS)
        self.parts_ = Tfidf.fit("part", plain, MOST_PARTS)
        columns = zip(*contexts, strict=True) if contexts else ()
        self.values_ = [sorted(set(column)) for column in columns]
        return self

    def transform(self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()) -> Rows:
        """The rows of answers; without `contexts` the context columns count 0.

        Raises `InputError` where there are not as many contexts as answers.
        """
        plain = [normalise(text) for text in texts]
        half = np.float32(np.sqrt(0.5))
        blocks = [self.words_.transform(plain) * half, self.parts_.transform(plain) * half]
        if self.values_:
            blocks.append(self._one_hot(len(plain), contexts))
        dense = np.zeros((len(plain), 0), np.float32)
        if self.vectors is not None:
            dense = self.vectors.transform([bare(text) for text in texts]) * np.float32(
                np.sqrt(VECTOR_WEIGHT)
            )
        return Rows(sparse.hstack(blocks, format="csr", dtype=np.float32), dense)

    def word_column(self, gram: str) -> int:
        """The column of a word or a pair of words, -1 if it is unknown."""
        return self.words_.column(gram)

    def part_column(self, gram: str) -> int:
        """The column of a part of a word, -1 if it is unknown."""
        column = self.parts_.column(gram)
        return column if column < 0 else column + len(self.words_.terms)

    def _one_hot(self, n: int, contexts: Sequence[Sequence[str]]) -> Any:
        width = sum(map(len, self.values_))
        if not contexts:
            return sparse.csr_matrix((n, width), dtype=np.float32)
        if len(contexts) != n or any(len(row) != len(self.values_) for row in contexts):
            raise InputError(f"every answer needs {len(self.values_)} context values")
        weight = np.sqrt(CONTEXT_WEIGHT / len(self.values_))
        rows: list[int] = []
        columns: list[int] = []
        start = 0
        for place, values in enumerate(self.values_):
            column_of = {value: start + i for i, value in enumerate(values)}
            known = [(i, column_of.get(row[place])) for i, row in enumerate(contexts)]
            rows += [i for i, column in known if column is not None]
            columns += [column for _, column in known if column is not None]
            start += len(values)
        data = np.full(len(rows), weight, np.float32)
        return sparse.csr_matrix((data, (rows, columns)), shape=(n, width))
