"""Wrapping and drawing by lines: exact to the cell, with offsets that stay true."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from qualcode.text import clauses, one_line
from qualcode.tui.answer import _styled
from qualcode.tui.lines import Lines, Wrapping, padded, paragraph, wrapped

WORDS = st.sampled_from(
    [
        *("word", "a", " ", "  ", "\n", "\r\n", "\r", "\t", "x" * 70, "é", "e\u0301", "漢字", "、"),
        *(
            "👩‍👩‍👧",
            "❤️",
            "☁\ufe0f",
            "🇩🇪",
            "👍🏽",
            "\u200d",
            "\ufe0f",
            "\u200b",
            "שלום",
            "\u202e",
            "\x1b[0m",
        ),
        *(". ", ", ", " and ", "\x00", "\x9b", "\u3000", "[/b]"),
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map("".join), st.text(max_size=120))


@given(TEXTS, st.integers(2, 60))
@example("", 10)
@example("❤️" * 20, 9)
@example("👩‍👩‍👧" * 20, 9)
@example("a" + "\u0301" * 500, 10)
def test_no_line_is_wider_than_the_pane(text: str, width: int) -> None:
    for start, end in wrapped(text, width):
        assert cell_len(one_line(text[start:end])) <= width


@given(TEXTS, st.integers(1, 60))
def test_lines_together_hold_everything_but_breaks(text: str, width: int) -> None:
    place = 0
    for start, end in wrapped(text, width):
        assert text[place:start] in ("", " ", "\n", "\r\n")
        assert start <= end
        place = end
    assert place == len(text)


@given(TEXTS, st.integers(1, 60))
def test_lines_worked_out_piece_by_piece_are_the_same(text: str, width: int) -> None:
    every = list(wrapped(text, width))
    wrapping = Wrapping(text, width)
    assert wrapping.count(2) == min(2, len(every))
    assert wrapping.lines(1, 3) == every[1:3]
    for offset in range(len(text) + 1):
        start, _ = every[Wrapping(text, width).line_of(offset)]
        assert start <= offset
    for number, (start, end) in enumerate(every):
        if start < end:
            assert wrapping.line_of(start) == number
    assert wrapping.lines(0, 10_000) == every


@given(TEXTS, st.integers(2, 40), st.data())
def test_a_clause_is_highlighted_on_its_own_characters(
    text: str, width: int, data: st.DataObject
) -> None:
    found = clauses(text)
    if not found:
        return
    clause = data.draw(st.sampled_from(found))
    shown = ""
    for start, end in wrapped(text, width):
        line = _styled(text, start, end, [(*clause, "picked")])
        assert "".join(piece for piece, _ in line) == text[start:end]
        shown += "".join(piece for piece, style in line if style == "picked")
    assert [c for c in shown if not c.isspace()] == [
        c for c in text[slice(*clause)] if not c.isspace()
    ]


class Bare(Lines):
    """A pane outside an application."""

    def __init__(self) -> None: ...

    def style_of(self, name: str) -> Style:
        return Style(bold=bool(name))


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["", "name"])), max_size=6), st.integers(1, 60))
def test_every_strip_is_exactly_as_wide_as_the_pane(
    line: list[tuple[str, str]], width: int
) -> None:
    strip = Bare()._strip(line, width)
    assert strip.cell_length == width
    assert sum(segment.cell_length for segment in strip) == width
    assert all(one_line(segment.text) == segment.text for segment in strip)


def test_a_line_that_is_too_long_ends_with_an_ellipsis() -> None:
    strip = Bare()._strip([("a long line of text", "")], 10)
    assert strip.text == "a long l… "
    assert Bare()._strip([("123456789", "")], 10).text == "123456789 "


@given(TEXTS, st.integers(0, 40))
def test_a_padded_text_is_exactly_as_wide(text: str, width: int) -> None:
    assert cell_len(padded(text, width)) == width


@example("\u200d\u200dword", 2, 1)
@example("\u200d\u200dword", 2, 2)
@given(TEXTS, st.integers(1, 40), st.integers(1, 4))
def test_a_paragraph_keeps_to_its_lines(text: str, width: int, most: int) -> None:
    lines = paragraph(text, width, "style", most=most)
    assert len(lines) <= most
    assert all(cell_len(piece) <= max(width, 2) for line in lines for piece, _ in line)


def test_words_are_kept_whole_where_they_fit() -> None:
    text = "the quick brown fox\r\njumped over supercalifragilistic dogs"
    assert [text[a:b] for a, b in wrapped(text, 10)] == [
        *("the quick", "brown fox", "jumped", "over", "supercalif", "ragilistic", "dogs"),
    ]
