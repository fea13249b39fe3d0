"""The command on the review queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    print_json,
    print_table,
    say,
    study_argument,
    writing,
)
from qualcode.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.study.review import Item


@click.command("review")
@study_argument
@click.option("--question", default="", metavar="KEY", help="Only answers to this question.")
@click.option("--code", default="", metavar="CODE", help="Only what is about this code.")
@click.option("--open", "open_only", is_flag=True, help="Only what nobody has dealt with.")
@click.option("--done", type=click.IntRange(1), metavar="ID", help="Mark this one as dealt with.")
@click.option("--note", default="", metavar="TEXT", help="With --done: what was settled.")
@by_option
@json_option
def review_command(
    study: Path,
    question: str,
    code: str,
    done: int | None,
    note: str,
    *,
    open_only: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """List what coders noted and flagged, by code, and mark what is dealt with.

    A memo is about the codes that it names as @code, else about those that its writer has on the
    answer. `undo --coder NAME` takes back what NAME marked last.
    """
    if done is None and (note or by):
        raise InputError("--note and --by go with --done")
    if done is not None:
        _settle(study, done, by, note, as_json=as_json)
        return
    from qualcode.study import Study, codebooks, review

    with Study.open(study, readonly=True) as opened:
        key = opened.question(question).key if question else ""
        theme = codebooks.find_code(opened.database, code)[1] if code else None
        if theme:
            codebooks.check_not_merged(theme)
        found = review.items(
            opened.database, key, code=theme.id if theme else 0, open_only=open_only
        )
    if as_json:
        print_json([_item(item) for item in found])
        return
    print_table(
        ("id", "about", "question", "respondent", "coder", "what", "memo", "answer", "dealt with"),
        [_row(item) for item in found],
    )
    say(f"{len(found):,} memos and flags, {sum(item.is_open for item in found):,} open")


def _settle(study: Path, item_id: int, by: str | None, note: str, *, as_json: bool) -> None:
    from qualcode.study import login_name, review

    with writing(study) as opened:
        change, remark = review.settle(opened.database, item_id, by or login_name(), note)
    if remark:
        say(remark)
    if as_json:
        print_json({"id": item_id, "step": change.step if change else None})
    else:
        say(f"{item_id} is dealt with" if change else f"{item_id} was dealt with already")


def _item(item: Item) -> dict[str, Any]:
    one = item.marked
    return {
        "id": one.id,
        "kind": one.kind,
        "codes": [code.path for code in item.codes],
        "question": one.question,
        "respondent": one.respondent,
        "coder": one.coder,
        "time": one.at,
        "memo": one.words,
        "text": one.text,
        "open": item.is_open,
        "reviewer": one.reviewer or None,
        "note": one.note,
    }


def _row(item: Item) -> tuple[str, ...]:
    one = item.marked
    ended = f"{one.reviewer}: {one.note}".removesuffix(": ") if one.reviewer else ""
    return (
        str(one.id),
        ", ".join(code.path for code in item.codes),
        one.question,
        one.respondent,
        one.coder,
        one.kind,
        one.words[:60],
        one.text[:40],
        ended[:40],
    )
