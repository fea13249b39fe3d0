"""How many answers a second are scored, and in how much memory.

Made-up answers of about 12 words, 4 of 10 of them duplicates, 30 codes, a model learned from 500.
Each size runs in a process of its own, whose peak includes the fit; workers are looked at after
every fifth chunk. The memory at the full size has to be that of 50,000.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from harness import environment
from qualcode.model import Code
from qualcode.suggest.batch import Answer, score_all
from qualcode.suggest.hybrid import Suggester
from qualcode.suggest.vectors import StaticVectors

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 7
SMALL = 50_000
WORDS = 30_000
BLOCK = 10_000
PER_SECOND = 12_000
MEGABYTES = 350
GROWTH = 1.1
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def vocabulary() -> list[str]:
    """Made-up words of two to four syllables, the common ones shorter."""
    random = np.random.default_rng(SEED)
    syllables = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in ("", "n", "r", "s")]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        count = 1 + int(random.integers(1, 3)) + (len(found) > WORDS // 10)
        found["".join(random.choice(syllables, count))] = None
    return list(found)


def answers(n: int, codes: int) -> Iterator[tuple[str, int]]:
    """So many answers and the number of a code of each; every code has 60 words of its own."""
    random = np.random.default_rng(SEED + 1)
    words = vocabulary()
    shares = 1 / np.arange(10, WORDS + 10)
    shares /= shares.sum()
    common: list[tuple[str, int]] = []
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        lengths = np.clip(random.lognormal(2.3, 0.6, size).astype(int), 1, 80)
        drawn = random.choice(WORDS, size=int(lengths.sum()), p=shares)
        parts = np.split(drawn, np.cumsum(lengths)[:-1])
        code = random.integers(0, codes, size)
        again = random.random(size) < 0.4
        for place, part in enumerate(parts):
            if again[place] and len(common) >= 2_000:
                yield common[int(random.integers(len(common)))]
                continue
            own = 200 + 60 * code[place] + random.integers(0, 60, 1 + len(part) // 6)
            text = " ".join(words[i] for i in (*own, *part))
            if len(common) < 2_000:
                common.append((text, int(code[place])))
            yield text, int(code[place])


def run(source: Path, n: int, codes: int, jobs: int, *, vectors: bool) -> dict[str, Any]:
    """Fit and score in this process, and say what it took."""
    names = vocabulary()
    book = [
        Code(f"c{i}", " ".join(names[200 + 60 * i : 203 + 60 * i]), definition="what is said of it")
        for i in range(codes)
    ]
    known = list(answers(20_000, codes))
    texts = [text for text, _ in known]
    model = Suggester(book, vectors=StaticVectors() if vectors else None).prepare(texts)
    model.fit(texts[:500], [{f"c{code}"} for _, code in known[:500]])
    begun, written, workers = time.perf_counter(), 0, 0
    with source.open(encoding="utf-8") as lines:
        stream = (Answer(i, line) for i, line in enumerate(lines))
        for number, part in enumerate(score_all(model.scorer_, stream, jobs=jobs)):
            written += len(part.row)
            if number % 5 == 0:
                children = psutil.Process().children()
                workers = max([workers, *(child.memory_info().rss for child in children)])
    took = time.perf_counter() - begun
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT
    return {
        "answers": n,
        "suggestions": written,
        "seconds": took,
        "answers_per_second": n / took,
        "parent_mb": own / (1 << 20),
        "worker_mb": workers / (1 << 20),
    }


def call(what: str, size: int, options: list[str]) -> bytes:
    """Do one part of the work in a process of its own and give what it printed."""
    command = [sys.executable, str(Path(__file__)), what, str(size), *options]
    return subprocess.run(command, env=environment(), capture_output=True, check=True).stdout


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--codes", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--vectors", action="store_true", help="with word vectors")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--make", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.make:
        chosen.source.write_text(
            "".join(f"{text}\n" for text, _ in answers(chosen.make, chosen.codes))
        )
        return
    if chosen.one:
        found = run(chosen.source, chosen.one, chosen.codes, chosen.jobs, vectors=chosen.vectors)
        print(json.dumps(found))
        return
    options = ["--codes", str(chosen.codes), "--jobs", str(chosen.jobs)]
    options += ["--vectors"] * chosen.vectors
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        options += ["--source", str(Path(folder) / "answers.txt")]
        for size in (SMALL, chosen.answers):
            call("--make", size, options)
            rows.append(json.loads(call("--one", size, options)))
    small, full = rows
    growth = max(full[key] / small[key] for key in ("parent_mb", "worker_mb") if small[key])
    verdicts = {
        f"at least {PER_SECOND:,} answers a second": full["answers_per_second"] >= PER_SECOND,
        f"at most {MEGABYTES} MB a process": max(full["parent_mb"], full["worker_mb"]) <= MEGABYTES,
        f"memory at most {GROWTH} times that of {SMALL:,}": growth <= GROWTH,
    }
    if chosen.json:
        print(json.dumps({"rows": rows, "verdicts": verdicts}))
        return
    for row in rows:
        print("  ".join(f"{key} {value:,.0f}" for key, value in row.items()))
    for goal, holds in verdicts.items():
        print(f"{goal}: {'holds' if holds else 'MISSED'}")


if __name__ == "__main__":
    main()
