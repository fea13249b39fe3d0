"""Survey files for the benchmarks, the same ones every time.

Run as `python bench/synthetic.py OUT.csv --respondents 1000 --questions 2`; the ending of OUT
chooses between .csv and .xlsx. Memory does not grow with the rows.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path
from typing import TYPE_CHECKING

from harness import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTRIBUTES = ("gender", "age", "region", "unit_size", "investigated", "years")

_WORDS = """the people offenders reach more wider audience technology phone message evidence hard to
    find time training police report victim fear safety money access service knowledge online
    platform share quickly never always because and but without help""".split()  # noqa: SIM905 - prose, not data
_BLANKS = ("", "-", "n/a", "NA", "  ", ".")
_ENDS = ("", ".", ", really", "!", ' "so to say"')
_BLANK_SHARE = 0.06


def token(number: int) -> str:
    """A word that stands in the text of the answer with this number alone."""
    return f"token{number:07}"


def _text(draw: random.Random) -> str:
    if draw.random() < _BLANK_SHARE:
        return draw.choice(_BLANKS)
    return " ".join(draw.choices(_WORDS, k=draw.randint(3, 18))) + draw.choice(_ENDS)


def rows(respondents: int, questions: int, *, marked: bool) -> Iterator[list[str]]:
    """A header and a row for each respondent.

    Where `marked` no answer is blank and each ends with its `token`, behind more words than a
    list has room for.
    """
    draw = random.Random(SEED)
    yield ["id", *(f"open_{number + 1}" for number in range(questions)), *ATTRIBUTES]
    for number in range(1, respondents + 1):
        if marked:
            texts = [" ".join(draw.choices(_WORDS, k=24)) + f" {token(number)}"] * questions
        else:
            texts = [_text(draw) for _ in range(questions)]
        yield [
            f"R{number:07}",
            *texts,
            draw.choice("mfd"),
            str(draw.randint(18, 80)),
            draw.choice(("north", "south", "east", "west")),
            draw.choice(("small", "medium", "large")),
            draw.choice(("yes", "no")),
            str(draw.randint(0, 40)),
        ]


def write(path: Path, table: Iterator[list[str]]) -> None:
    """Write the rows as .csv or .xlsx."""
    if path.suffix == ".xlsx":
        import xlsxwriter  # noqa: PLC0415 - only for .xlsx

        with xlsxwriter.Workbook(
            path, {"constant_memory": True, "strings_to_numbers": False}
        ) as book:
            sheet = book.add_worksheet("answers")
            for place, row in enumerate(table):
                sheet.write_row(place, 0, row)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)


CODEBOOK = """codebook: Benchmark
version: 1
codes:
""" + "".join(
    f"  - key: theme-{letter}\n    name: Theme {letter.upper()}\n    hotkey: {letter}\n"
    f"    definition: What is said about {word}.\n    keywords: [{word}]\n"
    for letter, word in zip("abcdefghijkl", dict.fromkeys(_WORDS[2:]), strict=False)
)
"""Twelve themes with the keys a to l."""


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--respondents", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=1)
    parser.add_argument("--marked", action="store_true", help="a token in every answer")
    chosen = parser.parse_args()
    if chosen.out.suffix == ".yaml":
        chosen.out.write_text(CODEBOOK, "utf-8")
        return
    write(chosen.out, rows(chosen.respondents, chosen.questions, marked=chosen.marked))


if __name__ == "__main__":
    main()
