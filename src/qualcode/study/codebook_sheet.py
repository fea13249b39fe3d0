"""A codebook as a document: the appendix of a paper, with what was changed from version to version.

A column that no code fills is left out, and so are letters of the keyboard and the names of coders:
an appendix is published.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.exporters.documents import Document, Grid, Section
from qualcode.store import codebook, journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from qualcode.model import Code, Codebook
    from qualcode.store.connection import Database

_STATUSES = {"": "", "dont_know": "don’t know", "refused": "refused", "uncodable": "uncodable"}


def _use(code: Code) -> str:
    """How a code is applied, if not like any other."""
    parts = (
        "exclusive" if code.is_exclusive else "",
        _STATUSES[code.status],
        _ended(code),
    )
    return ", ".join(part for part in parts if part)


def _ended(code: Code) -> str:
    if code.merged_into:
        return f"merged into {code.merged_into}"
    if code.split_into:
        return f"split into {' and '.join(code.split_into)}"
    return "retired" if code.is_retired else ""


def _listed(texts: Sequence[str]) -> str:
    """Texts below each other, and still apart in a form that has them on one line."""
    return "\n".join(f"• {text}" for text in texts) if len(texts) > 1 else "".join(texts)


FIELDS: dict[str, Callable[[Code], str]] = {
    "code": lambda code: code.path,
    "name": lambda code: code.name,
    "definition": lambda code: code.definition,
    "include": lambda code: _listed(code.include),
    "exclude": lambda code: _listed(code.exclude),
    "examples": lambda code: "\n".join(f"“{text}”" for text in code.examples),
    "keywords": lambda code: ", ".join(code.keywords),
    "use": _use,
}
"""What is said of a code, by the name that it has in a document."""

_VERSION_COLUMNS = ("version", "date", "change")


@dataclass(frozen=True, slots=True)
class Version:
    """What applying one version of a codebook changed; `moved` has old paths with the new."""

    name: str
    number: int
    date: str
    is_first: bool = False
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()


def of_study(database: Database, name: str = "") -> Document:
    """The codebooks of a study, or the one of that name. Raises `NotFound`."""
    books = (codebook.codebook(database, name),) if name else codebook.codebooks(database)
    return codebook_document(books, tuple(versions(database)))


def versions(database: Database) -> Iterator[Version]:
    """Every version of every codebook, oldest first, as the journal has them."""
    known: set[str] = set()
    for entry in journal.entries(database):
        found = dict(zip(journal.JOURNAL_COLUMNS, entry, strict=True))
        if found["act"] == "codebook":
            about = json.loads(found["detail"])["about"]
            yield _version(found, about, is_first=about["codebook"] not in known)
            known.add(about["codebook"])


def _version(entry: dict[str, Any], about: dict[str, Any], *, is_first: bool) -> Version:
    added, changed, removed = (
        tuple(about.get(what, ())) for what in ("added", "changed", "removed")
    )
    return Version(
        about["codebook"],
        about["version"],
        entry["time"][: len("2000-01-01")],
        is_first,
        added,
        changed,
        tuple((old, new) for old, new in about.get("moved", ())),
        removed,
    )


def codebook_document(books: Sequence[Codebook], log: Iterable[Version] = ()) -> Document:
    """The codebooks, each with its changelog where `log` has more than its first version."""
    past = tuple(log)
    sections = (
        section
        for book in books
        for section in _sections(book, [each for each in past if each.name == book.name])
    )
    title = f"Codebook: {books[0].name}" if len(books) == 1 else "Codebooks"
    return Document(title, tuple(sections))


def _sections(book: Codebook, past: Sequence[Version]) -> Iterator[Section]:
    heading = f"{book.name}, version {book.version}"
    yield Section(heading, tuple(_about(book)), grid=_codes(book))
    if len(past) > 1:
        rows = tuple((str(each.number), each.date, _change(each)) for each in past)
        yield Section(f"Changes of {book.name}", grid=Grid(_VERSION_COLUMNS, rows))


def _about(book: Codebook) -> Iterator[str]:
    alive = sum(not code.is_retired for code in book)
    retired = len(book.codes) - alive
    yield f"{alive:,} codes{f', and {retired:,} retired' if retired else ''}."
    if book.questions:
        yield f"For the questions {', '.join(book.questions)}."


def _codes(book: Codebook) -> Grid:
    columns = {name: [shown(code) for code in book] for name, shown in FIELDS.items()}
    filled = {name: cells for name, cells in columns.items() if any(cells) or name == "code"}
    return Grid(tuple(filled), tuple(zip(*filled.values(), strict=True)))


def _change(version: Version) -> str:
    moved = tuple(f"{old} → {new}" for old, new in version.moved)
    if version.is_first:
        return f"first version, {len(version.added):,} codes"
    kinds = {
        "added": version.added,
        "changed": version.changed,
        "moved": moved,
        "removed": version.removed,
    }
    parts = (f"{kind}: {', '.join(paths)}" for kind, paths in kinds.items() if paths)
    return "; ".join(parts) or "wording outside the codes"
