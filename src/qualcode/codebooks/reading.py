"""From YAML text to a codebook, every fault named with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.codebooks.fields import Fields, near
from qualcode.codebooks.links import Links
from qualcode.codebooks.nodes import LEVELS, Node, Place, compose, quoted
from qualcode.errors import InputError, NotFound
from qualcode.model import CODE_STATUSES, Code, Codebook

if TYPE_CHECKING:
    from pathlib import Path

    from qualcode.model import CodeStatus

BOOK_FIELDS = ("codebook", "version", "questions", "codes")
CODE_FIELDS = (
    "key",
    "name",
    "hotkey",
    "definition",
    "include",
    "exclude",
    "examples",
    "keywords",
    "exclusive",
    "status",
    "retired",
    "merged_into",
    "split_into",
    "children",
)
LONGEST_KEY = 64

_KEY = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_KEY}}}")
_WHOLE = re.compile(r"[1-9][0-9]{0,8}")
_LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A codebook with the nodes it was read from."""

    codebook: Codebook
    root: Node
    places: dict[str, Place]


def load(path: Path) -> tuple[str, Codebook]:
    """Read a codebook file: its text, exactly as it is there, and the codebook in it.

    Raises NotFound for a file that is not there, InputError for one that cannot be read, is not
    UTF-8 or is not a codebook.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError("larger than 5 MB: not a codebook", source=path, row=1)
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=path) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8", source=path, row=row, hint="save it as UTF-8") from None
    return text, parse(text, str(path))


def parse(text: str, source: str = "codebook") -> Codebook:
    """Read the codebook that `text` describes; `source` names it in errors.

    Raises InputError with the line of the first fault.
    """
    return read(text, source).codebook


def read(text: str, source: str = "codebook") -> Reading:
    """As `parse`, with the nodes that edits need."""
    reading = read_unlinked(text, source)
    Links(source, reading.codebook.by_path(), reading.places).check()
    return reading


def read_unlinked(text: str, source: str = "codebook") -> Reading:
    """As `read`, but `merged_into` and `split_into` may lead anywhere."""
    root = compose(text, source)
    if root is None or root.is_null:
        raise InputError("the codebook is empty", source=source, row=1)
    return _Reader(source).book(root)


def default_name(key: str) -> str:
    """Make the name of a code that is given none."""
    words = key.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else key


def check_key(key: str) -> str:
    """Say what is wrong with `key` as the key of a code; empty if nothing is."""
    if _KEY.fullmatch(key):
        return ""
    if len(key) > LONGEST_KEY:
        return f"a key has at most {LONGEST_KEY} characters"
    return f"{quoted(key)} is no key: letters a to z, digits, “-” and “_” only"


@dataclass(slots=True)
class _Reader(Fields):
    codes: list[Code] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    hotkeys: dict[str, int] = field(default_factory=dict)

    def book(self, root: Node) -> Reading:
        self.check_fields(root, BOOK_FIELDS, "a codebook")
        name = self.text(root, "codebook")
        if not name.strip():
            self.fail(root.get("codebook") or root, "a codebook needs a name: `codebook: …`")
        if "codes" not in root.entries:
            self.fail(root, "a codebook needs `codes:`")
        version = self.version(root)
        questions = self.texts(root, "questions")
        self.read_codes(root, "codes", "")
        book = Codebook(name, version, tuple(self.codes), questions)
        return Reading(book, root, self.places)

    def read_codes(self, above: Node, name: str, parent: str) -> None:
        node = above.get(name)
        if node is None or node.is_null:
            return
        if node.kind != "list":
            self.fail(node, f"`{name}` is a list of codes; here is a {node.kind}")
        if node.items and parent.count("/") + bool(parent) >= LEVELS:
            self.fail(node, f"nested too deeply: {LEVELS} levels of codes are the limit")
        for index, item in enumerate(node.items):
            self.read_code(Place(item, node, index), parent)

    def read_code(self, place: Place, parent: str) -> None:
        node = place.node
        self.check_fields(node, CODE_FIELDS, "a code")
        key = self.key(node)
        path = f"{parent}/{key}" if parent else key
        if (first := self.places.get(path)) is not None:
            line = first.node.entries["key"][1].line
            self.fail(node.entries["key"][1], f"key {quoted(key)} is already used in line {line}")
        self.places[path] = place
        merged, split = self.text(node, "merged_into"), self.texts(node, "split_into")
        self.codes.append(
            Code(
                path,
                self.text(node, "name") or default_name(key),
                hotkey=self.hotkey(node),
                definition=self.text(node, "definition"),
                include=self.texts(node, "include"),
                exclude=self.texts(node, "exclude"),
                examples=self.texts(node, "examples"),
                keywords=self.texts(node, "keywords"),
                is_exclusive=self.flag(node, "exclusive"),
                status=self.status(node),
                is_retired=self.flag(node, "retired") or bool(merged or split),
                merged_into=merged,
                split_into=split,
            )
        )
        self.read_codes(node, "children", path)

    def key(self, node: Node) -> str:
        key = self.text(node, "key")
        if not key:
            self.fail(node.get("key") or node, "a code needs a key: `key: …`")
        if fault := check_key(key):
            self.fail(node.entries["key"][1], fault)
        return key

    def hotkey(self, node: Node) -> str:
        letter = self.text(node, "hotkey")
        if not letter:
            return ""
        place = node.entries["hotkey"][1]
        if len(letter) != 1 or not letter.isalpha():
            self.fail(place, f"hotkey {quoted(letter)} is not one letter")
        if letter in self.hotkeys:
            line = self.hotkeys[letter]
            self.fail(place, f"hotkey {quoted(letter)} is already used in line {line}")
        self.hotkeys[letter] = place.line
        return letter

    def status(self, node: Node) -> CodeStatus:
        status = self.text(node, "status")
        if status and status not in CODE_STATUSES:
            hint = near(status, CODE_STATUSES) or "leave it out for a theme"
            known = ", ".join(CODE_STATUSES)
            self.fail(
                node.entries["status"][1], f"status {quoted(status)} is none of {known}", hint
            )
        return status

    def version(self, node: Node) -> int:
        value = node.get("version")
        if value is None:
            return 1
        if value.kind != "text" or value.style or not _WHOLE.fullmatch(value.value):
            self.fail(value, "`version` is a whole number, 1 or more, without quotes")
        return int(value.value)
