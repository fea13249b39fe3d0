"""The options of everything that counts themes: whom, by which rule, and what may be shown."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_BASES = ("asked", "answered", "coded", "any_code")

rule_option = click.option(
    "--rule",
    default="",
    metavar="RULE",
    help="How coders become one: any, majority, unanimous, adjudicated or coder:NAME; majority"
    " unless said.",
)
by_groups_option = click.option(
    "--by", "by", multiple=True, metavar="ATTRIBUTE", help="Compare its groups; several add up."
)
_base_option = click.option(
    "--base",
    type=click.Choice(_BASES),
    help="Whom percentages are of; answered unless said, while the coding goes on coded.",
)
_sample_option = click.option(
    "--sample",
    type=click.Choice(["all", "random"]),
    default="all",
    help="Count all coded answers, or of these only the random sample that a queue drew.",
)
_unweighted_option = click.option(
    "--unweighted", is_flag=True, help="Leave the survey's design aside."
)
_internal_option = click.option(
    "--internal", is_flag=True, help="Show small cells: for the team, not for publication."
)
_threshold_option = click.option(
    "--threshold",
    type=click.IntRange(2),
    default=5,
    show_default=True,
    help="Hide counts below it.",
)
_COMMON = (_base_option, rule_option, _sample_option, _unweighted_option)


def counts(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of counting; it gets them as one `wish`."""
    return _with(command, *_COMMON, _threshold_option)


def counts_within(command: Callable[..., Any]) -> Callable[..., Any]:
    """As `counts`, for what the team may also see whole: with --internal."""
    return _with(command, *_COMMON, _internal_option, _threshold_option)


def _with(command: Callable[..., Any], *options: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def counting(
        *args: Any,
        base: str | None,
        rule: str,
        sample: Any,
        unweighted: bool,
        threshold: int,
        internal: bool = False,
        **others: Any,
    ) -> Any:
        from qualcode.study.frequencies import Wish

        wish = Wish(
            base=base or "",
            rule=rule,
            is_unweighted=unweighted,
            is_internal=internal,
            threshold=threshold,
            sample=sample,
        )
        return command(*args, wish=wish, **others)

    for option in reversed(options):
        option(counting)
    return counting
