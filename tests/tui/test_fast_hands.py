"""Keys that come faster than they are answered, and leaving at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key

from tui.conftest import BOOK, survey
from tui.driving import burst, coding, decided, put, rows, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def test_a_held_key_repeats_exactly(fresh: Callable[..., Path]) -> None:
    answers = tuple((f"p{n:03}", "north", f"answer {n}", "x") for n in range(80))
    study = fresh(survey(answers), BOOK)
    async with coding(study) as seen:
        driver = seen.app._driver
        for _ in range(60):
            driver.send_message(Key("space", " "))
        await seen.settle()
        assert seen.respondent == "p060"
        for _ in range(60):
            driver.send_message(Key("r", "r"))
        await seen.settle()
        assert (put(study), len(steps(study))) == ([], 60)
        for _ in range(15):
            driver.send_message(Key("enter", "\r"))
        for _ in range(15):
            driver.send_message(Key("backspace", None))
        await seen.settle()
        assert len(decided(study)) == 15
        assert seen.respondent == "p060"


async def test_what_is_typed_ahead_into_a_dialog_is_never_taken_for_codes(study: Path) -> None:
    async with coding(study) as seen:
        await burst(seen, ";", *"run_corn!", "enter", "r", "enter", "c", ";", "x", "escape", "o")
        assert rows(study, "SELECT respondent, memo FROM v_mark WHERE memo <> '' ORDER BY 1") == [
            *(("p01", "run_corn!"), ("p02", "x")),
        ]
        assert put(study) == ["p01 reach", "p02 cost", "p02 old"]
        await burst(seen, "f3", *"flagged", "enter")
        assert "no answer is flagged" in seen.status
        await burst(seen, "f3", "down", "down", "enter", "c")
        assert "1 of 2  ✓" in seen.answer
        assert "coded" in seen.answer
        await burst(seen, "f1", "r", "c", "escape")
        await burst(seen, "f5", "down", "enter", "r")
        assert seen.coding.session.question.key == "how"
        assert rows(study, "SELECT code FROM v_coding WHERE question = 'how'") == [("reach",)]
        await burst(seen, "f3", "ctrl+q")
        assert not seen.app.is_running


async def test_ctrl_q_leaves_also_out_of_a_dialog_and_keeps_the_memo(study: Path) -> None:
    for opening in ((), ("f1",), ("f3",), ("ctrl+p",), ("/", "x"), ("]",)):
        async with coding(study) as seen:
            await seen.press(*opening, "ctrl+q")
            await seen.settle()
            assert not seen.app.is_running
            assert seen.app.return_code == 0
    async with coding(study) as seen:
        await seen.press(";", *"half a thou", "ctrl+q")
        await seen.settle()
        assert not seen.app.is_running
    assert rows(study, "SELECT memo FROM v_mark") == [("half a thou",)]
