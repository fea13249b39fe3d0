"""The adjudication screen driven by keys: what it shows, and what is in the file after each key."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.store.coders import coders
from qualcode.study.adjudication import session
from qualcode.tui.adjudicating import AdjudicationApp
from qualcode.tui.commands import ADJUDICATING, CLEARING, CODING, Keymap
from studies import errors, take_in_codings
from tui.conftest import BOOK, survey
from tui.driving import Seen, burst, coding, put, rows
from tui.driving import steps as all_steps
from tui.test_hostile import MARKUP, STRANGE
from tui.test_looks import SIZES, poor
from tui.test_snapshots import compare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from qualcode.tui.adjudicating import AdjudicationScreen

ANSWERS = (
    ("p01", "north", "Ads are cheap, and nobody is watching them", "x"),
    ("p02", "south", "It reaches people that we never reached before", "x"),
    ("p03", "north", "", "x"),
    ("p04", "south", "cheap and quick", "x"),
    ("p05", "north", "Nobody looks at any of that, so we do as before", "x"),
    ("p06", "south", "Everybody says the same of it", "x"),
)
CODINGS = (
    *("p01,why,ana,cost/cheap,0,13", "p01,why,ana,reach,,", "p01,why,ben,reach,,"),
    *("p01,why,eva,cost/cheap,,", "p01,why,eva,reach,,"),
    *("p02,why,ana,reach,,", "p02,why,ben,,,", "p02,why,eva,nothing,,"),
    *("p04,why,ana,cost/cheap,,", "p04,why,ben,cost,,", "p04,why,eva,cost/cheap,,"),
    *("p05,why,ana,old,,", "p05,why,ben,nothing,,"),
    *("p06,why,ana,old,,", "p06,why,ben,old,,", "p06,why,eva,old,,"),
)
"""p01: all agree on reach; p02: nobody agrees; p04: two against one; p05: two; p06: one mind."""


@pytest.fixture
def disputed(fresh: Callable[..., Path]) -> Path:
    """Six respondents; four answers are in dispute among two or three coders."""
    study = fresh(survey(ANSWERS), BOOK)
    take_in_codings(study, *CODINGS)
    with Study.open(study) as opened:
        opened.session("lea")
    return study


class Adjudicating(Seen):
    """An open adjudication screen."""

    @property
    def coding(self) -> AdjudicationScreen:
        return self.app.adjudicating

    @property
    def respondent(self) -> str:
        shown = self.coding.walk.response_id
        return self.coding.session.case(shown).response.respondent if shown else ""

    def digit_of(self, coder: str) -> str:
        """The key that takes a coder's codes on the case shown."""
        case = self.coding.session.case(self.coding.walk.response_id)
        names = [side.coder.name for side in case.sides]
        return str(names.index(coder) + 1)

    async def go_to(self, respondent: str) -> None:
        """Show the answer of a respondent."""
        await self.press("home")
        for _ in range(len(self.coding.walk.queue)):
            if self.respondent == respondent:
                return
            await self.press("down")
        raise AssertionError(respondent)


@asynccontextmanager
async def adjudicating(
    study: Path, person: str = "lea", size: tuple[int, int] = (120, 36), code: str = ""
) -> AsyncIterator[Adjudicating]:
    """Open the adjudication screen as `qualcode adjudicate` does."""
    with Study.open(study) as opened:
        session = opened.adjudicating(person, "why", code=code)
        app = AdjudicationApp(opened, session)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Adjudicating(app, pilot)


def settled(study: Path) -> dict[str, list[str]]:
    """The codes that hold on each answer with a verdict."""
    found: dict[str, list[str]] = {}
    for who, code in rows(study, "SELECT respondent, code FROM v_verdict ORDER BY 1, 2"):
        found.setdefault(who, []).extend([code] if code else [])
    return found


def steps(study: Path) -> list[str]:
    """The kinds of the steps since the codings came."""
    return [kind for kind in all_steps(study) if kind != "import-codings"]


def kept(study: Path) -> list[list[str]]:
    """What the coders put on the answers, which no verdict changes."""
    return [put(study, coder) for coder in ("ana", "ben", "eva")]


# -- the rhythm


