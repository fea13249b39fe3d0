"""The clearing screen driven by keys: what it shows, and what is in the file after each key."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pexpect
import pytest

from frames import PATIENCE
from qualcode import Study
from qualcode.errors import InputError
from qualcode.store import connection
from qualcode.study import codebooks
from qualcode.tui.clearing import ClearingApp
from qualcode.tui.commands import CLEARING, CODING, Keymap
from studies import take_in, take_in_codings
from tui.conftest import BOOK, survey
from tui.driving import Seen, burst, coding, paste, put, rows
from tui.driving import steps as all_steps
from tui.test_hostile import MARKUP, STRANGE
from tui.test_looks import SIZES, poor
from tui.test_snapshots import compare
from tui.test_terminal import SRC

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from qualcode.tui.clearing import ClearingScreen

NAMES = "I called John Smith, and Mary Jones at mary.jones@example.org. It is cheap; ask for Peter"
"""John Smith 9-19, the address 39-61, Peter."""
ANSWERS = (
    ("p01", "north", NAMES, "x"),
    ("p02", "south", "It reaches people that we never reached before", "x"),
    ("p03", "north", "", "x"),
    ("p04", "south", "cheap", "x"),
    ("p05", "north", "Nobody looks at any of that, so we do as before", "x"),
    ("p06", "south", "It has no code, so nobody quotes it", "x"),
)
CODINGS = (
    *("p01,why,cem,cost/cheap,,", "p01,why,cem,reach,,", "p02,why,cem,reach,,"),
    *("p04,why,cem,cost/cheap,,", "p05,why,cem,old,,", "p06,why,cem,,,"),
)


@pytest.fixture
def quoted(fresh: Callable[..., Path]) -> Path:
    """Six respondents; four answers have a theme, one of them names people."""
    study = fresh(survey(ANSWERS), BOOK)
    take_in_codings(study, *CODINGS)
    return study


class Clearing(Seen):
    """An open clearing screen."""

    @property
    def coding(self) -> ClearingScreen:
        return self.app.clearing

    @property
    def found(self) -> str:
        return self.pane("found")

    @property
    def respondent(self) -> str:
        shown = self.coding.walk.response_id
        return self.coding.session.quotable(shown).response.respondent if shown else ""

    async def go_to(self, respondent: str) -> None:
        """Show the answer of a respondent."""
        await self.press("home")
        for _ in range(len(self.coding.walk.queue)):
            if self.respondent == respondent:
                return
            await self.press("down")
        raise AssertionError(respondent)


@asynccontextmanager
async def clearing(
    study: Path, person: str = "ana", size: tuple[int, int] = (120, 36), code: str = ""
) -> AsyncIterator[Clearing]:
    """Open the clearing screen as `qualcode clear` does."""
    with Study.open(study) as opened:
        question = opened.question("why")
        theme = codebooks.find_code_for(opened.database, question, code) if code else None
        session, remark = opened.clearing(person, question, code=theme)
        app = ClearingApp(opened, session, remark)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Clearing(app, pilot)


def said(study: Path, person: str = "ana") -> dict[str, str]:
    """What the file holds of a person: the state, and what stands in the answer."""
    return {
        who: " ".join((state, *(text for _, _, text in json.loads(replaced))))
        for who, state, replaced in rows(
            study, "SELECT respondent, state, replacements FROM v_quote WHERE person = ?", person
        )
    }


def steps(study: Path) -> list[str]:
    """The kinds of the steps since the codings of the others came."""
    return [kind for kind in all_steps(study) if kind != "import-codings"]


def by_hand(study: Path, person: str, verb: str, respondent: str, *words: str) -> None:
    """Another person does something in another process."""
    with Study.open(study) as opened:
        session, _ = opened.clearing(person, opened.question("why"))
        getattr(session, verb)(session.answer_of(respondent), *words)


# -- the rhythm


async def test_enter_clears_the_answer_and_shows_the_next_open_one(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        first = seen.respondent
        await seen.press("enter")
        assert said(quoted) == {first: "cleared"}, "in the file before the next key"
        assert seen.respondent not in ("", first)
        assert f"cleared {first}" in seen.status
        assert "3 open · 1 cleared · 0 withheld" in seen.status
        await seen.press("backspace")
        assert seen.respondent == first
        assert "✓ cleared by ana" in seen.answer
        assert "as it will be printed" in seen.answer


async def test_enter_passes_over_what_was_looked_at_and_space_does_not(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        queue = list(seen.coding.walk.queue)
        await seen.press("down", "enter", "home")
        await seen.press("enter")
        assert seen.coding.walk.response_id == queue[2]
        await seen.press("home", "space")
        assert seen.coding.walk.response_id == queue[1]
        assert steps(quoted)[-2:] == ["clear", "clear"], "space says nothing"


async def test_the_last_one_says_what_is_left(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.press("space", "enter", "enter", "enter")
        assert "the last one here, and 1 before it are open" in seen.status
        await seen.press("home", "enter")
        assert "nothing is open any more" in seen.status
        await seen.press("space", "space", "space", "space")
        assert "the last answer here" in seen.status
    async with clearing(quoted) as seen:
        assert "nothing is open any more" in seen.status
        assert "0 open · 4 cleared" in seen.status


async def test_it_opens_on_the_first_open_answer(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        queue = list(seen.coding.walk.queue)
        await seen.press("enter", "-")
    async with clearing(quoted) as seen:
        assert seen.coding.walk.response_id == queue[2]


async def test_minus_withholds_and_goes_on(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        first = seen.respondent
        await seen.press("-")
        assert said(quoted) == {first: "withheld"}
        assert seen.respondent != first
        await seen.press("backspace")
        assert "− withheld by ana" in seen.answer
        assert "withheld, so not printed" in seen.answer
        assert "›−" in seen.pane("list")


async def test_equals_takes_back_the_word(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        first = seen.respondent
        await seen.press("enter", "backspace", "=")
        assert said(quoted) == {}
        assert seen.respondent == first
        await seen.press("=")
        assert "you have neither cleared nor withheld it" in seen.status


async def test_every_key_is_one_committed_step(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        done = []
        for keys, kind in (
            (("1",), "replace"),
            (("0",), "replace"),
            (("0",), None),
            (("]", "]", "]", "."), "replace"),
            (("escape", "."), None),
            (("-", "backspace"), "withhold"),
            (("enter", "backspace"), "clear"),
            (("enter", "backspace"), None),
            (("=",), "reopen"),
            (("ctrl+z",), "undo"),
            (("ctrl+y",), "redo"),
            (("9",), None),
        ):
            await seen.press(*keys)
            done += [kind] if kind else []
            assert steps(quoted) == done, keys


async def test_keys_that_come_fast_are_not_lost(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        place = seen.coding.walk.place
        await burst(seen, "1", "2", "/", *"cheap=dear", "enter", "3", "home", *["enter"] * 4)
        assert said(quoted)["p01"] == "cleared [name] [name] [e-mail] [dear]"
        assert len(said(quoted)) == 4, place
        await burst(seen, "f3", *"withheld", "enter", "f3", *"every", "enter", "home", "-")
        assert list(said(quoted).values()).count("withheld") == 1
        await burst(seen, "f3", "ctrl+q")
        assert not seen.app.is_running


# -- replacing


async def test_a_digit_replaces_what_was_found_and_puts_it_back(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        assert "1 John Smith" in seen.found
        assert "I called 1\u00a0John Smith, and" in seen.answer
        await seen.press("1")
        assert said(quoted)["p01"] == "open [name]"
        assert rows(quoted, "SELECT replacements FROM v_quote") == [('[[9,19,"[name]"]]',)]
        assert "● 1 John Smith" in seen.found
        assert "John Smith→[name], and" in seen.answer
        assert "“I called [name], and" in seen.answer
        assert "1 is now [name] in p01" in seen.status
        await seen.press("1")
        assert said(quoted) == {}
        assert "“I called John Smith, and" in seen.answer
        await seen.press("9")
        assert "nothing was found under 9" in seen.status


async def test_zero_replaces_all_that_was_found(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        assert "0 all of them" in seen.status
        await seen.press("0", "enter")
        assert said(quoted)["p01"] == "cleared [name] [name] [e-mail] [name]"
        await seen.press("backspace")
        assert "0 all of them" not in seen.status
        assert "It is cheap; ask for [name]”" in " ".join(seen.answer.split())
        await seen.press("0")
        assert "there is nothing more to replace" in seen.status
        assert said(quoted)["p01"].startswith("cleared"), "what was cleared stays so"


async def test_zero_covers_what_a_cut_covers_in_part(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        seen.coding.session.cut(seen.coding.walk.response_id, 0, 13)
        await seen.press("0")
        assert rows(quoted, "SELECT replacements FROM v_quote")[0][0].startswith('[[0,19,"[…]"],')


async def test_what_is_changed_after_clearing_is_open_again(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("enter", "backspace", "1")
        assert said(quoted)["p01"] == "open [name]"
        assert "it is open again" in seen.status


async def test_a_clause_is_cut_and_put_back(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press(".")
        assert "pick a clause first: ]" in seen.status
        await seen.press("]", "]", "]")
        assert "clause 3 of 4" in seen.answer
        assert "Nothing was found in this clause" in seen.found
        await seen.press(".")
        assert said(quoted)["p01"] == "open […]"
        assert "It is cheap→[…]; ask for" in " ".join(seen.answer.split())
        assert "left the clause out of p01" in seen.status
        await seen.press(".")
        assert said(quoted) == {}
        await seen.press("escape")
        assert "clause" not in seen.answer.splitlines()[0]


async def test_within_a_clause_the_digits_count_what_is_in_it(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("[")
        assert "1 Peter" in seen.found
        assert "3 more: ] counts within a clause" in " ".join(seen.found.split())
        await seen.press("1")
        start = NAMES.index("Peter")
        assert rows(quoted, "SELECT replacements FROM v_quote") == [
            (f'[[{start},{start + 5},"[name]"]]',)
        ]


async def test_words_are_replaced_by_what_is_typed(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("/")
        assert "words = what stands in their place" in seen.text
        await seen.type("It is = ")
        await seen.type("the price was\n")
        assert said(quoted)["p01"] == "open [the price was]"
        assert "replaced “It is”" in seen.status


async def test_words_that_are_not_there_stay_in_the_dialog_with_the_reason(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("/", *"Joe = a man", "enter")
        assert "the answer does not hold “Joe”" in seen.text
        assert "Joe = a man" in seen.text
        assert said(quoted) == {}
        await seen.press("escape")
        assert seen.app.screen is seen.coding
        await seen.press("/", *"John Smith = John Smith", "enter")
        assert "says what it hides" in seen.text
        await seen.press("escape", "/", *"cheap", "enter")
        assert said(quoted)["p01"] == "open […]"
        assert "replaced “cheap”" in seen.status
        await seen.press("/", "enter", "/", "escape")
        assert len(steps(quoted)) == 1


# -- undo


async def test_undo_and_redo_show_the_answer_that_they_were_on(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("1")
        await seen.press("end" if seen.coding.walk.place == 0 else "home")
        last = seen.respondent
        await seen.press("-")
        await seen.press("ctrl+z")
        assert (seen.respondent, said(quoted)) == (last, {"p01": "open [name]"})
        assert "undo: withhold" in seen.status
        await seen.press("ctrl+z")
        assert (seen.respondent, said(quoted)) == ("p01", {})
        await seen.press("ctrl+z")
        assert "nothing to undo" in seen.status
        await seen.press("ctrl+y", "ctrl+y")
        assert (seen.respondent, said(quoted)[last]) == (last, "withheld")
        await seen.press("ctrl+y")
        assert "nothing to redo" in seen.status


async def test_undo_goes_on_after_a_restart(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        first = seen.respondent
        await seen.press("enter")
    async with clearing(quoted) as seen:
        await seen.press("ctrl+z")
        assert (seen.respondent, said(quoted)) == (first, {})


async def test_undo_shows_an_answer_that_the_filter_hides(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        first = seen.respondent
        await seen.press("-", "f3", *"open", "enter")
        assert "filter: open" in seen.answer
        await seen.press("ctrl+z")
        assert seen.respondent == first
        assert "filter" not in seen.answer


async def test_undo_of_a_step_of_coding_says_so(quoted: Path) -> None:
    async with coding(quoted) as seen:
        await seen.press("r")
    async with clearing(quoted) as seen:
        await seen.press("ctrl+z")
        assert "undo: code" in seen.status
        assert "a step of another screen" in seen.status
        assert put(quoted) == []
    async with coding(quoted, question="how") as seen:
        await seen.press("r")
    async with clearing(quoted) as seen:
        await seen.press("ctrl+z")
        assert "a step of another screen on an answer to how" in seen.status


async def test_the_coding_screen_takes_back_a_step_of_clearing(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.press("enter")
    async with coding(quoted) as seen:
        await seen.press("ctrl+z")
        assert said(quoted) == {}
        assert "undo: clear" in seen.status


# -- filters, and nothing to do


async def test_the_filter_shows_answers_of_a_state(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        first = seen.respondent
        await seen.press("enter")
        second = seen.respondent
        await seen.press("-", "f3", *"cleared", "enter")
        assert seen.respondent == first
        assert "1 of 1" in seen.answer
        assert "filter: cleared" in seen.answer
        await seen.press("f3", *"withheld", "enter")
        assert seen.respondent == second
        await seen.press("enter")
        assert said(quoted) == {first: "cleared", second: "cleared"}
        await seen.press("f3", *"withheld", "enter")
        assert seen.respondent == ""
        assert "no answer is withheld" in seen.status
        assert "no answer is withheld" in seen.answer
        for key in ("enter", "-", "=", "0", ".", "]", "/", "space", "backspace", "pagedown"):
            await seen.press(key)
            seen.assert_exact()
        assert len(steps(quoted)) == 3
        await seen.press("f3", *"every", "enter")
        assert "of 4" in seen.answer


async def test_nothing_to_clear_is_said_in_a_friendly_line(fresh: Callable[..., Path]) -> None:
    study = fresh(survey(ANSWERS), BOOK)
    async with clearing(study, size=(80, 24)) as seen:
        assert "nothing to clear: no answer has a theme yet" in seen.answer
        assert "nothing to clear: no answer has a theme yet" in seen.status
        for key in ("enter", "1", "0", "-", "=", "/", "]", ".", "end", "ctrl+z", "f2"):
            await seen.press(key)
            seen.assert_exact()
        assert steps(study) == []


async def test_where_all_is_withheld_it_says_how_to_see_it(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.press("-", "-", "-", "-")
    async with clearing(quoted) as seen:
        assert "what has a theme is withheld; F3 shows it" in seen.status
        assert "0 open · 0 cleared · 4 withheld" in seen.status
        await seen.press("f3", *"withheld", "enter", "=")
        assert len(said(quoted)) == 3


async def test_of_one_theme_all_answers_are_walked_through(quoted: Path) -> None:
    async with clearing(quoted, code="cost/cheap") as seen:
        assert "of 2" in seen.answer
        assert "Cheap" in seen.answer


# -- what is told


async def test_it_tells_themes_reasons_and_what_to_beware_of(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p05")
        assert "Old habits" in seen.answer
        assert "nobody else speaks of “Old habits”" in seen.answer
        assert "region: north" in seen.answer
        assert "A scan is no promise: read it." in " ".join(seen.found.split())
        await seen.go_to("p04")
        assert "a short answer" in seen.answer
        assert "nobody else" not in seen.answer


async def test_two_people_have_a_word_each(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        by_hand(quoted, "ben", "replace", "p01", "Peter", "somebody")
        await seen.press("1")
        assert "ben replaced 1" in seen.answer
        by_hand(quoted, "ben", "withhold", "p01")
        await seen.press("enter", "backspace")
        await seen.go_to("p01")
        assert "✓ cleared by ana" in seen.answer
        assert "− withheld by ben" in seen.answer
        assert "0 cleared · 1 withheld" in seen.status
        assert said(quoted, "ben") == {"p01": "withheld [somebody]"}


async def test_what_somebody_else_replaced_is_not_put_back_by_a_digit(quoted: Path) -> None:
    by_hand(quoted, "ben", "replace", "p01", "John Smith", "somebody")
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("1", "1")
        assert "others replace 1, too, in p01" in seen.status
        assert "I called [somebody], and" in seen.answer


async def test_a_quote_is_cleared_only_as_it_was_seen(quoted: Path) -> None:
    by_hand(quoted, "ben", "replace", "p01", "John Smith", "somebody")
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        by_hand(quoted, "ben", "restore", "p01")
        await seen.press("enter")
        assert "somebody has changed how it would be printed: look again" in seen.status
        assert (seen.respondent, said(quoted)) == ("p01", {})
        assert "“I called John Smith" in seen.answer
        await seen.press("enter")
        assert said(quoted) == {"p01": "cleared"}


async def test_a_cleared_quote_stays_as_it_was_seen_whatever_others_put_back(quoted: Path) -> None:
    by_hand(quoted, "ben", "replace", "p01", "John Smith", "somebody")
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("enter")
        by_hand(quoted, "ben", "restore", "p01")
        await seen.go_to("p01")
        assert "✓ cleared" in seen.answer
        assert "“I called [somebody], and" in seen.answer


async def test_an_answer_that_was_imported_anew_is_not_cleared_unseen(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        changed = tuple(
            (*row[:2], "something else", "x") if row[0] == "p01" else row for row in ANSWERS
        )
        take_in(quoted, survey(changed))
        await seen.press("enter")
        assert said(quoted) == {}
        assert "a file was imported and the answer has changed: look again" in seen.status
        assert seen.respondent != "p01"
        seen.assert_exact()
        await seen.press("enter")
        assert len(said(quoted)) == 1


async def test_while_another_process_holds_the_study_nothing_is_lost(
    quoted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.02)
    async with clearing(quoted) as seen:
        first = seen.respondent
        with Study.open(quoted) as other, other.database.transaction():
            for key in ("enter", "-", "ctrl+z"):
                await seen.press(key)
                assert "study.db is held by another process" in seen.status
        assert seen.respondent == first
        await seen.press("enter")
        assert said(quoted) == {first: "cleared"}


async def test_a_study_that_was_moved_away_is_said_so(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        moved = shutil.move(quoted, quoted.with_name("moved.db"))
        await seen.press("enter")
        assert "was moved or replaced while it is open" in seen.status
        shutil.move(moved, quoted)
        await seen.press("enter")
        assert len(said(quoted)) == 1


# -- keys


def test_both_screens_have_one_key_a_command_and_call_the_same_alike() -> None:
    keys = [command.key for command in CLEARING.commands]
    assert len(set(keys)) == len(keys)
    by_id = {command.id: command for command in CLEARING.commands}
    assert all(by_id[name].footer for name in (*CLEARING.footer, *CLEARING.footer_clause))
    for command in CODING.commands:
        if command.id in by_id:
            assert by_id[command.id].key == command.key


async def test_a_remapped_key_works_on_both_screens(quoted: Path) -> None:
    quoted.with_name("settings.json").write_text(
        json.dumps({"keys": {"decide": "space", "next": "enter", "withhold": "f9", "memo": "f12"}})
    )
    async with clearing(quoted) as seen:
        first = seen.respondent
        assert "Space clear" in seen.status
        await seen.press("space")
        assert said(quoted) == {first: "cleared"}
        await seen.press("enter", "f9")
        assert sorted(said(quoted).values()) == ["cleared", "withheld"]
        await seen.press("f1")
        assert "F9  keeps the answer in the study" in seen.text
        await seen.press("escape")
    async with coding(quoted) as seen:
        assert "F12 memo" in seen.status


def test_keys_of_two_commands_on_one_screen_are_refused() -> None:
    Keymap({"memo": "-"})
    Keymap({"memo": "-"}, table=CLEARING)
    with pytest.raises(InputError, match="would do both withhold and cut"):
        Keymap({"cut": "-"}, table=CLEARING)


async def test_ctrl_q_leaves_also_out_of_a_dialog(quoted: Path) -> None:
    for opening in ((), ("f1",), ("f3",), ("/", "x"), ("]",)):
        async with clearing(quoted) as seen:
            await seen.press(*opening, "ctrl+q")
            await seen.settle()
            assert not seen.app.is_running
            assert seen.app.return_code == 0
    async with clearing(quoted) as seen:
        await seen.press("ctrl+c")
        assert "^q leaves" in seen.status


def test_the_command_opens_it_in_a_real_terminal(quoted: Path) -> None:
    command = ["-m", "qualcode", "clear", str(quoted), "--coder", "ana", "--question", "why"]
    child = pexpect.spawn(
        sys.executable,
        command,
        env={**os.environ, "PYTHONPATH": str(SRC), "TERM": "xterm-256color"},
        dimensions=(36, 120),
        timeout=PATIENCE,
    )
    try:
        child.expect_exact("as it would be printed:")
        child.send("\r")
        child.expect_exact("cleared p0")
        child.send("\x11")
        child.expect(pexpect.EOF)
    finally:
        child.close()
    assert child.exitstatus == 0
    assert list(said(quoted).values()) == ["cleared"]


# -- looks


@pytest.mark.parametrize("size", [*SIZES, (40, 10), (20, 5)])
async def test_it_is_drawn_exactly_at_every_size(quoted: Path, size: tuple[int, int]) -> None:
    async with clearing(quoted, size=size) as seen:
        await seen.go_to("p01")
        for key in ("1", "]", ".", "]", "0", "escape", "f2", "f2", "f1", "escape", "f3", "escape"):
            await seen.press(key)
            seen.assert_exact()
        for other in ((1, 1), (300, 100), (99, 30), size):
            await seen.resize(*other)
            seen.assert_exact()


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 10)])
async def test_no_answer_crashes_steers_or_overflows(
    fresh: Callable[..., Path], size: tuple[int, int]
) -> None:
    study = fresh(
        survey(
            tuple(
                (f"p{n:02}", name, f"Mr. Smith {text} a@example.org", "x")
                for n, (name, text) in enumerate(STRANGE.items())
            )
        ),
        BOOK,
    )
    take_in_codings(study, *(f"p{n:02},why,cem,reach,," for n in range(len(STRANGE))))
    async with clearing(study, size=size, code="reach") as seen:
        assert len(seen.coding.walk.queue) == len(STRANGE)
        for name in STRANGE:
            for key in ("1", "]", ".", "[", "0", "pagedown", "escape", "enter"):
                await seen.press(key)
                seen.assert_exact()
            assert seen.app.is_running, name
        assert all(state.startswith("cleared") for state in said(study).values())
    assert len(said(study)) == len(STRANGE)


async def test_what_is_typed_into_the_dialog_reaches_the_terminal_as_text(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        await seen.go_to("p01")
        await seen.press("/")
        await paste(seen, f"{MARKUP}\x1b[2J\u202e = x")
        seen.assert_exact()
        await seen.press("enter")
        seen.assert_exact()
        assert "the answer does not hold" in seen.text
        await seen.press("escape", "/", *"cheap = [b]", "enter")
        assert said(quoted) == {"p01": "open [b]"}


async def test_a_long_answer_scrolls(fresh: Callable[..., Path]) -> None:
    text = " ".join(f"Sentence {n} says that Mr. Smith knew it all." for n in range(900))
    assert len(text) > 40_000
    study = fresh(survey((("p1", "n", text, ""), ("p2", "n", "short", ""))), BOOK)
    take_in_codings(study, "p1,why,cem,reach,,")
    async with clearing(study, size=(80, 24)) as seen:
        assert "… more below: PgDn" in seen.answer
        assert "891 more" in seen.found
        await seen.press("pagedown", "pagedown")
        assert "… more above: PgUp" in seen.answer
        seen.assert_exact()
        await seen.press("[")
        assert "clause 1800 of 1800" in seen.answer
        assert "Smith knew it all" in seen.answer
        await seen.press("1", "0")
        seen.assert_exact()
        assert "there is nothing more" not in seen.status
        await seen.press("enter")
        assert said(study)["p1"].count("[name]") == 900


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_every_word_can_be_read_in_dark_and_light(quoted: Path, theme: str) -> None:
    async with clearing(quoted) as seen:
        seen.app.theme = theme
        await seen.go_to("p01")
        for keys in (
            (),
            ("1",),
            ("]",),
            (".",),
            ("]", "]", "."),
            ("escape", "0"),
            ("enter",),
            ("-",),
            ("9",),
        ):
            await seen.press(*keys)
            await seen.settle()
            assert poor(seen) == {}


async def test_the_list_shows_states_and_is_hidden_and_shown(quoted: Path) -> None:
    async with clearing(quoted) as seen:
        assert "›·" in seen.pane("list")
        await seen.press("enter")
        assert " ✓" in seen.pane("list")
        await seen.press("f2")
        assert not seen.coding.query_one("#list").display
        await seen.press("f2")
        await seen.pilot.click("#list", offset=(3, 3))
        await seen.settle()
        assert seen.coding.walk.place == 3


@pytest.mark.parametrize("size", ["80x24", "120x36"])
async def test_clearing_is_drawn_as_it_was(quoted: Path, size: str) -> None:
    width, height = map(int, size.split("x"))
    async with clearing(quoted, size=(width, height)) as seen:
        await seen.go_to("p01")
        await seen.press("1", "]", "]", "]", ".")
        await compare(seen, f"clearing/clause-{size}")


@pytest.mark.parametrize("theme", ["textual-light", "textual-dark"])
async def test_its_colours_are_as_they_were(quoted: Path, theme: str) -> None:
    async with clearing(quoted) as seen:
        seen.app.theme = theme
        await seen.go_to("p01")
        await seen.press("1", "4")
        await compare(seen, f"clearing/{theme.removeprefix('textual-')}-120x36")
