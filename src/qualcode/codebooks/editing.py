"""Edits of a codebook's text: the lines they are about change, every other stays as it is.

Each edit is checked before it is handed out: read back, its result must be the codebook that
was asked for. Each raises `version` by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.codebooks.layout import Edit, Layout, shifted
from qualcode.codebooks.nodes import LEVELS, quoted
from qualcode.codebooks.reading import Place, check_key, default_name, parse, read
from qualcode.codebooks.writing import scalar
from qualcode.errors import Conflict, InputError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qualcode.codebooks.nodes import Node
    from qualcode.codebooks.reading import Reading
    from qualcode.model import Code


def rename(text: str, path: str, new_key: str) -> str:
    """`text` with another key for the code at `path`; the same text if it is the key already.

    Raises InputError for what cannot be a key, NotFound for a path without a code, Conflict for
    a key that a sibling has.
    """
    reading = read(text)
    node = _place(reading, path).node
    if fault := check_key(new_key):
        raise InputError(fault)
    code = reading.codebook.by_path()[path]
    if new_key == code.key:
        return text
    new_path = _joined(code.parent, new_key)
    _check_free(reading, new_path)
    key = node.entries["key"][1]
    quote = key.style if key.style in {"'", '"'} else ""
    new = f"{quote}{new_key}{quote}" if quote else scalar(new_key)
    name = node.get("name")
    codes = [_under(code, path, new_path) for code in reading.codebook]
    if name is None or not name.value or name.is_null:
        codes = [
            replace(code, name=default_name(new_key)) if code.path == new_path else code
            for code in codes
        ]
    return _edited(text, reading, [Edit(key.start, key.end, new)], codes)


def retire(text: str, path: str) -> str:
    """`text` with the code at `path` marked as retired; the same text if it is already.

    Raises NotFound for a path without a code.
    """
    reading = read(text)
    node = _place(reading, path).node
    if reading.codebook.by_path()[path].is_retired:
        return text
    if (flag := node.get("retired")) is not None:
        edit = Edit(flag.start, flag.end, "true")
    else:
        edit = Layout(text).entry_below(node, node.entries["key"][1], "retired: true")
    codes = [
        replace(code, is_retired=True) if code.path == path else code for code in reading.codebook
    ]
    return _edited(text, reading, [edit], codes)


def append_item(text: str, path: str, field: str, item: str) -> str:
    """`text` with one more item in a list of the code at `path`; the same text if it is there.

    `field` is include, exclude, examples or keywords. Raises NotFound for a path without a code,
    InputError for a layout in which the list cannot be added to.
    """
    reading = read(text)
    node = _place(reading, path).node
    items = getattr(reading.codebook.by_path()[path], field)
    if item in items:
        return text
    more: dict[str, Any] = {field: (*items, item)}
    longer = replace(reading.codebook.by_path()[path], **more)
    codes = [longer if code.path == path else code for code in reading.codebook]
    return _edited(text, reading, [_appended(Layout(text), node, field, item)], codes)


def _appended(layout: Layout, code: Node, field: str, item: str) -> Edit:
    there = code.get(field)
    plain = scalar(item, in_list=True)
    if there is None:
        last = code.entries["name" if "name" in code.entries else "key"][1]
        return layout.entry_below(code, last, f"{field}: [{plain}]")
    if there.is_null:
        return Edit(there.start, there.end, f"[{plain}]" if there.value else f" [{plain}]")
    if not there.items:
        return Edit(there.start, there.end, f"[{plain}]")
    last = there.items[-1]
    if there.style == "flow":
        return Edit(last.end, last.end, f", {plain}")
    below = layout.start(layout.last_line(last) + 1)
    return layout.lines_at(below, f"{' ' * there.column}- {scalar(item)}")


def move(text: str, path: str, parent: str) -> str:
    """`text` with the code at `path` as the last child of `parent`, at the top if that is empty.

    The lines of the code move with its children and comments. Raises NotFound for a path
    without a code, Conflict for a move below itself or to where its key is taken, InputError
    for a layout in which it has no lines of its own (``[{…}]``).
    """
    reading = read(text)
    place = _place(reading, path)
    if parent:
        _place(reading, parent)
    if _is_within(parent, path):
        raise Conflict(f"{quoted(path)} cannot be moved below itself")
    old_parent, _, key = path.rpartition("/")
    if parent == old_parent and place.index == len(place.siblings.items) - 1:
        return _edited(text, reading, [], list(reading.codebook))
    if parent != old_parent:
        _check_free(reading, _joined(parent, key))
    codes = _with_moved(list(reading.codebook), path, parent)
    if max(code.depth for code in codes) >= LEVELS:
        raise InputError(f"nested too deeply: {LEVELS} levels of codes are the limit")
    return _edited(text, reading, _move_edits(text, reading, path, parent), codes)


def _move_edits(text: str, reading: Reading, path: str, parent: str) -> list[Edit]:
    place = reading.places[path]
    layout = Layout(text)
    lines = layout.item_lines(place)
    if lines is None:
        raise _cannot(place.node)
    start, end = layout.start(lines.start), layout.start(lines.stop)
    target = _target(layout, reading, parent)
    block = target.heading + shifted(text[start:end], target.column - place.siblings.column)
    edits = [*target.edits, Edit(start, end, ""), layout.lines_at(target.offset, block)]
    if len(place.siblings.items) == 1:
        colon = _after_colon(text, reading.places[path.rpartition("/")[0]].node)
        edits.append(Edit(colon, colon, " []"))
    return edits


@dataclass(frozen=True, slots=True)
class _Target:
    """Where moved lines go, how far they are indented, and what opens the list for them."""

    offset: int
    column: int
    heading: str = ""
    edits: tuple[Edit, ...] = ()


def _target(layout: Layout, reading: Reading, parent: str) -> _Target:
    above = reading.places[parent].node if parent else reading.root
    children = above.get("children" if parent else "codes")
    if children is not None and children.items:
        last = Place(children.items[-1], children, len(children.items) - 1)
        if (lines := layout.item_lines(last)) is None:
            raise _cannot(above)
        return _Target(layout.start(lines.stop), children.column)
    lines = layout.item_lines(reading.places[parent])
    if above.style == "flow" or lines is None:
        raise _cannot(above)
    column = above.column + reading.root.entries["codes"][1].column - reading.root.column
    if children is None:
        heading = " " * above.column + "children:" + layout.newline
        return _Target(layout.start(lines.stop), column, heading)
    colon = _after_colon(layout.text, above)
    on_one_line = layout.line(colon) == layout.line(children.end)
    if not on_one_line or not 0 < colon <= children.end:
        raise _cannot(children)
    below = layout.start(layout.line(colon) + 1)
    return _Target(below, column, edits=(Edit(colon, children.end, ""),))


def _edited(text: str, reading: Reading, edits: Iterable[Edit], codes: list[Code]) -> str:
    layout = Layout(text)
    version = reading.codebook.version + 1
    if (node := reading.root.get("version")) is not None:
        raised = Edit(node.start, node.end, str(version))
    else:
        name = reading.root.entries["codebook"][1]
        raised = layout.entry_below(reading.root, name, f"version: {version}")
    result = layout.changed([*edits, raised])
    expected = replace(reading.codebook, version=version, codes=tuple(codes))
    try:
        is_right = parse(result) == expected
    except InputError:
        is_right = False
    if not is_right:
        raise _cannot(reading.root)
    return result


def _after_colon(text: str, code: Node) -> int:
    return text.find(":", code.entries["children"][0].end) + 1


def _place(reading: Reading, path: str) -> Place:
    if path not in reading.places:
        raise NotFound(
            f"there is no code {quoted(path)}", wanted=path, there_are=tuple(reading.places)
        )
    return reading.places[path]


def _check_free(reading: Reading, path: str) -> None:
    if path in reading.places:
        raise Conflict(f"there is a code {quoted(path)} already")


def _joined(parent: str, key: str) -> str:
    return f"{parent}/{key}" if parent else key


def _is_within(path: str, above: str) -> bool:
    return path == above or path.startswith(f"{above}/")


def _with_moved(codes: list[Code], path: str, parent: str) -> list[Code]:
    new_path = _joined(parent, path.rpartition("/")[2])
    moved = [_under(code, path, new_path) for code in codes if _is_within(code.path, path)]
    rest = [code for code in codes if not _is_within(code.path, path)]
    within = [i for i, code in enumerate(rest) if not parent or _is_within(code.path, parent)]
    at = within[-1] + 1
    return [*rest[:at], *moved, *rest[at:]]


def _under(code: Code, path: str, new_path: str) -> Code:
    if not _is_within(code.path, path):
        return code
    return replace(code, path=new_path + code.path.removeprefix(path))


def _cannot(node: Node) -> InputError:
    return InputError(
        "this cannot be edited in place: its layout is too unusual",
        source="codebook",
        row=node.line,
        hint="change the file in an editor and apply it (lists of codes as lines, not in […])",
    )
