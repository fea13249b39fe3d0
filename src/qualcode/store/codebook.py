"""Codebooks in the study as they are read: stable codes, and every version kept."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualcode.errors import NotFound
from qualcode.model import Code, Codebook
from qualcode.store import journal

if TYPE_CHECKING:
    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a codebook, as it was applied.

    `uid` is that of its step, and `about` what the journal says of it: `verb` there is undo, redo
    or restore for a version that brought an earlier one back, `on` the `uid` of the version that
    was present before, empty for none.
    """

    id: int
    uid: str
    number: int
    text: str
    at: str
    by: str
    about: dict[str, Any]

    @property
    def verb(self) -> str:
        """How it came about, where not by an edit or a file."""
        return str(self.about.get("verb", ""))

    @property
    def moved(self) -> dict[str, str]:
        """The new path of every code that moved, by its old one."""
        return dict(self.about.get("moved", ()))


_CODE_COLUMNS = (
    "code.path, code.name, code.hotkey, code.definition, code.include, code.exclude,"
    " code.examples, code.keywords, code.split_into, code.is_exclusive, code.status,"
    " code.is_retired, code.merged_into, code.id"
)


def _code(row: Any) -> Code:
    path, name, hotkey, definition, *lists, exclusive, status, retired, merged, code_id = row
    include, exclude, examples, keywords, split = (tuple(json.loads(value)) for value in lists)
    return Code(
        path,
        name,
        hotkey,
        definition,
        include,
        exclude,
        examples,
        keywords,
        is_exclusive=bool(exclusive),
        status=status,
        is_retired=bool(retired),
        merged_into=merged,
        split_into=split,
        id=code_id,
    )


def codebooks(database: Database) -> tuple[Codebook, ...]:
    """Every codebook with its codes, each code with the key that it has on the keyboard."""
    return tuple(
        Codebook(name, number, codes_of(database, book), tuple(json.loads(questions)), book)
        for book, name, questions, number in database.rows(
            "SELECT codebook.id, name, questions, number FROM codebook"
            " JOIN codebook_version ON codebook_version.id = version_id ORDER BY codebook.id"
        )
    )


def codes_of(database: Database, book: int) -> tuple[Code, ...]:
    """The codes of one codebook in its order, by its number."""
    rows = database.rows(
        f"SELECT {_CODE_COLUMNS} FROM code WHERE codebook_id = ? AND is_removed = 0"
        " ORDER BY position",
        (book,),
    )
    return tuple(_code(row) for row in rows)


def codebook(database: Database, name: str) -> Codebook:
    """The codebook of that name. Raises `NotFound`."""
    books = codebooks(database)
    for book in books:
        if book.name == name:
            return book
    raise NotFound(
        f"there is no codebook “{name}”", wanted=name, there_are=[book.name for book in books]
    )


def codes_for(database: Database, question: str) -> tuple[Code, ...]:
    """The codes that answers to a question can get, in the order of the codebooks."""
    return tuple(
        code for book in codebooks(database) if covers(book, question) for code in book.codes
    )


def covers(book: Codebook, question: str) -> bool:
    """Whether a codebook is for a question."""
    return not book.questions or question in book.questions


def share_a_question(one: Codebook, other: Codebook) -> bool:
    """Whether there is a question that both may code."""
    return (
        not one.questions or not other.questions or bool(set(one.questions) & set(other.questions))
    )


def text_of(database: Database, book: int) -> str:
    """The YAML of a codebook as it was applied, byte for byte."""
    text: str = database.value(
        "SELECT text FROM codebook_version JOIN codebook ON version_id = codebook_version.id"
        " WHERE codebook.id = ?",
        (book,),
    )
    return text


def versions(database: Database, book: int) -> tuple[Version, ...]:
    """Every version of a codebook, oldest first, the present one last."""
    return tuple(
        Version(version, uid, number, text, at, by, json.loads(about))
        for version, uid, number, text, at, by, about in database.rows(
            "SELECT codebook_version.id, lower(hex(step.uid)), number, text, at, by_name, detail"
            " FROM codebook_version JOIN step ON step.id = step_id WHERE codebook_id = ?"
            " ORDER BY clock, step.uid",
            (book,),
        )
    )


WORDS = "words"
"""Under which name the journal keeps what of an adjudicated answer went into a codebook."""


def words_of_cases(database: Database) -> list[str]:
    """What adjudicators put into the codebooks in words of answers."""
    return [
        words
        for (words,) in database.rows(
            f"SELECT DISTINCT json_extract(detail, '$.{WORDS}') AS words FROM step"
            " WHERE kind = 'codebook' AND detail <> '' AND words IS NOT NULL"
        )
    ]


def counted(database: Database) -> str:
    """SQL for where codings stand under the codes that they count as.

    Without merges that is the table itself, which is read in two thirds of the time.
    """
    merged = database.value("SELECT EXISTS (SELECT 1 FROM code WHERE counts_as IS NOT NULL)")
    return "v_counted" if merged else "coding"


USED = (
    "SELECT code_id FROM coding UNION ALL SELECT value FROM verdict, json_each(verdict.codes)"
    " UNION ALL SELECT value ->> 0 FROM repeated, json_each(repeated.state, '$.codings')"
)
"""SQL for the codes put on answers, the first time or again, and those that settle answers."""


def codings_of(database: Database, code_id: int) -> int:
    """How many codings a code has, with those of repeats and the answers settled with it."""
    return int(database.value(f"SELECT count(*) FROM ({USED}) WHERE code_id = ?", (code_id,)))


def shared_uids(database: Database, book: int) -> set[bytes]:
    """The global ids that any copy gives to the codes that were ever added to a codebook.

    A code with another one is from when every copy drew its own.
    """
    name = database.value("SELECT name FROM codebook WHERE id = ?", (book,))
    added = Counter(
        path for each in versions(database, book) for path in each.about.get("added", ())
    )
    return {
        journal.uid_of(database, "code", name, path, nth)
        for path, count in added.items()
        for nth in range(count)
    }
