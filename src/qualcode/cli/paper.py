"""Commands for the paper: figures, the report, and the audit of a manuscript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli.agree import one_question, question_option
from qualcode.cli.counting import by_groups_option, counts
from qualcode.cli.output import json_option, print_json, say, show, study_argument
from qualcode.cli.progress import progress
from qualcode.errors import InputError

if TYPE_CHECKING:
    from qualcode.audit import AuditReport
    from qualcode.exporters.figures import Figure
    from qualcode.model import Question
    from qualcode.study import Study
    from qualcode.study.frequencies import Wish

_FIGURES = ("themes", "groups", "agreement", "flow", "trend")
questions_option = click.option(
    "--question",
    "keys",
    multiple=True,
    metavar="KEY",
    help="The question; several add up; all with a codebook unless said.",
)


@click.command("figure")
@study_argument
@click.argument("kind", type=click.Choice(_FIGURES))
@click.argument("out", type=click.Path(path_type=Path))
@question_option
@click.option("--by", "by", metavar="ATTRIBUTE", default="", help="For groups: whose groups.")
@click.option("--wave", metavar="ATTRIBUTE", default="", help="For a trend: what says the wave.")
@click.option(
    "--order", multiple=True, metavar="VALUE", help="For a trend: the waves in their order."
)
@counts
@click.option(
    "--data", type=click.Path(path_type=Path), metavar="FILE", help="Write its numbers too."
)
@json_option
def figure_command(
    study: Path,
    kind: str,
    out: Path,
    key: str,
    by: str,
    wave: str,
    order: tuple[str, ...],
    wish: Wish,
    data: Path | None,
    *,
    as_json: bool,
) -> None:
    """Draw a figure: themes, themes by group, agreement, the flow of respondents, or a trend.

    OUT is .svg, or .png with the extra `png`. The words that stand for the picture, for whoever
    cannot see it, are printed, and kept in the file.
    """
    from qualcode.exporters.figures import alt_text, data_of, write_figure
    from qualcode.study import Study

    if bool(by) != (kind == "groups"):
        raise InputError("--by ATTRIBUTE goes with groups, and groups with it")
    if bool(wave) != (kind == "trend"):
        raise InputError("--wave ATTRIBUTE goes with trend, and trend with it")
    if order and kind != "trend":
        raise InputError("--order goes with trend")
    wish = replace(wish, by=(by,) if by else ())
    with Study.open(study, readonly=True) as opened, progress("drawing"):
        question = one_question(opened, key)
        figure = _figure(opened, question, kind, wish, wave, order)
    write_figure(out, figure)
    if data:
        _write_data(data, figure)
    if as_json:
        columns, rows = data_of(figure)
        print_json(
            {
                "figure": kind,
                "out": str(out),
                "alt": alt_text(figure),
                "columns": list(columns),
                "rows": [list(row) for row in rows],
            }
        )
        return
    show(alt_text(figure))


def _figure(
    study: Study, question: Question, kind: str, wish: Wish, wave: str, order: tuple[str, ...]
) -> Figure:
    from qualcode.study import agreement, frequencies
    from qualcode.study.frequencies import trend
    from qualcode.study.report import figures

    database = study.database
    match kind:
        case "agreement":
            return figures.agreement_figure(agreement.measure(database, question, is_full=False))
        case "trend":
            return figures.trend_figure(trend.trend(database, question, wave, wish, order))
        case "flow":
            return figures.flow_figure(database, frequencies.tabulate(database, question, wish))
        case "groups":
            return figures.groups_figure(frequencies.tabulate(database, question, wish))
        case _:
            return figures.themes_figure(frequencies.tabulate(database, question, wish))


def _write_data(path: Path, figure: Figure) -> None:
    from qualcode.exporters import Table, write_table
    from qualcode.exporters.figures import data_of

    write_table(path, Table("figure", *data_of(figure)))


@click.command("report")
@study_argument
@click.argument("out", type=click.Path(path_type=Path))
@questions_option
@by_groups_option
@counts
@click.option(
    "--quotes",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="So many cleared quotes a theme, at the most.",
)
@click.option(
    "--voice",
    "voices",
    multiple=True,
    metavar="ATTRIBUTE",
    help="Say this of whoever is quoted, where at least ten are alike; several add up.",
)
@click.option("--title", default="", metavar="TEXT", help="Its title.")
def report_command(
    study: Path,
    out: Path,
    keys: tuple[str, ...],
    by: tuple[str, ...],
    wish: Wish,
    quotes: int,
    voices: tuple[str, ...],
    title: str,
) -> None:
    """Write one page for the principal investigator: .html, or .docx with the extra `docx`.

    Highlights, tables, figures, cleared quotes, agreement, methods and limits. A page that would
    hold six words of an answer that nobody cleared is not written. A .qmd or .Rmd is a document
    for Quarto or R Markdown that makes the tables anew from `qualcode export STUDY matrix`.
    """
    from qualcode.study import Study
    from qualcode.study.report.quarto import SOURCES, write_source
    from qualcode.study.report.wish import ReportWish
    from qualcode.study.report.writing import write_report

    wish = replace(wish, by=by)
    title = title or f"Open answers: {study.stem}"
    with Study.open(study, readonly=True) as opened:
        questions = tuple(opened.question(key) for key in keys)
        if out.suffix.lower() in SOURCES:
            matrix = write_source(opened.database, out, questions, wish, title)
            say(f"{out} reads {matrix}: qualcode export {study} matrix {out.parent / matrix}")
            return
        with progress("measuring") as update:
            written = write_report(
                opened.database, out, questions, ReportWish(wish, quotes, voices), title, update
            )
    say(f"{out}: {written.rows:,} rows of tables")


@click.command("audit")
@study_argument
@click.argument("manuscript", type=click.Path(path_type=Path))
@questions_option
@by_groups_option
@counts
@click.option("--all", "is_whole", is_flag=True, help="Show also what could not be checked.")
@click.option("--rules", is_flag=True, help="Show what words such as “most” may stand for.")
@json_option
@click.pass_context
def audit_command(
    ctx: click.Context,
    study: Path,
    manuscript: Path,
    keys: tuple[str, ...],
    by: tuple[str, ...],
    wish: Wish,
    *,
    is_whole: bool,
    rules: bool,
    as_json: bool,
) -> None:
    """Check a manuscript, .md .txt .html .docx: every percentage, set, theme and quantifier word.

    Each percentage must have a base and a count that gives it, sets that exclude each other must
    add to 100, numbers must be those of the tables, and no answer may be quoted that nobody
    cleared. Options that counted the tables are given here too. Exit code 1 where something fails.
    """
    from qualcode.audit import as_plain
    from qualcode.study import Study
    from qualcode.study.auditing import audit_file

    wish = replace(wish, by=by)
    with Study.open(study, readonly=True) as opened:
        questions = tuple(opened.question(key) for key in keys)
        with progress("counting") as update:
            report = audit_file(opened.database, manuscript, wish, questions, update)
    if as_json:
        print_json(as_plain(report))
    else:
        _print_audit(report, is_whole=is_whole, has_rules=rules)
    if not report.is_passed:
        ctx.exit(1)


def _print_audit(report: AuditReport, *, is_whole: bool, has_rules: bool) -> None:
    from qualcode.audit import as_plain

    for finding in report.findings:
        show(f"{finding.level}: {finding}")
    for one in report.unchecked if is_whole else ():
        show(f"unchecked: {one.place}: “{one.shown}”: {one.reason}")
    counts = report.counts
    show(
        f"{counts.percentages:,} percentages: {counts.confirmed:,} confirmed,"
        f" {counts.failed:,} failed, {counts.unchecked:,} not checked;"
        f" {counts.tables:,} tables, {counts.closed_sets:,} sets that add to 100,"
        f" {counts.several_answer_sets:,} sets of several answers,"
        f" {counts.quantifiers:,} quantifier words"
    )
    for note in report.notes:
        show(f"note: {note}")
    if has_rules:
        plain = as_plain(report)
        for rule in plain["quantifier_rule"]:
            show(f"rule: “{'”, “'.join(rule['words'])}”: {rule['means']} ({rule['source']})")
        show(f"rule: {plain['hedge_rule']}")
