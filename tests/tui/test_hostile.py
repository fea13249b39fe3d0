"""Nothing that a file holds can crash the screen, steer the terminal, or break a line."""

from __future__ import annotations

import ast
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

import qualcode.tui
from studies import make
from tui.conftest import BOOK, hostile, survey
from tui.driving import coding, paste, put, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.driving import Seen

MARKUP = "[/foo] [bold]fat[/] [red on blue [@click=app.exit]x[/] \\[ ]] {x} %s $foreground"
ESCAPES = "\x1b[2J\x1b]0;title\x07\x1b[31mred\x1b[0m \x9b2J \x90q\x9c"
STRANGE = {
    "markup": MARKUP,
    "escapes": ESCAPES,
    "c0": "".join(map(chr, range(1, 0x20))) + "\x7fend",
    "c1": "".join(map(chr, range(0x80, 0xA0))) + "end",
    "nul": "a\x00b",
    "bidi": "\u202eright to left\u202c \u2066x\u2069 \u200f\u061c \u2028\u2029 end",
    "tabs": "a\tb\t\tc\n\td",
    "crlf": "one\r\ntwo\r\n\r\nthree\rfour\r",
    "emoji": "👩‍👩‍👧‍👦 ❤️ ☁️ 🇩🇪 👍🏽 1️⃣ " * 20,
    "combining": "Z̸̢͔a̵͇l̷g̶o " * 40,
    "zero width": "a\u200bb\u200c\u200d\ufeff\u00adc" * 40,
    "wide": "漢字かな交じり文、とても長い。" * 30,
    "hebrew": "שלום עולם, זה טקסט ארוך " * 20,
    "arabic": "مرحبا بالعالم " * 20,
    "no spaces": "x" * 3000,
    "private": "\ue000\uf8ff\U0010fffd\ufffe\U0001ffff",
    "spaces": "   a    b   " * 50 + "\u3000\u2003\u00a0",
    "newlines": "\n" * 200 + "end",
    "formula": "=1+1 @SUM(A1)",
}
NAME = "[/x][bold]" + "\x1b[2J\x9b\u202e\x07\t\n漢👩‍👩‍👧"


@pytest.fixture
def strange(fresh: Callable[..., Path]) -> Path:
    """A study whose every answer wants to do harm."""
    return fresh(
        survey(
            tuple((f"p{n:02}", name, text, "x") for n, (name, text) in enumerate(STRANGE.items()))
        ),
        BOOK,
    )


@pytest.fixture
def hostile_study(tmp_path: Path) -> Path:
    """A study whose every name wants to do harm."""
    codes = "".join(
        f"  - key: k{n}\n    name: {hostile(f'{n} {NAME}')}\n    definition: {hostile(NAME * 3)}\n"
        f"    include: [{hostile(NAME)}]\n    exclude: [{hostile(NAME)}]\n"
        f"    examples: [{hostile(NAME)}]\n    keywords: [{hostile(NAME)}]\n"
        for n in range(3)
    )
    quoted = NAME.replace('"', '""')
    table = f'id,"at {quoted}","{quoted}"\n"r1 {quoted}","v {quoted}","said {quoted}"\nr2,b,same\n'
    text = f"codebook: Hostile\nversion: 1\ncodes:\n{codes}"
    (tmp_path / "[bold]x").mkdir()
    return make(
        tmp_path / "[bold]x",
        table,
        (text,),
        id_column="id",
        questions=(("Q1", NAME),),
    )


async def everything(seen: Seen) -> None:
    """Open everything that can be opened, and look at every frame."""
    for keys in (
        *(("a",), ("]",), ("b",), ("[",), ("escape",), ("!",), ("pagedown",), ("pageup",)),
        *(("/",), ("0",), ("escape",), ("f2",), ("f2",), ("ctrl+down",)),
        *((";",), ("escape",), ("f3",), ("0",), ("escape",), ("f5",), ("escape",)),
        *(("f1",), ("escape",), ("ctrl+p",), *zip("code 1"), ("escape",)),
        *(("enter",), (".",), ("ctrl+z",), ("ctrl+y",), ("backspace",)),
    ):
        await seen.press(*keys)
        seen.assert_exact()
    assert seen.app.screen is seen.coding


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10)])
async def test_no_answer_crashes_steers_or_overflows(strange: Path, size: tuple[int, int]) -> None:
    async with coding(strange, size=size) as seen:
        for name in STRANGE:
            for key in ("]", "r", "[", "pagedown", "escape", "enter"):
                await seen.press(key)
                seen.assert_exact()
            assert seen.app.is_running, name
        assert len(rows(strange, "SELECT DISTINCT respondent FROM v_coding")) == len(STRANGE)


async def test_the_text_in_the_study_is_untouched_by_being_shown(strange: Path) -> None:
    async with coding(strange) as seen:
        await seen.press(*["enter"] * len(STRANGE))
    stored = rows(strange, "SELECT text FROM v_response WHERE question = 'why'")
    assert [text for (text,) in stored] == list(STRANGE.values())


async def test_markup_in_an_answer_is_shown_as_it_is(strange: Path) -> None:
    async with coding(strange) as seen:
        assert "[/foo] [bold]fat[/] [red on blue" in seen.answer
        assert "[/foo] [bold]fat" in seen.pane("list")


