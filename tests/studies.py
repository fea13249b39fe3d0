"""Small studies for the tests, and what can be asked of any."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from qualcode import Study
from qualcode.importers import ReadOptions
from qualcode.study import codebooks, incoming, surveys
from qualcode.study.design import Design

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SURVEY = """\
id,region,asked,weight,why,how
r1,north,yes,1.5,"Ads are cheap, and nobody is watching them",we call them
r2,south,yes,1,same,same
r3,north,no,2,,by phone; by mail
r4,south,yes,1,n/a,
r5,north,yes,1,same,same
r6,south,yes,1,"wide reach. cheap ads","lists, conferences"
"""
"""Six respondents, two questions; r2 and r5 say the same."""

BOOK = """\
# the codes of the small study
codebook: Small
version: 1
codes:
  - key: reach
    name: Wider reach
    hotkey: r
  - key: cost
    name: Costs
    children:
      - key: cheap
        name: Cheap
      - key: dear
        name: Dear
  - key: nothing
    name: Nothing to report
    exclusive: true
  - key: uncodable
    name: Cannot be coded
    status: uncodable
"""

QUESTIONS = (("why", "why"), ("how", "how"))


def make(
    folder: Path,
    survey: str = SURVEY,
    books: Sequence[str] = (BOOK,),
    *,
    name: str = "study.db",
    ending: str = ".csv",
    design: Design | None = None,
    is_sensitive: bool = False,
    key_path: Path | None = None,
    **options: Any,
) -> Path:
    """Write a survey and codebooks into `folder` and make a study of them."""
    source = folder / f"survey{ending}"
    source.write_text(survey, "utf-8", newline="")
    paths = []
    for number, book in enumerate(books):
        paths.append(folder / f"book{number}.yaml")
        paths[-1].write_text(book, "utf-8", newline="")
    options.setdefault("questions", QUESTIONS)
    study = folder / name
    surveys.new(
        study,
        source,
        options=ReadOptions(**options),
        design=design or Design(),
        codebook_paths=paths,
        by="tester",
        is_sensitive=is_sensitive,
        key_path=key_path,
    )
    return study


def take_in(study: Path, survey: str, *, ending: str = ".csv") -> surveys.Imported:
    """Import a later survey file into a study."""
    source = study.with_name(f"later{ending}")
    source.write_text(survey, "utf-8", newline="")
    with Study.open(study) as opened:
        return surveys.import_survey(opened.database, source, by="tester")


def take_in_codings(study: Path, *rows: str) -> incoming.ImportedCodings:
    """Import long codings, given as lines of a .csv without its header."""
    source = study.with_name("codings.csv")
    source.write_text("\n".join(("respondent,question,coder,code,start,end", *rows)) + "\n")
    with Study.open(study) as opened:
        return incoming.import_codings(opened.database, source, by="tester")


def apply_book(study: Path, text: str) -> codebooks.Applied:
    """Apply a codebook, given as text, to a study."""
    source = study.with_name("applied.yaml")
    source.write_text(text, "utf-8", newline="")
    with Study.open(study) as opened:
        return codebooks.apply_file(opened.database, source, by="tester")


def content(study: Path) -> list[str]:
    """Everything in a study, as SQL: equal for equal studies."""
    with Study.open(study, readonly=True) as opened:
        return list(opened.database.connection.iterdump())


def errors(study: Path) -> list[str]:
    """What `doctor` calls an error."""
    with Study.open(study, readonly=True) as opened:
        return [finding.message for finding in opened.examine() if finding.level == "error"]


def answers(study: Path) -> dict[str, str]:
    """The status of every answer as it stands, under “respondent question”."""
    with Study.open(study, readonly=True) as opened:
        return {
            f"{who} {key}": status
            for who, key, status in opened.database.rows(
                "SELECT respondent, question, status FROM v_response WHERE is_current"
            )
        }


def codings(study: Path) -> list[tuple[Any, ...]]:
    """Respondent, question, coder, code, start, end of every coding, whatever its version."""
    with Study.open(study, readonly=True) as opened:
        return opened.database.rows(
            'SELECT respondent, question, coder, code, "start", "end" FROM v_coding'
            ' ORDER BY 1, 2, 3, 4, "start", "end"'
        )


def plant(study: Path, *statements: str) -> None:
    """Change a study behind the back of qualcode."""
    with closing(sqlite3.connect(study, isolation_level=None)) as plain:
        plain.execute("PRAGMA foreign_keys = OFF")
        for sql in statements:
            plain.execute(sql)


def read_csv(path: Path) -> list[list[str]]:
    """The rows of a .csv, every text exactly as it is there."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def body(page: str) -> str:
    """A page without its head, where the words of its style stand; any other text as it is."""
    return page.partition("</head>")[2] or page


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The rows of a .jsonl."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
