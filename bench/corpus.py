"""A corpus scored in one process and by two workers of a Dask cluster: speed, memory, overhead.

Made-up answers of about 12 words, 4 of 10 of them duplicates, 30 codes, a model learned from 500,
in Parquet files of 25,000. Everything is measured from the start of the command to its end, the
learning and the check of the whole corpus included. The overhead of the engine is the CPU time of
command, scheduler and workers together, from their start to their end, beside that of the command
alone; the memory at the full size has to be that of a tenth.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from harness import Report, Usage, arguments, cached, environment, note, run, script

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES, LABELS, STUDY, PART = 30, 500, 20_000, 25_000
GROWTH = 1.1
MEGA = 1 << 20
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_PATIENCE = 120
QUALCODE = [sys.executable, "-m", "qualcode"]


def make_corpus(folder: Path, n: int) -> None:
    """Write a corpus of so many answers."""
    import pyarrow as pa  # noqa: PLC0415 - a measured process is never this one
    from pyarrow import parquet  # noqa: PLC0415

    from batch import answers  # noqa: PLC0415

    folder.mkdir()
    texts = (text for text, _ in answers(n, CODES))
    for first in range(0, n, PART):
        size = min(PART, n - first)
        columns = {
            "respondent": [f"R{i:08}" for i in range(first, first + size)],
            "question": ["Q1"] * size,
            "text": [next(texts) for _ in range(size)],
        }
        parquet.write_table(pa.table(columns), folder / f"{first // PART:05}.parquet")


def make_study(path: Path) -> None:
    """Make a study of answers of the same kind, the first of them coded."""
    from batch import answers, vocabulary  # noqa: PLC0415

    words = vocabulary()
    known = list(answers(STUDY, CODES))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _table(folder / "s.csv", ("id", "Q1"), ((f"s{i}", t) for i, (t, _) in enumerate(known)))
        columns = ("respondent", "question", "coder", "code", "start", "end")
        coded = ((f"s{i}", "Q1", "ana", f"c{code}", "", "") for i, (_, code) in enumerate(known))
        _table(folder / "c.csv", columns, list(coded)[:LABELS])
        codes = "".join(
            f"  - key: c{i}\n    name: {' '.join(words[200 + 60 * i : 203 + 60 * i])}\n"
            for i in range(CODES)
        )
        (folder / "b.yaml").write_text(f"codebook: Made up\nversion: 1\ncodes:\n{codes}")
        asked = ("--id", "id", "--question", "Q1=Q1", "--codebook", str(folder / "b.yaml"))
        run([*QUALCODE, "new", str(path), str(folder / "s.csv"), *asked])
        run([*QUALCODE, "import-codings", str(path), str(folder / "c.csv")])


def _table(path: Path, columns: tuple[str, ...], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        out.writerows(rows)  # type: ignore[arg-type]


@contextmanager
def cluster(folder: Path, workers: int, used: list[Usage]) -> Iterator[str]:
    """A scheduler and workers, each a process; what they took is in `used` when they have ended."""
    where = folder / "scheduler.json"
    listening = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(where))
    begun = time.perf_counter()
    processes = [_dask("scheduler", "--no-dashboard", *listening)]
    options = ("--no-nanny", "--no-dashboard", "--nthreads", "1", "--scheduler-file", str(where))
    try:
        processes += [
            _dask("worker", *options, "--local-directory", str(folder)) for _ in range(workers)
        ]
        until = time.monotonic() + _PATIENCE
        while not where.exists():
            if time.monotonic() > until:
                sys.exit("the scheduler did not start")
            time.sleep(0.05)
        yield str(json.loads(where.read_text())["address"])
    finally:
        for process in processes:
            # A worker that is asked to end waits for a scheduler that has ended already.
            process.kill()
            _, status, found = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            cpu, wall = found.ru_utime + found.ru_stime, time.perf_counter() - begun
            used.append(Usage(cpu, wall, found.ru_maxrss * _RSS_UNIT))


def _dask(what: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words]
    return subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def score(study: Path, corpus: Path, *options: str) -> Usage:
    """Score a corpus by the command, and throw the output away."""
    out = Path(tempfile.mkdtemp()) / "out"
    asked = ("--input", str(corpus / "*.parquet"), "--output", str(out), "--no-vectors")
    try:
        return run([*QUALCODE, "suggest", str(study), *asked, *options])
    finally:
        shutil.rmtree(out.parent)


def measure(report: Report, study: Path, corpora: dict[int, Path], runs: int) -> None:
    """Score each corpus by both engines, by turns."""
    small, full = corpora
    local: dict[int, list[Usage]] = {small: [], full: []}
    asked: list[Usage] = []
    crews: list[list[Usage]] = []
    for number in range(runs):
        for n, corpus in corpora.items():
            note(f"run {number + 1} of {runs}: {n:,} answers, local")
            local[n].append(score(study, corpus))
        note(f"run {number + 1} of {runs}: {full:,} answers, two workers")
        used: list[Usage] = []
        with tempfile.TemporaryDirectory() as folder, cluster(Path(folder), 2, used) as address:
            found = score(study, corpora[full], "--engine", "dask", "--scheduler", address)
        asked.append(found)
        crews.append(used)
    for n, each in local.items():
        report.add(f"local, {n:,} answers", "answers/s", [n / one.wall for one in each])
        report.add(f"local, {n:,} answers", "answers/CPU s", [n / one.cpu for one in each])
        report.add(f"local, {n:,} answers", "peak MB", [one.rss / MEGA for one in each])
    pairs = list(zip(local[full], local[small], strict=True))
    growth = [one.rss / other.rss for one, other in pairs]
    report.add(f"local, peak at {full:,} / at {small:,}", "times", growth, goal=GROWTH)
    report.add(f"two workers, {full:,} answers", "answers/s", [full / one.wall for one in asked])
    report.add("two workers, the command", "peak MB", [one.rss / MEGA for one in asked])
    report.add("two workers, the scheduler", "peak MB", [crew[0].rss / MEGA for crew in crews])
    workers = [one.rss / MEGA for crew in crews for one in crew[1:]]
    report.add("two workers, a worker", "peak MB", workers)
    together = [
        one.cpu + sum(each.cpu for each in crew) for one, crew in zip(asked, crews, strict=True)
    ]
    alone = [one.cpu for one in local[full]]
    report.add("two workers, all processes", "CPU s", together)
    report.add("one process", "CPU s", alone)
    more = [100 * (one / other - 1) for one, other in zip(together, alone, strict=True)]
    report.add("overhead of the engine", "% of CPU", more)
    faster = [one.wall / other.wall for one, other in zip(local[full], asked, strict=True)]
    report.add("two workers / one process, speed", "times", faster)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__, runs=1, size=1_000_000)
    parser.add_argument("--make-study", type=Path, help="only make the study")
    parser.add_argument("--make-corpus", type=Path, help="only make a corpus of --size answers")
    chosen = parser.parse_args()
    if chosen.make_study:
        make_study(chosen.make_study)
        return
    if chosen.make_corpus:
        make_corpus(chosen.make_corpus, chosen.size)
        return
    study = cached(chosen.cache, "corpus.db", script("corpus", "--make-study", "OUT"))
    corpora = {
        n: cached(
            chosen.cache, f"corpus-{n}", script("corpus", "--make-corpus", "OUT", "--size", n)
        )
        for n in (chosen.size // 10, chosen.size)
    }
    load = os.getloadavg()[0]
    report = Report(
        "A corpus beyond a study",
        {"codes": CODES, "labels": LABELS, "rows in a file": PART, "load before": round(load, 1)},
        packages=("qualcode", "pyarrow", "distributed", "numpy", "scipy"),
    )
    measure(report, study, corpora, chosen.runs)
    report.print(as_json=chosen.json)


if __name__ == "__main__":
    main()
