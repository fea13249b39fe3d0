"""Finding a code by typing, also among more codes than there are keys and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode.model import Code
from qualcode.tui.finding import after_key, with_typed
from tui.conftest import book, survey
from tui.driving import coding, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def test_enter_toggles_the_best_hit_and_closes(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("/")
        assert "part of a code's name" in seen.status
        await seen.type("wide")
        assert "/ wide▏  Wider reach  (1 of 1)" in seen.status
        assert "▶  r Wider reach" in seen.codebook
        assert "More people can be reached than before." in seen.answer, "what the hit means"
        await seen.press("enter")
        assert put(study) == ["p01 reach"]
        assert seen.respondent == "p01"
        assert "decide" in seen.status
        await seen.press("/", *"wide", "enter")
        assert put(study) == []


async def test_escape_closes_without_doing_anything(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("/", *"wide", "escape", "c")
        assert put(study) == ["p01 cost"]


async def test_enter_without_a_hit_closes_and_decides_nothing(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("/", "enter", "/", *"zzz", "enter")
        assert seen.respondent == "p01"
        assert put(study) == []


async def test_arrows_choose_among_the_hits(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("/", *"c")
        assert "Costs  (1 of " in seen.status
        await seen.press("down")
        assert "Cheap  (2 of " in seen.status
        await seen.press("up", "up")
        await seen.press("down", "tab")
        assert "Cheap  (2 of " in seen.status
        await seen.press("enter")
        assert put(study) == ["p01 cost/cheap"]


async def test_letters_and_other_keys_are_text_while_finding(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("/", *"to re.!;", "backspace", "backspace", "backspace")
        assert "/ to re▏  Nothing to report  (1 of 1)" in seen.status
        await seen.press("enter")
        assert put(study) == ["p01 nothing"]


async def test_another_command_ends_the_search_and_is_done(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "/", *"cos", "ctrl+z")
        assert put(study) == []
        assert "undo: code" in seen.status
        await seen.press("/", "f1")
        assert seen.app.screen is not seen.coding


async def test_a_code_found_goes_on_the_picked_clause(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("]", "/", *"wider", "enter")
        assert put(study) == ["p01 reach 0-13"]


async def test_more_codes_than_letters_are_all_reached(fresh: Callable[..., Path]) -> None:
    study = fresh(survey(), book(70))
    async with coding(study, size=(80, 24)) as seen:
        codes = seen.coding.session.codes
        assert [code.hotkey for code in codes[:2]] == ["a", "b"]
        assert [code.hotkey for code in codes[51:53]] == ["Z", ""]
        await seen.press("Z", "/", *"number 69")
        assert "▶    Code number 69" in seen.codebook, "the hit is scrolled to"
        await seen.press("enter")
        assert put(study) == ["p01 c51", "p01 c69"]
        assert "●   Code number 69" in seen.codebook


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 10)])
async def test_a_hit_is_never_under_the_line_that_says_more(
    fresh: Callable[..., Path], size: tuple[int, int]
) -> None:
    study = fresh(survey(), book(70))
    async with coding(study, size=size) as seen:
        await seen.press("/")
        for number in range(69):
            await seen.press("down" if number else "c")
            shown = [line.strip() for line in seen.codebook.splitlines()]
            assert len([line for line in shown if line.startswith("▶")]) == 1, number


async def test_the_order_of_the_codebook_never_changes(fresh: Callable[..., Path]) -> None:
    study = fresh(survey(), book(30))
    async with coding(study) as seen:

        def order() -> list[str]:
            return [line[5:].strip() for line in seen.codebook.splitlines()]

        before = order()
        for key in ("c", "b", "enter", ".", "/", "2", "enter", "z", "ctrl+z", "~", "!", "end"):
            await seen.press(key)
            assert order() == before


async def test_the_codebook_scrolls_by_keys_wheel_and_click(fresh: Callable[..., Path]) -> None:
    study = fresh(survey(), book(70))
    async with coding(study, size=(80, 24)) as seen:
        first = seen.codebook
        assert "↓ 48 more" in first
        await seen.press(*["ctrl+down"] * 20)
        assert "Code number 69" in seen.codebook
        assert "↑" in seen.codebook
        await seen.press(*["ctrl+up"] * 20)
        assert seen.codebook == first
        await seen.pilot.click("#codebook", offset=(5, 22))
        assert seen.codebook != first, "a click on “more” shows more"
        await seen.pilot.click("#codebook", offset=(5, 0))
        assert seen.codebook == first
        await seen.pilot.click("#codebook", offset=(5, 3))
        assert put(study) == ["p01 c3"]


def codes(*names: str) -> tuple[Code, ...]:
    return tuple(Code(f"k{n}", name, id=n + 1) for n, name in enumerate(names))


def test_names_that_begin_so_come_first_then_words_then_parts() -> None:
    known = (
        *codes("Uncosted", "Low cost", "Costs", "Cost of time"),
        Code("cost-key", "Other", id=5),
        Code("k6", "Money", keywords=("costly",), id=6),
        Code("k7", "Cost retired", is_retired=True, id=7),
        Code("k8", "Nothing", id=8),
    )
    assert with_typed("cost", known).hits == (3, 4, 2, 1, 5, 6)
    assert with_typed(" COST ", known).hits == with_typed("cost", known).hits
    assert with_typed("", known).hits == ()


def test_keys_in_a_search_without_hits_do_no_harm() -> None:
    finding = with_typed("zzz", codes("One"))
    for key in ("up", "down", "tab", "shift+tab", "backspace"):
        finding = after_key(finding, key, codes("One")) or finding
    assert finding.typed == "zz"
    assert finding.code_id == 0
    assert after_key(finding, "f3", codes("One")) is None
