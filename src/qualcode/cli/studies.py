"""Commands on a study as a whole: new, import, info."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    pairs,
    print_json,
    print_table,
    say,
    show,
    study_argument,
    typed_unasked,
    writing,
)
from qualcode.cli.progress import progress

if TYPE_CHECKING:
    from qualcode.model import SurveyPlan
    from qualcode.store.intake import Intake
    from qualcode.study.surveys import NewStudy


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
@click.option(
    "--pseudonyms",
    "key_path",
    metavar="KEYFILE",
    type=click.Path(path_type=Path),
    help="Give respondents random names; the file to be made says whose they are.",
)
@click.option(
    "--sensitive",
    "is_sensitive",
    is_flag=True,
    help="For its owner alone, and no message quotes it.",
)
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
    key_path: Path | None,
    *,
    is_sensitive: bool,
    dry_run: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Make a study from a survey file.

    Reads .csv .tsv .xlsx .jsonl. Open questions, the id, attributes and blanks are detected
    and printed.
    """
    from qualcode.importers import ReadOptions
    from qualcode.study import login_name, surveys
    from qualcode.study.design import Design

    design = Design(weight, stratum, psu, asked_if=dict(pairs("--asked-if", rules)))
    options = ReadOptions(
        id_column=id_column,
        questions=pairs("--question", questions),
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
            is_sensitive=is_sensitive,
            key_path=key_path,
            progress=update,
        )
    if as_json:
        print_json(_as_json(study, made, dry_run=dry_run))
    else:
        _print_plan(made)
        say("this is the plan; nothing was written" if dry_run else f"made {study}")
        if key_path and not dry_run:
            say(f"{key_path} says whose the pseudonyms are: keep it apart from the study")


def _as_json(study: Path, made: NewStudy, *, dry_run: bool) -> dict[str, Any]:
    plan = made.plan
    return {
        "study": str(study),
        "written": not dry_run,
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
        "notes": [*plan.notes, *_warnings(made.intake)],
    }


def _print_plan(made: NewStudy) -> None:
    plan = made.plan
    say(
        f"{plan.source}: {plan.n_rows:,} rows, {plan.layout} layout,"
        f" id column {plan.id_column or '(none: numbered)'}"
    )
    print_table(
        ("key", "question", "not asked", "blank", "substantive"),
        [
            (question.key, question.text, *made.statuses[question.key].values())
            for question in plan.questions
        ],
    )
    say(f"attributes: {', '.join(plan.attributes) or 'none'}")
    for book in made.codebooks:
        say(f"codebook “{book.name}” version {book.version}: {len(book.added)} codes")
    _say_notes(plan, made.intake)


def _say_notes(plan: SurveyPlan, intake: Intake) -> None:
    for note in (*plan.notes, *_warnings(intake)):
        say(f"note: {note}")


def _warnings(intake: Intake) -> list[str]:
    if not intake.typed_unasked:
        return []
    return [typed_unasked(intake.typed_unasked, intake.examples_unasked)]


@click.command("import")
@study_argument
@click.argument("survey", type=click.Path(path_type=Path))
@click.option("--sheet", metavar="NAME", default="", help="The sheet of an .xlsx file.")
@click.option("--header-row", type=click.IntRange(1), default=None, help="The row of the header.")
@click.option(
    "--pseudonyms",
    "key_path",
    metavar="KEYFILE",
    type=click.Path(path_type=Path),
    help="The key file of a study with pseudonyms; new respondents are added to it.",
)
@by_option
@json_option
def import_command(
    study: Path,
    survey: Path,
    sheet: str,
    header_row: int | None,
    key_path: Path | None,
    *,
    by: str | None,
    as_json: bool,
) -> None:
    """Take in a later file of the same survey.

    The same file again changes nothing; a changed answer is a new version.
    """
    from qualcode.study import login_name, surveys

    with writing(study) as opened, progress("reading") as update:
        done = surveys.import_survey(
            opened.database,
            survey,
            by=by or login_name(),
            sheet=sheet,
            header_row=header_row or 0,
            key_path=key_path,
            progress=update,
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


def _kept_how(info: dict[str, Any]) -> str:
    said = [
        *(["sensitive: for its owner alone"] if info["sensitive"] else []),
        *(["under pseudonyms"] if info["pseudonyms"] else []),
        *(["a copy to be shared, without the answers"] if info["shared"] else []),
    ]
    return "".join(f", {word}" for word in said)


@click.command("info")
@study_argument
@json_option
def info_command(study: Path, *, as_json: bool) -> None:
    """Show questions, respondents, answers by status, coders and their progress."""
    from qualcode.study import Study

    with Study.open(study, readonly=True) as opened, progress("counting"):
        info = opened.info()
    if as_json:
        print_json(info)
        return
    names = list(
        dict.fromkeys(name for question in info["questions"] for name in question["coders"])
    )
    show(f"{info['study']}: {info['respondents']:,} respondents{_kept_how(info)}")
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
        show(f"codebook “{book['name']}” version {book['version']}: {book['codes']} codes")
    for question in info["questions"]:
        for name, count in question["asked_about"].items():
            show(f"{question['key']}: asked about and not answered by {name}: {count:,}")
        if question["changed"]:
            show(
                f"{question['key']}: {question['changed']} codings lie on answers that have"
                " changed since; they count in nothing until confirmed"
            )
        if question["split"]:
            left = ", ".join(f"{count:,} by {name}" for name, count in question["split"].items())
            show(
                f"{question['key']}: answers to code anew, because a code on them was split: {left}"
            )
        if question["review"]:
            show(
                f"{question['key']}: memos and flags that nobody has dealt with:"
                f" {question['review']:,} (`qualcode review`)"
            )
