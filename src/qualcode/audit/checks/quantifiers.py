"""Quantifier words beside a theme, against its share by the rule in `rules`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from qualcode.audit.checks.agreeing import exact
from qualcode.audit.checks.rules import compiled
from qualcode.audit.checks.study import candidates
from qualcode.audit.findings import Finding
from qualcode.audit.grim import share
from qualcode.audit.mentions import Mention
from qualcode.audit.printed import rounded
from qualcode.audit.words import DID, PEOPLE, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qualcode.audit.checks.rules import Rule
    from qualcode.audit.findings import Level
    from qualcode.audit.known import Known, KnownCell
    from qualcode.audit.manuscript import Place
    from qualcode.audit.names import Found
    from qualcode.audit.passages import Sentence

Value: TypeAlias = tuple[Fraction, int | None, int | None]
"""A share in %, and its count and base where they are known."""

_WHO_DID = rf"\s(?:who\s(?:were\s|had\s)?)?{DID}"
_CLAUSE = "(?:and|but|or|while|which|who|that|because|although|when|if)"
_EXACT = frozenset({"one person", "two persons", "three persons", "four persons", "nobody"})
_WORDS = compiled()
_WHO = (
    rf"(?:\s(?:of\s)?(?:(?:the|these|those|our|all|its)\s){{0,2}}(?:[0-9,]+\s)?(?:[a-z-]+\s){{0,2}}?"
    rf"(?:{PEOPLE}|them|those(?=\swho\b|\s{DID}\b))(?:{_WHO_DID})?\b"
    rf"|\sof\s(?:(?:the|these|those|our|all)\s){{0,2}}[0-9,]*[0-9](?!\s?%)(?:{_WHO_DID})?\b)"
)
_AFTER = re.compile(rf"{_WHO}|\s(?:{VERBS})\b", re.IGNORECASE)
_BESIDE = re.compile(rf"{_WHO}?\s?[(\[,]\s?", re.IGNORECASE)
_SAID_OF = re.compile(
    rf"(?:(?!\b(?:ask\w*|such as|like|including|e\.g)\b|\b{_CLAUSE}\b)[^,;:()“”\"]){{1,60}}",
    re.IGNORECASE,
)
_SHARED = re.compile(r"[^,;:()]{0,60}\b(?:for|among|to|with)\s(?:only\s|just\s)?", re.IGNORECASE)
_OWN_NUMBERS = re.compile(r"\s?(?:\([^()]{1,60}\)|,[^,()]{1,30}(?:\([^()]{1,30}\))?,)")
_WITH_NUMBERS = re.compile(rf"{_WHO}?(?:{_OWN_NUMBERS.pattern})?", re.IGNORECASE)
_LATER = re.compile(rf"{_WHO}?{_SAID_OF.pattern}(?:[(\[]\s?)?", re.IGNORECASE)
_SET_OFF = re.compile(r"[(\[,]\s?$")
_CLAUSE_START = re.compile(r"(?:^|[,;:(.]\s?|\b(?:and|but|while|whereas|by)\s)$", re.IGNORECASE)
_SHARES = re.compile(
    r"most|some|many|few|a few|very few|several|(?:the|a) .*majority|a minority|.*half|.*third|"
    r".*quarter",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?:\s?[,.;)]|\s?$|\s(?:and|but|in|as)\b)", re.IGNORECASE)
_ALONE_WORDS = re.compile(
    r"none|no one|nobody|everyone|everybody|most|all|half|many|few", re.IGNORECASE
)
_NAMES = re.compile(rf"\b(?:{VERBS})\s", re.IGNORECASE)
_PASSIVE = re.compile(rf"\b(?:{VERBS}|shared|held|made)\sby\s(?:only\s|just\s)?$", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|never|without|neither|nor|instead of|rather than|no longer|unlike)\b|n't\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(r"\b(?:not|at|the|second|al|than)\s$", re.IGNORECASE)
_WHO_NAMED = re.compile(
    rf"\bwho\s(?!(?:were\s|had\s)?{DID}\b)(?:\w+\s)?(?:{VERBS})\b|\b(?:of|among) (?:these|those)\b",
    re.IGNORECASE,
)
_SPEAKING = re.compile(
    r"\b(?:wrote|said|put it|explain\w*|describ\w*|comment\w*|add(?:ed|s)|recall\w*|stat(?:ed|es)|"
    r"quot\w*|example|instance|illustrat\w*|another|remark\w*|told|words of)\b|[“\"„«]|:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantified:
    """A quantifier in a sentence, from `start` to `end`, and the theme that it is said of.

    The theme `is_tied` where a verb such as “named” says so.
    """

    words: str
    rule: Rule
    start: int
    end: int
    theme: Found | None
    is_tied: bool


def quantified(sentence: Sentence) -> Iterator[Quantified]:
    """The quantifiers of respondents that a sentence puts beside a theme or a share."""
    text = sentence.text
    if sentence.standing.paragraph.kind == "heading" or sentence.standing.is_references:
        return
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, int, Rule]] = []
    for pattern, rule in _WORDS:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            is_said = _is_of_people(text, match) or _begins_share(sentence, match)
            if is_said and not sentence.is_quoted(match.start()):
                found.append((*match.span(), rule))
    found.sort(key=lambda one: one[0])
    starts = [start for start, _, _ in found] + [len(text)]
    ends = [0] + [end for _, end, _ in found]
    for place, (start, end, rule) in enumerate(found):
        theme, is_tied = _theme(sentence, start, end, ends[place], starts[place + 1])
        one = Quantified(text[start:end], rule, start, end, theme, is_tied)
        if theme is not None or _value_beside(sentence, one) is not None:
            yield one


@dataclass(frozen=True, slots=True)
class Quantifiers:
    """What became of the words: findings, how many were `checked`, and which were not, and why.

    The `unchecked` are given with their places and reasons.
    """

    findings: list[Finding]
    checked: int
    unchecked: list[tuple[Place, str, str]]


def check_quantifiers(
    sentences: Sequence[Sentence], known: Known, rows: Mapping[str, Sequence[Mention]]
) -> Quantifiers:
    """Check the words beside themes; `rows` are the numbers in the manuscript's tables."""
    findings: list[Finding] = []
    unchecked: list[tuple[Place, str, str]] = []
    checked = 0
    for sentence in sentences:
        for one in quantified(sentence):
            verdict = _verdict(sentence, one, known, rows)
            if isinstance(verdict, str):
                unchecked.append((_place(sentence, one), one.words, verdict))
            else:
                checked += 1
                findings += verdict
    return Quantifiers(findings, checked, unchecked)


