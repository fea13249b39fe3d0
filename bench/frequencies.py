"""Frequencies of a large survey: a weighted crosstab of 50 codes by 10 groups.

One whole process, `qualcode frequencies STUDY --by region --json`: a million respondents, three
coders, weights, strata and clusters; majority, Taylor-linearised errors, Rao–Scott tests, two more
rules of consensus beside it, small cells looked for. Where Rscript with the package survey is
installed it computes the weighted percentages, errors and tests of a few of the codes from a file
of 0s and 1s, reading not counted; in half an hour it is stopped.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from frequencies_study import CODERS, GROUP, QUESTION, REGIONS, study
from harness import Report, arguments, by_turns, cached, note, own_peak, script

if TYPE_CHECKING:
    from pathlib import Path

SECONDS, MEGABYTES = 10, 1_000
CODES_IN_R, PATIENCE = 2, 1_800

R_SCRIPT = """
suppressMessages(library(survey))
given <- read.csv(commandArgs(TRUE)[1])
codes <- head(grep("^code", names(given), value = TRUE), CODES)
begun <- proc.time()
design <- svydesign(~psu, strata = ~stratum, weights = ~weight, data = given, nest = TRUE)
for (code in codes) {
  one <- as.formula(paste0("~", code))
  svymean(one, design, na.rm = TRUE)
  svyby(one, ~region, design, svymean, na.rm = TRUE)
  svychisq(as.formula(paste0("~", code, " + region")), design)
}
cat((proc.time() - begun)["elapsed"], "\\n")
"""


def command(path: Path, *words: str) -> list[str]:
    """A command line as a process of its own."""
    return [sys.executable, "-m", "qualcode", "frequencies", str(path), *words, "--json"]


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__, runs=3, size=1_000_000)
    chosen = parser.parse_args()
    path = study(chosen.cache, chosen.size)
    commands = {
        f"weighted, by {REGIONS} groups": command(path, "--by", GROUP),
        "weighted, no groups": command(path),
        "unweighted, no groups": command(path, "--unweighted"),
    }
    report = Report(
        "Frequencies",
        {
            "respondents": f"{chosen.size:,}",
            "codes": 50,
            "coders": len(CODERS),
            "question": QUESTION,
            "this process": f"{own_peak() / 1e6:.0f} MB",
        },
    )
    for number, (name, used) in enumerate(by_turns(commands, chosen.runs).items()):
        is_goal = number == 0
        cpu = [one.cpu for one in used]
        report.add(f"{name}, CPU", "s", cpu, goal=SECONDS if is_goal else None)
        report.add(f"{name}, clock", "s", [one.wall for one in used])
        memory = [one.rss / 1e6 for one in used]
        report.add(f"{name}, memory", "MB", memory, goal=MEGABYTES if is_goal else None)
    seconds = in_r(chosen.cache, path, chosen.size)
    if isinstance(seconds, float):
        report.add(f"R survey, {CODES_IN_R} of the codes, clock", "s", [seconds])
    else:
        report.about["R survey"] = seconds
    report.print(as_json=chosen.json)


def in_r(cache: Path, path: Path, size: int) -> float | str:
    """Seconds that R takes for some codes of the same table, or why there are none."""
    program = shutil.which("Rscript")
    if program is None:
        return "not installed"
    there = subprocess.run([program, "-e", "library(survey)"], capture_output=True, check=False)
    if there.returncode:
        return "not installed"
    table = cached(
        cache, f"frequencies-{size}.csv", script("frequencies_study", "OUT", "--table", path)
    )
    note("R survey")
    words = [program, "-e", R_SCRIPT.replace("CODES", str(CODES_IN_R)), str(table)]
    try:
        done = subprocess.run(words, capture_output=True, check=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"not done in {PATIENCE} s with {CODES_IN_R} of the codes"
    return float(done.stdout)


if __name__ == "__main__":
    main()
