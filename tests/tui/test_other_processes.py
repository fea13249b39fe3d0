"""What others do to the study while the screen is open."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from qualcode import Study
from qualcode.errors import QualcodeError
from qualcode.store import connection
from qualcode.study import codebooks
from studies import apply_book, take_in
from tui.conftest import ANSWERS, BOOK, survey
from tui.driving import coding, decided, put, rows, steps

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def with_answer(respondent: str, text: str) -> str:
    """The survey with another answer of one respondent."""
    return survey(
        tuple((*row[:2], text, row[3]) if row[0] == respondent else row for row in ANSWERS)
    )


async def test_a_codebook_changed_elsewhere_is_there_with_the_next_key(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r")
        apply_book(study, BOOK.replace("name: Wider reach", "name: Longer reach") + NEW)
        await seen.press("x")
        assert put(study) == ["p01 brand-new", "p01 reach"]
        assert "● x Brand new" in seen.codebook
        assert "● r Longer reach" in seen.codebook


NEW = "  - key: brand-new\n    name: Brand new\n    hotkey: x\n    definition: Freshly added.\n"


async def test_the_definition_of_the_code_last_touched_is_the_present_one(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("c")
        assert "Anything about money." in seen.answer
        apply_book(study, BOOK.replace("Anything about money.", "Money only."))
        await seen.press(" ")
        assert "Money only." in seen.answer


async def test_a_code_removed_elsewhere_cannot_be_put_on(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("o", "o")
        apply_book(study, BOOK.replace("  - key: old\n    name: Old habits\n    hotkey: o\n", ""))
        await seen.press("o")
        assert "no code has the key o" in seen.status
        assert "Old habits" not in seen.text
        assert put(study) == []


async def test_a_code_renamed_elsewhere_keeps_its_codings(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r")
        with Study.open(study) as other:
            codebooks.rename(other.database, "reach", "range", by="ben")
        await seen.press("enter", ".")
        assert put(study) == ["p01 range", "p02 range"]


async def test_while_another_process_holds_the_study_a_key_says_so_and_the_screen_lives(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.02)
    held = "study.db is held by another process"
    async with coding(study, size=(80, 24)) as seen:
        await seen.press("r", "enter")
        with Study.open(study) as other, other.database.transaction():
            for key in ("c", "enter", "!", ".", "ctrl+z", "+"):
                await seen.press(key)
                assert held in seen.status or key == "+", key
            assert str(study.parent) not in seen.text
            await seen.press(" ")
            assert held in seen.status, "the place could not be remembered"
            assert seen.respondent == "p04", "but one can go on reading"
            await seen.press("backspace", "f5", "down", "enter")
            await seen.settle()
            await seen.press("~")
            await seen.settle()
        assert put(study) == ["p01 reach"]
        assert (decided(study), steps(study)) == (["p01"], ["code", "decide"])
        await seen.press("f5", *"why", "enter")
        await seen.settle()
        await seen.press("home", "c")
        assert put(study) == ["p01 cost", "p01 reach"]


async def test_after_a_decision_that_failed_repeat_means_the_one_before(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.02)
    async with coding(study) as seen:
        await seen.press("r", "enter", "c")
        with Study.open(study) as other, other.database.transaction():
            await seen.press("enter")
        assert seen.respondent == "p02"
        await seen.press(" ", ".")
        assert put(study) == ["p01 reach", "p02 cost", "p04 reach"]


async def test_answers_imported_elsewhere_join_the_walk(study: Path) -> None:
    async with coding(study) as seen:
        take_in(study, survey((*ANSWERS, ("p11", "north", "brand new", "x"))))
        await seen.press("r")
        assert put(study) == ["p01 reach"]
        assert "1/9" in seen.status
        await seen.press("end")
        assert "brand new" in seen.answer


async def test_a_key_on_an_answer_that_has_changed_meanwhile_is_not_carried_out(
    study: Path,
) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "backspace")
        take_in(study, with_answer("p01", "Ads are dear"))
        await seen.press("c")
        assert "the answer has changed: look again" in seen.status
        assert "Ads are dear" in seen.answer
        assert "version 2" in seen.answer
        assert put(study) == ["p01 reach"], "nothing new on either version"
        assert "0/8" in seen.status
        await seen.press("c")
        current = rows(study, "SELECT code, is_current FROM v_coding ORDER BY 1")
        assert current == [("cost", 1), ("reach", 0)]


async def test_a_changed_answer_is_open_again_and_plus_takes_the_codes_over(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("]", "r", "escape", "c", "enter")
    take_in(study, with_answer("p01", "Now: Ads are cheap, still"))
    async with coding(study) as seen:
        await seen.press("home")
        assert "version 2" in seen.answer
        assert "0/8" in seen.status
        assert "The answer has changed since you coded it: Wider" in seen.answer
        assert "+ takes that over." in seen.answer.replace("\n ", " ")
        await seen.press("+")
        now = 'SELECT code, "start", source FROM v_coding WHERE is_current ORDER BY 1'
        assert rows(study, now) == [("cost", None, "confirmed"), ("reach", 5, "confirmed")]
        assert "1/8" in seen.status
        assert "takes that over" not in seen.answer
        await seen.press("+")
        assert "nothing to take over" in seen.status
        await seen.press("ctrl+z")
        assert rows(study, now) == []
        assert "0/8" in seen.status


async def test_undo_of_a_step_on_an_earlier_version_shows_the_answer_as_it_is_now(
    study: Path,
) -> None:
    async with coding(study) as seen:
        await seen.press("r", " ")
    take_in(study, with_answer("p01", "Ads are dear"))
    async with coding(study) as seen:
        await seen.press("ctrl+z")
        assert put(study) == []
        assert seen.respondent == "p01"
        assert "Ads are dear" in seen.answer
        assert "0/8" in seen.status


async def test_another_coder_at_work_on_the_same_file_is_not_seen(study: Path) -> None:
    async with coding(study) as seen, coding(study, "ben") as other:
        for _ in range(4):
            await seen.press("r", "enter")
            await other.press("c", "enter")
        assert put(study) == [f"{p} reach" for p in ("p01", "p02", "p04", "p05")]
        assert put(study, "ben") == [f"{p} cost" for p in ("p01", "p02", "p04", "p05")]
        assert "4/8" in seen.status
        assert "4/8" in other.status


async def test_the_same_coder_in_two_windows_is_told_before_a_key_does_the_opposite(
    study: Path,
) -> None:
    async with coding(study) as seen, coding(study) as other:
        await seen.press("r")
        await other.press("r")
        assert put(study) == ["p01 reach"]
        assert "another window" in other.status
        assert "1/8" in other.status
        await other.press("c")
        assert put(study) == ["p01 cost", "p01 reach"]


async def test_a_study_that_was_moved_while_open_takes_no_key(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r")
        shutil.move(study, study.with_name("elsewhere.db"))
        await seen.press("c")
        assert "was moved" in seen.status
        shutil.move(study.with_name("elsewhere.db"), study)
        await seen.press("c")
        assert put(study) == ["p01 cost", "p01 reach"]


async def test_a_disk_that_fails_while_reading_is_said_and_nothing_crashes(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with coding(study) as seen:

        def fail(_: int) -> None:
            raise QualcodeError("the disk refused to read")

        with monkeypatch.context() as patch:
            patch.setattr(seen.coding.session, "answer", fail)
            await seen.press(" ")
            assert "the disk refused to read" in seen.status
        await seen.press(" ")
        assert seen.respondent == "p04"
