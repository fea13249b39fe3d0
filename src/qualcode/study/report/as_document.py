"""The page for the principal investigator, in the order in which it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode.exporters.documents import Document, Grid, Section
from qualcode.study.agreement.wording import count, in_one
from qualcode.study.frequencies.as_document import groups_section, themes_section
from qualcode.study.frequencies.wording import BASE_NAMES, whole
from qualcode.study.report.figures import groups_figure, themes_figure
from qualcode.study.report.highlights import cell_name, highlights
from qualcode.study.report.methods import limits, methods, references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.exporters.figures import Figure
    from qualcode.study.report.gathering import Asked, Gathered

_PARTS = {"k": "k", "%": "share", "weighted %": "share", "95 % interval": "interval"}


def as_document(found: Gathered, title: str, flow: Figure | None = None) -> Document:
    """The whole page; `flow` is drawn where it is given."""
    sections = (
        Section("Highlights", tuple(highlights(found))),
        *(section for one in found.asked for section in _question(one)),
        _people(found, flow),
        _agreement(found),
        Section("Methods", tuple(methods(found))),
        Section("Limits", tuple(limits(found))),
        Section("References", references(found)),
    )
    return Document(title, tuple(section for section in sections if _says_something(section)))


def _says_something(section: Section) -> bool:
    return bool(section.paragraphs or section.grid or section.figure or section.quotes)


def _question(one: Asked) -> Iterator[Section]:
    report, key = one.frequencies, one.question.key
    themes = themes_section(report)
    yield replace(
        themes,
        heading=f"{key}: {one.question.text}",
        grid=_named(key, themes.grid) if themes.grid else None,
        figure=themes_figure(report) if any(row.cell.best.value for row in report.rows) else None,
        draws_grid=True,
    )
    for number, grouping in enumerate(report.groupings):
        section = groups_section(report, number)
        grid = section.grid
        names = tuple(
            (row, 1, cell_name(key, row, f"by-{number + 1}")) for row in range(len(report.rows))
        )
        drawn = None if number else groups_figure(report)
        yield replace(
            section,
            heading=f"{key} by {grouping.attribute}",
            grid=replace(grid, names=names) if grid else None,
            figure=drawn if drawn and drawn.categories else None,
            draws_grid=True,
        )
    if one.quotes:
        yield Section(
            f"{key}: in their own words",
            notes=(
                "Quotes were cleared one by one by a person; […] and words in brackets stand for"
                " what was left out or replaced. They show what a theme means, not how common"
                " it is.",
            ),
            quotes=one.quotes,
        )


def _without_empty(grid: Grid) -> Grid:
    """Leave out columns in which no row has a number or a word."""
    full = [
        place
        for place in range(len(grid.columns))
        if any(row[place].strip("– ") not in {"", "s"} for row in grid.rows)
    ]
    return replace(
        grid,
        columns=tuple(grid.columns[place] for place in full),
        rows=tuple(tuple(row[place] for place in full) for row in grid.rows),
    )


def _named(key: str, grid: Grid) -> Grid:
    """Give the numbers of each theme a name; of two kinds of percentages the last has it."""
    grid = _without_empty(grid)
    places = {_PARTS[name]: place for place, name in enumerate(grid.columns) if name in _PARTS}
    return replace(
        grid,
        names=tuple(
            (row, place, cell_name(key, row, part))
            for row in range(len(grid.rows))
            for part, place in places.items()
        ),
    )


def _people(found: Gathered, flow: Figure | None) -> Section:
    columns = ("question", "took part", *BASE_NAMES.values())
    rows = tuple(
        (
            one.question.key,
            count(found.respondents),
            *(whole(one.frequencies.n[base]) for base in BASE_NAMES),
        )
        for one in found.asked
    )
    invited = (
        (f"{count(found.invited)} were invited, {count(found.respondents)} took part.",)
        if found.invited
        else ()
    )
    return Section("Who answered", invited, Grid(columns, rows), figure=flow, draws_grid=True)


def _agreement(found: Gathered) -> Section:
    rows: list[tuple[str, ...]] = []
    names: list[tuple[int, int, str]] = []
    for one in found.asked:
        report = one.agreement
        if not report.n_multiply_coded:
            continue
        names.append((len(rows), 3, cell_name(one.question.key, -1, "alpha")))
        rows.append(
            (
                one.question.key,
                ", ".join(report.coders),
                count(report.n_multiply_coded),
                in_one(report.overall.mean_alpha),
                in_one(report.overall.alpha_masi),
                count(sum(code.alpha.value is not None for code in report.codes)),
                _weakest(one),
            )
        )
    if not rows:
        return Section("Agreement between coders")
    columns = (
        "question",
        "coders",
        "n",
        "mean α",
        "α of sets (MASI)",
        "codes with an α",
        "weakest",
    )
    return Section(
        "Agreement between coders",
        grid=Grid(columns, tuple(rows), tuple(names)),
        notes=(
            "n: answers coded by two coders or more. In brackets 95 % intervals. Weakest: the codes"
            " with the lowest α of those that are not rare (15 expected uses or more).",
        ),
    )


def _weakest(one: Asked, most: int = 2) -> str:
    known = [
        code
        for code in one.agreement.codes
        if code.alpha.value is not None and not any("rare" in flag for flag in code.flags)
    ]
    worst = sorted(known, key=lambda code: code.alpha.value or 0.0)[:most]
    return "; ".join(f"{code.code} {code.alpha.value:.2f}" for code in worst) or "–"
