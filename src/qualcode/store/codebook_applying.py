"""Adding a codebook to the study, or bringing the one of the same name up to a new version.

Codes keep their rows, so that codings stay with them, and their keys on the keyboard.
"""

from __future__ import annotations

import json
import string
from dataclasses import dataclass, replace
from itertools import count as numbers
from typing import TYPE_CHECKING, Any

from qualcode.errors import Conflict, InputError
from qualcode.store import codebook, journal
from qualcode.store.codebook import codebooks, codings_of, share_a_question, text_of
from qualcode.store.codebook_settling import kept_ids, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qualcode.model import Code, Codebook
    from qualcode.store.connection import Database

LETTERS = string.ascii_lowercase + string.ascii_uppercase


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a codebook did; `version` is the number it has now.

    `is_nothing` says that the study held exactly this text already, `same_version` that the
    text changed and its number did not.
    """

    name: str
    version: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    is_new: bool = False
    is_nothing: bool = False
    same_version: bool = False


def apply(
    database: Database,
    text: str,
    new: Codebook,
    *,
    by: str,
    source: str,
    renamed: Mapping[str, str] | None = None,
    matched: Mapping[str, Code] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Applied:
    """Add a codebook, or bring the one of the same name up to `new`.

    Codes are matched by path, by `renamed` (old path to new), or, where a path is gone, by a
    key that is unique in both, or by everything but the key; or as `matched` (new path to the
    code that the study has) says. `detail` goes into the journal. Raises `Conflict` if a code that
    holds codings would be lost or the version goes backwards, `InputError` if keys clash or a
    question is unknown.
    """
    with database.transaction():
        _check_questions(database, new, source)
        row = database.row("SELECT id FROM codebook WHERE name = ?", (new.name,))
        if row is None:
            return _add(database, text, new, by=by, source=source)
        book = row[0]
        old = codebook.codebook(database, new.name)
        if text_of(database, book) == text:
            return Applied(new.name, old.version, is_nothing=True)
        if new.version < old.version:
            raise Conflict(
                f"{source} is version {new.version} of “{new.name}”,"
                f" the study has version {old.version}",
                hint="export the newer one and edit that, or raise `version`",
            )
        if matched is None:
            matched = _match(old, new, renamed or {})
        return _update(
            database, text, old, new, by=by, source=source, matched=matched, detail=detail or {}
        )


def _check_questions(database: Database, new: Codebook, source: str) -> None:
    keys = [key for (key,) in database.rows("SELECT key FROM question ORDER BY id")]
    for key in new.questions:
        if key not in keys:
            raise InputError(
                f"the study has no question “{key}”",
                source=source,
                hint=f"it has {', '.join(keys)}",
            )


def _add(database: Database, text: str, new: Codebook, *, by: str, source: str) -> Applied:
    book = database.run(
        "INSERT INTO codebook (uid, name, questions) VALUES (?, ?, ?)",
        (journal.uid_of(database, "codebook", new.name), new.name, json.dumps(new.questions)),
    )
    codes = _with_hotkeys(database, new, {}, source)
    for position, code in enumerate(codes):
        _insert_code(database, book, position, code, set())
    _add_version(database, book, text, new, by=by, detail={"added": [c.path for c in codes]})
    return Applied(new.name, new.version, tuple(code.path for code in codes), is_new=True)


def _update(
    database: Database,
    text: str,
    old: Codebook,
    new: Codebook,
    *,
    by: str,
    source: str,
    matched: Mapping[str, Code],
    detail: Mapping[str, Any],
) -> Applied:
    kept = {there.id for there in matched.values()}
    beside = kept_ids(database, old.id)
    orphans = [code for code in old.codes if code.id not in kept | beside]
    _refuse_orphans(database, orphans)
    _refuse_narrowing(database, old, new)
    codes = _with_hotkeys(database, new, matched, source)
    database.run("UPDATE code SET is_removed = 1 WHERE codebook_id = ?", (old.id,))
    added, changed, moved = [], [], []
    for position, code in enumerate(codes):
        there = matched.get(code.path)
        if there is None:
            _insert_code(database, old.id, position, code, kept)
            added.append(code.path)
            continue
        _update_code(database, there.id, position, code)
        if there.path != code.path:
            moved.append((there.path, code.path))
        elif replace(code, id=there.id) != there:
            changed.append(code.path)
    database.run(
        "UPDATE codebook SET questions = ? WHERE id = ?", (json.dumps(new.questions), old.id)
    )
    result = Applied(
        new.name,
        new.version,
        tuple(added),
        tuple(changed),
        tuple(moved),
        tuple(code.path for code in orphans),
        same_version=new.version == old.version,
    )
    changes = {
        "added": result.added,
        "changed": result.changed,
        "moved": result.moved,
        "removed": result.removed,
    }
    _add_version(database, old.id, text, new, by=by, detail={**changes, **detail})
    return result


def _match(old: Codebook, new: Codebook, renamed: Mapping[str, str]) -> dict[str, Code]:
    """New path to the code that the study has for it."""
    before, after = old.by_path(), new.by_path()
    matched = {path: before[path] for path in after if path in before}
    for old_path, new_path in renamed.items():
        if old_path in before and new_path in after:
            matched[new_path] = before[old_path]
    taken = {code.path for code in matched.values()}
    lost = _unique_by_key(code for code in old.codes if code.path not in taken)
    fresh = _unique_by_key(code for code in new.codes if code.path not in matched)
    for key in lost.keys() & fresh.keys():
        matched[fresh[key].path] = lost[key]
    return matched | _renamed(old, new, matched)


def _renamed(old: Codebook, new: Codebook, matched: Mapping[str, Code]) -> dict[str, Code]:
    """Codes of which nothing but the key is other: the same code under a new key."""
    kept = {code.id for code in matched.values()}
    lost = _unique_by_words(code for code in old.codes if code.id not in kept)
    fresh = _unique_by_words(code for code in new.codes if code.path not in matched)
    return {fresh[words].path: lost[words] for words in lost.keys() & fresh.keys()}


def _unique_by_words(codes: Iterable[Code]) -> dict[Code, Code]:
    found: dict[Code, list[Code]] = {}
    for code in codes:
        if code.definition:
            words = replace(
                code,
                path=code.parent,
                hotkey="",
                is_retired=False,
                merged_into="",
                split_into=(),
                id=0,
            )
            found.setdefault(words, []).append(code)
    return {words: same[0] for words, same in found.items() if len(same) == 1}


def _unique_by_key(codes: Iterable[Code]) -> dict[str, Code]:
    found: dict[str, list[Code]] = {}
    for code in codes:
        found.setdefault(code.key, []).append(code)
    return {key: same[0] for key, same in found.items() if len(same) == 1}


def _refuse_orphans(database: Database, orphans: list[Code]) -> None:
    used = [
        f"{code.path} ({count})" for code in orphans if (count := codings_of(database, code.id))
    ]
    if used:
        raise Conflict(
            f"codings would be lost: {', '.join(used)} not in the new codebook",
            hint="keep the code, `qualcode codebook rename` or `move` it, or `retire` it",
        )


def _refuse_narrowing(database: Database, old: Codebook, new: Codebook) -> None:
    if not new.questions:
        return
    for key, count in database.rows(
        "SELECT question.key, count(*) FROM coding JOIN code ON code.id = code_id"
        " JOIN response ON response.id = response_id JOIN question ON question.id = question_id"
        " WHERE codebook_id = ? GROUP BY question.id",
        (old.id,),
    ):
        if key not in new.questions:
            raise Conflict(
                f"codings would be lost: {count} on {key}, which `questions` leaves out",
                hint=f"add {key} to `questions`",
            )


def _with_hotkeys(
    database: Database, new: Codebook, matched: Mapping[str, Code], source: str
) -> list[Code]:
    """The codes, each with its letter: the file's, else the one it has, else the next free."""
    others = {
        code.hotkey: f"{code.path} of “{book.name}”"
        for book in codebooks(database)
        if book.name != new.name and share_a_question(book, new)
        for code in book.codes
        if code.hotkey
    }
    _refuse_shared_paths(database, new, source)
    wanted = {code.hotkey for code in new.codes}
    given = {
        code.path: there.hotkey
        for code in new.codes
        if not code.hotkey and (there := matched.get(code.path)) and there.hotkey
        if not (code.is_retired and there.hotkey in wanted)
    }
    holders = {letter: path for path, letter in given.items()} | others
    for code in new.codes:
        if code.hotkey in holders:
            raise InputError(
                f"the hotkey “{code.hotkey}” of {code.path} belongs to {holders[code.hotkey]}",
                source=source,
                hint="a letter once given stays with its code: choose another",
            )
    given |= {code.path: code.hotkey for code in new.codes if code.hotkey}
    used = {*given.values(), *others}
    free = iter(letter for letter in LETTERS if letter not in used)
    return [
        replace(code, hotkey=given.get(code.path) or ("" if code.is_retired else next(free, "")))
        for code in new.codes
    ]


