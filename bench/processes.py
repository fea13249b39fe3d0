"""How long coders wait for each other who work on one file at the same moment.

Eight processes, each a coder of its own with the verbs of the coding screen: first at the pace of
fast hands, ten acts a second each, then as fast as they can. As the screen does, each looks before
an act at what the others wrote, lets a thread move the write-ahead log, and counts an act as done
when its verb has returned, which is when it is on the disk. At the end every step that was
acknowledged has to be in the journal, once, and `doctor` has to find nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coding_study import study
from harness import BENCH, Report, arguments, environment, note, percentile
from qualcode import Study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.study import CodingSession

PROCESSES = 8
PACE = 10.0
COMMIT_GOAL = 50.0
WAIT_GOAL = 1000.0
SHARE_GOAL = 10.0
TIDY = 15.0


@dataclass(frozen=True, slots=True)
class Worked:
    """What one process did: milliseconds of each act, and the steps that it was told."""

    times: list[float]
    steps: list[int]


def work(path: Path, name: str, seconds: float, pace: float) -> Worked:
    """Code for so long, an act at a time; with a `pace`, so many a second at random moments."""
    draw = random.Random(name)
    times, steps = [], []
    with Study.open(path) as opened:
        session, _ = opened.session(name)
        opened.serve_keys()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        threading.Thread(target=tidy, args=(opened,), daemon=True).start()
        end = time.perf_counter() + seconds
        for answer, code in places(session, draw):
            if pace:
                time.sleep(draw.expovariate(pace))
            begun = time.perf_counter()
            if begun > end:
                break
            session.notice_changes()
            change = session.toggle(answer, code)
            times.append((time.perf_counter() - begun) * 1000)
            if change:
                steps.append(change.step)
    return Worked(times, steps)


def places(session: CodingSession, draw: random.Random) -> Iterator[tuple[int, int]]:
    """Answers and codes for ever, never the same act twice in a row."""
    answers, codes = session.queue(), list(session.code_by_id)
    while True:
        yield draw.choice(answers), draw.choice(codes)


def tidy(opened: Study) -> None:
    """Move the write-ahead log now and then, as the coding screen does."""
    while True:
        time.sleep(TIDY)
        opened.move_log()


def together(path: Path, processes: int, seconds: float, pace: float) -> list[Worked]:
    """What so many processes did at the same time; a failure of one ends the benchmark."""
    started = []
    for number in range(processes):
        words = [str(path), f"coder {number + 1}", str(seconds), str(pace)]
        started.append(
            subprocess.Popen(
                [sys.executable, str(BENCH / "processes.py"), "--work", *words],
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    for process in started:
        assert process.stdout
        process.stdout.readline()
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        sys.exit("a process ended with an error")
    return [Worked(**json.loads(each)) for each in told]


def lost(path: Path, worked: list[Worked]) -> int:
    """How many acknowledged steps are not in the journal; anything else wrong ends the run."""
    told = [step for one in worked for step in one.steps]
    with Study.open(path, readonly=True) as opened:
        there = {row[1] for row in opened.journal()}
        wrong = [each for each in opened.examine() if each.level == "error"]
    if len(set(told)) != len(told) or wrong:
        sys.exit(f"a step was given twice, or the study is damaged: {wrong}")
    return len(set(told) - there)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__, runs=1, size=20_000)
    parser.add_argument("--seconds", type=float, default=60, help="how long at the pace of hands")
    parser.add_argument("--full", type=float, default=8, help="seconds at full speed")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        path, name, seconds, pace = chosen.work
        json.dump(asdict(work(Path(path), name, float(seconds), float(pace))), sys.stdout)
        return
    path = study(chosen.cache, chosen.size)
    report = Report(f"{chosen.processes} processes on one file")
    report.about["study"] = f"{chosen.size:,} answers, 12 codes"
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    report.about["load of the machine before"] = load
    note(f"{chosen.seconds:.0f} s at {PACE:.0f} acts a second each")
    paced = together(path, chosen.processes, chosen.seconds, PACE)
    note(f"{chosen.full:.0f} s at full speed")
    rushed = together(path, chosen.processes, chosen.full, 0)
    add(report, f"{PACE:.0f} acts a second", paced)
    p95s = [percentile(one.times, 0.95) for one in paced]
    report.add("p95 of an act, by process", "ms", p95s, goal=COMMIT_GOAL, judged="high")
    longest = [max(one.times) for one in paced]
    report.add("longest wait, by process", "ms", longest, goal=WAIT_GOAL, judged="high")
    add(report, "full speed", rushed)
    done = [len(one.times) for one in rushed]
    report.add("longest wait at full speed, by process", "ms", [max(one.times) for one in rushed])
    report.add("acts at full speed, by process", "a second", [n / chosen.full for n in done])
    share = sum(done) / len(done) / max(1, min(done))
    report.add("fair share / the least that one got", "times", [share], goal=SHARE_GOAL)
    report.add("acknowledged acts that were lost", "acts", [lost(path, paced + rushed)], goal=0)
    report.print(as_json=chosen.json)


def add(report: Report, name: str, worked: list[Worked]) -> None:
    """Take in the times of all acts of all processes."""
    report.add(f"an act, {name}", "ms", [time for one in worked for time in one.times])


if __name__ == "__main__":
    main()
