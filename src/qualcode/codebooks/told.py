"""What a new version of a codebook changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qualcode.codebooks.differences import CodebookChange

_SILENT = {("", "version"), ("", "order")}
_LINKS = {"merged_into": "merged", "split_into": "split"}


def told(changes: Iterable[CodebookChange]) -> tuple[str, ...]:
    """One phrase for each thing that was done; nothing for the number and the order."""
    found = tuple(changes)
    phrases = (_phrase(one, found) for one in found)
    return tuple(dict.fromkeys((*filter(None, phrases), *_reworded(found))))


def _phrase(one: CodebookChange, changes: tuple[CodebookChange, ...]) -> str:
    """What was done, empty where that is said elsewhere."""
    if one.kind == "added":
        is_part = any(
            one.path in other.after.split("; ") for other in changes if other.field == "split_into"
        )
        return "" if is_part else f"added {one.path}"
    if one.kind == "removed":
        return f"removed {one.path}"
    if one.kind in {"moved", "renamed"}:
        return f"{one.kind} {one.before} to {one.after}"
    if verb := _LINKS.get(one.field):
        into = one.after.replace("; ", ", ")
        return f"{verb} {one.path} into {into}" if into else f"{one.path} is no longer {verb}"
    if one.field == "retired":
        is_linked = any(each.field in _LINKS for each in changes if each.path == one.path)
        verb = "retired" if one.after == "true" else "took back into use"
        return "" if is_linked else f"{verb} {one.path}"
    return ""


def _reworded(changes: tuple[CodebookChange, ...]) -> Iterator[str]:
    fields: dict[str, list[str]] = {}
    for one in changes:
        is_said = one.kind != "changed" or one.field in {*_LINKS, "retired"}
        if not is_said and (one.path, one.field) not in _SILENT:
            fields.setdefault(one.path, []).append(one.field)
    for path, names in fields.items():
        yield f"changed {', '.join(names)} of {path or 'the codebook'}"
