"""The themes that a manuscript names, against those of the study and of its own tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qualcode.audit.columns import is_theme_header
from qualcode.audit.findings import Finding
from qualcode.audit.names import stems
from qualcode.audit.tabled import theme_named
from qualcode.audit.words import DID, PEOPLE, VERBS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from qualcode.audit.beside import Beside
    from qualcode.audit.known import Known
    from qualcode.audit.names import Finder
    from qualcode.audit.passages import Sentence
    from qualcode.audit.tabled import ReadTable

_THINGS = "(?:themes?|codes?|answers?|responses?|opinions?|mentions?|respondents?|comments?)"
_GENERAL_ROW = re.compile(
    rf"\W*(?:(?:any|at least one|others?)\b|(?:no|not|none|another|all|total|sum|several|multiple|"
    rf"one|two|more than one|new)(?:\W*$|\s(?:of the\s)?(?:{_THINGS}|coded|asked|answered)\b)|"
    r"(?:missing|uncoded|unclear|nothing|blank|don'?t know|do(?:es)? not know|cannot be coded|"
    r"refus\w*|uncod\w+|unresolved|mean|median|responses|respondents|answers|base|n|k|mentions|"
    r"coded|answered|asked|men|women|p)\b|themes? per|[0-9])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"„«]([^“”\"«»]{3,60}?)[,.]?[”\"“»]")
_CALLED = re.compile(r"\b(?:themes?|codes?|categor(?:y|ies))\s(?:\w+\s){0,3}$", re.IGNORECASE)
_LEADING = re.compile(
    rf"(?:(?:and|or|then|by|the|a|an|followed|next|most|often|frequently|such|as|namely|were|was|"
    rf"are|is|also|with|to|for|of|about|only|another|{VERBS})\s)+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    rf"\b(?:not|did|no|other|others|another|both|neither|nothing|something|respectively|it|them|"
    rf"they|each|were|was|are|is|had|have|of|who|than|that|which|this|these|those|we|our|men|women|"
    rf"in|at|from|between|among|[0-9]+|{VERBS}|{PEOPLE}|{DID}|themes?|codes?|table|figure|overall|"
    rf"total|all|most|rest|half|share|rate|yes)\b|[0-9%=<>]",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s?[(\[]\s?$")
_NAMING = re.compile(rf"\s(?:of\s[^,;:()]{{1,40}}\s)?(?:{VERBS}\s)+", re.IGNORECASE)
_LONGEST_NAME = 5
_NEAR = 40


def theme_tables(tables: Sequence[ReadTable], themes: Finder) -> list[ReadTable]:
    """The tables whose rows are themes: two of the study's at least and half of its rows."""
    return [table for table in tables if _is_of_themes(table, themes)]


def own_themes(tables: Sequence[ReadTable]) -> list[str]:
    """What the manuscript's own tables call themes, for a manuscript without a study's."""
    return list(
        dict.fromkeys(
            table.labels[row]
            for table in tables
            if is_theme_header(table.columns, table.around.caption)
            for row in table.body()
            if table.labels[row] and not _GENERAL_ROW.match(table.labels[row])
        )
    )


def check_rows(tables: Sequence[ReadTable], themes: Finder, groups: Finder) -> Iterator[Finding]:
    """Say which rows of the tables of themes are no themes of the study."""
    for table in tables:
        with_numbers = {mention.row for mention in table.mentions}
        for row in table.body():
            label = table.labels[row]
            is_known = (
                theme_named(label, themes) or groups.exactly(label) or _GENERAL_ROW.match(label)
            )
            if label and row in with_numbers and not is_known:
                place = next(m.place for m in table.mentions if m.row == row)
                wrong = "the study has no theme of this name"
                yield Finding("error", "theme", place, label, wrong, _nearest(label, themes))


def check_names(
    sentences: Sequence[Sentence], themes: Finder, groups: Finder
) -> Iterator[tuple[int, Finding]]:
    """Say which names in the text stand where a theme should and are none, with the sentence."""
    for number, sentence in enumerate(sentences):
        if sentence.standing.is_references or sentence.standing.paragraph.kind == "heading":
            continue
        seen: set[str] = set()
        for start, name in _named(sentence, themes):
            if name.casefold() in seen or _is_known(name, themes, groups):
                continue
            seen.add(name.casefold())
            place = sentence.standing.paragraph.at(sentence.start + start)
            wrong = "no theme has this name"
            right = _nearest(name, themes)
            yield number, Finding("error", "theme", place, name, wrong, right)


def check_summary(
    sentences: Sequence[Sentence], tables: Sequence[ReadTable], themes: Finder, known: Known
) -> Iterator[Finding]:
    """Set the themes that the summary names against the rows of the tables of themes.

    A theme without a row is a warning; a row is left out where it has a larger share than one
    that the summary names.
    """
    listed = {
        name: row for table in tables for row in table.body()
        if (name := theme_named(table.labels[row], themes))
    }  # fmt: skip
    questions = {theme.question for name in listed for theme in known.named(name)}
    named: dict[str, Sentence] = {}
    for sentence in sentences:
        if not sentence.standing.is_summary or sentence.standing.paragraph.kind == "heading":
            continue
        for theme in sentence.themes:
            if theme.name not in named and not sentence.is_quoted(theme.start):
                named[theme.name] = sentence
                if theme.name not in listed and _is_expected(theme.name, questions, known):
                    place = sentence.standing.paragraph.at(sentence.start + theme.start)
                    wrong = "the summary names it, and no table of the manuscript has it"
                    yield Finding("warning", "theme", place, theme.name, wrong)
    for table in tables:
        yield from _left_out(table, named, _spoken_for(named, known))


