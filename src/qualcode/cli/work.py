"""Commands of coders: code, undo, redo, rename, log."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
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
    writing,
)
from qualcode.cli.progress import progress
from qualcode.errors import InputError, QualcodeError

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.model import Change
    from qualcode.store.queues import Listed
    from qualcode.study import CodingSession, Study

coder_option = click.option("--coder", required=True, metavar="NAME", help="Whose work.")


@click.command("code")
@study_argument
@click.option("--coder", required=True, metavar="NAME", help="Who codes.")
@click.option("--question", default="", metavar="KEY", help="The question; else your last one.")
def code_command(study: Path, coder: str, question: str) -> None:
    """Open the coding screen. F1 there explains every key; nothing needs saving."""
    from qualcode.study import Study

    with Study.open(study) as opened:
        if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
            raise QualcodeError(
                "the coding screen needs a terminal",
                hint="`qualcode import-codings` takes codings from a file",
            )
        session, remark = opened.session(coder, question)
        if remark:
            say(remark)
        from qualcode.tui import run

        run(opened, session, remark)


@click.command("queue")
@study_argument
@click.option("--coder", required=True, metavar="NAME", help="Whose queue.")
@click.option("--question", default="", metavar="KEY", help="The question; else your last one.")
@click.option(
    "--order",
    type=click.Choice(["file", "half", "random", "uncertain", "code"]),
    help="Take the answers in this order from now on.",
)
@click.option("--code", default="", metavar="CODE", help="With --order code: the code to look for.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Of what chance draws.")
@click.option(
    "--draw", "most", type=click.IntRange(1), metavar="N", help="Draw so many more answers."
)
@json_option
def queue_command(
    study: Path,
    coder: str,
    question: str,
    order: str | None,
    code: str,
    seed: int,
    most: int | None,
    *,
    as_json: bool,
) -> None:
    """Choose the order in which a coder takes the answers, and see what was drawn.

    Without a queue, answers come in the order of the file. `half` draws one half by chance, to
    be coded without suggestions, and lets the model choose the other. The coding screen draws
    more by itself.
    """
    from qualcode.study import Study
    from qualcode.study.suggestions import queueing

    if bool(code) != (order == "code"):
        raise InputError("--code goes with --order code, and --order code with --code")
    with Study.open(study) as opened:
        if not order and not most:
            opened.coder(coder)
        session, remark = opened.session(coder, question)
        if remark:
            say(remark)
        _take_up(opened, session, order, code, seed)
        if most and session.drawn_queue is None:
            raise InputError("there is no queue to draw for", hint="choose one with --order")
        with progress("drawing"):
            drawn = queueing.extend(opened, session, most or 0)
        queue, rows = queueing.listed(opened, session)
    if as_json:
        print_json(
            {
                "coder": session.coder.name,
                "question": session.question.key,
                "order": queue.kind if queue else "file",
                "code": _path(session, queue.code_id) if queue else None,
                "seed": queue.seed if queue else None,
                "drawn": drawn,
                "answers": [asdict(row) for row in rows],
            }
        )
        return
    if queue is None:
        say(f"{session.coder.name} takes {session.question.key} in the order of the file")
        return
    print_table(
        ("respondent", "how", "place", "of", "probability", "blind", "coded"),
        [(*_drawn(row), row.is_blind, row.is_coded) for row in rows],
    )
    coded = sum(row.is_coded for row in rows)
    say(f"{len(rows):,} answers drawn, {coded:,} of them coded")


def _take_up(study: Study, session: CodingSession, order: str | None, code: str, seed: int) -> None:
    from qualcode.study import codebooks

    if order == "file":
        session.leave_queue()
    elif order:
        code_id = codebooks.find_code_for(study.database, session.question, code).id if code else 0
        session.take_up(order, seed=seed, code_id=code_id)  # type: ignore[arg-type]


def _path(session: CodingSession, code_id: int) -> str | None:
    code = session.code_by_id.get(code_id)
    return code.path if code else None


def _drawn(row: Listed) -> tuple[object, ...]:
    probability = "" if row.probability is None else f"{row.probability:.4f}"
    return row.respondent, row.how, row.place, row.population, probability


@click.group("coder")
def coder_command() -> None:
    """Rename a coder."""


@coder_command.command("rename")
@study_argument
@click.argument("old")
@click.argument("new")
@by_option
def coder_rename(study: Path, old: str, new: str, *, by: str | None) -> None:
    """Give a coder another name; all their work stays theirs."""
    from qualcode.study import Study, login_name

    with Study.open(study) as opened:
        coder = opened.rename_coder(old, new, by=by or login_name())
    say(f"{old} is now {coder.name}")


@click.command("undo")
@study_argument
@coder_option
@json_option
def undo_command(study: Path, coder: str, *, as_json: bool) -> None:
    """Take back a coder's last step, whichever answer it was on."""
    _step_back(study, coder, "undo", as_json=as_json)


