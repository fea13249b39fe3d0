"""Codebooks between their YAML text and the study."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from qualcode import codebooks
from qualcode.errors import InputError, NotFound, QualcodeError
from qualcode.model import Codebook
from qualcode.store import codebook, codebook_applying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from qualcode.codebooks import CodebookChange, Words
    from qualcode.model import Code, Question
    from qualcode.store.codebook_applying import Applied
    from qualcode.store.connection import Database


def apply_file(database: Database, path: Path, *, by: str) -> Applied:
    """Add the codebook of a file, or bring the one of the same name up to it.

    Raises `InputError` naming the line, `Conflict` if a coding would be lost.
    """
    text, book = codebooks.load(path)
    return codebook_applying.apply(database, text, book, by=by, source=str(path))


def diff_file(database: Database, path: Path) -> tuple[CodebookChange, ...]:
    """What applying a file would change."""
    _, book = codebooks.load(path)
    try:
        present = codebook.codebook(database, book.name)
    except NotFound:
        return codebooks.diff(Codebook(book.name, 0, ()), book)
    stored = codebooks.parse(codebook.text_of(database, present.id), present.name)
    return codebooks.diff(stored, book)


def chosen(database: Database, name: str = "") -> Codebook:
    """The codebook of that name, or the only one.

    Raises `InputError` if there are several and `name` is empty, `NotFound` if there is none.
    """
    books = codebook.codebooks(database)
    if name:
        return codebook.codebook(database, name)
    if not books:
        raise NotFound("the study has no codebook yet", hint="qualcode codebook apply adds one")
    if len(books) > 1:
        raise InputError(
            "the study has several codebooks: say which with --codebook",
            hint=f"it has {', '.join(f'“{book.name}”' for book in books)}",
        )
    return books[0]


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

    Raises `NotFound`, also for one that was merged into another.
    """
    books = [book for book in codebook.codebooks(database) if codebook.covers(book, question.key)]
    found = _matching(wanted, [(book, code) for book in books for code in book.codes])[1]
    check_not_merged(found)
    return found


def check_not_merged(code: Code) -> None:
    """Raise `NotFound` for a code that counts as another: nothing can be said of it alone."""
    if code.merged_into:
        raise NotFound(
            f"“{code.path}” was merged into “{code.merged_into}”, and counts as that",
            hint=f"ask for {code.merged_into}",
        )


def _matching(wanted: str, everything: list[tuple[Codebook, Code]]) -> tuple[Codebook, Code]:
    for name in ("path", "key", "name"):
        found = [(book, code) for book, code in everything if getattr(code, name) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join(f"{code.path} of “{book.name}”" for book, code in found)
            raise NotFound(
                f"“{wanted}” is not one code but {len(found)}: {places}",
                hint="ask for one of these paths"
                if len({code.path for _, code in found}) == len(found)
                else "say which with --codebook NAME",
            )
    raise NotFound(
        f"there is no code “{wanted}”",
        wanted=wanted,
        there_are=[code.path for _, code in everything],
    )


def rename(database: Database, wanted: str, new_key: str, *, by: str, within: str = "") -> Applied:
    """Give a code, of the codebook `within`, another key; its codings stay with it."""
    with _found(database, wanted, by=by, within=within) as (book, code):
        renamed = f"{code.parent}/{new_key}".lstrip("/")
        return edit(
            database,
            book,
            lambda text: codebooks.rename(text, code.path, new_key),
            by=by,
            renamed=_below(book, code.path, renamed),
        )


def move(database: Database, wanted: str, parent: str, *, by: str, within: str = "") -> Applied:
    """Put a code, with those below it, under another; an empty `parent` is the top."""
    with _found(database, wanted, by=by, within=within) as (book, code):
        above = find_code(database, parent, within=book.name)[1].path if parent else ""
        moved = f"{above}/{code.key}".lstrip("/")
        return edit(
            database,
            book,
            lambda text: codebooks.move(text, code.path, above),
            by=by,
            renamed=_below(book, code.path, moved),
        )


def retire(database: Database, wanted: str, *, by: str, within: str = "") -> Applied:
    """Keep a code and its codings, but let nobody apply it any more."""
    with _found(database, wanted, by=by, within=within) as (book, code):
        return edit(database, book, lambda text: codebooks.retire(text, code.path), by=by)


def merge(database: Database, wanted: str, into: str, *, by: str, within: str = "") -> Applied:
    """Let a code count as another from now on; what coders did stays as they did it."""
    with _found(database, wanted, by=by, within=within) as (book, code):
        other = find_code(database, into, within=book.name)[1]
        below = {
            each.path: f"{other.path}/{each.path[len(code.path) + 1 :]}"
            for each in book.codes
            if each.path.startswith(f"{code.path}/")
        }
        return edit(
            database,
            book,
            lambda text: codebooks.merge(text, code.path, other.path),
            by=by,
            renamed=below,
        )


def split(
    database: Database, wanted: str, new: Mapping[str, str], *, by: str, within: str = ""
) -> Applied:
    """Retire a code for those beside it that `new` names by their keys; its answers are open."""
    with _found(database, wanted, by=by, within=within) as (book, code):
        return edit(database, book, lambda text: codebooks.split(text, code.path, new), by=by)


def redefine(
    database: Database, wanted: str, changes: Mapping[str, Words], *, by: str, within: str = ""
) -> Applied:
    """Give a code other words; nothing changes for its codings."""
    with _found(database, wanted, by=by, within=within) as (book, code):
        return edit(
            database, book, lambda text: codebooks.redefine(text, code.path, changes), by=by
        )


@contextmanager
def _found(
    database: Database, wanted: str, *, by: str, within: str
) -> Iterator[tuple[Codebook, Code]]:
    """The code that is to be edited, and its codebook, in one transaction.

    One that is only kept beside the codebook, since copies were merged, is put into it first.
    """
    with database.transaction():
        book, code = find_code(database, wanted, within=within)
        text = codebook.text_of(database, book.id)
        if code.path not in codebooks.parse(text, book.name).by_path():
            text, paths = codebooks.kept(text, [code])
            text = codebooks.renumbered(text, book.version + 1)
            new = codebooks.parse(text, book.name)
            codebook_applying.apply(database, text, new, by=by, source=book.name, renamed=paths)
            book = codebook.codebook(database, book.name)
            code = book.by_path()[paths[code.path]]
        yield book, code


def edit(
    database: Database,
    book: Codebook,
    edit: Callable[[str], str],
    *,
    by: str,
    renamed: Mapping[str, str] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Applied:
    """Change the text of a codebook; `detail` goes into the journal."""
    with database.transaction():
        text = edit(codebook.text_of(database, book.id))
        new = codebooks.parse(text, book.name)
        if new.name != book.name:
            raise QualcodeError(f"the edit changed the name of “{book.name}”")
        return codebook_applying.apply(
            database, text, new, by=by, source=book.name, renamed=renamed, detail=detail
        )


def _below(book: Codebook, old: str, new: str) -> dict[str, str]:
    """The new paths of a code and those below it, by the old ones."""
    return {
        code.path: new + code.path[len(old) :]
        for code in book.codes
        if code.path == old or code.path.startswith(f"{old}/")
    }
