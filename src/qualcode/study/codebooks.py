"""Codebooks between their YAML text and the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import codebooks
from qualcode.errors import NotFound, QualcodeError
from qualcode.model import Codebook
from qualcode.store import codebook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from qualcode.codebooks import CodebookChange
    from qualcode.model import Code, Question
    from qualcode.store.codebook import Applied
    from qualcode.store.connection import Database


def apply_file(database: Database, path: Path, *, by: str) -> Applied:
    """Add the codebook of a file, or bring the one of the same name up to it.

    Raises `InputError` naming the line, `Conflict` if a coding would be lost.
    """
    text, book = codebooks.load(path)
    return codebook.apply(database, text, book, by=by, source=str(path))


def diff_file(database: Database, path: Path) -> tuple[CodebookChange, ...]:
    """What applying a file would change."""
    _, book = codebooks.load(path)
    try:
        present = codebook.codebook(database, book.name)
    except NotFound:
        return codebooks.diff(Codebook(book.name, 0, ()), book)
    stored = codebooks.parse(codebook.text_of(database, present.id), present.name)
    return codebooks.diff(stored, book)


def find_code(database: Database, wanted: str, *, within: str = "") -> tuple[Codebook, Code]:
    """The code of that path, key or name, where it is unique in the codebook `within` or in all.

    Raises `NotFound`.
    """
    return _matching(
        wanted,
        [
            (book, code)
            for book in codebook.codebooks(database)
            if within in {"", book.name}
            for code in book.codes
        ],
    )


def find_code_for(database: Database, question: Question, wanted: str) -> Code:
    """The code of that path, key or name that answers to a question can get.

    Raises `NotFound`.
    """
    books = [book for book in codebook.codebooks(database) if codebook.covers(book, question.key)]
    return _matching(wanted, [(book, code) for book in books for code in book.codes])[1]


def _matching(wanted: str, everything: list[tuple[Codebook, Code]]) -> tuple[Codebook, Code]:
    for name in ("path", "key", "name"):
        found = [(book, code) for book, code in everything if getattr(code, name) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join(f"{code.path} of “{book.name}”" for book, code in found)
            raise NotFound(
                f"“{wanted}” is not one code but {len(found)}: {places}",
                hint="say which with --codebook NAME",
            )
    raise NotFound(
        f"there is no code “{wanted}”",
        wanted=wanted,
        there_are=[code.path for _, code in everything],
    )


def rename(database: Database, wanted: str, new_key: str, *, by: str, within: str = "") -> Applied:
    """Give a code, of the codebook `within`, another key; its codings stay with it."""
    book, code = find_code(database, wanted, within=within)
    renamed = f"{code.parent}/{new_key}".lstrip("/")
    return edit(
        database,
        book,
        lambda text: codebooks.rename(text, code.path, new_key),
        by=by,
        moved=(code.path, renamed),
    )


def move(database: Database, wanted: str, parent: str, *, by: str, within: str = "") -> Applied:
    """Put a code, with those below it, under another; an empty `parent` is the top."""
    book, code = find_code(database, wanted, within=within)
    above = find_code(database, parent, within=book.name)[1].path if parent else ""
    moved = f"{above}/{code.key}".lstrip("/")
    return edit(
        database,
        book,
        lambda text: codebooks.move(text, code.path, above),
        by=by,
        moved=(code.path, moved),
    )


def retire(database: Database, wanted: str, *, by: str, within: str = "") -> Applied:
    """Keep a code and its codings, but let nobody apply it any more."""
    book, code = find_code(database, wanted, within=within)
    return edit(database, book, lambda text: codebooks.retire(text, code.path), by=by)


def edit(
    database: Database,
    book: Codebook,
    edit: Callable[[str], str],
    *,
    by: str,
    moved: tuple[str, str] | None = None,
    about: Mapping[str, str] | None = None,
) -> Applied:
    """Change the text of a codebook; the journal keeps what the change is `about`."""
    with database.transaction():
        text = edit(codebook.text_of(database, book.id))
        new = codebooks.parse(text, book.name)
        if new.name != book.name:
            raise QualcodeError(f"the edit changed the name of “{book.name}”")
        return codebook.apply(
            database, text, new, by=by, source=book.name, renamed=_below(book, moved), about=about
        )


def _below(book: Codebook, moved: tuple[str, str] | None) -> dict[str, str]:
    if moved is None:
        return {}
    old, new = moved
    return {
        code.path: new + code.path[len(old) :]
        for code in book.codes
        if code.path == old or code.path.startswith(f"{old}/")
    }
