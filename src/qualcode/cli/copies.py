"""Commands that copy a study: backup, restore, share."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Mapping

    from qualcode.study.backups import Described, Plan


@click.command("backup")
@study_argument
@click.argument("out", type=click.Path(path_type=Path), required=False)
@click.option("--list", "is_list", is_flag=True, help="Show the backups that there are.")
@click.option("--auto", type=click.Choice(["on", "off"]), help="Whether backups make themselves.")
@click.option(
    "--hours",
    type=click.FloatRange(0),
    metavar="N",
    help="Make one when the last is older; 4 unless said.",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    metavar="N",
    help="How many of the last to keep, beside one a day and one a week; 5 unless said.",
)
@click.option(
    "--folder", metavar="DIR", help="Where they go; empty: STUDY.backups beside the study."
)
@by_option
@json_option
def backup_command(
    study: Path,
    out: Path | None,
    auto: str | None,
    hours: float | None,
    keep: int | None,
    folder: str | None,
    *,
    is_list: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Copy a study, also while others work on it.

    The copy is made with SQLite's online backup, and checked before it appears: at OUT, or
    without it in the folder of the backups, where `qualcode restore` finds it. Backups also make
    themselves when a study is opened to be changed; the options say how.
    """
    is_on = None if auto is None else auto == "on"
    changes = {"is_on": is_on, "hours": hours, "keep": keep, "folder": folder}
    wanted = {name: value for name, value in changes.items() if value is not None}
    if out is not None and (wanted or is_list):
        raise InputError("OUT goes with no option: it is made once, where you say")
    if is_list:
        _list(study, as_json=as_json)
    elif wanted:
        _change_plan(study, wanted, by, as_json=as_json)
    else:
        _back_up(study, out, as_json=as_json)


def _back_up(study: Path, out: Path | None, *, as_json: bool) -> None:
    from qualcode.study import Study, backups

    with Study.open(study, readonly=True) as opened, progress("copying"):
        if out is None:
            out = backups.make(opened).path
        else:
            opened.backup(out)
    if as_json:
        print_json({"study": str(study), "backup": str(out)})
        return
    say(f"{out} is a checked copy of {study}")


def _change_plan(study: Path, changes: Mapping[str, Any], by: str | None, *, as_json: bool) -> None:
    from qualcode.study import Study, backups, login_name

    with Study.open(study) as opened:
        plan = backups.change_plan(opened.database, by or login_name(), **changes)
    place = str(plan.place(study))
    if as_json:
        print_json({"study": str(study), **asdict(plan), "folder": place})
        return
    say(_told(plan, place))


def _told(plan: Plan, place: str) -> str:
    if not plan.is_on:
        return "backups are made when you ask for them: `qualcode backup STUDY`"
    return (
        f"a backup is made in {place} when the last is older than {plan.hours:g} hours; the last"
        f" {plan.keep} are kept, one a day for 7 days and one a week for 4 weeks"
    )


@click.command("restore")
@study_argument
@click.argument("backup", default="", required=False)
@click.option("--list", "is_list", is_flag=True, help="Show the backups that there are.")
@json_option
def restore_command(study: Path, backup: str, *, is_list: bool, as_json: bool) -> None:
    """Put a backup in the place of a study; the file that stands there becomes a backup first.

    BACKUP is a name as `--list` shows it or a file; without it, the newest is taken.
    """
    from qualcode.study import backups

    if is_list:
        _list(study, as_json=as_json)
        return
    found = backups.find(study, backup)
    with progress("restoring"):
        kept = backups.restore(study, found)
    if as_json:
        print_json(
            {"study": str(study), "restored": str(found.path), "kept": str(kept) if kept else None}
        )
        return
    say(f"{study} is {found.path.name} again")
    if kept:
        say(f"what stood there is {kept}")


def _list(study: Path, *, as_json: bool) -> None:
    from qualcode.study import backups

    there = backups.listed(study)
    if as_json:
        print_json({"study": str(study), "backups": [_as_json(each) for each in there]})
        return
    if not there:
        say("there are no backups yet")
        return
    print_table(
        ("backup", "made (UTC)", "respondents", "answers", "coders", "codings", "acts", ""),
        [
            (
                each.backup.path.stem,
                f"{each.backup.made:%Y-%m-%d %H:%M}",
                *(asdict(each.counts).values() if each.counts else [None] * 5),
                each.problem,
            )
            for each in there
        ],
    )


def _as_json(each: Described) -> dict[str, Any]:
    return {
        "name": each.backup.path.stem,
        "path": str(each.backup.path),
        "made": each.backup.made.isoformat(),
        **(asdict(each.counts) if each.counts else {}),
        "problem": each.problem or None,
    }


@click.command("share")
@study_argument
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--keep", multiple=True, metavar="ATTRIBUTE", help="An attribute that may leave.")
@click.option("--coders", "with_coders", is_flag=True, help="Keep the names of the coders.")
@json_option
def share_command(
    study: Path, out: Path, keep: tuple[str, ...], *, with_coders: bool, as_json: bool
) -> None:
    """Write a copy to give away: what was coded, without what was said.

    It holds codings, codebooks, statuses and verdicts, so that agreement and frequencies come out
    the same; of the answers only cleared quotes, as they may be printed; of the attributes only
    those to keep; no ids, memos or names.
    """
    from qualcode.study import Study, sharing

    with Study.open(study, readonly=True) as opened, progress("copying"):
        done = sharing.share(opened.database, out, keep=keep, with_coders=with_coders)
    if as_json:
        print_json({"study": str(study), "copy": str(out), **asdict(done)})
        return
    say(
        f"{out}: {done.respondents:,} respondents,"
        f" {', '.join(done.kept) or 'no attributes'}, {done.quotes:,} quotes"
    )
    if done.told_apart:
        say(
            f"note: {done.told_apart:,} respondents share these attributes with fewer than"
            f" {sharing.FEW - 1} others, and somebody who knows them may find them"
        )
    if done.pending:
        say(
            f"note: {done.pending:,} answers wait for one of the coders who are to code them; what"
            " others put on them is left out"
        )
