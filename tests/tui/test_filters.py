"""Which answers to walk through: filters, the list, questions, and long answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode.cli import main
from tui.conftest import BOOK, survey
from tui.driving import coding, put, rows, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.driving import Seen


async def choose(seen: Seen, words: str) -> None:
    await seen.press("f3")
    await seen.type(words + "\n")
    await seen.settle()


async def walked(seen: Seen) -> list[str]:
    """Everybody whom Space visits from the first answer on."""
    await seen.press("home")
    respondents = [seen.respondent]
    for _ in range(len(seen.coding.walk.queue) - 1):
        await seen.press(" ")
        respondents.append(seen.respondent)
    return respondents


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("every answer", ["p01", "p02", "p04", "p05", "p07", "p08", "p09", "p10"]),
        ("not coded", ["p04", "p05", "p08", "p09", "p10"]),
        ("coded", ["p01", "p02", "p07"]),
        ("flagged", ["p02", "p10"]),
        ("blank", ["p03", "p06"]),
        ("with my code: Wider", ["p01", "p07"]),
        ("CHEAP ", ["p01", "p10"]),
        ("phones now", ["p04"]),
    ],
)
async def test_a_filter_lets_through_what_it_says(
    study: Path, words: str, there: list[str]
) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "c", "!", "enter", "down", "down", "r", "end", "!", "home")
        assert put(study) == ["p01 reach", "p02 cost", "p07 reach"]
        if words == "CHEAP ":
            await seen.press("f3", *"cheap", "up")
            await seen.press("enter")
        else:
            await choose(seen, words)
        assert await walked(seen) == there
        assert f"1 of {len(there)}" in seen.answer or len(there) > 1
        await choose(seen, "every")
        assert len(await walked(seen)) == 8


async def test_the_filter_is_named_and_the_answer_shown_stays(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("down", "down")
        await choose(seen, "not coded")
        assert seen.respondent == "p04"
        assert "3 of 8  filter: not coded yet" in seen.answer


async def test_a_coder_keeps_the_place_while_coding_under_not_coded_yet(study: Path) -> None:
    async with coding(study) as seen:
        await choose(seen, "not coded")
        await seen.press("r", "enter", "c", "enter", "backspace")
        assert seen.respondent == "p02"
        assert put(study) == ["p01 reach", "p02 cost"]


async def test_a_filter_that_lets_nothing_through_says_so(study: Path) -> None:
    async with coding(study) as seen:
        await choose(seen, "flagged")
        assert "no answer is flagged" in seen.status
        assert "No answer here." in seen.answer
        await seen.press("r", "enter", " ", "!", ";", ".", "]", "+", "~", "~", "home", "pagedown")
        assert steps(study) == []
        await choose(seen, "every")
        assert seen.respondent == "p01"


async def test_escape_leaves_the_filter_as_it_was(study: Path) -> None:
    async with coding(study) as seen:
        await choose(seen, "not coded")
        await seen.press("f3", *"bla", "escape")
        assert "not coded yet" in seen.answer


async def test_an_answer_landed_on_by_a_filter_is_the_place_to_come_back_to(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("f3", *"phones now", "enter")
        assert seen.respondent == "p04"
    async with coding(study) as seen:
        assert seen.respondent == "p04"


async def test_blank_answers_can_be_coded_and_count_for_nothing(study: Path) -> None:
    async with coding(study) as seen:
        await choose(seen, "blank")
        assert "(blank)" in seen.answer
        await seen.press("r", "enter")
        assert put(study) == ["p03 reach"]
        assert "0/8" in seen.status
        await seen.press("ctrl+z", "ctrl+z")
        assert "0/8" in seen.status
        assert put(study) == []


async def test_answers_that_nobody_was_asked_for_have_a_filter(small: Path) -> None:
    with pytest.raises(SystemExit):
        main(["design", str(small), "--asked-if", 'why=asked == "yes"'])
    async with coding(small) as seen:
        await choose(seen, "not asked")
        assert seen.respondent == "r3"
        assert "(not asked)" in seen.answer


async def test_typing_a_name_takes_what_begins_so(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("f3", *"coded")
        options = seen.text
        assert options.index(" coded") < options.index("not coded yet")


async def test_a_question_is_changed_with_its_own_progress_and_codes(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "f5", *"how", "enter")
        await seen.settle()
        assert "by phone" in seen.answer
        assert "0/9" in seen.status
        await seen.press("c")
        sql = "SELECT respondent, question, code FROM v_coding ORDER BY question DESC"
        assert rows(study, sql) == [("p01", "why", "reach"), ("p01", "how", "cost")]
        await seen.press("f5", "enter")
        await seen.settle()
        assert "1/8" in seen.status
        assert seen.respondent == "p02"


async def test_the_list_shows_marks_and_goes_where_it_is_clicked(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "!", "enter")
        lines = seen.pane("list").splitlines()
        assert lines[0].startswith(" ✓!Ads are")
        assert lines[1].startswith("›· same")
        await seen.pilot.click("#list", offset=(6, 4))
        assert seen.respondent == "p07"
        await seen.pilot.click("#list", offset=(6, 30))
        assert seen.respondent == "p07"
        await seen.press("backspace")
        assert seen.respondent == "p02"


async def test_a_click_on_a_code_is_its_key(study: Path) -> None:
    async with coding(study) as seen:
        await seen.pilot.click("#codebook", offset=(8, 0))
        assert put(study) == ["p01 reach"]
        await seen.pilot.click("#codebook", offset=(8, 30))
        assert put(study) == ["p01 reach"]


async def test_f2_hides_and_shows_the_list_and_remembers_it(study: Path) -> None:
    async with coding(study) as seen:
        assert seen.coding.query_one("#list").display
        await seen.press("f2")
        assert not seen.coding.query_one("#list").display
        seen.assert_exact()
    async with coding(study) as seen:
        assert not seen.coding.query_one("#list").display
        await seen.press("f2")
    async with coding(study) as seen:
        assert seen.coding.query_one("#list").display


async def test_f2_at_80_columns_puts_the_list_over_the_codebook(study: Path) -> None:
    async with coding(study, size=(80, 24)) as seen:
        assert "Wider reach" in seen.text
        await seen.press("f2")
        assert "›· Ads are cheap" in seen.text
        assert "Wider reach" not in seen.text
        await seen.press("r")
        assert put(study) == ["p01 reach"], "letters are codes there too"
        await seen.press("f2")
        assert "● r Wider reach" in seen.text
        seen.assert_exact()


async def test_the_list_follows_over_thousands_of_answers(fresh: Callable[..., Path]) -> None:
    answers = tuple((f"p{n:04}", "n", f"answer {n}", "") for n in range(2000))
    study = fresh(survey(answers), BOOK)
    async with coding(study) as seen:
        for key in ("end", "up", "home", "down"):
            await seen.press(key)
            assert (
                f"›· {seen.coding.session.answer(seen.coding.walk.response_id).response.text}"
                in (seen.pane("list"))
            )
        await seen.press("end")
        assert len(seen.pane("list").splitlines()) == 35


async def test_a_long_answer_scrolls_and_no_line_is_passed_over(fresh: Callable[..., Path]) -> None:
    text = "\n".join(f"line {n:03} of the answer" for n in range(60))
    study = fresh(survey((("p01", "n", text, ""),)), BOOK)
    for size in ((80, 24), (120, 36)):
        async with coding(study, size=size) as seen:
            seen_lines = set()
            for _ in range(20):
                seen_lines |= {line for line in seen.answer.splitlines() if "of the answer" in line}
                await seen.press("pagedown")
            assert len(seen_lines) == 60
            assert "more below" not in seen.answer
            assert "… more above: PgUp" in seen.answer
            await seen.press("pageup")
            assert "line 059" not in seen.answer, "going back begins at once"
            await seen.press(*["pageup"] * 20)
            assert "line 000" in seen.answer
            assert "more above" not in seen.answer
            assert "… more below: PgDn" in seen.answer


async def test_the_next_answer_begins_at_its_beginning(fresh: Callable[..., Path]) -> None:
    long = "\n".join(f"line {n}" for n in range(100))
    study = fresh(survey((("p01", "n", long, ""), ("p02", "n", "begin\n" + long, ""))), BOOK)
    async with coding(study, size=(80, 24)) as seen:
        await seen.press("pagedown", "pagedown", " ")
        assert "begin" in seen.answer


async def test_what_a_split_left_open_is_walked_through_and_replaced(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "c", "enter", "r", "enter")
        with pytest.raises(SystemExit):
            main(["codebook", "split", str(study), "reach", "near", "far", "--by", "lead"])
        await choose(seen, "anew")
        assert await walked(seen) == ["p01", "p04"]
        await seen.press("home")
        assert "Wider reach was split: put on Near or Far" in " ".join(seen.answer.split())
        await seen.press("/", *"near", "enter")
        assert put(study) == ["p01 near", "p02 cost", "p04 reach"]
        assert "was split" not in seen.answer
        await choose(seen, "anew")
        assert await walked(seen) == ["p04"]


async def test_a_merged_code_is_shown_as_what_it_counts_as(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "enter", "backspace")
        with pytest.raises(SystemExit):
            main(["codebook", "merge", str(study), "reach", "cost", "--by", "lead"])
        await choose(seen, "with my code: Costs")
        assert await walked(seen) == ["p01"]
        assert "● Costs" in seen.answer
        assert "● Wider reach" not in seen.answer
        await seen.press("c")
        assert put(study) == []
