"""What quantifier words may stand for: the house's rule, printed with whatever it finds.

Two of its words follow the labels of consensual qualitative research: “typical” there is more than
half, and “general” all or all but one (Hill et al. 2005, Journal of Counseling Psychology 52(2),
196-205). The others mean what they say, or are as wide as readers can be expected to take them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

_HOUSE = "the house's rule"
_MEANING = "the meaning of the word"
_HILL = "after Hill et al. 2005"


@dataclass(frozen=True, slots=True)
class Rule:
    """What `words` may stand for: a share from `low` to `high` in %, and a count.

    A bound that is not part of the range is `above` or `below`. The count lies from `least` to
    `most`, or is all but `all_but` at most; `words` are patterns.
    """

    words: tuple[str, ...]
    means: str
    source: str
    low: int = 0
    high: int = 100
    above: bool = False
    below: bool = False
    least: int = 0
    most: int | None = None
    all_but: int = 0

    def holds(self, percent: Fraction, k: int | None, n: int | None) -> bool:
        """Whether the words may be said of this share, and of this count where it is known."""
        if (
            self.all_but is not None
            and k is not None
            and n is not None
            and k < n <= k + self.all_but
        ):
            return True
        is_inside = self.low <= percent <= self.high
        is_edge = (self.above and percent == self.low) or (self.below and percent == self.high)
        if k is None:
            return is_inside and not is_edge
        return (
            is_inside and not is_edge and self.least <= k and (self.most is None or k <= self.most)
        )


RULES: tuple[Rule, ...] = (
    Rule(
        ("nearly all", "almost all", "virtually all", "nearly every", "almost every"),
        "90 % or more but not all, or all but one",
        f"{_HOUSE}; “all but one” {_HILL}",
        low=90,
        below=True,
        all_but=1,
    ),
    Rule(
        ("(?:the|a) (?:vast|great|overwhelming|large) majority(?: of)?",),
        "75 % or more",
        _HOUSE,
        low=75,
    ),
    Rule(
        ("less than half", "fewer than half", "under half", "a minority(?: of)?"),
        "less than 50 %",
        _MEANING,
        high=50,
        below=True,
        least=1,
    ),
    Rule(("more than half", "over half"), "more than 50 %", _MEANING, low=50, above=True),
    Rule(
        ("nearly half", "almost half", "just under half"),
        "45 % to less than 50 %",
        _HOUSE,
        low=45,
        high=50,
        below=True,
    ),
    Rule(("about half", "around half", "roughly half"), "45 to 55 %", _HOUSE, low=45, high=55),
    Rule(("half", "one half"), "45 to 55 %", _HOUSE, low=45, high=55),
    Rule(
        ("most", "(?:the|a) majority(?: of)?"),
        "more than 50 %",
        f"{_MEANING}; {_HILL}",
        low=50,
        above=True,
    ),
    Rule(("two[ -]thirds", "two out of three"), "62 to 71 %", _HOUSE, low=62, high=71),
    Rule(("three[ -]quarters", "three out of four"), "70 to 80 %", _HOUSE, low=70, high=80),
    Rule(("(?:a|one)[ -]third", "one in three"), "29 to 38 %", _HOUSE, low=29, high=38),
    Rule(("(?:a|one)[ -]quarter", "one in four"), "20 to 30 %", _HOUSE, low=20, high=30),
    Rule(("(?:a|one)[ -]fifth", "one in five"), "16 to 24 %", _HOUSE, low=16, high=24),
    Rule(("(?:a|one)[ -]tenth", "one in ten"), "7 to 13 %", _HOUSE, low=7, high=13),
    Rule(("many",), "25 % or more", _HOUSE, low=25),
    Rule(
        ("several",), "three persons or more, less than 50 %", _HOUSE, high=50, below=True, least=3
    ),
    Rule(
        ("very few", "hardly any(?:one|body)?", "almost no(?:ne|body)?"),
        "5 % or less, one person at least",
        _HOUSE,
        high=5,
        least=1,
    ),
    Rule(("a few", "few"), "20 % or less, two persons at least", _HOUSE, high=20, least=2),
    Rule(("some",), "less than 50 %, two persons at least", _HOUSE, high=50, below=True, least=2),
    Rule(("a couple(?: of)?",), "two persons", _MEANING, least=2, most=2),
    Rule(
        ("only one", "just one", "a single", "one single", "one"),
        "one person",
        _MEANING,
        least=1,
        most=1,
    ),
    Rule(("only two", "just two", "two"), "two persons", _MEANING, least=2, most=2),
    Rule(("only three", "just three", "three"), "three persons", _MEANING, least=3, most=3),
    Rule(("only four", "just four", "four"), "four persons", _MEANING, least=4, most=4),
    Rule(("none", "no one", "nobody", "no"), "nobody", _MEANING, high=0, most=0),
    Rule(("all", "every", "everyone", "everybody", "each"), "everybody", _MEANING, low=100),
)
"""The rule, from the longest words to the shortest: the first that matches holds."""


def compiled() -> list[tuple[re.Pattern[str], Rule]]:
    """The words of the rule as patterns, in its order."""
    return [
        (re.compile(rf"(?<![\w-])(?:{'|'.join(rule.words)})(?![\w-])", re.IGNORECASE), rule)
        for rule in RULES
    ]
