"""How long it takes to bring together three copies on each of which 100,000 acts were done.

On each copy another coder puts a code on every answer and decides it, one step an act as at the
keys (see `copies.py`); every tenth answer is coded by one and the same coder on all copies, so
that there is something that was coded on several sides. The command is run as a whole process,
into a fresh copy of the study, and a second time, when there is nothing new.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from coding_study import CODER, study
from harness import Report, arguments, cached, note, run, script

if TYPE_CHECKING:
    from harness import Usage

COPIES = 3
GOAL = 10.0
MEGABYTE = 1 << 20


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__, runs=3, size=100_000).parse_args()
    cache, acts = chosen.cache, chosen.size
    origin = study(cache, acts // 2)
    copies = [
        cached(
            cache,
            f"merge-{acts}-{number}.db",
            script("copies", "OUT", origin, f"{CODER}{number}", acts),
        )
        for number in range(COPIES)
    ]
    target = cache / "merged.db"
    command = [sys.executable, "-m", "qualcode", "merge", str(target), *map(str, copies)]
    command += ["--same", "everybody"]
    used: dict[str, list[Usage]] = {"merge": [], "again": []}
    for number in range(chosen.runs):
        shutil.copyfile(origin, target)
        for name, usages in used.items():
            note(f"run {number + 1} of {chosen.runs}: {name}")
            usages.append(run(command))
    target.unlink()
    report = Report(f"Merging {COPIES} copies of {acts:,} acts each")
    for name, goal in (("merge", GOAL), ("again", None)):
        report.add(name, "wall s", [usage.wall for usage in used[name]], goal=goal)
        report.add(name, "CPU s", [usage.cpu for usage in used[name]])
        report.add(name, "peak MB", [usage.rss / MEGABYTE for usage in used[name]])
    report.print(as_json=chosen.json)


if __name__ == "__main__":
    main()
