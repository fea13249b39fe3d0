"""Commands on frequencies of themes: tables, regressions, overlaps and trends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.agree import one_question, question_option
from qualcode.cli.counting import by_groups_option, counts_within
from qualcode.cli.output import json_option, pairs, print_json, say, study_argument
from qualcode.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.exporters.documents import Document
    from qualcode.study.frequencies import Wish

_FORMATS = ("table", "json", "csv", "markdown", "latex", "html")

format_option = click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="table", help="How to print it."
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it to a file instead; its ending picks the form.",
)

estimate_option = click.option(
    "--estimate",
    type=click.Choice(["human", "machine", "corrected"]),
    default="human",
    help="From people's codes, from a model's probabilities, or from both on a random sample.",
)


@click.command("frequencies")
@study_argument
@question_option
@by_groups_option
@click.option("--cross", is_flag=True, help="Cross the two attributes that --by names.")
@counts_within
@estimate_option
@click.option(
    "--machine",
    "corpus",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Take the machine's side from a corpus that `suggest --input` scored, and estimate that.",
)
@click.option(
    "--percent",
    "percents",
    type=click.Choice(["column", "row"]),
    default="column",
    help="In groups: of the group, or of all who have the theme.",
)
@out_option
@format_option
@json_option
def frequencies_command(
    study: Path,
    key: str,
    by: tuple[str, ...],
    wish: Wish,
    estimate: Any,
    corpus: Path | None,
    percents: Any,
    out: Path | None,
    form: str,
    *,
    cross: bool,
    as_json: bool,
) -> None:
    """Count the themes: percentages with intervals, weighted and by group, with tests.

    Small cells are hidden unless --internal.
    """
    from qualcode.study import Study, frequencies
    from qualcode.study.frequencies.as_document import as_document
    from qualcode.study.frequencies.as_json import as_json as to_json
    from qualcode.study.report.illustrated import ENDINGS, illustrated

    wish = replace(wish, by=by, is_crossed=cross, estimate=estimate, corpus=corpus)
    with Study.open(study, readonly=True) as opened:
        question = one_question(opened, key)
        with progress("counting") as update:
            report = frequencies.tabulate(opened.database, question, wish, update)
    form = "json" if as_json else form

    def document() -> Document:
        table = as_document(report, percents)
        if out and out.suffix.lower() in ENDINGS:
            return illustrated(table, report)
        return table

    give(out, form, lambda: to_json(report), document)


def give(
    out: Path | None,
    form: str,
    to_json: Callable[[], dict[str, Any]],
    to_document: Callable[[], Document],
) -> None:
    """Print a report in a form, or write it to a file in that of its ending."""
    from qualcode.exporters.documents import render, write_document

    if out is not None:
        written = write_document(out, to_document())
        say(f"{written.rows:,} rows in {out}")
    elif form == "json":
        print_json(to_json())
    else:
        text = render(to_document(), "text" if form == "table" else form)  # type: ignore[arg-type]
        click.echo(text, nl=False)


@click.command("regress")
@study_argument
@click.option("--code", required=True, metavar="CODE", help="The theme, by path, key or name.")
@click.option(
    "--on",
    "on",
    multiple=True,
    required=True,
    metavar="ATTRIBUTE",
    help="What is to explain it; several adjust for each other.",
)
@question_option
@click.option(
    "--categorical",
    multiple=True,
    metavar="ATTRIBUTE",
    help="Take its numbers for categories.",
)
@click.option(
    "--reference",
    "references",
    multiple=True,
    metavar="ATTRIBUTE=VALUE",
    help="The category that others are compared with; the first unless said.",
)
@counts_within
@out_option
@format_option
@json_option
def regress_command(
    study: Path,
    code: str,
    on: tuple[str, ...],
    key: str,
    categorical: tuple[str, ...],
    references: tuple[str, ...],
    wish: Wish,
    out: Path | None,
    form: str,
    *,
    as_json: bool,
) -> None:
    """Regress a theme on attributes: crude and adjusted odds ratios, weighted as the survey is.

    Refused, with the reason, where it would print numbers that mean nothing.
    """
    from qualcode.study import Study, codebooks
    from qualcode.study.frequencies import regression
    from qualcode.study.frequencies.regression_output import as_document
    from qualcode.study.frequencies.regression_output import as_json as to_json

    with Study.open(study, readonly=True) as opened:
        question = one_question(opened, key)
        theme = codebooks.find_code_for(opened.database, question, code)
        with progress("fitting"):
            report = regression.regress(
                opened.database,
                question,
                theme,
                on,
                wish,
                categorical=categorical,
                references=dict(pairs("--reference", references)),
            )
    give(out, "json" if as_json else form, lambda: to_json(report), lambda: as_document(report))


@click.command("overlap")
@study_argument
@question_option
@click.option("--nets", is_flag=True, help="Take the themes at the top of the codebook.")
@click.option(
    "--combinations",
    is_flag=True,
    help="Show which combinations there are, in place of pairs; with --internal both are shown.",
)
@counts_within
@out_option
@format_option
@json_option
def overlap_command(
    study: Path,
    key: str,
    wish: Wish,
    out: Path | None,
    form: str,
    *,
    nets: bool,
    combinations: bool,
    as_json: bool,
) -> None:
    """Show which themes go together, by pairs or by combinations.

    Unless --nets, the themes are those without sub-themes.
    """
    from qualcode.study import Study
    from qualcode.study.frequencies import overlap
    from qualcode.study.frequencies.overlap_output import as_document
    from qualcode.study.frequencies.overlap_output import as_json as to_json

    with Study.open(study, readonly=True) as opened:
        question = one_question(opened, key)
        with progress("counting"):
            report = overlap.overlap(
                opened.database, question, wish, are_nets=nets, are_kinds=combinations
            )
    give(out, "json" if as_json else form, lambda: to_json(report), lambda: as_document(report))


@click.command("trend")
@study_argument
@click.option("--wave", required=True, metavar="ATTRIBUTE", help="What says the wave.")
@click.option(
    "--order",
    multiple=True,
    metavar="VALUE",
    help="The waves in their order, each with --order; numbers and the alphabet unless said.",
)
@question_option
@counts_within
@out_option
@format_option
@json_option
def trend_command(
    study: Path,
    wave: str,
    order: tuple[str, ...],
    key: str,
    wish: Wish,
    out: Path | None,
    form: str,
    *,
    as_json: bool,
) -> None:
    """Follow the themes from wave to wave: percentages, their change, and tests of it.

    Waves that are numbers, such as years, count as these; others as 1, 2, 3.
    """
    from qualcode.study import Study
    from qualcode.study.frequencies import trend
    from qualcode.study.frequencies.trend_output import as_document
    from qualcode.study.frequencies.trend_output import as_json as to_json

    with Study.open(study, readonly=True) as opened:
        question = one_question(opened, key)
        with progress("counting"):
            report = trend.trend(opened.database, question, wave, wish, order)
    give(out, "json" if as_json else form, lambda: to_json(report), lambda: as_document(report))
