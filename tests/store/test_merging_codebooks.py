"""Codebooks that lived on in copies: one line stands, the other can be brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from copies import bring, common, copy_of, work
from qualcode import Study
from qualcode.errors import NotFound
from qualcode.store import codebook as store
from qualcode.study import codebook_versions, codebooks, review
from studies import BOOK, apply_book, errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Done


@pytest.fixture
def origin(small: Path) -> Path:
    """A study on which two coders have begun: ana has `reach`, ben has `cost`, on r1."""
    work(small, [("ana", "toggle", "r1", 0), ("ben", "toggle", "r1", 1)])
    return small


def edit(study: Path, do: Callable[..., Any], *words: Any) -> None:
    with Study.open(study) as opened:
        do(opened.database, *words, by="lead")
    assert errors(study) == []


def back(study: Path, do: Callable[..., Any], *words: str) -> bool:
    with Study.open(study) as opened:
        done = do(opened.database, codebooks.chosen(opened.database), *words, by="lead")
    assert errors(study) == []
    return done is not None


def counted(study: Path) -> list[tuple[str, str]]:
    sql = "SELECT coder, code FROM v_coding ORDER BY 1, 2"
    with Study.open(study, readonly=True) as opened:
        return list(opened.database.rows(sql))


def codes(study: Path) -> dict[str, Any]:
    with Study.open(study, readonly=True) as opened:
        return opened.codebooks[0].by_path()


def versions(study: Path) -> list[tuple[str, tuple[str, ...]]]:
    with Study.open(study, readonly=True) as opened:
        past = store.versions(opened.database, opened.codebooks[0].id)
        names = codebook_versions.labels(past)
        words = codebook_versions.in_words(past)
        return [(names[each.uid], done) for each, done in zip(past, words, strict=True)]


def both_ways(one: Path, two: Path) -> list[str]:
    """Merge each into the other, see that it is the same, and give what was told."""
    other = copy_of(two, "other")
    told = bring(one, two)
    bring(other, copy_of(one, "merged"))
    assert common(one) == common(other)
    return [f"{each.about}: {each.message}" for each in told.differences]


def test_a_merge_of_codes_counts_what_another_copy_put_on(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    edit(origin, codebooks.merge, "reach", "cost")
    work(copy, [("ben", "toggle", "r1", 0), ("ben", "toggle", "r2", 0)])
    assert both_ways(origin, copy) == []
    assert counted(origin) == [("ana", "cost"), ("ben", "cost"), ("ben", "cost"), ("ben", "cost")]
    assert back(origin, codebook_versions.undo)
    assert counted(origin) == [
        ("ana", "reach"),
        ("ben", "cost"),
        ("ben", "reach"),
        ("ben", "reach"),
    ]


def test_what_another_copy_put_on_a_split_code_is_open_again(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    edit(origin, codebooks.split, "reach", {"near": "", "far": ""})
    work(copy, [("ben", "toggle", "r2", 0)])
    both_ways(origin, copy)
    with Study.open(origin) as opened:
        assert opened.info()["questions"][0]["split"] == {"ana": 1, "ben": 1}


def apart(origin: Path) -> None:
    """One side merges two codes; the other, later, splits one of them; both are merged."""
    copy = copy_of(origin, "copy")
    edit(origin, codebooks.merge, "reach", "cost")
    edit(copy, codebooks.split, "reach", {"near": "", "far": ""})
    told = both_ways(origin, copy)
    assert len(told) == 1
    assert told[0].startswith("codebook: “Small” went apart: its version 2 by lead is the later")


def test_of_two_edits_the_later_stands_and_the_other_is_a_version_beside(origin: Path) -> None:
    apart(origin)
    assert codes(origin)["reach"].split_into == ("near", "far")
    assert counted(origin) == [("ana", "reach"), ("ben", "cost")]
    assert versions(origin) == [
        ("1", ("first version, 6 codes",)),
        ("2.2", ("merged reach into cost",)),
        ("2", ("split reach into near, far",)),
    ]


def test_undo_goes_along_the_line_that_stands(origin: Path) -> None:
    apart(origin)
    assert back(origin, codebook_versions.undo)
    assert codes(origin).keys() == {"reach", "cost", "cost/cheap", "cost/dear"} | {
        "nothing",
        "uncodable",
    }
    assert not codes(origin)["reach"].is_retired
    assert not back(origin, codebook_versions.undo), "the other side is no step of this line"
    assert back(origin, codebook_versions.redo)
    assert codes(origin)["reach"].split_into == ("near", "far")
    assert versions(origin)[3:] == [
        ("3", ("took back: split reach into near, far",)),
        ("4", ("did again: split reach into near, far",)),
    ]


def test_the_other_side_can_be_brought_back(origin: Path) -> None:
    apart(origin)
    work(origin, [("ben", "toggle", "r2", 1)])
    assert back(origin, codebook_versions.restore, "2.2")
    assert codes(origin)["reach"].merged_into == "cost"
    assert counted(origin) == [("ana", "cost"), ("ben", "cost"), ("ben", "near")]
    assert codes(origin)["near"].is_retired, "it is used, and was in no version of that side"
    assert versions(origin)[-1][0] == "3"
    assert versions(origin)[-1][1][0] == "brought back version 2.2"
    with pytest.raises(NotFound, match=r"no version 2\.3"):
        back(origin, codebook_versions.restore, "2.3")


def test_what_the_other_side_moved_and_added_is_found_again(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    edit(origin, codebooks.move, "reach", "cost")
    edit(origin, codebooks.split, "cost/dear", {"dearer": "", "dearest": ""})
    work(origin, [("ben", "toggle", "r2", 3)])
    put = counted(origin)
    edit(copy, codebooks.redefine, "cost", {"name": "Money"})
    both_ways(origin, copy)
    assert codes(origin)["cost/dearer"].is_retired
    assert back(origin, codebook_versions.restore, "3.2")
    assert counted(origin) == put
    assert not codes(origin)["cost/dearer"].is_retired
    assert codes(origin)["cost/reach"].name == "Wider reach"


def test_a_code_that_is_only_kept_can_be_merged_away(origin: Path) -> None:
    copy = copy_of(origin, "copy")
    apply_book(origin, BOOK + "  - key: mine\n    name: Mine\n")
    work(origin, [("ben", "toggle", "r2", 6)])
    apply_book(copy, BOOK + "  - key: yours\n    name: Yours\n")
    assert any(
        "the code mine is not in the version that stands" in t for t in both_ways(origin, copy)
    )
    edit(origin, codebooks.merge, "mine", "yours")
    assert ("ben", "yours") in counted(origin)
    assert versions(origin)[-2:] == [("2", ("added mine",)), ("3", ("merged mine into yours",))]


def dealt_with(study: Path) -> list[Any]:
    with Study.open(study, readonly=True) as opened:
        return opened.database.rows("SELECT coder, reviewer, note FROM v_review ORDER BY 1")


def settle(study: Path, coder: str, by: str, note: str) -> None:
    with Study.open(study) as opened:
        (item,) = (i for i in review.items(opened.database) if i.marked.coder == coder)
        review.settle(opened.database, item.marked.id, by, note)


def test_what_was_dealt_with_on_both_sides_stands_as_it_was_last(origin: Path) -> None:
    work(origin, [("ana", "memo", "r1", 1), ("ben", "flag", "r1", 0)])
    copy = copy_of(origin, "copy")
    settle(origin, "ana", "Ada", "first")
    settle(origin, "ben", "Ada", "so")
    settle(copy, "ana", "Bo", "later")
    (told,) = both_ways(origin, copy)
    assert told.startswith(
        "review: what ana noted on r1, why was dealt with on both sides; what Bo"
    )
    assert dealt_with(origin) == [("ana", "Bo", "later"), ("ben", "Ada", "so")]
    with Study.open(origin) as opened:
        assert opened.undo("Bo")
        assert opened.undo("Ada")
    assert errors(origin) == []
    assert dealt_with(origin) == []


def test_the_command_names_the_versions_of_both_sides(
    origin: Path, qualcode: Callable[..., Done]
) -> None:
    apart(origin)
    done = qualcode("codebook", "versions", origin)
    assert [line.split()[0] for line in done.out.splitlines()[-3:]] == ["1", "2.2", "2"]
    assert "of a copy that was merged" in done.err
    names = [each["name"] for each in qualcode("codebook", "versions", origin, "--json").json]
    assert names == ["1", "2.2", "2"]
    diff = qualcode("codebook", "diff", origin, "--from", "2.2", "--to", "2", "--json").json
    assert {each["code"] for each in diff} >= {"near", "far", "reach"}
    assert qualcode("codebook", "restore", origin, "2.2").code == 0
    assert "merged reach into cost" in qualcode("codebook", "versions", origin).out
    manual = origin.with_name("manual.md")
    assert qualcode("codebook", "manual", origin, manual).code == 0
    assert "brought back version 2.2" in manual.read_text("utf-8")
    refused = qualcode("codebook", "restore", origin, "9")
    assert (refused.code, "has no version 9" in refused.err) == (3, True)
