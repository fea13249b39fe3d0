"""Answers that a model chose are no sample; the part that chance drew is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import InputError, QualcodeError
from qualcode.store import queues
from qualcode.study.design import Design
from qualcode.study.frequencies import Wish, overlap, regression, tabulate, trend
from qualcode.study.suggestions import queueing
from qualcode.suggest import order_of_chance
from studies import take_in_codings

from .made import coded, report, rows, small, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import Done

N, SEED = 40, 5


def order() -> list[int]:
    """The respondents of `small` in the order of chance."""
    return order_of_chance((f"q1\0r{i}" for i in range(N)), SEED).tolist()


def steer(study: Path, who: Sequence[int], how: str = "uncertain", coder: str = "ana") -> None:
    """Put answers into a coder's queue as if a model had chosen them."""
    with Study.open(study) as opened:
        session, _ = opened.session(coder, "q1")
        queue = queues.take_up(
            opened.database, session.coder, session.question, kind="half", seed=SEED
        )
        places = {answer: place for place, answer in enumerate(order())}
        opened.database.run_many(
            "INSERT INTO draw (queue_id, rank, response_id, how, place, population, probability,"
            " is_blind, at) SELECT ?, ? + ifnull((SELECT max(rank) FROM draw), 0), id, ?, ?, ?,"
            " NULL, 0, '' FROM response WHERE respondent_id = ?",
            [(queue.id, rank, how, places[i], N, i + 1) for rank, i in enumerate(who, start=1)],
        )


