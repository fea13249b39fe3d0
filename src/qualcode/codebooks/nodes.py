"""YAML text as a tree of nodes that know where they stand, and nothing clever in it.

Anchors, aliases, tags, merge keys and several documents are refused: a codebook is a plain
tree, read without building anything but the nodes below. Nothing recurses while it is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NoReturn, cast

from qualcode.errors import InputError
from qualcode.text import one_line

if TYPE_CHECKING:
    import yaml

LEVELS = 20
"""How many levels of codes a codebook may have."""

_DEPTH = 2 * LEVELS + 2
_LARGEST = 5_000_000
_WHITE = " \t\r\n\x85\u2028\u2029"
_SHOWN = 40


@dataclass(slots=True)
class Node:
    """A text, a list or a mapping of the file.

    `start` and `end` are offsets into the text, `end` without comments and blank lines that
    follow; `line` counts from 1, `column` from 0. `style` is ``flow`` for ``[…]`` and ``{…}``,
    the quote or the ``|`` or ``>`` of a text, empty for block lists and plain texts.
    """

    kind: Literal["text", "list", "mapping"]
    line: int
    column: int
    start: int
    end: int
    style: str = ""
    value: str = ""
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Node, Node]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written here at all."""
        return self.kind == "text" and not self.style and not self.value

    @property
    def is_null(self) -> bool:
        """Whether it is nothing in YAML's words: empty, ``~`` or ``null``."""
        return (
            self.kind == "text"
            and not self.style
            and self.value in {"", "~", "null", "Null", "NULL"}
        )

    def get(self, name: str) -> Node | None:
        """Return the value of the entry `name` of a mapping, None if it has none."""
        return self.entries[name][1] if name in self.entries else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code stands: its mapping, the list it is in and its position there."""

    node: Node
    siblings: Node
    index: int


def quoted(text: str) -> str:
    """`text` in quotes, on one line, shortened: fit for a message."""
    return f"“{one_line(text[:_SHOWN])}{'…' if len(text) > _SHOWN else ''}”"


def compose(text: str, source: str) -> Node | None:
    """Return the root of the tree, None for a file without content.

    Raises InputError, with the line, for what is not YAML, is unsafe or clever, repeats a key
    in a mapping, nests too deeply or is larger than 5 MB.
    """
    import yaml  # noqa: PLC0415

    if len(text) > _LARGEST:
        raise InputError("larger than 5 MB: not a codebook", source=source, row=1)
    builder = _Builder(text, source)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        row = text.count("\n", 0, error.position) + 1
        point = f"U+{ord(text[error.position]):04X}"
        raise InputError(f"not valid YAML: character {point}", source=source, row=row) from None
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, builder.line, source) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise InputError("not valid YAML", source=source, row=builder.line) from None
    return builder.root


def _syntax_error(error: yaml.MarkedYAMLError, line: int, source: str) -> InputError:
    mark = error.problem_mark or error.context_mark
    problem = one_line(error.problem or "cannot be read")
    hint = "indent with spaces, not with tabs" if r"'\t'" in problem else ""
    return InputError(
        f"not valid YAML: {problem}", source=source, row=mark.line + 1 if mark else line, hint=hint
    )


class _Builder:
    """Puts the nodes of one document together from the parser's events."""

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.source = source
        self.root: Node | None = None
        self.line = 1
        self._documents = 0
        self._open: list[Node] = []
        self._keys: list[Node | None] = []

    def take(self, event: yaml.Event) -> None:
        import yaml  # noqa: PLC0415

        self._start = cast("yaml.Mark", event.start_mark)
        self._end = cast("yaml.Mark", event.end_mark)
        self.line = self._start.line + 1
        if isinstance(event, yaml.NodeEvent):
            self._refuse_clever(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fail("a second document; a codebook is one")
        elif isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()

    def _fail(self, message: str, hint: str = "", line: int = 0) -> NoReturn:
        raise InputError(message, source=self.source, row=line or self.line, hint=hint)

    def _refuse_clever(self, event: yaml.NodeEvent) -> None:
        import yaml  # noqa: PLC0415

        if isinstance(event, yaml.AliasEvent):
            self._fail(f"an alias, {quoted('*' + str(event.anchor))}", _write_out("*"))
        if event.anchor is not None:
            self._fail(f"an anchor, {quoted('&' + event.anchor)}", _write_out("&"))
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fail(f"a tag, {quoted(tag)}", _write_out("!"))

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        start, end = self._start.index, self._end.index
        style = event.style or ""
        if style in {"|", ">"}:
            raw = self.text[start:end]
            keeps = re.match(r"[|>]\d?\+", raw)
            end = start + len(raw.rstrip(" ") if keeps else raw.rstrip(_WHITE))
        if re.search("[\ud800-\udfff]", event.value):
            self._fail("half of a character (a surrogate) is no text")
        return Node("text", self.line, self._start.column, start, end, style, event.value)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        import yaml  # noqa: PLC0415

        if len(self._open) >= _DEPTH:
            self._fail(f"nested too deeply: {LEVELS} levels of codes are the limit")
        if self._open and self._open[-1].kind == "mapping" and self._keys[-1] is None:
            self._fail("a list or mapping where a key is expected")
        kind: Literal["list", "mapping"] = (
            "list" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
        )
        style = "flow" if event.flow_style else ""
        at = self._start.index
        node = Node(kind, self.line, self._start.column, at, at, style)
        self._open.append(node)
        self._keys.append(None)

    def _close(self) -> None:
        node = self._open.pop()
        self._keys.pop()
        if node.style == "flow":
            node.end = self._end.index
        elif node.items:
            node.end = node.items[-1].end
        elif node.entries:
            node.end = max(part.end for part in list(node.entries.values())[-1])
        self._add(node)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.kind == "list":
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = self._new_key(node, parent)
        else:
            parent.entries[key.value] = (key, node)
            self._keys[-1] = None

    def _new_key(self, node: Node, mapping: Node) -> Node:
        if node.value == "<<" and not node.style:
            self._fail("a merge key, “<<”", _write_out("<<"))
        if node.value in mapping.entries:
            first = mapping.entries[node.value][0].line
            self._fail(f"{quoted(node.value)} is already given in line {first}")
        return node


def _write_out(sign: str) -> str:
    return f"write the value out, or put text that begins with {sign} in quotes"
