"""Commands that bring codings in, and data out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    print_json,
    print_table,
    say,
    study_argument,
)
from qualcode.cli.progress import progress
from qualcode.errors import InputError

if TYPE_CHECKING:
    from qualcode.exporters import Written


_KINDS = ("responses", "codings", "codebook", "disagreements", "journal")


@click.command("import-codings")
@study_argument
@click.argument("file", type=click.Path(path_type=Path))
@by_option
@json_option
def import_codings_command(study: Path, file: Path, *, by: str | None, as_json: bool) -> None:
    """Take in codings from a file, long or wide.

    As `qualcode export STUDY codings` writes them. What is there already is left alone.
    """
    from qualcode.study import Study, incoming, login_name

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


@click.command("export")
@study_argument
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--wide", is_flag=True, help="Codings with a 0/1 column a code.")
@click.option("--codebook", "name", metavar="NAME", default="", help="Which codebook, as YAML.")
def export_command(study: Path, kind: str, out: Path, name: str, *, wide: bool) -> None:
    """Write answers, codings, codebooks, disagreements or the journal to a file.

    The ending of OUT picks the format: .csv .tsv .xlsx .jsonl, for a codebook .yaml too.
    """
    from qualcode.study import Study, exports

    if wide and kind != "codings":
        raise InputError("--wide goes with codings")
    with Study.open(study, readonly=True) as opened, progress("writing"):
        if kind == "codebook" and out.suffix.lower() in {".yaml", ".yml"}:
            exports.export_codebook_text(opened.database, name, out)
            return
        database = opened.database
        match kind:
            case "responses":
                written = exports.export_responses(database, out)
            case "codings":
                written = exports.export_codings(database, out, wide=wide)
            case "codebook":
                written = exports.export_codebook_table(database, out)
            case "disagreements":
                written = exports.export_disagreements(database, out)
            case _:
                written = exports.export_journal(database, out)
    _say_written(written, out)


def _say_written(written: Written, out: Path) -> None:
    say(f"{written.rows:,} rows in {out}")
    if written.cut_cells:
        say(
            f"note: {written.cut_cells} cells were longer than .xlsx can hold and are cut;"
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