async def test_a_digit_takes_a_coder_whole_and_enter_goes_on(disputed: Path) -> None:
    before = kept(disputed)
    async with adjudicating(disputed) as seen:
        assert "4 open · 0 settled · 0 sent back" in seen.status
        await seen.go_to("p04")
        await seen.press(seen.digit_of("ana"))
        assert settled(disputed) == {"p04": ["cost/cheap"]}, "before the next key"
        assert seen.respondent == "p04"
        await seen.press("enter")
        assert seen.respondent not in ("", "p04")
        assert "3 open · 1 settled · 0 sent back" in seen.status
        await seen.go_to("p01")
        await seen.press("1", "enter")
        assert "the last one here, and 2 before it are open" in seen.status
    assert kept(disputed) == before
    assert errors(disputed) == []


async def test_enter_without_a_verdict_stays_and_says_so(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        first = seen.respondent
        await seen.press("enter")
        assert seen.respondent == first
        assert "no verdict yet" in seen.status
        assert steps(disputed) == []


async def test_letters_begin_with_what_all_agree_on(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p01")
        assert "all agree: Wider reach" in seen.answer
        await seen.press("o")
        assert settled(disputed) == {"p01": ["old", "reach"]}
        await seen.press("r")
        assert settled(disputed) == {"p01": ["old"]}
        await seen.press("n")
        assert settled(disputed) == {"p01": ["nothing"]}, "it stands alone"
        await seen.press("u")
        assert settled(disputed) == {"p01": ["unclear"]}, "so does a status"
        await seen.press("c")
        assert settled(disputed) == {"p01": ["cost"]}
        await seen.press("c")
        assert settled(disputed) == {"p01": []}, "no code is a verdict, too"
        assert "✓ no code" in seen.answer


async def test_equals_takes_the_majority_where_there_is_one(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p04")
        await seen.press("=")
        assert settled(disputed) == {"p04": ["cost/cheap"]}
        await seen.go_to("p05")
        await seen.press("=")
        assert "there is no majority here" in seen.status
        await seen.go_to("p02")
        await seen.press("=")
        assert settled(disputed)["p02"] == [], "nobody's code has more than half"


async def test_every_key_is_one_committed_step_and_undo_goes_back(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p01")
        done = []
        for keys, kind in (
            (("1",), "adjudicate"),
            (("1",), None),
            (("o",), "adjudicate"),
            ((".", *"missed", "enter"), "adjudicate"),
            ((";", *"so be it", "enter"), "adjudicate"),
            (("-",), "adjudicate"),
            (("-",), None),
            (("ctrl+z",), "undo"),
            (("ctrl+y",), "redo"),
            (("?", *"why?", "enter"), "ask"),
        ):
            await seen.press(*keys)
            done += [kind] if kind else []
            assert steps(disputed) == done, keys
        await seen.go_to("p01")
        await seen.press("-")
        assert steps(disputed) == [*done, "unask"]
        await seen.press(*["ctrl+z"] * 9)
        assert settled(disputed) == {}
        assert rows(disputed, "SELECT * FROM query") == []
        await seen.press("ctrl+z")
        assert "nothing to undo" in seen.status
    assert errors(disputed) == []


async def test_a_reason_and_a_memo_wait_for_a_verdict(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        for key in (".", ";", "+"):
            await seen.press(key)
            assert "settle it first" in seen.status
        await seen.press("1", ".", *"two", "enter", ";", *"[both] ☂", "enter")
        assert "by lea: the answer says two things" in " ".join(seen.answer.split())
        found = rows(disputed, "SELECT DISTINCT reason, memo FROM v_verdict")
        assert found == [("double_barrelled", "[both] ☂")]


async def test_find_puts_a_code_by_name(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p05")
        await seen.press("/", *"dear", "enter")
        assert settled(disputed) == {"p05": ["cost/dear"]}


# -- letters and names


async def test_coders_have_letters_until_the_case_is_left(disputed: Path) -> None:
    names = ("ana", "ben", "eva")
    async with adjudicating(disputed) as seen:
        await seen.go_to("p01")
        assert not [name for name in names if name in seen.text]
        assert "1 A" in seen.answer
        assert "3 C" in seen.answer
        await seen.press("1")
        assert not [name for name in names if name in seen.text], "not while it is worked on"
        await seen.press("enter")
        await seen.go_to("p01")
        assert not [name for name in names if name not in seen.answer]
        await seen.press("-")
        assert not [name for name in names if name in seen.answer]


async def test_the_letters_mean_others_on_other_answers(fresh: Callable[..., Path]) -> None:
    answers = [(f"p{n:02}", "n", f"answer {n}", "") for n in range(1, 30)]
    study = fresh(survey(tuple(answers)), BOOK)
    codings = [f"{who},why,{one},{code},," for who, *_ in answers for one, code in PAIR]
    take_in_codings(study, *codings)
    with Study.open(study) as opened:
        session = opened.adjudicating("ana", "why")
        first = [session.case(one).sides[0].coder.name for one in session.queue()]
        again = opened.adjudicating("ben", "why")
        assert [again.case(one).sides[0].coder.name for one in again.queue()] == first
    assert set(first) == {"ana", "ben"}


PAIR = (("ana", "reach"), ("ben", "cost"))


async def test_the_worst_code_comes_first(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        session = seen.coding.session
        queue = [session.case(one).response.respondent for one in session.queue()]
        assert queue[-1] == "p01", "its only code in dispute has the best alpha"
        assert "p06" not in queue


async def test_only_cases_of_one_code(disputed: Path) -> None:
    async with adjudicating(disputed, code="cheap") as seen:
        assert "2 open" in seen.status


# -- sending back


async def test_a_case_is_sent_back_with_a_question_and_comes_back_answered(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p04")
        await seen.press("?", *"is quick a code?", "enter")
        assert "3 open · 0 settled · 1 sent back" in seen.status
        assert seen.respondent != "p04"
        await seen.go_to("p04")
        assert "? sent back" in seen.answer
        assert "is quick a code?" in seen.answer
    async with coding(disputed, "eva", "why") as other:
        await other.press("f3", *"asked", "enter")
        assert other.respondent == "p04"
        assert "asked about this: is quick a code?" in other.answer
        assert "lea" not in other.answer
        assert "ben" not in other.text
        await other.press("a", "c", "enter")
        await other.press("ctrl+z", "ctrl+y")
    assert rows(disputed, "SELECT coder, is_answered FROM v_query ORDER BY 1") == [
        ("ana", 0),
        ("ben", 0),
        ("eva", 1),
    ]
    for coder in ("ana", "ben"):
        async with coding(disputed, coder, "why") as other:
            await other.press("f3", *"asked", "enter", "enter")
    async with adjudicating(disputed) as seen:
        assert "4 open · 0 settled · 0 sent back" in seen.status
        await seen.go_to("p04")
        assert "answered" in seen.answer
    assert errors(disputed) == []


async def test_a_letter_asks_one_alone(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p04")
        await seen.press("?", *"b: why not", "enter")
        await seen.go_to("p04")
        names = {"1": "A", "2": "B", "3": "C"}
        asked = rows(disputed, "SELECT coder, text FROM v_query")
        assert len(asked) == 1
        assert names[seen.digit_of(asked[0][0])] == "B"
        assert asked[0][1] == "why not"


async def test_a_question_about_a_settled_case_is_over(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p04")
        await seen.press("?", *"why", "enter")
        await seen.go_to("p04")
        await seen.press("=", "?")
        assert "it is settled" in seen.status
    async with coding(disputed, "eva", "why") as other:
        await other.press("f3", *"asked", "enter")
        assert "asked about this" not in other.text


# -- the codebook


async def test_plus_makes_a_settled_case_an_example(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p04")
        await seen.press("=", "+", *"an example of Cheap", "enter")
        assert "cheap and quick" in seen.text
        await seen.press(*" too", "enter")
        assert "codebook version 2" in seen.status
        assert "clear it as a quote" in seen.status
    with Study.open(disputed) as opened:
        cheap = opened.codebooks[0].by_path()["cost/cheap"]
        assert cheap.examples == ("cheap and quick too",)
    detail = rows(disputed, "SELECT detail FROM step WHERE kind = 'codebook' ORDER BY id DESC")
    assert json.loads(detail[0][0])["case"] == "why p04"
    assert errors(disputed) == []


# -- filters, other people, sizes


async def test_filters_and_the_end_of_the_list(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.press("1", "enter", "f3", *"settled", "enter")
        assert "filter: settled" in seen.answer
        assert len(seen.coding.walk.queue) == 1
        await seen.press("f3", *"sent", "enter")
        assert "no case is sent back" in seen.text
        await seen.press("1", "r", "=", "-", "enter", ".")
        assert steps(disputed) == ["adjudicate"]
        await seen.press("f3", *"open", "enter", "1", "enter", "1", "enter", "1", "enter")
        assert "nothing is open any more" in seen.status
    async with adjudicating(disputed) as seen:
        assert "nothing is open any more" in seen.status


async def test_what_another_does_meanwhile_is_shown_before_a_key_counts(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await seen.go_to("p04")
        take_in_codings(disputed, "p04,why,ben,old,,")
        await seen.press("1")
        assert "somebody has worked on this answer: look again" in seen.status
        assert settled(disputed) == {}
        assert "Old habits" in seen.answer
        await seen.press("=")
        assert settled(disputed) == {"p04": ["cost/cheap"]}


async def test_nothing_in_dispute(fresh: Callable[..., Path]) -> None:
    study = fresh(survey(ANSWERS), BOOK)
    take_in_codings(study, "p01,why,ana,reach,,")
    async with adjudicating(study, "ana") as seen:
        assert "nothing is in dispute" in seen.text
        await seen.press("1", "r", "enter", "?", ".", "+", "-", "=", "/", ";", "space", "backspace")
        assert steps(study) == []
        seen.assert_exact()


async def test_keys_that_come_fast_are_not_lost(disputed: Path) -> None:
    async with adjudicating(disputed) as seen:
        await burst(seen, "1", ".", *"missed", "enter", "enter", "1", "enter", "1", "enter", "1")
        assert len(settled(disputed)) == 4
        await burst(seen, "f3", "ctrl+q")
        assert not seen.app.is_running


@pytest.mark.parametrize("text", [*STRANGE.values(), MARKUP, "many words " * 400])
async def test_any_text_fits_any_size(fresh: Callable[..., Path], text: str) -> None:
    study = fresh(survey((("p01", text[:60], text, "x"), *ANSWERS[1:])), BOOK)
    take_in_codings(study, *(one.replace("0,13", "0,3") for one in CODINGS))
    with Study.open(study) as opened:
        session, _ = opened.session("eva", "why")
        session.flag(session.queue()[0])
        session.write_memo(session.queue()[0], text)
        lead = opened.adjudicating("eva", "why")
        answer = lead.answer_of("p01")
        lead.send_back(answer, text)
        lead.take(answer, "A")
        lead.write_memo(answer, text)
    async with adjudicating(study, "eva") as seen:
        await seen.go_to("p01")
        for size in (*SIZES, (40, 10), (20, 5)):
            await seen.resize(*size)
            seen.assert_exact()
            for key in ("-", "1", ";", "escape", "?", "escape", "+", "escape", "pagedown"):
                await seen.press(key)
                seen.assert_exact()


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_everything_can_be_read(disputed: Path, theme: str) -> None:
    async with adjudicating(disputed, size=(160, 45)) as seen:
        seen.app.theme = theme
        await seen.settle()
        assert poor(seen) == {}
        await seen.press("1", "enter", "?", *"why", "enter", "home")
        await seen.settle()
        assert poor(seen) == {}


@pytest.fixture
def letters_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters come of global ids, which are others in every study."""
    monkeypatch.setattr(session.responses, "uid_of", lambda _, answer: bytes([answer]))
    monkeypatch.setattr(
        session.coders, "uids", lambda opened: {one.id: bytes([one.id]) for one in coders(opened)}
    )


@pytest.mark.usefixtures("letters_stay")
@pytest.mark.parametrize("size", ["80x24", "120x36", "160x45"])
async def test_the_screen_is_drawn_as_it_was(disputed: Path, size: str) -> None:
    width, height = map(int, size.split("x"))
    async with adjudicating(disputed, size=(width, height)) as seen:
        await seen.go_to("p01")
        await compare(seen, f"adjudicating/open-{size}")
        await seen.press("?", *"B: where?", "enter")
        await seen.go_to("p01")
        await compare(seen, f"adjudicating/asked-{size}")
        await seen.press("1", ".", *"missed", "enter", "space")
        await seen.go_to("p01")
        await compare(seen, f"adjudicating/settled-{size}")


@pytest.mark.usefixtures("letters_stay")
@pytest.mark.parametrize("theme", ["textual-light", "textual-dark"])
async def test_its_colours_are_as_they_were(disputed: Path, theme: str) -> None:
    async with adjudicating(disputed) as seen:
        seen.app.theme = theme
        await seen.go_to("p01")
        await seen.press("?", *"B: where?", "enter")
        await seen.go_to("p01")
        await seen.press("=")
        await compare(seen, f"adjudicating/{theme.removeprefix('textual-')}-120x36")


def test_what_all_screens_have_has_one_name_and_one_key() -> None:
    keymap = Keymap(table=ADJUDICATING)
    for other in (CODING, CLEARING):
        for command in other.commands:
            if command.id in keymap.key_of and command.id not in ("withhold", "reopen"):
                assert keymap.key_of[command.id] == command.key, command.id
