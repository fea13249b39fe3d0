"""The study that the benchmark of frequencies reads: 50 codes, three coders, a survey design.

Run as `python bench/frequencies_study.py OUT.db --answers 1000000`. Survey and codebook go through
the doors that anybody uses; codings are written into the tables at once, without a journal: a
million answers coded three times over would take it an hour.
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from harness import SEED, cached, script
from qualcode import Study
from qualcode.importers import ReadOptions
from qualcode.study import surveys
from qualcode.study.design import Design
from qualcode.study.frequencies import Wish
from qualcode.study.frequencies.counting import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTION = "why"
CODERS = ("ana", "ben", "cho")
GROUP = "region"
REGIONS, STRATA, PSUS = 10, 20, 250
FAMILIES, CHILDREN = 10, 4
_TWO_CODES, _FINDS, _BLANK = 0.5, 0.85, 0.04

BOOK = "codebook: Fifty\nversion: 1\ncodes:\n" + "".join(
    f"  - key: family-{family}\n    name: Family {family}\n    children:\n"
    + "".join(
        f"      - key: theme-{child}\n        name: Theme {family}.{child}\n"
        for child in range(CHILDREN)
    )
    for family in range(FAMILIES)
)


def study(cache: Path, answers: int) -> Path:
    """The study, made once."""
    return cached(
        cache, f"frequencies-{answers}.db", script("frequencies_study", "OUT", "--answers", answers)
    )


def respondents(answers: int) -> Iterator[list[str]]:
    """A header and a row for each respondent."""
    draw = random.Random(SEED)
    yield ["id", QUESTION, "weight", "stratum", "psu", GROUP]
    for number in range(answers):
        stratum, psu = draw.randrange(STRATA), draw.randrange(PSUS)
        text = "" if draw.random() < _BLANK else f"what respondent {number} says of it"
        weight = f"{draw.uniform(0.2, 5):.4f}"
        region = f"region {draw.randrange(REGIONS)}"
        yield [f"R{number:07}", text, weight, f"stratum {stratum}", f"cluster {psu}", region]


def make(out: Path, answers: int) -> None:
    """Build the study at `out`."""
    with TemporaryDirectory() as folder:
        survey, book = Path(folder) / "survey.csv", Path(folder) / "book.yaml"
        with survey.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(respondents(answers))
        book.write_text(BOOK, "utf-8")
        surveys.new(
            out,
            survey,
            options=ReadOptions(questions=((QUESTION, QUESTION),)),
            design=Design(weight="weight", stratum="stratum", psu="psu"),
            codebook_paths=[book],
            by="bench",
        )
    with closing(sqlite3.connect(out, isolation_level=None)) as plain:
        _code(plain)


def _code(plain: sqlite3.Connection) -> None:
    """Let three coders code every answer that is one."""
    plain.execute("BEGIN")
    for name in CODERS:
        plain.execute(
            "INSERT INTO coder (uid, name, folded) VALUES (randomblob(16), ?, ?)", (name, name)
        )
    coders = [number for (number,) in plain.execute("SELECT id FROM coder ORDER BY id")]
    codes = [number for (number,) in plain.execute("SELECT id FROM code ORDER BY id")]
    answers = [
        number
        for (number,) in plain.execute("SELECT id FROM response WHERE status = 'substantive'")
    ]
    plain.executemany(
        "INSERT INTO mark (coder_id, response_id, decided) VALUES (?, ?, 'enter')",
        ((coder, answer) for answer in answers for coder in coders),
    )
    plain.executemany(
        "INSERT INTO coding (coder_id, response_id, code_id, source, codebook_version_id)"
        " VALUES (?, ?, ?, '', 1)",
        _codings(answers, coders, codes),
    )
    plain.execute("COMMIT")


def _codings(
    answers: list[int], coders: list[int], codes: list[int]
) -> Iterator[tuple[int, int, int]]:
    draw = random.Random(SEED)
    shares = [1 / (place + 3) for place in range(len(codes))]
    for answer in answers:
        wanted = 2 if draw.random() < _TWO_CODES else 1
        true = dict.fromkeys(draw.choices(codes, shares, k=wanted))
        for coder in coders:
            yield from ((coder, answer, code) for code in true if draw.random() < _FINDS)


def export(study_path: Path, out: Path) -> None:
    """Write what R needs: the design, the groups, and a column of 0, 1 or nothing for each code."""
    with Study.open(study_path, readonly=True) as opened:
        found = counted(
            opened.database, opened.question(QUESTION), Wish(), ("stratum", "psu", GROUP)
        )
    columns = found.coded.columns
    design = [
        [columns[name].values[number] for number in columns[name].numbers]
        for name in ("stratum", "psu", GROUP)
    ]
    weights = found.design.weights.tolist()
    lines = [found.agreed.present(place).astype(int).tolist() for place in found.coded.themes]
    base = found.domain.tolist()
    with out.open("w", encoding="utf-8", newline="") as opened_file:
        writer = csv.writer(opened_file)
        names = [f"code{number}" for number, _ in enumerate(lines)]
        writer.writerow(["weight", "stratum", "psu", GROUP, *names])
        for is_in, weight, *rest in zip(base, weights, *design, *lines, strict=True):
            cells = rest[3:] if is_in else [""] * len(lines)
            writer.writerow([weight, *rest[:3], *cells])


def main() -> None:
    """Make one study, or the table of one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--table", type=Path, metavar="STUDY", help="write a study's 0s and 1s")
    chosen = parser.parse_args()
    if chosen.table:
        export(chosen.table, chosen.out)
    else:
        make(chosen.out, chosen.answers)


if __name__ == "__main__":
    main()
