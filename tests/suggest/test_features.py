"""Features: the numbers of scikit-learn, faster; context columns; scripts without spaces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from qualcode.suggest.features import TextFeatures
from qualcode.suggest.grams import normalise, words
from qualcode.suggest.rows import stacked
from qualcode.suggest.tfidf import Tfidf

from .made import made

TEXTS = [*made(200).texts, "Café  naïve — I'd  a-b", "", "x", "a\tbc\n def", "Ünïcödé 123"]


@pytest.mark.parametrize("kind", ["word", "part"])
def test_tf_idf_is_that_of_scikit_learn(kind: str) -> None:
    plain = [normalise(text) for text in TEXTS]
    options = {"sublinear_tf": True, "lowercase": False}
    if kind == "word":
        theirs = TfidfVectorizer(ngram_range=(1, 2), **options)
    else:
        theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), **options)
    expected = theirs.fit_transform(plain)

    mine = Tfidf.fit(kind, plain, 1_000_000)

    assert mine.terms == theirs.get_feature_names_out().tolist()
    assert np.allclose(mine.transform(plain).toarray(), expected.toarray(), atol=1e-6)


def test_the_commonest_n_grams_are_kept() -> None:
    assert Tfidf.fit("word", ["one two", "one three", "three"], 2).terms == ["one", "three"]


def test_each_half_counts_a_half() -> None:
    rows = TextFeatures().fit(TEXTS).transform(TEXTS)
    alike = np.diag(rows.gram(rows))

    assert np.allclose(alike[[text not in {"", "x"} for text in TEXTS]], 1, atol=1e-5)


def test_context_columns_bring_answers_together() -> None:
    contexts = [("a", "x"), ("a", "y"), ("b", "y")]
    features = TextFeatures().fit(["one", "two", "three"], contexts)
    near = features.transform(["word"] * 3, contexts)
    gram = near.gram(near) - near.take([0]).gram(features.transform(["word"]))[0, 0]

    assert np.allclose(gram, [[0.5, 0.25, 0], [0.25, 0.5, 0.25], [0, 0.25, 0.5]], atol=1e-6)


def test_rows_multiply_and_stack_like_matrices() -> None:
    rows = TextFeatures().fit(TEXTS).transform(TEXTS)
    weights = np.random.default_rng(0).random((rows.width, 3), dtype=np.float32)
    coefficients = np.random.default_rng(1).random((len(rows), 2))

    assert np.allclose(rows.dot(weights), rows.sparse.toarray() @ weights, atol=1e-5)
    assert np.allclose(
        rows.dot(rows.combine(coefficients)), rows.gram(rows) @ coefficients, atol=1e-4
    )
    assert len(stacked(rows, rows)) == 2 * len(TEXTS)


def test_characters_are_words_where_no_space_is_between() -> None:
    assert words(normalise("食事が cold")) == ["食", "事", "か", "cold"]
    assert words(normalise("อาหาร")) == list(normalise("อาหาร"))


@given(st.lists(st.text(), max_size=5))
def test_any_text_has_features(texts: list[str]) -> None:
    rows = TextFeatures().fit(texts).transform([*texts, "unseen"])

    assert len(rows) == len(texts) + 1
    assert np.isfinite(rows.sparse.data).all()
