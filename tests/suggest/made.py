"""A small made-up set of coded answers: eight codes, some common and some rare, with synonyms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from qualcode.model import Code

_TOPICS = {
    "staff": (["staff", "nurses", "doctor", "team"], ["kind", "friendly", "rude", "caring"]),
    "waiting": (["waiting", "queue", "delay", "hours"], ["long", "endless", "slow", "late"]),
    "food": (["food", "meals", "lunch", "soup"], ["cold", "tasty", "bland", "hot"]),
    "parking": (["parking", "car", "space", "ticket"], ["expensive", "full", "far", "free"]),
    "noise": (["noise", "night", "sleep", "ward"], ["loud", "quiet", "shouting", "alarm"]),
    "access": (["ramp", "lift", "door", "stairs"], ["broken", "narrow", "steep", "wide"]),
    "letters": (["letter", "email", "phone", "call"], ["unclear", "lost", "wrong", "helpful"]),
}
_SHARES = np.array([0.3, 0.25, 0.15, 0.1, 0.1, 0.06, 0.04])
_FILL = ["the", "was", "very", "and", "on", "my", "visit", "today", "again", "really", "it", "felt"]


@dataclass(frozen=True)
class Made:
    """Answers and the paths of their codes."""

    codes: tuple[Code, ...]
    texts: list[str]
    labels: list[frozenset[str]]


def codebook() -> tuple[Code, ...]:
    """Seven themes that name two of their eight words, and one code that stands alone."""
    themes = [
        Code(
            path=path,
            name=nouns[0].capitalize(),
            definition=f"What people say about {nouns[0]}, {said[0]} or not.",
            examples=(f"the {nouns[0]} was {said[1]}",),
        )
        for path, (nouns, said) in _TOPICS.items()
    ]
    nothing = Code(
        path="nothing", name="Nothing", definition="Nothing to add, no comment.", is_exclusive=True
    )
    return (*themes, nothing)


@cache
def made(n: int = 700, seed: int = 1) -> Made:
    """So many different answers."""
    random = np.random.default_rng(seed)
    found: dict[str, frozenset[str]] = {}
    while len(found) < n:
        if random.random() < 0.08:
            words, codes = ["nothing", "no", "comment"], {"nothing"}
        else:
            count = 1 + (random.random() < 0.3)
            codes = set(random.choice(list(_TOPICS), size=count, replace=False, p=_SHARES).tolist())
            words = [
                str(word)
                for code in sorted(codes)
                for word in (
                    *random.choice(_TOPICS[code][0], 1),
                    *random.choice(_TOPICS[code][1], 1),
                )
            ]
        words += random.choice(_FILL, size=random.integers(2, 7)).tolist()
        text = " ".join(random.permutation(words).tolist())
        found.setdefault(text, frozenset(codes))
    return Made(codebook(), list(found), list(found.values()))
