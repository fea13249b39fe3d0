"""Edits by which a codebook lives on: merge, split, redefine, and keep what an old text lacks.

Like those of `editing` they change the lines that they are about, are checked before they are
handed out, and raise `version` by one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from qualcode.codebooks.editing import (
    cannot,
    check_free,
    edited,
    entry_edit,
    joined,
    move,
    place_of,
    renumbered,
    target_of,
)
from qualcode.codebooks.layout import Layout
from qualcode.codebooks.links import why_not_merged
from qualcode.codebooks.nodes import quoted
from qualcode.codebooks.reading import check_key, default_name, read
from qualcode.codebooks.writing import code_lines, scalar
from qualcode.errors import Conflict, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qualcode.codebooks.layout import Edit
    from qualcode.codebooks.nodes import Node
    from qualcode.model import Code

Words: TypeAlias = str | tuple[str, ...]
DEFINING = ("name", "definition", "include", "exclude", "examples", "keywords")
"""The fields that `redefine` may change."""


def merge(text: str, path: str, into: str) -> str:
    """`text` in which the code at `path` is retired and counts as the one at `into`.

    The codes below it move below the other. Raises NotFound for a path without a code, Conflict
    where the two cannot count as one, either is out of use, or a key below is taken.
    """
    reading = read(text)
    place_of(reading, path)
    place_of(reading, into)
    by_path = reading.codebook.by_path()
    if fault := why_not_merged(by_path[path], by_path[into]):
        raise Conflict(fault)
    _check_whole(by_path[path])
    if by_path[into].is_retired:
        raise Conflict(f"{quoted(into)} is retired: nothing can be merged into it")
    result = text
    for code in reading.codebook:
        if code.parent == path:
            result = move(result, code.path, into)
    result = _marked(result, path, {"retired": True, "merged_into": into})
    return renumbered(result, reading.codebook.version + 1)


def split(text: str, path: str, new: Mapping[str, str]) -> str:
    """`text` in which the code at `path` is retired, and codes beside it stand in its place.

    `new` has their keys and names; an empty name is made from the key. They are exclusive, or
    say what an answer is, as the old one. Raises NotFound for a path without a code, InputError
    for what cannot be a key and for fewer than two, Conflict where a key is taken.
    """
    reading = read(text)
    place = place_of(reading, path)
    old = reading.codebook.by_path()[path]
    _check_whole(old)
    if len(new) < 2:  # noqa: PLR2004 - one code in the place of another is a new key
        raise InputError("a code is split into two or more", hint="`rename` gives it another key")
    codes = [_beside(old, key, name) for key, name in new.items()]
    for code in codes:
        check_free(reading, code.path)
    layout = Layout(text)
    lines = layout.item_lines(place)
    if lines is None:
        raise cannot(place.node)
    indent = " " * place.siblings.column
    block = layout.newline.join(line for code in codes for line in code_lines(code, indent))
    into = tuple(code.path for code in codes)
    changes: dict[str, Words | bool] = {"retired": True, "split_into": into}
    expected: list[Code] = []
    below = [code for code in reading.codebook if code.path.startswith(f"{path}/")]
    for code in reading.codebook:
        expected.append(_changed(code, changes) if code.path == path else code)
        if code == (below[-1] if below else old):
            expected += codes
    edits = [
        *_entries(text, place.node, changes),
        layout.lines_at(layout.start(lines.stop), block),
    ]
    return edited(text, reading, edits, expected)


def redefine(text: str, path: str, changes: Mapping[str, Words]) -> str:
    """`text` with other words for a code; the same text if they are not other.

    `changes` has some of `DEFINING`. Raises NotFound for a path without a code.
    """
    reading = read(text)
    place_of(reading, path)
    code = reading.codebook.by_path()[path]
    other = {field: words for field, words in changes.items() if getattr(code, field) != words}
    if not other:
        return text
    return _marked(text, path, other)


def kept(text: str, codes: Sequence[Code]) -> tuple[str, dict[str, str]]:
    """`text` with more codes, retired, at the end of the code above or of all.

    Gives the path that each has now by the one it had: where that is taken, its key gets a
    number. `version` stays.
    """
    paths: dict[str, str] = {}
    version = read(text).codebook.version
    for code in codes:
        text, paths[code.path] = _added(text, code, paths.get(code.parent, code.parent))
    return renumbered(text, version), paths


def _added(text: str, code: Code, parent: str) -> tuple[str, str]:
    reading = read(text)
    there = reading.codebook.by_path()
    parent = parent if parent in there else ""
    if not there:
        raise cannot(reading.root)
    path = joined(parent, code.key)
    number = 2
    while path in there:
        path = joined(parent, f"{code.key}-{number}")
        number += 1
    new = replace(code, path=path, hotkey="", is_retired=True, merged_into="", split_into=(), id=0)
    layout = Layout(text)
    target = target_of(layout, reading, parent)
    block = layout.newline.join(code_lines(new, " " * target.column))
    expected = list(reading.codebook)
    within = [
        place
        for place, each in enumerate(expected)
        if not parent or each.path == parent or each.path.startswith(f"{parent}/")
    ]
    expected.insert(within[-1] + 1, new)
    edits = [*target.edits, layout.lines_at(target.offset, target.heading + block)]
    return edited(text, reading, edits, expected), path


def _check_whole(code: Code) -> None:
    """Raise Conflict for a code that is merged or split already."""
    if code.merged_into:
        raise Conflict(f"{quoted(code.path)} is merged into {quoted(code.merged_into)} already")
    if code.split_into:
        into = ", ".join(map(quoted, code.split_into))
        raise Conflict(f"{quoted(code.path)} is split into {into} already")


def _beside(old: Code, key: str, name: str) -> Code:
    if fault := check_key(key):
        raise InputError(fault)
    return replace(
        old,
        path=joined(old.parent, key),
        name=name or default_name(key),
        hotkey="",
        definition="",
        include=(),
        exclude=(),
        examples=(),
        keywords=(),
        is_retired=False,
    )


def _marked(text: str, path: str, changes: Mapping[str, Words | bool]) -> str:
    """`text` with other entries for one code."""
    reading = read(text)
    edits = _entries(text, reading.places[path].node, changes)
    codes = [_changed(code, changes) if code.path == path else code for code in reading.codebook]
    return edited(text, reading, edits, codes)


def _changed(code: Code, changes: Mapping[str, Words | bool]) -> Code:
    values = {("is_retired" if field == "retired" else field): v for field, v in changes.items()}
    if not values.get("name", code.name):
        values["name"] = default_name(code.key)
    return replace(code, **cast("dict[str, Any]", values))


def _entries(text: str, node: Node, changes: Mapping[str, Words | bool]) -> Iterable[Edit]:
    in_list = node.style == "flow"
    for field, value in changes.items():
        yield entry_edit(text, node, field, _written(value, in_list=in_list))


def _written(value: Words | bool, *, in_list: bool) -> str:  # noqa: FBT001 - a value of the file
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return scalar(value, in_list=in_list)
    return f"[{', '.join(scalar(text, in_list=True) for text in value)}]"
