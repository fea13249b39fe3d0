"""How good suggestions are, on answers that the model did not learn from."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qualcode.errors import InputError
from qualcode.suggest.codes import indicator
from qualcode.suggest.grouping import grouped
from qualcode.text import is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from qualcode.suggest.registry import Suggests

SHOWN = 3
LEAST_USES = 5
_BINS = 10


@dataclass(frozen=True, slots=True)
class CodeQuality:
    """Quality of one code that coders used `n` times and the model suggested `suggested` times.

    The figures are None, with a `reason`, where there is too little to judge by.
    """

    code: str
    n: int
    suggested: int
    precision: float | None
    recall: float | None
    f1: float | None
    reason: Literal["", "too_few"] = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality over `n` answers, of which `n_coded` have a code.

    `micro_f1` pools all cells, `macro_f1` is the mean over the codes used often enough.
    Precision and recall at 3 and LRAP (label ranking average precision) are over answers with a
    code. `calibration_error` is the expected error of the three probabilities shown of each
    answer, in ten bins of equal width; None where the scores are no probabilities. Every figure
    is None where there is nothing to judge by.
    """

    n: int
    n_coded: int
    micro_f1: float | None
    macro_f1: float | None
    precision_at_3: float | None
    recall_at_3: float | None
    lrap: float | None
    calibration_error: float | None
    codes: tuple[CodeQuality, ...]


@dataclass(frozen=True, slots=True)
class CrossFitted:
    """Scores of each answer from a model that did not see it or one identical to it.

    `p` and `chosen` are answers × codes; `kept` says which of the answers given they are (the
    blank ones are left out), `fold` from which part each was held out.
    """

    p: NDArray[np.float64]
    chosen: NDArray[np.bool_]
    kept: NDArray[np.intp]
    fold: NDArray[np.intp]


def cross_fit(
    model: Suggests,
    texts: Sequence[str],
    labels: Sequence[Collection[str]],
    contexts: Sequence[Sequence[str]] = (),
    *,
    folds: int = 5,
    seed: int = 0,
) -> CrossFitted:
    """Score coded answers by models fitted to the others; `model` itself stays as it is.

    `model` has been prepared. Identical answers are held out together. Raises `InputError` where
    there are not two different answers.
    """
    group = grouped(texts, contexts)
    if len(group.texts) < 2:  # noqa: PLR2004 - nothing would be left to learn from
        raise InputError("too few coded answers to evaluate", hint="code two different ones first")
    parts = min(folds, len(group.texts))
    of_group = np.random.default_rng(seed).permutation(len(group.texts)) % parts
    fold = of_group[group.members]
    kept = np.array([i for i, text in enumerate(texts) if not is_blank(text)], dtype=np.intp)
    p = np.zeros((len(kept), len(model.classes_)))
    chosen = np.zeros(p.shape, dtype=np.bool_)
    for number in range(parts):
        inside, outside = kept[fold != number], fold == number
        other = copy.copy(model).fit(
            [texts[i] for i in inside],
            [labels[i] for i in inside],
            [contexts[i] for i in inside] if contexts else (),
        )
        asked = kept[outside]
        about = [contexts[i] for i in asked] if contexts else ()
        p[outside] = other.predict_proba([texts[i] for i in asked], about)
        chosen[outside] = p[outside] >= other.thresholds_
    return CrossFitted(p, chosen, kept, fold)


def judge(
    p: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    labels: Sequence[Collection[str]],
    paths: Sequence[str],
    *,
    is_calibrated: bool = True,
    least: int = LEAST_USES,
) -> Quality:
    """Compare scores `p` and suggested codes (answers × codes) with the codes that people gave.

    A code used fewer than `least` times is not judged and not in the macro-F1.
    """
    truth = indicator(labels, paths)
    coded = truth.sum(axis=1) > 0
    right, said, used = (truth * chosen).sum(axis=0), chosen.sum(axis=0), truth.sum(axis=0)
    codes = tuple(
        _of_code(path, float(right[i]), int(said[i]), int(used[i]), least)
        for i, path in enumerate(paths)
    )
    f1s = [code.f1 for code in codes if code.f1 is not None]
    top = np.argsort(-p, axis=1, kind="stable")[:, :SHOWN]
    hits = np.take_along_axis(truth, top, axis=1).sum(axis=1)[coded]
    return Quality(
        n=len(truth),
        n_coded=int(coded.sum()),
        micro_f1=_ratio(2 * right.sum(), said.sum() + used.sum()),
        macro_f1=float(np.mean(f1s)) if f1s else None,
        precision_at_3=_ratio(hits.sum(), top.shape[1] * coded.sum()),
        recall_at_3=float(np.mean(hits / truth[coded].sum(axis=1))) if coded.any() else None,
        lrap=lrap(p[coded], truth[coded]),
        calibration_error=calibration_error(p, truth) if is_calibrated and len(truth) else None,
        codes=codes,
    )


def _of_code(path: str, right: float, suggested: int, n: int, least: int) -> CodeQuality:
    if n < least:
        return CodeQuality(path, n, suggested, None, None, None, "too_few")
    precision = _ratio(right, suggested)
    return CodeQuality(path, n, suggested, precision, right / n, 2 * right / (suggested + n))


def _ratio(above: float, below: float) -> float | None:
    return float(above / below) if below else None


def lrap(p: NDArray[np.float64], truth: NDArray[np.float64]) -> float | None:
    """Label ranking average precision of answers that all have a code; ties rank worst.

    For each code of an answer, the share of right ones among those scored as high or higher;
    the mean over the codes, then over the answers (Tsoumakas et al. 2010; as scikit-learn).
    """
    if not len(truth):
        return None
    order = np.argsort(-p, axis=1, kind="stable")
    hit, score = (np.take_along_axis(table, order, axis=1) for table in (truth, p))
    last = np.array([np.searchsorted(-row, -row, side="right") for row in score])
    right = np.take_along_axis(np.cumsum(hit, axis=1), last - 1, axis=1)
    return float(np.mean((hit * right / last).sum(axis=1) / hit.sum(axis=1)))


def calibration_error(
    p: NDArray[np.float64], truth: NDArray[np.float64], shown: int = SHOWN
) -> float:
    """Expected calibration error of the `shown` best codes of each answer, ten even bins."""
    top = np.argsort(-p, axis=1, kind="stable")[:, :shown]
    said = np.take_along_axis(p, top, axis=1).ravel()
    was = np.take_along_axis(truth, top, axis=1).ravel()
    bins = np.minimum((said * _BINS).astype(np.intp), _BINS - 1)
    gaps = np.bincount(bins, said - was, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(said))
