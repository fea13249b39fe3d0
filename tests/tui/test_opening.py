"""Where the coding screen opens: no dialog, no search, at the next thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studies import take_in
from tui.conftest import ANSWERS, BOOK, survey
from tui.driving import coding, decided, put, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def test_the_first_answer_comes_without_a_dialog(study: Path) -> None:
    async with coding(study) as seen:
        assert seen.app.screen is seen.coding
        assert "Ads are cheap, and nobody is watching them" in seen.answer
        assert seen.respondent == "p01"


async def test_it_opens_on_the_answer_shown_last_if_that_is_still_open(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ", " ")
        assert seen.respondent == "p04"
    async with coding(study) as seen:
        assert seen.respondent == "p04"


async def test_it_opens_on_the_next_open_answer_after_the_one_shown_last(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ", " ", "r", "down", "c", "up")
        assert put(study) == ["p04 reach", "p05 cost"]
    async with coding(study) as seen:
        assert seen.respondent == "p07"


async def test_it_opens_on_the_first_open_answer_where_none_is_open_after(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ", "end", "r", "enter")
    async with coding(study) as seen:
        assert seen.respondent == "p01"


async def test_the_place_left_by_decide_is_remembered_too(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "enter")
        assert decided(study) == ["p01", "p02"]
    async with coding(study) as seen:
        assert seen.respondent == "p04"


async def test_a_blank_answer_looked_at_last_is_not_opened_again(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "f3")
        await seen.type("blank\n")
        await seen.press(" ")
        assert seen.respondent == "p06"
    async with coding(study) as seen:
        assert seen.respondent == "p07", "the next open one after it"


async def test_when_everything_is_coded_it_says_so(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(*["enter"] * 8)
        assert "8/8" in seen.status
        assert "0 of the question are open" in seen.status
    async with coding(study) as seen:
        assert "every answer is coded" in seen.status
        assert seen.respondent == "p01"


async def test_the_last_question_is_opened_again(study: Path) -> None:
    async with coding(study, question="how") as seen:
        await seen.press(" ")
    async with coding(study) as seen:
        assert seen.coding.session.question.key == "how"
        assert seen.respondent == "p02"
    async with coding(study, "ben") as seen:
        assert seen.coding.session.question.key == "why", "another coder begins with the first"


async def test_a_question_changed_to_and_left_at_once_is_opened_again(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("f5", "down", "enter")
        assert seen.coding.session.question.key == "how"
    async with coding(study) as seen:
        assert seen.coding.session.question.key == "how"


async def test_a_place_in_a_changed_answer_is_the_place_in_its_new_version(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(" ", " ", " ", " ")
        assert seen.respondent == "p07"
    changed = [(*row[:2], row[2] + "!", row[3]) if row[0] == "p07" else row for row in ANSWERS]
    take_in(study, survey(tuple(changed)))
    async with coding(study) as seen:
        assert seen.respondent == "p07"
        assert "version 2" in seen.answer


async def test_a_question_that_nobody_answered_says_so(fresh: Callable[..., Path]) -> None:
    study = fresh(survey(tuple((*row[:2], "n/a", row[3]) for row in ANSWERS)), BOOK)
    async with coding(study) as seen:
        assert "No answer here." in seen.answer
        assert "no answer to code: all are blank or not asked; F3 shows them" in seen.status
        for key in ("r", "enter", " ", "backspace", ".", "!", ";", "]", "+", "up", "end", "escape"):
            await seen.press(key)
        assert rows(study, "SELECT count(*) FROM act WHERE response_id IS NOT NULL") == [(0,)]
        await seen.press("f3")
        await seen.type("blank\n")
        assert seen.respondent == "p01"
        assert "(blank) n/a" in seen.answer


async def test_without_a_codebook_one_can_read_decide_flag_and_note(
    fresh: Callable[..., Path],
) -> None:
    study = fresh(survey())
    async with coding(study) as seen:
        assert "no codebook for this question yet" in seen.codebook
        await seen.press("r")
        assert "no code has the key r; / finds one by name" in seen.status
        await seen.press("/", "x")
        assert "no such code" in seen.status
        await seen.press("enter", "!", ".", "enter")
        assert decided(study) == ["p01"]
        assert seen.respondent == "p02"


async def test_a_remark_on_a_near_name_is_shown_until_the_next_key(study: Path) -> None:
    async with coding(study, "anna"):
        pass
    async with coding(study, "ana") as seen:
        assert "new coder ana; there is anna" in seen.status
        await seen.press(" ")
        assert "new coder" not in seen.status
