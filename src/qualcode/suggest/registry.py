"""Which suggesters there are: those of this package, then entry points of others."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol

from qualcode.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

GROUP = "qualcode.suggesters"
_OWN = {
    "hybrid": "qualcode.suggest.hybrid:Suggester",
    "logistic": "qualcode.suggest.baselines:LogisticSuggester",
    "prior": "qualcode.suggest.baselines:PriorSuggester",
}


class Suggests(Protocol):
    """What every suggester can do; it is made from codes and takes ``seed=``.

    `classes_` are the paths of the codes, `thresholds_` one number for each.
    """

    classes_: NDArray[np.str_]
    thresholds_: NDArray[np.float64]

    def prepare(self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()) -> Suggests:
        """Read all answers once, before any is coded."""
        ...

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[Collection[str]],
        contexts: Sequence[Sequence[str]] = (),
    ) -> Suggests:
        """Learn from coded answers; `labels` are sets of paths."""
        ...

    def predict_proba(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """Scores in [0, 1], n × codes."""
        ...

    def decision_function(
        self, texts: Sequence[str], contexts: Sequence[Sequence[str]] = ()
    ) -> NDArray[np.float64]:
        """Scores that order codes as `predict_proba` does, n × codes."""
        ...


def names() -> tuple[str, ...]:
    """The names of all suggesters, the package's own first."""
    others = sorted(point.name for point in entry_points(group=GROUP) if point.name not in _OWN)
    return (*_OWN, *others)


def suggester(name: str) -> Any:
    """The class of a suggester; only its module is imported. Raises `NotFound`."""
    if name in _OWN:
        module, _, own = _OWN[name].partition(":")
        return getattr(importlib.import_module(module), own)
    for point in entry_points(group=GROUP, name=name):
        return point.load()
    raise NotFound(f"no suggester {name}", wanted=name, there_are=names())