def _refuse_shared_paths(database: Database, new: Codebook, source: str) -> None:
    paths = new.by_path()
    for book in codebooks(database):
        if book.name != new.name and share_a_question(book, new):
            for code in book.codes:
                if code.path in paths:
                    raise InputError(
                        f"the code {code.path} is also in “{book.name}” for the same question",
                        source=source,
                        hint="limit the codebooks to their questions, or use another key",
                    )


def _values(position: int, code: Code) -> tuple[object, ...]:
    lists = (code.include, code.exclude, code.examples, code.keywords)
    return (
        code.path,
        position,
        code.name,
        code.hotkey,
        code.definition,
        *(json.dumps(values, ensure_ascii=False) for values in lists),
        int(code.is_exclusive),
        code.status,
        int(code.is_retired),
        code.merged_into,
        json.dumps(code.split_into),
    )


def _insert_code(database: Database, book: int, position: int, code: Code, kept: set[int]) -> None:
    for (gone,) in database.rows(
        "SELECT id FROM code WHERE codebook_id = ? AND path = ? ORDER BY id DESC", (book, code.path)
    ):
        if gone not in kept:
            _update_code(database, gone, position, code)
            return
    database.run(
        "INSERT INTO code (uid, codebook_id, path, position, name, hotkey, definition, include,"
        " exclude, examples, keywords, is_exclusive, status, is_retired, merged_into,"
        " split_into, is_removed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (_uid_of_code(database, book, code.path), book, *_values(position, code)),
    )


