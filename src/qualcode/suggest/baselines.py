"""What the suggester has to beat: the prior, and the usual choice.

Shipped so that anyone can see what the hybrid adds on their own answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from qualcode.suggest.codes import indicator, usable
from qualcode.suggest.features import TextFeatures
from qualcode.suggest.threshold import best_threshold
from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from qualcode.model import Code

_FOLDS = 3


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
    """TF-IDF of words and their parts and a balanced logistic regression for each code.

    The features are the hybrid's, the threshold comes from out-of-fold micro-F1 (three folds);
    contexts go unused. A code that was never used, or always, keeps its share of the labels.
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
        self._features = TextFeatures(seed=self.seed).fit(texts)
        self._install(_Regressions(np.full(len(self.classes_), 0.5), {}), 0.5)
        return self

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Collection[str]],
        contexts: Sequence[Sequence[str]] = (),
    ) -> LogisticSuggester:
        """Fit one regression for each code that some answers have and others do not."""
        del contexts
        if not hasattr(self, "_features"):
            self.prepare(texts)
        kept = [text for text in texts if not is_blank(text)]
        table = _coded(texts, labels, self.classes_)
        if len(kept) < _FOLDS:
            self._install(_Regressions((table.sum(axis=0) + 0.5) / (len(table) + 1), {}), 0.5)
            return self
        rows = self._features.transform(kept).sparse
        fold = np.random.default_rng(self.seed).permutation(len(kept)) % _FOLDS
        held_out = np.zeros(table.shape)
        for number in range(_FOLDS):
            inside, outside = fold != number, fold == number
            models = _regressions(rows[inside], table[inside], self.seed)
            held_out[outside] = _share(models.decision(rows[outside]))
        threshold = best_threshold(held_out, table, held_out[:0])
        self._install(_regressions(rows, table, self.seed), threshold)
        return self

    def predict_proba(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """Scores in [0, 1], n × codes; balanced, so no probabilities."""
        return _share(self.decision_function(texts, contexts))

    def decision_function(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """The linear scores, n × codes."""
        del contexts
        if not len(texts):
            return np.zeros((0, len(self.classes_)))
        return self._models.decision(self._features.transform(texts).sparse)

    def _install(self, models: _Regressions, threshold: float) -> None:
        self._models = models
        self.thresholds_ = np.full(len(self.classes_), threshold)


@dataclass(frozen=True, slots=True)
class _Regressions:
    """Regressions of codes by number; the other codes have their share of the labels."""

    share: NDArray[np.float64]
    models: dict[int, LogisticRegression]

    def decision(self, rows: Any) -> NDArray[np.float64]:
        """Scores of CSR rows, n × codes."""
        scores = np.tile(np.log(self.share / (1 - self.share)), (rows.shape[0], 1))
        for number, model in self.models.items():
            scores[:, number] = model.decision_function(rows)
        return scores


def _regressions(rows: Any, table: NDArray[np.float64], seed: int) -> _Regressions:
    models = {}
    for number, column in enumerate(table.T):
        if 0 < column.sum() < len(column):
            model = LogisticRegression(
                class_weight="balanced", C=10.0, solver="liblinear", dual=True, random_state=seed
            )
            models[number] = model.fit(rows, column)
    return _Regressions((table.sum(axis=0) + 0.5) / (len(table) + 1), models)


def _share(decision: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(decision, -40, 40))))


def _coded(
    texts: Sequence[str], labels: Sequence[Collection[str]], paths: NDArray[np.str_]
) -> NDArray[np.float64]:
    kept = [one for text, one in zip(texts, labels, strict=True) if not is_blank(text)]
    return indicator(kept, paths.tolist())
