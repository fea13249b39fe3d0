"""A run stops between two chunks and goes on only if it would say the same."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.errors import InputError, QualcodeError
from qualcode.study.suggestions import configured, running
from qualcode.study.suggestions.asking import place, with_codes
from qualcode.study.suggestions.running import Wish
from studies import BOOK, apply_book, make, take_in, take_in_codings
from topics import BOOK as TOPICS_BOOK
from topics import answers, survey, topics

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS = 100
WISH = Wish(vectors=False)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 40 answers."""
    monkeypatch.setattr(running, "score_all", partial(running.score_all, chunk=40))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return topics(tmp_path_factory.mktemp("topics"), ANSWERS, labels=20)


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    """100 answers, which are scored in three chunks; 20 of them are coded."""
    return Path(shutil.copyfile(built, tmp_path / "study.db"))


def suggest(
    study: Path, wish: Wish = WISH, *, chunks: int = 99, restart: bool = False
) -> tuple[str, running.Run]:
    """Begin or go on and stop after so many chunks: how it began, and how far it came."""
    left = [chunks]

    def is_enough() -> bool:
        left[0] -= 1
        return left[0] < 0

    with Study.open(study) as opened:
        database, (question,) = opened.database, opened.questions
        begun = running.begin(database, question, wish, restart=restart, by="eva")
        return begun.remark, running.score(database, begun, should_stop=is_enough)


def shown(study: Path) -> list[Any]:
    with Study.open(study, readonly=True) as opened:
        return opened.database.rows(
            "SELECT respondent, code, probability, is_above, evidence FROM v_suggestion"
            " ORDER BY respondent, code"
        )


def test_in_pieces_it_says_what_it_says_at_once(study: Path, built: Path, tmp_path: Path) -> None:
    whole = Path(shutil.copyfile(built, tmp_path / "whole.db"))
    suggest(whole)

    _, run = suggest(study, chunks=1)
    assert (run.done, run.finished, shown(study)) == (40, None, [])
    told, run = suggest(study, chunks=1)
    assert (told, run.done) == ("goes on at 40 of 100, as learned from 20 labels", 80)
    told, run = suggest(study)
    assert told.startswith("goes on at 80 of 100")
    assert run.finished
    assert run.done == run.total == ANSWERS
    assert shown(study) == shown(whole)
    assert len({row[0] for row in shown(study)}) == ANSWERS


def test_stopped_before_the_first_chunk_it_keeps_what_it_learned(study: Path) -> None:
    _, run = suggest(study, chunks=0)
    assert (run.done, run.finished) == (0, None)
    with Study.open(study, readonly=True) as opened:
        assert place(opened.database, opened.questions[0]) == (0, ANSWERS)

    told, again = suggest(study)
    assert told.startswith("goes on at 0 of 100")
    assert again.id == run.id


def test_coding_meanwhile_does_not_change_what_goes_on(study: Path) -> None:
    suggest(study, chunks=1)
    take_in_codings(study, "r90,why,cho,food,,")
    told, run = suggest(study)

    assert told.startswith("goes on at 40")
    assert run.labels == 20
    told, run = suggest(study)
    assert (told, run.labels) == ("", 21)


def book_changed(study: Path) -> None:
    apply_book(study, TOPICS_BOOK.replace("version: 1", "version: 2").replace("Food", "Meals"))


def words_changed(study: Path) -> None:
    """The same version of the codebook, with another definition."""
    apply_book(study, TOPICS_BOOK.replace("Ramps, lifts", "Stairs, lifts"))


def answers_changed(study: Path) -> None:
    texts = [text for text, _ in answers(ANSWERS)]
    take_in(study, survey([*texts[:-1], "another one"]))


def design_changed(study: Path) -> None:
    with Study.open(study) as opened:
        configured.change(
            opened.database, context={"why": ["region"]}, thresholds={"food": "0.5"}, by="eva"
        )


CHANGES: dict[str, tuple[Callable[[Path], None] | None, Wish, str]] = {
    "a seed": (None, Wish(seed=1, vectors=False), "it was begun with other settings (seed)"),
    "a top": (None, Wish(top=2, vectors=False), "it was begun with other settings (top)"),
    "a codebook": (book_changed, WISH, "the codebook has changed"),
    "a definition": (words_changed, WISH, "the codebook has changed"),
    "an answer": (answers_changed, WISH, "the answers or the design have changed"),
    "a design": (
        design_changed,
        WISH,
        "it was begun with other settings (context, thresholds)",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_would_say_something_else_starts_anew(study: Path, case: str) -> None:
    change, wish, reason = CHANGES[case]
    suggest(study, chunks=1)
    if change:
        change(study)
    told, run = suggest(study, wish)

    assert told == f"starts anew instead of going on at 40 of 100: {reason}"
    assert (run.id, run.done) == (2, ANSWERS)
    with Study.open(study, readonly=True) as opened:
        assert opened.database.rows("SELECT DISTINCT run_id FROM suggestion") == [(2,)]


def test_a_restart_goes_on_with_nothing(study: Path) -> None:
    suggest(study, chunks=1)
    told, run = suggest(study, restart=True)
    assert (told, run.id) == ("", 2)
    told, run = suggest(study, restart=True)
    assert (told, run.id) == ("", 3)


def test_after_a_finished_run_nothing_is_done_until_something_changes(study: Path) -> None:
    _, first = suggest(study)
    told, again = suggest(study)
    assert told == "nothing has changed since the last run; --restart scores again"
    assert again == first

    for number, change in enumerate(
        (words_changed, book_changed, answers_changed, design_changed), start=2
    ):
        change(study)
        told, run = suggest(study)
        assert (told, run.id) == ("", number)


def test_a_model_of_another_version_is_not_gone_on_with(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggest(study, chunks=1)
    monkeypatch.setattr(running, "__version__", "99")
    told, _ = suggest(study)

    assert told.endswith("it was begun with other settings (version)")


def test_a_scoring_process_that_dies_leaves_a_run_that_goes_on(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = running.score_all

    def dying(*arguments: Any, **options: Any) -> Any:
        yield next(iter(true(*arguments, **options)))
        raise QualcodeError("a process that scores answers died")

    with monkeypatch.context() as patched:
        patched.setattr(running, "score_all", dying)
        with pytest.raises(QualcodeError):
            suggest(study)
    assert suggest(study)[0].startswith("goes on at 40 of 100")


def test_questions_without_codes_are_told_apart(tmp_path: Path) -> None:
    with Study.open(make(tmp_path, books=[f"{BOOK}questions: [how]\n"])) as opened:
        why, how = opened.questions
        assert with_codes(opened.database, (why, how)) == ([how], [why])
        with pytest.raises(InputError):
            with_codes(opened.database, (why,))
