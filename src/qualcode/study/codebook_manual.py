"""The manual for coders: every code with its key on the keyboard, and what was changed by whom.

It is for the team: the appendix of a paper (`codebook_sheet`) has no letters and no names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InputError
from qualcode.exporters.documents import Document, Grid, Ref, Section, write_document
from qualcode.store import codebook
from qualcode.study import codebook_versions
from qualcode.study.codebook_sheet import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.model import Code, Codebook
    from qualcode.store.connection import Database

ENDINGS = (".html", ".md")
_ASIDE = {"code", "name"}


def write(database: Database, name: str, path: Path) -> None:
    """Write the manual of the codebook of that name, or of all.

    Raises `InputError` for another ending than .html and .md, `NotFound` for an unknown name.
    """
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"a manual is {' or '.join(ENDINGS)}, which {path.name} is not")
    write_document(path, manual(database, name))


def manual(database: Database, name: str = "") -> Document:
    """The manual of the codebook of that name, or of all. Raises `NotFound`."""
    books = (codebook.codebook(database, name),) if name else codebook.codebooks(database)
    title = f"Coding manual: {books[0].name}" if len(books) == 1 else "Coding manual"
    sections = (section for book in books for section in _sections(database, book))
    return Document(title, tuple(sections))


def _sections(database: Database, book: Codebook) -> Iterator[Section]:
    numbers = _numbers(book)
    contents = tuple(
        (f"{numbers[code.path]} ", Ref(code.name, _target(book, code)), _beside(code))
        for code in book
    )
    limits = f"For the questions {', '.join(book.questions)}." if book.questions else ""
    about = (limits,) if limits else ()
    yield Section(f"{book.name}, version {book.version}", (*about, *contents))
    for code in book:
        yield Section(f"{numbers[code.path]} {code.name}", grid=_sheet(book, code))
    yield Section(f"Changes of {book.name}", grid=_changes(database, book))


def _numbers(book: Codebook) -> dict[str, str]:
    """The number of every code: 2.1 is the first below the second."""
    found: dict[str, str] = {}
    below: dict[str, int] = {}
    for code in book:
        below[code.parent] = below.get(code.parent, 0) + 1
        above = f"{found[code.parent]}." if code.parent else ""
        found[code.path] = f"{above}{below[code.parent]}"
    return found


def _beside(code: Code) -> str:
    if code.is_retired:
        return f" – {FIELDS['use'](code)}"
    return f" – key {code.hotkey}" if code.hotkey else ""


def _sheet(book: Codebook, code: Code) -> Grid:
    own = {name: shown(code) for name, shown in FIELDS.items() if name not in _ASIDE}
    stands_for = ", ".join(each.path for each in book if each.merged_into == code.path)
    rows = {
        "code": code.path,
        "key on the keyboard": "" if code.is_retired else code.hotkey,
        **own,
        "counts also what was put on as": stands_for,
    }
    filled = tuple((name, text) for name, text in rows.items() if text)
    return Grid(("about", "what it says"), filled, ((0, 1, _target(book, code)),))


def _target(book: Codebook, code: Code) -> str:
    return f"code-{book.id}-{code.path}"


def _changes(database: Database, book: Codebook) -> Grid:
    past = codebook.versions(database, book.id)
    words = codebook_versions.in_words(past)
    line = codebook_versions.present(past).walked
    rows = tuple(
        (str(each.number), each.at[: len("2000-01-01")], each.by, "\n".join(done))
        for each, done in zip(past, words, strict=True)
        if each in line
    )
    return Grid(("version", "date", "by", "change"), rows)
