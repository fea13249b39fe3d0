"""What is said about two codebooks."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.codebooks import CodebookChange, diff, move, parse, rename, retire
from qualcode.errors import QualcodeError
from qualcode.model import Code, Codebook

from .books import Book, books

OLD = Codebook(
    "B",
    1,
    (
        Code("a", "A", hotkey="a", definition="old", include=("x", "y")),
        Code("b", "B"),
        Code("b/c", "C"),
        Code("b/other", "Other"),
        Code("other", "Other"),
    ),
)


def having(*codes: Code) -> Codebook:
    return replace(OLD, codes=codes)


def test_the_same_codebook_has_no_changes() -> None:
    assert diff(OLD, replace(OLD, id=7)) == ()


def test_added_and_removed_codes_are_told() -> None:
    new = having(*OLD.codes[1:], Code("z", "Z"))
    assert diff(OLD, new) == (
        CodebookChange("added", "z", "name", "", "Z"),
        CodebookChange("removed", "a", "name", "A", ""),
    )


def test_changed_fields_are_told_in_the_words_of_the_file() -> None:
    first = replace(
        OLD.codes[0], definition="new", include=("x",), is_exclusive=True, is_retired=True
    )
    assert diff(OLD, having(first, *OLD.codes[1:])) == (
        CodebookChange("changed", "a", "definition", "old", "new"),
        CodebookChange("changed", "a", "include", "x; y", "x"),
        CodebookChange("changed", "a", "exclusive", "false", "true"),
        CodebookChange("changed", "a", "retired", "false", "true"),
    )


def test_a_code_with_a_unique_key_is_moved() -> None:
    a, b, c, other, top = OLD.codes
    new = having(a, b, other, top, replace(c, path="c", name="See"))
    assert diff(OLD, new) == (
        CodebookChange("moved", "c", "path", "b/c", "c"),
        CodebookChange("changed", "c", "name", "C", "See"),
    )


def test_children_go_with_their_parent_even_where_their_key_is_not_unique() -> None:
    a, b, c, other, top = OLD.codes
    new = having(
        a,
        replace(b, path="a/b"),
        replace(c, path="a/b/c"),
        replace(other, path="a/b/other"),
        top,
    )
    assert [(change.kind, change.before, change.after) for change in diff(OLD, new)] == [
        ("moved", "b", "a/b"),
        ("moved", "b/c", "a/b/c"),
        ("moved", "b/other", "a/b/other"),
    ]


def test_a_key_that_is_not_unique_is_no_evidence_of_a_move() -> None:
    a, b, c, _, top = OLD.codes
    new = having(a, Code("a/other", "Other, too"), b, c, top)
    assert {change.kind for change in diff(OLD, new)} == {"added", "removed"}


def test_a_code_that_is_the_same_but_for_its_key_is_renamed() -> None:
    a, *rest = OLD.codes
    assert diff(OLD, having(replace(a, path="z"), *rest)) == (
        CodebookChange("renamed", "z", "path", "a", "z"),
    )
    changed = having(replace(a, path="z", name="Z"), *rest)
    assert {change.kind for change in diff(OLD, changed)} == {"added", "removed"}


def test_another_order_is_told() -> None:
    a, b, c, other, top = OLD.codes
    assert diff(OLD, having(b, other, c, a, top)) == (
        CodebookChange("changed", "", "order", "a; b; other", "b; a; other"),
        CodebookChange("changed", "b", "order", "c; other", "other; c"),
    )


def test_the_codebook_itself_can_change() -> None:
    new = replace(OLD, name="C", version=2, questions=("Q1", "Q2"))
    assert diff(OLD, new) == (
        CodebookChange("changed", "", "name", "B", "C"),
        CodebookChange("changed", "", "version", "1", "2"),
        CodebookChange("changed", "", "questions", "", "Q1; Q2"),
    )


@given(books(), st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_edit_shows_and_no_code_is_lost_or_invented(book: Book, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(book.paths))
    parent = data.draw(st.sampled_from(["", *book.paths]))
    edits = [
        lambda: rename(book.text, path, "new-key"),
        lambda: retire(book.text, path),
        lambda: move(book.text, path, parent),
    ]
    try:
        new = parse(data.draw(st.sampled_from(edits))())
    except QualcodeError:
        return
    changes = diff(book.codebook, new)
    assert changes
    kinds = [change.kind for change in changes]
    assert kinds.count("added") == kinds.count("removed")
    gone = {change.path for change in changes if change.kind == "removed"}
    moved = {change.before for change in changes if change.kind in {"moved", "renamed"}}
    here = {code.path for code in new}
    assert gone | moved >= {code.path for code in book.codebook} - here
