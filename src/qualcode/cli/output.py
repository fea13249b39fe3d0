"""What the commands share: options, tables, JSON and a progress bar."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qualcode.errors import InputError
from qualcode.text import STEERING, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    cells = [[_cell(value) for value in row] for row in rows]
    lines = [list(columns), *cells]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    rights = [
        bool(cells) and all(_is_number(row[place]) for row in cells)
        for place in range(len(columns))
    ]
    for number, line in enumerate(lines):
        padded = (
            _pad(cell, width, right)
            for cell, width, right in zip(line, widths, rights, strict=True)
        )
        click.echo("  ".join(padded).rstrip())
        if number == 0:
            click.echo("  ".join("─" * width for width in widths))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:,}" if isinstance(value, int) else one_line(str(value))


def _is_number(cell: str) -> bool:
    return not cell or cell.replace(",", "").replace(".", "", 1).isdigit()


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    flat = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - flat


def _pad(text: str, width: int, right: bool) -> str:  # noqa: FBT001
    space = " " * (width - _width(text))
    return space + text if right else text + space


def pairs(option: str, values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The values of an option that is written KEY=…; a key may stand once."""
    found: dict[str, str] = {}
    for value in values:
        key, equals, rest = (part.strip() for part in value.partition("="))
        if not equals or not key:
            raise InputError(f"{option} {value}: write KEY=… with the key of a question")
        if key in found:
            raise InputError(f"{option}: {key} stands twice")
        found[key] = rest
    return tuple(found.items())


def typed_unasked(count: int, examples: Sequence[str]) -> str:
    """The remark on answers that were typed although their rule says “not asked”."""
    more = " …" if count > len(examples) else ""
    return (
        f"{count:,} answers were typed where the rule says “not asked”; they are kept and coded:"
        f" {', '.join(examples)}{more}"
    )


@contextmanager
def progress(label: str, total: int = 0) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for anything longer than a second; none where that is no terminal."""
    begun = time.monotonic()
    shown = 0.0

    def update(done: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - begun < 1 or now - shown < 0.1:  # noqa: PLR2004
            return
        shown = now
        share = min(done / total, 1.0) if total else 0.0
        bar = f" {'█' * round(share * 30):░<30} {share:4.0%}" if total else ""
        sys.stderr.write(f"\r\x1b[K{label}{bar} {done:,}")
        sys.stderr.flush()

    if not sys.stderr.isatty():
        yield lambda done: None  # noqa: ARG005
        return
    try:
        yield update
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
