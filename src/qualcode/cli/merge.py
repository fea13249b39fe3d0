"""Bringing the copies of a team together."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qualcode.cli.output import by_option, json_option, print_json, print_table, say, study_argument
from qualcode.cli.progress import progress

if TYPE_CHECKING:
    from qualcode.study.merging import Merged

_SHOWN = 20


@click.command("merge")
@study_argument
@click.argument(
    "others", metavar="OTHER...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--same",
    metavar="NAME",
    multiple=True,
    help="A coder whom copies have as two of one name, and who is one person.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would come in, change nothing.")
@by_option
@json_option
def merge_command(
    study: Path,
    others: tuple[Path, ...],
    same: tuple[str, ...],
    *,
    dry_run: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Bring what coders did on copies of a study into it.

    A copied file or a backup is the same study. All copies come in or none; the order does not
    matter, and what is there already is left alone. What was changed on both sides is named and
    settled by rule: the later change stands, and nothing leaves the journal.
    """
    from qualcode.study import login_name, merging

    with progress("merging") as update:
        merged = merging.merge(
            study, others, by=by or login_name(), same=same, dry_run=dry_run, progress=update
        )
    if as_json:
        print_json(
            {
                "study": str(study),
                "dry_run": dry_run,
                "copies": [asdict(copy) for copy in merged.copies],
                "conflicts": [asdict(each) for each in merged.differences],
            }
        )
        return
    _print(merged)
    if dry_run:
        say("nothing was changed")


def _print(merged: Merged) -> None:
    print_table(
        ("copy", "steps", "acts", "respondents", "new answers", "changed", "new coders"),
        [
            (
                copy.file,
                copy.steps,
                copy.acts,
                copy.respondents,
                copy.answers,
                copy.changed_answers,
                ", ".join(copy.coders),
            )
            for copy in merged.copies
        ],
    )
    for difference in merged.differences[:_SHOWN]:
        say(f"conflict: {difference.message}")
    if len(merged.differences) > _SHOWN:
        say(f"and {len(merged.differences) - _SHOWN:,} more conflicts: --json names them all")
    if merged.is_nothing:
        say("nothing new")
