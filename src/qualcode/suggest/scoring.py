"""A fitted model reduced to what scoring needs: plain arrays, no scikit-learn, no pickle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualcode.suggest.stacker import Stacker, cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.codes import Classes
    from qualcode.suggest.features import TextFeatures
    from qualcode.suggest.rows import Rows
    from qualcode.suggest.words import Keywords

_COLD_SLOPE = 1.2
_COLD_START = 2.5
_COLD_KEYWORD = 0.5


@dataclass(frozen=True, slots=True)
class Learned:
    """What the labels added: the ridge's weights, the stacker, the features of each code."""

    weights: NDArray[np.float32]
    stacker: Stacker
    odds: NDArray[np.float64]
    scarcity: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scorer:
    """Probabilities of codes for answers.

    `cold` (features × codes) are the weights from the codebook alone, `cold_spread` the spread
    of their scores; `learned` is None before the first label: then scores are no probabilities.
    `thresholds` holds one number for each code; `labels` is how many answers were learned from.
    """

    classes: Classes
    features: TextFeatures
    keywords: Keywords
    cold: NDArray[np.float32]
    cold_spread: float
    learned: Learned | None
    thresholds: NDArray[np.float64]
    labels: int

    @property
    def is_calibrated(self) -> bool:
        """Whether the scores may be shown as percentages: from 50 labels on."""
        return self.learned is not None and self.labels >= CALIBRATED_FROM

    def predict_proba(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """The probability of each code for each text, n × codes."""
        decision = self.decision_function(texts, contexts)
        return np.asarray(1 / (1 + np.exp(-np.clip(decision, -40, 40))))

    def decision_function(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """The log-odds of each code for each text, n × codes; any number of texts."""
        if not len(texts):
            return np.zeros((0, len(self.classes)))
        return self.decide(self.features.transform(texts, contexts), self.keywords.hits(texts))

    def pull(self, columns: NDArray[np.intp], codes: NDArray[np.intp]) -> NDArray[np.float64]:
        """By how much the log-odds of a code rise with a feature, for pairs of their numbers."""
        cold = self.cold[columns, codes]
        if self.learned is None:
            return np.asarray(cold * _COLD_SLOPE / self.cold_spread, dtype=np.float64)
        of_learned, of_cold = self.learned.stacker.pulls(self.learned.scarcity)
        learned = self.learned.weights[columns, codes]
        return np.asarray(of_learned[codes] * learned + of_cold[codes] * cold)

    def decide(self, rows: Rows, hits: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log-odds of each code for rows of features and the keywords found in them."""
        return self.join(rows, rows.dot(self.cold), hits)

    def join(
        self, rows: Rows, cold: NDArray[np.float64], hits: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The same where what the codebook alone says (`cold`, n × codes) is known already."""
        if self.learned is None:
            scaled = cold / self.cold_spread + _COLD_KEYWORD * hits
            return np.asarray(_COLD_SLOPE * (scaled - _COLD_START))
        scores = rows.dot(self.learned.weights)
        table = cells(scores, cold, hits, self.learned.odds, self.learned.scarcity)
        return self.learned.stacker.decision(table)


CALIBRATED_FROM = 50
"""With fewer labels a probability is shown as a word."""
