"""The versions of a codebook: what each changed, and how to bring an earlier one back.

Bringing one back makes a new version of its text. Codes that have come since and hold codings
stay, retired; a merge or split that has come since is gone with its text, and what coders did
counts again as they did it.

Each version names the one that it was made from. So what led to the present one is a line, also
where copies went apart and were merged: undo and redo go along that line, and the versions of
other sides are kept beside it, to be looked at and brought back.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from qualcode import codebooks
from qualcode.codebooks import CodebookChange, diff, told
from qualcode.errors import NotFound
from qualcode.store import codebook, codebook_applying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualcode.model import Code, Codebook
    from qualcode.store.codebook import Version
    from qualcode.store.codebook_applying import Applied
    from qualcode.store.connection import Database


@dataclass(frozen=True, slots=True)
class Line:
    """What led to a version: all `walked`, itself last; of these the `past` that stands.

    `undone` are those that redo would bring back. `about` is the version that an undo took back
    or a redo brought back, else the version itself.
    """

    walked: tuple[Version, ...]
    past: tuple[Version, ...]
    undone: tuple[Version, ...]
    about: Version

    @property
    def base(self) -> Version | None:
        """The version from which the last one was made."""
        return self.walked[-2] if len(self.walked) > 1 else None


def lines(everything: Sequence[Version]) -> dict[str, Line]:
    """The line of every version by its `uid`, in the order of time.

    A version from before versions named another was made from the one before it.
    """
    found: dict[str, Line] = {}
    latest = ""
    for version in everything:
        found[version.uid] = _led_to(version, found.get(version.about.get("on", latest)))
        latest = version.uid
    return found


def _led_to(version: Version, base: Line | None) -> Line:
    walked, past, undone = (base.walked, base.past, base.undone) if base else ((), (), ())
    walked = (*walked, version)
    if version.verb == "undo" and past:
        return Line(walked, past[:-1], (*undone, past[-1]), past[-1])
    if version.verb == "redo" and undone:
        return Line(walked, (*past, undone[-1]), undone[:-1], undone[-1])
    return Line(walked, (*past, version), (), version)


def labels(everything: Sequence[Version]) -> dict[str, str]:
    """What each version is called, by its `uid`: its number; beside the line “3.2”, “3.3”."""
    line = {version.uid for version in present(everything).walked}
    found: dict[str, str] = {}
    beside: dict[int, int] = {}
    for version in everything:
        if version.uid in line:
            found[version.uid] = str(version.number)
            continue
        beside[version.number] = beside.get(version.number, 1) + 1
        found[version.uid] = f"{version.number}.{beside[version.number]}"
    return found


def present(everything: Sequence[Version]) -> Line:
    """The line that leads to the present version."""
    return lines(everything)[everything[-1].uid]


def in_words(everything: Sequence[Version]) -> list[tuple[str, ...]]:
    """What each of all versions changed, oldest first; an undo says what it took back."""
    books = {v.uid: codebooks.parse(v.text, str(v.number)) for v in everything}
    names = labels(everything)
    words: dict[str, tuple[str, ...]] = {}
    for uid, line in lines(everything).items():
        version = line.walked[-1]
        if line.about.uid != uid:
            verb = "took back" if version.verb == "undo" else "did again"
            words[uid] = tuple(f"{verb}: {done}" for done in words[line.about.uid])
        elif line.base is None:
            words[uid] = (f"first version, {len(books[uid].codes):,} codes",)
        else:
            of = names.get(version.about.get("from", ""), version.about.get("of"))
            start = (f"brought back version {of}",) if version.verb == "restore" else ()
            done = told(diff(books[line.base.uid], books[uid]))
            words[uid] = (*start, *done) or ("wording outside the codes",)
    return list(words.values())


def between(
    database: Database, book: Codebook, first: str, last: str = ""
) -> tuple[CodebookChange, ...]:
    """What changed from one version to another, or to the present one. Raises `NotFound`."""
    old = _text(_called(database, book, first), book)
    if not last:
        return diff(old, codebooks.parse(codebook.text_of(database, book.id), book.name))
    return diff(old, _text(_called(database, book, last), book))


def _text(version: Version, book: Codebook) -> Codebook:
    return codebooks.parse(version.text, book.name)


def _called(database: Database, book: Codebook, label: str) -> Version:
    """The last version that is called so: a text may change without its number."""
    everything = codebook.versions(database, book.id)
    names = labels(everything)
    found = [version for version in everything if names[version.uid] == label]
    if not found:
        raise NotFound(
            f"“{book.name}” has no version {label}",
            hint="`qualcode codebook versions` lists them",
        )
    return found[-1]


def restore(database: Database, book: Codebook, label: str, *, by: str) -> Applied:
    """Make the codebook what it was in another version. Raises `NotFound`."""
    with database.transaction():
        version = _called(database, book, label)
        return _bring_back(database, book, version, "restore", by=by)


def undo(database: Database, book: Codebook, *, by: str) -> Applied | None:
    """Make the codebook what it was before its last change that stands; None if there is none."""
    with database.transaction():
        past = present(codebook.versions(database, book.id)).past
        if len(past) < 2:  # noqa: PLR2004 - the first version has none before it
            return None
        return _bring_back(database, book, past[-2], "undo", by=by)


def redo(database: Database, book: Codebook, *, by: str) -> Applied | None:
    """Bring back what the last undo took back, unless something was changed since; else None."""
    with database.transaction():
        undone = present(codebook.versions(database, book.id)).undone
        return _bring_back(database, book, undone[-1], "redo", by=by) if undone else None


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
    return codebook_applying.apply(
        database,
        text,
        codebooks.parse(text, book.name),
        by=by,
        source=f"version {version.number}",
        matched=matched,
        detail={"verb": verb, "of": version.number, "from": version.uid},
    )


def _matched(
    database: Database, book: Codebook, version: Version, old: Codebook
) -> dict[str, Code]:
    """The codes of another version, by their paths there: the same rows as now.

    They are followed back to what both lines share, and from there on to the other version.
    """
    every = lines(codebook.versions(database, book.id))
    *_, line = every.values()
    walked = every[version.uid].walked
    pairs = zip(line.walked, walked, strict=False)
    n_shared = sum(1 for _ in takewhile(lambda pair: pair[0].uid == pair[1].uid, pairs))
    here = codebooks.parse(line.walked[-1].text, book.name).by_path()
    # A code that is kept beside the present version gives way to one of the same path.
    then = {code.path: code for code in sorted(book.codes, key=lambda code: code.path in here)}
    for later in reversed(line.walked[n_shared:]):
        before = {new: old_path for old_path, new in later.moved.items()}
        added = set(later.about.get("added", ()))
        then = {before.get(path, path): code for path, code in then.items() if path not in added}
    for later in walked[n_shared:]:
        removed = set(later.about.get("removed", ()))
        then = {
            later.moved.get(path, path): code for path, code in then.items() if path not in removed
        }
    matched = {path: then[path] for path in old.by_path() if path in then}
    taken = {code.id for code in matched.values()}
    now = book.by_path()
    back = {
        path: now[path]
        for path in old.by_path()
        if path not in matched and path in now and now[path].id not in taken
    }
    return matched | back
