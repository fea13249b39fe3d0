"""From probabilities to a ranked list a person can read, and to the codes that `=` accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qualcode.suggest.codes import Classes

Wording = Literal["", "possible", "likely"]

_POSSIBLE = 0.5
"""From this share of a code's threshold on it is called possible, from the threshold on likely."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One code suggested for one answer.

    `probability` lies in [0, 1]; unless it `is_calibrated` it is a score that only orders, and
    `wording` is what may be shown of it. `is_above` says that it reaches its threshold;
    `is_family` that it is a parent, suggested because one of the codes below it fits without a
    single one being likely enough: then the probability is that of the whole family.
    """

    code: str
    probability: float
    is_calibrated: bool
    is_above: bool
    wording: Wording = ""
    is_family: bool = False


def with_families(
    p: NDArray[np.float64], classes: Classes, thresholds: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Raise parents whose family fits while none of its members is sure.

    Takes probabilities, n × codes, and gives them with such parents at the probability that any
    of the family fits (1 − Π(1 − p), as if they came independently), and where that was done.
    """
    raised = p.copy()
    where = np.zeros(p.shape, dtype=np.bool_)
    for parent in np.flatnonzero(classes.is_parent):
        members = np.flatnonzero(classes.family[parent])
        whole = 1 - np.prod(1 - p[:, members], axis=1)
        unsure = np.all(p[:, members] < thresholds[members], axis=1)
        changed = unsure & (whole >= thresholds[parent])
        raised[changed, parent] = whole[changed]
        where[changed, parent] = True
    return raised, where


def chosen(
    p: NDArray[np.float64], classes: Classes, thresholds: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """The codes that hold together, n × codes: above their thresholds, standing alone or not.

    Where a code that stands alone is the best of an answer it is the only one; elsewhere such
    codes are left out.
    """
    above = p >= thresholds
    if not p.shape[1] or not classes.alone.any():
        return np.asarray(above)
    best = p.argmax(axis=1)
    is_alone = classes.alone[best] & above[np.arange(len(p)), best]
    together = above & ~classes.alone
    only = np.arange(p.shape[1]) == best[:, None]
    return np.where(is_alone[:, None], only, together)


def ranked(
    p: NDArray[np.float64],
    classes: Classes,
    thresholds: NDArray[np.float64],
    *,
    is_calibrated: bool,
    most: int = 9,
) -> list[Suggestion]:
    """The suggestions for one answer (`p` has one number for each code), the best first.

    Equal ones stand in the order of the codebook. Only codes that `chosen` keeps are above
    their threshold: a code that stands alone is never so beside another.
    """
    raised, family = with_families(p[None], classes, thresholds)
    keep = chosen(raised, classes, thresholds)[0]
    order = np.argsort(-raised[0], kind="stable")[:most]
    return [
        Suggestion(
            classes.paths[i],
            float(raised[0, i]),
            is_calibrated,
            bool(keep[i]),
            _wording(float(raised[0, i]), float(thresholds[i])),
            bool(family[0, i]),
        )
        for i in order
    ]


def _wording(p: float, threshold: float) -> Wording:
    if p >= threshold:
        return "likely"
    return "possible" if p >= _POSSIBLE * threshold else ""


def accepted(suggestions: list[Suggestion]) -> frozenset[str]:
    """The codes that accepting all above the threshold would apply."""
    return frozenset(one.code for one in suggestions if one.is_above)


def selected(
    p: NDArray[np.float64], classes: Classes, thresholds: NDArray[np.float64], top: int = 5
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.bool_]]:
    """What is written of many answers: each code above its threshold and at least the first `top`.

    Gives four arrays of one length, by answer and then from the best down: the row in `p`, the
    code's number, the probability, and whether it is above (see `chosen`).
    """
    raised, _ = with_families(p, classes, thresholds)
    keep = chosen(raised, classes, thresholds)
    order = np.argsort(-raised, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(p.shape[1])[None], axis=1)
    taken = np.take_along_axis(keep | (place < top), order, axis=1)
    rows, ranks = np.nonzero(taken)
    codes = order[rows, ranks]
    return rows, codes, raised[rows, codes], keep[rows, codes]
