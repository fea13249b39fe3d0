from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.exporters.documents import FORMS, Document, Grid, Section, render

HOSTILE = 'a|b <script>alert(1)</script> [x](y) *z* `c` \x1b[31m \u202e & "q" \\ é'


def document(text: str) -> Document:
    grid = Grid(("code", "n"), ((text, "1,234"), ("b", "5")))
    return Document(text, (Section(text, (text,), grid, (text,)),))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("form", FORMS)
def test_text_from_elsewhere_cannot_steer_any_form(form: str) -> None:
    text = render(document(HOSTILE), form)

    assert "\x1b" not in text
    assert "\u202e" not in text


def test_html_shows_hostile_text_as_text() -> None:
    reader = _Reader()
    reader.feed(render(document(HOSTILE), "html"))

    assert "script" not in reader.tags
    assert any("<script>alert(1)</script>" in text for text in reader.texts)


def test_html_fetches_nothing() -> None:
    page = render(document("plain"), "html")

    assert "http" not in page
    assert "src=" not in page


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_markdown_row_keeps_its_cells(text: str) -> None:
    lines = render(document(text), "markdown").splitlines()
    rows = [line for line in lines if line.startswith("| ")]

    for row in rows:
        unescaped = row.replace("\\\\", "").replace("\\|", "")
        assert unescaped.count("|") == 3


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    shown = render(document("a code"), "text").splitlines()

    assert "a code  1,234" in shown
    assert "b           5" in shown
