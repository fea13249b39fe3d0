"""Edits of a codebook's text: the lines they are about change, every other stays as it is.

Each edit is checked before it is handed out: read back, its result must be the codebook that
was asked for. Each raises `version` by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qualcode.codebooks.layout import Edit, Layout, shifted
from qualcode.codebooks.nodes import LEVELS, Place, quoted
from qualcode.codebooks.reading import check_key, default_name, parse, read, read_unlinked
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
    node = place_of(reading, path).node
    if fault := check_key(new_key):
        raise InputError(fault)
    code = reading.codebook.by_path()[path]
    if new_key == code.key:
        return text
    new_path = joined(code.parent, new_key)
    check_free(reading, new_path)
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
    edits = [Edit(key.start, key.end, new)]
    return edited(text, reading, edits, codes, moved=(path, new_path))


def retire(text: str, path: str) -> str:
    """`text` with the code at `path` marked as retired; the same text if it is already.

    Raises NotFound for a path without a code.
    """
    reading = read(text)
    node = place_of(reading, path).node
    if reading.codebook.by_path()[path].is_retired:
        return text
    edits = [entry_edit(text, node, "retired", "true")]
    codes = [
        replace(code, is_retired=True) if code.path == path else code for code in reading.codebook
    ]
    return edited(text, reading, edits, codes)


def append_item(text: str, path: str, field: str, item: str) -> str:
    """`text` with one more item in a list of the code at `path`; the same text if it is there.

    `field` is include, exclude, examples or keywords. Raises NotFound for a path without a code,
    InputError for a layout in which the list cannot be added to.
    """
    reading = read(text)
    node = place_of(reading, path).node
    items = getattr(reading.codebook.by_path()[path], field)
    if item in items:
        return text
    more: dict[str, Any] = {field: (*items, item)}
    longer = replace(reading.codebook.by_path()[path], **more)
    codes = [longer if code.path == path else code for code in reading.codebook]
    return edited(text, reading, [_appended(Layout(text), node, field, item)], codes)


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
    place = place_of(reading, path)
    if parent:
        place_of(reading, parent)
    if _is_within(parent, path):
        raise Conflict(f"{quoted(path)} cannot be moved below itself")
    old_parent, _, key = path.rpartition("/")
    if parent == old_parent and place.index == len(place.siblings.items) - 1:
        return edited(text, reading, [], list(reading.codebook))
    if parent != old_parent:
        check_free(reading, joined(parent, key))
    codes = _with_moved(list(reading.codebook), path, parent)
    if max(code.depth for code in codes) >= LEVELS:
        raise InputError(f"nested too deeply: {LEVELS} levels of codes are the limit")
    edits = _move_edits(text, reading, path, parent)
    return edited(text, reading, edits, codes, moved=(path, joined(parent, key)))


def _move_edits(text: str, reading: Reading, path: str, parent: str) -> list[Edit]:
    place = reading.places[path]
    layout = Layout(text)
    lines = layout.item_lines(place)
    if lines is None:
        raise cannot(place.node)
    start, end = layout.start(lines.start), layout.start(lines.stop)
    target = target_of(layout, reading, parent)
    block = target.heading + shifted(text[start:end], target.column - place.siblings.column)
    edits = [*target.edits, Edit(start, end, ""), layout.lines_at(target.offset, block)]
    if len(place.siblings.items) == 1:
        colon = _after_colon(text, reading.places[path.rpartition("/")[0]].node)
        edits.append(Edit(colon, colon, " []"))
    return edits


LINKS = ("merged_into", "split_into")


@dataclass(frozen=True, slots=True)
class Target:
    """Where moved lines go, how far they are indented, and what opens the list for them."""

    offset: int
    column: int
    heading: str = ""
    edits: tuple[Edit, ...] = ()


def target_of(layout: Layout, reading: Reading, parent: str) -> Target:
    """Where the lines of a new last child of `parent`, or of a code at the top, go."""
    above = reading.places[parent].node if parent else reading.root
    children = above.get("children" if parent else "codes")
    if children is not None and children.items:
        last = Place(children.items[-1], children, len(children.items) - 1)
        if (lines := layout.item_lines(last)) is None:
            raise cannot(above)
        return Target(layout.start(lines.stop), children.column)
    lines = layout.item_lines(reading.places[parent])
    if above.style == "flow" or lines is None:
        raise cannot(above)
    column = above.column + reading.root.entries["codes"][1].column - reading.root.column
    if children is None:
        heading = " " * above.column + "children:" + layout.newline
        return Target(layout.start(lines.stop), column, heading)
    colon = _after_colon(layout.text, above)
    on_one_line = layout.line(colon) == layout.line(children.end)
    if not on_one_line or not 0 < colon <= children.end:
        raise cannot(children)
    below = layout.start(layout.line(colon) + 1)
    return Target(below, column, edits=(Edit(colon, children.end, ""),))


def renumbered(text: str, version: int) -> str:
    """`text` with that number as its `version`."""
    reading = read(text)
    return Layout(text).changed([_version_edit(text, reading, version)])


def _version_edit(text: str, reading: Reading, version: int) -> Edit:
    if (node := reading.root.get("version")) is not None:
        return Edit(node.start, node.end, str(version))
    name = reading.root.entries["codebook"][1]
    return Layout(text).entry_below(reading.root, name, f"version: {version}")


def edited(
    text: str,
    reading: Reading,
    edits: Iterable[Edit],
    codes: list[Code],
    moved: tuple[str, str] = ("", ""),
) -> str:
    """`text` after edits, if it then says `codes`; what led to a `moved` path is led on.

    Raises InputError where it says anything else.
    """
    version = reading.codebook.version + 1
    raised = _version_edit(text, reading, version)
    result = Layout(text).changed([*edits, raised])
    expected = replace(reading.codebook, version=version, codes=tuple(codes))
    try:
        result = _led_on(result, *moved)
        is_right = parse(result) == expected
    except InputError:
        is_right = False
    if not is_right:
        raise cannot(reading.root)
    return result


def _led_on(text: str, old: str, new: str) -> str:
    """`text` in which every `merged_into` and `split_into` that led to or below `old` leads on."""
    if not old or not any(field in text for field in LINKS):
        return text
    ways = (
        way
        for place in read_unlinked(text).places.values()
        for field in LINKS
        if (node := place.node.get(field)) is not None
        for way in (node.items if node.kind == "list" else [node])
    )
    edits = [
        Edit(way.start, way.end, scalar(_led(way.value, old, new), in_list=True))
        for way in ways
        if _is_within(way.value, old)
    ]
    return Layout(text).changed(edits)


def entry_edit(text: str, node: Node, field: str, written: str) -> Edit:
    """Give a code's mapping an entry, in place of the one that it has; below its key else."""
    if field not in node.entries:
        return Layout(text).entry_below(node, node.entries["key"][1], f"{field}: {written}")
    key, value = node.entries[field]
    after = text.find(":", key.end) + 1
    return Edit(after, max(value.end, after), f" {written}")


