"""A survey whose answers say plainly what they are about, and three coders who err by rule.

All that a study should come to is worked out here from these rules, without the program.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import sqrt
from statistics import NormalDist, mean
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CODERS = ("ana", "ben", "eva")
ANSWERED = 60
BLANK = 2
COST, PARTS = "cost", ("money", "effort")
THEMES = ("reach", "help", "nothing", *PARTS)
BOOK = """\
codebook: Team
version: 1
codes:
  - key: cost
    name: What it costs
  - key: reach
    name: Who is reached
  - key: help
    name: Who helps
  - key: nothing
    name: Nothing to report
    exclusive: true
"""
Codes: TypeAlias = frozenset[str]
Codings: TypeAlias = dict[str, dict[str, Codes]]
"""By respondent and coder: what that coder has put on the answer."""


def name_of(number: int) -> str:
    return f"R{number:02}"


def number_of(respondent: str) -> int:
    return int(respondent[1:])


def write_survey(path: Path) -> Path:
    rows = [
        f"{name_of(number)},this is about {' and '.join(sorted(truth(number)))}"
        for number in range(1, ANSWERED + 1)
    ]
    rows += [f"{name_of(ANSWERED + number)}," for number in range(1, BLANK + 1)]
    path.write_text("\n".join(("id,why", *rows)) + "\n", "utf-8")
    return path


def truth(number: int) -> Codes:
    """What an answer is about."""
    if number % 12 == 7:
        return frozenset({"nothing"})
    every = ({"money"}, {"effort"}, {"reach"}, {"money", "reach"}, {"help"})
    return frozenset(every[number % 5])


def found(coder: str, number: int) -> Codes:
    """What a coder takes an answer to be about."""
    topics = set(truth(number))
    if coder == "ana" and number % 3 == 0:
        topics -= {"reach"}
    if coder == "ben" and number % 4 == 1 and "nothing" not in topics:
        topics |= {"help"}
    if coder == "eva" and number % 4 == 3 and "money" in topics:
        topics = topics - {"money"} | {"effort"}
    return frozenset(topics)


def before_the_split(codes: Codes) -> Codes:
    return frozenset(COST if code in PARTS else code for code in codes)


# -- what it comes to


def exact_match(codings: Codings) -> float:
    """The share of answers with the very same set, averaged over the pairs of coders."""
    shares = []
    for pair in combinations(CODERS, 2):
        both = [sets for sets in codings.values() if sets.keys() >= set(pair)]
        shares.append(mean(sets[pair[0]] == sets[pair[1]] for sets in both))
    return mean(shares)


def ratings(codings: Codings, code: str) -> list[tuple[bool, bool]]:
    """Whether each of an answer's two coders put a code on it."""
    twos = [sorted(sets.items()) for sets in codings.values() if len(sets) == 2]
    return [(code in one, code in other) for (_, one), (_, other) in twos]


def percent_agreement(codings: Codings, code: str) -> float:
    return mean(one == other for one, other in ratings(codings, code))


def alpha(codings: Codings, code: str) -> float:
    """Krippendorff's alpha of a code over answers that two coded; nominal, by coincidences."""
    rated = ratings(codings, code)
    observed = mean(one != other for one, other in rated)
    values = Counter(value for pair in rated for value in pair)
    n = values.total()
    return 1 - observed / (2 * values[True] * values[False] / (n * (n - 1)))


def agreed(sets: Mapping[str, Codes], rule: str, verdict: Codes | None) -> Codes:
    """What an answer has by a rule of consensus."""
    if rule == "adjudicated":
        return verdict or frozenset()
    if rule.startswith("coder:"):
        return sets.get(rule.removeprefix("coder:"), frozenset())
    count = Counter(code for codes in sets.values() for code in codes)
    least = {"any": 1, "majority": len(sets) // 2 + 1, "unanimous": len(sets)}[rule]
    return frozenset(code for code, times in count.items() if times >= least)


def counted(sets: Iterable[Codes]) -> Counter[str]:
    return Counter(code for codes in sets for code in codes)


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of k of n, in percent (Wilson 1927)."""
    z = NormalDist().inv_cdf(0.975)
    centre = k + z * z / 2
    half = z * sqrt(k * (n - k) / n + z * z / 4)
    return tuple(100 * (centre + sign * half) / (n + z * z) for sign in (-1, 1))  # type: ignore[return-value]
