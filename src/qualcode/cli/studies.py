"""Commands on a study as a whole: demo, new, design, import, info."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    print_json,
    print_table,
    progress,
    say,
    study_argument,
)
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import SurveyPlan
    from qualcode.store.intake import Intake
    from qualcode.study.surveys import NewStudy


def _pairs(option: str, values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in values:
        key, equals, rest = value.partition("=")
        if not equals or not key.strip():
            raise InputError(f"{option} {value}: write KEY=… with the key of a question")
        pairs.append((key.strip(), rest.strip()))
    return tuple(pairs)


@click.command("new")
@study_argument
@click.argument("survey", type=click.Path(path_type=Path))
@click.option(
    "--codebook",
    "codebooks",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A codebook to apply at once.",
)
@click.option("--id", "id_column", metavar="COLUMN", default="", help="The respondent's id.")
@click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="KEY=COLUMN",
    help="An open question; without it they are detected.",
)
@click.option(
    "--asked-if",
    "rules",
    multiple=True,
    metavar="KEY=EXPRESSION",
    help='Who was asked a question, such as Q1=investigated == "yes".',
)
@click.option("--weight", metavar="COLUMN", default="", help="The survey weight.")
@click.option("--stratum", metavar="COLUMN", default="", help="The stratum.")
@click.option("--psu", metavar="COLUMN", default="", help="The cluster (primary sampling unit).")
@click.option(
    "--drop",
    "dropped",
    multiple=True,
    metavar="COLUMN",
    help="A column that must not enter the study.",
)
@click.option(
    "--layout", type=click.Choice(["wide", "long"]), help="A row a respondent, or a row an answer."
)
@click.option("--sheet", metavar="NAME", default="", help="The sheet of an .xlsx file.")
@click.option("--header-row", type=click.IntRange(1), default=None, help="The row of the header.")
@click.option("--dry-run", is_flag=True, help="Show what would be made, write nothing.")
@by_option
@json_option
def new_command(
    study: Path,
    survey: Path,
    codebooks: tuple[Path, ...],
    id_column: str,
    questions: tuple[str, ...],
    rules: tuple[str, ...],
    weight: str,
    stratum: str,
    psu: str,
    dropped: tuple[str, ...],
    layout: str | None,
    sheet: str,
    header_row: int | None,
    *,
    dry_run: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Make a study from a survey file (.csv .tsv .xlsx .jsonl).

    Open questions, the id, attributes and blanks are detected and printed.
    """
    from qualcode.importers import ReadOptions
    from qualcode.study import login_name, surveys
    from qualcode.study.design import Design

    design = Design(weight, stratum, psu, asked_if=dict(_pairs("--asked-if", rules)))
    options = ReadOptions(
        id_column=id_column,
        questions=_pairs("--question", questions),
        dropped=dropped,
        layout=layout or "",  # type: ignore[arg-type]
        sheet=sheet,
        header_row=header_row or 0,
        keep_as_attribute=design.columns,
    )
    with progress("reading") as update:
        made = surveys.new(
            study,
            survey,
            options=options,
            design=design,
            codebook_paths=codebooks,
            by=by or login_name(),
            dry_run=dry_run,
            progress=update,
        )
    if as_json:
        print_json(_as_json(study, made))
    else:
        _print_plan(made)
        say("this is the plan; nothing was written" if dry_run else f"made {study}")


def _as_json(study: Path, made: NewStudy) -> dict[str, Any]:
    plan = made.plan
    return {
        "study": str(study),
        "written": made.intake is not None,
        "source": plan.source,
        "layout": plan.layout,
        "id": plan.id_column or None,
        "rows": plan.n_rows,
        "questions": [
            {
                "key": question.key,
                "column": question.column,
                "text": question.text,
                "blank": plan.blanks.get(question.key, 0),
                **made.statuses.get(question.key, {}),
            }
            for question in plan.questions
        ],
        "attributes": list(plan.attributes),
        "dropped": list(plan.dropped),
        "codebooks": [
            {"name": book.name, "version": book.version, "codes": len(book.added)}
            for book in made.codebooks
        ],
        "notes": [*plan.notes, *(_warnings(made.intake) if made.intake else ())],
    }


def _print_plan(made: NewStudy) -> None:
    plan = made.plan
    say(
        f"{plan.source}: {plan.n_rows:,} rows, {plan.layout} layout,"
        f" id column {plan.id_column or '(none: numbered)'}"
    )
    if made.statuses:
        print_table(
            ("key", "question", "not asked", "blank", "substantive"),
            [
                (question.key, question.text, *made.statuses[question.key].values())
                for question in plan.questions
            ],
        )
    else:
        print_table(
            ("key", "question", "blank"),
            [
                (question.key, question.text, plan.blanks.get(question.key, 0))
                for question in plan.questions
            ],
        )
    say(f"attributes: {', '.join(plan.attributes) or 'none'}")
    for book in made.codebooks:
        say(f"codebook “{book.name}” version {book.version}: {len(book.added)} codes")
    _say_notes(plan, made.intake)


def _say_notes(plan: SurveyPlan, intake: Intake | None) -> None:
    for note in (*plan.notes, *(_warnings(intake) if intake else ())):
        say(f"note: {note}")


def _warnings(intake: Intake) -> list[str]:
    if not intake.typed_unasked:
        return []
    shown = ", ".join(intake.examples_unasked)
    return [
        f"{intake.typed_unasked} answers were typed where the rule says “not asked”; they are"
        f" kept and coded: {shown}{' …' if intake.typed_unasked > len(intake.examples_unasked) else ''}"
    ]


