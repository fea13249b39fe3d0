"""A progress bar on stderr for anything longer than a second; none where that is no terminal."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE = 1.0
_PAUSE = 0.1
_WIDTH = 30


@dataclass
class _Progress:
    """How far something is; `total` is 0 where nobody knows."""

    label: str
    done: int = 0
    total: int = 0

    def line(self, seconds: float) -> str:
        """The bar: a share where the total is known, else a block that moves."""
        if self.total:
            share = min(self.done / self.total, 1.0)
            bar = "█" * round(share * _WIDTH)
            return f"{self.label} {bar:░<{_WIDTH}} {share:4.0%}  {self.done:,}"
        at = round(seconds / _PAUSE) % (_WIDTH - 3)
        bar = "░" * at + "███" + "░" * (_WIDTH - 3 - at)
        count = f"{self.done:,}" if self.done else f"{seconds:.0f} s"
        return f"{self.label} {bar}  {count}"


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show that something is going on; the function given takes what is done, and the total."""
    state = _Progress(label)

    def update(done: int, total: int = 0) -> None:
        state.done, state.total = done, total

    if not sys.stderr.isatty():
        yield update
        return
    is_over = threading.Event()
    painter = threading.Thread(target=_paint, args=(state, is_over), daemon=True)
    painter.start()
    try:
        yield update
    finally:
        is_over.set()
        painter.join()


def _paint(state: _Progress, is_over: threading.Event) -> None:
    begun = time.monotonic()
    if is_over.wait(_PATIENCE):
        return
    while not is_over.wait(_PAUSE):
        sys.stderr.write(f"\r\x1b[K{state.line(time.monotonic() - begun)}")
        sys.stderr.flush()
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()
