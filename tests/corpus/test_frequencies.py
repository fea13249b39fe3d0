"""Shares in a corpus from its scores and the codes of a random sample; refused where they lie."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from corpus.made import table
from qualcode import Study
from qualcode.cli import main
from qualcode.estimation.beyond import Beyond, CorpusSums
from qualcode.estimation.codetree import code_tree
from qualcode.estimation.machine import MachineScores
from qualcode.estimation.sampled import random_sample
from qualcode.model import Code
from qualcode.suggest import Suggester
from qualcode.suggest.everywhere import cross_scores, fold_models
from studies import apply_book, make, take_in_codings
from topics import BOOK, CODES, answers, survey

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

    Command = Callable[..., Done]

CORPUS, STUDY, SAMPLE = 1_000, 200, 100
MADE = answers(CORPUS, 11)
DRAWN = random.Random(4).sample(range(CORPUS), STUDY)
"""Whose answers of the corpus are in the study, r0 being the first of them."""


def share(code: str) -> float:
    return 100 * sum(code in codes for _, codes in MADE) / CORPUS


def names() -> list[str]:
    """Respondents of the corpus; those in the study have its names."""
    found = [f"c{i}" for i in range(CORPUS)]
    for place, number in enumerate(DRAWN):
        found[number] = f"r{place}"
    return found


def codings(wanted: list[str]) -> list[str]:
    return [f"{name},why,ana,{code},," for name in wanted for code in MADE[DRAWN[int(name[1:])]][1]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study drawn from a corpus, of it a random sample coded, and the scored corpus beside it."""

    folder = tmp_path_factory.mktemp("f")
    texts = survey([MADE[number][0] for number in DRAWN])
    study = make(folder, texts, [BOOK], questions=(("why", "why"),))
    with Study.open(study) as opened:
        opened.session("ana", "why")
    run("queue", study, "--coder", "ana", "--order", "random", "--draw", SAMPLE, "--json")
    with Study.open(study, readonly=True) as opened:
        drawn = [who for (who,) in opened.database.rows("SELECT respondent FROM v_draw")]
    take_in_codings(study, *codings(drawn))
    parquet.write_table(
        table([text for text, _ in MADE], respondent=names()), folder / "corpus.parquet"
    )
    score(study, folder / "corpus.parquet", folder / "out")
    return folder


def score(study: Path, source: Path, out: Path) -> None:
    run("suggest", study, "--input", source, "--output", out)


def run(*words: object) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    assert not left.value.code


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the study and of the scored corpus."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def asked(folder: Path, estimate: str = "corrected", study: str = "study.db") -> tuple[Any, ...]:
    words = ("--estimate", estimate, "--machine", folder / "out", "--internal")
    return ("frequencies", folder / study, *words)


def test_the_shares_of_the_corpus_lie_in_their_intervals(folder: Path, qualcode: Command) -> None:
    found = qualcode(*asked(folder), "--json").json
    about = found["machine"]
    assert (about["answers"], about["labels"], about["corpus"]) == (
        CORPUS,
        SAMPLE,
        str(folder / "out"),
    )
    rows = {row["code"]: row for row in found["rows"]}
    off = []
    for code in CODES:
        estimate = rows[code]["estimate"]
        assert estimate["low"] < estimate["value"] < estimate["high"]
        off.append(not estimate["low"] <= share(code) <= estimate["high"])
    assert sum(off) <= 1
    wide = sum(row["high"] - row["low"] for row in rows.values())
    narrow = sum(row["estimate"]["high"] - row["estimate"]["low"] for row in rows.values())
    assert narrow < 0.95 * wide, "the machine has to help"
    assert any("simple random sample of it" in note for note in found["notes"])
    assert "of the corpus in" in qualcode(*asked(folder)).out


def test_where_the_corpus_is_the_study_the_numbers_are_those_without_it(
    folder: Path, qualcode: Command
) -> None:
    texts = [MADE[number][0] for number in DRAWN]
    source = folder / "own.parquet"
    parquet.write_table(table(texts, respondent=[f"r{i}" for i in range(STUDY)]), source)
    shutil.rmtree(folder / "out")
    score(folder / "study.db", source, folder / "out")

    found = qualcode(*asked(folder), "--json").json["rows"]
    plain = qualcode(
        "frequencies", folder / "study.db", "--estimate", "corrected", "--internal", "--json"
    ).json["rows"]

    for row, other in zip(found, plain, strict=True):
        assert row["tuning"] == pytest.approx(other["tuning"], abs=1e-4)
        for name in ("value", "se", "low", "high"):
            assert row["estimate"][name] == pytest.approx(other["estimate"][name], abs=1e-3)


def test_the_machine_alone_is_its_mean_over_the_corpus_without_an_interval(
    folder: Path, qualcode: Command
) -> None:
    record = json.loads((folder / "out" / "_qualcode.json").read_text())["questions"][0]
    asking = asked(folder, "machine")
    found = qualcode(*asking, "--sample", "random", "--json").json
    for row in found["rows"]:
        mean = record["machine"]["sums"][row["code"]] / 1e4 / CORPUS
        assert row["estimate"]["value"] == pytest.approx(mean)
        assert row["estimate"]["low"] is None
    assert any("Warning" in note for note in found["notes"])


def refused(done: Done, code: int, *words: str) -> None:
    assert (done.code, done.out) == (code, ""), done.err
    assert done.err.startswith("Error: ")
    assert len(done.err.splitlines()) <= 2
    for word in words:
        assert word in done.err


