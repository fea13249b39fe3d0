"""How well a model does on coded answers that it was not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.study.suggestions.learning import columns
from qualcode.suggest import cross_fit, judge
from qualcode.suggest.grouping import grouped
from qualcode.suggest.scoring import CALIBRATED_FROM

if TYPE_CHECKING:
    from qualcode.study.suggestions.learning import Labels
    from qualcode.suggest import Quality

FOLDS = 5
LEAST = 2
"""So many different coded answers it takes to judge a model: one to learn from, one to ask."""

FIGURES = (
    "micro_f1",
    "macro_f1",
    "precision_at_3",
    "recall_at_3",
    "lrap",
    "calibration_error",
)
_NO_PROBABILITIES = ("logistic",)
"""Suggesters whose scores only order the codes."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """`scores` of coded answers (answers × codes), their `codes`, and what follows from both."""

    quality: Quality
    scores: list[list[float]]
    codes: list[frozenset[str]]


def held_out(model: Any, name: str, given: Labels, *, folds: int, seed: int) -> HeldOut | None:
    """Judge a prepared model on the coded answers to its question, by models fitted to others.

    None where there are not two different answers to judge it on.
    """
    if len(grouped(*columns(given.answers[: given.own])).texts) < LEAST:
        return None
    texts, contexts = columns(given.answers)
    found = cross_fit(model, texts, given.codes, contexts, folds=folds, seed=seed)
    own = found.kept < given.own
    p, chosen = found.p[own], found.chosen[own]
    codes = [given.codes[i] for i in found.kept[own]]
    quality = judge(
        p,
        chosen,
        codes,
        model.classes_.tolist(),
        is_calibrated=is_calibrated(name, len(found.kept)),
    )
    return HeldOut(quality, p.tolist(), codes)


def is_calibrated(name: str, labels: int) -> bool:
    """Whether what a suggester says after so many labels may be read as a probability."""
    return name not in _NO_PROBABILITIES and (name != "hybrid" or labels >= CALIBRATED_FROM)


def figures(found: HeldOut | None) -> dict[str, Any]:
    """The figures of a model as a run keeps them: null with the reason `too_few` where so."""
    if found is None:
        return {**dict.fromkeys(FIGURES), "n": 0, "n_coded": 0, "reason": "too_few"}
    quality = found.quality
    shown = {name: getattr(quality, name) for name in FIGURES}
    return {**shown, "n": quality.n, "n_coded": quality.n_coded, "reason": None}
