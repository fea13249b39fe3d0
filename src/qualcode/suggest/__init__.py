"""Suggestions: a model that helps from the first answer and never codes by itself.

Pure functions and estimators on plain values: texts, sets of code paths, `model.Code` values.
No file, no database, no network; everything random takes a seed. From a notebook::

    from qualcode.suggest import Suggester
    model = Suggester(codebook.codes).prepare(all_texts).fit(coded_texts, code_sets)
    model.predict_proba(texts)                      # answers × codes, in [0, 1]

A name is loaded when it is first used: scoring in a worker process needs no scikit-learn.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qualcode.suggest.baselines import LogisticSuggester, PriorSuggester
    from qualcode.suggest.batch import Scored, score_all
    from qualcode.suggest.evaluation import CodeQuality, Quality, cross_fit, judge
    from qualcode.suggest.evidence import Evidence, Example, Word, explain
    from qualcode.suggest.hybrid import Suggester
    from qualcode.suggest.queue import (
        Draw,
        half_and_half,
        more_of,
        order_of_chance,
        shuffled,
        uncertain,
    )
    from qualcode.suggest.ranking import Suggestion, accepted, ranked, selected
    from qualcode.suggest.registry import names, suggester
    from qualcode.suggest.scoring import Scorer
    from qualcode.suggest.vectors import StaticVectors

_HOMES = {
    "CodeQuality": "evaluation",
    "Draw": "queue",
    "Evidence": "evidence",
    "Example": "evidence",
    "LogisticSuggester": "baselines",
    "PriorSuggester": "baselines",
    "Quality": "evaluation",
    "Scored": "batch",
    "Scorer": "scoring",
    "StaticVectors": "vectors",
    "Suggester": "hybrid",
    "Suggestion": "ranking",
    "Word": "evidence",
    "accepted": "ranking",
    "cross_fit": "evaluation",
    "explain": "evidence",
    "half_and_half": "queue",
    "judge": "evaluation",
    "more_of": "queue",
    "names": "registry",
    "order_of_chance": "queue",
    "ranked": "ranking",
    "score_all": "batch",
    "selected": "ranking",
    "shuffled": "queue",
    "suggester": "registry",
    "uncertain": "queue",
}

__all__ = [
    "CodeQuality",
    "Draw",
    "Evidence",
    "Example",
    "LogisticSuggester",
    "PriorSuggester",
    "Quality",
    "Scored",
    "Scorer",
    "StaticVectors",
    "Suggester",
    "Suggestion",
    "Word",
    "accepted",
    "cross_fit",
    "explain",
    "half_and_half",
    "judge",
    "more_of",
    "names",
    "order_of_chance",
    "ranked",
    "score_all",
    "selected",
    "shuffled",
    "suggester",
    "uncertain",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