def _spoken_for(named: Collection[str], known: Known) -> set[str]:
    """Give the themes that stand below one that is named, which speaks for them."""
    heads = {(theme.question, theme.code) for name in named for theme in known.named(name)}
    return {
        theme.name
        for theme in known.themes
        if any((theme.question, above) in heads for above in _above(theme.code))
    }


def _above(code: str) -> Iterator[str]:
    while code := code.rpartition("/")[0]:
        yield code


def _is_expected(name: str, questions: set[str], known: Known) -> bool:
    """Whether a theme belongs to a question that the manuscript has a table of."""
    return any(theme.question in questions for theme in known.named(name))


def _left_out(
    table: ReadTable, named: dict[str, Sentence], spoken_for: Collection[str]
) -> Iterator[Finding]:
    shares = {
        name: mention.percent.value
        for mention in table.mentions
        if mention.percent is not None and not (mention.groups or mention.is_part)
        for name in mention.themes
    }
    mentioned = [name for name in shares if name in named]
    if not mentioned:
        return
    least = min(mentioned, key=lambda name: shares[name])
    left = [
        name
        for name in shares
        if name not in named and name not in spoken_for and shares[name] > shares[least]
    ]
    if left:
        wrong = f"the summary names {least} and leaves out what is more frequent"
        yield Finding("note", "theme", table.around.table.place, ", ".join(left), wrong)


def _is_of_themes(table: ReadTable, themes: Finder) -> bool:
    labels = [table.labels[row] for row in table.body() if table.labels[row]]
    known = sum(bool(theme_named(label, themes)) for label in labels)
    return known >= 2 and known * 2 >= len(labels) and bool(table.mentions)  # noqa: PLR2004


def _named(sentence: Sentence, themes: Finder) -> Iterator[tuple[int, str]]:
    """Give what a sentence names like a theme: in quotation marks, or in a list with themes."""
    text = sentence.text
    for match in _QUOTED.finditer(text):
        if sentence.is_quoted(match.start()):
            continue
        is_called = sentence.standing.is_summary and _CALLED.search(text[: match.start()])
        if is_called or any(_is_tied(text, match, own) for own in sentence.own):
            yield match.start(1), match[1].strip()
    for find in (_name_before, _name_after):
        found = [find(sentence, place) for place in range(len(sentence.hits))]
        if any(themes.exactly(name) for _, name in found):
            yield from (
                (start, name) for start, name in found if name and not _NO_NAME.search(name)
            )


def _is_tied(text: str, match: re.Match[str], own: Beside) -> bool:
    """Whether a quoted name and a percentage belong together."""
    if own.start >= match.end():
        between = text[match.end() : own.start]
    elif own.end <= match.start():
        between = text[own.end : match.start()]
    else:
        return False
    return len(between) <= _NEAR and not re.search(r"[;.]", between)


def _name_before(sentence: Sentence, place: int) -> tuple[int, str]:
    """Give the name that a percentage in brackets follows: “…, Parking (36.8 %)”."""
    own = sentence.own[place]
    since = sentence.own[place - 1].end if place else 0
    opening = _OPENING.search(sentence.text, since, own.start)
    if sentence.hits[place].use != "share" or not opening:
        return 0, ""
    chunk = sentence.text[since : opening.start()]
    cut = max(chunk.rfind(mark) for mark in ',;:)]”"') + 1
    return _cleaned(chunk[cut:], since + cut)


def _name_after(sentence: Sentence, place: int) -> tuple[int, str]:
    """Give the name that follows a percentage: “36.8 % named parking”."""
    own = sentence.own[place]
    until = sentence.own[place + 1].start if place + 1 < len(sentence.own) else len(sentence.text)
    chunk = sentence.text[own.end : until]
    naming = _NAMING.match(chunk)
    if sentence.hits[place].use != "share" or not (naming or place):
        return 0, ""
    begin = naming.end() if naming else 0
    end = next((m.start() for m in re.finditer(r"[,;:.()]|\sand\s?$", chunk[begin:])), len(chunk))
    return _cleaned(chunk[begin : begin + end], own.end + begin)


def _cleaned(chunk: str, start: int) -> tuple[int, str]:
    lead = len(chunk) - len(chunk.lstrip(" “\"'"))
    rest = chunk[lead:]
    if leading := _LEADING.match(rest):
        lead, rest = lead + leading.end(), rest[leading.end() :]
    name = rest.strip(" ”\"'")
    return start + lead, name if 0 < len(name.split()) <= _LONGEST_NAME else ""


def _is_known(name: str, themes: Finder, groups: Finder) -> bool:
    """Whether a name is a theme or a group, holds one, or shares a long word with a theme."""
    if themes.find(name) or groups.find(name) or _GENERAL_ROW.match(name):
        return True
    return any(themes.knows_word(stem) for stem in stems(name))


def _nearest(name: str, themes: Finder) -> str:
    near = themes.nearest(name)
    return f"did you mean “{near}”?" if near else ""
