"""The command on a study's design."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    pairs,
    print_json,
    print_table,
    say,
    study_argument,
    typed_unasked,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command("design")
@study_argument
@click.option("--weight", metavar="COLUMN", help="The survey weight; empty takes it away.")
@click.option("--stratum", metavar="COLUMN", help="The stratum.")
@click.option("--psu", metavar="COLUMN", help="The cluster (primary sampling unit).")
@click.option(
    "--fpc", metavar="COLUMN", help="Population sizes or sampling fractions of the strata."
)
@click.option(
    "--lonely-psu",
    type=click.Choice(["error", "certainty", "centered"]),
    help="What a stratum with one cluster counts as.",
)
@click.option(
    "--asked-if",
    "rules",
    multiple=True,
    metavar="KEY=EXPRESSION",
    help="Who was asked a question; an empty rule: everybody.",
)
@click.option(
    "--blank", "blank", multiple=True, metavar="TEXT", help="A text that counts as no answer."
)
@click.option(
    "--not-blank",
    "not_blank",
    multiple=True,
    metavar="TEXT",
    help="A text that counts as an answer after all.",
)
@by_option
@json_option
def design_command(
    study: Path,
    *,
    rules: tuple[str, ...],
    blank: tuple[str, ...],
    not_blank: tuple[str, ...],
    by: str | None,
    as_json: bool,
    **parts: str | None,
) -> None:
    """Set or change weights, strata, clusters, blanks and who was asked what.

    Without an option, the design is printed as it is.
    """
    from qualcode.study import Study, design, login_name

    changes = {name: value for name, value in parts.items() if value is not None}
    with Study.open(study) as opened:
        changed = design.change(
            opened.database,
            changes,
            dict(pairs("--asked-if", rules)),
            blank=blank,
            not_blank=not_blank,
            by=by or login_name(),
        )
        now = design.read(opened.database)
        blanks = sorted(design.blanks(opened.database))
        unasked, examples = design.typed_unasked(opened.database)
    shown = {
        "weight": now.weight,
        "stratum": now.stratum,
        "psu": now.psu,
        "fpc": now.fpc,
        "lonely_psu": now.lonely_psu or "error",
        "asked_if": now.asked_if,
        "blanks": blanks,
    }
    if as_json:
        counts = {"changed_statuses": changed, "typed_unasked": unasked}
        print_json({"study": str(study), **shown, **counts})
        return
    print_table(
        ("part", "value"),
        [
            *((name, value) for name, value in shown.items() if isinstance(value, str) and value),
            *((f"{key} asked if", rule) for key, rule in now.asked_if.items()),
            ("blank", " ".join(f"“{text}”" for text in blanks)),
        ],
    )
    say(f"{changed:,} answers changed their status")
    if unasked:
        say(f"note: {typed_unasked(unasked, examples)}")
