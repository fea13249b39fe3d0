"""The suggester: the codebook, the labels, and how far to trust each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from sklearn.base import BaseEstimator  # type: ignore[import-untyped]

from qualcode.suggest.codes import classes, indicator, usable
from qualcode.suggest.cold import POOL, cold_weights
from qualcode.suggest.documents import documents
from qualcode.suggest.features import TextFeatures
from qualcode.suggest.grouping import grouped
from qualcode.suggest.primal import fit_primal
from qualcode.suggest.ridge import fit_dual
from qualcode.suggest.rows import stacked
from qualcode.suggest.scoring import Learned, Scorer
from qualcode.suggest.stacker import cells, code_features, fit_stacker
from qualcode.suggest.threshold import best_threshold
from qualcode.suggest.words import Keywords
from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from qualcode.model import Code
    from qualcode.suggest.features import Vectors
    from qualcode.suggest.ridge import Fit
    from qualcode.suggest.rows import Rows

COLD_THRESHOLD = 0.5
_MOSTLY = 0.5
Source = Literal["answer", "codebook"]


class Suggester(BaseEstimator):  # type: ignore[misc]
    """Suggests codes from the codebook alone, then from ever more coded answers.

    `prepare` reads all answers of the question once (seconds); `fit` learns from the coded ones
    and is quick enough to follow every few answers. Above `dual_limit` distinct coded answers it
    changes to a linear model whose time grows with their number, for the background.

    `thresholds` override the common threshold of single codes, by path. `vectors` are word
    vectors (`StaticVectors`) or None; `language` is a code that spaCy knows.
    """

    def __init__(
        self,
        codes: Sequence[Code] = (),
        *,
        thresholds: Mapping[str, float] | None = None,
        vectors: Vectors | None = None,
        language: str = "en",
        dual_limit: int = 2_000,
        seed: int = 0,
    ) -> None:
        self.codes = codes
        self.thresholds = thresholds
        self.vectors = vectors
        self.language = language
        self.dual_limit = dual_limit
        self.seed = seed

    def prepare(self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()) -> Suggester:
        """Learn the vocabulary from all answers and the codebook's meaning in them.

        Blank answers are passed over. Raises `InputError` where there is no code to suggest.
        """
        codes = usable(self.codes)
        self._classes = classes(codes)
        self.classes_ = np.array(self._classes.paths)
        group = grouped(texts, contexts)
        self._documents = documents(codes)
        self._features = TextFeatures(vectors=self.vectors, seed=self.seed).fit(
            [*group.texts, *self._documents.texts], group.contexts
        )
        self._book = self._features.transform(self._documents.texts)
        chosen = np.random.default_rng(self.seed).permutation(len(group.texts))[:POOL]
        pool = [group.texts[i] for i in chosen]
        pool_contexts = [group.contexts[i] for i in chosen] if group.contexts else []
        self._keywords = Keywords([code.keywords for code in codes], self.language)
        self._pool = self._features.transform(pool, pool_contexts)
        self._pool_hits = self._keywords.hits(pool)
        self._cold = cold_weights(self._book, self._documents, self._pool, len(codes))
        scores = self._pool.dot(self._cold) if pool else np.ones((1, 1))
        self._cold_spread = float(scores.std()) or 1.0
        self._coded: tuple[Rows, NDArray[np.float64], list[str]] | None = None
        self._install(None, COLD_THRESHOLD, 0)
        return self

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Collection[str]],
        contexts: Sequence[Sequence[str]] = (),
    ) -> Suggester:
        """Learn from coded answers: `labels` are the paths of the codes of each, maybe none.

        Identical answers count as one with the mean of their codes. Blank answers teach nothing,
        and neither do codes that are not in the codebook. Without `prepare` before it, these
        answers are taken for all there are.
        """
        if not hasattr(self, "_features"):
            self.prepare(texts, contexts)
        group = grouped(texts, contexts)
        if not group.texts:
            self._install(None, COLD_THRESHOLD, 0)
            return self
        table = indicator(labels, self._classes.paths)
        counted = table[[not is_blank(text) for text in texts]]
        targets = group.mean(counted)
        rows = self._features.transform(group.texts, group.contexts)
        fit = self._ridge(rows, targets)
        odds, scarcity = code_features(counted.sum(axis=0), len(counted))
        hits = self._keywords.hits(group.texts)
        seen = cells(fit.held_out, rows.dot(self._cold), hits, odds, scarcity)
        others = self._pool if len(self._pool) else rows
        other_hits = self._pool_hits if len(self._pool) else hits
        typical = cells(others.dot(fit.weights), others.dot(self._cold), other_hits, odds, scarcity)
        stacker = fit_stacker(seen, targets, typical)
        threshold = best_threshold(
            _share(stacker.decision(seen)), targets, _share(stacker.decision(typical))
        )
        self._install(Learned(fit.weights, stacker, odds, scarcity), threshold, len(counted))
        self.held_out_ = _share(stacker.decision(seen))
        self._coded = rows, targets, group.texts
        return self

    def predict_proba(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """The probability of each code for each text, n × codes."""
        return self.scorer_.predict_proba(texts, contexts)

    def decision_function(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """The log-odds of each code for each text, n × codes."""
        return self.scorer_.decision_function(texts, contexts)

    def examples(self, number: int) -> list[tuple[Rows, list[str], Source]]:
        """The rows and texts that have a code: coded answers, then words of the codebook."""
        of_book = np.flatnonzero(self._documents.codes == number)
        texts = [self._documents.shown[i] for i in of_book]
        found: list[tuple[Rows, list[str], Source]] = []
        if self._coded is not None:
            rows, targets, coded = self._coded
            having = np.flatnonzero(targets[:, number] >= _MOSTLY)
            found.append((rows.take(having), [coded[i] for i in having], "answer"))
        found.append((self._book.take(of_book), texts, "codebook"))
        return found

    def _ridge(self, rows: Rows, targets: NDArray[np.float64]) -> Fit:
        both = stacked(rows, self._book)
        wanted = np.vstack([targets, self._documents.targets(len(self._classes))])
        trust = np.append(np.ones(len(rows)), self._documents.weights)
        if len(rows) > self.dual_limit:
            return fit_primal(both, wanted, trust, len(rows), self.seed)
        return fit_dual(both, wanted, trust, len(rows))

    def _install(self, learned: Learned | None, threshold: float, labels: int) -> None:
        own = self.thresholds or {}
        self.threshold_ = threshold
        self.thresholds_ = np.array([own.get(path, threshold) for path in self._classes.paths])
        self.scorer_ = Scorer(
            self._classes,
            self._features,
            self._keywords,
            self._cold,
            self._cold_spread,
            learned,
            self.thresholds_,
            labels,
        )


def _share(decision: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(decision, -40, 40))))