@click.command("redo")
@study_argument
@coder_option
@json_option
def redo_command(study: Path, coder: str, *, as_json: bool) -> None:
    """Take back a coder's last undo."""
    _step_back(study, coder, "redo", as_json=as_json)


def _step_back(study: Path, coder: str, verb: str, *, as_json: bool) -> None:
    from qualcode.study import Study

    with Study.open(study) as opened:
        change: Change | None = getattr(opened, verb)(coder)
        where = opened.describe(change.response_id) if change else None
    if as_json:
        print_json(
            {"step": change.step, "kind": change.kind, "acts": change.acts, **(where or {})}
            if change
            else {"step": None}
        )
    elif change is None:
        say(f"nothing to {verb}")
    else:
        place = f" on {where['respondent']} {where['question']}" if where else ""
        say(f"{verb}: {change.kind}{place} ({change.acts} acts, step {change.step})")


@click.command("confirm")
@study_argument
@coder_option
@click.option("--question", default="", metavar="KEY", help="One question; else all.")
@json_option
def confirm_command(study: Path, coder: str, question: str, *, as_json: bool) -> None:
    """Take over codings onto answers that have changed since.

    What the coder had put on the earlier version counts again, in one step that undo takes back.
    """
    with writing(study) as opened:
        done = opened.confirm(coder, question)
    total = sum(done.answers.values())
    if as_json:
        print_json(
            {
                "coder": done.coder,
                "step": done.step,
                "answers": total,
                "codings": done.codings,
                "questions": [
                    {"question": key, "answers": count} for key, count in done.answers.items()
                ],
            }
        )
        return
    print_table(("question", "answers"), list(done.answers.items()))
    say(f"{total:,} answers confirmed for {done.coder}, {done.codings:,} codings taken over")


@click.command("log")
@study_argument
@click.option("--last", type=click.IntRange(1), help="Only so many acts at the end.")
@lead_option
@json_option
def log_command(study: Path, last: int | None, *, lead: bool, as_json: bool) -> None:
    """Print the journal: who did what, when and from what, oldest first."""
    from qualcode.study import JOURNAL_COLUMNS, Study, exports

    with Study.open(study, readonly=True) as opened:
        for note in () if lead else exports.left_out(opened.database):
            say(f"note: {note}")
        if as_json:
            rows = [
                dict(zip(JOURNAL_COLUMNS, row, strict=True))
                for row in opened.journal(last=last, with_pending=lead)
            ]
            for row in rows:
                row["detail"] = json.loads(row["detail"])
            print_json(rows)
            return
        print_table(
            JOURNAL_COLUMNS,
            [_readable(row) for row in opened.journal(last=last, with_pending=lead)],
        )


def _readable(row: tuple[object, ...]) -> tuple[object, ...]:
    detail = json.loads(str(row[-1]))
    detail.pop("by", None)
    words = "; ".join(
        f"{name} {value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)}"
        for name, value in detail.items()
    )
    return (str(row[0]), str(row[1]), *row[2:-1], words[:80])
