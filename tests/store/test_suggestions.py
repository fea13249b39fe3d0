"""Runs on record: written piece by piece, shown when finished, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.errors import Conflict
from qualcode.store import suggested, suggestions
from studies import make, plant, take_in, take_in_codings
from topics import survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qualcode.store.connection import Database
    from qualcode.store.suggestions import Run

BOOK = """\
codebook: Three
version: 1
codes:
  - {key: a, name: A}
  - {key: b, name: B}
  - {key: c, name: C}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Four answers to one question, and three codes."""
    texts = ("one", "two", "three", "four")
    return make(tmp_path, survey(texts), [BOOK], questions=(("why", "why"),))


@pytest.fixture
def opened(path: Path) -> Iterator[Study]:
    with Study.open(path) as study:
        yield study


def begun(study: Study, **settings: Any) -> Run:
    return suggestions.begin(
        study.database,
        study.questions[0],
        as_of=suggestions.last_step(study.database),
        settings={"model": "hybrid", "top": 3, **settings},
        labels=1,
        is_calibrated=False,
        codebooks=[("Three", 1)],
        thresholds={"a": 0.5, "b": 0.5, "c": 0.5},
        figures={"micro_f1": None},
        model=b"model",
        by="eva",
    )


def put(database: Database, run: Run, *answers: int, behind: int = 0) -> None:
    """Suggest b (above), then a and c alike, for some answers in the order of the file."""
    rows = [
        (answer, code, p, p > 0.5, "" if p < 0.5 else "word")
        for answer in answers
        for code, p in ((3, 0.2), (1, 0.2), (2, 0.9))
    ]
    suggestions.add(
        database, run.id, rows, scored=len(answers), behind=behind, reached=max(answers)
    )


def finished(study: Study) -> Run:
    run = begun(study)
    put(study.database, run, 1, 2, 3, 4)
    return suggestions.finish(study.database, run.id, reached=4)


def test_a_run_says_how_far_it_is_and_can_be_found_again(opened: Study) -> None:
    database, question = opened.database, opened.questions[0].id
    run = begun(opened)
    assert (run.total, run.done, run.reached, run.finished) == (4, 0, 0, None)
    put(database, run, 1, 2)
    put(database, run, 3, behind=2)

    found = suggestions.unfinished(database, question)
    assert found
    assert (found.done, found.reached, found.thresholds) == (3, 3, run.thresholds)
    assert suggestions.model_of(database, found.id) == b"model"
    assert suggestions.latest(database, question) is None
    assert list(suggested.exported(database, 3)) == []


def test_only_a_finished_run_is_shown_and_it_takes_the_place_of_the_one_before(
    opened: Study,
) -> None:
    database, question = opened.database, opened.questions[0].id
    first = finished(opened)
    second = begun(opened)
    put(database, second, 1)
    assert len(list(suggested.exported(database, 3))) == 12
    with pytest.raises(Conflict):
        suggestions.finish(database, second.id, reached=4)
    put(database, second, 2, 3, 4, behind=1)
    suggestions.finish(database, second.id, reached=4)

    latest = suggestions.latest(database, question)
    assert latest
    assert latest.id == second.id
    assert latest.finished
    assert suggestions.unfinished(database, question) is None
    suggestions.sweep(database, question)
    assert database.rows("SELECT DISTINCT run_id FROM suggestion") == [(second.id,)]
    assert [row[0] for row in database.rows("SELECT run FROM v_suggestion_run")] == [
        first.id,
        second.id,
    ]


def test_a_new_run_ends_the_one_that_was_interrupted(opened: Study) -> None:
    database, question = opened.database, opened.questions[0].id
    old = begun(opened)
    put(database, old, 1)
    new = begun(opened)

    with pytest.raises(Conflict):
        put(database, old, 2, behind=1)
    put(database, new, 1, 2)
    suggestions.sweep(database, question)
    assert database.rows("SELECT DISTINCT run_id FROM suggestion") == [(new.id,)]
    found = suggestions.unfinished(database, question)
    assert found
    assert found.id == new.id


def test_what_was_written_by_somebody_else_is_not_written_twice(opened: Study) -> None:
    run = begun(opened)
    put(opened.database, run, 1, 2)
    before = opened.database.rows("SELECT * FROM suggestion")

    with pytest.raises(Conflict):
        put(opened.database, run, 1, 2)
    assert opened.database.rows("SELECT * FROM suggestion") == before


def test_sweeping_can_be_stopped_and_is_done_the_next_time(opened: Study) -> None:
    database, question = opened.database, opened.questions[0].id
    finished(opened)
    last = finished(opened)
    suggestions.sweep(database, question, lambda: True)
    assert len(database.rows("SELECT DISTINCT run_id FROM suggestion")) == 2
    assert {row[5] for row in suggested.exported(database, 3)} == {"hybrid, 1 label"}
    assert len(database.rows("SELECT * FROM v_suggestion")) == 12

    suggestions.sweep(database, question)
    assert database.rows("SELECT DISTINCT run_id FROM suggestion") == [(last.id,)]


def test_answers_come_in_the_order_of_the_file_from_behind_a_place(opened: Study) -> None:
    database, question = opened.database, opened.questions[0].id

    assert [row[2] for row in suggestions.answers_after(database, question, 0)] == [
        "one",
        "two",
        "three",
        "four",
    ]
    assert [row[:3] for row in suggestions.answers_after(database, question, 2)] == [
        (3, 3, "three"),
        (4, 4, "four"),
    ]


def test_the_export_holds_what_is_above_and_the_first_few(opened: Study) -> None:
    finished(opened)

    def best(top: int) -> list[tuple[str, str, float]]:
        rows = suggested.exported(opened.database, top)
        return [(row[0], row[2], row[3]) for row in rows][:3]

    assert best(0) == [("r0", "b", 0.9), ("r1", "b", 0.9), ("r2", "b", 0.9)]
    assert best(2) == [("r0", "b", 0.9), ("r0", "a", 0.2), ("r1", "b", 0.9)]
    assert best(9) == [("r0", "b", 0.9), ("r0", "a", 0.2), ("r0", "c", 0.2)]
    assert suggested.above(opened.database, 1) == 4


def test_changed_answers_and_retired_codes_are_left_out(path: Path) -> None:
    with Study.open(path) as study:
        finished(study)
    take_in(path, survey(("one", "changed", "", "four")))
    plant(path, "UPDATE code SET is_retired = 1 WHERE path = 'b'")
    with Study.open(path) as study:
        database, question = study.database, study.questions[0].id
        rows = list(suggested.exported(database, 1))
        assert [(row[0], row[2]) for row in rows] == [("r0", "a"), ("r3", "a")]
        assert suggested.unscored(database, question, 1) == 1
        assert suggested.retired(database) == ["b"]


def test_it_is_known_what_has_happened_since_a_step(path: Path) -> None:
    with Study.open(path) as study:
        database, question = study.database, study.questions[0].id
        before = suggestions.last_step(database)
        assert not suggestions.is_coded_since(database, question, before)
        assert not suggestions.has_happened(database, before, "import", "codebook")
    take_in_codings(path, "r1,why,ana,a,,")
    with Study.open(path) as study:
        database = study.database
        assert suggestions.is_coded_since(database, question, before)
        assert not suggestions.is_coded_since(database, question + 1, before)
        assert not suggestions.has_happened(database, before, "import", "codebook")
    take_in(path, survey(("one", "two", "three", "new")))
    with Study.open(path) as study:
        database, now = study.database, suggestions.last_step(study.database)
        assert suggestions.has_happened(database, before, "import", "codebook")
        assert not suggestions.has_happened(database, before, "codebook")
        assert not suggestions.has_happened(database, now, "import", "codebook")
