"""An edit changes what it is about, and leaves every other line as it was."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.codebooks import move, parse, rename, retire
from qualcode.errors import Conflict, InputError, NotFound

from .books import Book, books

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.model import Code, Codebook

EXAMPLES = 60

lenient = settings(
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass
class Tree:
    """The codes as a tree: what an edit means, said in another way than the code does."""

    code: Code | None = None
    children: dict[str, Tree] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Codebook) -> Tree:
        root = cls()
        for code in book:
            root.at(code.parent).children[code.key] = cls(code)
        return root

    def at(self, path: str) -> Tree:
        return self if not path else self._down(path.split("/"))

    def _down(self, keys: list[str]) -> Tree:
        return self.children[keys[0]]._down(keys[1:]) if keys else self

    def codes(self, path: str = "") -> Iterator[Code]:
        for key, child in self.children.items():
            below = f"{path}/{key}" if path else key
            assert child.code is not None
            yield replace(child.code, path=below)
            yield from child.codes(below)


def raised(book: Codebook, tree: Tree) -> Codebook:
    return replace(book, version=book.version + 1, codes=tuple(tree.codes()))


def lines_of(text: str) -> list[str]:
    """Return the lines, without those that any edit may touch."""
    return [
        line
        for line in text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        if not line.strip("\ufeff ").startswith(("version:", "children:", "- children:"))
    ]


@given(books())
@lenient
def test_generated_books_are_read(book: Book) -> None:
    assert parse(book.text) == book.codebook


@given(books(), st.data())
@lenient
def test_a_renamed_code_has_another_key_and_nothing_else_changes(
    book: Book, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(book.paths))
    result = rename(book.text, path, "new-key")
    tree = Tree.of(book.codebook)
    parent, _, key = path.rpartition("/")
    above = tree.at(parent)
    above.children = {
        ("new-key" if old == key else old): child for old, child in above.children.items()
    }
    renamed = above.children["new-key"]
    assert renamed.code is not None
    if path in book.unnamed:
        renamed.code = replace(renamed.code, name="New key")
    assert parse(result) == raised(book.codebook, tree)
    assert result.count("\r") == (result.count("\n") if book.newline == "\r\n" else 0)
    before, after = lines_of(book.text), lines_of(result)
    assert len(before) == len(after)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0][0].replace(key, "new-key", 1) == changed[0][1] or key == "yes"


@given(books(), st.data())
@lenient
def test_a_retired_code_says_so_and_nothing_else_changes(book: Book, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(book.paths))
    result = retire(book.text, path)
    tree = Tree.of(book.codebook)
    code = tree.at(path).code
    assert code is not None
    tree.at(path).code = replace(code, is_retired=True)
    assert parse(result) == raised(book.codebook, tree)
    assert result.count("\r") == (result.count("\n") if book.newline == "\r\n" else 0)
    after = lines_of(result)
    changed = [line for line in after if line not in lines_of(book.text)]
    assert [line for line in changed if "retired: true" not in line and line.strip()] == []
    kept = [line for line in after if "retired: true" not in line]
    was = [line for line in lines_of(book.text) if line in after]
    assert kept == was
    assert len(lines_of(book.text)) - len(was) <= 1
    assert retire(result, path) == result


@given(books(), st.data())
@lenient
def test_a_moved_code_takes_its_lines_along_and_no_other_line_changes(
    book: Book, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(book.paths))
    parent = data.draw(st.sampled_from(["", *book.paths]))
    tree = Tree.of(book.codebook)
    old_parent, _, key = path.rpartition("/")
    is_free = parent == old_parent or key not in tree.at(parent).children
    if f"{parent}/".startswith(f"{path}/") or not is_free:
        with pytest.raises(Conflict):
            move(book.text, path, parent)
        return
    if parent in book.flow:
        with pytest.raises(InputError, match="in place"):
            move(book.text, path, parent)
        return
    result = move(book.text, path, parent)
    moved = tree.at(old_parent).children.pop(key)
    tree.at(parent).children[key] = moved
    assert parse(result) == raised(book.codebook, tree)
    assert result.count("\r") == (result.count("\n") if book.newline == "\r\n" else 0)
    own = book.lines[path]
    before, after = lines_of(book.text), lines_of(result)
    rest = [line for line in before if line.strip() not in own]
    assert rest == [line for line in after if line.strip() not in own]
    if not book.text.endswith("\n"):
        result += book.newline
    stripped = [line.strip() for line in result.split("\n")]
    where = range(len(stripped) - len(own) + 1)
    assert any(stripped[start : start + len(own)] == own for start in where)


@given(books(), st.data())
@lenient
def test_a_chain_of_edits_ends_where_it_should(book: Book, data: st.DataObject) -> None:
    text = book.text
    for step in range(4):
        paths = [code.path for code in parse(text)]
        path = data.draw(st.sampled_from(paths))
        try:
            act = data.draw(st.sampled_from(["rename", "move", "retire"]))
            if act == "rename":
                text = rename(text, path, f"n{step}")
            elif act == "move":
                text = move(text, path, data.draw(st.sampled_from(["", *paths])))
            else:
                text = retire(text, path)
        except Conflict:
            continue
        except InputError:
            assert book.flow
    comments = [line.strip() for line in book.text.split("\n") if line.strip().startswith("# ")]
    kept = [line.strip() for line in text.split("\n")]
    assert all(comment in kept for comment in comments)


BOOK = """\
# ours
codebook: Technology   # the study
version: 3
codes:
  # how they reach people
  - key: pool   # stable
    name: Larger pool

    definition: |
      Wider
        # not a comment

  # what it costs
  - key: cost
    children:
      - key: ads
        # about ads
      - {key: "time", name: Time}
  - key: other   # the rest
