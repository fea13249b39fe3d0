"""What the suggester has to beat: the prior, and the usual choice.

Shipped so that anyone can see what the hybrid adds on their own answers.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from sklearn.base import BaseEstimator  # type: ignore[import-untyped]
from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from qualcode.suggest.codes import indicator, usable
from qualcode.suggest.threshold import best_threshold
from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from qualcode.model import Code


class PriorSuggester(BaseEstimator):  # type: ignore[misc]
    """Says of every answer how often each code was used: (k + ½) / (n + 1)."""

    def __init__(self, codes: Sequence[Code] = (), *, seed: int = 0) -> None:
        self.codes = codes
        self.seed = seed

    def prepare(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> PriorSuggester:
        """Take in the codes. Raises `InputError` where there is none to suggest."""
        del texts, contexts
        self.classes_ = np.array([code.path for code in usable(self.codes)])
        self._share = np.full(len(self.classes_), 0.5)
        self.thresholds_ = np.full(len(self.classes_), 0.5)
        return self

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Collection[str]],
        contexts: Sequence[Sequence[str]] = (),
    ) -> PriorSuggester:
        """Count the codes of the answers that are not blank."""
        self.prepare(texts, contexts)
        table = _coded(texts, labels, self.classes_)
        self._share = (table.sum(axis=0) + 0.5) / (len(table) + 1)
        if len(table):
            flat = np.tile(self._share, (len(table), 1))
            self.thresholds_[:] = best_threshold(flat, table, flat)
        return self

    def predict_proba(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """The same shares for each text, n × codes."""
        del contexts
        return np.tile(self._share, (len(texts), 1))

    def decision_function(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """Their log-odds, n × codes."""
        p = self.predict_proba(texts, contexts)
        return np.asarray(np.log(p / (1 - p)))


class LogisticSuggester(BaseEstimator):  # type: ignore[misc]
    """TF-IDF of words and a balanced logistic regression for each code; contexts go unused.

    A code that was never used, or always, keeps its share of the labels (½ before any). The
    threshold is .5: the weights of the classes are what balances it.
    """

    def __init__(self, codes: Sequence[Code] = (), *, seed: int = 0) -> None:
        self.codes = codes
        self.seed = seed

    def prepare(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> LogisticSuggester:
        """Learn the vocabulary. Raises `InputError` where there is no code to suggest."""
        del contexts
        self.classes_ = np.array([code.path for code in usable(self.codes)])
        self.thresholds_ = np.full(len(self.classes_), 0.5)
        self._share = np.full(len(self.classes_), 0.5)
        self._models: dict[int, LogisticRegression] = {}
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode"
        )
        self._words.fit([*texts, "any word"])
        return self

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Collection[str]],
        contexts: Sequence[Sequence[str]] = (),
    ) -> LogisticSuggester:
        """Fit one regression for each code that some answers have and others do not."""
        if not hasattr(self, "_words"):
            self.prepare(texts, contexts)
        kept = [text for text in texts if not is_blank(text)]
        table = _coded(texts, labels, self.classes_)
        self._share = (table.sum(axis=0) + 0.5) / (len(table) + 1)
        self._models = {}
        if kept:
            rows = self._words.transform(kept)
            for number, column in enumerate(table.T):
                if 0 < column.sum() < len(column):
                    self._models[number] = self._one(rows, column)
        return self

    def _one(self, rows: object, column: NDArray[np.float64]) -> LogisticRegression:
        model = LogisticRegression(
            class_weight="balanced", C=10.0, max_iter=500, random_state=self.seed
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return model.fit(rows, column)

    def predict_proba(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """Scores in [0, 1], n × codes; balanced, so no probabilities."""
        return 1 / (1 + np.exp(-self.decision_function(texts, contexts)))

    def decision_function(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """The linear scores, n × codes."""
        del contexts
        scores = np.tile(np.log(self._share / (1 - self._share)), (len(texts), 1))
        rows = self._words.transform(texts) if len(texts) else None
        for number, model in self._models.items() if rows is not None else ():
            scores[:, number] = model.decision_function(rows)
        return scores


def _coded(
    texts: Sequence[str], labels: Sequence[Collection[str]], paths: NDArray[np.str_]
) -> NDArray[np.float64]:
    kept = [one for text, one in zip(texts, labels, strict=True) if not is_blank(text)]
    return indicator(kept, paths.tolist())
