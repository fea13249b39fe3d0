"""The rules about text hold for any text."""

from __future__ import annotations

import re
import sys
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qualcode.text import bare, clauses, is_blank, lettered, one_line, visible

ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()))
BIDI = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


def steers(character: str) -> bool:
    return (
        (unicodedata.category(character) == "Cc" and character not in "\n\t")
        or unicodedata.category(character) in {"Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(character) in BIDI
        or character in "\u061c\u200e\u200f\u206a\u206b\u206c\u206d\u206e\u206f"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\t", "\n\r\n", "-", " - ", ".", "NA", "na", "Na", "N/A", "n/a", " n/A\u00a0"),
        *("\u200b", "\ufeff", "\u2060\u200d", "\u00ad", "\u3164\u3164", "\u115f\u1160", "\uffa0"),
        *("\u3000", "\u200b-\u200b", "\ufeffna", "\x00", "\x1b", "\u202e.\u202c", "\u2800"),
    ],
)
def test_what_says_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["--", "..", "a", "0", "no", "none", "nan", "null", "?", "n a", "n.a.", "/", "\u0301x"]
)
def test_what_says_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)


def test_every_space_control_and_format_character_alone_is_blank_or_seen() -> None:
    drawn = {
        *range(0x0600, 0x0606),
        *(0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD),
        *range(0x13430, 0x13440),
        *range(0x1BCA0, 0x1BCA4),
    }
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)) in {"Cc", "Cf", "Zs", "Zl", "Zp"}:
            assert is_blank(chr(point)) != (point in drawn), hex(point)


def test_the_list_of_blanks_can_be_another() -> None:
    assert is_blank(" KEINE ", {"keine"})
    assert not is_blank("-", {"keine"})
    assert not is_blank("", {"keine"})


def test_a_long_run_of_spaces_costs_no_time() -> None:
    text = "a" + " \u200b" * 200_000 + "a"
    begun = time.perf_counter()
    assert not is_blank(text)
    assert time.perf_counter() - begun < 5.0


@given(ANY)
def test_bare_is_bare(text: str) -> None:
    assert bare(bare(text)) == bare(text)


@given(ANY)
def test_visible_keeps_the_length_and_lets_nothing_steer(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not any(map(steers, shown))
    assert visible(shown) == shown


def test_visible_changes_what_steers_and_nothing_else() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    shown = visible(everything)
    changed = [old for old, new in zip(everything, shown, strict=True) if old != new]
    assert changed == [character for character in everything if steers(character)]
    assert not any(map(steers, shown))


@given(ANY)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text)) == len(text)
    assert len(one_line(text).splitlines()) <= 1
    one_line(text).encode()


@given(ANY)
@example("training/funding, and then the people that we need. Yes! n/a – so – on\r\n\r\nend")
@example("one two three and four five six because seven eight nine")
def test_clauses_are_in_order_disjoint_trimmed_and_hold_every_word(text: str) -> None:
    end = 0
    covered = [False] * len(text)
    for start, stop in clauses(text):
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        covered[start:stop] = [True] * (stop - start)
        end = stop
    assert not [at for at in range(len(text)) if re.match(r"\w", text[at]) and not covered[at]]


def test_an_answer_falls_into_its_clauses() -> None:
    text = "Ads are cheap, and nobody is watching; training/funding (n/a). It is 3.5 miles"
    assert [text[start:end] for start, end in clauses(text)] == [
        *("Ads are cheap", "and nobody is watching", "training", "funding (n/a)"),
        "It is 3.5 miles",
    ]


def test_beyond_z_there_are_two_letters() -> None:
    letters = [lettered(number) for number in (0, 25, 26, 27, 51, 52, 701, 702)]
    assert letters == ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]
