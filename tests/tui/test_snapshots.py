"""The main states of the screen, drawn: `UPDATE_SNAPSHOTS=1 pytest` writes them anew.

A snapshot is the screen as text, and below it one letter a cell for its style. The pictures with
`light` or `dark` in their names tell the colours too.
"""

from __future__ import annotations

import os
from pathlib import Path
from string import ascii_letters
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from tui.conftest import BOOK, book, survey
from tui.driving import coding
from tui.test_grouping import switch

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style

    from tui.driving import Seen

FOLDER = Path(__file__).parent / "snapshots"
SIZES = {"80x24": (80, 24), "120x36": (120, 36), "160x45": (160, 45)}
LONG = " ".join(f"This is sentence number {n} of a long answer." for n in range(150))
STATES = {
    "first": (),
    "coded": ("r", "]", "c", "]", "a", "!"),
    "find": ("/", *"c", "down"),
    "filter": ("f3", *"co"),
    "help": ("f1",),
    "memo": ("r", ";", *"ask about this"),
}


def in_words(style: Style | None, *, with_colours: bool) -> str:
    if style is None:
        return "plain"
    names = ("bold", "dim", "italic", "underline", "reverse", "strike")
    words = [name for name in names if getattr(style, name)]
    if with_colours and style.color and style.bgcolor:
        words.append(f"{style.color.name} on {style.bgcolor.name}")
    return " ".join(words) or "plain"


def picture(seen: Seen, *, with_colours: bool) -> str:
    letters: dict[tuple[str, str], str] = {}
    layer = []
    for strip in seen.strips():
        line = ""
        for text, style, _ in strip:
            colours = f"{style.color} {style.bgcolor}" if style else ""
            key = (in_words(style, with_colours=with_colours), colours)
            letter = letters.setdefault(key, ascii_letters[len(letters)])
            line += letter * cell_len(text)
        layer.append(line)
    legend = [f"{letter} {words}" for (words, _), letter in letters.items()]
    width = seen.app.size.width
    return "\n".join([*seen.lines, "-" * width, *layer, "-" * width, *legend]) + "\n"


async def compare(seen: Seen, name: str) -> None:
    await seen.settle()
    for focused in seen.app.screen.query("Input"):
        focused.cursor_blink = False
    await seen.settle()
    drawn = picture(seen, with_colours="light" in name or "dark" in name)
    path = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(drawn, "utf-8")
    assert path.exists(), "UPDATE_SNAPSHOTS=1 makes it"
    assert drawn == path.read_text("utf-8")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
async def test_main_states(study: Path, state: str, size: str) -> None:
    async with coding(study, size=SIZES[size]) as seen:
        await seen.press(*STATES[state])
        await compare(seen, f"{state}-{size}")


@pytest.mark.parametrize("size", ["80x24", "120x36"])
async def test_a_long_answer_scrolled(fresh: Callable[..., Path], size: str) -> None:
    study = fresh(survey((("p01", "north", LONG, ""),)), BOOK)
    async with coding(study, size=SIZES[size]) as seen:
        await seen.press("r", "pagedown")
        await compare(seen, f"long-{size}")


@pytest.mark.parametrize("size", ["80x24", "160x45"])
async def test_many_codes(fresh: Callable[..., Path], size: str) -> None:
    study = fresh(survey(), book(70))
    async with coding(study, size=SIZES[size]) as seen:
        await seen.press("a", "/", *"number 6", "down", "enter")
        await compare(seen, f"many-codes-{size}")


async def test_no_codebook(fresh: Callable[..., Path]) -> None:
    async with coding(fresh(survey()), size=(80, 24)) as seen:
        await compare(seen, "no-codebook-80x24")


async def test_blank_filter(study: Path) -> None:
    async with coding(study, size=(80, 24)) as seen:
        await seen.press("f3", *"blank", "enter", " ")
        await compare(seen, "blank-80x24")


async def test_grouping(study: Path) -> None:
    async with coding(study, size=(120, 36)) as seen:
        await seen.press(" ")
        await switch(seen)
        await seen.press("r")
        await compare(seen, "grouping-120x36")


async def test_list_over_the_codebook(study: Path) -> None:
    async with coding(study, size=(80, 24)) as seen:
        await seen.press("r", "enter", "!", "f2")
        await compare(seen, "list-80x24")


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark"])
async def test_themes(study: Path, theme: str) -> None:
    async with coding(study, size=(120, 36)) as seen:
        seen.app.theme = theme
        await seen.press("]", "r", "]", "!")
        await compare(seen, f"{theme.removeprefix('textual-')}-120x36")


async def test_without_colour(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with coding(study, size=(120, 36)) as seen:
        await seen.press("]", "r", "]", "!")
        await compare(seen, "no-colour-120x36")


def test_every_snapshot_is_of_something() -> None:
    drawn = {f"{state}-{size}" for state in STATES for size in SIZES} | {
        *("long-80x24", "long-120x36", "many-codes-80x24", "many-codes-160x45"),
        *("no-codebook-80x24", "blank-80x24", "grouping-120x36", "list-80x24"),
        *("light-120x36", "dark-120x36", "no-colour-120x36"),
    }
    assert {path.stem for path in FOLDER.glob("*.txt")} == drawn
