"""Codebook texts as people write them, with what they say, for the property tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from qualcode.model import Code, Codebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS = ["a", "b-1", "c_2", "010", "yes", "D"]

FIELDS: list[tuple[list[str], dict[str, object]]] = [
    (["name: Some name  # said {n}"], {"name": "Some name"}),
    (["name: 'It''s'"], {"name": "It's"}),
    (
        ["definition: |", "  First {n}", "", "    # no comment", "  last"],
        {"definition": "First {n}\n\n  # no comment\nlast\n"},
    ),
    (["definition: >-", "  folded {n}", "  text"], {"definition": "folded {n} text"}),
    (['definition: "two {n}', "", '  # lines"'], {"definition": "two {n}\n# lines"}),
    (["definition: plain {n}", "  goes on"], {"definition": "plain {n} goes on"}),
    (["include: [x {n}, 'y, z']"], {"include": ("x {n}", "y, z")}),
    (["include: [x {n},", "  y]  # end"], {"include": ("x {n}", "y")}),
    (["exclude:", "  - w {n}", "  # between", "  - v"], {"exclude": ("w {n}", "v")}),
    (["exclude:", "- w {n}"], {"exclude": ("w {n}",)}),
    (["keywords: one {n}"], {"keywords": ("one {n}",)}),
    (["exclusive: true"], {"is_exclusive": True}),
    (["retired: false # still {n}"], {}),
    (["status: refused"], {"status": "refused"}),
]


@dataclass
class Book:
    """A text, what it says, and the stripped lines of each code with its children."""

    text: str
    codebook: Codebook
    lines: dict[str, list[str]]
    newline: str
    flow: set[str]
    unnamed: set[str]

    @property
    def paths(self) -> list[str]:
        return list(self.lines)


@dataclass
class _Maker:
    draw: Callable[..., object]
    step: int
    numbers: Iterator[int] = field(default_factory=count)
    codes: list[Code] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)
    flow: set[str] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)

    def chance(self, one_in: int = 2) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def siblings(self, parent: str, depth: int, least: int) -> list[str]:
        keys = self.draw(st.lists(st.sampled_from(KEYS), min_size=least, max_size=3, unique=True))
        assert isinstance(keys, list)
        lines: list[str] = []
        for key in keys:
            if lines and self.chance(3):
                lines.append("")
            lines += self.code(f"{parent}/{key}" if parent else key, key, depth)
        return lines

    def code(self, path: str, key: str, depth: int) -> list[str]:
        at = len(self.codes)
        self.codes.append(Code(path, ""))
        self.lines[path] = []
        above = [f"# above {next(self.numbers)}"] if self.chance(3) else []
        if self.chance(6):
            self.flow.add(path)
            self.codes[at] = Code(path, "Flow")
            lines = [*above, f"- {{key: {key}, name: Flow}}  # {next(self.numbers)}"]
        else:
            lines = [*above, *self.block(path, key, depth, at)]
        self.lines[path] = [line.strip() for line in lines]
        return lines

    def block(self, path: str, key: str, depth: int, at: int) -> list[str]:
        number = next(self.numbers)
        quote = self.draw(st.sampled_from(["", "'", '"']))
        entries = [[f"key: {quote}{key}{quote}  # key {number}"]]
        values: dict[str, object] = {"name": key.replace("-", " ").replace("_", " ").capitalize()}
        seen: set[str] = set()
        for lines, value in self.draw(st.lists(st.sampled_from(FIELDS), max_size=3)):  # type: ignore[attr-defined]
            word = lines[0].partition(":")[0]
            if word not in seen:
                seen.add(word)
                entries.append([line.replace("{n}", str(number)) for line in lines])
                values |= {name: _numbered(part, number) for name, part in value.items()}
        if "name" not in seen:
            self.unnamed.add(path)
        if self.chance(3):
            entries.insert(0, entries.pop())
        self.codes[at] = Code(path, **values)  # type: ignore[arg-type]
        entries += self.children(path, depth)
        flat = [line for entry in entries for line in entry]
        if self.chance(4):
            flat.append(f"# below {next(self.numbers)}")
        if self.chance(8):
            return ["-   # dash", *(f"  {line}" if line else "" for line in flat)]
        return [f"- {flat[0]}", *(f"  {line}" if line else "" for line in flat[1:])]

    def children(self, path: str, depth: int) -> list[list[str]]:
        kind = self.draw(st.sampled_from(["none", "empty", "null", "some", "some"]))
        if kind == "none" or (kind == "some" and depth > 2):
            return []
        if kind != "some":
            return [[f"children:{' []' if kind == 'empty' else ''}  # none {next(self.numbers)}"]]
        lines = self.siblings(path, depth + 1, 1)
        return [["children:", *_indented(lines, self.step)]]


def _numbered(value: object, number: int) -> object:
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, tuple):
        return tuple(_numbered(part, number) for part in value)
    return value


def _indented(lines: list[str], by: int) -> list[str]:
    return [" " * by + line if line else "" for line in lines]


@st.composite
def books(draw: Callable[..., object]) -> Book:
    """Draw a codebook text in one of the many ways to write one."""
    maker = _Maker(draw, step=draw(st.sampled_from([0, 2, 4])))  # type: ignore[arg-type]
    codes = maker.siblings("", 0, 1)
    version = draw(st.sampled_from([None, 1, 41]))
    head = [["# head", "codebook: Book  # named"]]
    if version:
        head.append([f"version: {version} # raised"])
    head.append(["codes:", *_indented(codes, maker.step)])
    if maker.chance(4):
        head.append(head.pop(0))
    lines = [line for part in head for line in part]
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    assert isinstance(newline, str)
    text = ("\ufeff" if maker.chance(6) else "") + newline.join([*lines, ""])
    if maker.chance(4) and not lines[-1].endswith("last"):
        text = text.removesuffix(newline)
    book = Codebook("Book", version or 1, tuple(maker.codes))  # type: ignore[arg-type]
    return Book(text, book, maker.lines, newline, maker.flow, maker.unnamed)
