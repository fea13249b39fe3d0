"""The whole audit: a manuscript and what the study knows, to what was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.audit.checks.bases import Surroundings
from qualcode.audit.checks.naming import (
    check_headings,
    check_names,
    check_rows,
    check_summary,
    own_themes,
    theme_tables,
)
from qualcode.audit.checks.numbers import check_numbers
from qualcode.audit.checks.quantifiers import check_quantifiers
from qualcode.audit.checks.sets import check_sets, sets_of
from qualcode.audit.known import Known
from qualcode.audit.labels import Labels, is_telling
from qualcode.audit.names import Finder
from qualcode.audit.passages import read_sentences, remarks
from qualcode.audit.printed import ROUNDINGS
from qualcode.audit.prose import text_mentions
from qualcode.audit.report import AuditReport, Counts, Unchecked
from qualcode.audit.tabled import read_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from qualcode.audit.checks.sets import SetOfShares
    from qualcode.audit.findings import Finding, Level, Outcome
    from qualcode.audit.manuscript import Manuscript, Place
    from qualcode.audit.mentions import Mention
    from qualcode.audit.passages import Remarks, Sentence
    from qualcode.audit.printed import Rounding
    from qualcode.audit.tabled import ReadTable

_ORDER: dict[Level, int] = {"error": 0, "warning": 1, "note": 2}
_NOTHING = Known()


def audit(manuscript: Manuscript, known: Known = _NOTHING) -> AuditReport:
    """Check every percentage, set, theme name and quantifier of a manuscript.

    Without a study's table the manuscript is held against itself.
    """
    pieces = _read(manuscript, known)
    told, rows = remarks(pieces.sentences), _rows(pieces.tables)
    outcomes = check_numbers(pieces.mentions(), _surroundings(known, told, rows))
    pairs = zip(pieces.sentences, pieces.spoken, strict=True)
    sets = sets_of(pieces.tables, pairs, known, pieces.themes)
    of_sets = check_sets(sets, outcomes)
    words = check_quantifiers(pieces.sentences, known, rows)
    names = list(check_names(pieces.sentences, pieces.themes, pieces.groups))
    nameless = {mention for number, _ in names for mention in pieces.spoken[number]}
    findings = [
        *_of_numbers(outcomes, nameless),
        *of_sets,
        *(finding for _, finding in names),
        *_of_themes(pieces, known),
        *words.findings,
    ]
    unchecked = [
        *(
            Unchecked(o.mention.place, o.mention.shown, o.unchecked)
            for o in outcomes
            if o.unchecked
        ),
        *(Unchecked(*doubt) for doubt in words.unchecked),
    ]
    return AuditReport(
        manuscript.source,
        tuple(sorted(dict.fromkeys(findings), key=_worst_first)),
        tuple(sorted(unchecked, key=lambda one: _where(one.place))),
        _counted(outcomes, pieces.tables, sets, words.checked),
        _common_roundings(outcomes),
        (*manuscript.notes, *_notes(known, told)),
    )


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A manuscript, read; `spoken` are the mentions of each of the sentences."""

    themes: Finder
    groups: Finder
    tables: list[ReadTable]
    sentences: list[Sentence]
    spoken: list[tuple[Mention, ...]]

    def mentions(self) -> list[Mention]:
        """Every mention, those of the text first."""
        return [
            *(mention for some in self.spoken for mention in some),
            *(mention for table in self.tables for mention in table.mentions),
        ]


def _read(manuscript: Manuscript, known: Known) -> _Pieces:
    bases = known.all_bases()
    groups = Labels(known.group_values())
    themes = _theme_finder(manuscript, known, groups)
    tables = read_tables(manuscript, themes, groups, bases)
    finders = themes, groups, _label_finder(tables)
    of_questions = {base.n for base in known.bases}
    sentences = read_sentences(manuscript, finders, of_questions)
    return _Pieces(themes, groups, tables, sentences, text_mentions(sentences, bases))


def _theme_finder(manuscript: Manuscript, known: Known, groups: Finder) -> Finder:
    """Give what finds the study's themes, or without them those of the manuscript's tables."""
    if known.themes:
        return Finder((name, theme.name) for theme in known.themes for name in theme.written)
    nothing = Finder(())
    return Finder((name, name) for name in own_themes(read_tables(manuscript, nothing, groups, ())))


