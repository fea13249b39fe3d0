"""The themes that a manuscript names, against those of the study and of its own tables.

A name that is no theme is found where its place says that it should be one: a row of a table of
themes, the name beside a percentage where themes stand beside others in the same way (in the
sentence, in a paragraph of the summary, in a list), after “the theme”, in quotation marks beside a
percentage, or as a heading among headings that are themes. In free prose (“Leadership was a
concern as well”) nothing tells a theme that does not exist from any other word: that is not found,
nor is a name that shares a long word with a theme.
"""

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
    rf"work\w*|liv\w*|came|come|go|went|left|belong\w*|serv\w*|made|found|thought|felt|us(?:ed?|ing)|"
    rf"total|all|most|rest|half|share|rate|yes)\b|[0-9%=<>]",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s?(?:[(\[:]|-(?=\s))\s?$")
_PASSIVE = re.compile(
    rf"\s(?:was|were|is|are)\s(?:also\s)?{VERBS}\sby\s(?:only\s|just\s)?$", re.IGNORECASE
)
_THE_THEME = re.compile(
    r"\b[Tt]he\s(?:theme|code|category)\s(?:of\s|called\s|named\s)?"
    r"(?:[“\"„«‘](?P<quoted>[^“”\"«»‘’]{3,60}?)[,.]?[”\"“»’]|"
    r"(?P<bare>[A-Z][\w'-]+(?:\s(?!(?:was|is|had|were|came|with|in|by|and|of|for)\b)[a-z][\w'-]+){0,3}))"
)
_METHODS = re.compile(
    r"\b(?:methods?|codebook|coding|procedure|analysis|appendix|limitations?)\b", re.IGNORECASE
)
_NAMING = re.compile(rf"[)\]]?\s(?:of\s[^,;:()]{{1,40}}\s)?(?:{VERBS}\s)+", re.IGNORECASE)
_PARTS = re.compile(
    r"\W*(?:[0-9.]+\s)?(?:summary|abstract|introduction|background|methods?|results?|findings|"
    r"discussion|conclusions?|limit|references|appendix|themes|respondents|sample|overview|other|"
    r"quotes?|examples?|agreement|notes?|tables?|figures?|data|acknowledg|funding|ethic)",
    re.IGNORECASE,
)
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
        places = {mention.row: mention.place for mention in reversed(table.mentions)}
        for row in table.body():
            label = table.labels[row]
            is_known = (
                theme_named(label, themes) or groups.exactly(label) or _GENERAL_ROW.match(label)
            )
            if label and row in table.counted and not is_known:
                place = places.get(row, table.around.table.rows[row][0].place)
                wrong = "the study has no theme of this name"
                yield Finding("error", "theme", place, label, wrong, _nearest(label, themes))


def check_names(
    sentences: Sequence[Sentence], themes: Finder, groups: Finder
) -> Iterator[tuple[int, Finding]]:
    """Say which names in the text stand where a theme should and are none, with the sentence."""
    summaries, items = _themed_summaries(sentences, themes), _themed_items(sentences, themes)
    for number, sentence in enumerate(sentences):
        if sentence.standing.is_references or sentence.standing.paragraph.kind == "heading":
            continue
        seen: set[str] = set()
        paragraph = id(sentence.standing.paragraph)
        where = {"summary"} if paragraph in summaries else set()
        where |= {"item"} if paragraph in items and not sentence.start else set()
        for start, name in _named(sentence, themes, where):
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


def check_headings(
    sentences: Sequence[Sentence], themes: Finder, groups: Finder
) -> Iterator[Finding]:
    """Say which heading is no theme where two others beside it are, and half of them."""
    beside: dict[tuple[str, int], dict[str, Sentence]] = {}
    for sentence in sentences:
        paragraph = sentence.standing.paragraph
        if paragraph.kind == "heading":
            above = sentence.standing.headings.rpartition("\n")[0]
            beside.setdefault((above, paragraph.level), {})[paragraph.text.strip()] = sentence
    for headings in beside.values():
        known = sum(bool(theme_named(words, themes)) for words in headings)
        for words, sentence in headings.items():
            is_odd = not (theme_named(words, themes) or _is_known(words, themes, groups))
            if is_odd and known > 1 and known * 2 >= len(headings) and not _PARTS.match(words):
                wrong = "headings beside it are themes, and no theme has this name"
                place = sentence.standing.paragraph.place
                yield Finding("warning", "theme", place, words, wrong, _nearest(words, themes))


def _themed_summaries(sentences: Sequence[Sentence], themes: Finder) -> set[int]:
    """Give the paragraphs of a summary that put a theme beside a percentage, by identity."""
    return {
        id(sentence.standing.paragraph)
        for sentence in sentences
        if sentence.standing.is_summary
        and any(
            themes.exactly(find(sentence, place)[1])
            for find in (_name_before, _name_after, _name_by)
            for place in range(len(sentence.hits))
        )
    }


def _themed_items(sentences: Sequence[Sentence], themes: Finder) -> set[int]:
    """Give the paragraphs of a list whose items are themes, by identity.

    An item begins with a name and its percentage; two of the four next to it are themes.
    """
    items: dict[int, bool] = {}
    for sentence in sentences:
        name = _name_before(sentence, 0)[1] if sentence.hits and not sentence.start else ""
        items.setdefault(id(sentence.standing.paragraph), bool(name and themes.exactly(name)))
    order = list(items)
    return {
        paragraph
        for place, paragraph in enumerate(order)
        if sum(items[near] for near in order[max(0, place - 2) : place + 3] if near != paragraph)
        > 1
    }


def _named(sentence: Sentence, themes: Finder, where: Collection[str]) -> Iterator[tuple[int, str]]:
    """Give what a sentence names like a theme: after these words, quoted, or beside a share."""
    yield from _called(sentence)
    for find in (_name_before, _name_after, _name_by):
        found = [find(sentence, place) for place in range(len(sentence.hits))]
        if not any(themes.exactly(name) for _, name in found):
            alone = "item" if find is _name_before else "summary"
            found = found[:1] if alone in where else []
        yield from ((start, name) for start, name in found if name and not _NO_NAME.search(name))


def _called(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Give what is called a theme in so many words, or quoted beside a percentage."""
    text = sentence.text
    if not _METHODS.search(sentence.standing.headings):
        for match in _THE_THEME.finditer(text):
            if not sentence.is_quoted(match.start()):
                name = "quoted" if match["quoted"] else "bare"
                yield match.start(name), match[name].strip()
    for match in _QUOTED.finditer(text):
        if sentence.is_quoted(match.start()):
            continue
        is_called = sentence.standing.is_summary and _CALLED.search(text[: match.start()])
        if is_called or any(_is_tied(text, match, own) for own in sentence.own):
            yield match.start(1), match[1].strip()


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
    has_own = sentence.text[own.start] in "(["
    if sentence.hits[place].use != "share" or not (opening or has_own):
        return 0, ""
    chunk = sentence.text[since : opening.start() if opening else own.start].rstrip()
    cut = max(chunk.rfind(mark) for mark in ',;:)]”"') + 1
    return _cleaned(chunk[cut:], since + cut)


def _name_after(sentence: Sentence, place: int) -> tuple[int, str]:
    """Give the name that follows a percentage: “36.8 % named parking”."""
    own = sentence.own[place]
    until = sentence.own[place + 1].start if place + 1 < len(sentence.own) else len(sentence.text)
    chunk = sentence.text[own.end : until]
    naming = _NAMING.match(chunk)
    is_of_next = until < len(sentence.text) and sentence.text[until] in "(["
    if sentence.hits[place].use != "share" or not (naming or (place and not is_of_next)):
        return 0, ""
    begin = naming.end() if naming else len(chunk) - len(chunk.lstrip(")]"))
    end = next((m.start() for m in re.finditer(r"[,;:.()]|\sand\s?$", chunk[begin:])), len(chunk))
    return _cleaned(chunk[begin : begin + end], own.end + begin)


def _name_by(sentence: Sentence, place: int) -> tuple[int, str]:
    """Give the name that a percentage is said of: “parking was named by 53 of 144 (36.8 %)”."""
    own = sentence.own[place]
    since = sentence.own[place - 1].end if place else 0
    passive = _PASSIVE.search(sentence.text, since, own.start)
    if sentence.hits[place].use != "share" or not passive:
        return 0, ""
    chunk = sentence.text[since : passive.start()]
    cut = max(chunk.rfind(mark) for mark in ',;:)]”"') + 1
    return _cleaned(chunk[cut:], since + cut)


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
