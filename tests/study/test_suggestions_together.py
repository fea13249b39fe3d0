"""Questions that share their codes may learn together; each is still judged by its own answers."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.study.suggestions import configured, learning, running
from qualcode.study.suggestions.evaluating import evaluate
from qualcode.study.suggestions.running import Wish
from studies import BOOK, make, take_in_codings
from topics import BOOK as TOPICS_BOOK
from topics import answers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOGETHER = Wish(vectors=False, pool=True)
ASKED = {"why": "food", "how": "parking"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two questions of 60 answers with one codebook: 40 coded of the one, 12 of the other."""
    texts = [text for text, _ in answers(120)]
    codes = [codes[0] for _, codes in answers(120)]
    lines = [f"r{i},{('north', 'south')[i % 2]},{texts[i]},{texts[60 + i]}" for i in range(60)]
    study = make(
        tmp_path_factory.mktemp("two"),
        "\n".join(("id,region,why,how", *lines)) + "\n",
        [TOPICS_BOOK],
    )
    take_in_codings(
        study,
        *(f"r{i},why,ana,{codes[i]},," for i in range(40)),
        *(f"r{i},how,ana,{codes[60 + i]},," for i in range(12)),
    )
    return study


@pytest.fixture
def opened(built: Path, tmp_path: Path) -> Iterator[Study]:
    with Study.open(shutil.copyfile(built, tmp_path / "study.db")) as study:
        yield study


def test_the_question_is_the_first_column_of_the_context(opened: Study) -> None:
    configured.change(opened.database, context={"why": ["region"]}, thresholds={}, by="eva")
    said = configured.read(opened.database)
    _, how = opened.questions
    known = learning.learnable(opened.database, how, said, seed=0, pool=True)
    given = learning.labels(opened.database, known)

    assert [question.key for question in known.together] == ["how", "why"]
    assert {text.context for text in known.pool} == {
        (key, region) for key in ("why", "how") for region in ("north", "south")
    }
    assert (len(given), given.own) == (52, 12)
    assert {answer.context[0] for answer in given.answers[:12]} == {"how"}


def test_alone_a_question_learns_from_its_own_answers(opened: Study) -> None:
    why, _ = opened.questions
    said = configured.read(opened.database)
    known = learning.learnable(opened.database, why, said, seed=0)
    given = learning.labels(opened.database, known)

    assert known.together == (why,)
    assert (len(given), given.own) == (40, 40)
    assert {text.context for text in known.pool} == {()}


def test_only_the_very_same_codes_are_shared(tmp_path: Path) -> None:
    other = "codebook: Other\nversion: 1\nquestions: [how]\ncodes:\n  - {key: x, name: X}\n"
    with Study.open(make(tmp_path, books=(BOOK, other))) as study:
        why, how = study.questions
        assert learning.sharing(study.database, why) == (why,)
        assert learning.sharing(study.database, how) == (how,)


def test_it_is_judged_by_the_answers_to_its_own_question(opened: Study) -> None:
    _, how = opened.questions
    alone, together = (
        evaluate(opened.database, how, wanted=("hybrid",), vectors=False, pool=pool)
        for pool in (False, True)
    )

    assert alone.n == together.n == 12
    assert (alone.together, together.together) == (("how",), ("how", "why"))
    assert alone.models["hybrid"].lrap is not None
    assert together.models["hybrid"].lrap is not None
    assert together.models["hybrid"].lrap > alone.models["hybrid"].lrap


def test_a_run_goes_on_with_the_question_as_context(
    opened: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "score_all", partial(running.score_all, chunk=20))
    database, (_, how) = opened.database, opened.questions

    def written() -> list[tuple[str, str, float]]:
        return database.rows(
            "SELECT respondent, code, probability FROM v_suggestion ORDER BY respondent, code"
        )

    whole = running.score(database, running.begin(database, how, TOGETHER, by="eva"))
    at_once = written()
    assert (whole.labels, whole.settings["together"]) == (52, ["how", "why"])
    left = iter((False, True))
    begun = running.begin(database, how, TOGETHER, restart=True, by="eva")
    assert running.score(database, begun, should_stop=lambda: next(left)).done == 20
    begun = running.begin(database, how, TOGETHER, by="eva")
    assert begun.remark.startswith("goes on at 20 of 60")
    running.score(database, begun)
    assert written() == at_once


def test_coding_of_another_question_counts_only_where_it_is_learned_from(opened: Study) -> None:
    database, (why, how) = opened.database, opened.questions
    alone = Wish(vectors=False)
    for question, wish in ((why, alone), (how, TOGETHER)):
        running.score(database, running.begin(database, question, wish, by="eva"))
    session, _ = opened.session("ana", "why")
    session.decide(session.queue()[50])
    assert running.begin(database, how, TOGETHER, by="eva").scorer

    running.score(database, running.begin(database, why, alone, by="eva"))
    session, _ = opened.session("ana", "how")
    session.decide(session.queue()[20])
    assert running.begin(database, why, alone, by="eva").scorer is None


def test_the_same_words_can_mean_another_code_under_another_question(tmp_path: Path) -> None:
    words = ("yes", "no", "often", "never", "sometimes")
    lines = [f"r{i},{words[i % 5]} {i % 7},{words[i % 5]} {i % 7}" for i in range(60)]
    study = make(tmp_path, "\n".join(("id,why,how", *lines)) + "\n", [TOPICS_BOOK])
    take_in_codings(
        study,
        *(f"r{i},{key},ana,{code},," for i in range(40) for key, code in ASKED.items()),
    )
    with Study.open(study) as opened:
        for question in opened.questions:
            begun = running.begin(opened.database, question, TOGETHER, by="eva")
            running.score(opened.database, begun)
        best = opened.database.rows(
            "SELECT DISTINCT question, code FROM v_suggestion WHERE is_above = 1"
        )

    assert dict(best) == ASKED
    assert len(best) == 2
