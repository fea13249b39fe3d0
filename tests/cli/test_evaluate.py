"""`evaluate`: what it prints, in every form, and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coded import library
from studies import body, content, take_in_codings
from topics import CODES, topics

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

    Command = Callable[..., Done]

FORMS = ("table", "json", "markdown", "html")
MODEL = {
    *("model", "n", "n_coded", "micro_f1", "macro_f1", "precision_at_3", "recall_at_3"),
    *("lrap", "calibration_error", "codes"),
}


@pytest.fixture(scope="module")
def topics_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return topics(tmp_path_factory.mktemp("topics"), 150, labels=100)


@pytest.fixture
def study(topics_built: Path, tmp_path: Path) -> Path:
    """150 answers to one question, 100 of them coded by ana and ben."""
    return Path(shutil.copyfile(topics_built, tmp_path / "study.db"))


def strictly(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


def numbers(value: Any) -> list[float]:
    """Every figure in a document, whatever its depth."""
    if isinstance(value, dict):
        return [each for part in value.values() for each in numbers(part)]
    if isinstance(value, list):
        return [each for part in value for each in numbers(part)]
    return [value] if isinstance(value, float) else []


def test_the_json_holds_every_figure(study: Path, qualcode: Command) -> None:
    done = qualcode("evaluate", study, "--folds", 4, "--seed", 2, "--no-vectors", "--json")
    assert (done.code, done.err) == (0, "")
    found = strictly(done.out)

    assert found["labels"] == {
        "rule": "majority",
        "n": 100,
        "coders": {"ana": 100, "ben": 100},
        "taken_over": 0,
    }
    assert (found["question"], found["folds"], found["seed"]) == ("why", 4, 2)
    assert found["codebooks"] == [{"name": "Topics", "version": 1}]
    assert found["vectors"] is False
    assert [model["model"] for model in found["models"]][:3] == ["hybrid", "logistic", "prior"]
    for model in found["models"]:
        assert set(model) == MODEL
        assert [code["code"] for code in model["codes"]] == list(CODES)
    assert [code["code"] for code in found["codes"]] == list(CODES)
    assert [pair["coders"] for pair in found["people"]["pairs"]] == [["ana", "ben"]]
    assert found["people"]["n"] == 100
    assert {code["code"] for code in found["people"]["codes"]} == set(CODES)
    assert sum(each["n"] for each in found["calibration"]["bins"]) == 300
    assert all(0 <= each <= 1 for each in numbers(found))
    assert (
        qualcode(
            "evaluate", study, "--folds", 4, "--seed", 2, "--no-vectors", "--format", "json"
        ).out
        == done.out
    )


def test_the_report_holds_the_machine_against_people_and_simple_models(
    study: Path, qualcode: Command
) -> None:
    done = qualcode("evaluate", study)
    assert (done.code, done.err) == (0, "")

    lines = done.out.splitlines()
    words = " ".join(done.out.split())
    order = [
        next(i for i, line in enumerate(lines) if line.startswith(f"{who} "))
        for who in ("hybrid", "logistic", "prior", "people, each other")
    ]
    assert order == sorted(order)
    assert "ana (100), ben (100)" in words
    assert "5 parts, seed 0" in words
    assert "“Topics” version 1" in words
    assert "People are the ceiling" in words
    assert all(any(line.startswith(f"{code} ") for line in lines) for code in CODES)


@pytest.mark.parametrize("form", FORMS)
def test_a_figure_that_cannot_be_given_is_said_in_words(
    tmp_path: Path, form: str, qualcode: Command
) -> None:
    study = topics(tmp_path, 30, labels=4)
    done = qualcode("evaluate", study, "--format", form)

    assert (done.code, done.err) == (0, "")
    assert not re.search(r"\b(nan|inf|None)\b", body(done.out), re.IGNORECASE)
    assert ("too_few" if form == "json" else "too few to judge") in done.out
    if form == "json":
        found = strictly(done.out)
        rare = next(code for code in found["codes"] if code["n"] < 5)
        assert (rare["f1"], rare["precision"], rare["reason"]) == (None, None, "too_few")
        assert found["calibration"] == {"error": None, "bins": []}


@pytest.mark.parametrize("form", FORMS)
def test_one_coder_has_nobody_beside(small: Path, form: str, qualcode: Command) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ana,,,", "r6,why,ana,cost,,")
    done = qualcode("evaluate", small, "--question", "why", "--format", form)

    assert (done.code, done.err) == (0, "")
    assert not re.search(r"\b(nan|inf|None)\b", body(done.out), re.IGNORECASE)
    if form == "json":
        found = strictly(done.out)["people"]
        assert (found["n"], found["micro_f1"], found["pairs"]) == (0, None, [])
    else:
        assert "No answer was coded by two people" in " ".join(done.out.split())


def test_three_coders_make_three_pairs(tmp_path: Path, qualcode: Command) -> None:
    found = qualcode("evaluate", library(tmp_path), "--json", "--model", "prior").json

    assert [pair["coders"] for pair in found["people"]["pairs"]] == [
        ["ana", "ben"],
        ["ana", "cho"],
        ["ben", "cho"],
    ]
    assert found["people"]["n"] == sum(pair["n"] for pair in found["people"]["pairs"])


def test_one_model_can_be_named_and_is_judged_in_full(study: Path, qualcode: Command) -> None:
    every = qualcode("evaluate", study, "--json").json
    found = qualcode("evaluate", study, "--model", "prior", "--model", "hybrid", "--json").json

    assert [model["model"] for model in found["models"]] == ["prior", "hybrid"]
    assert found["models"][1] == every["models"][0]
    assert found["codes"] == found["models"][0]["codes"]


def test_the_seed_decides(study: Path, qualcode: Command) -> None:
    words = ("evaluate", study, "--model", "hybrid", "--json", "--seed")
    one, again, other = (qualcode(*words, seed).out for seed in (1, 1, 2))

    assert one == again
    assert strictly(one)["models"] != strictly(other)["models"]


def test_nothing_is_written(study: Path, qualcode: Command) -> None:
    before = content(study)
    assert qualcode("evaluate", study, "--model", "prior").code == 0

    assert content(study) == before


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no question": ((), 2, "it has why, how"),
    "an unknown question": (("--question", "wy"), 3, "did you mean “why”?"),
    "an unknown model": (("--question", "why", "--model", "hybird"), 3, "did you mean “hybrid”?"),
    "one part": (("--question", "why", "--folds", "1"), 2, "--folds"),
    "csv": (("--question", "why", "--format", "csv"), 2, "csv"),
    "nothing coded": (("--question", "how"), 1, "too few different answers to how are coded"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_one_error(small: Path, case: str, qualcode: Command) -> None:
    take_in_codings(small, "r1,why,ana,reach,,", "r2,why,ana,,,")
    words, code, told = REFUSED[case]
    done = qualcode("evaluate", small, *words)

    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert len(done.err.splitlines()) <= 2
