"""The percentages in the running text of a manuscript."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.audit.beside import Beside
from qualcode.audit.mentions import Mention
from qualcode.audit.pairing import About, about, tied_label
from qualcode.audit.percents import hedge_before
from qualcode.audit.words import COUNT, PEOPLE, count_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from qualcode.audit.passages import Sentence
    from qualcode.audit.percents import Hit

_DATE = (
    "(?i:spring|summer|autumn|fall|winter|january|february|march|april|may|june|july|august|"
    "september|october|november|december)"
)
CITED = re.compile(
    rf"\((?:see |e\.g\.,? |cf\. )?(?!{_DATE}\b)[A-Z][^()]{{0,80}}\b(?:19|20)[0-9]{{2}}[a-z]?"
    r"(?:[,;:][^()]{0,120})?\)|\[-?@|(?<!\w)@[A-Za-z]+[0-9]{2}|"
    r"\[[0-9]{1,3}(?:\s?[,-]\s?[0-9]{1,3}){0,9}\]|\bet al\b|"
    r"\b[A-Z]\w+(?:,? and | & )[A-Z]\w+ \((?:19|20)[0-9]{2}"
)
"""A work of somebody else is cited."""
_WEIGHTED = re.compile(r"\bweighted\b", re.IGNORECASE)
_OF_RESPONSES = re.compile(
    r"(?:%|per\s?cent)\s(?:of|out of)\s(?:all\s|the\s){0,2}(?:[0-9,]+\s)?"
    r"(?:mentions|codings|(?:coded )?statements|themes named)\b",
    re.IGNORECASE,
)
_NAMED = r"(?:named|mentioned|raised|cited|brought up)"
_COUNTED = re.compile(
    rf"(?P<k>{COUNT})\s?(?:/|out of|of)\s?(?:(?:the|all|these|those|our)\s){{0,2}}"
    rf"(?P<n>{COUNT})(?!\s?%)"
    rf"|(?<!the\s)(?<!all\s)(?<!of\s)(?<!our\s)(?P<only>{COUNT})\s(?:{PEOPLE})\s{_NAMED}\b"
    rf"|\b{_NAMED}\sby\s(?P<by>{COUNT})\s(?:{PEOPLE})\b",
    re.IGNORECASE,
)
_KEY = re.compile(r"\b[A-Za-z]{1,12}_?[0-9]{1,3}[a-z]?\b")
_MOST_SHOWN = 80
_NEAR = 20
_LONGEST_ITEM = 200
_SMALL = 4


def text_mentions(
    found: Sequence[Sentence], known_bases: Collection[int]
) -> list[tuple[Mention, ...]]:
    """For each sentence its percentages in order, or a “53 of 144” beside a theme alone.

    A small “n = 53” is read as a base where the study or the text has this base, else as a count.
    """
    bases = {n for sentence in found for n in sentence.stated.firm} | set(known_bases)
    return [
        tuple(_of_sentence(sentence, *_around(found, place), bases))
        for place, sentence in enumerate(found)
    ]


def _around(found: Sequence[Sentence], place: int) -> tuple[list[Sentence], list[Sentence]]:
    """Give the sentences of the paragraph before and after the one at `place`."""
    paragraph = found[place].standing.paragraph
    lead = _lead(found, place)
    near = range(max(0, place - _NEAR), min(len(found), place + _NEAR))
    same = [other for other in near if found[other].standing.paragraph is paragraph]
    return (
        [*lead, *(found[other] for other in same if other < place)],
        [found[other] for other in same if other > place],
    )


def _lead(found: Sequence[Sentence], place: int) -> list[Sentence]:
    """Give the sentences that lead to the list whose item holds the sentence: they end in “:”."""
    own = found[place].standing.paragraph
    lead: list[Sentence] = []
    for other in reversed(found[max(0, place - _NEAR) : place]):
        paragraph = other.standing.paragraph
        if lead and paragraph is not lead[0].standing.paragraph:
            break
        if lead or (paragraph is not own and paragraph.text.rstrip().endswith(":")):
            lead.insert(0, other)
        elif paragraph.kind == "heading" or len(paragraph.text) > _LONGEST_ITEM:
            break
    return lead


def _of_sentence(
    sentence: Sentence,
    earlier: Sequence[Sentence],
    later: Sequence[Sentence],
    bases: Collection[int],
) -> Iterator[Mention]:
    shares = [place for place, hit in enumerate(sentence.hits) if _is_paired(hit)]
    spans = [sentence.own[place] for place in shares]
    pairs = dict(
        zip(shares, about(sentence.text, spans, sentence.themes, sentence.groups), strict=True)
    )
    if not sentence.themes:
        pairs = {
            place: tied_label(sentence.text, sentence.own[place], sentence.labels)
            for place in shares
        }
    firm, nearby = _bases(sentence, earlier, later)
    for place, hit in enumerate(sentence.hits):
        mention = _mention(sentence, hit, sentence.own[place], pairs.get(place, About()), bases)
        yield replace(mention, bases=firm, nearby=nearby)
    if not sentence.hits and len(sentence.themes) == 1:
        yield from _counts_alone(sentence)


def _is_paired(hit: Hit) -> bool:
    return hit.use == "share" and not hit.is_range


def _mention(
    sentence: Sentence,
    hit: Hit,
    own: Beside,
    what: About,
    bases: Collection[int],
) -> Mention:
    k, n = own.k, own.n
    if own.either is not None:
        is_base = own.either in bases and own.either not in {k, None}
        k, n = (k, own.either) if is_base else (own.either, n)
    return Mention(
        place=sentence.standing.paragraph.at(sentence.start + hit.start),
        shown=_shown(sentence.text, own),
        percent=hit.printed,
        use=hit.use,
        hedge=hit.hedge,
        k=k,
        n=n,
        is_count_sure=own.is_sure,
        interval=hit.interval,
        themes=what.themes,
        is_theme_sure=what.is_sure,
        groups=what.groups,
        is_group_sure=what.is_group_sure,
        is_part=sentence.is_part and not what.groups,
        is_weighted=_is_weighted(sentence.text, hit, own),
        is_of_responses=bool(_OF_RESPONSES.match(sentence.text, max(0, hit.end - 8))),
        is_range=hit.is_range,
        is_summary=sentence.standing.is_summary,
        aside=_aside(sentence, hit, own, what),
        said=_said(sentence),
    )


def _said(sentence: Sentence) -> str:
    """Give the headings, and the keys such as “Q5” that the sentence names."""
    return "\n".join([sentence.standing.headings, *_KEY.findall(sentence.text)])


def _bases(
    sentence: Sentence, earlier: Sequence[Sentence], later: Sequence[Sentence]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give the bases that hold for the sentence, and the others that stand near it."""
    before: list[int] = []
    for other in earlier:
        before += [*other.stated.firm, *other.stated.loose]
    counted = [own.k for one in (*earlier, sentence) for own in one.own if own.k is not None]
    firm = list(sentence.stated.firm)
    if sentence.stated.refers_back:
        firm += [*before, *sentence.stated.loose, *counted]
        return tuple(dict.fromkeys(firm)), ()
    after = [n for other in later for n in other.stated.firm]
    nearby = dict.fromkeys([*before, *sentence.stated.loose, *after])
    return tuple(dict.fromkeys(firm)), tuple(n for n in nearby if n not in firm)


