"""A codebook written as new text is the same codebook when it is read."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.codebooks import parse, render
from qualcode.codebooks.writing import scalar
from qualcode.model import CODE_STATUSES, Code, Codebook

texts = st.text(
    st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40
) | st.sampled_from(
    [
        "yes",
        "null",
        "~",
        "1.0",
        "010",
        "a: b",
        "a #b",
        "- a",
        "a\nb\n",
        "a\n\nb",
        " a\nb",
        "a,b?",
        "x\n\n",
        "a:",
        "#",
        "\ufeffx\ny",
    ]
)
lists = st.lists(texts, max_size=3).map(tuple)
keys = st.text("ab-_0", min_size=1, max_size=5) | st.sampled_from(["null", "no", "-", "1e5", "---"])


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    letters = iter("abcdefghijklmnopqrstuvwxyzäßΩ")

    def level(parent: str, depth: int) -> list[Code]:
        codes: list[Code] = []
        for key in draw(st.lists(keys, max_size=3, unique=True)):
            path = f"{parent}/{key}" if parent else key
            code = Code(
                path,
                draw(texts),
                hotkey=next(letters, "") if draw(st.booleans()) else "",
                definition=draw(texts | st.just("")),
                include=draw(lists),
                keywords=draw(lists),
                is_exclusive=draw(st.booleans()),
                status=draw(st.sampled_from(["", *CODE_STATUSES])),
                is_retired=draw(st.booleans()),
            )
            codes += [code, *(level(path, depth + 1) if depth < 2 else [])]
        return codes

    name = draw(texts.filter(str.strip))
    return Codebook(name, draw(st.integers(1, 999)), tuple(level("", 0)), draw(lists))


@given(codebooks())
@settings(deadline=None, max_examples=150)
def test_what_is_rendered_is_read_back(book: Codebook) -> None:
    assert parse(render(book)) == book


@given(texts)
def test_other_readers_of_yaml_take_every_scalar_as_text(text: str) -> None:
    assert yaml.safe_load(f"- {scalar(text)}\n") == [text]
    assert yaml.safe_load(f"[{scalar(text, in_list=True)}]") == [text]


def test_the_text_is_pleasant_to_read() -> None:
    book = Codebook(
        "Technology",
        2,
        (
            Code("pool", "Larger pool", "n", "Wider, with: care\nand reach\n", ("a b", "c, d")),
            Code("pool/cost", "Cost", keywords=("word " * 30, "x")),
            Code("none", "Nothing", is_exclusive=True, status="refused", is_retired=True),
        ),
        ("Q1",),
    )
    assert (
        render(book)
        == f"""\
codebook: Technology
version: 2
questions: [Q1]
codes:
  - key: pool
    name: Larger pool
    hotkey: "n"
    definition: |
      Wider, with: care
      and reach
    include: [a b, "c, d"]
    children:
      - key: cost
        name: Cost
        keywords:
          - "{"word " * 30}"
          - x
  - key: none
    name: Nothing
    exclusive: true
    status: refused
    retired: true
"""
    )


def test_an_empty_codebook_is_rendered() -> None:
    assert render(Codebook("B", 1, ())) == "codebook: B\nversion: 1\ncodes: []\n"


def test_a_code_without_its_parent_is_a_bug() -> None:
    with pytest.raises(ValueError, match="without a parent"):
        render(Codebook("B", 1, (Code("a/b", "B"),)))


def test_yaml_is_imported_only_when_a_codebook_is_read() -> None:
    program = "import qualcode.codebooks, sys; print('yaml' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
