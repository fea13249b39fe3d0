"""Every line of the table of keys: what it does in the file and on the screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.events import Key, Paste

from qualcode import Study
from qualcode.store import connection
from studies import apply_book, take_in_codings
from tui.conftest import BOOK, survey
from tui.driving import coding, decided, put, rows, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tui.driving import Seen


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


async def paste(seen: Seen, text: str) -> None:
    seen.app.focused.post_message(Paste(text))
    await seen.settle()


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


async def burst(seen: Seen, *keys: str) -> None:
    """Keys that come all at once, faster than any of them can be answered."""
    for key in keys:
        seen.app._driver.send_message(Key(key, key if len(key) == 1 else None))
    for _ in range(4):
        await asyncio.sleep(0.02)
        await seen.settle()


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


async def test_the_pace_is_shown_after_five_decisions_and_to_no_one_else(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press(*["enter"] * 4)
        assert "/h" not in seen.status
        await asyncio.sleep(0.01)
        await seen.press("enter")
        assert "/h" in seen.status
    async with coding(study, "ben") as seen:
        assert "/h" not in seen.status


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
