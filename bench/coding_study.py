"""The study that the benchmarks of the coding screen open: known texts, twelve codes."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from harness import cached, script

if TYPE_CHECKING:
    from pathlib import Path

CODER = "x"


def study(cache: Path, answers: int) -> Path:
    """A fresh copy of a study of so many answers, made once through `qualcode new`.

    Answer n ends with `synthetic.token(n)`; the keys a to l are codes.
    """
    survey = cached(
        cache,
        f"marked-{answers}.csv",
        script("synthetic", "OUT", "--respondents", answers, "--marked"),
    )
    book = cached(cache, "codebook.yaml", script("synthetic", "OUT"))
    made = cached(
        cache,
        f"study-{answers}.db",
        [sys.executable, "-m", "qualcode", "new", "OUT", str(survey), "--codebook", str(book)],
    )
    copy = cache / f"coding-{answers}.db"
    for rest in ("", "-wal", "-shm"):
        copy.with_name(copy.name + rest).unlink(missing_ok=True)
    shutil.copyfile(made, copy)
    return copy


def screen(path: Path) -> list[str]:
    """The command that opens the coding screen."""
    return [sys.executable, "-m", "qualcode", "code", str(path), "--coder", CODER]
