"""Commands on codebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli import output
from qualcode.cli.output import (
    by_option,
    json_option,
    print_json,
    print_table,
    say,
    study_argument,
    writing,
)

if TYPE_CHECKING:
    from qualcode.model import Code, Codebook
    from qualcode.store.codebook import Applied

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.group("codebook")
def codebook_command() -> None:
    """Check, apply, show and edit codebooks."""


within_option = click.option(
    "--codebook", "within", metavar="NAME", default="", help="Which, where several have the code."
)


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
@json_option
def apply(study: Path, file: Path, *, by: str | None, as_json: bool) -> None:
    """Add a codebook, or update the one of the same name; never loses a coding."""
    from qualcode.study import codebooks, login_name

    with writing(study) as opened:
        applied = codebooks.apply_file(opened.database, file, by=by or login_name())
    _report(applied, as_json=as_json)


def _report(applied: Applied, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "name": applied.name,
                "version": applied.version,
                "added": list(applied.added),
                "changed": list(applied.changed),
                "moved": [list(pair) for pair in applied.moved],
                "removed": list(applied.removed),
            }
        )
        return
    say(f"codebook “{applied.name}” version {applied.version}")
    if applied.is_nothing:
        say("nothing new")
    elif applied.is_new:
        say(f"{len(applied.added)} codes")
    else:
        _say_changes(applied)
    if applied.same_version:
        say(f"note: its text changed but `version` is still {applied.version}: better raise it")


def _say_changes(applied: Applied) -> None:
    lists = {
        "added": applied.added,
        "changed": applied.changed,
        "moved": [f"{old} → {new}" for old, new in applied.moved],
        "removed": applied.removed,
    }
    for verb, paths in lists.items():
        if paths:
            say(f"{verb}: {', '.join(paths)}")
    if not any(lists.values()):
        say("the codes are the same, the text is taken over")


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
    return (
        "retired" if code.is_retired else code.status or ("exclusive" if code.is_exclusive else "")
    )


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
@file_argument
@json_option
def diff(study: Path, file: Path, *, as_json: bool) -> None:
    """Show what applying a file would change."""
    from qualcode.study import Study, codebooks

    with Study.open(study, readonly=True) as opened:
        changes = codebooks.diff_file(opened.database, file)
    rows = [(c.kind, c.path, c.field, c.before, c.after) for c in changes]
    columns = ("change", "code", "field", "before", "after")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, [(*row[:3], row[3][:40], row[4][:40]) for row in rows])
    else:
        say("no difference")


@codebook_command.command("rename")
@study_argument
@click.argument("code")
@click.argument("newkey")
@within_option
@by_option
@json_option
def rename(
    study: Path, code: str, newkey: str, within: str, *, by: str | None, as_json: bool
) -> None:
    """Give a code another key; its codings stay with it."""
    from qualcode.study import codebooks, login_name

    with writing(study) as opened:
        applied = codebooks.rename(
            opened.database, code, newkey, by=by or login_name(), within=within
        )
    _report(applied, as_json=as_json)


@codebook_command.command("move")
@study_argument
@click.argument("code")
@click.argument("parent")
@within_option
@by_option
@json_option
def move(
    study: Path, code: str, parent: str, within: str, *, by: str | None, as_json: bool
) -> None:
    """Put a code under PARENT, with those below it; '' is the top."""
    from qualcode.study import codebooks, login_name

    with writing(study) as opened:
        applied = codebooks.move(
            opened.database, code, parent, by=by or login_name(), within=within
        )
    _report(applied, as_json=as_json)


@codebook_command.command("retire")
@study_argument
@click.argument("code")
@within_option
@by_option
@json_option
def retire(study: Path, code: str, within: str, *, by: str | None, as_json: bool) -> None:
    """Keep a code and its codings, but let nobody apply it any more."""
    from qualcode.study import codebooks, login_name

    with writing(study) as opened:
        applied = codebooks.retire(opened.database, code, by=by or login_name(), within=within)
    _report(applied, as_json=as_json)