"""


def test_a_rename_touches_two_lines() -> None:
    expected = BOOK.replace("key: cost", "key: price").replace("version: 3", "version: 4")
    assert rename(BOOK, "cost", "price") == expected
    expected = BOOK.replace('"time"', '"hours"').replace("version: 3", "version: 4")
    assert rename(BOOK, "cost/time", "hours") == expected


def test_a_key_that_yaml_might_misread_is_quoted() -> None:
    assert 'key: "null"  # the rest'.replace("  #", "   #") in rename(BOOK, "other", "null")
    assert 'key: "-"   # the rest' in rename(BOOK, "other", "-")


def test_a_move_brings_the_comments_and_the_right_indent() -> None:
    assert (
        move(BOOK, "pool", "cost")
        == """\
# ours
codebook: Technology   # the study
version: 4
codes:

  # what it costs
  - key: cost
    children:
      - key: ads
        # about ads
      - {key: "time", name: Time}
      # how they reach people
      - key: pool   # stable
        name: Larger pool

        definition: |
          Wider
            # not a comment
  - key: other   # the rest
"""
    )


def test_a_move_makes_and_empties_lists_of_children() -> None:
    once = move(BOOK, "cost/ads", "other")
    twice = move(once, "cost/time", "other/ads")
    assert twice.endswith("""\
  # what it costs
  - key: cost
    children: []
  - key: other   # the rest
    children:
      - key: ads
        # about ads
        children:
          - {key: "time", name: Time}
""")
    back = move(twice, "other/ads/time", "cost")
    assert '    children:\n      - {key: "time", name: Time}\n  - key: other' in back


def test_a_move_within_a_list_goes_to_its_end() -> None:
    text = move(BOOK, "pool", "")
    assert [code.path for code in parse(text)] == ["cost", "cost/ads", "cost/time", "other", "pool"]
    assert text.endswith(
        "  - key: other   # the rest\n" + BOOK[BOOK.index("  # how") : BOOK.index("\n  # what")]
    )


def test_a_retired_code_in_braces_stays_in_braces() -> None:
    expected = '{key: "time", retired: true, name: Time}'
    assert retire(BOOK, "cost/time") == BOOK.replace('{key: "time", name: Time}', expected).replace(
        "version: 3", "version: 4"
    )


def test_a_whole_book_in_braces_is_edited() -> None:
    text = "{codebook: B, codes: [{key: a, children: [{key: b}]}, {key: c, retired: false}]}"
    assert rename(text, "a/b", "d") == text.replace("{key: b}", "{key: d}").replace(
        "codebook: B,", "codebook: B, version: 2,"
    )
    assert "{key: c, retired: true}" in retire(text, "c")
    with pytest.raises(InputError, match="in place") as error:
        move(text, "c", "a")
    assert error.value.hint


def test_a_missing_version_was_one_and_becomes_two() -> None:
    text = "codebook: B # named\ncodes:\n- key: a"
    assert (
        retire(text, "a") == "codebook: B # named\nversion: 2\ncodes:\n- key: a\n  retired: true\n"
    )


def test_an_edit_that_changes_nothing_gives_the_same_text() -> None:
    assert rename(BOOK, "cost", "cost") == BOOK
    retired = retire(BOOK, "cost")
    assert retire(retired, "cost") == retired


def test_a_layout_that_an_edit_would_change_beyond_itself_is_refused() -> None:
    text = "codebook: B\ncodes:\n- key: a\n- key: b\n  definition: |\n    no newline at the end"
    with pytest.raises(InputError, match="in place") as error:
        move(text, "a", "")
    assert "editor" in error.value.hint


@pytest.mark.parametrize("path", ["cots", "ads", "cost/", "", "cost/ads/x"])
def test_an_unknown_code_is_not_found(path: str) -> None:
    for edit in (
        lambda: rename(BOOK, path, "x"),
        lambda: retire(BOOK, path),
        lambda: move(BOOK, path, ""),
    ):
        with pytest.raises(NotFound):
            edit()


def test_an_unknown_parent_is_not_found_and_the_nearest_is_named() -> None:
    with pytest.raises(NotFound) as error:
        move(BOOK, "pool", "cosst")
    assert "cost" in error.value.hint


def test_a_taken_key_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="“pool”"):
        rename(BOOK, "cost", "pool")
    text = rename(BOOK, "cost/ads", "pool")
    with pytest.raises(Conflict, match="“pool”"):
        move(text, "cost/pool", "")


@pytest.mark.parametrize("parent", ["cost", "cost/ads"])
def test_a_code_is_not_moved_below_itself(parent: str) -> None:
    with pytest.raises(Conflict, match="below itself"):
        move(BOOK, "cost", parent)


@pytest.mark.parametrize("key", ["", "a b", "a/b", "é", "x" * 65, "a\n"])
def test_a_new_key_is_checked(key: str) -> None:
    with pytest.raises(InputError, match="key"):
        rename(BOOK, "cost", key)


def test_a_move_does_not_go_too_deep() -> None:
    lines = ["codebook: B", "codes:", "- key: z", "  children: [{key: y}]"]
    for level in range(19):
        lines += ["  " * level + "- key: a", "  " * level + "  children:"]
    deepest = "/".join("a" * 18)
    assert parse(move("\n".join(lines), "z", deepest))
    with pytest.raises(InputError, match="20 levels"):
        move("\n".join(lines), "z", deepest + "/a")
