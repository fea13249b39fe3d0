"""Estimates that use a model: corrected on a random sample, with a warning without one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from studies import make, take_in_codings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

WORDS = {
    "money": ("prices", "costs", "fees", "budget", "cheap rates"),
    "people": ("staff", "colleagues", "officers", "a larger team", "personnel"),
    "tools": ("software", "laptops", "phones", "databases", "new equipment"),
}
BOOK = "codebook: Topics\nversion: 1\ncodes:\n" + "".join(
    f"  - key: {key}\n    name: {key.title()}\n    definition: About {' '.join(words)}.\n"
    for key, words in WORDS.items()
)


def truth() -> dict[str, str]:
    """The topic of each respondent: money 60 %, people 30 %, tools 10 %."""
    keys = ["money"] * 180 + ["people"] * 90 + ["tools"] * 30
    random.Random(2).shuffle(keys)
    return {f"r{n:03}": key for n, key in enumerate(keys)}


TRUTH = truth()
SHARES = {"money": 60.0, "people": 30.0, "tools": 10.0}


def survey() -> str:
    draw = random.Random(3)
    lines = ["id,site,why"]
    for n, (who, key) in enumerate(TRUTH.items()):
        said = WORDS[key] if draw.random() < 0.8 else ("nothing", "much", "to say")
        lines.append(f"{who},{'ab'[n % 2]},{draw.choice(said)} and {draw.choice(said)} {n}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("m"), survey(), (BOOK,), questions=(("why", "why"),))


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "study.db"
    path.write_bytes(made.read_bytes())
    return path


def code(study: Path, respondents: list[str]) -> None:
    take_in_codings(study, *(f"{who},why,ana,{TRUTH[who]},," for who in respondents))


@pytest.fixture
def sampled(study: Path, qualcode: Callable[..., Done]) -> Path:
    """The study with 100 answers drawn by chance, all coded."""
    with Study.open(study) as opened:
        opened.session("ana")
    asked = ("queue", study, "--coder", "ana", "--order", "random", "--draw", 100, "--json")
    code(study, [answer["respondent"] for answer in qualcode(*asked).json["answers"]])
    return study


def test_a_corrected_estimate_is_of_all_answers_and_covers_the_truth(
    sampled: Path, qualcode: Callable[..., Done]
) -> None:
    found = qualcode("frequencies", sampled, "--estimate", "corrected", "--internal", "--json").json
    assert (found["estimate"], found["base"], found["n"]["answered"]) == (
        "corrected",
        "answered",
        100,
    )
    assert found["machine"] == {"answers": 300, "labels": 100, "parts": 5, "vectors": False}
    rows = {row["code"]: row for row in found["rows"]}
    for key, share in SHARES.items():
        estimate = rows[key]["estimate"]
        assert estimate["low"] <= share <= estimate["high"]
        assert 0 <= estimate["low"] < estimate["value"] < estimate["high"] <= 100
        assert rows[key]["method"] == "corrected"
        assert rows[key]["to_code_by_hand"] >= rows[key]["still_to_code"]
    wide = [row["high"] - row["low"] for row in rows.values()]
    narrow = [row["estimate"]["high"] - row["estimate"]["low"] for row in rows.values()]
    assert sum(narrow) < 0.9 * sum(wide), "the model is good: it has to help"


def test_groups_are_corrected_too_and_lie_around_the_whole(
    sampled: Path, qualcode: Callable[..., Done]
) -> None:
    asked = ("frequencies", sampled, "--estimate", "corrected", "--internal", "--by", "site")
    for row in qualcode(*asked, "--json").json["rows"]:
        groups = [group["estimate"]["value"] for group in row["groups"]]
        assert sum(groups) / 2 == pytest.approx(row["estimate"]["value"], abs=1.5)


def test_every_form_says_that_it_is_corrected_and_how(
    sampled: Path, qualcode: Callable[..., Done]
) -> None:
    text = qualcode("frequencies", sampled, "--estimate", "corrected", "--internal").out
    assert "corrected %" in text
    assert "still to code for ±3" in text
    assert "unbiased" in text


def test_a_sample_that_was_not_random_is_refused(
    study: Path, qualcode: Callable[..., Done]
) -> None:
    code(study, list(TRUTH)[:100])
    done = qualcode("frequencies", study, "--estimate", "corrected", "--json")
    assert (done.code, done.out) == (1, "")
    assert "no answers to why were drawn by chance" in done.err
    assert "qualcode queue" in done.err


def test_when_everything_is_coded_people_stand_alone(
    study: Path, qualcode: Callable[..., Done]
) -> None:
    code(study, list(TRUTH))
    found = qualcode("frequencies", study, "--estimate", "corrected", "--internal", "--json").json
    for row in found["rows"]:
        assert row["method"] == "human"
        assert row["estimate"]["value"] == pytest.approx(row["percent"])
        assert row["percent"] == pytest.approx(SHARES[row["code"]])


def test_the_machine_alone_has_a_warning_and_no_interval(
    sampled: Path, qualcode: Callable[..., Done]
) -> None:
    found = qualcode(
        "frequencies", sampled, "--estimate", "machine", "--sample", "random", "--json"
    )
    assert any("Warning" in note and "biased" in note for note in found.json["notes"])
    for row in found.json["rows"]:
        assert row["estimate"]["value"] is not None or row["suppressed"]
        assert (row["estimate"]["low"], row["estimate"]["high"]) == (None, None)


def test_suppressed_rows_have_no_estimate(sampled: Path, qualcode: Callable[..., Done]) -> None:
    asked = ("frequencies", sampled, "--estimate", "corrected", "--threshold", 40, "--json")
    hidden = [row for row in qualcode(*asked).json["rows"] if row["suppressed"]]
    assert hidden
    assert all(row["estimate"]["value"] is None for row in hidden)


@pytest.mark.parametrize("base", ["asked", "coded", "any_code"])
def test_another_base_than_all_who_answered_is_refused(
    sampled: Path, qualcode: Callable[..., Done], base: str
) -> None:
    done = qualcode("frequencies", sampled, "--estimate", "corrected", "--base", base)
    assert done.code == 2
    assert "answered" in done.err


def test_nothing_coded_is_one_line(study: Path, qualcode: Callable[..., Done]) -> None:
    for estimate in ("corrected", "machine"):
        done = qualcode("frequencies", study, "--estimate", estimate)
        assert done.code in (1, 2)
        assert len(done.err.strip().splitlines()) <= 2


def test_the_same_study_gives_the_same_numbers(
    sampled: Path, qualcode: Callable[..., Done]
) -> None:
    asked = ("frequencies", sampled, "--estimate", "corrected", "--json")
    assert qualcode(*asked).out == qualcode(*asked).out