def _label_finder(tables: Sequence[ReadTable]) -> Finder:
    """Give what finds the labels of rows that are no themes, where there is one row of them."""
    rows = {(m.table, m.row): table.labels[m.row]
            for table in tables for m in table.mentions if not m.themes}  # fmt: skip
    counted = Counter(rows.values())
    return Finder((label, label) for label, n in counted.items() if n == 1 and is_telling(label))


def _of_themes(pieces: _Pieces, known: Known) -> Iterator[Finding]:
    of_themes = theme_tables(pieces.tables, pieces.themes)
    if known.themes:
        yield from check_rows(of_themes, pieces.themes, pieces.groups)
    yield from check_headings(pieces.sentences, pieces.themes, pieces.groups)
    yield from check_summary(pieces.sentences, of_themes, pieces.themes, known)


def _rows(tables: Iterable[ReadTable]) -> dict[str, list[Mention]]:
    """Give the mentions of the tables under their themes, or the labels of their rows."""
    found: dict[str, list[Mention]] = {}
    for table in tables:
        for mention in table.mentions:
            found.setdefault(mention.theme or table.labels[mention.row], []).append(mention)
    return found


def _surroundings(
    known: Known, told: Remarks, rows: Mapping[str, Sequence[Mention]]
) -> Surroundings:
    stated = dict.fromkeys(sorted(told.stated), "")
    default = tuple(dict.fromkeys(n for n in told.bases if n > 0))
    bases = {**stated, **known.all_bases()}
    return Surroundings(known, bases, default, told.are_weighted, rows, frozenset(told.stated))


def _of_numbers(outcomes: Sequence[Outcome], nameless: Collection[Mention]) -> list[Finding]:
    """Give the findings, those of a column of a table that has no base as one.

    What is said to be of no theme is not said to have no base as well.
    """
    found: list[Finding] = []
    baseless: dict[tuple[int, int], int] = {}
    for outcome in outcomes:
        for finding in outcome.findings:
            key = outcome.mention.table, outcome.mention.column
            if finding.check == "base" and outcome.mention in nameless:
                continue
            if finding.check == "base" and key[0]:
                baseless[key] = baseless.get(key, 0) + 1
                if baseless[key] > 1:
                    continue
            found.append(finding)
    return found


def _counted(
    outcomes: Sequence[Outcome],
    tables: Sequence[ReadTable],
    sets: Sequence[SetOfShares],
    quantifiers: int,
) -> Counts:
    shares = [outcome for outcome in outcomes if outcome.mention.percent is not None]
    failed = [outcome for outcome in shares if outcome.is_failed]
    confirmed = [one for one in shares if not one.is_failed and one.ways]
    ways = Counter(way for outcome in confirmed for way in outcome.ways)
    kinds = Counter(one.kind for one in sets)
    whole = sum(one.kind == "open" and one.low <= one.total <= one.high for one in sets)
    return Counts(
        percentages=len(shares),
        confirmed=len(confirmed),
        failed=len(failed),
        unchecked=len(shares) - len(confirmed) - len(failed),
        set_aside=sum(bool(outcome.mention.aside) for outcome in shares),
        by_study=ways["study"],
        by_counts=ways["counts"],
        by_grim=ways["grim"],
        by_table=ways["table"],
        tables=len(tables),
        closed_sets=kinds["closed"] + whole,
        several_answer_sets=kinds["several"],
        quantifiers=quantifiers,
    )


def _common_roundings(outcomes: Sequence[Outcome]) -> tuple[Rounding, ...]:
    pinned = [one.roundings for one in outcomes if one.is_pinned and one.roundings]
    return tuple(name for name in ROUNDINGS if pinned and all(name in some for some in pinned))


def _notes(known: Known, told: Remarks) -> list[str]:
    notes = []
    if not known.themes:
        notes.append("no table of a study to compare with: the manuscript was held against itself")
    if told.are_weighted:
        notes.append("the manuscript says that its percentages are weighted: GRIM does not apply")
    return notes


def _worst_first(finding: Finding) -> tuple[int, tuple[int, ...]]:
    return _ORDER[finding.level], _where(finding.place)


def _where(place: Place) -> tuple[int, ...]:
    return place.line, bool(place.part), place.table, place.paragraph, place.row, place.cell
