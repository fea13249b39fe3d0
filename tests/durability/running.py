"""Programs of this folder in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent
SOURCE = TESTS.parent / "src"


def environment() -> dict[str, str]:
    """An environment in which qualcode and this package can be imported."""
    paths = [str(SOURCE), str(TESTS), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def start(program: str, *words: object) -> subprocess.Popen[str]:
    """Start `durability.PROGRAM`."""
    return subprocess.Popen(
        [sys.executable, "-m", f"durability.{program}", *map(str, words)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def result(process: subprocess.Popen[str]) -> Any:
    """The JSON document that a started program printed."""
    out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return json.loads(out)


def run(program: str, *words: object) -> Any:
    """Run `durability.PROGRAM` and give what it printed."""
    return result(start(program, *words))


def qualcode(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "qualcode", *map(str, words)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