def _verdict(
    sentence: Sentence, one: Quantified, known: Known, rows: Mapping[str, Sequence[Mention]]
) -> list[Finding] | str:
    """Give the findings, or the reason why the words could not be checked."""
    beside = _value_beside(sentence, one)
    if one.theme is None or beside is not None:
        who = one.theme.name if one.theme else "it"
        wrong = beside is not None and not one.rule.holds(*beside)
        return [_finding(sentence, one, who, beside)] if wrong and beside else []
    if reason := _doubt(sentence, one):
        return reason
    name = one.theme.name
    cells = [candidate.cell for candidate in candidates(_about(sentence, one, name), known)]
    if cells and all(cell.is_suppressed for cell in cells):
        return [_disclosing(sentence, one, name)] if one.rule.means in _EXACT else []
    values = [value for cell in cells for value in _of_cell(cell)]
    values = values or [value for row in rows.get(name, ()) for value in _of_row(row)]
    if not values:
        return "the share of the theme is not known"
    does_hold = any(one.rule.holds(*value) for value in values)
    return [] if does_hold else [_finding(sentence, one, name, values[0])]


def _about(sentence: Sentence, one: Quantified, name: str) -> Mention:
    """Give the theme, and the groups of the sentence, as something to look up in the study."""
    return Mention(
        _place(sentence, one),
        one.words,
        themes=(name,),
        is_theme_sure=True,
        groups=tuple(dict.fromkeys(group.name for group in sentence.groups)),
        bases=tuple(sentence.stated.firm),
        said=sentence.standing.headings,
    )


def _of_cell(cell: KnownCell) -> Iterator[Value]:
    if cell.k is not None and cell.n:
        yield share(cell.k, cell.n), cell.k, cell.n
    elif cell.percent is not None:
        yield exact(cell.percent), cell.k, cell.n
    if cell.weighted_percent is not None:
        yield exact(cell.weighted_percent), cell.k, cell.n


def _of_row(row: Mention) -> Iterator[Value]:
    if row.percent is not None and not row.groups and not row.is_part:
        yield row.percent.value, row.k, row.n


def _doubt(sentence: Sentence, one: Quantified) -> str:
    """Give the reason why the words may mean something else."""
    text = sentence.text
    near = text[max(0, one.start - 60) : one.end + 120]
    is_only = one.words.lower().startswith(("only", "just", "a single"))
    if _NOT.search(near) and one.rule.means != "nobody":
        return "a negation"
    if one.rule.means in _EXACT and not is_only and _SPEAKING.search(text):
        return "an example, not a count"
    if (sentence.is_part and not sentence.groups) or _WHO_NAMED.search(text, one.start):
        return "about a part of the respondents"
    return ""


