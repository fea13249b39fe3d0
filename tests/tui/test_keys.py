"""Every line of the table of keys: what it does in the file and on the screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from qualcode import Study
from qualcode.tui import pace
from studies import apply_book, take_in_codings
from tui.conftest import BOOK, survey
from tui.driving import coding, decided, put, rows, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


async def test_a_letter_puts_a_code_on_and_takes_it_off(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r")
        assert put(study) == ["p01 reach"]
        assert "● r Wider reach" in seen.codebook
        assert "✓ coded" in seen.answer
        assert "1/8" in seen.status
        await seen.press("r")
        assert put(study) == []
        assert "●" not in seen.codebook
        assert "0/8" in seen.status


async def test_each_key_is_one_committed_step(study: Path) -> None:
    async with coding(study) as seen:
        done = []
        for key, kind in (
            ("r", "code"),
            ("c", "code"),
            ("n", "code"),
            ("n", "uncode"),
            ("!", "flag"),
            ("enter", "decide"),
            (".", None),
            ("r", "code"),
            ("enter", "decide"),
            (".", "repeat"),
            ("ctrl+z", "undo"),
            ("ctrl+y", "redo"),
        ):
            await seen.press(key)
            done += [kind] if kind else []
            assert steps(study) == done, key


async def test_a_code_without_a_hotkey_has_a_free_letter(study: Path) -> None:
    async with coding(study) as seen:
        assert "  a   Cheap" in seen.codebook
        assert "  b   Dear" in seen.codebook
        await seen.press("a", "b")
        assert put(study) == ["p01 cost/cheap", "p01 cost/dear"]


async def test_capitals_are_codes_of_their_own(fresh: Callable[..., Path]) -> None:
    study = fresh(survey(), BOOK.replace("hotkey: o", "hotkey: R"))
    async with coding(study) as seen:
        await seen.press("R")
        assert put(study) == ["p01 old"]


async def test_an_exclusive_code_clears_the_others_and_they_clear_it(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "c", "n")
        assert put(study) == ["p01 nothing"]
        await seen.press("r")
        assert put(study) == ["p01 reach"]
        await seen.press("u")
        assert put(study) == ["p01 unclear"]
        await seen.press("n")
        assert put(study) == ["p01 nothing"]
        await seen.press("ctrl+z", "ctrl+z")
        assert put(study) == ["p01 reach"]


async def test_enter_decides_and_goes_on(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter")
        assert (put(study), decided(study)) == (["p01 reach"], ["p01"])
        assert seen.respondent == "p02"
        assert "● r" not in seen.codebook


async def test_enter_on_an_answer_without_a_code_records_that_it_was_seen(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("enter")
        assert (put(study), decided(study)) == ([], ["p01"])
        assert "1/8" in seen.status
        await seen.press("backspace")
        assert "○ saw it, no code" in seen.answer
        assert "✓ decided" in seen.answer


async def test_space_goes_on_and_leaves_an_answer_without_a_code_open(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ")
        assert seen.respondent == "p02"
        assert (put(study), decided(study), steps(study)) == ([], [], [])
        assert "0/8" in seen.status


async def test_space_leaves_an_answer_that_holds_a_code_coded(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", " ")
        assert decided(study) == []
        assert "1/8" in seen.status
        with Study.open(study, readonly=True) as opened:
            assert opened.info()["questions"][0]["coders"] == {"ana": 1}
    async with coding(study) as seen:
        assert seen.respondent == "p02"


async def test_enter_and_space_visit_coded_answers_too_but_never_blank_ones(study: Path) -> None:
    substantive = ["p01", "p02", "p04", "p05", "p07", "p08", "p09", "p10"]
    async with coding(study) as seen:
        for key in ("enter", " "):
            visited = [seen.respondent]
            for _ in range(7):
                await seen.press(key)
                visited.append(seen.respondent)
            assert visited == substantive
            await seen.press("home")


async def test_enter_on_the_last_answer_stays_and_says_how_many_are_open(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("end", "enter")
        assert seen.respondent == "p10"
        assert "the last answer here; 7 of the question are open" in seen.status
        await seen.press(" ")
        assert "the last answer here" in seen.status


async def test_backspace_goes_back_the_way_one_came(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("enter", " ", "end", "up")
        assert seen.respondent == "p09"
        for respondent in ("p10", "p04", "p02", "p01"):
            await seen.press("backspace")
            assert seen.respondent == respondent
        await seen.press("backspace")
        assert "no answer was visited before" in seen.status


async def test_a_full_stop_applies_the_set_decided_last_and_stays(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "c", "enter", ".")
        assert seen.respondent == "p02"
        assert put(study) == ["p01 cost", "p01 reach", "p02 cost", "p02 reach"]
        assert decided(study) == ["p01"], "it stays undecided"
        source = rows(study, "SELECT DISTINCT source FROM v_coding WHERE respondent = 'p02'")
        assert source == [("repeat",)]


async def test_a_full_stop_remembers_the_set_after_a_restart(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "c", " ")
    async with coding(study) as seen:
        await seen.press(".")
        assert "p04 reach" in put(study)


async def test_a_full_stop_with_nothing_decided_says_so(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", ".")
        assert "nothing to repeat here" in seen.status
        assert put(study) == ["p01 reach"]


async def test_a_full_stop_keeps_what_is_there_and_respects_what_stands_alone(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "o", ".")
        assert put(study) == ["p01 reach", "p02 old", "p02 reach"]
        await seen.press("enter", "n", "enter", ".")
        assert put(study)[-2:] == ["p04 nothing", "p05 nothing"]


async def test_an_exclamation_mark_flags_and_unflags(study: Path) -> None:
    flagged = "SELECT respondent FROM v_mark WHERE is_flagged"
    async with coding(study) as seen:
        await seen.press("!")
        assert rows(study, flagged) == [("p01",)]
        assert "! flagged for discussion" in seen.answer
        assert "›·!" in seen.pane("list")
        assert "0/8" in seen.status, "a flag codes nothing"
        await seen.press("!")
        assert rows(study, flagged) == []


async def test_a_coder_sees_only_their_own_work(study: Path) -> None:
    async with coding(study, "ben") as seen:
        await seen.press("r", "c", "!", ";", *"secret", "enter")
        await seen.settle()
        await seen.press("enter")
    async with coding(study, "ana") as seen:
        for _ in range(8):
            assert "●" not in seen.text
            assert "✓" not in seen.text
            assert "secret" not in seen.text
            assert "flagged" not in seen.text
            await seen.press(" ")
        assert "0/8" in seen.status
        for name in ("coded", "flagged", "with my code: Wider"):
            await seen.press("f3")
            await seen.type(name + "\n")
            assert "No answer here." in seen.answer


async def test_up_down_home_and_end_walk_the_list(study: Path) -> None:
    async with coding(study) as seen:
        for key, respondent in (
            ("down", "p02"),
            ("down", "p04"),
            ("up", "p02"),
            ("end", "p10"),
            ("down", "p10"),
            ("home", "p01"),
            ("up", "p01"),
        ):
            await seen.press(key)
            assert seen.respondent == respondent
        assert steps(study) == []


async def test_a_key_that_does_nothing_does_nothing(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r")
        for key in (
            "1",
            "9",
            "=",
            "f9",
            "tab",
            "shift+tab",
            "delete",
            "left",
            "f20",
            "ctrl+t",
            "%",
        ):
            await seen.press(key)
        assert steps(study) == ["code"]
        assert seen.app.screen is seen.coding


async def test_ctrl_c_says_how_to_leave(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("ctrl+c")
        assert "^q leaves; everything is saved already" in seen.status
        assert seen.app.is_running


async def test_a_retired_code_can_be_taken_off_but_not_put_on(study: Path) -> None:
    take_in_codings(study, "p01,why,ana,old,,")
    apply_book(study, BOOK.replace("hotkey: o\n", "hotkey: o\n    retired: true\n", 1))
    async with coding(study, size=(120, 36)) as seen:
        await seen.press("home")
        assert "Old habits (retired)" in seen.codebook
        await seen.press("o")
        assert put(study) == []
        assert "Old habits" not in seen.codebook
        await seen.press("o")
        assert "“Old habits” is retired: it can be taken off, not put on" in seen.status
        assert put(study) == []
        await seen.press("/", *"old")
        assert "no such code" in seen.status


async def test_the_pace_is_shown_after_five_decisions_and_to_no_one_else(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "SHORTEST", 0.001)
    async with coding(study) as seen:
        await seen.press(*["enter"] * 4)
        assert "/h" not in seen.status
        await asyncio.sleep(0.01)
        await seen.press("enter")
        assert "/h" in seen.status
    async with coding(study, "ben") as seen:
        assert "/h" not in seen.status
