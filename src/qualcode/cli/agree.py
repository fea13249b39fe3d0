"""Commands on agreement: the report, and the answers behind it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    lead_option,
    print_json,
    say,
    study_argument,
)
from qualcode.cli.progress import progress
from qualcode.errors import InputError
from qualcode.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qualcode.model import Question
    from qualcode.study import Study
    from qualcode.study.agreement import AgreementReport, Consistency, Disagreement

_LONGEST = 60
_FORMATS = ("table", "json", "csv", "markdown", "html")
question_option = click.option("--question", "key", default="", metavar="KEY", help="The question.")
format_option = click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="table", help="How to print it."
)
coders_option = click.option(
    "--coder", "names", multiple=True, metavar="NAME", help="Only these coders."
)


@click.command("agreement")
@study_argument
@question_option
@coders_option
@click.option(
    "--ci",
    type=click.Choice(["analytic", "bootstrap"]),
    default="analytic",
    help="How intervals are made.",
)
@click.option("--resamples", type=click.IntRange(100), default=2000, help="Of the bootstrap.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Of the bootstrap and of tests.")
@click.option("--save", is_flag=True, help="Keep this run in the study.")
@click.option("--history", is_flag=True, help="Show the runs that were kept.")
@click.option(
    "--repeats",
    is_flag=True,
    help="With --lead: each coder against themselves, on what they coded twice.",
)
@lead_option
@by_option
@format_option
@json_option
def agreement_command(
    study: Path,
    key: str,
    names: tuple[str, ...],
    ci: str,
    resamples: int,
    seed: int,
    form: str,
    *,
    save: bool,
    history: bool,
    repeats: bool,
    lead: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Measure agreement between coders: every code, pairs, drift, what to do next."""
    from qualcode.study import Study, agreement, login_name

    form = "json" if as_json else form
    settings = agreement.Settings(ci, resamples, seed)  # type: ignore[arg-type]
    if repeats:
        if save or history or not lead:
            raise InputError(
                "--repeats goes with --lead, and with neither --save nor --history",
                hint="a coder who sees what came a second time is no longer blind to it",
            )
        with Study.open(study, readonly=True) as opened, progress("measuring"):
            question = one_question(opened, key)
            found = agreement.consistency(opened.database, question, names=names, settings=settings)
        _print_consistency(question, found, form)
        return
    with Study.open(study, readonly=not save) as opened:
        question = one_question(opened, key)
        if save or not history:
            with progress("measuring"):
                report = agreement.measure(
                    opened.database, question, names=names, settings=settings, with_pending=lead
                )
        if save:
            agreement.save(opened.database, report, by=by or login_name())
        if history:
            _print_history(opened, question, form)
        else:
            _print_report(report, form)
    if save:
        say(f"kept in {study}")


def one_question(study: Study, key: str) -> Question:
    """The question that is meant. Raises `InputError` naming the keys where that is not clear."""
    if key:
        return study.question(key)
    questions = study.questions
    if len(questions) > 1:
        raise InputError(
            "the study has several questions: say which with --question",
            hint=f"it has {', '.join(question.key for question in questions)}",
        )
    return questions[0]


def _print_report(report: AgreementReport, form: str) -> None:
    from qualcode.exporters.documents import render
    from qualcode.study.agreement.as_document import as_document
    from qualcode.study.agreement.as_json import as_json

    if form == "json":
        print_json(as_json(report))
    elif form == "csv":
        _print_csv(*_code_cells(report))
    else:
        document = as_document(report)
        click.echo(render(document, "text" if form == "table" else form), nl=False)  # type: ignore[arg-type]


def _print_consistency(question: Question, found: Sequence[Consistency], form: str) -> None:
    from qualcode.exporters.documents import render
    from qualcode.study.agreement.consistency import as_document, as_json

    if form == "json":
        print_json(as_json(question, found))
    elif form == "csv":
        codes = [
            {"coder": one["coder"], **code}
            for one in as_json(question, found)["coders"]
            for code in one["codes"]
        ]
        _print_csv(*_cells_of(codes))
    else:
        document = as_document(question, found)
        click.echo(render(document, "text" if form == "table" else form), nl=False)  # type: ignore[arg-type]


