"""The source of the tables for Quarto and R Markdown: they are made anew from the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.exporters import write_text
from qualcode.exporters.stubs import quarto
from qualcode.study.matrix import matrix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qualcode.model import Question
    from qualcode.store.connection import Database
    from qualcode.study.frequencies import Wish

SOURCES = (".qmd", ".rmd")


def write_source(
    database: Database, path: Path, questions: Sequence[Question], wish: Wish, title: str
) -> str:
    """Write the document, and give the name of the file of data that it reads, beside it.

    Raises what `matrix` raises.
    """
    name = f"{path.stem}-matrix.csv"
    described = matrix(database, rule=wish.rule, base=wish.base).described(name)
    wanted = {question.key for question in questions}
    text = quarto.render(
        described,
        title,
        [
            asked
            for asked in described.questions
            if asked.themes and asked.key in (wanted or {asked.key})
        ],
        is_quarto=path.suffix.lower() == ".qmd",
        is_unweighted=wish.is_unweighted,
    )
    write_text(path, text)
    return name
