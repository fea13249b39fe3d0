"""The command on a study's design."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from qualcode.cli.output import (
    by_option,
    json_option,
    lists,
    pairs,
    print_json,
    print_table,
    say,
    study_argument,
    typed_unasked,
    writing,
)
from qualcode.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.study import Study


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
@click.option(
    "--context",
    "context",
    multiple=True,
    metavar="KEY=ATTRIBUTE",
    help="What suggestions for a question read beside its answers; several add up.",
)
@click.option(
    "--threshold",
    "thresholds",
    multiple=True,
    metavar="CODE=SHARE",
    help="From which probability on a code is suggested; empty: as for all others.",
)
@click.option(
    "--language", metavar="CODE", help="The language of the answers, such as en or de; xx for any."
)
@click.option(
    "--invited", type=click.IntRange(0), metavar="N", help="How many were asked to take part."
)
@click.option(
    "--names",
    "columns",
    multiple=True,
    metavar="COLUMN",
    help="A column of names, which quotes are searched for; named again: no longer.",
)
@click.option(
    "--pattern",
    "patterns",
    multiple=True,
    metavar="NAME=REGEX",
    help="A regular expression of what no quote may hold; empty takes it away.",
)
@click.option(
    "--sensitive/--not-sensitive",
    "is_sensitive",
    default=None,
    help="Whether the study is for its owner alone.",
)
@by_option
@json_option
def design_command(
    study: Path,
    *,
    rules: tuple[str, ...],
    blank: tuple[str, ...],
    not_blank: tuple[str, ...],
    context: tuple[str, ...],
    thresholds: tuple[str, ...],
    language: str | None,
    invited: int | None,
    columns: tuple[str, ...],
    patterns: tuple[str, ...],
    is_sensitive: bool | None,
    by: str | None,
    as_json: bool,
    **parts: str | None,
) -> None:
    """Set or change weights, strata, clusters, blanks and who was asked what.

    Without an option, the design is printed as it is.
    """
    from qualcode.study import design, login_name, sensitive
    from qualcode.study.quotes import stated
    from qualcode.study.suggestions import configured

    changes = {name: value for name, value in parts.items() if value is not None}
    by = by or login_name()
    with ExitStack() as stack:
        opened = stack.enter_context(writing(study))
        if is_sensitive is not None:
            sensitive.change(opened, wanted=is_sensitive, by=by)
        stack.enter_context(opened.database.transaction())
        changed = design.change(
            opened.database,
            changes,
            dict(pairs("--asked-if", rules)),
            blank=blank,
            not_blank=not_blank,
            by=by,
        )
        configured.change(
            opened.database,
            context=lists("--context", context),
            thresholds=_thresholds(opened, thresholds),
            language=language,
            by=by,
        )
        stated.change(
            opened.database,
            invited=invited,
            columns=columns,
            patterns=dict(pairs("--pattern", patterns)),
            by=by,
        )
        shown = _shown(opened)
        unasked, examples = design.typed_unasked(opened.database)
    if as_json:
        counts = {"changed_statuses": changed, "typed_unasked": unasked}
        print_json({"study": str(study), **shown, **counts})
        return
    _print(shown)
    say(f"{changed:,} answers changed their status")
    if unasked:
        say(f"note: {typed_unasked(unasked, examples)}")


def _thresholds(study: Study, values: tuple[str, ...]) -> dict[str, str]:
    """Shares by the paths of their codes, which may be named by key or name."""
    from qualcode.study.codebooks import find_code
    from qualcode.study.suggestions import configured

    known = {code.path for book in study.codebooks for code in book.codes}
    known |= configured.read(study.database).thresholds.keys()
    found: dict[str, str] = {}
    for value in values:
        code, equals, share = (part.strip() for part in value.rpartition("="))
        if not equals or not code:
            raise InputError(f"--threshold {value}: write CODE=SHARE, for example access=0.4")
        path = code if code in known else find_code(study.database, code)[1].path
        if path in found:
            raise InputError(f"--threshold: {path} stands twice")
        found[path] = share
    return found


def _shown(study: Study) -> dict[str, Any]:
    from qualcode.study import design, sensitive
    from qualcode.study.quotes import stated
    from qualcode.study.suggestions import configured

    now, said = design.read(study.database), configured.read(study.database)
    published = stated.read(study.database)
    return {
        "weight": now.weight,
        "stratum": now.stratum,
        "psu": now.psu,
        "fpc": now.fpc,
        "lonely_psu": now.lonely_psu or "error",
        "language": said.language,
        "asked_if": now.asked_if,
        "context": said.context,
        "thresholds": said.thresholds,
        "blanks": sorted(design.blanks(study.database)),
        "invited": published.invited or None,
        "names": published.columns,
        "patterns": published.patterns,
        "sensitive": sensitive.is_sensitive(study),
    }


def _print(shown: dict[str, Any]) -> None:
    print_table(
        ("part", "value"),
        [
            *((name, value) for name, value in shown.items() if isinstance(value, str) and value),
            *((f"{key} asked if", rule) for key, rule in shown["asked_if"].items()),
            *((f"{key} context", ", ".join(names)) for key, names in shown["context"].items()),
            *((f"threshold of {path}", str(share)) for path, share in shown["thresholds"].items()),
            ("blank", " ".join(f"“{text}”" for text in shown["blanks"])),
            *([("invited", f"{shown['invited']:,}")] if shown["invited"] else ()),
            *((("names in", ", ".join(shown["names"])),) if shown["names"] else ()),
            *((f"pattern {name}", regex) for name, regex in shown["patterns"].items()),
            *([("sensitive", "yes")] if shown["sensitive"] else ()),
        ],
    )
