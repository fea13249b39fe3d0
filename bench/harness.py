"""What the benchmarks share: whole processes measured, medians, one table or one JSON document.

Time is CPU time (user + system) of a whole process unless a figure says otherwise: it is what a
busy machine disturbs least. Commands that are compared run by turns (A B A B), never one block
after the other. Every seed is fixed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SEED = 20_240_229
ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
PACKAGES = ("qualcode", "click", "textual", "sqlite-utils", "python-calamine", "xlsxwriter", "pyte")

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process took: seconds of CPU and of the clock, bytes of memory at its peak."""

    cpu: float
    wall: float
    rss: int


def environment() -> dict[str, str]:
    """The environment of a measured process: this tree's qualcode, no colours, no bytecode talk."""
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}


def run(command: Sequence[str]) -> Usage:
    """Run a command to its end. A failure ends the benchmark with what the command said."""
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment(), stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            words = said.read().decode(errors="replace")
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{words}")
    # A child starts with the peak of its parent, so this process has to stay small.
    return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * _RSS_UNIT)


def by_turns(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, list[Usage]]:
    """Run each command so often, one after the other in every round."""
    used: dict[str, list[Usage]] = {name: [] for name in commands}
    for number in range(runs):
        for name, command in commands.items():
            note(f"run {number + 1} of {runs}: {name}")
            used[name].append(run(command))
    return used


def own_peak() -> int:
    """Bytes of memory that this process took at its peak: the floor of what `run` can see."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def note(line: str) -> None:
    """Tell on stderr what is going on."""
    print(f"  {line}", file=sys.stderr, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing, and the most that it may be where there is a goal for `judged`."""

    name: str
    unit: str
    median: float
    p95: float
    low: float
    high: float
    runs: int
    goal: float | None = None
    judged: str = "median"

    @property
    def verdict(self) -> str:
        """Whether the goal holds, empty where there is none."""
        if self.goal is None:
            return ""
        return "holds" if getattr(self, self.judged) <= self.goal else "MISSED"


@dataclass
class Report:
    """The figures of one benchmark, printed as a table or as JSON."""

    title: str
    about: dict[str, Any] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    packages: Sequence[str] = PACKAGES

    def add(
        self,
        name: str,
        unit: str,
        values: Iterable[float],
        *,
        goal: float | None = None,
        judged: str = "median",
    ) -> Figure:
        """Take in the values of one thing."""
        known = list(values)
        figure = Figure(
            name,
            unit,
            statistics.median(known),
            percentile(known, 0.95),
            min(known),
            max(known),
            len(known),
            goal,
            judged,
        )
        self.figures.append(figure)
        return figure

    def print(self, *, as_json: bool) -> None:
        """The whole report on stdout."""
        machine = {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "processors": os.cpu_count(),
            "packages": {name: _version(name) for name in self.packages},
        }
        if as_json:
            figures = [{**asdict(figure), "verdict": figure.verdict} for figure in self.figures]
            document = {"title": self.title, **machine, "about": self.about, "figures": figures}
            print(json.dumps(document, indent=2))
            return
        print(self.title)
        print(f"Python {machine['python']}, {machine['platform']}, {os.cpu_count()} processors")
        print(", ".join(f"{name} {_version(name)}" for name in self.packages))
        for name, value in self.about.items():
            print(f"{name}: {value}")
        print()
        _print_aligned(
            [
                ("", "unit", "median", "p95", "min", "max", "runs", "goal", ""),
                *(_line(figure) for figure in self.figures),
            ]
        )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "from this tree" if package == "qualcode" else "absent"


def _line(figure: Figure) -> tuple[str, ...]:
    numbers = (figure.median, figure.p95, figure.low, figure.high)
    which = "" if figure.judged == "median" else f"{figure.judged} "
    goal = "" if figure.goal is None else f"{which}≤ {_shown(figure.goal)}"
    return (
        figure.name,
        figure.unit,
        *map(_shown, numbers),
        str(figure.runs),
        goal,
        figure.verdict,
    )


def _shown(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"


def _print_aligned(lines: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [line[0].ljust(widths[0]), line[1].ljust(widths[1])]
        cells += [cell.rjust(width) for cell, width in zip(line[2:-1], widths[2:-1], strict=True)]
        print("  ".join([*cells, line[-1]]).rstrip())


def arguments(about: str | None, *, runs: int, size: int) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(
        description=(about or "").partition("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--runs", type=int, default=runs, help="how often each thing is measured")
    parser.add_argument("--size", type=int, default=size, help="answers in the largest study")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / f"qualcode-bench-{os.getuid()}",
        help="folder for files that are made once",
    )
    return parser


def cached(folder: Path, name: str, command: Sequence[str]) -> Path:
    """The file `name`, made by `command` (where `OUT` stands for its path) unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    if not target.exists():
        note(f"making {name}")
        unfinished = folder / f"unfinished-{os.getpid()}-{name}"
        unfinished.unlink(missing_ok=True)
        run([str(unfinished) if word == "OUT" else word for word in command])
        unfinished.rename(target)
    return target


def script(name: str, *words: object) -> list[str]:
    """The command that runs another file of this folder."""
    return [sys.executable, str(BENCH / f"{name}.py"), *map(str, words)]
