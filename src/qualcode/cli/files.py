"""Commands that bring codings in, and data out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    lead_option,
    print_json,
    print_table,
    say,
    study_argument,
)
from qualcode.cli.progress import progress
from qualcode.errors import InputError

if TYPE_CHECKING:
    from qualcode.exporters import Written


_KINDS = (
    "responses",
    "codings",
    "matrix",
    "suggestions",
    "codebook",
    "disagreements",
    "journal",
    "quotes",
    "redactions",
)
_BASES = ("asked", "answered", "coded", "any_code")
_TOP = 5


@click.command("import-codings")
@study_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--adjudicated", is_flag=True, help="They are what the coder settled for everybody.")
@by_option
@json_option
def import_codings_command(
    study: Path, file: Path, *, adjudicated: bool, by: str | None, as_json: bool
) -> None:
    """Take in codings from a file, long or wide.

    As `qualcode export STUDY codings` writes them. What is there already is left alone. With
    `--adjudicated` they become verdicts, a layer beside all codings: each answer in the file
    gets the codes named there and no other.
    """
    from qualcode.study import Study, incoming, login_name

    if adjudicated:
        _import_verdicts(study, file, by or login_name(), as_json=as_json)
        return
    with Study.open(study) as opened, progress("reading") as update:
        done = incoming.import_codings(
            opened.database, file, by=by or login_name(), progress=update
        )
    if as_json:
        print_json(
            {
                "rows": done.rows,
                "new_acts": done.new_acts,
                "coders": list(done.coders),
                "notes": list(done.remarks),
            }
        )
        return
    for remark in done.remarks:
        say(f"note: {remark}")
    say(f"{done.rows:,} rows of {', '.join(done.coders) or 'nobody'}: {done.new_acts:,} new")


def _import_verdicts(study: Path, file: Path, by: str, *, as_json: bool) -> None:
    from qualcode.study import Study, verdicts

    with Study.open(study) as opened, progress("reading"):
        done = verdicts.import_verdicts(opened.database, file, by=by)
    if as_json:
        counts = {"rows": done.rows, "answers": done.answers, "changed": done.changed}
        print_json({**counts, "adjudicators": list(done.adjudicators)})
        return
    say(
        f"{done.rows:,} rows of {', '.join(done.adjudicators) or 'nobody'}:"
        f" verdicts on {done.answers:,} answers, {done.changed:,} of them new or changed"
    )


@click.command("export")
@study_argument
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--wide", is_flag=True, help="Codings with a 0/1 column a code.")
@click.option(
    "--top",
    type=click.IntRange(0),
    help=f"Of the suggestions for an answer, at least the first so many; {_TOP} unless said.",
)
@click.option(
    "--codebook",
    "name",
    metavar="NAME",
    default="",
    help="Which codebook, as YAML or as an appendix.",
)
@click.option(
    "--rule",
    metavar="RULE",
    default="",
    help="Consensus of matrix and quotes: any, majority, unanimous, adjudicated or coder:NAME.",
)
@click.option(
    "--base",
    type=click.Choice(_BASES),
    help="Who has 1 or 0 in the matrix: answered, while the coding goes on coded, unless said.",
)
@click.option(
    "--stubs", is_flag=True, help="With the matrix, scripts that read it into R, SPSS and Stata."
)
@lead_option
def export_command(
    study: Path,
    kind: str,
    out: Path,
    top: int | None,
    name: str,
    rule: str,
    base: str | None,
    *,
    wide: bool,
    stubs: bool,
    lead: bool,
) -> None:
    """Write answers, codings, the matrix, suggestions, codebooks, quotes or the journal to a file.

    The ending of OUT picks the format: .csv .tsv .xlsx .jsonl; for a codebook also .yaml, and .md
    .html .docx .tex .txt for the appendix of a paper; for the matrix also .sav. The matrix has a
    row a respondent: weight, stratum, cluster, attributes, and for each question the status of the
    answer and every code as 1 or 0, empty outside the base.
    """
    from qualcode.study import Study, exports

    _refuse_misplaced(
        kind,
        codings={"--wide": wide},
        suggestions={"--top": top is not None},
        codebook={"--codebook": name},
        matrix={"--rule": rule and kind != "quotes", "--base": base, "--stubs": stubs},
    )
    with Study.open(study, readonly=True) as opened, progress("writing"):
        if kind == "codebook" and out.suffix.lower() in {".yaml", ".yml"}:
            exports.export_codebook_text(opened.database, name, out)
            return
        chosen = exports.Chosen(
            is_wide=wide,
            top=_TOP if top is None else top,
            codebook=name,
            rule=rule,
            base=base or "",
            with_stubs=stubs,
            with_pending=lead,
        )
        written, notes = exports.export(opened.database, kind, out, chosen)
    _say_written(written, out)
    for note in notes:
        say(f"note: {note}")


def _refuse_misplaced(kind: str, **options: dict[str, object]) -> None:
    """Raise InputError for an option that is given and goes with another kind."""
    for belongs_to, given in options.items():
        for option, is_given in given.items():
            if is_given and kind != belongs_to:
                raise InputError(f"{option} goes with {belongs_to}")


def _say_written(written: Written, out: Path) -> None:
    say(f"{written.rows:,} rows in {out}")
    if written.cut_cells:
        say(
            f"note: {written.cut_cells} cells were longer than {out.suffix} can hold and are cut;"
            " .csv holds them whole"
        )


@click.command("backup")
@study_argument
@click.argument("out", type=click.Path(path_type=Path))
def backup_command(study: Path, out: Path) -> None:
    """Copy a study, also while others work on it.

    The copy is made with SQLite's online backup, and checked before it appears.
    """
    from qualcode.study import Study

    with Study.open(study, readonly=True) as opened, progress("copying"):
        opened.backup(out)
    say(f"{out} is a checked copy of {study}")


@click.command("doctor")
@study_argument
@json_option
@click.pass_context
def doctor_command(ctx: click.Context, study: Path, *, as_json: bool) -> None:
    """Look for anything wrong with a study and the place where it lies."""
    from qualcode.study import Study

    with Study.open(study, readonly=True) as opened, progress("looking"):
        findings = opened.examine()
    if as_json:
        print_json(
            {
                "study": str(study),
                "ok": all(finding.level != "error" for finding in findings),
                "findings": [
                    {"level": finding.level, "about": finding.about, "message": finding.message}
                    for finding in findings
                ],
            }
        )
    else:
        print_table(
            ("", "looked at", "found"),
            [(finding.level, finding.about, finding.message) for finding in findings],
        )
    if any(finding.level == "error" for finding in findings):
        ctx.exit(1)
