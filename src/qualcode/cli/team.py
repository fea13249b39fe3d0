"""Commands of a team: who codes what."""

from __future__ import annotations

from dataclasses import asdict
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

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.study.assigning import Dealt


@click.command("assign")
@study_argument
@click.option("--coder", "names", multiple=True, metavar="NAME", help="Who codes; name everybody.")
@click.option(
    "--question",
    "keys",
    multiple=True,
    metavar="KEY",
    help="The question; several add up; all with a codebook unless said.",
)
@click.option(
    "--double",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="The share of the answers that several code, such as 0.2.",
)
@click.option(
    "--several",
    type=click.IntRange(2),
    default=2,
    show_default=True,
    help="How many coders code each of these.",
)
@click.option("--seed", type=click.IntRange(0), default=0, help="Of what chance draws.")
@by_option
@json_option
def assign_command(
    study: Path,
    names: tuple[str, ...],
    keys: tuple[str, ...],
    double: float,
    several: int,
    seed: int,
    *,
    by: str | None,
    as_json: bool,
) -> None:
    """Deal the answers out to coders, a share of them to several; or show who has what.

    Without --coder it shows. Chance draws who gets what, stratum by stratum, so that everybody's
    load is even; what was assigned before stays. A coder's screen then shows their own answers.
    What several are to code stays hidden, but for the lead, until each of them has decided it.
    """
    from qualcode.study import Study, assigning, login_name

    dealt: list[Dealt] = []
    with Study.open(study, readonly=not names) as opened:
        questions = tuple(opened.question(key) for key in keys)
        if names:
            plan = assigning.Plan(double, several, seed)
            with progress("assigning"):
                dealt = assigning.assign(
                    opened.database, names, questions, plan, by=by or login_name()
                )
        loads = assigning.workloads(opened.database)
    if as_json:
        print_json(
            {"dealt": [asdict(one) for one in dealt], "coders": [asdict(one) for one in loads]}
        )
        return
    for remark in dealt[0].remarks if dealt else ():
        say(f"note: {remark}")
    for one in dealt:
        say(
            f"{one.question}: {one.added:,} new assignments; of {one.answers:,} answers"
            f" {one.double:,} are for several"
        )
    _print(loads)


def _print(loads: list[Any]) -> None:
    print_table(
        ("question", "coder", "assigned", "with others", "coded"),
        [(one.question, one.coder, one.assigned, one.double, one.coded) for one in loads],
    )
