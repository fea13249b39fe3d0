"""What a new version of a codebook changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qualcode.codebooks.differences import CodebookChange

_SILENT = {("", "version"), ("", "order")}


def told(changes: Iterable[CodebookChange]) -> tuple[str, ...]:
    """One phrase for each thing that was done; nothing for the number and the order."""
    found = tuple(changes)
    ended = {one.path for one in found if one.field in {"merged_into", "split_into"}}
    return tuple(dict.fromkeys(_phrases(found, ended)))


def _phrases(changes: Iterable[CodebookChange], ended: set[str]) -> Iterator[str]:
    reworded: dict[str, list[str]] = {}
    for one in changes:
        if one.kind == "added":
            yield f"added {one.path}"
        elif one.kind == "removed":
            yield f"removed {one.path}"
        elif one.kind in {"moved", "renamed"}:
            yield f"{one.kind} {one.before} to {one.after}"
        elif one.field in {"merged_into", "split_into"}:
            yield _linked(one)
        elif one.field == "retired":
            if one.path not in ended:
                yield f"{'retired' if one.after == 'true' else 'took back into use'} {one.path}"
        elif (one.path, one.field) not in _SILENT:
            reworded.setdefault(one.path, []).append(one.field)
    for path, fields in reworded.items():
        yield f"changed {', '.join(fields)} of {path or 'the codebook'}"


def _linked(one: CodebookChange) -> str:
    verb = "merged" if one.field == "merged_into" else "split"
    if not one.after:
        return f"{one.path} is no longer {verb}"
    return f"{verb} {one.path} into {one.after.replace('; ', ', ')}"
