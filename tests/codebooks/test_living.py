"""Merge, split, redefine and keep: only the lines they are about change, and faults are named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codebooks.books import books
from qualcode import codebooks
from qualcode.errors import Conflict, InputError, NotFound, QualcodeError
from studies import BOOK

if TYPE_CHECKING:
    from collections.abc import Callable

    from codebooks.books import Book


def codes(text: str) -> dict[str, object]:
    return {code.path: code for code in codebooks.parse(text)}


def others(text: str, *changed: str) -> list[str]:
    """The lines of a text without those about the number and of the words given."""
    return [
        line
        for line in text.splitlines()
        if not line.strip().startswith(("version:", "retired:", *changed))
    ]


def test_a_merge_writes_where_the_code_went_and_nothing_else() -> None:
    text = codebooks.merge(BOOK, "reach", "cost")
    assert text == BOOK.replace("version: 1", "version: 2").replace(
        "  - key: reach\n", "  - key: reach\n    merged_into: cost\n    retired: true\n"
    )
    assert codebooks.parse(codebooks.render(codebooks.parse(text))) == codebooks.parse(text)


def test_the_codes_below_a_merged_one_move_along() -> None:
    text = codebooks.merge(BOOK, "cost", "reach")
    assert list(codes(text)) == [
        "reach",
        "reach/cheap",
        "reach/dear",
        "cost",
        "nothing",
        "uncodable",
    ]
    assert codebooks.parse(text).version == 2


@pytest.mark.parametrize(
    ("path", "into", "words"),
    [
        ("reach", "reach", "into itself"),
        ("cost", "cost/cheap", "below it"),
        ("reach", "nothing", "an exclusive theme"),
        ("reach", "uncodable", "the status uncodable"),
        ("nothing", "uncodable", "cannot count as one"),
    ],
)
def test_what_cannot_count_as_one_is_not_merged(path: str, into: str, words: str) -> None:
    with pytest.raises(Conflict, match=words):
        codebooks.merge(BOOK, path, into)


def test_a_merged_code_is_not_merged_again_and_a_retired_one_takes_none() -> None:
    text = codebooks.merge(BOOK, "reach", "cost")
    with pytest.raises(Conflict, match="is merged into “cost” already"):
        codebooks.merge(text, "reach", "cost/cheap")
    with pytest.raises(Conflict, match="“reach” is retired"):
        codebooks.merge(text, "cost/dear", "reach")
    with pytest.raises(NotFound, match="no code “coast”"):
        codebooks.merge(BOOK, "reach", "coast")


def test_a_link_follows_what_it_leads_to() -> None:
    text = codebooks.merge(BOOK, "reach", "cost/cheap")
    text = codebooks.split(text, "cost/dear", {"very": "", "rather": ""})
    text = codebooks.rename(text, "cost", "money")
    assert "merged_into: money/cheap" in text
    assert "split_into: [money/very, money/rather]" in text
    text = codebooks.move(text, "money/cheap", "")
    assert "merged_into: cheap" in text


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("merged_into: coast", "row 7: `merged_into`: there is no code “coast”"),
        ("merged_into: reach", "row 7: “reach” cannot be merged into itself"),
        ("merged_into: nothing", "row 7: .*cannot count as one"),
        ("split_into: [coast, cost]", "row 7: `split_into`: there is no code “coast”"),
        ("split_into: [reach, cost]", "row 7: a code cannot be split into itself"),
        ("split_into: cost\n    merged_into: cost", "row 5: .*not both"),
        ("merged_into: [cost]", "row 7: `merged_into` is a text"),
    ],
)
def test_a_wrong_link_is_an_error_that_names_its_line(entry: str, words: str) -> None:
    text = BOOK.replace("    hotkey: r\n", f"    {entry}\n")
    with pytest.raises(InputError, match=words):
        codebooks.parse(text)


def test_a_ring_is_an_error() -> None:
    text = BOOK.replace("hotkey: r", "merged_into: cost").replace(
        "    name: Costs\n", "    name: Costs\n    merged_into: reach\n"
    )
    with pytest.raises(InputError, match="leads in a ring"):
        codebooks.parse(text)


def test_a_split_puts_codes_of_its_kind_beside_it() -> None:
    text = codebooks.split(BOOK, "cost/dear", {"very": "Very dear", "rather": ""})
    found = codebooks.parse(text).by_path()
    assert list(found) == [
        "reach",
        "cost",
        "cost/cheap",
        "cost/dear",
        "cost/very",
        "cost/rather",
        "nothing",
        "uncodable",
    ]
    assert found["cost/dear"].split_into == ("cost/very", "cost/rather")
    assert found["cost/dear"].is_retired
    assert (found["cost/very"].name, found["cost/rather"].name) == ("Very dear", "Rather")
    lines = others(
        text, "split_into:", "- key: very", "- key: rather", "name: Very", "name: Rather"
    )
    assert lines == others(BOOK)
    status = codebooks.parse(codebooks.split(BOOK, "uncodable", {"a": "", "b": ""})).by_path()
    assert status["a"].status == status["b"].status == "uncodable"


@pytest.mark.parametrize(
    ("new", "error", "words"),
    [
        (["one"], InputError, "two or more"),
        (["a b", "c"], InputError, "is no key"),
        (["cheap", "c"], Conflict, "there is a code “cost/cheap” already"),
    ],
)
def test_a_split_that_cannot_be_is_refused(
    new: list[str], error: type[QualcodeError], words: str
) -> None:
    with pytest.raises(error, match=words):
        codebooks.split(BOOK, "cost/dear", dict.fromkeys(new, ""))


HOSTILE = [
    "",
    "yes",
    "- a",
    "a: b # c",
    "“x” 'y' \"z\"",
    "two\nlines\n",
    "\u202e\x07",
    "{a}",
    "[b]",
]


@given(name=st.sampled_from(HOSTILE), definition=st.sampled_from(HOSTILE), book=books())
def test_redefining_changes_one_code_and_no_other_line(
    name: str, definition: str, book: Book
) -> None:
    path = book.paths[-1]
    changes = {"name": name, "definition": definition, "include": ("a, b", "c: d")}
    try:
        text = codebooks.redefine(book.text, path, changes)
    except InputError:
        assume(False)
        return
    new = codebooks.parse(text).by_path()
    old = codebooks.parse(book.text).by_path()
    assert new[path].definition == definition
    assert new[path].include == ("a, b", "c: d")
    assert {p: c for p, c in new.items() if p != path} == {
        p: c for p, c in old.items() if p != path
    }
    assert codebooks.redefine(text, path, changes if name else {}) == text


@given(book=books(), data=st.data())
def test_any_codebook_is_merged_and_split_by_its_lines_alone(
    book: Book, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(book.paths))
    into = data.draw(st.sampled_from(book.paths))
    edits: list[Callable[[str], str]] = [
        lambda text: codebooks.merge(text, path, into),
        lambda text: codebooks.split(text, path, {"new-1": "", "new-2": "yes: no"}),
    ]
    for edit in edits:
        try:
            text = edit(book.text)
        except QualcodeError:
            continue
        found, old = codebooks.parse(text), codebooks.parse(book.text)
        assert found.version == old.version + 1
        code = found.by_path()[path]
        assert code.is_retired
        plain = replace(code, is_retired=False, merged_into="", split_into=())
        assert plain == replace(old.by_path()[path], is_retired=False)
        mine = [line.strip() for line in text.splitlines()]
        for line in book.text.splitlines():
            if not any(word in line for word in ("version", "retired", "children", "{")):
                assert any(line.strip()[:30] in each for each in mine), line


@given(book=books())
def test_codes_are_kept_under_a_free_key(book: Book) -> None:
    old = codebooks.parse(book.text)
    wanted = [old.codes[0], old.codes[-1]]
    try:
        text, paths = codebooks.kept(book.text, wanted)
    except InputError:
        assume(False)
        return
    found = codebooks.parse(text).by_path()
    assert codebooks.parse(text).version == old.version
    assert set(old.by_path()) <= set(found)
    for code in wanted:
        assert paths[code.path] not in old.by_path()
        assert found[paths[code.path]].name == code.name
        assert found[paths[code.path]].is_retired


def test_a_version_is_told_in_words() -> None:
    def words(text: str) -> tuple[str, ...]:
        return codebooks.told(codebooks.diff(codebooks.parse(BOOK), codebooks.parse(text)))

    assert words(codebooks.merge(BOOK, "reach", "cost")) == ("merged reach into cost",)
    split = codebooks.split(BOOK, "reach", {"near": "", "far": ""})
    assert words(split) == ("split reach into near, far",)
    assert words(codebooks.retire(BOOK, "reach")) == ("retired reach",)
    assert words(codebooks.redefine(BOOK, "reach", {"name": "Range"})) == ("changed name of reach",)
    assert words(codebooks.move(BOOK, "cost/dear", "")) == ("moved cost/dear to dear",)
