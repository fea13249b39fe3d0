"""The home screen driven by keys: what it shows, to whom, and where its keys lead."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.study import codebooks as books
from qualcode.study import home as numbers
from qualcode.tui.commands import HOME
from qualcode.tui.home_app import HomeApp
from qualcode.tui.home_panes import meter, percent
from studies import errors, make, take_in, take_in_codings
from tui.conftest import ANSWERS, BOOK, survey
from tui.driving import Seen, burst, decided, put, rows
from tui.test_hostile import MARKUP, STRANGE
from tui.test_looks import SIZES, poor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from qualcode.tui.home import HomeScreen

CODINGS = (
    *("p01,why,ana,reach,,", "p02,why,ana,old,,", "p04,why,ana,cost/cheap,,"),
    *("p01,why,ben,reach,,", "p02,why,ben,reach,,", "p01,how,ben,old,,"),
)


@pytest.fixture
def coded(study: Path) -> Path:
    """Two coders, who agree on one answer of two that both coded."""
    take_in_codings(study, *CODINGS)
    return study


class AtHome(Seen):
    """An open home screen."""

    app: HomeApp

    @property
    def coding(self) -> HomeScreen:
        return self.app.desk

    @property
    def respondent_of_coding(self) -> str:
        """Whose answer the coding screen shows."""
        coding = self.app.coding
        assert self.app.screen is coding
        return coding.session.answer(coding.walk.response_id).response.respondent

    async def measured(self) -> None:
        """Wait until everything is counted and measured."""
        await self.settle()
        await self.wait_until(lambda: self.app.home.is_measured)
        await self.settle()

    @property
    def questions(self) -> str:
        return self.pane("questions")

    @property
    def question(self) -> str:
        return self.pane("question")


@asynccontextmanager
async def at_home(
    study: Path, coder: str = "", size: tuple[int, int] = (120, 36)
) -> AsyncIterator[AtHome]:
    """Open the home screen as `qualcode STUDY` does; nothing suggests."""
    app = HomeApp(Study.open(study, readonly=True), coder)
    app.suggests = False
    try:
        async with app.run_test(size=size) as pilot:
            seen = AtHome(app, pilot)
            await pilot.pause()
            await seen.measured()
            yield seen
    finally:
        app.close_study()


async def test_the_lead_sees_all_questions_coders_and_what_waits(coded: Path) -> None:
    async with at_home(coded) as seen:
        seen.assert_exact()
        assert "study.db  10 respondents · “Screen” version 1" in seen.text
        assert "the whole study, for its lead" in seen.text
        line = next(line for line in seen.questions.splitlines() if "why" in line)
        assert line.startswith(" ▶ why")
        assert line.split()[-1] == "1", "a disagreement"
        for words in ("10 asked · 8 answered · 2 blank", "2 coded twice", "1 without a verdict"):
            assert words in seen.question
        assert "ana" in seen.question
        assert "ben" in seen.question
        assert "2 open · 0 cleared · 0 withheld" in seen.question
        await seen.press("down")
        assert " ▶ how" in seen.questions
        assert "nobody" not in seen.question
        await seen.press("down", "down", "up", "up", "up")
        assert " ▶ why" in seen.questions


async def test_a_coder_sees_their_own_work_alone(coded: Path) -> None:
    async with at_home(coded, "ana") as seen:
        assert "the work of ana; what others coded stays hidden" in seen.text
        for words in ("ben", "α", "verdict", "quotes", "coded twice"):
            assert words not in seen.text
        assert " 3  38%" in seen.question
        await seen.press("q")
        assert "for the lead to clear" in seen.status
        await seen.press("c")
        assert "the work of ana alone" in seen.status
        assert seen.app.screen is seen.app.home


async def test_enter_codes_and_coming_back_shows_fresh_numbers(coded: Path) -> None:
    async with at_home(coded, "ana") as seen:
        await seen.press("enter")
        await seen.settle()
        assert "Wider reach" in seen.codebook
        await seen.press("r", "enter", "ctrl+q")
        await seen.settle()
        assert seen.app.screen is seen.app.home
        assert decided(coded) == ["p05"]
        await seen.wait_for(" 4  50%")
        await seen.press("down", "enter")
        await seen.settle()
        assert seen.app.coding.session.question.key == "how"
        await seen.press("ctrl+q")
        await seen.settle()
        await seen.press("ctrl+q")
        await seen.settle()
        assert not seen.app.is_running


async def test_the_coder_is_asked_for_once_and_then_sees_no_more_than_a_coder(coded: Path) -> None:
    async with at_home(coded) as seen:
        await seen.press("enter")
        await seen.wait_for("Who codes?")
        assert "ana" in seen.text
        await seen.press(*"zoe", "enter")
        await seen.settle()
        assert "zoe · 0/8" in seen.status
        await seen.press("o", "ctrl+q")
        await seen.wait_for("the work of zoe; what others coded stays hidden")
        assert put(coded, "zoe") == ["p01 old"]
        await seen.press("d")
        await seen.wait_for("0 answers differ")
        await seen.press("escape")
        await seen.press("enter")
        await seen.settle()
        assert "zoe · 1/8" in seen.status
        await seen.press("ctrl+q")
        await seen.settle()
        await seen.press("c")
        await seen.wait_for("Whose work to show")
        await seen.press("enter")
        await seen.wait_for("the whole study, for its lead")
        await seen.wait_for("without a verdict")


async def test_a_name_that_cannot_be_is_refused_and_nothing_opens(coded: Path) -> None:
    async with at_home(coded) as seen:
        await seen.press("enter", *"-")
        await seen.settle()
        await seen.press("enter")
        await seen.wait_for("a coder cannot be called “-”")
        assert seen.app.screen is seen.app.home
        await seen.press("enter")
        await seen.wait_for("Who codes?")
        await seen.press("escape")
        await seen.settle()
        assert seen.app.screen is seen.app.home
        assert [name for (name,) in rows(coded, "SELECT name FROM coder")] == ["ana", "ben"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("a", "2 of 8 answers were coded by two coders or more"),
        ("d", "1 answer differs"),
        ("f", "consensus of the coders"),
    ],
)
async def test_the_lead_reaches_each_screen_by_one_key(coded: Path, key: str, words: str) -> None:
    async with at_home(coded) as seen:
        for back in ("escape", key, "ctrl+q"):
            await seen.press(key)
            await seen.wait_for(words)
            seen.assert_exact()
            await seen.press("enter") if key != "a" else None
            await seen.press(back)
            await seen.settle()
            assert seen.app.screen is seen.app.home, back
        assert seen.app.is_running


async def test_a_coder_reaches_only_what_they_have_decided(coded: Path) -> None:
    take_in_codings(coded, "p07,why,ben,old,,", "p07,why,cem,reach,,")
    async with at_home(coded, "ana") as seen:
        await seen.press("d")
        await seen.wait_for("1 answer differs")
        assert "p07" not in seen.text
        await seen.press("enter")
        await seen.settle()
        assert seen.app.coding.session.coder.name == "ana"
        assert seen.respondent_of_coding == "p02"


async def test_quotes_are_cleared_from_here(coded: Path) -> None:
    async with at_home(coded) as seen:
        await seen.press("q")
        await seen.wait_for("Who clears quotes?")
        await seen.press(*"pi", "enter")
        await seen.wait_for("pi · 2 open")
        await seen.press("enter", "f3")
        await seen.wait_for("withheld")
        await seen.press("escape", "ctrl+q")
        await seen.wait_for("1 open · 1 cleared · 0 withheld")
        assert "the whole study" in seen.text, "who clears is no coder yet"
        await seen.press("q")
        await seen.wait_for("pi · 1 open")


async def test_what_differs_is_settled_from_here(coded: Path) -> None:
    async with at_home(coded) as seen:
        assert "1 to settle" in seen.question
        await seen.press("s")
        await seen.wait_for("Who settles?")
        await seen.press(*"lea", "enter")
        await seen.wait_for("lea · 1 open")
        assert "ana" not in seen.text, "coders are letters"
        await seen.press("f3")
        await seen.wait_for("sent back")
        await seen.press("escape", "?", *"why?", "enter")
        await seen.wait_for("1 sent back")
        await seen.press("ctrl+q")
        await seen.wait_for("0 to settle · 1 sent back, not answered")
        assert "the whole study" in seen.text, "who settles is no coder of this question"
        await seen.press("s")
        await seen.wait_for("lea · 0 open")
        await seen.press("1", ";", *"so", "enter", "ctrl+q")
        await seen.wait_for("none without a verdict")
        assert seen.app.screen is seen.app.home
    assert rows(coded, "SELECT DISTINCT respondent, adjudicator, memo FROM v_verdict") == [
        ("p02", "lea", "so")
    ]


async def test_a_coder_settles_nothing_and_goes_to_what_they_are_asked_about(coded: Path) -> None:
    with Study.open(coded) as opened:
        lead = opened.adjudicating("ben", "why")
        lead.send_back(lead.answer_of("p02"), "why old?")
    async with at_home(coded, "ana") as seen:
        await seen.press("s")
        assert "for the lead to settle" in seen.status
        assert "1 to answer; w goes there" in seen.question
        await seen.press("w")
        await seen.settle()
        assert seen.respondent_of_coding == "p02"
        assert "asked about this: why old?" in seen.pane("answer")
        await seen.press("enter", "ctrl+q")
        await seen.settle()
        assert seen.app.screen is seen.app.home
        await seen.measured()
        assert "to answer" not in seen.text
        await seen.press("w")
        assert "nothing waits for an answer of yours here" in seen.status
    assert rows(coded, "SELECT coder, is_answered FROM v_query") == [("ana", 1)]


@pytest.fixture
def noted(coded: Path) -> Path:
    """A memo of one coder, and a flag of the other."""
    with Study.open(coded) as opened:
        for name in ("ana", "ben"):
            session, _ = opened.session(name, "why")
            first = session.queue()[0]
            session.write_memo(first, MARKUP) if name == "ana" else session.flag(first)
    return coded


async def test_the_lead_deals_with_what_coders_noted(noted: Path) -> None:
    async with at_home(noted) as seen:
        assert "· 2 to review" in seen.question
        assert "r review" in seen.status
        await seen.press("r")
        await seen.wait_for("flagged for discussion")
        assert MARKUP in seen.text
        seen.assert_exact()
        await seen.press("enter")
        await seen.wait_for("Who reviews?")
        await seen.press(*"pi", "enter")
        await seen.wait_for("How it was settled")
        await seen.press("escape")
        await seen.settle()
        assert rows(noted, "SELECT * FROM v_review") == []
        await seen.press("enter")
        await seen.wait_for("How it was settled")
        await seen.press(*"yes", "enter")
        await seen.wait_for("1 to review")
        await seen.press("escape")
        await seen.wait_for("· 1 to review")
    found = rows(noted, "SELECT coder, kind, reviewer, note FROM v_review")
    assert found == [("ana", "memo", "pi", "yes")]


async def test_what_coders_noted_is_not_for_a_coder_to_see(noted: Path) -> None:
    async with at_home(noted, "ben") as seen:
        assert "to review" not in seen.text
        await seen.press("r")
        assert "for the lead to review" in seen.status
        assert seen.app.screen is seen.app.home


@pytest.mark.parametrize("who", ["ana", ""])
async def test_one_key_leads_to_what_a_split_left_open(coded: Path, who: str) -> None:
    async with at_home(coded, who) as seen:
        await seen.press("n")
        assert "no split left" in seen.status
        with Study.open(coded) as opened:
            books.split(opened.database, "reach", {"near": "", "far": ""}, by="lead")
        await seen.wait_for("1 split")
        assert f"{1 if who else 3} to code anew" in seen.question
        await seen.press("n")
        if not who:
            await seen.wait_for("Who codes?")
            await seen.press("enter")
        await seen.settle()
        assert seen.respondent_of_coding == "p01"
        assert "filter: to code anew" in seen.text
        await seen.press("ctrl+q")
        await seen.settle()


async def test_a_backup_is_made_by_one_key(coded: Path) -> None:
    async with at_home(coded) as seen:
        assert "no backup yet" in seen.text
        await seen.press("b")
        await seen.wait_for("backed up as")
        await seen.wait_for("last backup 2")
    (made,) = (coded.parent / "study.db.backups").iterdir()
    assert rows(made, "SELECT count(*) FROM v_coding") == [(6,)]


async def test_a_backup_that_cannot_be_made_is_told(coded: Path) -> None:
    (coded.parent / "study.db.backups").write_text("no folder")
    async with at_home(coded) as seen:
        await seen.press("b")
        await seen.wait_for("study.db.backups")
        assert seen.app.screen is seen.app.home
    assert errors(coded) == []


async def test_what_others_write_is_there_within_seconds(coded: Path) -> None:
    async with at_home(coded) as seen:
        take_in_codings(coded, "p10,why,cem,reach,,")
        await seen.wait_for("cem")
        take_in(coded, survey((("p01", "north", "another text", "by phone"), *ANSWERS[1:])))
        await seen.wait_for("1 changed")


async def test_measuring_starts_only_where_the_journal_has_grown(
    coded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []
    real = numbers.measured
    monkeypatch.setattr(numbers, "measured", lambda *given: measured.append(1) or real(*given))
    async with at_home(coded) as seen:
        with Study.open(coded) as other:
            session, _ = other.session("ana", "why")
            session.remember(session.queue()[3])
        for _ in range(3):
            seen.app._poll()
            await seen.settle()
        assert len(measured) == 1


async def test_a_study_that_is_moved_away_is_told_and_the_screen_lives(coded: Path) -> None:
    async with at_home(coded) as seen:
        shutil.move(coded, coded.with_name("moved.db"))
        seen.app._poll()
        assert "was moved or replaced" in seen.status
        await seen.press("enter")
        shutil.move(coded.with_name("moved.db"), coded)
        await seen.press("escape", "down")
        assert " ▶ how" in seen.questions


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_study_that_cannot_be_written_can_be_looked_at(coded: Path) -> None:
    os.chmod(coded, 0o444)  # noqa: PTH101
    async with at_home(coded, "ana") as seen:
        await seen.press("enter")
        assert "cannot be written" in seen.status


async def test_fast_hands_lose_no_key(coded: Path) -> None:
    async with at_home(coded) as seen:
        await burst(seen, "enter", *"zoe", "enter", "o", "enter", "r", "enter")
        await seen.settle()
        assert put(coded, "zoe") == ["p01 old", "p02 reach"]


async def test_leaving_keeps_a_memo_that_is_being_written(coded: Path) -> None:
    async with at_home(coded, "ana") as seen:
        await seen.press("enter")
        await seen.settle()
        await seen.press(";", *"ask")
        await seen.press("ctrl+q")
        await seen.settle()
        assert seen.app.screen is seen.app.home
    assert rows(coded, "SELECT memo FROM v_mark WHERE memo <> ''") == [("ask",)]


@pytest.mark.parametrize("size", [*SIZES, (40, 12), (20, 5), (300, 90)])
@pytest.mark.parametrize("coder", ["", "ana"])
async def test_every_size_is_filled_exactly(coded: Path, size: tuple[int, int], coder: str) -> None:
    async with at_home(coded, coder, size=size) as seen:
        seen.assert_exact()
        await seen.press("down", "pagedown", "pageup", "f1", "escape")
        seen.assert_exact()
        await seen.resize(size[1] + 20, size[0] // 3 + 4)
        seen.assert_exact()


def many(folder: Path, questions: int, coders: int) -> Path:
    """A study of many questions and coders."""
    keys = [f"question-{n}" for n in range(1, questions + 1)]
    text = (
        ",".join(("id", *keys))
        + "\n"
        + "\n".join(",".join((f"p{n}", *(f"word {n} {key}" for key in keys))) for n in range(4))
    )
    study = make(
        folder, text + "\n", (BOOK,), questions=tuple((key, key) for key in keys), id_column="id"
    )
    take_in_codings(
        study, *(f"p{n % 4},question-1,coder {n:02},reach,," for n in range(1, coders + 1))
    )
    return study


@pytest.mark.parametrize("size", SIZES)
async def test_many_questions_and_coders_scroll(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_home(many(tmp_path, 50, 20), size=size) as seen:
        seen.assert_exact()
        assert "coder 01" in seen.question
        assert "suggestions" in seen.question
        if "coder 20" not in seen.question:
            assert "of 20" in seen.question
            for _ in range(20):
                await seen.press("pagedown")
        assert "coder 20" in seen.question
        await seen.press("end")
        assert " ▶ question-50" in seen.questions
        seen.assert_exact()


async def test_hostile_names_and_texts_reach_the_terminal_harmless(
    fresh: Callable[..., Path],
) -> None:
    study = fresh(survey(), BOOK)
    with Study.open(study) as opened:
        text = " ".join((*STRANGE.values(), MARKUP, "\x1b[2J"))
        opened.database.run("UPDATE question SET text = ?", (text,))
        opened.session("[/b]漢字 c\u0308oder [bold]", "why")
    for size in SIZES:
        async with at_home(study, size=size) as seen:
            seen.assert_exact()
            await seen.press("enter")
            await seen.wait_for("漢字")
            seen.assert_exact()


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_every_word_can_be_read_in_dark_and_light(coded: Path, theme: str) -> None:
    take_in(coded, survey((("p01", "north", "another text", "by phone"), *ANSWERS[1:])))
    for coder in ("", "ana"):
        async with at_home(coded, coder) as seen:
            seen.app.theme = theme
            await seen.settle()
            await seen.settle()
            assert poor(seen) == {}
            await seen.press("down")
            assert poor(seen) == {}


async def test_the_help_names_every_key(coded: Path) -> None:
    async with at_home(coded) as seen:
        await seen.press("f1")
        for command in HOME.commands:
            assert command.help in seen.text


async def test_numbers_of_a_question_are_drawn_once_they_are_there(
    coded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, may_go_on = numbers.measured, asyncio.Event()

    def slow(*given: object) -> object:
        while not may_go_on.is_set():
            pass
        yield from real(*given)

    monkeypatch.setattr(numbers, "measured", slow)
    app = HomeApp(Study.open(coded, readonly=True))
    async with app.run_test(size=(120, 36)) as pilot:
        seen = AtHome(app, pilot)
        await seen.wait_for("10 asked")
        assert "measuring …" in seen.text
        await seen.press("down")
        assert " ▶ how" in seen.questions, "keys do not wait"
        may_go_on.set()
        await seen.measured()
    app.close_study()


async def test_a_key_that_comes_before_the_first_count_is_carried_out_after_it(
    coded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, may_go_on = numbers.look, threading.Event()

    def slow(*given: object) -> object:
        may_go_on.wait()
        return real(*given)

    monkeypatch.setattr(numbers, "look", slow)
    app = HomeApp(Study.open(coded, readonly=True), "ana")
    app.suggests = False
    async with app.run_test(size=(120, 36)) as pilot:
        seen = AtHome(app, pilot)
        await pilot.press("enter")
        assert app.screen is app.home
        may_go_on.set()
        await seen.wait_for("Wider reach")
        assert app.screen is app.coding
    app.close_study()


def test_a_bar_is_full_where_all_is_done_and_only_there() -> None:
    def drawn(done: int, total: int, width: int) -> str:
        return "".join(text for text, _ in meter(done, total, width))

    assert drawn(0, 5, 4) == "────"
    assert drawn(1, 100_000, 4) == "╸───"
    assert drawn(99_999, 100_000, 4) == "━━━╸"
    assert drawn(7, 7, 4) == "━━━━"
    assert drawn(0, 0, 4) == "────"
    assert drawn(1, 2, 0) == ""
    assert [percent(done, 1000) for done in (0, 1, 500, 999, 1000)] == [
        *("  0%", " <1%", " 50%", " 99%", "100%")
    ]
    assert percent(0, 0) == "   –"


async def test_a_closed_study_is_one_file(coded: Path) -> None:
    async with at_home(coded, "ana") as seen:
        await seen.press("enter")
        await seen.settle()
        await seen.press("r")
    assert not list(coded.parent.glob("study.db-*"))
    shutil.copyfile(coded, coded.with_name("copy.db"))
    assert "p05 reach" in put(coded.with_name("copy.db"))


async def test_from_agreement_a_coder_comes_to_the_answer_itself(coded: Path) -> None:
    async with at_home(coded, "ana") as seen:
        await seen.press("a")
        await seen.wait_for("answers decided by ana")
        for _ in range(9):
            if "▶ reach" in seen.text:
                break
            await seen.press("down")
        await seen.press("enter")
        await seen.wait_for("1 answer differs on it")
        await seen.press("enter")
        await seen.settle()
        assert seen.respondent_of_coding == "p02"
        await seen.press("ctrl+q")
        await seen.settle()
        assert seen.app.screen is seen.app.home


async def test_from_frequencies_a_coder_walks_through_the_answers_of_a_code(coded: Path) -> None:
    async with at_home(coded, "ana") as seen:
        await seen.press("f")
        await seen.wait_for("what ana coded")
        await seen.press("enter")
        await seen.settle()
        assert seen.app.coding.walk.filter_name == "with Wider reach"
        assert seen.respondent_of_coding == "p01"


async def test_the_theme_is_changed_and_everything_is_drawn_in_it(coded: Path) -> None:
    async with at_home(coded) as seen:
        await seen.press("t")
        await seen.wait_for("Search for theme")
        await seen.type("textual-light")
        await seen.wait_for("textual-light")
        await seen.settle()
        await seen.press("enter")
        await seen.settle()
        await seen.settle()
        assert seen.app.theme == "textual-light"
        assert poor(seen) == {}
