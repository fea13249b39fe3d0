"""What a codebook file may say, and how a fault in it is told."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.codebooks import load, parse
from qualcode.errors import InputError, NotFound
from qualcode.model import Code, Codebook

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
codebook: Technology in investigations
version: 3
questions: [Q1, Q2]
codes:
  - key: larger-client-pool            # stable
    name: Larger client pool
    hotkey: l
    definition: Technology widens the pool of people whom an offender can reach.
    include: [more people can be reached, wider audience]
    exclude: [cheaper advertising – use marketing-ease]
    examples: [it simply reaches more people]
    keywords: [pool, reach, audience]
    children:
      - key: online
  - key: nothing
    name: Nothing to report
    exclusive: true
  - key: uncodable
    name: Cannot be coded
    status: uncodable
    retired: false
"""


def book(codes: str) -> str:
    return f"codebook: B\ncodes:\n{codes}"


def one(fields: str) -> Code:
    return parse(book(f"  - key: k\n    {fields}\n")).codes[0]


def test_the_codebook_of_the_contract_is_read() -> None:
    assert parse(CONTRACT) == Codebook(
        "Technology in investigations",
        3,
        (
            Code(
                "larger-client-pool",
                "Larger client pool",
                hotkey="l",
                definition="Technology widens the pool of people whom an offender can reach.",
                include=("more people can be reached", "wider audience"),
                exclude=("cheaper advertising – use marketing-ease",),
                examples=("it simply reaches more people",),
                keywords=("pool", "reach", "audience"),
            ),
            Code("larger-client-pool/online", "Online"),
            Code("nothing", "Nothing to report", is_exclusive=True),
            Code("uncodable", "Cannot be coded", status="uncodable"),
        ),
        ("Q1", "Q2"),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("hotkey: n", Code("k", "K", hotkey="n")),
        ("hotkey: é", Code("k", "K", hotkey="é")),
        ("name: yes", Code("k", "yes")),
        ("name: 1.0", Code("k", "1.0")),
        ("name: 2024-01-01", Code("k", "2024-01-01")),
        ("name: 0x10", Code("k", "0x10")),
        ("name: ''", Code("k", "K")),
        ("definition:", Code("k", "K")),
        ("definition: ~", Code("k", "K")),
        ("definition: null", Code("k", "K")),
        ("definition: 'null'", Code("k", "K", definition="null")),
        ("definition: |\n      a\n      b", Code("k", "K", definition="a\nb\n")),
        ("keywords:", Code("k", "K")),
        ("keywords: [no, 1, null]", Code("k", "K", keywords=("no", "1", "null"))),
        ("keywords:\n      - a\n      -\n", Code("k", "K", keywords=("a",))),
        ("keywords: pool", Code("k", "K", keywords=("pool",))),
        ("status:", Code("k", "K")),
        ("status: dont_know", Code("k", "K", status="dont_know")),
        ("exclusive: True", Code("k", "K", is_exclusive=True)),
        ("retired: true", Code("k", "K", is_retired=True)),
        ("children:", Code("k", "K")),
        ("children: []", Code("k", "K")),
    ],
)
def test_values_are_text_as_written_but_for_the_flags(fields: str, expected: Code) -> None:
    assert one(fields) == expected


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("010", "010"),
        ("larger-client_pool", "Larger client pool"),
        ("AI-use", "AI use"),
        ("yes", "Yes"),
        ('"-"', "-"),
    ],
)
def test_a_key_is_text_and_becomes_the_name_where_none_is(key: str, name: str) -> None:
    code = parse(book(f"  - key: {key}\n")).codes[0]
    assert (code.key, code.name) == (key.strip('"'), name)


def test_codes_come_with_their_paths_parents_first() -> None:
    text = book("- key: a\n  children:\n  - key: b\n    children: [{key: c}]\n- {key: b}\n")
    assert [code.path for code in parse(text)] == ["a", "a/b", "a/b/c", "b"]


@pytest.mark.parametrize("text", ["codebook: B\ncodes: []", "codebook: B\ncodes:\n"])
def test_a_codebook_may_begin_empty(text: str) -> None:
    assert parse(text) == Codebook("B", 1, ())


