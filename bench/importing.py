"""How long and how much memory it takes to make a study of 1,000,000 answers.

Beside `qualcode new` run, by turns, two programs that do only what cannot be left out (see
`loaders.py`): the same rows into the same tables and indexes, and into one table of text. The
goal is three times the first; the memory at the full size has to be that of a tenth of it.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from harness import Report, Usage, arguments, by_turns, cached, own_peak, script

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MEGABYTE = 1 << 20
TIMES = 3.0
GROWTH = 1.2


def survey(cache: Path, respondents: int, questions: int, ending: str) -> Path:
    """A survey file of that size."""
    name = f"survey-{respondents}x{questions}{ending}"
    command = script("synthetic", "OUT", "--respondents", respondents, "--questions", questions)
    return cached(cache, name, command)


def compare(
    report: Report, source: Path, label: str, programs: Sequence[str], runs: int
) -> dict[str, list[Usage]]:
    """Run the programs by turns over one file, and report times, memory and ratios."""
    out = source.parent / "out.db"
    used = by_turns({name: script("loaders", name, source, out) for name in programs}, runs)
    out.unlink(missing_ok=True)
    for name in programs:
        report.add(f"{label}: {name}", "CPU s", [usage.cpu for usage in used[name]])
        report.add(f"{label}: {name}", "wall s", [usage.wall for usage in used[name]])
        report.add(f"{label}: {name}", "peak MB", [usage.rss / MEGABYTE for usage in used[name]])
    for place, other in enumerate(programs[1:]):
        goal = None if place else TIMES
        for what in ("cpu", "wall"):
            # The median of the ratios of neighbours: a slow minute slows both.
            pairs = zip(used[programs[0]], used[other], strict=True)
            report.add(
                f"{label}: {programs[0]} / {other}, {what}",
                "times",
                [getattr(mine, what) / getattr(theirs, what) for mine, theirs in pairs],
                goal=goal,
            )
    return used


def main() -> None:
    """Measure and print."""
    chosen = arguments(__doc__, runs=3, size=1_000_000).parse_args()
    size, runs, cache = chosen.size, chosen.runs, chosen.cache
    report = Report("Making a study from a survey file")
    wide = ("tool", "tables", "bare")
    for respondents, questions in ((size, 1), (size // 4, 4)):
        source = survey(cache, respondents, questions, ".csv")
        label = f"{respondents:,} × {questions} csv"
        used = compare(report, source, label, wide, runs)
        if questions == 1:
            full = used["tool"]
    tenth = survey(cache, size // 10, 1, ".csv")
    used = compare(report, tenth, f"{size // 10:,} × 1 csv", wide, runs)
    small = statistics.median(usage.rss for usage in used["tool"])
    report.add(
        f"peak memory, {size:,} / {size // 10:,} answers",
        "times",
        [usage.rss / small for usage in full],
        goal=GROWTH,
    )
    book = survey(cache, size // 10, 1, ".xlsx")
    compare(report, book, f"{size // 10:,} × 1 xlsx", ("tool", "calamine"), runs)
    report.about["memory of the measuring process (MB)"] = round(own_peak() / MEGABYTE)
    report.print(as_json=chosen.json)


if __name__ == "__main__":
    main()
