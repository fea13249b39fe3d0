"""Commands on codebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli import output
from qualcode.cli.codes_shared import dry_option, make, show_diff, which_option
from qualcode.cli.living import LIVING
from qualcode.cli.output import by_option, json_option, print_json, print_table, say, study_argument
from qualcode.errors import InputError

if TYPE_CHECKING:
    from qualcode.model import Code, Codebook
    from qualcode.store.codebook_applying import Applied
    from qualcode.store.connection import Database

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.group("codebook")
def codebook_command() -> None:
    """Check, apply, show, edit codebooks; list their versions and bring them back."""


@codebook_command.command("check")
@file_argument
@json_option
def check(file: Path, *, as_json: bool) -> None:
    """Check a codebook file without a study; errors name the line."""
    from qualcode.codebooks import load

    _, book = load(file)
    if as_json:
        print_json(_book(book))
    else:
        say(f"{file}: “{book.name}” version {book.version}, {len(book.codes)} codes, no errors")


@codebook_command.command("apply")
@study_argument
@file_argument
@by_option
@dry_option
@json_option
def apply(study: Path, file: Path, *, by: str | None, dry_run: bool, as_json: bool) -> None:
    """Add a codebook, or update the one of the same name; never loses a coding."""

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebooks

        return codebooks.apply_file(database, file, by=who)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


@codebook_command.command("show")
@study_argument
@json_option
def show(study: Path, *, as_json: bool) -> None:
    """Show the codebooks of a study, each code with its key on the keyboard."""
    from qualcode.study import Study

    with Study.open(study, readonly=True) as opened:
        books = opened.codebooks
    if as_json:
        print_json([_book(book) for book in books])
        return
    for book in books:
        limits = f" for {', '.join(book.questions)}" if book.questions else ""
        output.show(f"{book.name}, version {book.version}{limits}")
        print_table(
            ("key", "code", "name", "", "definition"),
            [
                (
                    code.hotkey,
                    code.path,
                    "  " * code.depth + code.name,
                    _kind(code),
                    code.definition[:60],
                )
                for code in book.codes
            ],
        )


def _kind(code: Code) -> str:
    if code.merged_into:
        return f"merged into {code.merged_into}"
    if code.split_into:
        return f"split into {', '.join(code.split_into)}"
    kind = code.status or ("exclusive" if code.is_exclusive else "")
    return "retired" if code.is_retired else kind


def _book(book: Codebook) -> dict[str, Any]:
    return {
        "name": book.name,
        "version": book.version,
        "questions": list(book.questions),
        "codes": [
            {
                "path": code.path,
                "name": code.name,
                "hotkey": code.hotkey or None,
                "definition": code.definition,
                "include": list(code.include),
                "exclude": list(code.exclude),
                "examples": list(code.examples),
                "keywords": list(code.keywords),
                "exclusive": code.is_exclusive,
                "status": code.status or None,
                "retired": code.is_retired,
                "merged_into": code.merged_into or None,
                "split_into": list(code.split_into),
            }
            for code in book.codes
        ],
    }


@codebook_command.command("export")
@study_argument
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--codebook", "name", metavar="NAME", default="", help="Which, where there are several."
)
def export(study: Path, out: Path, name: str) -> None:
    """Write a codebook's YAML as it was applied, byte for byte."""
    from qualcode.study import Study, exports

    with Study.open(study, readonly=True) as opened:
        exports.export_codebook_text(opened.database, name, out)
    say(f"written {out}")


@codebook_command.command("diff")
@study_argument
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--from", "first", default="", metavar="N", help="From this version.")
@click.option("--to", "last", default="", metavar="M", help="To it; else to the newest.")
@which_option
@json_option
def diff(
    study: Path,
    file: Path | None,
    first: str,
    last: str,
    within: str,
    *,
    as_json: bool,
) -> None:
    """Show what applying FILE would change, or what changed from one version to another."""
    from qualcode.study import Study, codebook_versions, codebooks

    if (file is None) == (not first) or (file and (last or within)):
        raise InputError("either FILE, or --from N with or without --to M")
    with Study.open(study, readonly=True) as opened:
        if file:
            changes = codebooks.diff_file(opened.database, file)
        else:
            book = codebooks.chosen(opened.database, within)
            changes = codebook_versions.between(opened.database, book, first, last)
    show_diff(changes, as_json=as_json)


for living in LIVING:
    codebook_command.add_command(living)
