"""The programs that `importing.py` measures, each in a process of its own.

Run as `python bench/loaders.py NAME SURVEY OUT`. NAME is one of

- `tool`      – what `qualcode new` does;
- `tables`    – csv rows through executemany into the tables and indexes of a study, under the
  pragmas of the tool's own build, and nothing else: ids are counted, uids are random, every
  answer is substantive, the attributes are JSON without any checking, nothing is looked for;
- `bare`      – csv rows through executemany into one table of text without an index;
- `calamine`  – the rows of an .xlsx as lists of str, and nothing else.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SCHEMA = Path(__file__).resolve().parent.parent / "src/qualcode/store/migrations/m001_study.sql"
_CHUNK = 2_000


def tool(survey: Path, out: Path) -> None:
    """What `qualcode new` does, without the command line around it."""
    from qualcode.importers import ReadOptions  # noqa: PLC0415 - only this one needs qualcode
    from qualcode.study import surveys  # noqa: PLC0415
    from qualcode.study.design import Design  # noqa: PLC0415

    surveys.new(out, survey, options=ReadOptions(), design=Design(), by="bench")


def tables(survey: Path, out: Path) -> None:
    """The same rows into the same tables, computing nothing."""
    database = _connect(out)
    for statement in _SCHEMA.read_text("utf-8").split(";\n\n"):
        database.execute(statement)
    with survey.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        asked = [name for name in header if name.startswith("open_")]
        width = len(asked) + 1
        attributes = "{" + ",".join(f'"{name}":"%s"' for name in header[width:]) + "}"
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO question (key, text) VALUES (?, ?)", ((name, name) for name in asked)
        )
        first = 1
        while chunk := list(islice(rows, _CHUNK)):
            database.executemany(
                "INSERT INTO respondent (id, name, attributes) VALUES (?, ?, ?)",
                [
                    (number, row[0], attributes % tuple(row[width:]))
                    for number, row in enumerate(chunk, first)
                ],
            )
            database.executemany(
                "INSERT INTO response (uid, respondent_id, question_id, version, is_current,"
                " status, text) VALUES (randomblob(16), ?, ?, 1, 1, 'substantive', ?)",
                [
                    (number, question, text)
                    for number, row in enumerate(chunk, first)
                    for question, text in enumerate(row[1:width], 1)
                ],
            )
            first += len(chunk)
        database.execute("COMMIT")
    database.close()


def bare(survey: Path, out: Path) -> None:
    """The same rows into one table of text."""
    database = _connect(out)
    with survey.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        columns = ", ".join(f'"{name}" TEXT' for name in header)
        database.execute(f"CREATE TABLE answer ({columns})")
        database.execute("BEGIN")
        marks = ", ".join("?" * len(header))
        database.executemany(f"INSERT INTO answer VALUES ({marks})", rows)
        database.execute("COMMIT")
    database.close()


def calamine(survey: Path, out: Path) -> None:  # noqa: ARG001 - the others write
    """The rows of a workbook, each cell made a str."""
    from python_calamine import load_workbook  # noqa: PLC0415 - only this one needs it

    sheet = load_workbook(str(survey)).get_sheet_by_index(0)
    rows = [[str(cell) for cell in row] for row in sheet.iter_rows()]
    if len(rows) != sheet.height:
        sys.exit("calamine lost rows")


def _connect(out: Path) -> sqlite3.Connection:
    database = sqlite3.connect(out, isolation_level=None)
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = MEMORY",
        "synchronous = OFF",
        "cache_size = -16384",
    ):
        database.execute(f"PRAGMA {pragma}")
    return database


PROGRAMS: dict[str, Callable[[Path, Path], None]] = {
    "tool": tool,
    "tables": tables,
    "bare": bare,
    "calamine": calamine,
}


def main() -> None:
    """Run one program, over a fresh file."""
    name, survey, out = sys.argv[1:]
    Path(out).unlink(missing_ok=True)
    PROGRAMS[name](Path(survey), Path(out))


if __name__ == "__main__":
    main()