def _is_weighted(text: str, hit: Hit, own: Beside) -> bool:
    """Whether the text before a percentage, or right after it, calls it weighted."""
    return bool(
        _WEIGHTED.search(text, 0, hit.start) or _WEIGHTED.search(text, own.end, own.end + 12)
    )


def _aside(sentence: Sentence, hit: Hit, own: Beside, what: About) -> str:
    """Give the reason why a percentage is none of respondents, or cannot be checked."""
    has_counts = own.k is not None and (own.n is not None or bool(sentence.stated.firm))
    is_cited = CITED.search(sentence.text) is not None and not (has_counts or what.themes)
    reasons = (
        (hit.use == "level", "a level of confidence or significance"),
        (hit.use == "change", "a change or a difference"),
        (hit.use == "sum", "a total of percentages"),
        (sentence.standing.is_references, "in the list of references"),
        (sentence.is_quoted(hit.start), "inside a quotation"),
        (hit.is_range, "one end of a range"),
        (hit.use == "agreement" and not has_counts, "agreement between coders"),
        (is_cited, "in a sentence that cites another work"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _counts_alone(sentence: Sentence) -> Iterator[Mention]:
    """Give the count beside the one theme of a sentence that prints no percentage."""
    found = list(_COUNTED.finditer(sentence.counting))
    if len(found) != 1 or sentence.is_quoted(found[0].start()) or CITED.search(sentence.text):
        return
    match = found[0]
    counted = match[_group(match)]
    is_word = not match["n"] and not counted[0].isdigit() and count_value(counted) <= _SMALL
    if is_word or hedge_before(sentence.text[: match.start(_group(match))]):
        return  # a word such as “one” is a quantifier
    span = Beside(match.start(_group(match)), match.end("n" if match["n"] else _group(match)))
    what = about(sentence.text, [span], sentence.themes, sentence.groups)[0]
    yield Mention(
        place=sentence.standing.paragraph.at(sentence.start + match.start()),
        shown=match[0],
        k=count_value(counted),
        n=count_value(match["n"]) if match["n"] else None,
        themes=what.themes,
        is_theme_sure=what.is_sure,
        groups=what.groups,
        is_group_sure=what.is_group_sure,
        is_part=sentence.is_part and not what.groups,
        is_summary=sentence.standing.is_summary,
        said=_said(sentence),
    )


def _group(match: re.Match[str]) -> str:
    """Give the name of the group that holds the count."""
    return next(name for name in ("k", "only", "by") if match[name])


def _shown(text: str, own: Beside) -> str:
    """Give the words of the manuscript that hold the number and what stands beside it."""
    shown = " ".join(text[own.start : own.end].split())
    shown = f"{shown})" if shown.count("(") > shown.count(")") else shown
    shown = f"({shown}" if shown.count(")") > shown.count("(") else shown
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
