"""The study that the benchmark of the agreement screen opens: 50 codes, four coders.

Run as `python bench/agreement_study.py OUT.db --answers 20000`. Every answer has one or two true
codes, some far more frequent than others; each coder finds most of them, and sometimes another.
All of it goes through the doors that anybody uses: a survey, a codebook, a file of codings.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from harness import SEED, cached, script
from qualcode import Study
from qualcode.importers import ReadOptions
from qualcode.study import incoming, surveys
from qualcode.study.design import Design
from synthetic import rows, write

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = tuple(f"theme-{number:02}" for number in range(1, 51))
QUESTION = "open_1"
CODERS = ("ana", "ben", "cho", "dee")
_TWO_CODES = 0.4
_FINDS = 0.85
_MIXES_UP = 0.06

BOOK = "codebook: Fifty\nversion: 1\ncodes:\n" + "".join(
    f"  - key: {code}\n    name: {code.replace('-', ' ').capitalize()}\n" for code in CODES
)


def study(cache: Path, answers: int) -> Path:
    """The study, made once."""
    return cached(
        cache, f"agreement-{answers}.db", script("agreement_study", "OUT", "--answers", answers)
    )


def screen(path: Path) -> list[str]:
    """The command that opens the coding screen for one of its coders."""
    return [sys.executable, "-m", "qualcode", "code", str(path), "--coder", CODERS[0]]


def codings(answers: int) -> Iterator[list[str]]:
    """A header and a row for each code that each coder put on each answer."""
    draw = random.Random(SEED)
    shares = [1 / (place + 3) for place in range(len(CODES))]
    yield ["respondent", "question", "coder", "code"]
    for number in range(1, answers + 1):
        wanted = 2 if draw.random() < _TWO_CODES else 1
        true = dict.fromkeys(draw.choices(CODES, shares, k=wanted))
        for coder in CODERS:
            found = [code for code in true if draw.random() < _FINDS]
            if draw.random() < _MIXES_UP:
                found.append(draw.choices(CODES, shares)[0])
            for code in dict.fromkeys(found) or [""]:
                yield [f"R{number:07}", QUESTION, coder, code]


def make(out: Path, answers: int) -> None:
    """Build the study at `out`."""
    with TemporaryDirectory() as folder:
        survey, book, file = (
            Path(folder) / name for name in ("survey.csv", "book.yaml", "codings.csv")
        )
        write(survey, rows(answers, 1, marked=True))
        book.write_text(BOOK, "utf-8")
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(codings(answers))
        options = ReadOptions(questions=((QUESTION, QUESTION),))
        surveys.new(
            out, survey, options=options, design=Design(), codebook_paths=[book], by="bench"
        )
        with Study.open(out) as made:
            incoming.import_codings(made.database, file, by="bench")


def main() -> None:
    """Make one study."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--answers", type=int, default=20_000)
    chosen = parser.parse_args()
    make(chosen.out, chosen.answers)


if __name__ == "__main__":
    main()
