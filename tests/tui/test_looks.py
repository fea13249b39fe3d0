"""What is where at every size, in light, in dark, and without colour."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from tui.conftest import BOOK, survey
from tui.driving import coding, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.driving import Seen

SIZES = [(80, 24), (120, 36), (160, 45)]
LEGIBLE, LARGE = 4.5, 3.0


@pytest.mark.parametrize("size", SIZES)
async def test_question_attributes_answer_and_codebook_are_in_their_places(
    study: Path, size: tuple[int, int]
) -> None:
    async with coding(study, size=size) as seen:
        seen.assert_exact()
        lines = seen.answer.splitlines()
        assert lines[0] == " why  1 of 8  p01"
        assert lines[1] == " why", "the question"
        assert lines[2] == " region: north"
        assert "Ads are cheap, and nobody is watching them" in " ".join(seen.answer.split())
        book = [line.rstrip() for line in seen.codebook.splitlines()]
        assert book == [
            *("   r Wider reach", "   c Costs", "   a   Cheap", "   b   Dear", "   o Old habits"),
            *("   n Nothing to report", "   u Cannot be coded"),
        ]
        left = seen.coding.query_one("#list").region
        middle, right = (seen.coding.query_one(name).region for name in ("#answer", "#codebook"))
        assert middle.right == right.x
        assert right.right == size[0]
        assert seen.coding.query_one("#list").display == (size[0] >= 100)
        assert left.width == (0 if size[0] < 100 else middle.x)


@pytest.mark.parametrize("size", SIZES)
async def test_all_of_the_code_last_touched_is_explained(
    study: Path, size: tuple[int, int]
) -> None:
    whole = (
        *("Wider reach  reach", "More people can be reached than before."),
        *("+ a larger audience · a wider area", "− cheaper ads – use cheap"),
        "e.g. everybody has a phone",
    )
    async with coding(study, size=size) as seen:
        await seen.press("r")
        for _ in range(3):
            for words in whole:
                assert words in seen.answer
            await seen.press("enter")
        await seen.press("c")
        assert "Anything about money." in seen.answer
        assert "a wider area" not in seen.answer


async def test_a_long_answer_leaves_room_for_what_a_code_means(
    fresh: Callable[..., Path],
) -> None:
    study = fresh(survey((("p01", "n", "many words " * 500, ""),)), BOOK)
    async with coding(study, size=(80, 24)) as seen:
        await seen.press("r", "c", "a", "b", "o", "!")
        assert "Old habits  old" in seen.answer
        assert "flagged for discussion" in seen.answer
        assert seen.answer.count("many words") > 10


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_can_be_resized_while_it_runs(study: Path, size: tuple[int, int]) -> None:
    async with coding(study, size=size) as seen:
        await seen.press("r", "]")
        first = seen.text
        others = [(160, 45), (80, 24), (40, 10), (20, 5), (1, 1), (300, 100), (100, 36), (99, 36)]
        for other in others:
            await seen.resize(*other)
            seen.assert_exact()
            await seen.press("c", "c")
            seen.assert_exact()
        await seen.resize(*size)
        await seen.press("r", "ctrl+z")
        await seen.press("]", "]", "[") if seen.coding.walk.clause is None else None
        assert put(study) == ["p01 reach"]
        assert first.splitlines()[0][-30:] == seen.lines[0][-30:]


@pytest.mark.parametrize("dialog", ["f1", "f3", "f5", ";", "ctrl+p"])
async def test_a_dialog_survives_a_resize(study: Path, dialog: str) -> None:
    async with coding(study, size=(120, 36)) as seen:
        await seen.press(dialog)
        for size in ((80, 24), (40, 10), (160, 45)):
            await seen.resize(*size)
            seen.assert_exact()
        await seen.press("escape")
        assert seen.app.screen is seen.coding


async def test_the_theme_is_chosen_in_the_palette_and_remembered(
    study: Path, tmp_path: Path
) -> None:
    async with coding(study) as seen:
        await seen.press("ctrl+p", *"theme")
        await seen.wait_for("changes the colours")
        await seen.press("enter")
        await seen.settle()
        await seen.type("textual-light")
        await seen.wait_for("textual-light")
        await seen.settle()
        await seen.press("enter")
        await seen.settle()
        assert seen.app.theme == "textual-light"
    assert json.loads((tmp_path / "settings.json").read_text()) == {"theme": "textual-light"}
    async with coding(study) as seen:
        assert seen.app.theme == "textual-light"


async def test_a_theme_that_is_not_there_is_passed_over(study: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "of another year"}')
    async with coding(study) as seen:
        assert seen.app.theme == "textual-dark"


async def test_settings_edited_meanwhile_are_kept(study: Path, tmp_path: Path) -> None:
    where = tmp_path / "settings.json"
    async with coding(study) as seen:
        where.write_text('{"keys": {"undo": "f8"}}')
        await seen.press("f2")
        assert json.loads(where.read_text()) == {"keys": {"undo": "f8"}, "list_shown": False}
        where.write_text("{ half an edi")
        await seen.press("f2")
        assert "settings.json: is not valid JSON" in seen.status
        assert where.read_text() == "{ half an edi"
        await seen.press("r")
        assert put(study) == ["p01 reach"]


def luminance(colour: Color) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def poor(seen: Seen) -> dict[tuple[str, str, str], float]:
    """Text whose contrast is less than 4.5, or 3 where it is bold or a mark (WCAG AA)."""
    found = {}
    for strip in seen.strips():
        for text, style, _ in strip:
            if text.strip() and style and style.color and style.bgcolor:
                ink, paper = (
                    luminance(Color(*colour.get_truecolor()))
                    for colour in (style.color, style.bgcolor)
                )
                ratio = (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05)
                if ratio < (LARGE if style.bold or text.strip() in "●▶›✓·!" else LEGIBLE):
                    found[text.strip(), style.color.name, style.bgcolor.name] = round(ratio, 2)
    return found


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_every_word_can_be_read_in_dark_and_light(study: Path, theme: str) -> None:
    async with coding(study) as seen:
        seen.app.theme = theme
        await seen.settle()
        for keys in (
            *(
                (),
                ("]", "r", "]", "c", "!"),
                ("[", "o"),
                ("escape", "enter"),
                ("b", "u"),
                ("a", "x"),
            ),
            *(("/", "c"), ("escape", "end", "~")),
        ):
            await seen.press(*keys)
            await seen.settle()
            assert poor(seen) == {}


async def test_without_colour_marks_alone_tell_everything(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with coding(study) as seen:
        await seen.press("]", "r", "enter", "enter", "backspace", "!", "/", "c")
        for strip in seen.strips():
            for segment in strip:
                if segment.style and segment.style.color:
                    red, green, blue = segment.style.color.get_truecolor()
                    assert red == green == blue
        assert "›✓!same" in seen.pane("list"), "shown, coded, flagged"
        assert " ✓ Ads are cheap" in seen.pane("list")
        assert "▶  c Costs" in seen.codebook, "the hit"
        await seen.press("escape", "backspace")
        assert "● r Wider reach" in seen.codebook, "a code that is on"