@pytest.mark.parametrize(
    "text",
    ["---\n{}\n", "---\n{}\n...\n", "\ufeff{}", "# top\n{}\n# end", "%YAML 1.1\n---\n{}\n"],
)
def test_what_surrounds_the_document_does_not_matter(text: str) -> None:
    assert parse(text.replace("{}", book("  - key: a"))) == parse(book("  - key: a"))


def test_line_ends_do_not_matter() -> None:
    assert parse(CONTRACT.replace("\n", "\r\n")) == parse(CONTRACT)
    assert parse(CONTRACT.replace("\n", "\r")) == parse(CONTRACT)


FAULTS = [
    ("", 1, "empty"),
    ("# only a comment\n", 1, "empty"),
    ("- a\n", 1, "list"),
    ("text", 1, "text"),
    ("codes: []\n", 1, "needs a name"),
    ("version: 1\ncodebook:\ncodes: []", 2, "needs a name"),
    ("codebook: B\n", 1, "needs `codes:`"),
    ("codebook: B\nversion: 0\ncodes: []", 2, "whole number"),
    ("codebook: B\nversion: 1.5\ncodes: []", 2, "whole number"),
    ("codebook: B\nversion: '1'\ncodes: []", 2, "whole number"),
    ("codebook: B\nversion: -1\ncodes: []", 2, "whole number"),
    ("codebook: B\nversion:\ncodes: []", 2, "whole number"),
    ("codebook: B\nversion: ９\ncodes: []", 2, "whole number"),
    ("codebook: B\nversion: [1]\ncodes: []", 2, "whole number"),
    ("codebook: B\nversion: " + "9" * 5000 + "\ncodes: []", 2, "whole number"),
    ("codebook: [B]\ncodes: []", 1, "list"),
    ("codebook: B\nquestions: {a: b}\ncodes: []", 2, "mapping"),
    ("codebook: B\nquestions: [[a]]\ncodes: []", 2, "list"),
    ("codebook: B\ncodes: a\n", 2, "list of codes"),
    ("codebook: B\ncodes: {key: a}\n", 2, "list of codes"),
    ("codebook: B\nauthor: me\ncodes: []", 2, "unknown key “author”"),
    ("codebook: B\ncodebook: C\ncodes: []", 2, "line 1"),
    (book("  - a\n"), 3, "text"),
    (book("  -\n"), 3, "text"),
    (book("  - name: A\n"), 3, "needs a key"),
    (book("  - name: A\n    key:\n"), 4, "needs a key"),
    (book("  - key: a b\n"), 3, "no key"),
    (book("  - key: a/b\n"), 3, "no key"),
    (book("  - key: é\n"), 3, "no key"),
    (book('  - key: "a\\n"\n'), 3, "no key"),
    (book("  - key: " + "a" * 65), 3, "at most 64"),
    (book("  - key: a\n  - key: b\n  - key: a\n"), 5, "line 3"),
    (book("  - key: a\n    key: b\n"), 4, "line 3"),
    (book("  - key: a\n    kee: b\n"), 4, "unknown key “kee”"),
    (book("  - key: a\n    hotkey: a\n  - key: b\n    hotkey: a\n"), 6, "line 4"),
    (book("  - key: a\n    hotkey: ab\n"), 4, "one letter"),
    (book("  - key: a\n    hotkey: 1\n"), 4, "one letter"),
    (book("  - key: a\n    hotkey: '.'\n"), 4, "one letter"),
    (book("  - key: a\n    hotkey: e\u0301\n"), 4, "one letter"),
    (book("  - key: a\n    status: unknown\n"), 4, "dont_know, refused, uncodable"),
    (book("  - key: a\n    exclusive: yes\n"), 4, "true or false"),
    (book("  - key: a\n    exclusive: 'true'\n"), 4, "true or false"),
    (book("  - key: a\n    retired:\n"), 4, "true or false"),
    (book("  - key: a\n    name: [a]\n"), 4, "list"),
    (book("  - key: a\n    include: [a: b]\n"), 4, "mapping"),
    (book("  - key: a\n    include:\n      - a\n      - b: c\n"), 6, "mapping"),
    (book("  - key: a\n    children: b\n"), 4, "list of codes"),
    (book("  - key: a\n   name: b\n"), 4, "not valid YAML"),
    (book("  - key: a\n\tname: b\n"), 4, "not valid YAML"),
    (book("  - key: a: b\n"), 3, "not valid YAML"),
    (book("  - key: 'a\n"), 4, "not valid YAML"),
    (book("  - key: a\n    name: \0\n"), 4, "U\\+0000"),
    (book("  - key: a\n    name: \ud800\n"), 4, "U\\+D800"),
    (book('  - key: a\n    name: "\\ud800"\n'), 4, "surrogate"),
    (book('  - key: a\n    name: "\\UFFFFFFFF"\n'), 4, "not valid YAML"),
    (book("  - key: a\n    children: &c []\n"), 4, "anchor"),
    (book("  - &a {key: a}\n  - *a\n"), 3, "anchor"),
    (book("  - *a\n"), 3, "alias"),
    (book("  - key: !!str a\n"), 3, "tag"),
    (book("  - key: ! a\n"), 3, "tag"),
    (book("  - !!python/object/apply:os.system [ls]\n"), 3, "tag"),
    (book("  - key: a\n    <<: {name: b}\n"), 4, "merge key"),
    (book("  - key: a\n    ? [b]\n    : c\n"), 4, "where a key"),
    (book("  - key: a\n") + "---\ncodebook: C\n", 4, "second document"),
    ("%YAML 1." + "9" * 5000 + "\n---\n", 1, "not valid YAML"),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_a_fault_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        parse(text, "book.yaml")
    assert (error.value.source, error.value.row) == ("book.yaml", line)
    assert "\n" not in error.value.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (book("  - key: a\n    hotky: b\n"), "hotkey"),
        (book("  - key: a\n    status: dontknow\n"), "dont_know"),
        ("codebok: B\ncodes: []", "codebook"),
        (book("  - key: a\n\tname: b\n"), "spaces"),
        (book("  - key: a\n    include: [ads: no]\n"), "quotes"),
    ],
)
def test_a_fault_comes_with_the_likely_cure(text: str, hint: str) -> None:
    with pytest.raises(InputError) as error:
        parse(text)
    assert hint in error.value.hint


