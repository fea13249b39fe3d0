"""The command that brings copies together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copies import copy_of, work
from studies import codings, content, plant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done


@pytest.fixture
def copies(small: Path) -> tuple[Path, Path, Path]:
    """A study and two copies, on one of which the same answer was coded as in the study."""
    work(small, [("ana", "toggle", "r1", 0)])
    one, two = copy_of(small, "one"), copy_of(small, "two")
    work(small, [("ana", "decide", "r1", 0)])
    work(one, [("ana", "toggle", "r1", 1)])
    work(two, [("ben", "toggle", "r2", 1)])
    return small, one, two


def test_it_says_what_came_and_what_went_apart(
    copies: tuple[Path, Path, Path], qualcode: Callable[..., Done]
) -> None:
    done = qualcode("merge", *copies, "--by", "lead")
    assert done.code == 0
    assert [line.split() for line in done.out.splitlines()[-2:]] == [
        ["study.db", "1", "1", "0", "0", "0"],
        ["study.db", "2", "2", "0", "0", "0", "ben"],
    ]
    assert "conflict: ana coded r1, why on both sides; the side that was at work last" in done.err
    assert len(codings(copies[0])) == 3
    again = qualcode("merge", *copies)
    assert again.code == 0
    assert "nothing new" in again.err


def test_it_can_be_asked_first(
    copies: tuple[Path, Path, Path], qualcode: Callable[..., Done]
) -> None:
    before = content(copies[0])
    done = qualcode("merge", *copies, "--dry-run", "--json")
    assert done.json["dry_run"] is True
    assert [copy["acts"] for copy in done.json["copies"]] == [1, 2]
    assert [each["about"] for each in done.json["conflicts"]] == ["coding"]
    assert content(copies[0]) == before
    assert "nothing was changed" in qualcode("merge", *copies, "--dry-run").err


def test_a_foreign_study_is_a_conflict(
    copies: tuple[Path, Path, Path], qualcode: Callable[..., Done]
) -> None:
    study, one, two = copies
    plant(two, "UPDATE study SET uid = x'00'")
    before = study.read_bytes()
    done = qualcode("merge", study, one, two)
    assert done.code == 4
    assert done.err.startswith(f"Error: {two} is a copy of another study, nothing was changed\n")
    assert done.err.count("\n") == 2
    assert study.read_bytes() == before


def test_a_namesake_is_a_conflict_unless_it_is_the_same_person(
    copies: tuple[Path, Path, Path], qualcode: Callable[..., Done]
) -> None:
    study, _, two = copies
    work(study, [("ben", "toggle", "r5", 1)])
    done = qualcode("merge", study, two)
    assert done.code == 4
    assert "“ben”" in done.err
    assert qualcode("merge", study, two, "--same", "ben").code == 0
    assert [row[0] for row in codings(study) if row[2] == "ben"] == ["r2", "r5"]


def test_many_conflicts_are_counted(small: Path, qualcode: Callable[..., Done]) -> None:
    work(small, [("ana", "toggle", "r1", 0)])
    copy = copy_of(small, "copy")
    people = [f"coder {number}" for number in range(21)]
    work(small, [(who, "adjudicate", "r1", 0) for who in ("ana",)])
    work(small, [(who, "toggle", "r1", 0) for who in people])
    later = copy_of(small, "later")
    work(small, [(who, "toggle", "r1", 1) for who in people])
    work(later, [(who, "toggle", "r1", 2) for who in people])
    done = qualcode("merge", small, copy, later)
    assert done.err.count("conflict: ") == 20
    assert "and 1 more conflicts: --json names them all" in done.err