async def test_control_characters_are_made_visible(strange: Path) -> None:
    async with coding(strange) as seen:
        await seen.press(" ")
        assert "␛[2J␛]0;title␇␛[31mred" in seen.answer
        await seen.press("f3", *"one", "enter")
        await seen.settle()
        assert " one\n two\n\n three␍four␍" in seen.answer, "line ends of Windows are line ends"


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_no_name_in_study_codebook_or_file_does_harm(
    hostile_study: Path, size: tuple[int, int]
) -> None:
    async with coding(hostile_study, "[/b]漢字 coder", size=size) as seen:
        seen.assert_exact()
        assert "[/x][bold]" in seen.codebook
        assert "[/b]漢字 coder" in seen.status
        await everything(seen)


async def test_a_hostile_code_is_put_on_from_find_filter_and_palette(hostile_study: Path) -> None:
    async with coding(hostile_study) as seen:
        await seen.press("/", *"1 [/x", "enter")
        assert [code.rpartition(" ")[2] for code in put(hostile_study)] == ["k1"]
        await seen.press("f3", *"with my code: 1")
        seen.assert_exact()
        assert "with my code: 1 [/x][bold]" in seen.text
        await seen.press("enter")
        await seen.settle()
        assert "1 of 1  filter: with 1 [/x]" in seen.answer.replace("✓ coded  ", "")
        seen.assert_exact()
        await seen.press("ctrl+p", *"code: 2")
        await seen.wait_for("Code: 2 [/x][bold]")
        seen.assert_exact()
        await seen.press("enter")
        await seen.settle()
        assert len(put(hostile_study)) == 2


async def test_a_hostile_memo_and_a_hostile_paste_are_kept_and_shown_safely(study: Path) -> None:
    nasty = f"{MARKUP}{ESCAPES}\u202e👩‍👩‍👧"
    async with coding(study) as seen:
        await seen.press(";")
        await paste(seen, nasty)
        seen.assert_exact()
        await seen.press("escape")
        await seen.settle()
        assert rows(study, "SELECT memo FROM v_mark") == [(nasty,)]
        assert "; [/foo] [bold]fat[/]" in seen.answer
        seen.assert_exact()
        await seen.press(";")
        seen.assert_exact()
        await seen.press("escape", "f3")
        await paste(seen, nasty)
        seen.assert_exact()
        await seen.press("enter")
        await seen.settle()
        assert "no answer is with “[/foo]" in seen.status
        seen.assert_exact()
        await seen.press("/", "[", "\\", "]", "escape")
        assert seen.app.is_running


async def test_a_paste_on_the_coding_screen_codes_nothing(study: Path) -> None:
    async with coding(study) as seen:
        seen.coding.post_message(Paste("rrrccc\x1b"))
        await seen.settle()
        assert put(study) == []


MILLION = 1_000_000
STUCK = 5.0
"""CPU seconds that only work growing with the square of the text can take."""
HUGE = {
    "words": "word and then " * (MILLION // 14),
    "no space": "x" * MILLION,
    "escapes": "\x1b[31m" * (MILLION // 5),
    "wide": "漢字" * (MILLION // 2),
    "emoji": "👩‍👩‍👧" * (MILLION // 5),
    "combining": "a" + "\u0301" * MILLION,
    "lines": "x\n" * (MILLION // 2),
    "dots": "." * MILLION + "x",
    "conjunctions": "a and " * (MILLION // 6),
}


@pytest.mark.parametrize("kind", HUGE)
async def test_an_answer_of_a_million_characters_is_drawn_at_once(
    fresh: Callable[..., Path], kind: str
) -> None:
    study = fresh(survey((("p1", "n", "short", ""), ("p2", "n", HUGE[kind], ""))), BOOK)
    async with coding(study) as seen:
        await seen.press(" ")
        assert seen.respondent == "p2"
        seen.assert_exact()
        for key in ("pagedown", "pagedown", "pageup", "r"):
            begun = time.process_time()
            await seen.press(key)
            assert time.process_time() - begun < STUCK, key
            seen.assert_exact()
        begun = time.process_time()
        seen.coding._answer_pane._wrapping.text = ""
        seen.coding.draw()
        assert time.process_time() - begun < STUCK, "the whole first drawing"


@pytest.mark.parametrize("kind", ["words", "dots", "conjunctions", "escapes"])
async def test_its_clauses_are_found_in_reasonable_time(
    fresh: Callable[..., Path], kind: str
) -> None:
    study = fresh(survey((("p1", "n", HUGE[kind], ""),)), BOOK)
    async with coding(study) as seen:
        begun = time.process_time()
        await seen.press("[", "r")
        assert time.process_time() - begun < STUCK
        seen.assert_exact()
        assert len(put(study)) == 1


async def test_text_cannot_be_selected_into_a_crash(strange: Path) -> None:
    async with coding(strange) as seen:
        await seen.pilot.mouse_down("#answer", offset=(3, 5))
        await seen.pilot.hover("#answer", offset=(20, 8))
        await seen.pilot.mouse_up("#codebook", offset=(4, 4))
        await seen.press("ctrl+c")
        seen.assert_exact()


def test_no_widget_takes_text_for_markup() -> None:
    for path in Path(qualcode.tui.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Static", "Label"):
                given = {
                    word.arg: ast.literal_eval(word.value)
                    for word in node.keywords
                    if word.arg == "markup"
                }
                assert given == {"markup": False}, f"{path.name}:{node.lineno}"
