"""The frequencies screen: the coder's own counts, by attribute, and down to the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode.tui.frequencies import FrequencyScreen
from studies import take_in_codings
from tui.conftest import BOOK, book, hostile, survey
from tui.driving import coding, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.driving import Seen

COUNTED = "what ana coded"
OWN = (
    *("p01,why,ana,reach,,", "p01,why,ana,cost/cheap,,", "p02,why,ana,reach,,"),
    *("p04,why,ana,cost/dear,,", "p05,why,ana,cost/cheap,,", "p07,why,ana,,,"),
    *("p08,why,ana,nothing,,", "p09,why,ana,unclear,,", "p10,why,ana,cost/cheap,,"),
    *("p01,why,ben,old,,", "p02,why,ben,old,,"),
)


@pytest.fixture
def coded(study: Path) -> Path:
    take_in_codings(study, *OWN)
    return study


async def counted(seen: Seen) -> None:
    await seen.press("f8")
    await seen.wait_for(COUNTED)


def line(seen: Seen, name: str) -> str:
    return next(line for line in seen.lines if f" {name} " in line)


async def test_f8_counts_the_coders_own_codings_with_their_base(coded: Path) -> None:
    async with coding(coded) as seen:
        await counted(seen)
        assert isinstance(seen.app.screen, FrequencyScreen)
        assert "percent of 7 coded answers" in seen.text
        assert line(seen, "Wider reach").split()[:5] == ["▶", "Wider", "reach", "2", "28.6%"]
        assert line(seen, "Costs").split()[1:3] == ["4", "57.1%"], (
            "a parent counts each answer once"
        )
        assert line(seen, "Cheap").split()[1:3] == ["3", "42.9%"]
        assert line(seen, "Old habits").split()[2:4] == ["0", "0.0%"], "what ben coded is not shown"
        assert line(seen, "Cannot be coded").split()[3] == "1"
        seen.assert_exact()
        await seen.press("escape")
        assert seen.app.screen is seen.coding


async def test_arrows_show_the_groups_of_an_attribute_and_none_again(coded: Path) -> None:
    async with coding(coded) as seen:
        await counted(seen)
        assert "← → shows it by an attribute" in seen.text
        await seen.press("right")
        await seen.wait_for("by region")
        await seen.wait_for("what ana coded by region")
        assert "north" in seen.text
        assert "n = 3" in seen.text
        assert "Fisher p = " in seen.text
        await seen.press("right")
        await seen.wait_for("what ana coded: percent")
        await seen.press("left")
        await seen.wait_for("what ana coded by region")


async def test_enter_goes_to_the_answers_of_a_code(coded: Path) -> None:
    async with coding(coded) as seen:
        await counted(seen)
        await seen.press("down", "down", "enter")
        assert seen.app.screen is seen.coding
        assert "filter: with Cheap" in seen.answer
        assert "1 of 3" in seen.answer
        assert seen.respondent == "p01"


async def test_it_says_how_far_the_coding_is(coded: Path) -> None:
    async with coding(coded, question="how") as seen:
        await seen.press("r", "enter")
        await counted(seen)
        assert "interim: 1 of 9 answers coded" in seen.text


async def test_nothing_coded_yet_has_no_percentages(study: Path) -> None:
    async with coding(study) as seen:
        await counted(seen)
        assert "%" not in "".join(seen.lines[2:-1]).replace("100%", "").replace(" 10%", "")
        seen.assert_exact()
        await seen.press("escape", "r")
    assert put(study) == ["p01 reach"]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_it_fits_every_size(coded: Path, size: tuple[int, int]) -> None:
    async with coding(coded, size=size) as seen:
        await counted(seen)
        await seen.press("right")
        await seen.wait_for("by region")
        seen.assert_exact()
        assert "Wider reach" in seen.text


async def test_hostile_names_reach_the_terminal_as_text(fresh: Callable[..., Path]) -> None:
    name = hostile("\x1b[2J[bold]\u202e" + "x" * 300)
    evil = BOOK.replace("name: Wider reach", f"name: {name}")
    study = fresh(survey().replace("north", "\u202e[red]north"), evil)
    async with coding(study) as seen:
        await seen.press("r", "enter")
        await counted(seen)
        await seen.press("right")
        await seen.wait_for("by region")
        seen.assert_exact()
        assert "[bold]" in seen.text


async def test_a_long_codebook_is_scrolled(fresh: Callable[..., Path]) -> None:
    async with coding(fresh(survey(), book(60)), size=(80, 24)) as seen:
        await seen.press("/", *"number 59", "enter", "enter")
        await counted(seen)
        await seen.press("end")
        assert "Code number 59" in seen.text
        seen.assert_exact()
