"""Which theme, and which group, a percentage in a sentence is about.

Where a sentence leaves no doubt the pair is sure: one theme and one percentage, strict
alternation, “respectively”, or words that tie the two together. Else the candidates are kept,
and nothing is concluded from a number that fits none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.audit.names import stems
from qualcode.audit.sentences import parts
from qualcode.audit.words import DID, PEOPLE, VERBS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.audit.beside import Beside
    from qualcode.audit.names import Found

_TO_THEME = re.compile(
    rf"[)\]]?,?\s?(?:(?:of|among|in)\s[^,;:()]{{1,60}}\s)?(?:(?:{PEOPLE}|{DID}|who|them|all)\s){{0,4}}"
    rf"(?:{VERBS}\s)+(?:(?:the|a|an|some|more|better|their|its|about|for|of|as|theme)\s){{0,2}}"
    r"[\"“'(]?",
    re.IGNORECASE,
)
_AT_THEME = re.compile(r"[)\]]\s(?:the\s)?[\"“'(]?", re.IGNORECASE)
_FROM_THEME = re.compile(
    r"[\"”')]?(?:\s?[,-]\s?(?:at\s|with\s|by\s|in\s)?"
    r"|(?:\s[A-Za-z][A-Za-z'-]*){0,9}(?:\s?[(\[:]\s?|\s(?:by|with|at|was|were|to|for|is|are|had|in|"
    r"reached|only|from|about|nearly|almost|over)\s))",
    re.IGNORECASE,
)
_TO_LABEL = re.compile(
    rf"[)\]]?\s(?:of\s(?:the\s|all\s)?(?:{PEOPLE}|them|us)\s)?(?:(?:were|was|are|is|had|have|"
    r"worked|served|came|lived|in|from|with|at|for|a|the)\s){0,4}",
    re.IGNORECASE,
)
_FROM_LABEL = re.compile(r"\s?[(:]\s?|,?\s(?:were|was|are|is|at|with|made up)\s", re.IGNORECASE)
_JOINED = re.compile(
    r"[\"”')]*\s?(?:,|,?\s?(?:and|or|nor|&|/))\s?(?:the\s)?[\"“'(]*", re.IGNORECASE
)
_GROUP_AFTER = re.compile(
    r"[)\]]?\s(?:of|among|in|for|from|by)\s(?:the\s|all\s|these\s){0,2}(?:[0-9,]+\s)?",
    re.IGNORECASE,
)
_GROUP_BEFORE = re.compile(r"[\"”']?(?:\s?[(,:\[]\s?|\s)(?:it was\s|with\s|at\s)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class About:
    """What a percentage is about; a theme that is not `is_sure` is only a candidate."""

    themes: tuple[str, ...] = ()
    is_sure: bool = False
    groups: tuple[str, ...] = ()
    is_group_sure: bool = False


def about(
    text: str, spans: Sequence[Beside], themes: Sequence[Found], groups: Sequence[Found]
) -> list[About]:
    """For each percentage of a sentence, given with what stands beside it, what it is about."""
    found = _themes(text, spans, themes)
    return [
        _with_group(text, spans, place, groups, names, is_sure)
        for place, (names, is_sure) in enumerate(found)
    ]


def _themes(
    text: str, spans: Sequence[Beside], themes: Sequence[Found]
) -> list[tuple[tuple[str, ...], bool]]:
    if themes and len(spans) == len(themes) and _is_respective(text, spans, themes):
        return [((theme.name,), True) for theme in themes]
    found: list[tuple[tuple[str, ...], bool]] = []
    carried: tuple[str, ...] = ()
    for start, end in parts(text, 0, len(text)):
        here = [theme for theme in themes if start <= theme.start < end]
        inside = [span for span in spans if start <= span.start < end]
        if here:
            found += _paired(text, inside, here)
            carried = (here[-1].name,)
        else:
            found += [(carried, False)] * len(inside)
    return found


def _is_respective(text: str, spans: Sequence[Beside], themes: Sequence[Found]) -> bool:
    apart = themes[-1].end <= spans[0].start or spans[-1].end <= themes[0].start
    return apart and len(spans) > 1 and "respectively" in text.lower()


def _paired(
    text: str, spans: Sequence[Beside], themes: Sequence[Found]
) -> list[tuple[tuple[str, ...], bool]]:
    """Pair the percentages and the themes of one part of a sentence.

    A theme of one word may be an ordinary word there: it must be tied to the percentage.
    """
    if len(themes) == 1 and len(spans) == 1 and len(stems(themes[0].name)) > 1:
        return [((themes[0].name,), True)]
    order = "".join(
        kind
        for _, kind in sorted(
            [(span.start, "P") for span in spans] + [(theme.start, "T") for theme in themes]
        )
    )
    if len(spans) == len(themes) > 1 and order in {"TP" * len(spans), "PT" * len(spans)}:
        return [((theme.name,), True) for theme in themes]
    return [_nearest(text, span, themes) for span in spans]


def _nearest(text: str, span: Beside, themes: Sequence[Found]) -> tuple[tuple[str, ...], bool]:
    """Give the theme that words tie to the percentage, else all as candidates."""
    after = next((place for place, theme in enumerate(themes) if theme.start >= span.end), None)
    before = next(
        (place for place, theme in reversed(list(enumerate(themes))) if theme.end <= span.start),
        None,
    )
    if after is not None and (
        _TO_THEME.fullmatch(text, span.end, themes[after].start)
        or _AT_THEME.fullmatch(text, span.end, themes[after].start)
    ):
        return (themes[after].name,), not _are_joined(text, themes, after)
    if before is not None and _FROM_THEME.fullmatch(text, themes[before].end, span.start):
        return (themes[before].name,), not _are_joined(text, themes, before - 1)
    return tuple(dict.fromkeys(theme.name for theme in themes)), False


def _are_joined(text: str, found: Sequence[Found], place: int) -> bool:
    """Whether only “and” or the like stands between the names at `place` and after it."""
    if not 0 <= place < len(found) - 1:
        return False
    return _JOINED.fullmatch(text, found[place].end, found[place + 1].start) is not None


def _with_group(
    text: str,
    spans: Sequence[Beside],
    place: int,
    groups: Sequence[Found],
    names: tuple[str, ...],
    is_sure: bool,  # noqa: FBT001
) -> About:
    span = spans[place]
    tied = _tied_group(text, span, groups)
    if tied:
        return About(names, is_sure or len(names) == 1, (tied,), is_group_sure=True)
    named = tuple(dict.fromkeys(group.name for group in groups))
    return About(names, is_sure, named)


def _tied_group(text: str, span: Beside, groups: Sequence[Found]) -> str:
    """Give the group that stands right before or after the percentage, empty for none."""
    for place, group in enumerate(groups):
        if _GROUP_AFTER.fullmatch(text, span.end, group.start):
            return "" if _are_joined(text, groups, place) else group.name
    before = [place for place, group in enumerate(groups) if group.end <= span.start]
    if before and _GROUP_BEFORE.fullmatch(text, groups[before[-1]].end, span.start):
        return "" if _are_joined(text, groups, before[-1] - 1) else groups[before[-1]].name
    return ""


def tied_label(text: str, span: Beside, labels: Sequence[Found]) -> About:
    """What a percentage is about by the label of a row that stands right beside it, if one does."""
    for label in labels:
        if label.start >= span.end and _TO_LABEL.fullmatch(text, span.end, label.start):
            return About((label.name,), is_sure=True)
        if label.end <= span.start and _FROM_LABEL.fullmatch(text, label.end, span.start):
            return About((label.name,), is_sure=True)
    return About()
