"""What the commands on codebooks share: options, how a change is made or shown, and its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import print_json, print_table, say, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qualcode.codebooks import CodebookChange
    from qualcode.store.codebook_applying import Applied
    from qualcode.store.connection import Database
    from qualcode.study.codebook_preview import Preview

    Change = Callable[[Database, str], Applied | None]

within_option = click.option(
    "--codebook", "within", metavar="NAME", default="", help="Which, where several have the code."
)
which_option = click.option(
    "--codebook", "within", metavar="NAME", default="", help="Which, where there are several."
)
dry_option = click.option(
    "--dry-run", is_flag=True, help="Show what it touches, and write nothing."
)


def make(
    study: Path, change: Change, *, by: str | None, dry_run: bool, as_json: bool, nothing: str = ""
) -> None:
    """Make a change of a codebook, or show what it would touch.

    `nothing` is said where there is nothing to change.
    """
    from qualcode.study import login_name

    who = by or login_name()
    if dry_run:
        _rehearse(study, lambda database: change(database, who), as_json=as_json, nothing=nothing)
        return
    with writing(study) as opened:
        applied = change(opened.database, who)
    if applied is None:
        _say_nothing(nothing, as_json=as_json)
    else:
        report(applied, as_json=as_json)


def _say_nothing(nothing: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": None, "version": None})
    else:
        say(nothing)


def _rehearse(
    study: Path, change: Callable[[Database], Applied | None], *, as_json: bool, nothing: str
) -> None:
    from qualcode.study import Study
    from qualcode.study.codebook_preview import preview

    with Study.rehearse(study) as copy:
        found = preview(copy.database, change)
    if found is None:
        _say_nothing(nothing, as_json=as_json)
    elif as_json:
        print_json(_preview(found))
    else:
        _show(found)
        say("this is what would be done; nothing was written")


def report(applied: Applied, *, as_json: bool) -> None:
    """Say what applying a codebook did."""
    if as_json:
        print_json(_applied(applied))
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


def _applied(applied: Applied) -> dict[str, Any]:
    return {
        "name": applied.name,
        "version": applied.version,
        "added": list(applied.added),
        "changed": list(applied.changed),
        "moved": [list(pair) for pair in applied.moved],
        "removed": list(applied.removed),
    }


def _preview(found: Preview) -> dict[str, Any]:
    return {
        **_applied(found.applied),
        "touched": [
            {"code": one.code, "codings": one.codings, "answers": one.answers, "coders": one.coders}
            for one in found.touched
        ],
        "counts": [
            {
                "question": one.question,
                "code": one.code,
                "rule": one.rule,
                "before": one.before,
                "after": one.after,
                "both": one.both,
            }
            for one in found.recounted
        ],
        "reopened": found.reopened,
        "pending": found.pending,
    }


def _show(found: Preview) -> None:
    report(found.applied, as_json=False)
    print_table(
        ("code", "codings", "answers", "coders"),
        [(one.code, one.codings, one.answers, one.coders) for one in found.touched],
    )
    if found.recounted:
        print_table(
            ("question", "code", "rule", "answers before", "after", "had both"),
            [
                (one.question, one.code, one.rule, one.before, one.after, one.both)
                for one in found.recounted
            ],
        )
    else:
        say("no count changes")
    for question, count in found.pending.items():
        say(
            f"{question}: {count:,} answers wait for one of the coders who are to code them and are"
            " left out of the counts by rule"
        )
    for question, by_coder in found.reopened.items():
        left = ", ".join(f"{count:,} by {name}" for name, count in by_coder.items())
        say(f"{question}: answers to code anew: {left}")


DIFF_COLUMNS = ("change", "code", "field", "before", "after")


def show_diff(changes: Sequence[CodebookChange], *, as_json: bool) -> None:
    """Print the differences between two codebooks."""
    rows = [(c.kind, c.path, c.field, c.before, c.after) for c in changes]
    if as_json:
        print_json([dict(zip(DIFF_COLUMNS, row, strict=True)) for row in rows])
    elif rows:
        print_table(DIFF_COLUMNS, [(*row[:3], row[3][:40], row[4][:40]) for row in rows])
    else:
        say("no difference")
