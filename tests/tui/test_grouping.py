"""Identical answers are coded along only where the coder says so, and it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import Study
from studies import take_in
from tui.conftest import ANSWERS, BOOK, survey
from tui.driving import coding, decided, put, rows, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.driving import Seen


async def switch(seen: Seen) -> None:
    await seen.press("~")
    await seen.wait_for("identical answers are coded")


async def test_identical_answers_are_coded_one_by_one_until_switched_on(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ", "r", "enter")
        assert "×" not in seen.text
        assert (put(study), decided(study)) == (["p02 reach"], ["p02"])


async def test_grouping_codes_identical_answers_in_one_step_and_says_so(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ")
        await switch(seen)
        assert "identical answers are coded along" in seen.status
        assert "×3 identical answers, coded along" in seen.answer
        await seen.press("r")
        assert put(study) == ["p02 reach", "p05 reach", "p09 reach"]
        assert "3/8" in seen.status
        assert "×n" in seen.status
        await seen.press("enter")
        assert decided(study) == ["p02", "p05", "p09"]
        assert steps(study) == ["code", "decide"]
        await seen.press("ctrl+z", "ctrl+z")
        assert (put(study), decided(study)) == ([], [])
        assert "0/8" in seen.status


async def test_the_journal_tells_what_was_copied(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ")
        await switch(seen)
        await seen.press("r", "enter")
    with Study.open(study, readonly=True) as opened:
        acts = [(row[5], row[4], row[8]) for row in opened.journal() if row[5]]
    assert acts == [
        *(("p02", "code", ""), ("p05", "code", "copied"), ("p09", "code", "copied")),
        *(("p02", "decide", ""), ("p05", "decide", "copied"), ("p09", "decide", "copied")),
    ]


async def test_flags_and_memos_stay_on_the_one_answer(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ")
        await switch(seen)
        await seen.press("!", ";", "x", "enter")
        await seen.settle()
        assert rows(study, "SELECT respondent FROM v_mark") == [("p02",)]


async def test_the_same_key_switches_it_off(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ")
        await switch(seen)
        await switch(seen)
        assert "identical answers are coded one by one" in seen.status
        await seen.press("r")
        assert put(study) == ["p02 reach"]
        assert "×" not in seen.text


async def test_an_answer_without_a_twin_says_nothing(study: Path) -> None:
    async with coding(study) as seen:
        await switch(seen)
        assert "×3" not in seen.answer
        await seen.press("r")
        assert put(study) == ["p01 reach"]


async def test_repeat_goes_along_too(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("c", "enter")
        await switch(seen)
        await seen.press(".")
        assert put(study)[1:] == ["p02 cost", "p05 cost", "p09 cost"]
        sources = rows(study, "SELECT source FROM v_coding WHERE respondent > 'p01' ORDER BY 1")
        assert sources == [("copied",), ("copied",), ("repeat",)]


async def test_grouping_stays_on_in_another_question(study: Path) -> None:
    async with coding(study) as seen:
        await switch(seen)
        await seen.press("f5", *"how", "enter")
        await seen.wait_for("×n")
        await seen.press("r")
        assert put(study) == ["p01 reach", "p06 reach", "p08 reach", "p10 reach"]


async def test_answers_imported_meanwhile_are_grouped_too(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ")
        await switch(seen)
        take_in(study, survey((*ANSWERS, ("p11", "north", "same", "x"))))
        await seen.press("!")
        await seen.wait_for("×4 identical answers")
        await seen.press("r")
        assert put(study) == ["p02 reach", "p05 reach", "p09 reach", "p11 reach"]


async def test_keys_are_served_while_identical_answers_are_gathered(
    fresh: Callable[..., Path],
) -> None:
    answers = tuple((f"p{n:05}", "n", f"answer {n % 5000}", "") for n in range(20_000))
    study = fresh(survey(answers), BOOK)
    async with coding(study) as seen:
        await seen.press("~", "r", " ")
        assert put(study)[0] == "p00000 reach"
        assert seen.respondent == "p00001"
        await seen.wait_until(lambda: seen.coding.session.is_grouping)
        await seen.press("c")
        assert len([c for c in put(study) if c.endswith("cost")]) == 4
