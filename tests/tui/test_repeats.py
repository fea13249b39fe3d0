"""On the screen an answer that comes a second time is an answer like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.model import Filter
from qualcode.study import assigning
from qualcode.study.assigning import Plan
from qualcode.tui.walk import Walk
from tui.driving import coding, put

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repeating(study: Path) -> Path:
    """The study with all eight answers for ana, four of which she codes twice."""
    with Study.open(study) as opened:
        question = opened.question("why")
        assigning.assign(opened.database, ("ana",), [question], Plan(repeat=0.5), by="lead")
    return study


async def test_a_coder_works_through_repeats_without_being_told(repeating: Path) -> None:
    async with coding(repeating) as seen:
        for done in range(12):
            assert f"{done}/12" in seen.status
            shown = seen.coding.session.answer(seen.coding.walk.response_id)
            assert not shown.state.is_coded
            await seen.press("r", "enter")
        assert "the last answer here; 0 of yours are open" in seen.status
        assert len(put(repeating)) == 8
        await seen.press("ctrl+z")
        assert "undo: decide (" in seen.status
        assert "12/12" in seen.status
        await seen.press("ctrl+z")
        assert "undo: code “Wider reach” (" in seen.status
        assert "11/12" in seen.status
        assert seen.coding.walk.response_id < 0
        assert len(put(repeating)) == 8


async def test_leaving_off_at_a_repeat_goes_on_there(repeating: Path) -> None:
    async with coding(repeating) as seen:
        while seen.coding.walk.response_id > 0:
            await seen.press("r", "enter")
        shown = seen.coding.walk.response_id
    async with coding(repeating) as seen:
        assert seen.coding.walk.response_id == shown


async def test_undo_finds_a_repeat_under_another_filter(repeating: Path) -> None:
    async with coding(repeating) as seen:
        while seen.coding.walk.response_id > 0:
            await seen.press("r", "enter")
        again = seen.coding.walk.response_id
        await seen.press("c")
        seen.coding.filter_by(Filter(), "every answer")
        await seen.press("ctrl+z")
        assert seen.coding.walk.response_id == again


def test_a_repeat_is_put_off_while_its_answer_is_open(repeating: Path) -> None:
    with Study.open(repeating) as opened:
        session, _ = opened.session("ana", "why")
        walk = Walk(session)
        before = list(walk.queue)
        place = next(at for at, one in enumerate(before) if one < 0)
        skipped = -before[place]
        for answer in before[:place]:
            if answer != skipped:
                session.decide(answer)
        walk.visit(place - 1)
        assert walk.following == next(one for one in before[place + 1 :] if one > 0)
        walk.visit(place)
        assert walk.response_id == walk.queue[place] > 0
        assert sorted(walk.queue) == sorted(before)
        assert (walk.place, len(walk.queue)) == (place, len(before))
        for answer in session.queue():
            if answer != skipped:
                session.decide(answer)
        for _ in before:
            walk.visit(walk.place + 1)
        assert walk.response_id != -skipped
        session.decide(skipped)
        walk.visit(len(before) - 1)
        assert walk.response_id == -skipped
