"""The agreement screen: what it shows, to whom, and how to get in and out of it."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

import pytest

from qualcode.errors import QualcodeError
from qualcode.study import agreement
from qualcode.tui.agreement import AgreementScreen
from qualcode.tui.disagreements import DisagreementScreen
from studies import take_in, take_in_codings
from tui.conftest import ANSWERS, BOOK, book, hostile, survey
from tui.driving import burst, coding, decided
from tui.test_looks import poor
from tui.test_snapshots import compare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZES = {"80x24": (80, 24), "120x36": (120, 36), "160x45": (160, 45)}
COMPARED = "were coded by others too"
TWO = (
    *("p01,why,ana,reach,,", "p01,why,ana,cost/cheap,,", "p02,why,ana,reach,,"),
    *("p04,why,ana,,,", "p05,why,ana,cost,,", "p07,why,ana,reach,,"),
    *("p01,why,ben,reach,,", "p02,why,ben,cost,,", "p04,why,ben,,,"),
    *("p05,why,ben,cost,,", "p07,why,ben,reach,,"),
)
"""Five answers coded by ana and ben, who differ on p01 and p02."""


@pytest.fixture
def two(study: Path) -> Path:
    take_in_codings(study, *TWO)
    return study


def many(folder_study: Callable[..., Path], coders: int, codes: int) -> Path:
    """A study of sixty answers, so many coders and codes."""
    answers = tuple((f"p{n:02}", "north", f"answer number {n}", "") for n in range(60))
    study = folder_study(survey(answers), book(codes))
    draw = random.Random(1)
    rows = []
    for who, *_ in answers:
        true = draw.randrange(8)
        for coder in range(coders):
            code = true if draw.random() < 0.75 else draw.randrange(codes)
            rows.append(f"{who},why,coder-{'abcdefghijk'[coder]},c{code},,")
    take_in_codings(study, *rows)
    return study


async def test_f4_shows_the_numbers_and_escape_goes_back(two: Path) -> None:
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        assert isinstance(seen.app.screen, AgreementScreen)
        assert "Agreement on why" in seen.text
        assert "5 of 5 answers decided by ana" in seen.text
        reach = next(line for line in seen.lines if " reach " in line)
        assert " 5 " in reach
        assert "0.640" in reach  # 1 - (1/5) / (2·5·5 / (10·9))
        assert "same set      0.600" in seen.text
        seen.assert_exact()
        await seen.press("escape")
        assert seen.app.screen is seen.coding
        await seen.press("r")
        assert "✓" in seen.text


async def test_the_first_frame_does_not_wait_for_the_numbers(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go = threading.Event()
    real = agreement.measure

    def slow(*args: object, **options: object) -> object:
        assert may_go.wait(60)
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(agreement, "measure", slow)
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for("measuring …")
        await seen.press("down", "enter", "pageup")
        assert "measuring …" in seen.text
        may_go.set()
        await seen.wait_for(COMPARED)


async def test_it_can_be_left_while_it_measures(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go, has_gone = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> object:
        may_go.wait(60)
        has_gone.set()
        raise QualcodeError("too late")

    monkeypatch.setattr(agreement, "measure", slow)
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for("measuring …")
        await seen.press("escape")
        assert seen.app.screen is seen.coding
        may_go.set()
        assert has_gone.wait(60)
        await seen.settle()
        assert "too late" not in seen.text


async def test_f4_pressed_twice_comes_back(two: Path) -> None:
    async with coding(two) as seen:
        await burst(seen, "f4", "f4")
        assert seen.app.screen is seen.coding
        await burst(seen, "f4", "f4", "f4")
        assert isinstance(seen.app.screen, AgreementScreen)
        await seen.wait_for(COMPARED)
        await seen.press("f4")
        assert seen.app.screen is seen.coding


async def test_arrows_choose_a_code_and_its_detail(two: Path) -> None:
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        chosen = [next(line for line in seen.lines if "▶" in line)]
        for key in ("down", "down", "up", "end", "down", "home", "up"):
            await seen.press(key)
            chosen.append(next(line for line in seen.lines if "▶" in line))
        names = [line.split()[1] for line in chosen]
        assert names[0] == names[-1] == "cost/cheap"
        assert names[1] == names[3] != names[2]
        assert names[4] == names[5]
        assert len(set(names)) == 4
        assert "used by ana 1, ben 0" in seen.text


async def test_enter_leads_to_the_disagreements_and_to_the_answer(two: Path) -> None:
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        while "▶ reach" not in seen.text:
            await seen.press("down")
        await seen.press("enter")
        await seen.wait_for("1 answer differs on it")
        assert isinstance(seen.app.screen, DisagreementScreen)
        assert "● ana  reach" in seen.text
        assert "○ ben  cost" in seen.text
        seen.assert_exact()
        await seen.press("escape")
        assert isinstance(seen.app.screen, AgreementScreen)
        await seen.press("enter")
        await seen.wait_for("answer differs on it")
        await seen.press("enter")
        await seen.settle()
        assert seen.app.screen is seen.coding
        assert seen.respondent == "p02"
        assert "p02" in seen.text


async def test_only_what_this_coder_has_decided_is_seen(study: Path) -> None:
    rows = [f"{who},why,ben,old,," for who in ("p02", "p04", "p05", "p07", "p08")]
    take_in_codings(study, "p01,why,ben,reach,,", *rows, "p02,why,xena,cost/dear,,")
    async with coding(study) as seen:
        await seen.press("f4")
        await seen.wait_for("has decided no answer yet")
        assert "ben" not in seen.text
        await seen.press("escape", "c", "enter")  # decides p01
        await seen.press("o", " ")  # codes p02 without deciding it
        assert decided(study) == ["p01"]
        await seen.press("f4")
        await seen.wait_for("1 of 1 answers decided by ana")
        assert "xena" not in seen.text
        for name in ("reach", "cost", "old", "cost/dear"):
            await seen.press("home")
            while f"▶ {name} " not in seen.text:
                await seen.press("down")
            used = {"reach": (0, 1), "cost": (1, 0)}.get(name, (0, 0))
            assert f"used by ben {used[1]}, ana {used[0]}" in seen.text
            await seen.press("enter")
            await seen.wait_for("on it")
            is_one = used != (0, 0)
            assert ("1 answer differs on it" in seen.text) == is_one
            assert ("p01" in seen.text) == is_one
            assert not any(who in seen.text for who in ("p02", "p04", "p05", "p07", "p08"))
            await seen.press("escape")


async def test_codings_that_came_in_a_file_are_as_good_as_decided(two: Path) -> None:
    assert decided(two) == ["p04"]
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for("5 of 5 answers decided by ana")


async def test_a_changed_answer_is_not_seen_until_it_is_decided_again(two: Path) -> None:
    changed = (ANSWERS[0], ("p02", "south", "another text", "by mail"), *ANSWERS[2:])
    take_in(two, survey(changed))
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for("4 of 4 answers decided by ana")


async def test_kept_runs_are_the_trend(two: Path, qualcode: Callable[..., object]) -> None:
    call = ("agreement", two, "--question", "why", "--save")
    qualcode(*call)
    qualcode(*call)
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for("kept runs")
        assert "over time (mean α)" in seen.text


async def test_no_codebook_is_said(fresh: Callable[..., Path]) -> None:
    async with coding(fresh(survey())) as seen:
        await seen.press("f4")
        await seen.wait_for("why has no codebook yet")
        assert "codebook apply" in seen.text
        await seen.press("down", "enter", "escape")
        assert seen.app.screen is seen.coding


async def test_nothing_coded_is_said(study: Path) -> None:
    async with coding(study, size=(80, 24)) as seen:
        await seen.press("f4")
        await seen.wait_for("ana has decided no answer yet")
        await seen.press("down", "enter")
        await seen.wait_for("0 answers differ on it")
        await seen.press("enter", "down", "escape", "escape")
        assert seen.app.screen is seen.coding


async def test_an_error_is_shown_and_not_raised(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise QualcodeError(f"{two} cannot be read", hint="look at the disk")

    async with coding(two) as seen:
        with monkeypatch.context() as patched:
            patched.setattr(agreement, "measure", broken)
            await seen.press("f4")
            await seen.wait_for("study.db cannot be read; look at the disk")
            assert str(two.parent) not in seen.text
            await seen.press("escape", "f4")
        await seen.press("escape", "f4")
        await seen.wait_for(COMPARED)
        monkeypatch.setattr(agreement, "disagreements", broken)
        await seen.press("enter")
        await seen.wait_for("study.db cannot be read; look at the disk")
        await seen.press("enter", "escape")
        assert isinstance(seen.app.screen, AgreementScreen)


@pytest.mark.parametrize("depth", [1, 2])
async def test_ctrl_q_leaves_from_there(two: Path, depth: int) -> None:
    async with coding(two) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        if depth == 2:
            await seen.press("enter")
            await seen.wait_for("on it")
        await seen.press("ctrl+q")
        assert not seen.app.is_running
    assert [path.name for path in two.parent.glob("study.db*")] == ["study.db"]


async def test_letters_do_nothing_there(two: Path) -> None:
    async with coding(two) as seen:
        before = seen.coding.session.answer(seen.coding.walk.response_id).state
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        await seen.press("r", "c", " ", "!", "ctrl+z")
        await seen.press("escape")
        assert seen.coding.session.answer(seen.coding.walk.response_id).state == before


async def test_remapped_keys_work_there(two: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"keys": {"agreement": "f9", "leave": "f10"}}')
    async with coding(two) as seen:
        await seen.press("f4")
        assert seen.app.screen is seen.coding
        await seen.press("f9")
        await seen.wait_for(COMPARED)
        await seen.press("f9")
        assert seen.app.screen is seen.coding
        await seen.press("f9", "f10")
        assert not seen.app.is_running


@pytest.mark.parametrize("size", SIZES)
async def test_sixty_codes_and_seven_coders_fit_and_scroll(
    fresh: Callable[..., Path], size: str
) -> None:
    study = many(fresh, 7, 60)
    async with coding(study, "coder-a", size=SIZES[size]) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        seen.assert_exact()
        for letter in "abcdefg":
            assert f"coder-{letter} " in seen.text
        rows = [line for line in seen.lines if " coder-" in line and "·" in line]
        assert len(rows) == 7
        places = [line.index("·", line.index("coder-")) for line in rows]
        assert places == sorted(places)
        for _ in range(6):
            await seen.press("pagedown")
            seen.assert_exact()
        assert sum("▶" in line for line in seen.lines) == 1
        await seen.press("home", "enter")
        await seen.wait_for("differ")
        seen.assert_exact()


@pytest.mark.parametrize("size", ["80x24", "120x36"])
async def test_more_coders_than_fit_are_counted(fresh: Callable[..., Path], size: str) -> None:
    async with coding(many(fresh, 11, 8), "coder-a", size=SIZES[size]) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        seen.assert_exact()
        assert "and 4 more" in seen.text


async def test_a_terminal_that_changes_its_size(fresh: Callable[..., Path]) -> None:
    async with coding(many(fresh, 7, 60), "coder-a", size=(80, 24)) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        for size in ((160, 45), (40, 10), (120, 36), (20, 5)):
            await seen.pilot.resize_terminal(*size)
            await seen.settle()
            seen.assert_exact()


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_draw_nothing_else(fresh: Callable[..., Path], size: str) -> None:
    bad = "\x1b[31m\u202e漢字 e\u0301 👩‍👩‍👧 [b]x[/b]"
    answers = ((ANSWERS[0][0], "north", bad * 9, ""), *ANSWERS[1:])
    study = fresh(survey(answers), BOOK.replace("codebook: Screen", f"codebook: {hostile(bad)}"))
    names = (
        "漢字漢字漢字漢字漢字",
        "[b]o'neil[/b]",
        "e\u0301e\u0301e\u0301e\u0301 very long name indeed",
    )
    for name, code in zip(names, ("reach", "cost", "old"), strict=True):
        take_in_codings(study, f"p01,why,{name},{code},,", f"p02,why,{name},reach,,")
    async with coding(study, names[0], size=SIZES[size]) as seen:
        await seen.press("f4")
        await seen.wait_for("2 of 2 answers")
        seen.assert_exact()
        assert "neil[/b]" in seen.text
        while "▶ reach" not in seen.text:
            await seen.press("down")
        await seen.press("enter")
        await seen.wait_for("differs on it")
        seen.assert_exact()
        assert "[b]o'neil[/b]" in seen.text


@pytest.mark.parametrize("size", ["80x24", "120x36"])
async def test_pictures_of_the_numbers(fresh: Callable[..., Path], size: str) -> None:
    async with coding(many(fresh, 4, 12), "coder-a", size=SIZES[size]) as seen:
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        await seen.press("down", "down")
        await compare(seen, f"agreement/numbers-{size}")
        await seen.press("enter")
        await seen.wait_for("differ")
        await compare(seen, f"agreement/disagreements-{size}")


async def test_picture_of_the_light_theme(fresh: Callable[..., Path]) -> None:
    async with coding(many(fresh, 4, 12), "coder-a") as seen:
        seen.app.theme = "textual-light"
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        await compare(seen, "agreement/light-120x36")


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_every_word_can_be_read_in_dark_and_light(two: Path, theme: str) -> None:
    same = [f"p08,why,{name},nothing,," for name in ("ana", "ben")]
    take_in_codings(two, *same, "p09,why,ana,old,,", "p09,why,ben,old,,", "p10,why,ben,old,,")
    async with coding(two) as seen:
        seen.app.theme = theme
        await seen.press("f4")
        await seen.wait_for(COMPARED)
        await seen.settle()
        assert poor(seen) == {}
        await seen.press("enter")
        await seen.wait_for("on it")
        assert poor(seen) == {}
