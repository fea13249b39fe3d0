"""What the commands share: options, tables and JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.errors import InputError
from qualcode.text import STEERING, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

study_argument = click.argument("study", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def _printable(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    if name is None or (name.strip() and name.isprintable()):
        return name
    raise click.BadParameter("a name is not empty and can be printed")


by_option = click.option(
    "--by",
    metavar="NAME",
    callback=_printable,
    help="Who does this; your login name unless you say otherwise.",
)


lead_option = click.option(
    "--lead",
    is_flag=True,
    help="For the lead: also answers that wait for one of the coders who are to code them.",
)


def say(line: str) -> None:
    """Talk to the person, not into the data."""
    click.echo(one_line(line), err=True)


def show(line: str) -> None:
    """One line of data, made visible."""
    click.echo(one_line(line))


def print_json(value: Any) -> None:
    """One JSON document on stdout; what could steer a terminal stands there escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_plain = not encoding.lower().startswith("utf")
    document = json.dumps(value, ensure_ascii=is_plain, indent=2)
    click.echo(STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", document))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table in plain characters; numbers to the right, survey text made visible."""
    from qualcode.exporters.documents import Grid
    from qualcode.exporters.documents.text import table

    cells = tuple(tuple(_cell(value) for value in row) for row in rows)
    for line in table(Grid(tuple(columns), cells)):
        click.echo(line)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:,}" if isinstance(value, int) else str(value)


def pairs(option: str, values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The values of an option that is written KEY=…; a key may stand once."""
    found: dict[str, str] = {}
    for value in values:
        key, rest = _pair(option, value)
        if key in found:
            raise InputError(f"{option}: {key} stands twice")
        found[key] = rest
    return tuple(found.items())


def lists(option: str, values: Sequence[str]) -> dict[str, list[str]]:
    """The values of an option that is written KEY=…, by key: what stands under one adds up."""
    found: dict[str, list[str]] = {}
    for value in values:
        key, rest = _pair(option, value)
        found.setdefault(key, []).extend([rest] if rest else [])
    return found


def _pair(option: str, value: str) -> tuple[str, str]:
    key, equals, rest = (part.strip() for part in value.partition("="))
    if not equals or not key:
        raise InputError(f"{option} {value}: write KEY=… with the key of a question")
    return key, rest


def typed_unasked(count: int, examples: Sequence[str]) -> str:
    """The remark on answers that were typed although their rule says “not asked”."""
    more = " …" if count > len(examples) else ""
    return (
        f"{count:,} answers were typed where the rule says “not asked”; they are kept and coded:"
        f" {', '.join(examples)}{more}"
    )