@pytest.mark.parametrize(
    "sign", ["[", "{", "- ", "? ", "[{a: ", "!", "'", '"', "|", "a: ", "#", "-"]
)
def test_hostile_depth_is_refused_without_recursion(sign: str) -> None:
    with pytest.raises(InputError):
        parse(sign * 100_000)


def nested(levels: int) -> str:
    lines = ["codebook: B", "codes:"]
    for level in range(levels):
        lines.append("  " * level + "- key: a")
        lines.append("  " * level + "  children:")
    return "\n".join(lines)


def test_twenty_levels_are_read_and_more_are_not() -> None:
    assert len(parse(nested(20)).codes) == 20
    for levels in (21, 22, 500):
        with pytest.raises(InputError, match="20 levels"):
            parse(nested(levels))


def test_a_file_beyond_five_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text(CONTRACT + "#" * 5_000_000)
    with pytest.raises(InputError, match="5 MB"):
        load(path)
    with pytest.raises(InputError, match="5 MB"):
        parse(path.read_text())


@given(st.text(st.sampled_from("abk: -[]{},\n\t'\"|>&*!%?#~\\<0\r\ufeff"), max_size=60))
def test_any_text_is_a_codebook_or_an_input_error(text: str) -> None:
    for whole in (text, book(text), book("  - key: k\n    " + text)):
        with suppress(InputError):
            assert isinstance(parse(whole), Codebook)


@pytest.mark.parametrize("text", [CONTRACT, CONTRACT.replace("\n", "\r\n"), "\ufeff" + CONTRACT])
def test_a_file_is_loaded_exactly(text: str, tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes(text.encode())
    assert load(path) == (text, parse(CONTRACT))


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"b\.yaml"):
        load(tmp_path / "b.yaml")
    with pytest.raises(InputError):
        load(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_another_encoding_is_an_input_error(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes((CONTRACT + "# é\n").replace("–", "-").encode(encoding))
    with pytest.raises(InputError, match="not UTF-8") as error:
        load(path)
    assert error.value.source == str(path)
    assert error.value.row == (1 if encoding == "utf-16" else CONTRACT.count("\n") + 1)


def test_a_fault_in_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text("codebook: B\ncodes: x\n")
    with pytest.raises(InputError) as error:
        load(path)
    assert error.value.message.startswith(f"{path}, row 2: ")
