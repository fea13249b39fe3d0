"""One table of commands makes the keys, the help, the footer and the palette."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.tui.commands import COMMANDS, FOOTER, FOOTER_CLAUSE, Keymap, plain_key, shown_key
from qualcode.tui.dialogs import help_text
from tui.driving import coding, put, rows

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = {
    "enter": "decide",
    "space": "next",
    "backspace": "back",
    "/": "find",
    ".": "repeat",
    "!": "flag",
    ";": "memo",
    "[": "clause-previous",
    "]": "clause-next",
    "=": "accept",
    "escape": "whole",
    "ctrl+z": "undo",
    "ctrl+y": "redo",
    "f1": "help",
    "f2": "list",
    "f3": "filter",
    "ctrl+p": "palette",
    "ctrl+q": "leave",
}


def remap(study: Path, **keys: str) -> None:
    study.with_name("settings.json").write_text(
        json.dumps({"keys": {name.replace("_", "-"): key for name, key in keys.items()}})
    )


def test_the_keys_of_the_contract_do_what_it_says() -> None:
    assert CONTRACT.items() <= Keymap().command_at.items()


def test_no_command_takes_a_letter_or_a_digit_and_no_two_share_a_key() -> None:
    keys = [command.key for command in COMMANDS]
    assert len(set(keys)) == len(keys)
    assert not [key for key in keys if len(key) == 1 and key.isalnum()]
    assert all(plain_key(key) == key for key in keys)


def test_every_command_has_help_and_a_footer_word_where_the_footer_shows_it() -> None:
    by_id = {command.id: command for command in COMMANDS}
    assert len(by_id) == len(COMMANDS)
    assert all(command.help for command in COMMANDS)
    assert all(by_id[name].footer for name in (*FOOTER, *FOOTER_CLAUSE))


def test_the_help_says_every_key_and_what_it_does() -> None:
    lines = help_text(Keymap({"undo": "f9"})).splitlines()
    for command in COMMANDS:
        key = "F9" if command.id == "undo" else shown_key(command.key)
        assert any(line.split(maxsplit=1) == [key, command.help] for line in lines), command


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        *(("slash", "/"), ("Slash", "/"), ("/", "/"), ("F7", "f7"), ("Ctrl+T", "ctrl+t")),
        *((" ", "space"), ("ctrl+m", "enter"), ("ctrl+i", "tab"), ("ctrl+[", "escape")),
        *(("exclamation_mark", "!"), ("minus", "-"), ("plus", "+"), ("§", "§"), ("a", "a")),
        *(("foo", ""), ("ctrl+foo", ""), ("", ""), ("\x1b", ""), ("shift+a", ""), ("hyper+x", "")),
    ],
)
def test_a_key_has_one_spelling(spelling: str, key: str) -> None:
    assert plain_key(spelling) == key


@given(st.text(max_size=20))
def test_no_text_in_the_settings_crashes_the_keymap(key: str) -> None:
    with suppress(InputError):
        keymap = Keymap({"undo": key}, source="settings.json")
        assert keymap.command_at[keymap.key_of["undo"]] == "undo"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"undo": "/"}, "the key / would do both find and undo"),
        ({"undo": "slash"}, "the key / would do both find and undo"),
        ({"undo": "ctrl+m"}, "the key Enter would do both decide and undo"),
        ({"flag": "f7", "memo": "F7"}, "the key F7 would do both flag and memo"),
        ({"undo": "x"}, "“x” cannot be the key of undo: letters are codes, digits are suggestions"),
        ({"undo": "7"}, "“7” cannot be the key of undo"),
        ({"undo": "é"}, "“é” cannot be the key of undo"),
        ({"undo": ""}, "“”, for undo, is not a key"),
        ({"undo": "f77"}, "“f77”, for undo, is not a key"),
        ({"undone": "f7"}, "there is no command “undone” to remap"),
    ],
)
def test_a_key_that_cannot_be_is_refused_by_name(keys: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=r"^where\.json: ") as refused:
        Keymap(keys, source="where.json")
    assert words in refused.value.message


def test_two_commands_can_change_places() -> None:
    keymap = Keymap({"decide": "space", "next": "enter"})
    assert keymap.command_at["space"] == "decide"
    assert keymap.command_at["enter"] == "next"


async def test_a_remapped_key_works_and_is_shown_everywhere(study: Path) -> None:
    remap(
        study, decide="f9", clause_next="}", scroll_down="ctrl+n", flag="insert", undo="backslash"
    )
    async with coding(study) as seen:
        assert "F9 decide" in seen.status
        assert "F9 decides, } picks a clause" in " ".join(seen.answer.split())
        await seen.press("r", "enter", "]")
        assert seen.respondent == "p01"
        assert seen.coding.walk.clause is None
        await seen.press("}", "escape", "insert", "f9")
        assert seen.respondent == "p02"
        await seen.press("\\", "\\")
        assert rows(study, "SELECT * FROM v_mark") == []
        await seen.press("f1")
        assert "F9  decided: takes what stands" in seen.text
    remap(study, decide="space", next="enter")
    async with coding(study) as seen:
        await seen.press(" ")
        assert len(rows(study, "SELECT * FROM v_mark WHERE is_decided")) == 1


async def test_a_collision_in_the_settings_opens_no_screen(study: Path) -> None:
    remap(study, undo="/")
    with pytest.raises(InputError, match="would do both find and undo"):
        async with coding(study):
            pass


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45), (40, 10)])
async def test_help_opens_scrolls_to_its_end_and_closes(study: Path, size: tuple[int, int]) -> None:
    async with coding(study, size=size) as seen:
        await seen.press("f1")
        assert "a … Z  puts the code" in seen.text
        seen.assert_exact()
        await seen.press("end")
        await seen.wait_for("closes this help") if size[0] > 40 else None
        seen.assert_exact()
        for key in ("f1", "escape"):
            await seen.press(key)
            assert seen.app.screen is seen.coding
            await seen.press("f1") if key == "f1" else None


async def test_the_palette_lists_every_command_with_its_key(study: Path) -> None:
    async with coding(study, size=(120, 100)) as seen:
        await seen.press("ctrl+p")
        await seen.settle()
        for command in COMMANDS:
            if command.id != "palette":
                name = command.id.replace("-", " ").capitalize()
                assert f"{name} ({shown_key(command.key)})" in seen.text
                assert command.help in seen.text
        assert "Theme" in seen.text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("clause prev", "Clause previous ([)"), ("clause next", "Clause next (])")],
)
async def test_the_palette_carries_out_what_is_chosen(study: Path, typed: str, shown: str) -> None:
    async with coding(study) as seen:
        await seen.press("ctrl+p", *typed)
        await seen.wait_for(shown)
        await seen.press("enter")
        await seen.settle()
        assert seen.coding.walk.clause is not None
        await seen.press("ctrl+p", *"flag")
        await seen.wait_for("Flag (!)")
        await seen.press("enter")
        await seen.settle()
        assert rows(study, "SELECT respondent FROM v_mark WHERE is_flagged") == [("p01",)]


async def test_the_palette_opens_dialogs_and_finds_codes(study: Path) -> None:
    async with coding(study) as seen:
        await seen.press("ctrl+p", *"code: dear")
        await seen.wait_for("Code: Dear")
        await seen.press("enter")
        await seen.settle()
        assert put(study) == ["p01 cost/dear"]
        await seen.press("ctrl+p", *"filter")
        await seen.wait_for("Filter (F3)")
        await seen.press("enter")
        await seen.wait_for("Which answers to walk through")
        await seen.press("escape", "ctrl+p", "escape", "r")
        assert "p01 reach" in put(study)


async def test_the_footer_offers_as_much_as_there_is_room_for(study: Path) -> None:
    async with coding(study, size=(160, 45)) as seen:
        for words in ("Enter decide", "Space next", "/ find", "] clause", "F1 help", "^z undo"):
            assert words in seen.status
        for words in ("Bksp back", ". repeat", "! flag", "; memo", "F3 filter", "ana · 0/8"):
            assert words in seen.status
        await seen.resize(80, 24)
        for words in ("Enter decide", "Space next", "/ find", "] clause", "F1 help", "^z undo"):
            assert words in seen.status
        assert seen.status.endswith("ana · 0/8")
        await seen.resize(30, 10)
        assert seen.status.endswith("ana · 0/8")
