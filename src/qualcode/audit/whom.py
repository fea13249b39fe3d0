"""Whether a sentence is about all respondents or about some of them.

“Among the 144 asked” is about all, “among women” about some, and “36 % of investigators” about
all where a text says that its 144 respondents are investigators.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.audit.words import COUNT, DID, PEOPLE, VERBS, count_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_WHO = (
    r"[a-z0-9][\w' -]{0,60}?(?=[,.;:()]|\s(?:who|that|and|or|than|compared|it|the|this|were|was|"
    rf"had|did|do|about|on|to|with|for|in|most|many|some|{VERBS})\b|$)"
)
_SAID_OF = re.compile(
    rf"\b(?:among|amongst)\s(?P<among>{_WHO})|(?:%|per\s?cent)\sof\s(?P<of>{_WHO})", re.IGNORECASE
)
_ALWAYS = (
    "all|the|our|these|those|of|them|us|whom|whole|sample|total|everybody|everyone|study|who|were|"
    "was|survey|open|question|substantive|valid|respondents?|participants?|people|persons?|"
    "individuals?|interviewees?|informants?|answers?|responses?|surveys?|cases?|[0-9,]+"
)
_COUNTED = re.compile(
    rf"(?P<n>{COUNT})\s(?:[a-z-]+\s){{0,2}}?(?P<who>{PEOPLE})\b(?!\s(?:or|and)\b)", re.IGNORECASE
)
_NEVER = re.compile(r"\b(?:women|men|children|adults)\b", re.IGNORECASE)


def everybody(texts: Iterable[str], bases: Collection[int]) -> re.Pattern[str]:
    """The words for all respondents: the usual ones, and what the texts count `bases` of.

    Without bases any people that the audit knows may be the respondents.
    """
    own = {
        match["who"].lower()
        for text in texts
        for match in _COUNTED.finditer(text)
        if count_value(match["n"]) in bases
    }
    words = "|".join([_ALWAYS, DID, *(sorted(own) if bases else [PEOPLE])])
    return re.compile(rf"(?:(?:{words})\b[\s'-]*)+", re.IGNORECASE)


def speaks_of_part(text: str, everyone: re.Pattern[str]) -> bool:
    """Whether a sentence is about others than `everyone`."""
    for match in _SAID_OF.finditer(text):
        who = (match["among"] or match["of"]).strip()
        if _NEVER.search(who) or not everyone.fullmatch(who):
            return True
    return False
