"""A redacted quote is verbatim outside its brackets, and its log gives nothing away."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InputError
from qualcode.quotes import (
    Found,
    Removal,
    Replacement,
    as_text,
    from_text,
    log_of,
    redacted,
    suggested,
)

if TYPE_CHECKING:
    import random

LABELS = ["[…]", "[a county]", "[name]", "[e-mail]"]


@st.composite
def replaced(draw: st.DrawFn) -> tuple[str, list[Replacement]]:
    """A text of capitals and signs, which no label holds, and replacements in it."""
    text = draw(st.text(st.sampled_from("XYZ .,!\n😀é\u0301"), min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Replacement(*span, draw(st.sampled_from(LABELS))) for span in spans]


@given(replaced(), st.randoms())
def test_what_is_outside_the_replacements_is_verbatim(
    made: tuple[str, list[Replacement]], chance: random.Random
) -> None:
    text, replacements = made
    shuffled = list(replacements)
    chance.shuffle(shuffled)
    printed = redacted(text, shuffled)
    at = 0
    for one in replacements:
        kept = text[at : one.start] + one.text
        assert printed.startswith(kept)
        printed = printed[len(kept) :]
        at = one.end
    assert printed == text[at:]


@given(st.text())
def test_no_replacement_changes_nothing(text: str) -> None:
    assert redacted(text, []) == text
    assert log_of(text, []) == ()


@given(replaced())
def test_the_log_is_the_same_whatever_was_removed(made: tuple[str, list[Replacement]]) -> None:
    text, replacements = made
    other = list(text)
    for one in replacements:
        other[one.start : one.end] = "Q" * (one.end - one.start)
    assert log_of(text, replacements) == log_of("".join(other), replacements)
    assert {name for row in log_of(text, replacements) for name in asdict(row)} <= {
        "start",
        "end",
        "replacement",
        "length",
    }


def test_the_log_says_where_what_and_how_much() -> None:
    assert log_of("ask Maria Lopez", [Replacement(4, 15, "[name]")]) == (
        Removal(4, 15, "[name]", 11),
    )


@given(st.lists(st.builds(Replacement, st.integers(), st.integers(), st.text(st.characters()))))
def test_stored_replacements_come_back_exactly(replacements: list[Replacement]) -> None:
    assert from_text(as_text(replacements)) == tuple(replacements)


@pytest.mark.parametrize(
    ("start", "end", "text", "words"),
    [
        (-1, 3, "[name]", "not inside"),
        (0, 99, "[name]", "not inside"),
        (3, 2, "[name]", "not inside"),
        (3, 3, "[name]", "replaces nothing"),
        (0, 3, "name", "square brackets"),
        (0, 3, "[na[me]", "square brackets"),
        (0, 3, "[na\nme]", "square brackets"),
        (0, 3, "[na\u2028me]", "square brackets"),
        (0, 3, "[a] and [b]", "square brackets"),
        (0, 3, "[ ]", "square brackets"),
        (0, 3, "[]", "square brackets"),
        (0, 3, "", "square brackets"),
        (4, 9, "[MARIA]", "says what it hides"),
        (4, 9, "[a Mária]", "says what it hides"),
    ],
)
def test_a_replacement_that_cannot_be_printed_is_refused_in_one_line(
    start: int, end: int, text: str, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        redacted("ask Maria", [Replacement(start, end, text)])
    assert "\n" not in caught.value.message
    assert "Maria" not in caught.value.message


def test_replacements_may_touch_and_not_overlap() -> None:
    assert redacted("MariaLopez", [Replacement(5, 10, "[b]"), Replacement(0, 5, "[a]")]) == "[a][b]"
    with pytest.raises(InputError, match="overlaps"):
        redacted("MariaLopez", [Replacement(0, 6, "[a]"), Replacement(5, 10, "[b]")])


@pytest.mark.parametrize(
    "text",
    ["", "{", "{}", "1", "[1]", "[[1, 2]]", '[["1", 2, "[a]"]]', '[[true, 2, "[a]"]]', "[" * 99_999,
     "[[1, 2, 3]]", '[[1.0, 2, "[a]"]]'],
)  # fmt: skip
def test_anything_else_than_stored_replacements_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="replacement"):
        from_text(text)


@pytest.mark.parametrize(
    ("kind", "replacement"),
    [
        ("name", "[name]"),
        ("name?", "[name]"),
        ("mail", "[e-mail]"),
        ("place?", "[place]"),
        ("case [number]", "[case number]"),
        ("a\nb", "[a b]"),
        ("?", "[…]"),
        ("x" * 99, "[…]"),
    ],
)
def test_a_replacement_is_suggested_for_every_kind(kind: str, replacement: str) -> None:
    assert suggested(Found(0, 1, kind, "")) == replacement


def test_stored_replacements_are_plain_json() -> None:
    assert json.loads(as_text([Replacement(0, 5, "[…]")])) == [[0, 5, "[…]"]]