def _after_colon(text: str, code: Node) -> int:
    return text.find(":", code.entries["children"][0].end) + 1


def place_of(reading: Reading, path: str) -> Place:
    """Where a code stands. Raises NotFound."""
    if path not in reading.places:
        raise NotFound(
            f"there is no code {quoted(path)}", wanted=path, there_are=tuple(reading.places)
        )
    return reading.places[path]


def check_free(reading: Reading, path: str) -> None:
    """Raise Conflict if there is a code at `path`."""
    if path in reading.places:
        raise Conflict(f"there is a code {quoted(path)} already")


def joined(parent: str, key: str) -> str:
    """The path of a code below `parent`, at the top if that is empty."""
    return f"{parent}/{key}" if parent else key


def _is_within(path: str, above: str) -> bool:
    return path == above or path.startswith(f"{above}/")


def _with_moved(codes: list[Code], path: str, parent: str) -> list[Code]:
    new_path = joined(parent, path.rpartition("/")[2])
    moved = [_under(code, path, new_path) for code in codes if _is_within(code.path, path)]
    rest = [_under(code, path, new_path) for code in codes if not _is_within(code.path, path)]
    within = [i for i, code in enumerate(rest) if not parent or _is_within(code.path, parent)]
    at = within[-1] + 1
    return [*rest[:at], *moved, *rest[at:]]


def _under(code: Code, path: str, new_path: str) -> Code:
    return replace(
        code,
        path=_led(code.path, path, new_path),
        merged_into=_led(code.merged_into, path, new_path),
        split_into=tuple(_led(way, path, new_path) for way in code.split_into),
    )


def _led(path: str, old: str, new: str) -> str:
    return new + path.removeprefix(old) if _is_within(path, old) else path


def cannot(node: Node) -> InputError:
    """The error about a layout that is not understood well enough to be edited."""
    return InputError(
        "this cannot be edited in place: its layout is too unusual",
        source="codebook",
        row=node.line,
        hint="change the file in an editor and apply it (lists of codes as lines, not in […])",
    )
