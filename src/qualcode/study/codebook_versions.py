"""The versions of a codebook: what each changed, and how to bring an earlier one back.

Bringing one back makes a new version of its text. Codes that have come since and hold codings
stay, retired; a merge or split that has come since is gone with its text, and what coders did
counts again as they did it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import codebooks
from qualcode.codebooks import CodebookChange, diff, told
from qualcode.errors import NotFound
from qualcode.store import codebook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Code, Codebook
    from qualcode.store.codebook import Applied, Version
    from qualcode.store.connection import Database


def in_words(everything: Sequence[Version]) -> list[tuple[str, ...]]:
    """What each of all versions changed, oldest first; an undo says what it took back."""
    books = [codebooks.parse(version.text, str(version.number)) for version in everything]
    words: dict[int, tuple[str, ...]] = {}
    past: list[Version] = []
    undone: list[Version] = []
    for place, version in enumerate(everything):
        taken = _step(version, past, undone)
        if taken.id != version.id:
            verb = "took back" if version.verb == "undo" else "did again"
            words[version.id] = tuple(f"{verb}: {done}" for done in words[taken.id])
        elif place == 0:
            words[version.id] = (f"first version, {len(books[0].codes):,} codes",)
        else:
            back = f"brought back version {version.about.get('of')}"
            start = (back,) if version.verb == "restore" else ()
            done = told(diff(books[place - 1], books[place]))
            words[version.id] = (*start, *done) or ("wording outside the codes",)
    return list(words.values())


def between(
    database: Database, book: Codebook, first: int, last: int | None = None
) -> tuple[CodebookChange, ...]:
    """What changed from one version to another, or to the present one. Raises `NotFound`."""
    old = _text(_numbered(database, book, first), book)
    if last is None:
        return diff(old, codebooks.parse(codebook.text_of(database, book.id), book.name))
    return diff(old, _text(_numbered(database, book, last), book))


def _text(version: Version, book: Codebook) -> Codebook:
    return codebooks.parse(version.text, book.name)


def _numbered(database: Database, book: Codebook, number: int) -> Version:
    """The last version that has a number: a text may change without it."""
    found = [each for each in codebook.versions(database, book.id) if each.number == number]
    if not found:
        raise NotFound(
            f"“{book.name}” has no version {number}",
            hint="`qualcode codebook versions` lists them",
        )
    return found[-1]


def restore(database: Database, book: Codebook, number: int, *, by: str) -> Applied:
    """Make the codebook what it was in an earlier version. Raises `NotFound`."""
    with database.transaction():
        version = _numbered(database, book, number)
        return _bring_back(database, book, version, "restore", by=by)


def undo(database: Database, book: Codebook, *, by: str) -> Applied | None:
    """Make the codebook what it was before its last change that stands; None if there is none."""
    with database.transaction():
        past, _ = standing(codebook.versions(database, book.id))
        if len(past) < 2:  # noqa: PLR2004 - the first version has none before it
            return None
        return _bring_back(database, book, past[-2], "undo", by=by)


def redo(database: Database, book: Codebook, *, by: str) -> Applied | None:
    """Bring back what the last undo took back, unless something was changed since; else None."""
    with database.transaction():
        _, undone = standing(codebook.versions(database, book.id))
        return _bring_back(database, book, undone[-1], "redo", by=by) if undone else None


def standing(everything: Sequence[Version]) -> tuple[list[Version], list[Version]]:
    """The versions that stand, the present one last, and those that were undone."""
    past: list[Version] = []
    undone: list[Version] = []
    for version in everything:
        _step(version, past, undone)
    return past, undone


def _step(version: Version, past: list[Version], undone: list[Version]) -> Version:
    """Let a version change what stands; gives the one that it undid or did again, else itself."""
    if version.verb == "undo":
        undone.append(past.pop())
        return undone[-1]
    if version.verb == "redo":
        past.append(undone.pop())
        return past[-1]
    past.append(version)
    undone.clear()
    return version


def _bring_back(
    database: Database, book: Codebook, version: Version, verb: str, *, by: str
) -> Applied:
    old = codebooks.parse(version.text, book.name)
    matched = _matched(database, book, version, old)
    stays = {code.id for code in matched.values()}
    used = [
        code
        for code in book.codes
        if code.id not in stays and codebook.codings_of(database, code.id)
    ]
    text, paths = codebooks.kept(version.text, used)
    text = codebooks.renumbered(text, book.version + 1)
    matched |= {paths[code.path]: code for code in used}
    return codebook.apply(
        database,
        text,
        codebooks.parse(text, book.name),
        by=by,
        source=f"version {version.number}",
        matched=matched,
        detail={"verb": verb, "of": version.number},
    )


def _matched(
    database: Database, book: Codebook, version: Version, old: Codebook
) -> dict[str, Code]:
    """The codes of an earlier version, by their paths there: the same rows as now."""
    then = {code.path: code for code in book.codes}
    for later in reversed(codebook.versions(database, book.id)):
        if later.id == version.id:
            break
        before = {new: old_path for old_path, new in later.moved.items()}
        added = set(later.about.get("added", ()))
        then = {before.get(path, path): code for path, code in then.items() if path not in added}
    matched = {path: then[path] for path in old.by_path() if path in then}
    taken = {code.id for code in matched.values()}
    now = book.by_path()
    back = {
        path: now[path]
        for path in old.by_path()
        if path not in matched and path in now and now[path].id not in taken
    }
    return matched | back
