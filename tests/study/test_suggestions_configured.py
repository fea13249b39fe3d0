"""What a study says of suggestions, set by `design`: all or nothing, on record, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qualcode import Study
from qualcode.study.suggestions import configured
from studies import BOOK, apply_book, content

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done

    Command = Callable[..., Done]


def said(study: Path) -> dict[str, Any]:
    with Study.open(study, readonly=True) as opened:
        found = configured.read(opened.database)
    return {"context": found.context, "thresholds": found.thresholds, "language": found.language}


def test_what_is_set_is_kept_and_printed(small: Path, qualcode: Command) -> None:
    words = (
        *("--context", "why=region", "--context", "why=asked", "--context", "why=region"),
        *("--threshold", "cheap=0.7", "--threshold", "Wider reach=.25", "--language", "de"),
    )
    done = qualcode("design", small, *words, "--json").json
    expected = {
        "context": {"why": ["region", "asked"]},
        "thresholds": {"cost/cheap": 0.7, "reach": 0.25},
        "language": "de",
    }
    assert {name: done[name] for name in expected} == expected == said(small)
    shown = qualcode("design", small).out
    assert "why context              region, asked" in shown
    assert "threshold of cost/cheap  0.7" in shown
    assert "language                 de" in shown


def test_an_empty_value_takes_one_away(small: Path, qualcode: Command) -> None:
    qualcode("design", small, "--context", "why=region", "--context", "how=asked")
    qualcode("design", small, "--threshold", "reach=0.3", "--threshold", "cost=0.4")
    qualcode("design", small, "--language", "de")
    assert qualcode("design", small, "--weight", "weight").code == 0
    assert said(small)["language"] == "de"

    words = ("--context", "why=", "--threshold", "reach=", "--language", "")
    assert qualcode("design", small, *words).code == 0
    assert said(small) == {
        "context": {"how": ["asked"]},
        "thresholds": {"cost": 0.4},
        "language": "en",
    }


def test_each_change_is_in_the_journal_once(small: Path, qualcode: Command) -> None:
    before = len(qualcode("log", small, "--json").json)
    for _ in range(2):
        qualcode("design", small, "--threshold", "reach=0.3", "--by", "eva")

    acts = qualcode("log", small, "--json").json[before:]
    assert [(act["act"], act["coder"]) for act in acts] == [("design", "eva")]
    assert acts[0]["detail"]["about"]["suggestions"]["thresholds"] == {"reach": 0.3}


REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "an unknown question": (("--context", "wy=region"), 3, "did you mean “why”?"),
    "an unknown attribute": (("--context", "why=regoin"), 3, "did you mean “region”?"),
    "no attribute": (("--context", "why"), 2, "write KEY=…"),
    "an unknown code": (("--threshold", "raech=0.3"), 3, "did you mean “reach”?"),
    "no share": (("--threshold", "reach"), 2, "write CODE=SHARE"),
    "a share above 1": (("--threshold", "reach=30"), 2, "no share between 0 and 1"),
    "a share that is none": (("--threshold", "reach=nan"), 2, "no share between 0 and 1"),
    "a code twice": (("--threshold", "cheap=0.1", "--threshold", "cost/cheap=0.2"), 2, "twice"),
    "a language in words": (("--language", "german"), 2, "“german” is no language"),
    "a language of nobody": (("--language", "zz"), 2, "language “zz”"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_changes_nothing(small: Path, case: str, qualcode: Command) -> None:
    before = content(small)
    words, code, told = REFUSED[case]
    done = qualcode("design", small, "--weight", "weight", *words)

    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert content(small) == before


def test_the_threshold_of_a_code_that_is_gone_can_be_taken_away(
    small: Path, qualcode: Command
) -> None:
    qualcode("design", small, "--threshold", "dear=0.3")
    apply_book(small, BOOK.replace("key: dear", "key: costly").replace("version: 1", "version: 2"))
    assert said(small)["thresholds"] == {"cost/dear": 0.3}

    assert qualcode("suggest", small, "--question", "why").code == 0
    assert qualcode("design", small, "--threshold", "cost/dear=").code == 0
    assert said(small)["thresholds"] == {}
