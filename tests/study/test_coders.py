"""People are known by their names, and no name is two people by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qualcode import Study
from qualcode.errors import Conflict, InputError, NotFound
from qualcode.store import coders
from studies import codings, errors, take_in_codings

if TYPE_CHECKING:
    from pathlib import Path


def test_names_are_trimmed_and_compared_without_case(small: Path) -> None:
    with Study.open(small) as study:
        first, _ = coders.find_or_add(study.database, "  Ana   María ")
        again, remark = coders.find_or_add(study.database, "ANA MARÍA")
        assert first == again
        assert (first.name, remark) == ("Ana María", "")
        assert study.coder("ana maría") == first
        assert coders.find_or_add(study.database, "STRASSE") == (
            coders.find_or_add(study.database, "straße")[0],
            "",
        )


@pytest.mark.parametrize("name", ["", "  ", "-", " - ", "a\x1bb", "a\u202eb", "x" * 65, "\udc80"])
def test_what_is_no_name_is_refused(small: Path, name: str) -> None:
    with Study.open(small) as study:
        with pytest.raises(InputError):
            coders.find_or_add(study.database, name)
        assert study.coders == ()


@pytest.mark.parametrize(
    ("there", "new"),
    [("anna", "ana"), ("ana", "Anna"), ("jörg", "jorg"), ("marco", "marko"), ("john", "jon")],
)
def test_a_near_name_is_said(small: Path, there: str, new: str) -> None:
    with Study.open(small) as study:
        assert coders.find_or_add(study.database, there)[1] == ""
        _, remark = coders.find_or_add(study.database, new)
        assert remark == f"new coder {new}; there is {there}"
        assert coders.find_or_add(study.database, new)[1] == ""


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ("coder-a", "coder-b"),
        ("coder1", "coder2"),
        ("coder 9", "coder 10"),
        ("Coder_A", "coder_b"),
        ("ana", "ben"),
        ("team-1", "team-2"),
    ],
)
def test_names_of_one_series_and_other_names_give_no_remark(
    small: Path, there: str, new: str
) -> None:
    with Study.open(small) as study:
        coders.find_or_add(study.database, there)
        assert coders.find_or_add(study.database, new)[1] == ""


def test_the_near_name_is_said_beside_a_series(small: Path) -> None:
    with Study.open(small) as study:
        for name in ("coder1", "coder2", "coderr3"):
            _, remark = coders.find_or_add(study.database, name)
        assert remark == "new coder coderr3; there is coder2"


def test_an_unknown_name_is_not_found_and_the_nearest_is_the_hint(small: Path) -> None:
    with Study.open(small) as study:
        coders.find_or_add(study.database, "anna")
        for verb in (study.coder, study.undo, study.redo, study.confirm):
            with pytest.raises(NotFound, match="no coder “ana”") as caught:
                verb("ana")
            assert caught.value.hint == "did you mean “anna”?"


def test_renaming_keeps_all_work(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,", "r2,why,ben,cost,,")
    with Study.open(small) as study:
        assert study.rename_coder("ANA", " Ana  B ", by="tester").name == "Ana B"
        assert study.rename_coder("ana b", "ana B", by="tester").name == "ana B"
        with pytest.raises(NotFound):
            study.coder("ana")
        assert study.undo("ana B")
        assert study.redo("ana B")
        assert [row[3] for row in study.journal(last=1)] == ["ana B"]
    assert [row[2] for row in codings(small)] == ["ana B", "ben"]
    assert errors(small) == []


def test_renaming_onto_another_is_a_conflict(small: Path) -> None:
    take_in_codings(small, "r1,why,ana,cost,,", "r2,why,ben,cost,,")
    with Study.open(small) as study:
        with pytest.raises(Conflict, match="a coder “ben” already"):
            study.rename_coder("ana", "BEN", by="tester")
        with pytest.raises(NotFound):
            study.rename_coder("nobody", "x", by="tester")
        with pytest.raises(InputError):
            study.rename_coder("ana", "-", by="tester")
        assert [coder.name for coder in study.coders] == ["ana", "ben"]
