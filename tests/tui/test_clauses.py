"""Coding a clause of an answer, or the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.conftest import BOOK, survey
from tui.driving import coding, put, steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.driving import Seen

FIRST, SECOND = "Ads are cheap", "and nobody is watching them"


def highlighted(seen: Seen, pane: str = "answer") -> str:
    """What is drawn in bold underline, which is how a picked clause is told without colour."""
    region = seen.coding.query_one(f"#{pane}").region
    found = ""
    for strip in seen.strips()[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            if segment.style and segment.style.bold and segment.style.underline:
                found += segment.text
    return found


async def test_brackets_pick_clauses_in_a_circle_and_escape_the_whole(study: Path) -> None:
    async with coding(study) as seen:
        assert highlighted(seen) == ""
        for key, clause, number in (
            ("]", FIRST, "clause 1 of 2"),
            ("]", SECOND, "clause 2 of 2"),
            ("]", FIRST, "clause 1 of 2"),
            ("[", SECOND, "clause 2 of 2"),
            ("escape", "", ""),
            ("[", SECOND, "clause 2 of 2"),
        ):
            await seen.press(key)
            assert highlighted(seen) == clause
            assert number in seen.answer
        assert steps(study) == []


async def test_a_code_goes_on_the_clause_that_is_picked(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("]", "r", "]", "c", "r")
        assert put(study) == ["p01 cost 15-42", "p01 reach 0-13", "p01 reach 15-42"]
        assert f"Wider reach  “{FIRST}”" in seen.answer
        assert f"Costs  “{SECOND}”" in seen.answer
        await seen.press("r")
        assert put(study) == ["p01 cost 15-42", "p01 reach 0-13"]


async def test_a_letter_on_the_whole_answer_takes_a_code_off_all_its_clauses(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("]", "r", "]", "r", "escape", "r")
        assert put(study) == []


async def test_a_whole_coding_and_one_of_a_clause_stand_side_by_side(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("r", "]", "r")
        assert put(study) == ["p01 reach", "p01 reach 0-13"]
        await seen.press("r")
        assert put(study) == ["p01 reach"]


async def test_what_stands_alone_goes_on_the_whole_answer(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("]", "r", "n")
        assert put(study) == ["p01 nothing"]


async def test_going_on_leaves_the_clause(study: Path) -> None:
    async with coding(study) as seen:
        for key in ("enter", "backspace", " ", "end", "up", "home"):
            await seen.press("]", key)
            assert highlighted(seen) == ""
            await seen.press("r")
        assert all("-" not in coding_ for coding_ in put(study))


async def test_the_clause_keys_can_be_found_at_80_columns(study: Path) -> None:
    async with coding(study, size=(80, 24)) as seen:
        assert "] clause" in seen.status
        assert "] picks a clause" in seen.answer
        await seen.press("]")
        assert "[ clause before" in seen.status
        assert "Esc whole answer" in seen.status


async def test_spans_are_code_points_of_the_text_as_it_was_imported(
    fresh: Callable[..., Path],
) -> None:
    text = "\t👩‍👩‍👧 café\x1b[31m; 漢字、e\u0301t\u202ee\r\nla\x00st"
    study = fresh(survey((("p01", "north", text, ""),)), BOOK)
    kept = text.replace("\r\n", "\r\n")
    async with coding(study) as seen:
        spans = []
        for _ in range(4):
            await seen.press("]")
            spans.append(seen.coding.walk.clause)
            await seen.press("r")
            seen.assert_exact()
        stored = seen.coding.session.answer(seen.coding.walk.response_id).response.text
        assert stored == kept
        assert [stored[a:b] for a, b in spans] == [
            *("👩‍👩‍👧 café\x1b[31m", "漢字", "e\u0301t\u202ee", "la\x00st"),
        ]


async def test_a_clause_far_down_is_scrolled_to(fresh: Callable[..., Path]) -> None:
    text = ". ".join(f"sentence number {n}" for n in range(200))
    study = fresh(survey((("p01", "north", text, ""),)), BOOK)
    for size in ((80, 24), (40, 10)):
        async with coding(study, size=size) as seen:
            await seen.press("[")
            assert highlighted(seen).replace(" ", "") == "sentencenumber199"
            await seen.press(*["["] * 30)
            assert highlighted(seen).replace(" ", "") == "sentencenumber169"
            await seen.press(*["]"] * 31)
            assert highlighted(seen).replace(" ", "") == "sentencenumber0"


async def test_an_answer_without_words_has_no_clause_to_pick(fresh: Callable[..., Path]) -> None:
    study = fresh(survey((("p01", "north", "!!! ...", ""),)), BOOK)
    async with coding(study) as seen:
        await seen.press("]", "r")
        assert put(study)[0].startswith("p01 reach")