def _is_of_people(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 12) : match.start()]
    word = match[0].lower()
    if word in {"most", "half", "all", "some", "no", "one"} and _NOT_BEFORE.search(before):
        return False
    if word == "all" and before.lower().endswith("of "):
        return False
    if _AFTER.match(text, match.end()):
        return True
    is_alone = _ALONE_WORDS.fullmatch(word) and _ALONE.match(text, match.end())
    return bool(is_alone) and _is_passive(text, match.start())


def _is_passive(text: str, start: int) -> bool:
    """Whether the words before `start` say by whom something was named."""
    return _PASSIVE.search(text[max(0, start - 30) : start]) is not None


def _begins_share(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether a word begins a clause and has its share right behind it: “some (14.5 %)”."""
    if not _SHARES.fullmatch(match[0]) or not _CLAUSE_START.search(sentence.text[: match.start()]):
        return False
    return _share_behind(sentence, match.end(), _BESIDE) is not None


def _theme(
    sentence: Sentence, start: int, end: int, since: int, until: int
) -> tuple[Found | None, bool]:
    """Give the theme that the words are said of, and whether a verb ties the two.

    It is the next one, or the last one in a passive; without a verb the one of its clause.
    """
    text = sentence.text
    after = next((t for t in sentence.themes if end <= t.start < until), None)
    before = next(
        (t for t in reversed(sentence.themes) if since <= t.start and t.end <= start), None
    )
    if _is_passive(text, start):
        return before, True
    if after is not None and _has_other_share(sentence, end, after.start):
        return None, False
    if after is not None and _NAMES.search(text, end, after.start):
        return after, True
    if len({theme.name for theme in sentence.themes}) != 1:
        return None, False
    own = _WITH_NUMBERS.match(text, end)
    if after is not None and own and _SAID_OF.fullmatch(text, own.end(), after.start):
        return after, False
    is_shared = before is not None and _SHARED.fullmatch(text, before.end, start)
    return (before if is_shared else None), False


def _has_other_share(sentence: Sentence, end: int, until: int) -> bool:
    """Whether a share stands before the theme that is not that of the words themselves."""
    are_there = any(end <= own.start and own.end <= until for own in sentence.own)
    return are_there and _share_behind(sentence, end, _BESIDE) is None


def _value_beside(sentence: Sentence, one: Quantified) -> Value | None:
    """Give the share right after the words, or in brackets at the end of what they say.

    “Most respondents (36.8 %) …”, and “most respondents were women (36.8 %)”.
    """
    if (value := _share_behind(sentence, one.end, _BESIDE)) or one.theme:
        return value
    return _share_behind(sentence, one.end, _LATER) if _SHARES.fullmatch(one.words) else None


def _share_behind(sentence: Sentence, end: int, between: re.Pattern[str]) -> Value | None:
    """Give the first share after `end`, where what stands before it is as wanted."""
    for hit, own in zip(sentence.hits, sentence.own, strict=True):
        if hit.use != "share" or hit.hedge or own.start < end:
            continue
        behind = between.fullmatch(sentence.text, end, own.start)
        is_set_off = sentence.text[own.start] in "([" or (behind and _SET_OFF.search(behind[0]))
        if behind and is_set_off and not _NOT.search(behind[0]):
            return hit.printed.value, own.k if own.k is not None else own.either, own.n
        return None
    return None


def _finding(sentence: Sentence, one: Quantified, who: str, value: Value) -> Finding:
    percent, k, n = value
    counted = f"{k} of {n}, " if k is not None and n is not None else ""
    wrong = f"{who} has {counted}{rounded(percent, 1)} %"
    right = f"“{one.words.lower()}” is {one.rule.means} ({one.rule.source})"
    shown = _shown(sentence, one)
    level: Level = "warning" if one.theme and not one.is_tied else "error"
    return Finding(level, "quantifier", _place(sentence, one), shown, wrong, right)


def _disclosing(sentence: Sentence, one: Quantified, theme: str) -> Finding:
    wrong = f"the study suppresses {theme}, and this tells its count"
    return Finding(
        "error", "suppressed", _place(sentence, one), _shown(sentence, one), wrong, "say “a few”"
    )


def _place(sentence: Sentence, one: Quantified) -> Place:
    return sentence.standing.paragraph.at(sentence.start + one.start)


def _shown(sentence: Sentence, one: Quantified) -> str:
    end = one.theme.end if one.theme and one.theme.start > one.start else one.end + 40
    start = one.theme.start if one.theme and one.theme.start < one.start else one.start
    return " ".join(sentence.text[start:end].split()[:16])
