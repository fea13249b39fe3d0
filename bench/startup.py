"""CPU time until `qualcode --help` has ended, and until the coding screen shows an answer.

The first frame is there when the text of the first answer has arrived at the other end of a
pseudo-terminal; at that moment the CPU time of the program is read. The clock behind it ticks
a hundred times a second. The yardsticks say what Python and the libraries alone cost.
"""

from __future__ import annotations

import json
import subprocess
import sys

from coding_study import screen, study
from harness import Report, arguments, by_turns, environment, note
from synthetic import token
from terminal import Terminal

HEAVY = ("textual", "rich", "sklearn", "spacy", "numpy", "pandas", "sqlite3", "sqlite_utils")
LOADED = """
import json, sys
from qualcode.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
HELP_GOAL = 150.0
FRAME_GOAL = 500.0


def heavy_modules() -> list[str]:
    """Those of the heavy modules that `qualcode --help` imports."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=environment(), capture_output=True, check=True
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    return [name for name in HEAVY if name in loaded]


def first_frame(command: list[str]) -> tuple[float, float]:
    """Seconds of CPU until the first answer was drawn, and bytes of memory then."""
    with Terminal(command) as terminal:
        terminal.wait_for(token(1))
        return terminal.cpu(), terminal.memory()[0]


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__, runs=11, size=50_000).parse_args()
    report = Report("Starting")
    python = sys.executable
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "import click": [python, "-c", "import click"],
        "import textual.app": [python, "-c", "import textual.app"],
        "qualcode --help": [python, "-m", "qualcode", "--help"],
    }
    goals = {"qualcode --help": HELP_GOAL}
    for name, used in by_turns(commands, chosen.runs).items():
        cpu = [usage.cpu * 1000 for usage in used]
        report.add(name, "CPU ms", cpu, goal=goals.get(name))
    report.about["heavy modules in --help"] = ", ".join(heavy_modules()) or "none"
    command = screen(study(chosen.cache, chosen.size))
    frames = []
    for number in range(chosen.runs):
        note(f"run {number + 1} of {chosen.runs}: first frame")
        frames.append(first_frame(command))
    label = f"first frame, {chosen.size:,} answers"
    report.add(label, "CPU ms", [cpu * 1000 for cpu, _ in frames], goal=FRAME_GOAL)
    report.add(label, "peak MB", [memory / (1 << 20) for _, memory in frames])
    report.print(as_json=chosen.json)


if __name__ == "__main__":
    main()