def draw_by_chance(study: Path, most: int, coder: str = "ana", seed: int = SEED) -> list[str]:
    """Draw the next answers by chance, as `queue` does, and say whose they are."""
    with Study.open(study) as opened:
        session, _ = opened.session(coder, "q1")
        session.take_up("random", seed=seed)
        queueing.extend(opened, session, most)
        _, listed = queueing.listed(opened, session)
        return [one.respondent for one in listed if not one.is_coded]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Ten answers coded in the order of the file."""
    return small(tmp_path, coded(range(10), "ana", "b"), n=N)


def test_the_order_of_the_file_is_counted(study: Path) -> None:
    assert rows(table(study, is_internal=True))["b"]["n"] == 10


def test_answers_that_a_model_chose_are_refused(study: Path) -> None:
    steer(study, [20, 21])
    assert report(study).base == "coded"  # drawn, but not coded yet
    take_in_codings(study, *coded([20], "ana", "c"))
    with pytest.raises(QualcodeError, match="1 of the coded answers") as caught:
        report(study)
    assert caught.value.exit_code == 1
    assert "--sample random" in caught.value.hint


@pytest.mark.parametrize("how", ["uncertain", "code"])
def test_every_kind_of_steering_is_refused(study: Path, how: str) -> None:
    steer(study, [20], how)
    take_in_codings(study, *coded([20], "ana", "c"))
    with pytest.raises(QualcodeError, match="not by chance"):
        report(study)


def test_once_all_are_coded_nothing_was_chosen(study: Path) -> None:
    steer(study, [20, 21])
    take_in_codings(study, *coded(range(10, N), "ana", "c"))
    assert report(study).base == "answered"


def test_what_another_coder_met_in_the_file_was_not_chosen(study: Path) -> None:
    steer(study, [20, 21])
    take_in_codings(study, *coded(range(20, 22), "ben", "c"))
    assert report(study).n_coded == 12
    take_in_codings(study, *coded([21], "ana", "c"))
    assert report(study, rule="coder:ben").n["coded"] is None  # two: too few to be shown
    with pytest.raises(QualcodeError):
        report(study, rule="coder:ana")


def test_nothing_else_is_told_of_such_answers(study: Path) -> None:
    steer(study, [20])
    take_in_codings(study, *coded([20], "ana", "c"))
    with Study.open(study, readonly=True) as opened:
        database, question = opened.database, opened.question("q1")
        code = next(code for code in opened.codebooks[0].codes if code.path == "b")
        calls: list[Callable[[], object]] = [
            lambda: tabulate(database, question),
            lambda: regression.regress(database, question, code, ["group"], Wish()),
            lambda: overlap.overlap(database, question, Wish()),
            lambda: trend.trend(database, question, "wave", Wish()),
        ]
        for call in calls:
            with pytest.raises(QualcodeError, match="not by chance"):
                call()


def test_chance_draws_the_order_that_is_counted(study: Path) -> None:
    drawn = draw_by_chance(study, 5)
    wanted = [f"r{i}" for i in order() if i >= 10][:5]
    assert drawn == wanted


def test_the_part_that_chance_drew_is_a_sample(tmp_path: Path) -> None:
    study = small(tmp_path, [], n=N)
    first = order()[:15]
    steered = order()[20:24]
    steer(study, steered)
    draw_by_chance(study, 1)
    take_in_codings(study, *coded(first[:12], "ana", "b"), *coded(first[12:], "ana", ""))
    take_in_codings(study, *coded(steered, "ana", "c"))
    with pytest.raises(QualcodeError, match="not by chance"):
        report(study)
    found = table(study, sample="random", is_internal=True)
    assert found["sample"] == {"seed": SEED, "n": 15, "of": N, "left_out": 4}
    assert found["base"] == "answered"
    assert found["n"] == {"asked": 15, "answered": 15, "coded": 15, "any_code": 12}
    counts = {code: (row["k"], row["n"]) for code, row in rows(found).items()}
    assert counts["b"] == (12, 15)
    assert counts["c"] == (0, 15)
    text = "\n".join(found["notes"])
    assert "random sample: the first 15 of 40 answers" in text
    assert "4 other coded answers are left out" in text
    assert f"Next to be coded is the answer of r{order()[15]}" in text


def test_a_chosen_answer_within_the_sample_belongs_to_it(tmp_path: Path) -> None:
    """Chance would have come to it anyway."""
    study = small(tmp_path, [], n=N)
    draw_by_chance(study, 1)
    steer(study, order()[3:5])
    take_in_codings(study, *coded(order()[:15], "ana", "b"))
    assert report(study).base == "coded"
    assert table(study, sample="random")["sample"]["n"] == 15


def test_an_answer_that_is_left_out_ends_the_sample(tmp_path: Path) -> None:
    study = small(tmp_path, [], n=N)
    draw_by_chance(study, 1)
    first = order()
    take_in_codings(study, *coded([*first[:11], *first[12:20]], "ana", "b"))
    found = table(study, sample="random")
    assert found["sample"] == {"seed": SEED, "n": 11, "of": N, "left_out": 8}


def test_the_deepest_of_several_orders_is_taken(tmp_path: Path) -> None:
    study = small(tmp_path, [], n=N)
    draw_by_chance(study, 1, seed=1)
    draw_by_chance(study, 1)
    take_in_codings(study, *coded(order()[:12], "ana", "b"))
    assert table(study, sample="random")["sample"]["seed"] == SEED


def test_totals_of_a_sample_are_not_those_of_the_population(tmp_path: Path) -> None:
    study = small(tmp_path, [], n=N, design=Design(weight="weight"))
    draw_by_chance(study, 1)
    take_in_codings(study, *coded(order()[:20], "ana", "b"))
    row = rows(table(study, sample="random", is_internal=True))["b"]
    assert row["weighted_percent"] == 100
    assert row["weighted_total"] is None


def test_a_sample_says_nothing_of_those_who_gave_no_answer(tmp_path: Path) -> None:
    study = small(tmp_path, [], n=N)
    draw_by_chance(study, 1)
    take_in_codings(study, *coded(order()[:20], "ana", "b"))
    with pytest.raises(InputError, match="gave none"):
        report(study, sample="random", base="asked")


def test_where_chance_drew_nothing_there_is_no_sample(study: Path) -> None:
    with pytest.raises(QualcodeError, match="drawn by chance") as caught:
        report(study, sample="random")
    assert "qualcode queue" in caught.value.hint
    draw_by_chance(study, 3, coder="ben")
    first = order()[0]
    if first >= 10:
        with pytest.raises(QualcodeError, match="none of the answers") as caught:
            report(study, sample="random")
        assert f"r{first}" in caught.value.hint


def test_of_all_answers_the_sample_is_all(tmp_path: Path) -> None:
    study = small(tmp_path, coded(range(N), "ana", "b"), n=N)
    assert table(study, sample="random")["sample"] is None


def test_the_command_line_refuses_with_the_reason(
    study: Path, qualcode: Callable[..., Done]
) -> None:
    steer(study, [20])
    take_in_codings(study, *coded([20], "ana", "c"))
    for words in (
        ("frequencies", study),
        ("frequencies", study, "--json"),
        ("regress", study, "--code", "b", "--on", "group"),
        ("overlap", study),
        ("trend", study, "--wave", "wave"),
    ):
        done = qualcode(*words)
        assert (done.code, done.out) == (1, "")
        assert re.match(r"Error: 1 of the coded answers were chosen by a model", done.err)
        assert "Hint: --sample random" in done.err