def _code_cells(report: AgreementReport) -> tuple[list[str], list[list[Any]]]:
    from qualcode.study.agreement.as_json import as_json

    return _cells_of(as_json(report)["codes"])


def _cells_of(codes: Iterable[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    rows = []
    columns: list[str] = []
    for code in codes:
        row: dict[str, Any] = {name: code[name] for name in ("coder", "code", "n") if name in code}
        row |= {f"positives_{name}": n for name, n in code["positives"].items()}
        for name, value in code.items():
            if isinstance(value, dict) and "reason" in value:
                row[name] = value["value"]
                row |= {f"{name}_{part}": value[part] for part in ("se", "low", "high", "reason")}
            elif name not in ("coder", "code", "n", "positives", "flags"):
                row[name] = value
        row["flags"] = "; ".join(code["flags"])
        columns = list(row)
        rows.append(list(row.values()))
    return columns, rows


def _print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from qualcode.exporters import Table
    from qualcode.exporters.csv import lines

    is_terminal = sys.stdout.isatty()
    for line in lines(Table("", tuple(columns), rows)):
        click.echo(visible(line) if is_terminal else line, nl=False)


def _print_history(study: Study, question: Question, form: str) -> None:
    from dataclasses import asdict

    from qualcode.exporters.documents import render
    from qualcode.study import agreement
    from qualcode.study.agreement.as_document import history_document

    runs = agreement.history(study.database, question)
    if form == "json":
        print_json([asdict(run) for run in runs])
        return
    document = history_document(question.key, runs)
    if form == "csv":
        grid = document.sections[0].grid
        _print_csv(grid.columns if grid else (), grid.rows if grid else ())
        return
    click.echo(render(document, "text" if form == "table" else form), nl=False)  # type: ignore[arg-type]


@click.command("disagreements")
@study_argument
@question_option
@click.option(
    "--coder",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only these coders; one alone: where they differ from anybody.",
)
@click.option("--code", default="", metavar="CODE", help="Only answers that differ on this code.")
@lead_option
@format_option
@json_option
def disagreements_command(
    study: Path,
    key: str,
    names: tuple[str, ...],
    code: str,
    form: str,
    *,
    lead: bool,
    as_json: bool,
) -> None:
    """List the answers that coders coded differently: who said what, most apart first."""
    from qualcode.study import Study, agreement, codebooks
    from qualcode.study.agreement.as_json import disagreement

    form = "json" if as_json else form
    with Study.open(study, readonly=True) as opened:
        questions = (opened.question(key),) if key else opened.questions
        theme = codebooks.find_code(opened.database, code)[1] if code else None
        if theme:
            codebooks.check_not_merged(theme)
        path = theme.path if theme else ""
        found = [
            each
            for question in questions
            for each in agreement.disagreements(
                opened.database, question, code=path, names=names, with_pending=lead
            )
        ]
    if form == "json":
        print_json([disagreement(each) for each in found])
    else:
        _print_disagreements(found, form)


def _print_disagreements(found: list[Disagreement], form: str) -> None:
    from qualcode.exporters.documents import Document, Grid, Section, render
    from qualcode.study.agreement.disagreements import as_table

    columns, rows = as_table(found)
    if form == "csv":
        _print_csv(columns, rows)
        return
    longest = _LONGEST if form == "table" else None
    cells = tuple(
        tuple(f"{cell:.3f}" if isinstance(cell, float) else cell[:longest] for cell in row)
        for row in rows
    )
    section = (
        Section(f"{len(found):,} answers", grid=Grid(columns, cells))
        if found
        else Section("No answer was coded differently")
    )
    document = Document("Disagreements", (section,))
    click.echo(render(document, "text" if form == "table" else form), nl=False)  # type: ignore[arg-type]
