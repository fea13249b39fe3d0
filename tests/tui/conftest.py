"""Studies for the coding screen, and settings that are nobody's."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from qualcode.tui import app
from studies import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ANSWERS = (
    ("p01", "north", "Ads are cheap, and nobody is watching them", "by phone"),
    ("p02", "south", "same", "by mail"),
    ("p03", "north", "", "no idea"),
    ("p04", "south", "Reach; cost. They all have phones now", "lists"),
    ("p05", "north", "same", ""),
    ("p06", "south", "n/a", "by phone"),
    ("p07", "north", "It reaches more people and it costs them next to nothing", "fairs"),
    ("p08", "south", "nothing has changed", "by phone"),
    ("p09", "north", "same", "word of mouth"),
    ("p10", "south", "cheap and quick", "by phone"),
)

BOOK = """\
codebook: Screen
version: 1
codes:
  - key: reach
    name: Wider reach
    hotkey: r
    definition: More people can be reached than before.
    include: [a larger audience, a wider area]
    exclude: [cheaper ads – use cheap]
    examples: [everybody has a phone]
    keywords: [audience]
  - key: cost
    name: Costs
    hotkey: c
    definition: Anything about money.
    children:
      - key: cheap
        name: Cheap
      - key: dear
        name: Dear
  - key: old
    name: Old habits
    hotkey: o
  - key: nothing
    name: Nothing to report
    hotkey: n
    exclusive: true
  - key: unclear
    name: Cannot be coded
    hotkey: u
    status: uncodable
"""
"""The codes and their keys: r reach, c cost, a cheap, b dear, o old, n nothing, u unclear."""


def survey(answers: tuple[tuple[str, ...], ...] = ANSWERS) -> str:
    """The survey file of some answers."""
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in answers]
    return "\n".join(("id,region,why,how", *quoted)) + "\n"


def book(count: int) -> str:
    """A codebook of so many codes."""
    codes = "".join(f"  - key: c{n}\n    name: Code number {n}\n" for n in range(count))
    return f"codebook: Many\nversion: 1\ncodes:\n{codes}"


def hostile(text: str) -> str:
    """A text as YAML that holds any character."""
    return '"' + "".join(f"\\U{ord(character):08X}" for character in text) + '"'


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that are nobody's, and no collection of all that the test run has piled up."""
    monkeypatch.setenv("QUALCODE_SETTINGS", str(tmp_path / "settings.json"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(app, "gc", SimpleNamespace(collect=lambda: 0, freeze=lambda: None))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a study of a survey and codebooks once."""
    made: dict[tuple[str, ...], Path] = {}

    def build(text: str, *books: str) -> Path:
        key = (text, *books)
        if key not in made:
            made[key] = make(tmp_path_factory.mktemp("built"), text, books)
        return made[key]

    return build


@pytest.fixture
def fresh(built: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """A study of a survey and codebooks, all the test's own."""

    def copy(text: str, *books: str) -> Path:
        return shutil.copyfile(built(text, *books), tmp_path / "study.db")

    return copy


@pytest.fixture
def study(fresh: Callable[..., Path]) -> Path:
    """Ten respondents; seven said something to `why`, three of them the same."""
    return fresh(survey(), BOOK)
