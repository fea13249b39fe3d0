"""What is different between two codebooks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.model import Code, Codebook

ChangeKind: TypeAlias = Literal["added", "removed", "moved", "renamed", "changed"]

_FIELDS = {
    "name": "name",
    "hotkey": "hotkey",
    "definition": "definition",
    "include": "include",
    "exclude": "exclude",
    "examples": "examples",
    "keywords": "keywords",
    "exclusive": "is_exclusive",
    "status": "status",
    "retired": "is_retired",
    "merged_into": "merged_into",
    "split_into": "split_into",
}


@dataclass(frozen=True, slots=True)
class CodebookChange:
    """One difference.

    `path` is the path of the code in the new codebook, for ``removed`` in the old one, empty
    for the codebook itself. ``moved`` and ``renamed`` have the field ``path``; ``changed`` has
    the word of the file for its field, or ``order`` for another order of the codes below `path`.
    """

    kind: ChangeKind
    path: str
    field: str = ""
    before: str = ""
    after: str = ""


def diff(old: Codebook, new: Codebook) -> tuple[CodebookChange, ...]:
    """List the changes from `old` to `new`, in the order of `new`, the removed codes last.

    Codes are the same where their paths are. A path that vanished is ``moved`` where its parent
    moved along with it or its key is unique in both codebooks, and ``renamed`` where one new
    code beside it is the same in everything but the key; else it is ``removed``.
    """
    found = _matches(old, new)
    back = {after: before for before, after in found.items()}
    before = old.by_path()
    changes = [*_book_changes(old, new)]
    for code in new:
        if code.path in back:
            changes += _code_changes(before[back[code.path]], code)
        else:
            changes.append(CodebookChange("added", code.path, "name", "", code.name))
    changes += _order_changes(old, new, found)
    changes += [
        CodebookChange("removed", code.path, "name", code.name)
        for code in old
        if code.path not in found
    ]
    return tuple(changes)


def _matches(old: Codebook, new: Codebook) -> dict[str, str]:
    there = new.by_path()
    found = {code.path: code.path for code in old if code.path in there}
    unique = _unique_keys(old).keys() & _unique_keys(new).keys()
    by_key = _unique_keys(new)
    for code in old:
        if code.path in found:
            continue
        beside = f"{found[code.parent]}/{code.key}" if code.parent in found else ""
        candidates = [beside, by_key[code.key]] if code.key in unique else [beside]
        candidates += _renamed(code, old, new, found)
        free = [path for path in candidates if path in there and path not in found.values()]
        if free:
            found[code.path] = free[0]
    return found


def _unique_keys(book: Codebook) -> dict[str, str]:
    counts = Counter(code.key for code in book)
    return {code.key: code.path for code in book if counts[code.key] == 1}


def _renamed(code: Code, old: Codebook, new: Codebook, found: dict[str, str]) -> list[str]:
    """Find the one new code that is `code` but for its key, where `code` has no twin."""
    if code.parent and code.parent not in found:
        return []
    old_paths = old.by_path()
    taken = set(found.values())
    parent = found.get(code.parent, "")
    like = [
        other.path
        for other in new
        if other.parent == parent
        and other.path not in old_paths
        and other.path not in taken
        and _is_same(code, other)
    ]
    twins = [other for other in old if other.parent == code.parent and _is_same(code, other)]
    return like if len(like) == 1 and len(twins) == 1 else []


def _is_same(code: Code, other: Code) -> bool:
    return replace(code, path="", id=0) == replace(other, path="", id=0)


def _book_changes(old: Codebook, new: Codebook) -> Iterator[CodebookChange]:
    for field in ("name", "version", "questions"):
        before, after = _shown(getattr(old, field)), _shown(getattr(new, field))
        if before != after:
            yield CodebookChange("changed", "", field, before, after)


def _code_changes(old: Code, new: Code) -> Iterator[CodebookChange]:
    if old.path != new.path:
        kind: ChangeKind = "moved" if old.key == new.key else "renamed"
        yield CodebookChange(kind, new.path, "path", old.path, new.path)
    for field, attribute in _FIELDS.items():
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            yield CodebookChange("changed", new.path, field, _shown(before), _shown(after))


def _order_changes(old: Codebook, new: Codebook, found: dict[str, str]) -> Iterator[CodebookChange]:
    came_from = {after: before for before, after in found.items()}
    for parent in ("", *(code.path for code in new)):
        below = [code.path for code in new if code.parent == parent and code.path in came_from]
        stayed = set(below)
        before = [
            found[code.path]
            for code in old
            if found.get(code.path) in stayed
            and (found.get(code.parent) if code.parent else "") == parent
        ]
        kept = set(before)
        after = [path for path in below if path in kept]
        if before != after:
            yield CodebookChange("changed", parent, "order", _keys(before), _keys(after))


def _keys(paths: list[str]) -> str:
    return "; ".join(path.rpartition("/")[2] for path in paths)


def _shown(value: str | int | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(value) if isinstance(value, tuple) else str(value)
