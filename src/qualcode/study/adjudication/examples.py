"""From a settled case to the codebook: its words become an example of a code, or a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode import codebooks
from qualcode.errors import InputError, NotFound
from qualcode.store import codebook
from qualcode.store.codebook import WORDS
from qualcode.study.codebooks import edit
from qualcode.study.quotes.leaks import quotes_case

if TYPE_CHECKING:
    from qualcode.model import Code, Codebook, Response
    from qualcode.store.connection import Database
    from qualcode.study.adjudication.case import Field


@dataclass(frozen=True, slots=True)
class Added:
    """Which code of which codebook got the words, and the version since; 0 where they were there.

    `is_quote` warns: the words stand in an answer that must be cleared before they are printed.
    """

    codebook: str
    version: int
    code: Code
    is_quote: bool


def add_to_codebook(
    database: Database, response: Response, code_id: int, field: Field, words: str, *, by: str
) -> Added:
    """Put words of an answer into a list of a code; the codebook's other lines stay as they are.

    Raises `InputError` for empty words and a layout that cannot be edited, `NotFound` for a code
    that is not there.
    """
    words = " ".join(words.split())
    if not words:
        raise InputError("there are no words to put into the codebook")
    book, code = _found(database, code_id)
    done = edit(
        database,
        book,
        lambda text: codebooks.append_item(text, code.path, field, words),
        by=by,
        detail={"case": f"{response.question} {response.respondent}", WORDS: words},
    )
    is_quote = field == "examples" or quotes_case(words, [response.text])
    return Added(book.name, 0 if done.is_nothing else done.version, code, is_quote)


def _found(database: Database, code_id: int) -> tuple[Codebook, Code]:
    for book in codebook.codebooks(database):
        for code in book.codes:
            if code.id == code_id:
                return book, code
    raise NotFound("there is no such code any more")
