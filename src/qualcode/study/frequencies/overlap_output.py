"""An overlap as JSON and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode import __version__
from qualcode.exporters.documents import Document, Grid, Section
from qualcode.study.frequencies.as_json import percent as to_percent
from qualcode.study.frequencies.wording import BASES, HIDDEN, RULES, listed, percent, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.study.frequencies.overlap import Kind, OverlapReport, Together

NO_THEME = "(no theme)"
SHOWN = 30
"""Combinations that a document shows; JSON has all that may be shown."""


def as_json(report: OverlapReport) -> dict[str, Any]:
    """The whole overlap; what is suppressed is null, or among the other combinations."""
    one = len(report.codebooks) == 1
    return {
        "question": report.question.key,
        "rule": report.rule,
        "base": report.base,
        "weighted": report.is_weighted,
        "codebook_version": report.codebooks[0][1] if one else None,
        "n": report.n,
        "themes": [
            {"code": code.path, "name": code.name, "k": k, "suppressed": k is None}
            for code, k in zip(report.themes, report.k, strict=True)
        ],
        "pairs": None if report.pairs is None else [_pair(pair, report) for pair in report.pairs],
        "combinations": None
        if report.kinds is None
        else [
            {
                "codes": [code.path for code in kind.themes],
                "k": kind.k,
                "percent": to_percent(kind.share),
                "weighted_percent": to_percent(kind.weighted) if report.is_weighted else None,
            }
            for kind in report.kinds
        ],
        "other": report.other,
        "adds_up": report.adds_up,
        "notes": list(notes(report)),
    }


def _pair(pair: Together, report: OverlapReport) -> dict[str, Any]:
    is_known = pair.k is not None and report.n
    return {
        "codes": [pair.first.path, pair.second.path],
        "k": pair.k,
        "percent": 100 * (pair.k or 0) / report.n if is_known and report.n else None,
        "weighted_percent": to_percent(pair.weighted) if report.is_weighted else None,
        "percent_of_first": to_percent(pair.of_first),
        "percent_of_second": to_percent(pair.of_second),
        "jaccard": pair.jaccard,
        "suppressed": pair.k is None,
    }


def as_document(report: OverlapReport) -> Document:
    """Who has two themes at once, or which combinations there are."""
    sections = [Section("What was counted", tuple(notes(report)))]
    if report.pairs is not None:
        both, shares = _both(report, report.pairs), _shares(report, report.pairs)
        diagonal = ("On the diagonal those with the one theme.",)
        sections += [
            Section("Respondents with both themes", grid=both, notes=diagonal),
            Section("Of those with the theme of the row, % who have the other", grid=shares),
        ]
    if report.kinds is not None:
        grid = _kinds(report, report.kinds)
        sections.append(Section("Combinations", grid=grid, notes=tuple(_adding(report))))
    key = report.question.key
    return Document(f"Overlap of themes of {key}: {report.question.text}", tuple(sections))


def _both(report: OverlapReport, pairs: tuple[Together, ...]) -> Grid:
    both = {(pair.first.path, pair.second.path): whole(pair.k) for pair in pairs}
    both |= {(second, first): cell for (first, second), cell in both.items()}
    own = {code.path: whole(k) for code, k in zip(report.themes, report.k, strict=True)}
    paths = [code.path for code in report.themes]
    return _numbered(
        report, [[own[row] if row == one else both[row, one] for one in paths] for row in paths]
    )


def _shares(report: OverlapReport, pairs: tuple[Together, ...]) -> Grid:
    cells = {}
    for pair in pairs:
        is_hidden = pair.k is None
        first, second = pair.first.path, pair.second.path
        cells[first, second] = percent(pair.of_first, is_hidden=is_hidden)
        cells[second, first] = percent(pair.of_second, is_hidden=is_hidden)
    paths = [code.path for code in report.themes]
    return _numbered(
        report, [["" if row == one else cells[row, one] for one in paths] for row in paths]
    )


def _numbered(report: OverlapReport, cells: list[list[str]]) -> Grid:
    """A square table whose columns are called by the numbers of its rows."""
    numbers = [str(place) for place, _ in enumerate(report.themes, start=1)]
    rows = (
        (number, code.name, *line)
        for number, code, line in zip(numbers, report.themes, cells, strict=True)
    )
    return Grid(("", "theme", *numbers), tuple(rows))


def _kinds(report: OverlapReport, kinds: tuple[Kind, ...]) -> Grid:
    shown = kinds[:SHOWN]
    rows = [
        (
            " + ".join(code.name for code in kind.themes) or NO_THEME,
            whole(kind.k),
            percent(kind.share),
            percent(kind.weighted),
        )
        for kind in shown
    ]
    rest = None if report.n is None else report.n - sum(kind.k for kind in shown)
    if rest != 0:
        is_hidden = rest is None
        share = 1 - sum(kind.share for kind in shown)
        weighted = 1 - sum(kind.weighted for kind in shown)
        rows.append(
            (
                "other combinations" if shown else "all combinations",
                whole(rest),
                percent(share, is_hidden=is_hidden),
                percent(weighted, is_hidden=is_hidden),
            )
        )
    width = 4 if report.is_weighted else 3
    return Grid(
        ("themes", "k", "%", "weighted %")[:width], tuple(tuple(row[:width]) for row in rows)
    )


def _adding(report: OverlapReport) -> Iterator[str]:
    yield "Combinations are of exactly these themes: they add to 100 %."
    if not report.adds_up:
        yield (
            "The percentage of a single theme does not add to 100 % with those of others, because"
            " an answer can have several."
        )
    if report.is_too_mixed:
        yield (
            "So many combinations are rare that none can be shown; --nets joins them, --internal"
            " shows them to the team."
        )


def notes(report: OverlapReport) -> Iterator[str]:
    """What has to be said with the tables."""
    if report.interim:
        yield "interim: {:,} of {:,} coded".format(*report.interim)
    by_rule = f" – {RULES[report.rule]}" if report.rule in RULES else ""
    yield (
        f"Base: {report.base.replace('_', ' ')}, {BASES[report.base]}, n = {whole(report.n)}."
        f" Rule: {report.rule}{by_rule}."
    )
    if not report.adds_up:
        yield "What the themes make up does not add to 100 %: an answer can have several of them."
    if not report.wish.is_internal:
        yield (
            f"{HIDDEN}: suppressed – fewer than {report.wish.threshold} have both themes, or one"
            " without the other, or neither, or it would give such a number away; combinations of"
            " so few are among the others. Pairs and combinations are not to be published side by"
            " side: together they were not looked into."
        )
    else:
        yield "Internal: small cells are shown. Not for publication."
    books = listed([f"“{name}” version {version}" for name, version in report.codebooks])
    yield f"Codebook: {books}. Computed by qualcode {__version__}."
