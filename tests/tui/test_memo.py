"""A memo on an answer: nothing typed is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import Study
from qualcode.store import connection
from tui.driving import coding, paste, rows, steps

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


async def test_a_memo_is_kept_by_enter_and_by_escape(study: Path) -> None:
    memos = "SELECT respondent, memo FROM v_mark WHERE memo <> '' ORDER BY 1"
    async with coding(study) as seen:
        await seen.press(";")
        await seen.type("ask about it")
        await seen.press("enter")
        await seen.settle()
        assert rows(study, memos) == [("p01", "ask about it")]
        assert "; ask about it" in seen.answer
        await seen.press(" ", ";")
        await seen.type("a [b]c")
        await seen.press("escape")
        await seen.settle()
        assert rows(study, memos) == [("p01", "ask about it"), ("p02", "a [b]c")]
        assert steps(study) == ["memo", "memo"]


async def test_a_memo_is_edited_emptied_and_brought_back_by_undo(study: Path) -> None:
    memos = "SELECT memo FROM v_mark"
    async with coding(study) as seen:
        await seen.press(";", "a", "enter")
        await seen.settle()
        await seen.press(";", "b", "enter")
        await seen.settle()
        assert rows(study, memos) == [("ab",)]
        await seen.press(";", "backspace", "backspace", "escape")
        await seen.settle()
        assert rows(study, memos) == []
        await seen.press("ctrl+z")
        assert rows(study, memos) == [("ab",)]
        assert "; ab" in seen.answer


async def test_a_memo_left_as_it_was_is_no_step(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(";", "escape")
        await seen.settle()
        assert steps(study) == []


async def test_a_memo_holds_ten_thousand_characters_and_every_line_that_is_pasted(
    study: Path,
) -> None:
    async with coding(study) as seen:
        await seen.press(";")
        await paste(seen, "one\ntwo\r\n" + "x" * 20_000)
        seen.assert_exact()
        await seen.press("escape")
        await seen.settle()
        ((memo,),) = rows(study, "SELECT memo FROM v_mark")
        assert memo == ("one two " + "x" * 20_000)[:10_000]
        seen.assert_exact()


async def test_a_memo_that_cannot_be_kept_stays_in_the_dialog(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.05)
    async with coding(study) as seen:
        await seen.press(";", "x", "y")
        with Study.open(study) as other, other.database.transaction():
            await seen.press("enter")
            await seen.settle()
            assert "study.db is held by another process" in seen.text
        await seen.press("z", "enter")
        await seen.settle()
        assert rows(study, "SELECT memo FROM v_mark") == [("xyz",)]
        assert seen.app.screen is seen.coding
