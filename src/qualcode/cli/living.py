"""Commands by which a codebook lives on: edit, merge and split codes, and bring versions back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli.codes_shared import dry_option, make, which_option, within_option
from qualcode.cli.output import (
    by_option,
    json_option,
    pairs,
    print_json,
    print_table,
    say,
    study_argument,
)
from qualcode.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qualcode.codebooks import Words
    from qualcode.store.codebook_applying import Applied
    from qualcode.store.connection import Database


@click.command("rename")
@study_argument
@click.argument("code")
@click.argument("newkey")
@within_option
@by_option
@dry_option
@json_option
def rename(
    study: Path,
    code: str,
    newkey: str,
    within: str,
    *,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Give a code another key; its codings stay with it."""

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebooks

        return codebooks.rename(database, code, newkey, by=who, within=within)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


@click.command("move")
@study_argument
@click.argument("code")
@click.argument("parent")
@within_option
@by_option
@dry_option
@json_option
def move(
    study: Path,
    code: str,
    parent: str,
    within: str,
    *,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put a code under PARENT, with those below it; '' is the top."""

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebooks

        return codebooks.move(database, code, parent, by=who, within=within)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


@click.command("retire")
@study_argument
@click.argument("code")
@within_option
@by_option
@dry_option
@json_option
def retire(
    study: Path, code: str, within: str, *, by: str | None, dry_run: bool, as_json: bool
) -> None:
    """Keep a code and its codings, but let nobody apply it any more."""

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebooks

        return codebooks.retire(database, code, by=who, within=within)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


@click.command("merge")
@study_argument
@click.argument("code", metavar="FROM")
@click.argument("into")
@within_option
@by_option
@dry_option
@json_option
def merge(
    study: Path,
    code: str,
    into: str,
    within: str,
    *,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Let FROM count as INTO from now on, once an answer and coder.

    What coders did stays as they did it. FROM is retired; the codes below it move below INTO.
    """

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebooks

        return codebooks.merge(database, code, into, by=who, within=within)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


@click.command("split")
@study_argument
@click.argument("code")
@click.argument("new", nargs=-1, required=True)
@click.option("--name", "names", multiple=True, metavar="KEY=NAME", help="Name a new code.")
@within_option
@by_option
@dry_option
@json_option
def split(
    study: Path,
    code: str,
    new: tuple[str, ...],
    names: tuple[str, ...],
    within: str,
    *,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put the codes NEW beside CODE and retire it.

    Its answers are to be coded anew by those who coded them: the coding screen has a filter for
    them. Until then they count as they are.
    """
    named = dict(pairs("--name", names))
    if twice := [key for key in new if new.count(key) > 1]:
        raise InputError(f"{twice[0]} stands twice")
    if unknown := [key for key in named if key not in new]:
        raise InputError(f"--name {unknown[0]}: it is none of the new codes")

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebooks

        wanted = {key: named.get(key, "") for key in new}
        return codebooks.split(database, code, wanted, by=who, within=within)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


@click.command("redefine")
@study_argument
@click.argument("code")
@click.option("--name", metavar="TEXT", help="Its name.")
@click.option("--definition", metavar="TEXT", help="Its definition.")
@click.option("--include", multiple=True, metavar="TEXT", help="All that it includes.")
@click.option("--exclude", multiple=True, metavar="TEXT", help="All that it excludes.")
@click.option("--example", "examples", multiple=True, metavar="TEXT", help="All its examples.")
@click.option("--keyword", "keywords", multiple=True, metavar="WORD", help="All its keywords.")
@within_option
@by_option
@dry_option
@json_option
def redefine(
    study: Path,
    code: str,
    within: str,
    *,
    by: str | None,
    dry_run: bool,
    as_json: bool,
    **words: str | tuple[str, ...] | None,
) -> None:
    """Give a code other words: what is named is replaced, all else stays; '' empties it."""
    changes: dict[str, Words] = {
        field: tuple(text for text in value if text) if isinstance(value, tuple) else value
        for field, value in words.items()
        if value is not None and value != ()
    }
    if not changes:
        raise InputError("nothing to change is named", hint="qualcode codebook redefine --help")

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebooks

        return codebooks.redefine(database, code, changes, by=who, within=within)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


@click.command("versions")
@study_argument
@which_option
@json_option
def versions(study: Path, within: str, *, as_json: bool) -> None:
    """List the versions of a codebook: when, by whom, and what they changed."""
    from qualcode.store import codebook
    from qualcode.study import Study, codebook_versions, codebooks

    with Study.open(study, readonly=True) as opened:
        book = codebooks.chosen(opened.database, within)
        past = codebook.versions(opened.database, book.id)
        words = codebook_versions.in_words(past)
        names = codebook_versions.labels(past)
    rows = [(each, names[each.uid], done) for each, done in zip(past, words, strict=True)]
    if as_json:
        print_json(
            [
                {
                    "version": each.number,
                    "name": name,
                    "time": each.at,
                    "by": each.by,
                    "changes": list(done),
                }
                for each, name, done in rows
            ]
        )
        return
    print_table(
        ("version", "time", "by", "change"),
        [
            (name, f"{each.at[:10]} {each.at[11:16]}", each.by, "; ".join(done))
            for each, name, done in rows
        ],
    )
    if any("." in name for _, name, _ in rows):
        say("versions with a point are of a copy that was merged, where another line stands")


@click.command("restore")
@study_argument
@click.argument("version")
@which_option
@by_option
@dry_option
@json_option
def restore(
    study: Path, version: str, within: str, *, by: str | None, dry_run: bool, as_json: bool
) -> None:
    """Make an earlier VERSION, or one of another copy, the newest one.

    Codes that were used since stay, retired; merges and splits since are taken back.
    """

    def change(database: Database, who: str) -> Applied:
        from qualcode.study import codebook_versions, codebooks

        book = codebooks.chosen(database, within)
        return codebook_versions.restore(database, book, version, by=who)

    make(study, change, by=by, dry_run=dry_run, as_json=as_json)


def _stepping(verb: str, words: str) -> click.Command:
    @click.command(verb, help=words)
    @study_argument
    @which_option
    @by_option
    @dry_option
    @json_option
    def step(study: Path, within: str, *, by: str | None, dry_run: bool, as_json: bool) -> None:
        def change(database: Database, who: str) -> Applied | None:
            from qualcode.study import codebook_versions, codebooks

            book = codebooks.chosen(database, within)
            take: Callable[..., Applied | None] = getattr(codebook_versions, verb)
            return take(database, book, by=who)

        nothing = f"nothing to {verb}"
        make(study, change, by=by, dry_run=dry_run, as_json=as_json, nothing=nothing)

    return step


undo = _stepping("undo", "Take back the last change of a codebook that still stands.")
redo = _stepping("redo", "Bring back what the last undo of a codebook took back.")


@click.command("manual")
@study_argument
@click.argument("out", type=click.Path(path_type=Path))
@which_option
def manual(study: Path, out: Path, within: str) -> None:
    """Write the manual for coders, .html or .md: every code with its key, and what has changed."""
    from qualcode.study import Study, codebook_manual

    with Study.open(study, readonly=True) as opened:
        codebook_manual.write(opened.database, within, out)
    say(f"written {out}")


LIVING = (
    rename,
    move,
    merge,
    split,
    retire,
    redefine,
    versions,
    restore,
    undo,
    redo,
    manual,
)
"""The commands, in the order in which help lists them."""