def _uid_of_code(database: Database, book: int, path: str) -> bytes:
    """The global id that any copy gives to a code that is added at this path."""
    name = database.value("SELECT name FROM codebook WHERE id = ?", (book,))
    for nth in numbers():
        uid = journal.uid_of(database, "code", name, path, nth)
        if not database.value("SELECT 1 FROM code WHERE uid = ?", (uid,)):
            return uid
    raise AssertionError


def _update_code(database: Database, code_id: int, position: int, code: Code) -> None:
    database.run(
        "UPDATE code SET path = ?, position = ?, name = ?, hotkey = ?, definition = ?,"
        " include = ?, exclude = ?, examples = ?, keywords = ?, is_exclusive = ?, status = ?,"
        " is_retired = ?, merged_into = ?, split_into = ?, is_removed = 0 WHERE id = ?",
        (*_values(position, code), code_id),
    )


def _add_version(
    database: Database, book: int, text: str, new: Codebook, *, by: str, detail: dict[str, object]
) -> None:
    on = database.value(
        "SELECT lower(hex(step.uid)) FROM codebook JOIN codebook_version"
        " ON version_id = codebook_version.id JOIN step ON step.id = step_id"
        " WHERE codebook.id = ?",
        (book,),
    )
    step = journal.add_note(
        database,
        "codebook",
        by=by,
        detail={"codebook": new.name, "version": new.version, "on": on or "", **detail},
    )
    version = database.run(
        "INSERT INTO codebook_version (codebook_id, number, text, step_id) VALUES (?, ?, ?, ?)",
        (book, new.version, text, step),
    )
    database.run("UPDATE codebook SET version_id = ? WHERE id = ?", (version, book))
    database.run(
        "UPDATE code SET clock = (SELECT clock FROM step WHERE id = ?)"
        " WHERE codebook_id = ? AND is_removed = 0",
        (step, book),
    )
    settle(database, book)
