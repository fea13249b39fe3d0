"""Ctrl-C: noticed at the next place where nothing is half done, and answered with one line."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from qualcode.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_STOPPED = 130


@contextmanager
def held_back() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C interrupt nothing in here; the function given says whether it was pressed."""
    pressed = False

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        nonlocal pressed
        pressed = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def leaving(describe: Callable[[], str]) -> Iterator[None]:
    """At Ctrl-C leave the program with exit code 130 and a line that says where it was."""
    try:
        yield
    except KeyboardInterrupt:
        # Whoever presses it again while the program ends already would end it without the line.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say(describe())
        raise click.exceptions.Exit(_STOPPED) from None
