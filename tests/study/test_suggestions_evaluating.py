"""What `evaluate` counts, held against counts by hand and by others."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import f1_score

from qualcode import Study
from qualcode.errors import NotFound, QualcodeError
from qualcode.study.suggestions import held_out, learning
from qualcode.study.suggestions.configured import Configured
from qualcode.study.suggestions.evaluating import bins, evaluate
from qualcode.study.suggestions.held_out import HeldOut
from qualcode.study.suggestions.people import people
from qualcode.suggest.evaluation import calibration_error, judge
from studies import BOOK, make, plant, take_in_codings
from topics import topics

if TYPE_CHECKING:
    from pathlib import Path

PATHS = ("reach", "cost", "cost/cheap", "cost/dear")


def study_of(folder: Path, *, seed: int = 5, n: int = 40) -> tuple[Path, dict[str, np.ndarray]]:
    """Three coders at random, not all on every answer: their 0/1 tables, -1 where one was not."""
    random = np.random.default_rng(seed)
    lines = [f"r{i},answer {i}" for i in range(n)]
    study = make(folder, "\n".join(("id,why", *lines)) + "\n", [BOOK], questions=(("why", "why"),))
    tables, rows = {}, []
    for coder, share in (("ana", 1.0), ("ben", 0.8), ("cho", 0.5)):
        table = (random.random((n, len(PATHS))) < 0.3).astype(int)
        table[random.random(n) >= share] = -1
        tables[coder] = table
        for i, line in enumerate(table):
            if line[0] < 0:
                continue
            chosen = [PATHS[j] for j in np.flatnonzero(line)] or [""]
            rows += [f"r{i},why,{coder},{code},," for code in chosen]
    take_in_codings(study, *rows)
    return study, tables


def test_people_agree_as_a_count_of_their_tables_says(tmp_path: Path) -> None:
    study, tables = study_of(tmp_path)
    with Study.open(study) as opened:
        paths = {c.id: c.path for c in opened.codebooks[0].codes if c.path in PATHS}
        found = people(opened.database, opened.questions[0], paths)

    both_tables = []
    for pair in combinations(tables, 2):
        one, other = (tables[name] for name in pair)
        seen = (one[:, 0] >= 0) & (other[:, 0] >= 0)
        both_tables.append((one[seen], other[seen]))
        shared = found.pairs[pair]
        assert shared.n == seen.sum()
        assert shared.micro_f1 == pytest.approx(f1_score(one[seen], other[seen], average="micro"))
        each = f1_score(one[seen], other[seen], average=None)
        assert [code.f1 for code in shared.codes] == pytest.approx(each)
        assert shared.macro_f1 == pytest.approx(each.mean())
    pooled = [np.vstack(side) for side in zip(*both_tables, strict=True)]
    assert found.together.n == len(pooled[0])
    assert found.together.micro_f1 == pytest.approx(f1_score(*pooled, average="micro"))
    assert [code.n for code in found.together.codes] == (pooled[0] | pooled[1]).sum(0).tolist()
    assert found.coders == {name: int((table[:, 0] >= 0).sum()) for name, table in tables.items()}


def test_codes_that_people_used_too_seldom_are_not_judged(small: Path) -> None:
    take_in_codings(
        small,
        *(f"{who},why,{coder},reach,," for who in ("r1", "r2") for coder in ("ana", "ben")),
        "r5,how,ana,reach,,",
    )
    with Study.open(small) as opened:
        paths = {code.id: code.path for code in opened.codebooks[0].codes}
        found = people(opened.database, opened.questions[0], paths)
        alone = people(opened.database, opened.questions[1], paths)

    assert (found.together.n, found.together.micro_f1, found.together.macro_f1) == (2, 1.0, None)
    assert [(code.n, code.f1) for code in found.together.codes][:2] == [(2, None), (0, None)]
    assert (alone.coders, alone.pairs, alone.together.micro_f1) == ({"ana": 1}, {}, None)


def test_the_bins_add_up_to_the_calibration_error() -> None:
    random = np.random.default_rng(3)
    p = random.random((60, 5))
    labels = [frozenset(c for c in "abcde" if random.random() < 0.3) for _ in range(60)]
    truth = np.array([[c in one for c in "abcde"] for one in labels], dtype=float)
    quality = judge(p, p > 0.5, labels, "abcde")
    found = bins(HeldOut(quality, p.tolist(), labels), "abcde")

    assert sum(each.n for each in found) == 180
    assert all(each.low <= each.said < each.high for each in found)
    gap = sum(each.n * abs(each.said - each.observed) for each in found) / 180
    assert gap == pytest.approx(calibration_error(p, truth))


def test_every_model_is_judged_on_the_same_answers(tmp_path: Path) -> None:
    with Study.open(topics(tmp_path)) as opened:
        found = evaluate(opened.database, opened.questions[0], vectors=False)

    assert list(found.models)[:3] == ["hybrid", "logistic", "prior"]
    assert {quality.n for quality in found.models.values()} == {60}
    hybrid, prior = found.models["hybrid"], found.models["prior"]
    assert hybrid.micro_f1 is not None
    assert prior.micro_f1 is not None
    assert hybrid.micro_f1 > prior.micro_f1
    assert (found.subject, found.n, found.taken_over) == ("hybrid", 60, 0)
    assert found.models["logistic"].calibration_error is None


def test_scores_that_are_no_probabilities_get_no_calibration(tmp_path: Path) -> None:
    with Study.open(topics(tmp_path, labels=49)) as opened:
        found = evaluate(opened.database, opened.questions[0], wanted=("hybrid",), vectors=False)

    assert found.bins == ()
    assert found.models["hybrid"].calibration_error is None


def test_a_model_does_not_see_the_answers_that_it_is_judged_on(tmp_path: Path) -> None:
    # The label of each answer is chance: whoever does better than chance has looked.
    random = np.random.default_rng(4)
    lines = [f"r{i},word{i} other{i}" for i in range(80)]
    study = make(
        tmp_path, "\n".join(("id,why", *lines)) + "\n", [BOOK], questions=(("why", "why"),)
    )
    codes = random.choice(["reach", "cost"], 80)
    take_in_codings(study, *(f"r{i},why,ana,{code},," for i, code in enumerate(codes)))
    with Study.open(study) as opened:
        known = learning.learnable(opened.database, opened.questions[0], Configured(), seed=0)
        given = learning.labels(opened.database, known)
        model = learning.prepared(known, seed=0, vectors=False)
        found = held_out.held_out(model, "hybrid", given, folds=5, seed=0)
        seen = learning.taught(model, given).predict_proba([a.text for a in given.answers])

    assert found
    right = [known.path_of[1] in one for one in given.codes]
    assert np.corrcoef(np.array(found.scores)[:, 0], right)[0, 1] < 0.3
    assert np.corrcoef(seen[:, 0], right)[0, 1] > 0.8


@pytest.mark.parametrize("rows", [(), ("r1,why,ana,reach,,",), ("r2,why,ana,,,", "r5,why,ana,,,")])
def test_fewer_than_two_different_answers_cannot_be_judged(
    small: Path, rows: tuple[str, ...]
) -> None:
    if rows:
        take_in_codings(small, *rows)
    with Study.open(small) as opened, pytest.raises(QualcodeError) as raised:
        evaluate(opened.database, opened.questions[0])

    assert raised.value.exit_code == 1


def test_an_unknown_model_is_not_found(small: Path) -> None:
    with Study.open(small) as opened, pytest.raises(NotFound):
        evaluate(opened.database, opened.questions[0], wanted=("hybird",))


def test_codings_taken_over_from_suggestions_are_counted(tmp_path: Path) -> None:
    study = topics(tmp_path, 60, labels=30)
    plant(study, "UPDATE coding SET source = 'suggestion' WHERE response_id <= 3 AND coder_id = 1")
    with Study.open(study) as opened:
        found = evaluate(opened.database, opened.questions[0], wanted=("prior",))
        count = opened.database.value("SELECT count(*) FROM coding WHERE source = 'suggestion'")

    assert found.taken_over == count > 0