@click.command("import")
@study_argument
@click.argument("survey", type=click.Path(path_type=Path))
@by_option
@json_option
def import_command(study: Path, survey: Path, *, by: str | None, as_json: bool) -> None:
    """Take in a later file of the same survey.

    The same file again changes nothing; a changed answer is a new version.
    """
    from qualcode.study import Study, login_name, surveys

    with Study.open(study) as opened, progress("reading") as update:
        done = surveys.import_survey(
            opened.database, survey, by=by or login_name(), progress=update
        )
    counts = {
        "new_respondents": done.intake.new_respondents,
        "new_answers": done.intake.new_answers,
        "changed_answers": done.intake.changed_answers,
        "changed_attributes": done.intake.changed_attributes,
        "new_attributes": list(done.new_attributes),
        "notes": [*done.plan.notes, *_warnings(done.intake)],
    }
    if as_json:
        print_json({"study": str(study), "source": done.plan.source, **counts})
        return
    _say_notes(done.plan, done.intake)
    if done.new_attributes:
        say(f"note: new columns taken in as attributes: {', '.join(done.new_attributes)}")
    if done.intake.is_nothing:
        say("nothing new")
    print_table(
        ("", "count"),
        [
            (name.replace("_", " "), value)
            for name, value in counts.items()
            if isinstance(value, int)
        ],
    )


@click.command("design")
@study_argument
@click.option("--weight", metavar="COLUMN", help="The survey weight; empty takes it away.")
@click.option("--stratum", metavar="COLUMN", help="The stratum.")
@click.option("--psu", metavar="COLUMN", help="The cluster (primary sampling unit).")
@click.option(
    "--fpc", metavar="COLUMN", help="Population sizes or sampling fractions of the strata."
)
@click.option(
    "--lonely-psu",
    type=click.Choice(["error", "certainty", "centered"]),
    help="What a stratum with one cluster counts as.",
)
@click.option(
    "--asked-if",
    "rules",
    multiple=True,
    metavar="KEY=EXPRESSION",
    help="Who was asked a question; an empty rule: everybody.",
)
@click.option(
    "--blank", "blank", multiple=True, metavar="TEXT", help="A text that counts as no answer."
)
@click.option(
    "--not-blank",
    "not_blank",
    multiple=True,
    metavar="TEXT",
    help="A text that counts as an answer after all.",
)
@by_option
@json_option
def design_command(
    study: Path,
    *,
    rules: tuple[str, ...],
    blank: tuple[str, ...],
    not_blank: tuple[str, ...],
    by: str | None,
    as_json: bool,
    **parts: str | None,
) -> None:
    """Set or change what `new` may set: weights, strata, clusters, rules and blanks."""
    from qualcode.study import Study, design, login_name

    changes = {name: value for name, value in parts.items() if value is not None}
    with Study.open(study) as opened:
        changed = design.change(
            opened.database,
            changes,
            dict(_pairs("--asked-if", rules)),
            blank=blank,
            not_blank=not_blank,
            by=by or login_name(),
        )
        now = design.read(opened.database)
        blanks = sorted(design.blanks(opened.database))
        unasked, examples = design.typed_unasked(opened.database)
    shown = {
        "weight": now.weight,
        "stratum": now.stratum,
        "psu": now.psu,
        "fpc": now.fpc,
        "lonely_psu": now.lonely_psu or "error",
        "asked_if": dict(now.asked_if),
        "blanks": blanks,
    }
    if as_json:
        print_json(
            {"study": str(study), **shown, "changed_statuses": changed, "typed_unasked": unasked}
        )
        return
    print_table(
        ("part", "value"),
        [
            *((name, value) for name, value in shown.items() if isinstance(value, str) and value),
            *((f"{key} asked if", rule) for key, rule in now.asked_if.items()),
            ("blank", " ".join(f"“{text}”" for text in blanks)),
        ],
    )
    say(f"{changed:,} answers changed their status")
    if unasked:
        say(
            f"note: {unasked} answers were typed where the rule says “not asked”; they are kept"
            f" and coded: {', '.join(examples)}{' …' if unasked > len(examples) else ''}"
        )


@click.command("info")
@study_argument
@json_option
def info_command(study: Path, *, as_json: bool) -> None:
    """Show questions, respondents, answers by status, coders and their progress."""
    from qualcode.study import Study

    with Study.open(study, readonly=True) as opened:
        info = opened.info()
    if as_json:
        print_json(info)
        return
    names = list(
        dict.fromkeys(name for question in info["questions"] for name in question["coders"])
    )
    click.echo(f"{info['study']}: {info['respondents']:,} respondents")
    print_table(
        ("key", "question", "asked", "not asked", "blank", "substantive", *names),
        [
            (
                q["key"],
                q["text"],
                q["asked"],
                q["not_asked"],
                q["blank"],
                q["substantive"],
                *(q["coders"].get(name, 0) for name in names),
            )
            for q in info["questions"]
        ],
    )
    for book in info["codebooks"]:
        click.echo(f"codebook “{book['name']}” version {book['version']}: {book['codes']} codes")
    for question in info["questions"]:
        if question["changed"]:
            click.echo(
                f"{question['key']}: {question['changed']} codings lie on answers that have"
                " changed since; they count in nothing until confirmed"
            )


@click.command("demo")
@click.argument(
    "directory", metavar="[DIR]", default="qualcode-demo", type=click.Path(path_type=Path)
)
@click.option("--no-open", is_flag=True, help="Build it, do not open the coding screen.")
@click.pass_context
def demo_command(ctx: click.Context, directory: Path, *, no_open: bool) -> None:
    """Build the synthetic sample study in DIR, through the same commands as any other.

    A second time it opens the one that is there.
    """
    from qualcode.cli import demo

    demo.run(ctx, directory, no_open=no_open)
