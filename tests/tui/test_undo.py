"""Undo and redo: one step at a time, over answers, questions and restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.driving import coding, decided, put

if TYPE_CHECKING:
    from pathlib import Path


async def test_undo_and_redo_go_one_step_at_a_time_and_show_the_answer(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "c", " ", "!", " ")
        assert seen.respondent == "p05"
        for kind, respondent in (
            ("flag", "p04"),
            ("code", "p02"),
            ("decide", "p01"),
            ("code", "p01"),
        ):
            await seen.press("ctrl+z")
            assert seen.respondent == respondent
            assert f"undo: {kind}" in seen.status
        assert (put(study), decided(study)) == ([], [])
        await seen.press("ctrl+z")
        assert "nothing to undo" in seen.status
        for respondent in ("p01", "p01", "p02", "p04"):
            await seen.press("ctrl+y")
            assert seen.respondent == respondent
        assert (put(study), decided(study)) == (["p01 reach", "p02 cost"], ["p01"])
        assert "2/8" in seen.status
        await seen.press("ctrl+y")
        assert "nothing to redo" in seen.status


async def test_undo_reaches_back_over_a_restart(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "c", "enter")
    async with coding(study) as seen:
        await seen.press(*["ctrl+z"] * 4)
        assert (put(study), decided(study)) == ([], [])
        assert seen.respondent == "p01"
    async with coding(study) as seen:
        await seen.press(*["ctrl+y"] * 4)
        assert (put(study), decided(study)) == (["p01 reach", "p02 cost"], ["p01", "p02"])


async def test_undo_goes_to_the_answer_also_in_another_question(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ", "r", "f5", "down", "enter")
        assert seen.coding.session.question.key == "how"
        await seen.press("ctrl+z")
        assert seen.coding.session.question.key == "why"
        assert seen.respondent == "p02"
        assert "0/8" in seen.status
        assert put(study) == []
        await seen.press("f5", "down", "enter", "ctrl+y")
        assert (seen.coding.session.question.key, put(study)) == ("why", ["p02 reach"])
    async with coding(study) as seen:
        assert seen.coding.session.question.key == "why", "the question shown last"


async def test_undo_shows_an_answer_that_the_filter_hides(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", " ", "f3")
        await seen.type("not coded yet\n")
        assert "not coded yet" in seen.answer
        await seen.press("ctrl+z")
        assert seen.respondent == "p01"
        await seen.press("f3")
        await seen.type("blank\n")
        await seen.press("!", "f3", *"every", "enter", "ctrl+z")
        assert seen.respondent == "p03"
        assert "(blank)" in seen.answer


async def test_undo_takes_back_nobody_elses_step(study: Path) -> None:
    async with coding(study, "ben") as seen:
        await seen.press("r")
    async with coding(study) as seen:
        await seen.press("ctrl+z")
        assert "nothing to undo" in seen.status
        assert put(study, "ben") == ["p01 reach"]
