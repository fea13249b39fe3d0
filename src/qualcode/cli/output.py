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

from qualcode.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

study_argument = click.argument("study", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
by_option = click.option(
    "--by", metavar="NAME", help="Who does this; your login name unless you say otherwise."
)


def say(line: str) -> None:
    """Talk to the person, not into the data."""
    click.echo(one_line(line), err=True)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


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