def test_a_corpus_without_an_answer_of_the_study_is_refused(
    folder: Path, qualcode: Command
) -> None:
    source = folder / "less.parquet"
    found = parquet.read_table(folder / "corpus.parquet")
    keep = pa.array([name != "r7" for name in found.column("respondent").to_pylist()])
    parquet.write_table(found.filter(keep), source)
    shutil.rmtree(folder / "out")
    score(folder / "study.db", source, folder / "out")
    refused(qualcode(*asked(folder)), 1, "1 of the 200 answers", "“r7”", "no sample")


def test_a_corpus_that_has_other_words_of_a_coded_answer_is_refused(
    folder: Path, qualcode: Command
) -> None:
    found = parquet.read_table(folder / "corpus.parquet")
    texts = ["nothing" if name.startswith("r") else text for name, text in _pairs(found)]
    source = folder / "other.parquet"
    parquet.write_table(table(texts, respondent=names()), source)
    shutil.rmtree(folder / "out")
    score(folder / "study.db", source, folder / "out")
    refused(qualcode(*asked(folder)), 1, "is another one in")


def _pairs(found: pa.Table) -> list[tuple[str, str]]:
    return list(
        zip(found.column("respondent").to_pylist(), found.column("text").to_pylist(), strict=True)
    )


def test_a_study_that_was_chosen_for_a_theme_is_refused(folder: Path, qualcode: Command) -> None:
    found = parquet.read_table(folder / "corpus.parquet")
    texts = [
        text if name.startswith("r") else f"the food was cold {place}"
        for place, (name, text) in enumerate(_pairs(found))
    ]
    source = folder / "food.parquet"
    parquet.write_table(table(texts, respondent=names()), source)
    shutil.rmtree(folder / "out")
    score(folder / "study.db", source, folder / "out")
    refused(qualcode(*asked(folder)), 1, "no random sample of the corpus", "standard errors")


def test_a_study_that_went_on_since_is_refused(folder: Path, qualcode: Command) -> None:
    before = qualcode(*asked(folder), "--json")
    assert before.code == 0
    take_in_codings(folder / "study.db", "r199,why,ben,food,,")
    refused(qualcode(*asked(folder)), 2, "changed or coded since", "scores the corpus again")


def test_another_version_of_the_codebook_is_refused(folder: Path, qualcode: Command) -> None:
    apply_book(folder / "study.db", BOOK.replace("version: 1", "version: 2"))
    refused(qualcode(*asked(folder)), 2, "another codebook or version")


@pytest.mark.parametrize("damage", ["part", "cut", "record", "folder", "words"])
def test_an_output_from_which_something_is_missing_is_refused(
    folder: Path, qualcode: Command, damage: str
) -> None:
    out, part = folder / "out", folder / "out" / "part-00000.parquet"
    if damage == "part":
        part.unlink()
    elif damage == "cut":
        part.write_bytes(part.read_bytes()[:-9])
    elif damage == "record":
        (out / "_qualcode.json").unlink()
    elif damage == "words":
        (out / "_qualcode.json").write_text('{"format": 1, "questions": 3}')
    else:
        shutil.rmtree(out)
    refused(qualcode(*asked(folder)), 3 if damage == "folder" else 2, "out")


def test_what_a_corpus_cannot_say_is_refused(folder: Path, qualcode: Command) -> None:
    refused(qualcode(*asked(folder), "--by", "region"), 2, "no groups")
    refused(qualcode(*asked(folder, "human")), 2, "--estimate corrected")
    refused(qualcode(*asked(folder), "--base", "coded"), 2, "answered")


def test_intervals_cover_the_corpus_as_often_as_they_promise() -> None:
    """Samples from a corpus of which half the codes hang on more than its words."""
    made, size, times = answers(800, 8), 100, 15
    draw = random.Random(6)
    paths = list(CODES[:4])
    truth = np.array(
        [[(path in codes) != (draw.random() < 0.1) for path in paths] for _, codes in made]
    )
    labels = [
        {path for path, held in zip(paths, row, strict=True) if held} for row in truth.tolist()
    ]
    texts = [text for text, _ in made]
    model = Suggester([Code(path, path.title()) for path in paths]).prepare(texts)
    features, hits = model.scorer_.features.transform(texts), np.zeros((len(texts), len(paths)))
    covered, narrower = [], []
    for seed in range(times):
        order = np.random.default_rng(seed).permutation(len(texts))
        chosen = order[:size].tolist()
        scorers, fold = fold_models(
            model, [texts[i] for i in chosen], [labels[i] for i in chosen], folds=3, seed=seed
        )
        nowhere = np.full(len(texts), -1)
        shared = cross_scores(scorers, features, hits, nowhere)
        nowhere[chosen] = fold
        own = cross_scores(scorers, features, hits, nowhere)
        study = np.zeros(len(texts), dtype=bool)
        study[order[:250]] = True
        drawn = nowhere >= 0
        sample, *_ = random_sample(drawn, drawn)
        assert sample is not None
        whole = np.rint(shared.astype(np.float64) * 1e6).astype(np.int64)
        sums = CorpusSums(
            len(texts),
            dict(zip(paths, whole.sum(axis=0).tolist(), strict=True)),
            dict(zip(paths, (whole**2).sum(axis=0).tolist(), strict=True)),
            1_000_000,
        )
        tree = code_tree(paths)
        columns = tuple(range(len(paths)))
        scores = [MachineScores(p, columns, tree) for p in (own, shared)]
        beyond = Beyond(sums, *scores, drawn)
        for place in range(len(paths)):
            found = beyond.correct(place, truth[:, place], sample, study)
            low, high = found.estimate.low or 0.0, found.estimate.high or 0.0
            covered.append(low <= truth[:, place].mean() <= high)
            narrower.append((high - low) / ((found.human.high or 0) - (found.human.low or 0)))
            assert abs(beyond.apart(place, study)) < 5
    assert 0.89 <= np.mean(covered) <= 1
    assert np.mean(narrower) < 0.95
