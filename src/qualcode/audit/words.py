"""The words of reports that the audit knows: counts, people, what people do with a theme."""

from __future__ import annotations

import re

_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
    "\u205f\u3000"
)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜ"
_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_PLAIN: dict[int, str] = str.maketrans(
    {
        **dict.fromkeys(_SPACES, "\u00a0"),
        **dict.fromkeys(_NOTHING + _RAISED, "\u00a0"),
        **dict.fromkeys("\t\n\r\v\f\u2028\u2029\u0085", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "\uff05": "%",
        "\ufe6a": "%",
        "\u066a": "%",
        "\u02d9": "·",
        "\u22c5": "·",
        "\u2019": "'",
    }
)


def plain(text: str) -> str:
    """`text` with one kind of each space, dash and digit; the length does not change.

    Thin and unbreakable spaces and raised marks become U+00A0, line ends become spaces, dashes
    ``-``.
    """
    return text.translate(_PLAIN)


_ONES = "one two three four five six seven eight nine".split()  # noqa: SIM905
_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_VALUES = {
    **{word: value for value, word in enumerate(_ONES, 1)},
    **{word: value for value, word in enumerate(_TEENS, 10)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}


def either(words: list[str] | tuple[str, ...]) -> str:
    """A pattern for any of `words`, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_SMALL = rf"(?:(?:{either(_TENS)})(?:[- ](?:{either(_ONES)}))?|{either(_TEENS)}|{either(_ONES)})"
SPELLED = rf"(?:\b(?:(?:{either(_ONES)})[ ]hundred(?:(?:[ ]and)?[ ]{_SMALL})?|{_SMALL})\b)"
"""A whole number in words, below a thousand."""

DIGITS = "(?:[0-9]{1,3}(?:[,'\u00a0][0-9]{3}){1,3}(?![0-9])|[0-9]{1,9}(?![0-9]))"
COUNT = rf"(?:(?<![0-9A-Za-z_.,·]){DIGITS}(?![.,·][0-9])|{SPELLED})"
"""A whole number, in digits or in words."""


def count_value(text: str) -> int:
    """The number that a match of COUNT writes."""
    if text[0].isdigit():
        return int("".join(character for character in text if character.isdigit()))
    total = 0
    for word in re.split(r"[-\s]+", text.lower()):
        total = total * 100 if word == "hundred" else total + _VALUES.get(word, 0)
    return total


PEOPLE = (
    "respondents?|participants?|people|persons?|individuals?|interviewees?|informants?|"
    "investigators?|officers?|agents?|agenc(?:y|ies)|affiliates?|detectives?|experts?|"
    "professionals?|practitioners?|students?|teachers?|users?|readers?|visitors?|patients?|"
    "members?|employees|workers?|staff|households?|adults?|children|women|men|contacts|"
    "commanders?|organi[sz]ations?|schools?|libraries|answers?|responses?|surveys|cases?"
)
"""Whom percentages are of."""

_VERBS = (
    "named?|names|naming|mention(?:ed|s|ing)?|rais(?:ed|es|ing)|cit(?:ed|es|ing)|"
    "report(?:ed|s|ing)?|said|says?|wrote|describ(?:ed|es|ing)|not(?:ed|es|ing)|brought up|"
    "ask(?:ed)? for|wanted|wants?|call(?:ed)? for|list(?:ed|s)?|identif(?:ied|y|ies)|gave|chose|"
    "select(?:ed)?|express(?:ed)?|point(?:ed)? (?:to|out)|refer(?:red)? to|spoke of|pointed at|"
    "spoke about|talk(?:ed)? (?:of|about)|thought of|comment(?:ed)? on|had concerns about|"
    "worr(?:ied|y) (?:about|over)|(?:were|was|are) (?:concerned|worried) (?:about|over)|"
    "complain(?:ed)? (?:of|about)|prais(?:ed|es)|wish(?:ed)? for|request(?:ed)?|need(?:ed)?|"
    "touch(?:ed)? (?:on|upon)|fell under|belonged to|discuss(?:ed)?|emphasi[sz]ed|stressed|felt|"
    "answered with|spontaneously|also|explicitly|at least once"
)
VERBS = rf"(?:{_VERBS})"
"""What people do with a theme."""

DID = (
    "(?:asked|answered|responded|replied|took part|participated|completed|coded|surveyed|invited|"
    "interviewed|included|eligible)"
)
"""What makes people a base."""

UNITS = (
    "years?|months?|weeks?|days?|hours?|hrs?|minutes?|min|seconds?|miles?|km|kilometres?|points?|"
    "items?|themes?|codes?|categor(?:y|ies)|questions?|thirds?|quarters?|fifths?|tenths?|halves|"
    "coders?|raters?|pages?|words?|times?|waves?|percent|dollars?|euros?|inhabitants?|residents?"
)
"""What a number counts that are no respondents."""
NO_NOUNS = "in|per|of|or|to|and|more|fewer|less|most"
"""Words after a number that begin something else."""
